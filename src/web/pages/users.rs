//! Accounts in the administration: who is there, with which roles; inviting, giving, taking, blocking.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use crate::app::App;
use crate::domain::account::{AccountRole, AccountStatus, Grant, Scope};
use crate::domain::id::AccountId;
use crate::domain::organisation::name_key;
use crate::domain::permission::{self, Action, Denied};
use crate::store::account::{self, Entry};
use crate::text::dutch;
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::faults::Faults;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::account::{moment, role};
use crate::web::pages::sign_in::{by, parameter, see_other};
use crate::web::url;
use crate::workflow::account::{self as accounts, Invitation};

#[derive(Template)]
#[template(path = "users.html", config = "src/web/askama.toml")]
struct UsersPage {
    frame: Frame,
    faults: Faults,
    notice: Option<&'static str>,
    total: String,
    users: Vec<UserRow>,
    /// Roles this visitor may give, as a reader sees them.
    grants: Vec<String>,
    chosen: String,
    person: String,
    mail: String,
}

struct UserRow {
    url: String,
    name: String,
    mail: String,
    roles: String,
    status: &'static str,
    signed_in: String,
}

#[derive(Template)]
#[template(path = "user.html", config = "src/web/askama.toml")]
struct UserPage {
    frame: Frame,
    faults: Faults,
    notice: Option<&'static str>,
    name: String,
    mail: String,
    status: &'static str,
    has_factor: bool,
    held: Vec<(String, String)>,
    grants: Vec<String>,
    is_invited: bool,
    is_blocked: bool,
    may_block: bool,
}

#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    let notice = match parameter(request, "melding").as_deref() {
        Some("uitgenodigd") => Some("De uitnodiging is onderweg."),
        _ => None,
    };
    list_page(app, &visitor, Faults::none(), notice, &Form::default()).await
}

#[handler]
pub async fn invite(Data(app): Data<&App>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    visitor.user()?;
    let Some(grant) = asked(app, &visitor, &form).await? else {
        return list_page(app, &visitor, Faults::in_field("rol", UNKNOWN_ROLE), None, &form).await;
    };
    let invitation = Invitation { mail: form.text("mailadres"), name: form.text("naam"), grant };
    match accounts::invite(by(app, &visitor), &invitation).await {
        Ok(_) => Ok(see_other(&url::with_query(url::USERS, &[("melding", "uitgenodigd")]))),
        Err(error) => list_page(app, &visitor, Faults::of(error)?, None, &form).await,
    }
}

async fn list_page(
    app: &App,
    visitor: &Visitor,
    faults: Faults,
    notice: Option<&'static str>,
    form: &Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let catalogue = app.store.catalogue().await?;
    let grants = accounts::can_give(&visitor.actor, &catalogue);
    if grants.is_empty() {
        return Err(Failure::Denied(Denied::Role));
    }
    let all = account::list(&app.store).await?;
    let users: Vec<UserRow> = all
        .iter()
        .filter(|it| accounts::may_manage(&visitor.actor, &it.account).is_ok())
        .map(|it| UserRow {
            url: url::user(it.account.id.as_str()),
            name: it.account.name.clone(),
            mail: it.account.mail.clone(),
            roles: it.account.grants.iter().map(|it| role(it, &catalogue)).collect::<Vec<_>>().join(", "),
            status: it.account.status.label(),
            signed_in: it.account.signed_in_at.map_or_else(|| "nog niet".to_owned(), moment),
        })
        .collect();
    let mut frame = Frame::new(app, visitor, Section::None, &faults.title("Gebruikers"), url::USERS);
    frame.canonical = String::new();
    let status = faults.status();
    let page = UsersPage {
        frame,
        faults,
        notice,
        total: dutch::count(users.len(), "gebruiker", "gebruikers"),
        users,
        grants: grants.iter().map(|it| role(it, &catalogue)).collect(),
        chosen: form.text("rol").to_owned(),
        person: form.text("naam").to_owned(),
        mail: form.text("mailadres").to_owned(),
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let entry = managed(app, &visitor, &id).await?;
    let notice = match parameter(request, "melding").as_deref() {
        Some("bewaard") => Some("Bewaard."),
        _ => None,
    };
    user_page(app, &visitor, &entry, Faults::none(), notice).await
}

#[handler]
pub async fn change(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let entry = managed(app, &visitor, &id).await?;
    let by = by(app, &visitor);
    let id = &entry.account.id;
    let grant = match form.text("wat") {
        "geven" | "nemen" => match asked(app, &visitor, &form).await? {
            Some(grant) => grant,
            None => return user_page(app, &visitor, &entry, Faults::in_field("rol", UNKNOWN_ROLE), None).await,
        },
        _ => Grant { role: AccountRole::Reader, scope: Scope::Everywhere },
    };
    let done = match form.text("wat") {
        "geven" => accounts::give(by, id, &grant).await,
        "nemen" => accounts::take(by, id, &grant).await,
        "uitnodigen" => accounts::invite_again(by, id).await.map(drop),
        "blokkeren" => accounts::block(by, id).await,
        "deblokkeren" => accounts::unblock(by, id).await,
        _ => return Err(Failure::NotFound),
    };
    match done {
        Ok(()) => Ok(see_other(&url::with_query(&url::user(id.as_str()), &[("melding", "bewaard")]))),
        Err(error) => user_page(app, &visitor, &entry, Faults::of(error)?, None).await,
    }
}

/// An account that this visitor may see in the administration; any other is not there.
async fn managed(app: &App, visitor: &Visitor, id: &str) -> Result<Entry, Failure> {
    visitor.user()?;
    let catalogue = app.store.catalogue().await?;
    if accounts::can_give(&visitor.actor, &catalogue).is_empty() {
        return Err(Failure::Denied(Denied::Role));
    }
    let found = account::get(&app.store, &AccountId::stored(id.to_owned())).await?;
    found.filter(|it| accounts::may_manage(&visitor.actor, &it.account).is_ok()).ok_or(Failure::NotFound)
}

async fn user_page(
    app: &App,
    visitor: &Visitor,
    entry: &Entry,
    faults: Faults,
    notice: Option<&'static str>,
) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let account = &entry.account;
    let pair = |it: &Grant| (word(it), role(it, &catalogue));
    let can_give = accounts::can_give(&visitor.actor, &catalogue);
    let mut frame =
        Frame::new(app, visitor, Section::None, &faults.title(&account.name), &url::user(account.id.as_str()));
    frame.canonical = String::new();
    let status = faults.status();
    let page = UserPage {
        frame,
        faults,
        notice,
        name: account.name.clone(),
        mail: account.mail.clone(),
        status: account.status.label(),
        has_factor: entry.secrets.totp.is_some(),
        held: account.grants.iter().map(pair).collect(),
        grants: can_give.iter().filter(|it| !account.grants.contains(it)).map(|it| role(it, &catalogue)).collect(),
        is_invited: account.status == AccountStatus::Invited,
        is_blocked: account.status == AccountStatus::Blocked,
        may_block: permission::may(&visitor.actor, Action::Administer).is_ok(),
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

/// A role and its place as one word of a form: `redacteur thema valpreventie`.
fn word(it: &Grant) -> String {
    let role = it.role.word();
    match &it.scope {
        Scope::Everywhere => format!("{role} overal"),
        Scope::Organisation(slug) => format!("{role} organisatie {slug}"),
        Scope::Network(slug) => format!("{role} netwerk {slug}"),
        Scope::Theme(slug) => format!("{role} thema {slug}"),
    }
}

const UNKNOWN_ROLE: &str = "Deze rol is er niet. Typ een deel van de naam en kies uit de lijst.";

/// The role that was asked for: by its word, or as a reader sees it.
async fn asked(app: &App, visitor: &Visitor, form: &Form) -> Result<Option<Grant>, Failure> {
    let typed = form.text("rol").trim();
    if let Some(grant) = parsed(typed) {
        return Ok(Some(grant));
    }
    let catalogue = app.store.catalogue().await?;
    let can_give = accounts::can_give(&visitor.actor, &catalogue);
    if can_give.is_empty() {
        return Err(Failure::Denied(Denied::Role));
    }
    let key = name_key(typed);
    Ok(can_give.into_iter().find(|it| name_key(&role(it, &catalogue)) == key))
}

fn parsed(text: &str) -> Option<Grant> {
    let mut words = text.split(' ');
    let role = AccountRole::parse(words.next()?)?;
    let scope = match (words.next()?, words.next(), words.next()) {
        ("overal", None, None) => Scope::Everywhere,
        ("organisatie", Some(slug), None) => Scope::Organisation(slug.to_owned()),
        ("netwerk", Some(slug), None) => Scope::Network(slug.to_owned()),
        ("thema", Some(slug), None) => Scope::Theme(slug.to_owned()),
        _ => return None,
    };
    Some(Grant { role, scope })
}
