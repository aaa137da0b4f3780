//! The administration: its entrance, the log of changes, and the mails that wait.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use poem::web::Data;
use poem::{Request, Response, handler};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::id::{DraftId, MailId, RecordId};
use crate::domain::mail::MailState;
use crate::domain::permission::{self, Action, Denied};
use crate::store::{account, audit, mail, record};
use crate::text::dutch;
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::account::moment;
use crate::web::pages::sign_in::{by, parameter, see_other};
use crate::web::url;
use crate::workflow::account as accounts;

/// Entries of the log on one page, and mails that are shown.
const ENTRIES: u64 = 100;
const MAILS: u64 = 200;

#[derive(Template)]
#[template(path = "admin.html", config = "src/web/askama.toml")]
struct AdminPage {
    frame: Frame,
    /// Address, name and what is there.
    entries: Vec<(&'static str, &'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "audit.html", config = "src/web/askama.toml")]
struct AuditPage {
    frame: Frame,
    entries: Vec<AuditRow>,
    older: Option<String>,
}

struct AuditRow {
    when: String,
    who: String,
    what: String,
    subject: String,
    /// Where it stands; empty when it has no page.
    url: String,
    detail: String,
    from: String,
}

#[derive(Template)]
#[template(path = "mails.html", config = "src/web/askama.toml")]
struct MailsPage {
    frame: Frame,
    waiting: String,
    failed: String,
    mails: Vec<MailRow>,
}

struct MailRow {
    id: String,
    when: String,
    recipient: String,
    subject: String,
    state: &'static str,
    error: String,
    tries: i32,
    can_retry: bool,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    visitor.user()?;
    let catalogue = app.store.catalogue().await?;
    if accounts::can_give(&visitor.actor, &catalogue).is_empty() {
        return Err(Failure::Denied(Denied::Role));
    }
    let mut entries = vec![
        (url::USERS, "Gebruikers", "uitnodigen, rollen, blokkeren"),
        (url::DELIVER, "Aanleveringen", "cijfers van organisaties: akkoord, vrijgeven"),
    ];
    if permission::may(&visitor.actor, Action::Administer).is_ok() {
        entries.push((url::LISTS, "Lijsten", "organisaties, thema’s, regio’s, programma’s, netwerken en woorden"));
        entries.push((url::QUESTIONS, "Zoekvragen", "wat niets opleverde, en het woord dat er wel antwoord op geeft"));
        entries.push((url::REVIEWERS, "Beoordelaars", "wie welk thema beoordeelt, wie vervangt en hoe snel"));
        entries.push((url::POLICY, "Beleid", "wat van cijfers van anderen te zien is, en vanaf hoeveel leden"));
        entries.push((url::AUDIT, "Logboek", "wie wijzigde wat, wanneer en vanwaar"));
        entries.push((url::MAILS, "Berichten", "wat wacht, verstuurd is of mislukte"));
    }
    page::show(&AdminPage { frame: frame(app, &visitor, "Beheer", url::ADMIN), entries })
}

#[handler]
pub async fn show_audit(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    permission::may(&visitor.actor, Action::Administer)?;
    let before = parameter(request, "voor").and_then(|it| it.parse().ok());
    let entries = audit::latest(&app.store, before, None, ENTRIES).await?;
    let accounts = account::list(&app.store).await?;
    let names: HashMap<&str, &str> =
        accounts.iter().map(|it| (it.account.id.as_str(), it.account.name.as_str())).collect();
    let named = |id: &str| names.get(id).map_or_else(|| id.to_owned(), |it| (*it).to_owned());
    let older = entries.last().filter(|_| entries.len() as u64 == ENTRIES).map(|it| it.seq.to_string());
    let ids = entries.iter().filter_map(|it| it.subject.strip_prefix("document:"));
    let ids: Vec<RecordId> = ids.collect::<BTreeSet<_>>().into_iter().map(|it| RecordId::stored(it.into())).collect();
    let records = record::by_ids(&app.store, &Actor::System, &ids).await?;
    let subject = |it: &str| match it.split_once(':') {
        Some(("account", id)) => (named(id), url::user(id)),
        Some(("concept", id)) => ("concept".to_owned(), url::draft(&DraftId::stored(id.to_owned()))),
        Some(("document", id)) => match records.iter().find(|it| it.id.as_str() == id) {
            Some(it) => (it.record.common.title.clone(), url::record(&it.record.slug)),
            None => (it.to_owned(), String::new()),
        },
        _ => (it.to_owned(), String::new()),
    };
    let rows = entries.into_iter().map(|it| {
        let (subject, url) = subject(&it.subject);
        AuditRow {
            when: moment(it.made_at),
            who: named(&it.actor),
            what: it.action,
            subject,
            url,
            detail: detail(&it.detail, &named),
            from: it.address.unwrap_or_default(),
        }
    });
    page::show(&AuditPage {
        frame: frame(app, &visitor, "Logboek", url::AUDIT),
        entries: rows.collect(),
        older: older.map(|it| url::with_query(url::AUDIT, &[("voor", &it)])),
    })
}

#[handler]
pub async fn show_mails(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    permission::may(&visitor.actor, Action::Administer)?;
    let count = async |state: MailState| -> Result<usize, Failure> {
        Ok(usize::try_from(mail::count(&app.store, state).await?).unwrap_or(0))
    };
    let mails = mail::latest(&app.store, MAILS).await?.into_iter().map(|it| MailRow {
        id: it.id.to_string(),
        when: moment(it.created_at),
        recipient: it.recipient,
        subject: it.subject,
        state: it.state.label(),
        error: it.error,
        tries: it.tries,
        can_retry: it.state != MailState::Sent,
    });
    page::show(&MailsPage {
        frame: frame(app, &visitor, "Berichten", url::MAILS),
        waiting: dutch::count(count(MailState::Waiting).await?, "bericht wacht", "berichten wachten"),
        failed: dutch::count(count(MailState::Failed).await?, "bericht mislukt", "berichten mislukt"),
        mails: mails.collect(),
    })
}

#[handler]
pub async fn send_again(Data(app): Data<&App>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    permission::may(&visitor.actor, Action::Administer)?;
    accounts::send_again(by(app, &visitor), &MailId::stored(form.text("bericht").to_owned())).await?;
    Ok(see_other(url::MAILS))
}

fn frame(app: &App, visitor: &Visitor, title: &str, path: &str) -> Frame {
    let mut frame = Frame::new(app, visitor, Section::None, title, path);
    frame.canonical = String::new();
    frame
}

/// Named values as a reader sees them: "rol: lezer, waar: overal"; accounts by their names.
fn detail(value: &serde_json::Value, named: &impl Fn(&str) -> String) -> String {
    let shown = |it: &serde_json::Value| match it {
        serde_json::Value::String(text) => named(text),
        serde_json::Value::Bool(true) => "ja".to_owned(),
        serde_json::Value::Bool(false) => "nee".to_owned(),
        other => other.to_string(),
    };
    let pairs = value.as_object().into_iter().flatten().map(|(name, value)| format!("{name}: {}", shown(value)));
    pairs.collect::<Vec<_>>().join(", ")
}
