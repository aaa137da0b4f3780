//! Why a change did not happen.

use crate::domain::fault::Fault;
use crate::domain::library::Subject;
use crate::domain::permission::Denied;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input breaks rules; every fault is listed with the item it belongs to.
    #[error("de invoer bevat {} fouten", .0.len())]
    Invalid(Vec<(Subject, Fault)>),
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A file may not be kept. In Dutch: a sentence without capital and full stop.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}
