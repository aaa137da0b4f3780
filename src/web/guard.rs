//! What every request that changes something must pass: it comes from our own pages, is not too large or too slow,
//! and a form has the mark of the session it was made for.
//!
//! A form is read here, once and bounded; a handler takes [`Form`]. A file that is sent (`multipart/form-data`) is
//! left to its handler, which reads it bounded and calls [`check_mark`] with the field [`MARK`]. What a browser tells by
//! itself of a followed result is no form, and changes nothing but a count; its handler looks where it comes from.

use std::sync::Arc;
use std::time::Duration;

use ::url::form_urlencoded;
use poem::error::ReadBodyError;
use poem::http::{StatusCode, header};
use poem::{Body, Endpoint, FromRequest, Request, RequestBody, Response};

use crate::accounts::secret;
use crate::app::App;
use crate::domain::account::TokenScope;

use super::actor::{self, Visitor, is_reading};
use super::error::{Failure, Refusal};
use super::url;

/// The field of a form that says which session it was made for.
pub const MARK: &str = "form_token";

/// How large a body may be where nothing else is said.
const SMALL: usize = 64 * 1024;
/// Where a whole document is written.
const LARGE: usize = 2 * 1024 * 1024;
/// Addresses below which bodies may be [`LARGE`].
const LARGE_BELOW: &[&str] = &["/schrijven", "/beoordelen", "/beheer", "/api/v1/documenten", "/api/v1/aanleveringen"];
/// The most fields of a form.
const FIELDS_MAX: usize = 10_000;
/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The fields of a form in their order.
#[derive(Debug, Clone, Default)]
pub struct Form(Arc<Vec<(String, String)>>);

impl Form {
    /// The first value of a field; empty when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }

    /// All fields but the mark.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter(|it| it.0 != MARK).map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<'a> FromRequest<'a> for Form {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Form> {
        request.data::<Form>().cloned().ok_or_else(|| Failure::Refused(WRONG_TYPE).into())
    }
}

const WRONG_TYPE: Refusal = Refusal {
    status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
    heading: "Dat kunnen we niet lezen",
    text: "Dit adres verwacht een ingevuld formulier. Ga terug naar de pagina en verstuur het formulier opnieuw.",
};

const FORGED: Refusal = Refusal {
    status: StatusCode::FORBIDDEN,
    heading: "Dit formulier hoort niet bij u",
    text: "Het formulier is verlopen of kwam van een andere site. Er is niets gewijzigd. Open de pagina opnieuw en verstuur het formulier nog een keer.",
};

const TOO_LARGE: Refusal = Refusal {
    status: StatusCode::PAYLOAD_TOO_LARGE,
    heading: "Dat is te veel in één keer",
    text: "Wat u verstuurde is groter dan hier mag. Er is niets opgeslagen. Maak de tekst korter of verdeel hem.",
};

const TOO_SLOW: Refusal = Refusal {
    status: StatusCode::REQUEST_TIMEOUT,
    heading: "Het versturen duurde te lang",
    text: "De verbinding was te traag en er is niets opgeslagen. Probeer het opnieuw.",
};

const READ_ONLY: Refusal = Refusal {
    status: StatusCode::FORBIDDEN,
    heading: "Dit token mag alleen lezen",
    text: "Maak bij uw account een token dat ook mag schrijven.",
};

/// Lets a request pass when it may.
pub(super) async fn checked<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    mut request: Request,
) -> poem::Result<Response> {
    let visitor = actor::of(&request)?;
    if !is_reading(request.method()) {
        let is_api = url::is_below("/api", request.uri().path());
        if is_api {
            if visitor.scope == Some(TokenScope::Read) {
                return Err(Failure::Refused(READ_ONLY).into());
            }
        } else if request.uri().path() != url::FOLLOWED && !is_from_here(&request) {
            return Err(Failure::Refused(FORGED).into());
        }
        if !is_multipart(&request) {
            read(&mut request, &visitor, is_api).await?;
        }
    }
    next.call(request).await
}

/// Whether a form carries the mark of the session that sends it. Who is not signed in has none.
pub fn check_mark(visitor: &Visitor, mark: &str) -> Result<(), Failure> {
    match visitor.session.is_none() || secret::same(&visitor.form_token, mark) {
        true => Ok(()),
        false => Err(Failure::Refused(FORGED)),
    }
}

/// Takes the body in, bounded; a form is parsed and its mark checked.
async fn read(request: &mut Request, visitor: &Visitor, is_api: bool) -> Result<(), Failure> {
    let path = request.uri().path();
    let limit = if LARGE_BELOW.iter().any(|it| url::is_below(it, path)) { LARGE } else { SMALL };
    let told = request.headers().get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|it| limit < it) {
        return Err(Failure::Refused(TOO_LARGE));
    }
    let reading = request.take_body().into_bytes_limit(limit);
    let bytes = match tokio::time::timeout(PATIENCE, reading).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(ReadBodyError::PayloadTooLarge)) => return Err(Failure::Refused(TOO_LARGE)),
        Ok(Err(_)) => return Err(Failure::Refused(WRONG_TYPE)),
        Err(_) => return Err(Failure::Refused(TOO_SLOW)),
    };
    if is_api || request.uri().path() == url::FOLLOWED {
        request.set_body(Body::from_bytes(bytes));
        return Ok(());
    }
    if !bytes.is_empty() && request.content_type().is_none_or(|it| !it.starts_with("application/x-www-form-urlencoded"))
    {
        return Err(Failure::Refused(WRONG_TYPE));
    }
    let fields: Vec<_> = form_urlencoded::parse(&bytes)
        .take(FIELDS_MAX + 1)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if FIELDS_MAX < fields.len() {
        return Err(Failure::Refused(TOO_LARGE));
    }
    let form = Form(Arc::new(fields));
    check_mark(visitor, form.text(MARK))?;
    request.set_data(form);
    Ok(())
}

fn is_multipart(request: &Request) -> bool {
    request.content_type().is_some_and(|it| it.starts_with("multipart/form-data"))
}

/// Whether a request comes from a page of ours. Browsers say so; a program that is no browser says nothing and has
/// no cookie of a visitor to misuse.
fn is_from_here(request: &Request) -> bool {
    if let Some(site) = request.header("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = request.header("origin") else { return true };
    let ours = request.data::<App>().and_then(|it| ::url::Url::parse(&it.config.public_url).ok());
    let is_public = ours.is_some_and(|it| it.origin().ascii_serialization() == origin);
    let host = origin.split_once("://").map(|it| it.1);
    is_public || host.is_some() && host == request.header("host")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_request_comes_from() {
        let request = |headers: &[(&str, &str)]| {
            let start = Request::builder().header("host", "leerkring.example");
            headers.iter().fold(start, |it, (name, value)| it.header(*name, *value)).finish()
        };
        for (headers, expected) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", "https://leerkring.example")], false),
            (&[("origin", "https://leerkring.example")], true),
            (&[("origin", "https://leerkring.example.kwaad.example")], false),
            (&[("origin", "https://kwaad.example")], false),
            (&[("origin", "null")], false),
            (&[("origin", "")], false),
        ] {
            assert_eq!(is_from_here(&request(headers)), expected, "{headers:?}");
        }
    }
}
