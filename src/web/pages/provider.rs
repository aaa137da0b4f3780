//! Signing in with a provider: leaving for it, and coming back. What can go wrong on the way is told in plain words.
//!
//! A page leads to the provider by a link, never by sending a form on: a browser lets our forms go to our own site
//! only (`form-action`).

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Request, Response, handler};

use crate::accounts::oidc::attempt::{Attempt, Purpose};
use crate::accounts::oidc::{self, Provider};
use crate::accounts::session::SignedIn;
use crate::accounts::{self, secret, session};
use crate::app::App;
use crate::web::actor::{self, Visitor};
use crate::web::cache::CachePolicy;
use crate::web::error::{self, Failure, Refusal};
use crate::web::log::RequestId;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::sign_in::{self, by, local, origin, parameter, see_other, set_cookie, signed_in};
use crate::web::url;
use crate::workflow;
use crate::workflow::account::provider;

/// The longest code of a provider that is passed on.
const CODE_MAX: usize = 2_000;

#[derive(Template)]
#[template(path = "provider.html", config = "src/web/askama.toml")]
struct LeavingPage {
    frame: Frame,
    label: String,
    address: String,
}

const EXPIRED: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    heading: "Het inloggen is verlopen",
    text: "U bent niet ingelogd. Het duurde te lang, de pagina is twee keer geopend, of u begon in een andere browser. Begin opnieuw bij “Inloggen”.",
};

const CANCELLED: Refusal = Refusal {
    status: StatusCode::BAD_REQUEST,
    heading: "Het inloggen is afgebroken",
    text: "U bent niet ingelogd: bij de aanbieder is het inloggen gestopt of geweigerd. Begin opnieuw bij “Inloggen”, of log in met uw wachtwoord.",
};

const UNPROVEN: Refusal = Refusal {
    status: StatusCode::BAD_GATEWAY,
    heading: "We konden niet nagaan wie u bent",
    text: "U bent niet ingelogd: het antwoord van de aanbieder klopt niet. Begin opnieuw bij “Inloggen”. Blijft het misgaan, geef dan het nummer hieronder door aan de beheerder.",
};

const UNREACHABLE: Refusal = Refusal {
    status: StatusCode::BAD_GATEWAY,
    heading: "De aanbieder is niet bereikbaar",
    text: "Inloggen via de aanbieder kan nu niet. Probeer het over een paar minuten opnieuw, of log in met uw wachtwoord. Blijft het misgaan, geef dan het nummer hieronder door aan de beheerder.",
};

const SLOW: Refusal = Refusal {
    status: StatusCode::GATEWAY_TIMEOUT,
    heading: "De aanbieder antwoordt niet op tijd",
    text: "Inloggen via de aanbieder kan nu niet. Probeer het over een paar minuten opnieuw, of log in met uw wachtwoord.",
};

const UNKNOWN: Refusal = Refusal {
    status: StatusCode::FORBIDDEN,
    heading: "Dit account is niet gekoppeld",
    text: "De aanbieder kent u, maar uw account daar hoort nog niet bij een account van Leerkring. Hebt u een uitnodiging? Open de link daarin en kies daar de aanbieder. Logt u hier al in met een wachtwoord? Doe dat, en koppel de aanbieder bij “Mijn account”. Anders vraagt u de beheerder om een uitnodiging.",
};

const TAKEN: Refusal = Refusal {
    status: StatusCode::CONFLICT,
    heading: "Dit account is al gekoppeld",
    text: "Het account dat u bij de aanbieder koos, hoort al bij een ander account van Leerkring. Er is niets gewijzigd. Log daarmee in, of kies bij de aanbieder een ander account.",
};

const VOID: Refusal = Refusal {
    status: StatusCode::GONE,
    heading: "Deze koppeling kan niet meer",
    text: "De uitnodiging is al gebruikt of te oud, u bent intussen uitgelogd, of uw account is al gekoppeld. Log in en kijk bij “Mijn account”, of vraag de beheerder om een nieuwe uitnodiging.",
};

/// Sends a browser to the provider.
#[handler]
pub async fn leave(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    let provider = app.provider.as_ref().ok_or(Failure::NotFound)?;
    let to = local(&parameter(request, sign_in::TO).unwrap_or_default());
    if let Some(it) = &visitor.session {
        return Ok(see_other(&sign_in::onward(it, &to)));
    }
    let (attempt, address) = begun(app, provider, Purpose::SignIn { to }).await?;
    let mut answer = see_other(&address);
    set_cookie(&mut answer, &actor::attempt_cookie(&app.config, attempt.cookie()));
    Ok(answer)
}

/// The page before the provider, where linking is to be done on purpose.
pub async fn leaving(app: &App, visitor: &Visitor, purpose: Purpose) -> Result<Response, Failure> {
    let provider = app.provider.as_ref().ok_or(Failure::NotFound)?;
    let (attempt, address) = begun(app, provider, purpose).await?;
    let label = provider.label().to_owned();
    let mut frame = Frame::new(app, visitor, Section::None, &format!("Naar {label}"), url::PROVIDER);
    frame.canonical = String::new();
    let mut answer = page::with_status(&LeavingPage { frame, label, address }, StatusCode::OK, CachePolicy::NoStore)?;
    set_cookie(&mut answer, &actor::attempt_cookie(&app.config, attempt.cookie()));
    Ok(answer)
}

async fn begun(app: &App, provider: &Provider, purpose: Purpose) -> Result<(Attempt, String), Failure> {
    let attempt = Attempt::begin(purpose, app.clock.now()).map_err(accounts::Error::from)?;
    let address = provider.address(&attempt).await.map_err(refused)?;
    Ok((attempt, address))
}

/// What a provider sends back. However it ends, the attempt is over.
#[handler]
pub async fn back(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Response {
    let mut answer = match returned(app, &visitor, request).await {
        Ok(answer) => answer,
        Err(failure) => {
            let error = poem::Error::from(failure);
            let id = request.data::<RequestId>().cloned().unwrap_or_default();
            error::log(&error, &id.0);
            page::error(app, &visitor, &error, url::PROVIDER_BACK, &id.0)
        }
    };
    set_cookie(&mut answer, &actor::ended_attempt_cookie(&app.config));
    answer
}

async fn returned(app: &App, visitor: &Visitor, request: &Request) -> Result<Response, Failure> {
    let provider = app.provider.as_ref().ok_or(Failure::NotFound)?;
    let text = |name: &str| parameter(request, name).unwrap_or_default();
    let cookie = actor::cookie(request, &actor::attempt_name(&app.config)).unwrap_or_default();
    let attempt = Attempt::read(&cookie, app.clock.now()).ok_or(Failure::Refused(EXPIRED))?;
    if !secret::same(&attempt.state(), &text("state")) {
        return Err(Failure::Refused(EXPIRED));
    }
    if !provider.is_issuer(parameter(request, "iss").as_deref()) {
        return Err(Failure::Refused(UNPROVEN));
    }
    let code = text("code");
    if code.is_empty() || CODE_MAX < code.len() {
        return Err(Failure::Refused(CANCELLED));
    }
    let who = provider.who(&attempt, &code).await.map_err(refused)?;
    let (by, from) = (by(app, visitor), origin(request));
    match &attempt.purpose {
        Purpose::SignIn { to } => {
            let token = provider::with_provider(by, &who, &from).await.map_err(|error| failed(error, UNKNOWN))?;
            end_older(app, visitor).await?;
            signed_in(app, &token, &local(to)).await
        }
        Purpose::Invitation { token } => {
            let token = provider::accept(by, token, &who, &from).await.map_err(|error| failed(error, VOID))?;
            end_older(app, visitor).await?;
            signed_in(app, &token, url::HOME).await
        }
        Purpose::Link { session } => {
            let it = linking(visitor, session)?;
            provider::link(by, it, &who.identity).await.map_err(|error| failed(error, VOID))?;
            Ok(see_other(&url::with_query(url::ACCOUNT, &[("melding", "gekoppeld")])))
        }
    }
}

/// The session that began to link, if it is the one that comes back.
fn linking<'a>(visitor: &'a Visitor, session: &str) -> Result<&'a SignedIn, Failure> {
    let it = visitor.session.as_deref().filter(|it| secret::same(&it.form_token, session));
    match visitor.actor.user() {
        Some(_) => it.ok_or(Failure::Refused(VOID)),
        None => Err(Failure::Refused(VOID)),
    }
}

/// A session that this browser still had makes room for the new one.
async fn end_older(app: &App, visitor: &Visitor) -> Result<(), Failure> {
    match &visitor.session {
        Some(it) => Ok(session::close(&app.store, &it.session).await?),
        None => Ok(()),
    }
}

fn failed(error: workflow::Error, unknown: Refusal) -> Failure {
    match error {
        workflow::Error::NotFound => Failure::Refused(unknown),
        workflow::Error::Form(_) => Failure::Refused(TAKEN),
        other => other.into(),
    }
}

/// What the visitor is told; the reason goes to the log.
fn refused(error: oidc::Error) -> Failure {
    tracing::warn!(error = %error, "inloggen via de aanbieder mislukt");
    Failure::Refused(match error {
        oidc::Error::Unreachable(_) => UNREACHABLE,
        oidc::Error::Slow(_) => SLOW,
        oidc::Error::Code(_) => EXPIRED,
        oidc::Error::Proof(_) => UNPROVEN,
    })
}
