//! From a request to what the workflow needs to know of who acts, and from its refusals to answers.

use poem::http::StatusCode;
use poem::{IntoResponse, Response};

use crate::app::App;
use crate::domain::id::DraftId;
use crate::workflow;
use crate::workflow::record::Act;

use super::actor::Visitor;
use super::error::{Failure, Refusal};

/// Who acts, now.
pub fn act<'a>(app: &'a App, visitor: &'a Visitor) -> Act<'a> {
    Act {
        store: &app.store,
        actor: &visitor.actor,
        now: app.clock.now(),
        from: visitor.address.as_deref(),
        is_four_eyes: app.config.four_eyes,
        site: &app.config.public_url,
    }
}

/// The identity of a draft as it stands in an address; what cannot be one is not looked up.
pub fn draft_id(text: &str) -> Result<DraftId, Failure> {
    let is_formed = text.len() == 26 && text.bytes().all(|it| it.is_ascii_alphanumeric());
    if is_formed { Ok(DraftId::stored(text.to_owned())) } else { Err(Failure::NotFound) }
}

/// An answer that sends a browser on after a form.
pub fn see(url: &str) -> Response {
    StatusCode::SEE_OTHER.with_header("Location", url).into_response()
}

const CONFLICT: Refusal = Refusal {
    status: StatusCode::CONFLICT,
    heading: "Iemand anders was u voor",
    text: "Dit is intussen gewijzigd. Er is niets overschreven. Ga terug, laad de pagina opnieuw en bekijk wat er nu staat.",
};

const OUTDATED: Refusal = Refusal {
    status: StatusCode::CONFLICT,
    heading: "Het gepubliceerde document is intussen gewijzigd",
    text: "Deze versie begon bij een oudere. Vraag de auteur om de verschillen te bekijken en de versie opnieuw in te dienen.",
};

impl From<workflow::Error> for Failure {
    fn from(error: workflow::Error) -> Failure {
        match error {
            workflow::Error::NotFound => Failure::NotFound,
            workflow::Error::Denied(denied) => Failure::Denied(denied),
            workflow::Error::Conflict(_) => Failure::Refused(CONFLICT),
            workflow::Error::Outdated => Failure::Refused(OUTDATED),
            workflow::Error::Stage(text) => {
                Failure::Refused(Refusal { status: StatusCode::CONFLICT, heading: "Dat kan nu niet", text })
            }
            workflow::Error::Invalid(faults) => {
                Failure::Invalid(faults.into_iter().map(|(_, fault)| fault.to_string()).collect())
            }
            workflow::Error::Figures(faults) => {
                Failure::Invalid(faults.iter().map(|it| format!("meting {}, {}", it.row + 1, it.fault)).collect())
            }
            workflow::Error::Refused(text) => Failure::Invalid(vec![text]),
            workflow::Error::Form(faults) => Failure::Invalid(faults.iter().map(ToString::to_string).collect()),
            error @ workflow::Error::Wait(_) => Failure::Unexpected(Box::new(error)),
            workflow::Error::Accounts(error) => error.into(),
            workflow::Error::Store(error) => error.into(),
        }
    }
}
