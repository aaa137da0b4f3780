//! Signing in and out: a password, then a code of the second factor.

use std::sync::Arc;

use askama::Template;
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::Data;
use poem::{IntoResponse, Request, Response, handler};
use url::form_urlencoded;

use crate::accounts::session::{self, Factor, From, SignedIn};
use crate::accounts::throttle::{self, Subject};
use crate::app::App;
use crate::domain::actor::Actor;
use crate::web::actor::{self, Visitor};
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::faults::Faults;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::url as address;
use crate::workflow::account::{By, sign_in};

/// The parameter that says where somebody was going.
pub const TO: &str = "naar";

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/web/askama.toml")]
struct SignInPage {
    frame: Frame,
    faults: Faults,
    notice: Option<&'static str>,
    mail: String,
    to: String,
    /// What the provider is called, and the address that leads to it.
    provider: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "code.html", config = "src/web/askama.toml")]
struct CodePage {
    frame: Frame,
    faults: Faults,
    to: String,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    let to = wanted(request);
    if let Some(it) = &visitor.session {
        return Ok(see_other(&onward(it, &to)));
    }
    let notice = match parameter(request, "melding").as_deref() {
        Some("wachtwoord") => Some("Uw wachtwoord is bewaard. U kunt nu inloggen."),
        _ => None,
    };
    page_of(app, &visitor, Faults::none(), notice, String::new(), to)
}

#[handler]
pub async fn enter(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    form: Form,
) -> Result<Response, Failure> {
    let to = local(form.text(TO));
    let from = origin(request);
    let ranges = actor::address(request).map(Subject::ranges).unwrap_or_default();
    let by = by(app, &visitor);
    let (mail, password) = (form.text("mailadres"), form.text("wachtwoord"));
    match sign_in::with_password(by, mail, password, &from, ranges).await {
        Ok(token) => signed_in(app, &token, &to).await,
        Err(error) => page_of(app, &visitor, Faults::of(error)?, None, mail.chars().take(254).collect(), to),
    }
}

fn page_of(
    app: &App,
    visitor: &Visitor,
    faults: Faults,
    notice: Option<&'static str>,
    mail: String,
    to: String,
) -> Result<Response, Failure> {
    let mut frame = Frame::new(app, visitor, Section::None, &faults.title("Inloggen"), address::SIGN_IN);
    frame.canonical = String::new();
    let status = faults.status();
    let provider = app.provider.as_ref();
    let provider = provider.map(|it| (it.label().to_owned(), address::with_query(address::PROVIDER, &[(TO, &to)])));
    let page = SignInPage { frame, faults, notice, mail, to, provider };
    page::with_status(&page, status, CachePolicy::NoStore)
}

#[handler]
pub async fn ask_code(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    let to = wanted(request);
    match visitor.signed_in() {
        Ok(it) if it.factor == Factor::Asked => code_page(app, &visitor, Faults::none(), to),
        Ok(it) => Ok(see_other(&onward(it, &to))),
        Err(_) => Ok(see_other(address::SIGN_IN)),
    }
}

#[handler]
pub async fn enter_code(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    form: Form,
) -> Result<Response, Failure> {
    let to = local(form.text(TO));
    let Some(it) = visitor.session.as_ref().filter(|it| it.factor == Factor::Asked) else {
        return Ok(see_other(address::SIGN_IN));
    };
    let owner = Actor::User(it.user.clone());
    let by = By { actor: &owner, ..by(app, &visitor) };
    match sign_in::with_code(by, &app.vault, it, form.text("code"), &origin(request)).await {
        Ok(token) => signed_in(app, &token, &to).await,
        Err(error) => code_page(app, &visitor, Faults::of(error)?, to),
    }
}

fn code_page(app: &App, visitor: &Visitor, faults: Faults, to: String) -> Result<Response, Failure> {
    let mut frame = Frame::new(app, visitor, Section::None, &faults.title("Code van uw app"), address::CODE);
    frame.canonical = String::new();
    let status = faults.status();
    page::with_status(&CodePage { frame, faults, to }, status, CachePolicy::NoStore)
}

/// Ends the session here and in the browser, with what the browser kept of it.
#[handler]
pub async fn leave(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    if let Some(it) = &visitor.session {
        session::close(&app.store, &it.session).await?;
    }
    let mut answer = see_other(address::HOME);
    answer.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""));
    set_cookie(&mut answer, &actor::ended_cookie(&app.config));
    Ok(answer)
}

/// The answer to who signed in: a cookie, and on to where it was going.
pub async fn signed_in(app: &App, token: &str, to: &str) -> Result<Response, Failure> {
    let found = session::find(&app.store, token, app.clock.now()).await?.ok_or(Failure::NotFound)?;
    let mut answer = see_other(&onward(&found, to));
    set_cookie(&mut answer, &actor::session_cookie(&app.config, token));
    Ok(answer)
}

/// Where a session goes next: what is still asked of it comes first.
pub fn onward(it: &SignedIn, to: &str) -> String {
    match it.factor {
        Factor::Asked => address::with_query(address::CODE, &[(TO, to)]),
        Factor::Missing => address::FACTOR.to_owned(),
        Factor::NotNeeded | Factor::Shown => to.to_owned(),
    }
}

/// Who changes something through a page, and from where.
pub fn by<'a>(app: &'a App, visitor: &'a Visitor) -> By<'a> {
    By {
        store: &app.store,
        actor: &visitor.actor,
        from: visitor.address.as_deref(),
        now: app.clock.now(),
        site: &app.config.public_url,
    }
}

/// The browser and the range of addresses it is in.
pub fn origin(request: &Request) -> From {
    let address = actor::address(request).map(throttle::range).unwrap_or_default();
    From { agent: request.header("user-agent").unwrap_or("").to_owned(), address }
}

/// The session of a browser as something to keep.
pub fn session_of(visitor: &Visitor) -> Result<Arc<SignedIn>, Failure> {
    visitor.signed_in()?;
    visitor.session.clone().ok_or(Failure::NotFound)
}

/// An answer to a form: look there.
pub fn see_other(path: &str) -> Response {
    StatusCode::SEE_OTHER
        .with_header("Location", path)
        .with_header("Cache-Control", CachePolicy::NoStore.header())
        .into_response()
}

pub fn set_cookie(answer: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
}

pub fn parameter(request: &Request, name: &str) -> Option<String> {
    let query = request.uri().query().unwrap_or("");
    form_urlencoded::parse(query.as_bytes()).find(|it| it.0 == name).map(|it| it.1.into_owned())
}

fn wanted(request: &Request) -> String {
    local(&parameter(request, TO).unwrap_or_default())
}

/// An address of this site, else the home page: nobody is sent on to another site.
pub fn local(to: &str) -> String {
    let is_local = to.starts_with('/')
        && !to.starts_with("//")
        && to.len() <= 500
        && !to.contains(['\\', '\r', '\n', '\t'])
        && !address::is_below(address::SIGN_IN, to);
    if is_local { to.to_owned() } else { address::HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_site() {
        for (to, expected) in [
            ("/themas?x=1", "/themas?x=1"),
            ("", "/"),
            ("https://kwaad.example", "/"),
            ("//kwaad.example", "/"),
            ("/\\kwaad.example", "/"),
            ("/\t/kwaad.example", "/"),
            ("/inloggen", "/"),
            ("javascript:alert(1)", "/"),
        ] {
            assert_eq!(local(to), expected, "{to}");
        }
    }
}
