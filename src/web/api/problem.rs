//! What went wrong, as `application/problem+json` (RFC 9457): all faults of the request at once.

use poem::http::StatusCode;
use poem::{IntoResponse, Response};
use poem_openapi::Object;
use poem_openapi::types::ToJSON;

use crate::text::dutch;
use crate::web::cache::CachePolicy;
use crate::web::error::{Failure, RETRY_AFTER};
use crate::web::url;

/// How the media type of a problem is written.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// Wat er misging.
#[derive(Debug, Object)]
#[oai(rename = "Probleem")]
pub struct Problem {
    /// De HTTP-status.
    pub status: u16,
    /// Wat er misging, in een paar woorden.
    pub title: String,
    /// Wat u eraan kunt doen.
    pub detail: String,
    /// Alles wat aan de aanvraag niet klopt; leeg als er iets anders misging.
    pub fouten: Vec<String>,
}

impl Problem {
    /// An error as the one who asked may see it. The operator finds the rest in the log, under the id.
    pub fn of(error: &poem::Error, request_id: &str) -> Problem {
        let status = error.status();
        let faults = match error.downcast_ref::<Failure>() {
            Some(Failure::Invalid(faults)) => faults.clone(),
            _ => vec![],
        };
        let refused = match error.downcast_ref::<Failure>() {
            Some(Failure::Refused(it)) => Some((it.heading, it.text.to_owned())),
            Some(Failure::BadToken) => Some((
                "Onbekend token",
                "Het token achter Authorization: Bearer is onbekend of verlopen. Maak bij uw account een nieuw."
                    .to_owned(),
            )),
            Some(Failure::Upload(_, reason)) => {
                Some(("Het bestand is niet opgenomen", format!("{}.", dutch::capital(reason))))
            }
            Some(Failure::Denied(it)) if status == StatusCode::FORBIDDEN => {
                Some(("Geen rechten", format!("{}.", dutch::capital(&it.to_string()))))
            }
            _ => None,
        };
        let (title, detail) = refused.unwrap_or_else(|| match status {
            StatusCode::UNAUTHORIZED => (
                "Hiervoor is een token nodig",
                "Stuur een token mee: Authorization: Bearer lk_…; u maakt er een bij uw account.".to_owned(),
            ),
            StatusCode::BAD_REQUEST => ("De aanvraag klopt niet", mistakes(&faults)),
            StatusCode::NOT_FOUND => (
                "Niet gevonden",
                format!("Op dit adres is niets. Alle adressen staan in {} en op {}.", url::OPENAPI, url::API_DOCS),
            ),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("Dat kan hier niet", "Op dit adres kan dit niet; wat wel kan, staat in de kop Allow.".to_owned())
            }
            StatusCode::SERVICE_UNAVAILABLE => (
                "Zoeken kan even niet",
                "De zoekindex is niet bereikbaar. Probeer het over een minuut opnieuw; de lijsten werken wel."
                    .to_owned(),
            ),
            status if status.is_client_error() => {
                ("De aanvraag klopt niet", "De aanvraag is niet te verwerken.".to_owned())
            }
            _ => (
                "Er ging iets mis",
                format!("Dat ligt aan ons. Blijft het misgaan, geef dan nummer {request_id} door aan de beheerder."),
            ),
        });
        Problem { status: status.as_u16(), title: title.to_owned(), detail, fouten: faults }
    }
}

/// The methods an address of the API knows.
pub fn allowed(path: &str) -> &'static str {
    if url::is_below(&format!("{}/aanleveringen", url::API), path) {
        return "POST, OPTIONS";
    }
    let below = path.strip_prefix(url::API).and_then(|it| it.strip_prefix("/documenten"));
    match below.map(|it| it.matches('/').count()) {
        Some(0) if below == Some("") => "GET, HEAD, POST, OPTIONS",
        Some(1) => "GET, HEAD, PUT, OPTIONS",
        Some(2) if path.ends_with("/beoordelingen") => "POST, OPTIONS",
        _ => ALLOWED,
    }
}

/// The methods most addresses of the API know.
pub const ALLOWED: &str = "GET, HEAD, OPTIONS";

fn mistakes(faults: &[String]) -> String {
    match faults {
        [] => "De aanvraag is niet te lezen; controleer het adres.".to_owned(),
        faults => format!("{} in de parameters; zie fouten.", dutch::count(faults.len(), "fout", "fouten")),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let answer = self
            .to_json_string()
            .with_content_type(CONTENT_TYPE)
            .with_header("Cache-Control", CachePolicy::NoStore.header())
            .with_status(status)
            .into_response();
        match status {
            StatusCode::METHOD_NOT_ALLOWED => answer.with_header("Allow", ALLOWED).into_response(),
            StatusCode::SERVICE_UNAVAILABLE => answer.with_header("Retry-After", RETRY_AFTER).into_response(),
            StatusCode::UNAUTHORIZED => answer.with_header("WWW-Authenticate", "Bearer").into_response(),
            _ => answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::error::Error;

    #[test]
    fn what_is_told() {
        let disk = Error::Disk { folder: "/geheim/index".into(), source: std::io::Error::other("schijf stuk") };
        let chain = std::io::Error::other("wachtwoord fout");
        for (failure, status, told, faults) in [
            (Failure::NotFound, 404, "/api/docs", 0),
            (Failure::Invalid(vec!["a".into(), "b".into()]), 400, "2 fouten", 2),
            (Failure::SearchDown(disk), 503, "lijsten werken wel", 0),
            (Failure::Unexpected(Box::new(chain)), 500, "nummer 01abc", 0),
        ] {
            let problem = Problem::of(&failure.into(), "01abc");
            assert_eq!((problem.status, problem.fouten.len()), (status, faults));
            assert!(problem.detail.contains(told), "{problem:?}");
            for secret in ["geheim", "schijf", "wachtwoord"] {
                assert!(!problem.detail.contains(secret) && !problem.title.contains(secret), "{problem:?}");
            }
        }
    }

    #[test]
    fn how_it_is_sent() {
        let answer = Problem::of(&Failure::NotFound.into(), "").into_response();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        assert_eq!(answer.content_type(), Some(CONTENT_TYPE));
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let answer = Problem::of(&StatusCode::METHOD_NOT_ALLOWED.into(), "").into_response();
        assert_eq!(answer.headers()["allow"], ALLOWED);
    }
}
