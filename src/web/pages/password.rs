//! Choosing a password with a link that was mailed, and asking for such a link.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use crate::accounts::oidc::attempt::Purpose;
use crate::app::App;
use crate::domain::account::AccountStatus;
use crate::domain::actor::Actor;
use crate::store::account::Entry;
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::{Failure, Refusal};
use crate::web::faults::Faults;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::provider::leaving;
use crate::web::pages::sign_in::{by, see_other};
use crate::web::url;
use crate::workflow;
use crate::workflow::account::{By, provider, sign_in};

#[derive(Template)]
#[template(path = "forgot.html", config = "src/web/askama.toml")]
struct ForgotPage {
    frame: Frame,
    faults: Faults,
    sent: bool,
    mail: String,
}

#[derive(Template)]
#[template(path = "set_password.html", config = "src/web/askama.toml")]
struct SetPage {
    frame: Frame,
    faults: Faults,
    name: String,
    mail: String,
    /// The provider with which an invitation can be taken up instead.
    provider: Option<String>,
}

const VOID: Refusal = Refusal {
    status: StatusCode::GONE,
    heading: "Deze link werkt niet meer",
    text: "De link is al gebruikt of te oud. Vraag bij “Wachtwoord vergeten” een nieuwe aan, of vraag de beheerder om een nieuwe uitnodiging.",
};

#[handler]
pub async fn forgot(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    forgot_page(app, &visitor, false)
}

/// Answers at once and the same to everybody; whether there is an account shows only in its mailbox.
#[handler]
pub async fn ask_link(Data(app): Data<&App>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let (app_, typed, from) = (app.clone(), form.text("mailadres").to_owned(), visitor.address.clone());
    let sending = tokio::spawn(async move {
        let by = By {
            store: &app_.store,
            actor: &Actor::Anonymous,
            from: from.as_deref(),
            now: app_.clock.now(),
            site: &app_.config.public_url,
        };
        if let Err(error) = sign_in::forgot(by, &typed).await {
            tracing::error!(error = %error, "link voor een wachtwoord niet gemaakt");
        }
    });
    drop(sending);
    forgot_page(app, &visitor, true)
}

fn forgot_page(app: &App, visitor: &Visitor, sent: bool) -> Result<Response, Failure> {
    let mut frame = Frame::new(app, visitor, Section::None, "Wachtwoord vergeten", url::FORGOT);
    frame.canonical = String::new();
    page::show(&ForgotPage { frame, faults: Faults::none(), sent, mail: String::new() })
}

/// Shows the form; looking at it does not use the link up, for mail programs look at links.
#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let entry = sign_in::linked(&app.store, &token, app.clock.now()).await.map_err(void)?;
    set_page(app, &visitor, request, &entry, Faults::none())
}

#[handler]
pub async fn save(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    Path(token): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let entry = sign_in::linked(&app.store, &token, app.clock.now()).await.map_err(void)?;
    if form.text("wat") == "aanbieder" {
        provider::invited(&app.store, &token, app.clock.now()).await.map_err(void)?;
        return leaving(app, &visitor, Purpose::Invitation { token }).await;
    }
    let done = sign_in::set_password(by(app, &visitor), &token, form.text("wachtwoord"), form.text("herhaling")).await;
    match done {
        Ok(()) => Ok(see_other(&url::with_query(url::SIGN_IN, &[("melding", "wachtwoord")]))),
        Err(workflow::Error::NotFound) => Err(Failure::Refused(VOID)),
        Err(error) => set_page(app, &visitor, request, &entry, Faults::of(error)?),
    }
}

fn void(error: workflow::Error) -> Failure {
    match error {
        workflow::Error::NotFound => Failure::Refused(VOID),
        other => other.into(),
    }
}

fn set_page(
    app: &App,
    visitor: &Visitor,
    request: &Request,
    entry: &Entry,
    faults: Faults,
) -> Result<Response, Failure> {
    let mut frame = Frame::new(app, visitor, Section::None, &faults.title("Kies een wachtwoord"), request.uri().path());
    frame.canonical = String::new();
    let status = faults.status();
    let is_invited = entry.account.status == AccountStatus::Invited;
    let provider = app.provider.as_ref().filter(|_| is_invited).map(|it| it.label().to_owned());
    let page = SetPage { frame, faults, name: entry.account.name.clone(), mail: entry.account.mail.clone(), provider };
    page::with_status(&page, status, CachePolicy::NoStore)
}
