//! What happens around a network: how far its members are with their figures, what each shares, and the end of a period.
//!
//! Invariant: a network somebody has nothing to do in is, for these pages, the same as one that does not exist.

use crate::domain::catalogue::Catalogue;
use crate::domain::network::Network;
use crate::domain::permission::{Action, may};

use super::Error;
use super::record::Act;

mod closing;
mod consent;
mod progress;

pub use closing::close;
pub use consent::{Agreement, agreement, may_share_for, share};
pub(super) use progress::members;
pub use progress::{MemberProgress, Progress, periods, progress};

/// The network of a slug, for who coordinates it.
fn coordinated<'a>(act: &Act<'_>, catalogue: &'a Catalogue, slug: &str) -> Result<&'a Network, Error> {
    let network = catalogue.network(slug).ok_or(Error::NotFound)?;
    may(act.actor, Action::Coordinate(slug)).map_err(|_| Error::NotFound)?;
    Ok(network)
}
