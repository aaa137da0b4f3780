//! Proposals on a page: what comes back beside its field when something sent about one was refused.

use poem::http::StatusCode;

use crate::domain::permission::Denied;
use crate::domain::proposal::{Ending, Proposal};
use crate::text::{dutch, local_time};
use crate::workflow;

use super::error::Failure;
use super::faults::Faults;
use super::guard::Form;

/// What was sent about a proposal and refused; empty when nothing was.
#[derive(Default)]
pub struct Sent {
    /// Which proposal; empty for a new one.
    pub id: String,
    /// Why it is proposed.
    pub reason: String,
    /// Why it is rejected.
    pub answer: String,
    pub faults: Faults,
    /// Why it cannot be done, when no field is at fault.
    pub error: String,
    pub status: StatusCode,
}

/// The form that rejects one proposal.
#[derive(Default)]
pub struct Rejecting {
    pub typed: String,
    pub fault: Option<String>,
}

impl Sent {
    /// With why it was refused; what is no fault of who sent it is a failure.
    pub fn refused(form: &Form, id: &str, error: workflow::Error) -> Result<Sent, Failure> {
        let text = |name: &str| form.text(name).to_owned();
        let sent = Sent { id: text(id), reason: text("reden"), answer: text("waarom"), ..Sent::default() };
        Ok(match error {
            workflow::Error::Stage(text) => {
                Sent { error: format!("{}.", dutch::capital(text)), status: StatusCode::CONFLICT, ..sent }
            }
            workflow::Error::Denied(Denied::OwnWork) => {
                let error = "U deed dit voorstel zelf. Een ander beslist erover; intrekken kunt u het wel.".to_owned();
                Sent { error, status: StatusCode::FORBIDDEN, ..sent }
            }
            other => {
                let faults = Faults::of(other)?;
                Sent { status: faults.status(), faults, ..sent }
            }
        })
    }

    pub fn rejecting(&self, id: &str) -> Rejecting {
        if self.id != id {
            return Rejecting::default();
        }
        Rejecting { typed: self.answer.clone(), fault: self.faults.at("waarom").map(str::to_owned) }
    }

    /// The faults with where they are on the page, for above the form.
    pub fn summary(&self) -> Vec<(String, String)> {
        let line = |(field, text): &(String, String)| {
            let place = match field.as_str() {
                "waarom" => format!("waarom-{}", self.id),
                // The page has a choice of periods as well.
                "periode" => "periode-nieuw".to_owned(),
                field => field.to_owned(),
            };
            (place, text.clone())
        };
        self.faults.list.iter().map(line).collect()
    }
}

/// How a proposal ended, with the name of who ended it where it may be known: "Afgewezen door Voorbeeld op 1 mei 2026".
pub fn told(it: &Proposal, name: Option<&dyn Fn(&str) -> String>) -> Option<String> {
    let ended = it.ended.as_ref()?;
    let by = name.map(|name| format!(" door {}", name(&ended.by))).unwrap_or_default();
    Some(format!("{}{by} op {}", ended.how.label(), local_time::date(ended.at)))
}

/// Why a proposal was rejected.
pub fn answer(it: &Proposal) -> Option<&str> {
    it.ended.as_ref().filter(|it| it.how == Ending::Rejected)?.reason.as_deref()
}
