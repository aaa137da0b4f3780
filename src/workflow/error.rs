//! Why a change did not happen.

use crate::accounts;
use crate::domain::fault::Fault;
use crate::domain::library::Subject;
use crate::domain::permission::Denied;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input breaks rules; every fault is listed with the item it belongs to.
    #[error("de invoer bevat {} fouten", .0.len())]
    Invalid(Vec<(Subject, Fault)>),
    /// A form about an account breaks rules; each fault names its field.
    #[error("het formulier bevat {} fouten", .0.len())]
    Form(Vec<Fault>),
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such thing, or the actor may not know of it.
    #[error("niet gevonden")]
    NotFound,
    /// Too many tries; the next may be made after so many seconds.
    #[error("wacht {0} seconden")]
    Wait(i64),
    #[error(transparent)]
    Accounts(#[from] accounts::Error),
    /// A file may not be kept. In Dutch: a sentence without capital and full stop.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}
