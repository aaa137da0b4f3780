//! Why a change did not happen.

use crate::accounts;
use crate::domain::delivery_check::RowFault;
use crate::domain::draft::Draft;
use crate::domain::fault::{Fault, Place};
use crate::domain::library::Subject;
use crate::domain::permission::Denied;
use crate::store;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input breaks rules; every fault is listed with the item it belongs to.
    #[error("de invoer bevat {} fouten", .0.len())]
    Invalid(Vec<(Subject, Fault)>),
    /// Figures that are delivered have faults, row by row.
    #[error("de aanlevering bevat {} fouten", .0.len())]
    Figures(Vec<RowFault>),
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
    /// Somebody else changed the draft meanwhile; this is what stands now.
    #[error("iemand anders heeft dit intussen gewijzigd")]
    Conflict(Box<Draft>),
    /// The live document changed after the new version was begun.
    #[error("het gepubliceerde document is intussen gewijzigd")]
    Outdated,
    /// It cannot be done where the document stands now. The text says why, for the user.
    #[error("{0}")]
    Stage(&'static str),
    /// A file may not be kept. In Dutch: a sentence without capital and full stop.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// Faults of one document.
    pub fn of_record(slug: &str, faults: Vec<Fault>) -> Error {
        let subject = Subject::Record(slug.to_owned());
        Error::Invalid(faults.into_iter().map(|it| (subject.clone(), it)).collect())
    }

    /// One fault of one field.
    pub fn of_field(field: &str, wrong: &str, allowed: &str) -> Error {
        Error::of_record("", vec![Fault::new(&Place::root().key(field), wrong, allowed)])
    }

    /// The faults of the input, whatever they belong to.
    pub fn faults(&self) -> Vec<Fault> {
        match self {
            Error::Invalid(faults) => faults.iter().map(|it| it.1.clone()).collect(),
            _ => vec![],
        }
    }
}
