//! What a request can fail with, and the one mapping of it to a status.
//!
//! Two faces show it: [`super::page`] as a page, [`super::api`] as `application/problem+json`. The chain of an
//! unexpected error goes to the log only, under the id the visitor sees.

use std::fmt;

use poem::error::ResponseError;
use poem::http::StatusCode;

use crate::accounts;
use crate::domain::permission::Denied;
use crate::search;
use crate::store;

/// Why a request has no good answer.
#[derive(Debug)]
pub enum Failure {
    /// Nothing at this address, or nothing this visitor may see.
    NotFound,
    /// The search cannot answer now; the lists can.
    SearchDown(search::error::Error),
    /// Invalid input: every fault, in Dutch. Only the API refuses input.
    Invalid(Vec<String>),
    /// What was sent is not taken in: a status, and why in Dutch, a sentence without capital and full stop.
    Upload(StatusCode, String),
    /// This visitor may not do it.
    Denied(Denied),
    /// The token of a program is unknown, or over.
    BadToken,
    /// Something else the visitor can mend, said in its own words.
    Refused(Refusal),
    Unexpected(Box<dyn std::error::Error + Send + Sync>),
}

/// Why a request is refused, for the one who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub heading: &'static str,
    /// What happened and how to go on.
    pub text: &'static str,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NotFound => f.write_str("niet gevonden"),
            Failure::SearchDown(error) => write!(f, "zoeken kan nu niet: {error}"),
            Failure::Invalid(faults) => f.write_str(&faults.join("; ")),
            Failure::Upload(_, reason) => f.write_str(reason),
            Failure::Denied(denied) => write!(f, "{denied}"),
            Failure::BadToken => f.write_str("onbekend of verlopen token"),
            Failure::Refused(refusal) => f.write_str(refusal.heading),
            Failure::Unexpected(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Failure {}

impl ResponseError for Failure {
    fn status(&self) -> StatusCode {
        match self {
            Failure::NotFound => StatusCode::NOT_FOUND,
            Failure::SearchDown(_) => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Invalid(_) => StatusCode::BAD_REQUEST,
            Failure::Upload(status, _) => *status,
            Failure::Denied(Denied::SignIn) | Failure::BadToken => StatusCode::UNAUTHORIZED,
            Failure::Denied(_) => StatusCode::FORBIDDEN,
            Failure::Refused(refusal) => refusal.status,
            Failure::Unexpected(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Failure {
        match error {
            store::Error::Busy => Failure::Refused(BUSY),
            other => Failure::Unexpected(Box::new(other)),
        }
    }
}

/// After how many seconds it is worth trying again what cannot be done now.
pub const RETRY_AFTER: &str = "60";

const BUSY: Refusal = Refusal {
    status: StatusCode::SERVICE_UNAVAILABLE,
    heading: "Het is even te druk",
    text: "Er wachten nu te veel wijzigingen tegelijk. Er is niets van opgeslagen. Probeer het over een minuut opnieuw.",
};

impl From<search::error::Error> for Failure {
    fn from(error: search::error::Error) -> Failure {
        Failure::SearchDown(error)
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Failure {
        Failure::Denied(denied)
    }
}

impl From<accounts::Error> for Failure {
    fn from(error: accounts::Error) -> Failure {
        match error {
            accounts::Error::Store(error) => error.into(),
            other => Failure::Unexpected(Box::new(other)),
        }
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Failure {
        Failure::Unexpected(Box::new(error))
    }
}

/// Logs what a visitor does not see, once.
pub fn log(error: &poem::Error, request_id: &str) {
    if error.status().is_server_error() {
        tracing::error!(request.id = request_id, error = %error, "aanvraag mislukt");
    }
}
