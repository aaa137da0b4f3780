//! What one person proposes and a second agrees with: who, when and why, and how it ended.
//!
//! Invariant: nothing of it is ever deleted: what was rejected or withdrawn says by whom and when.

use chrono::{DateTime, Utc};

use crate::domain::citizen_number;
use crate::domain::fault::{Fault, Place};
use crate::domain::id::AccountId;
use crate::domain::vocabulary::vocabulary;

/// The longest reason, in characters.
pub const REASON_MAX: usize = 1_000;

vocabulary! {
    /// How a proposal ended that does not hold.
    Ending {
        /// By a second person, with a reason.
        Rejected = "afgewezen" "Afgewezen",
        /// By the side that proposed it; also after it was agreed, where that can be undone.
        Withdrawn = "ingetrokken" "Ingetrokken",
    }
}

/// The end of a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    pub how: Ending,
    /// Label of the actor.
    pub by: String,
    pub at: DateTime<Utc>,
    pub reason: Option<String>,
}

/// A proposal, whatever it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    pub reason: String,
    /// Label of the actor.
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub approved_by: Option<AccountId>,
    pub approved_at: Option<DateTime<Utc>>,
    pub ended: Option<Ended>,
}

impl Proposal {
    pub fn new(reason: String, made_by: &str, made_at: DateTime<Utc>) -> Proposal {
        let made_by = made_by.to_owned();
        Proposal { reason, made_by, made_at, approved_by: None, approved_at: None, ended: None }
    }

    /// Whether a second person agreed and nobody took it back.
    pub fn holds(&self) -> bool {
        self.approved_at.is_some() && self.ended.is_none()
    }

    pub fn is_waiting(&self) -> bool {
        self.approved_at.is_none() && self.ended.is_none()
    }

    /// Whether it can still end in some way, else why not.
    pub fn stands(&self) -> Result<(), &'static str> {
        match self.ended.as_ref().map(|it| it.how) {
            Some(Ending::Rejected) => Err("dit voorstel is al afgewezen"),
            Some(Ending::Withdrawn) => Err("dit voorstel is al ingetrokken"),
            None => Ok(()),
        }
    }

    /// Whether somebody may still agree or reject, else why not.
    pub fn waits(&self) -> Result<(), &'static str> {
        self.stands()?;
        if self.is_waiting() { Ok(()) } else { Err("dit voorstel is al vastgesteld") }
    }
}

/// A reason as it is kept, or what is wrong with it. Says what to write when there is none.
pub fn reason(field: &str, text: &str, wanted: &str) -> Result<String, Fault> {
    let place = Place::root().key(field);
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::new(&place, "de reden ontbreekt", wanted));
    }
    if REASON_MAX < text.chars().count() {
        return Err(Fault::new(&place, "de reden is te lang", format!("hoogstens {REASON_MAX} tekens")));
    }
    if citizen_number::find(text).is_some() {
        return Err(Fault::new(&place, "hier staat wat een burgerservicenummer lijkt", "haal het weg"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_ends_once() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let waiting = Proposal::new("Voorbeeld.".into(), "een", now);
        let agreed = Proposal { approved_at: Some(now), ..waiting.clone() };
        let end = |how| Some(Ended { how, by: "twee".into(), at: now, reason: None });
        let rejected = Proposal { ended: end(Ending::Rejected), ..waiting.clone() };
        let undone = Proposal { ended: end(Ending::Withdrawn), ..agreed.clone() };
        for (it, holds, stands, waits) in [
            (waiting, false, true, true),
            (agreed, true, true, false),
            (rejected, false, false, false),
            (undone, false, false, false),
        ] {
            assert_eq!((it.holds(), it.stands().is_ok(), it.waits().is_ok()), (holds, stands, waits), "{it:?}");
            assert_eq!(it.is_waiting(), waits);
        }
    }

    #[test]
    fn a_reason_is_there_and_not_too_long() {
        let long = "a".repeat(REASON_MAX + 1);
        for (text, expected) in [(" \n", "ontbreekt"), (&long, "te lang"), ("cliënt 111222333", "burgerservicenummer")]
        {
            let fault = reason("reden", text, "schrijf het op").unwrap_err().to_string();
            assert!(fault.contains(expected), "{fault}");
        }
        assert_eq!(reason("reden", " Op verzoek. ", "schrijf het op"), Ok("Op verzoek.".to_owned()));
    }
}
