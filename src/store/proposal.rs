//! What every table of proposals has in common: how one ended.

use chrono::{DateTime, Utc};

use crate::domain::proposal::{Ended, Ending};

use super::{Result, corrupt};

/// The end of a proposal from its columns.
pub(super) fn ended(
    how: Option<&str>,
    by: Option<String>,
    at: Option<DateTime<Utc>>,
    reason: Option<String>,
) -> Result<Option<Ended>> {
    let (Some(word), Some(by), Some(at)) = (how, by, at) else { return Ok(None) };
    let how = Ending::parse(word).ok_or_else(|| corrupt("einde van een voorstel", word))?;
    Ok(Some(Ended { how, by, at, reason }))
}
