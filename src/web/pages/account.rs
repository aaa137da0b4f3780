//! One's own account: name, password, second factor, sessions and tokens.

use askama::Template;
use poem::web::Data;
use poem::{Request, Response, handler};

use crate::accounts::oidc::attempt::Purpose;
use crate::accounts::second_factor;
use crate::accounts::session::{Factor, SignedIn};
use crate::app::App;
use crate::domain::account::{Grant, Scope, TokenScope};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::id::{SessionId, TokenId};
use crate::store::{account, api_token, identity, recovery_code, session};
use crate::text::{dutch, local_time};
use crate::web::actor::{self, Visitor};
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::faults::Faults;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::provider::leaving;
use crate::web::pages::sign_in::{by, origin, parameter, see_other, session_of, set_cookie};
use crate::web::url;
use crate::workflow::account::{By, own, provider};

#[derive(Template)]
#[template(path = "account.html", config = "src/web/askama.toml")]
struct AccountPage {
    frame: Frame,
    faults: Faults,
    notice: Option<&'static str>,
    /// A token that was just made; never shown again.
    shown_token: Option<String>,
    person: String,
    mail: String,
    roles: Vec<String>,
    has_factor: bool,
    codes_left: String,
    sessions: Vec<SessionView>,
    tokens: Vec<TokenView>,
    /// What the provider is called, where one is set.
    provider: Option<String>,
    is_linked: bool,
    token_name: String,
}

struct SessionView {
    id: String,
    text: String,
    here: bool,
}

struct TokenView {
    id: String,
    text: String,
}

#[derive(Template)]
#[template(path = "factor.html", config = "src/web/askama.toml")]
struct FactorPage {
    frame: Frame,
    faults: Faults,
    is_needed: bool,
    /// Recovery codes that were just made; never shown again.
    codes: Vec<String>,
    secret: String,
    path: String,
    size: usize,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    let it = session_of(&visitor)?;
    if it.factor == Factor::Asked {
        return Ok(see_other(url::CODE));
    }
    let notice = match parameter(request, "melding").as_deref() {
        Some("bewaard") => Some("Bewaard."),
        Some("uitgelogd") => Some("Uitgelogd."),
        Some("ingetrokken") => Some("Het token is ingetrokken."),
        Some("gekoppeld") => Some("Uw account is gekoppeld. U kunt nu ook daarmee inloggen."),
        Some("losgemaakt") => Some("De koppeling is losgemaakt."),
        Some("factor-uit") => Some("De tweede factor staat uit."),
        _ => None,
    };
    page_of(app, &visitor, &it, Faults::none(), notice, None, "").await
}

#[handler]
pub async fn change(Data(app): Data<&App>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let it = session_of(&visitor)?;
    visitor.user()?;
    let by = by(app, &visitor);
    let id = &it.session.account;
    let text = |name: &str| form.text(name).to_owned();
    let (done, notice) = match form.text("wat") {
        "naam" => (own::rename(by, id, &text("naam")).await, "bewaard"),
        "wachtwoord" => {
            let (old, new, again) = (text("huidig"), text("nieuw"), text("herhaling"));
            (own::change_password(by, &it, &old, &new, &again).await, "bewaard")
        }
        "sessie" => {
            let which = SessionId::stored(text("sessie"));
            (own::end_session(by, &it, Some(&which)).await, "uitgelogd")
        }
        "sessies" => (own::end_session(by, &it, None).await, "uitgelogd"),
        "factor-uit" => (own::drop_factor(by, &it, &text("bevestiging")).await, "factor-uit"),
        "koppelen" => match provider::may_link(by, &it, &text("koppelwachtwoord")).await {
            Ok(()) => {
                let session = it.form_token.clone();
                return leaving(app, &visitor, Purpose::Link { session }).await;
            }
            Err(error) => (Err(error), ""),
        },
        "loskoppelen" => (provider::unlink(by, &it, &text("koppelwachtwoord")).await, "losgemaakt"),
        "herstelcodes" => match own::renew_recovery(by, &it, &text("bevestiging")).await {
            Ok(codes) => return codes_page(app, &visitor, codes),
            Err(error) => (Err(error), ""),
        },
        "token-intrekken" => {
            let which = TokenId::stored(text("token"));
            (own::revoke_token(by, id, &which).await, "ingetrokken")
        }
        "token" => {
            let scope = TokenScope::parse(form.text("bereik")).unwrap_or(TokenScope::Read);
            let days = form.text("dagen").trim().parse().unwrap_or(0);
            match own::make_token(by, &it, form.text("tokennaam"), scope, days).await {
                Ok(token) => return page_of(app, &visitor, &it, Faults::none(), None, Some(token), "").await,
                Err(error) => (Err(error), ""),
            }
        }
        _ => return Err(Failure::NotFound),
    };
    match done {
        Ok(()) => Ok(see_other(&url::with_query(url::ACCOUNT, &[("melding", notice)]))),
        Err(error) => page_of(app, &visitor, &it, Faults::of(error)?, None, None, form.text("tokennaam")).await,
    }
}

async fn page_of(
    app: &App,
    visitor: &Visitor,
    it: &SignedIn,
    faults: Faults,
    notice: Option<&'static str>,
    shown_token: Option<String>,
    token_name: &str,
) -> Result<Response, Failure> {
    let id = &it.session.account;
    let entry = account::get(&app.store, id).await?.ok_or(Failure::NotFound)?;
    let catalogue = app.store.catalogue().await?;
    let mut frame = Frame::new(app, visitor, Section::None, &faults.title("Mijn account"), url::ACCOUNT);
    frame.canonical = String::new();
    let left = usize::try_from(recovery_code::left(&app.store, id).await?).unwrap_or(0);
    let sessions = session::list(&app.store, id).await?.into_iter().map(|own| SessionView {
        text: format!("{}, {}, laatst gebruikt {}", own.agent, own.address, moment(own.seen_at)),
        here: own.id == it.session.id,
        id: own.id.to_string(),
    });
    let tokens = api_token::list(&app.store, Some(id)).await?.into_iter().map(|own| TokenView {
        text: format!(
            "{}: {}, geldt tot {}, {}",
            own.name,
            own.scope.label().to_lowercase(),
            dutch::date(own.expires_at.date_naive()),
            own.used_at.map_or_else(|| "nog niet gebruikt".to_owned(), |it| format!("laatst gebruikt {}", moment(it)))
        ),
        id: own.id.to_string(),
    });
    let status = faults.status();
    let page = AccountPage {
        frame,
        faults,
        notice,
        shown_token,
        person: entry.account.name.clone(),
        mail: entry.account.mail.clone(),
        roles: entry.account.grants.iter().map(|it| role(it, &catalogue)).collect(),
        has_factor: entry.secrets.totp.is_some(),
        codes_left: dutch::count(left, "herstelcode", "herstelcodes"),
        sessions: sessions.collect(),
        tokens: tokens.collect(),
        provider: app.provider.as_ref().map(|it| it.label().to_owned()),
        is_linked: !identity::list(&app.store, id).await?.is_empty(),
        token_name: token_name.to_owned(),
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

/// The owner of a session, whatever is still asked of it.
fn owner<'a>(app: &'a App, visitor: &'a Visitor, actor: &'a Actor) -> By<'a> {
    By { actor, ..by(app, visitor) }
}

#[handler]
pub async fn show_factor(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let it = session_of(&visitor)?;
    match it.factor {
        Factor::Asked => Ok(see_other(url::CODE)),
        Factor::Shown => Ok(see_other(url::ACCOUNT)),
        Factor::Missing | Factor::NotNeeded => factor_page(app, &visitor, &it, Faults::none()).await,
    }
}

#[handler]
pub async fn take_factor_over(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    form: Form,
) -> Result<Response, Failure> {
    let it = session_of(&visitor)?;
    if !matches!(it.factor, Factor::Missing | Factor::NotNeeded) {
        return Ok(see_other(url::ACCOUNT));
    }
    let actor = Actor::User(it.user.clone());
    let by = owner(app, &visitor, &actor);
    match own::take_factor_over(by, &app.vault, &it, form.text("code"), &origin(request)).await {
        Ok((codes, token)) => {
            let mut answer = codes_page(app, &visitor, codes)?;
            set_cookie(&mut answer, &actor::session_cookie(&app.config, &token));
            Ok(answer)
        }
        Err(error) => factor_page(app, &visitor, &it, Faults::of(error)?).await,
    }
}

async fn factor_page(app: &App, visitor: &Visitor, it: &SignedIn, faults: Faults) -> Result<Response, Failure> {
    let actor = Actor::User(it.user.clone());
    let (address, secret) = own::offered_factor(owner(app, visitor, &actor), &app.vault, &it.session.account).await?;
    let (path, size) = second_factor::picture(&address)?;
    let mut frame = Frame::new(app, visitor, Section::None, &faults.title("Tweede factor instellen"), url::FACTOR);
    frame.canonical = String::new();
    let status = faults.status();
    let is_needed = it.factor == Factor::Missing;
    let secret = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    let page = FactorPage { frame, faults, is_needed, codes: vec![], secret, path, size };
    page::with_status(&page, status, CachePolicy::NoStore)
}

fn codes_page(app: &App, visitor: &Visitor, codes: Vec<String>) -> Result<Response, Failure> {
    let mut frame = Frame::new(app, visitor, Section::None, "Bewaar uw herstelcodes", url::FACTOR);
    frame.canonical = String::new();
    // The forms of this page would carry the mark of a session that has just ended.
    frame.visitor = None;
    let empty = String::new;
    let page =
        FactorPage { frame, faults: Faults::none(), is_needed: false, codes, secret: empty(), path: empty(), size: 0 };
    page::with_status(&page, poem::http::StatusCode::OK, CachePolicy::NoStore)
}

/// A role with its place, as a page says it.
pub fn role(it: &Grant, catalogue: &Catalogue) -> String {
    let label = it.role.label();
    match &it.scope {
        Scope::Everywhere => label.to_owned(),
        Scope::Organisation(slug) => format!("{label} bij {}", catalogue.name(Target::Organisation, slug)),
        Scope::Theme(slug) => format!("{label} van {}", catalogue.name(Target::Theme, slug)),
        Scope::Network(slug) => {
            format!("{label} van {}", catalogue.network(slug).map_or(slug.as_str(), |it| it.name.as_str()))
        }
    }
}

/// "25 november 2026 om 15:03", Dutch time.
pub fn moment(at: chrono::DateTime<chrono::Utc>) -> String {
    local_time::date_and_clock(at)
}
