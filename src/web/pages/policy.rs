//! The rules of what is shown of others: what holds, what one administrator proposes and a second agrees with, and what
//! held before.

use std::collections::HashMap;

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};

use crate::app::App;
use crate::domain::id::PolicyId;
use crate::domain::permission::{Action, Denied, may};
use crate::store::disclosure_policy::{self, Version};
use crate::text::{dutch, local_time};
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::faults::Faults;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::url;
use crate::workflow;
use crate::workflow::policy::{self, FIELDS, Rules};
use crate::workflow::record::notice;

#[derive(Template)]
#[template(path = "policy.html", config = "src/web/askama.toml")]
struct PolicyPage {
    frame: Frame,
    fields: Vec<FieldLine>,
    since: Option<String>,
    reason: String,
    proposals: Vec<VersionLine>,
    history: Vec<VersionLine>,
    faults: Faults,
    error: String,
}

/// A rule: what holds and what was typed.
struct FieldLine {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    now: String,
    typed: String,
    is_choice: bool,
}

/// A version of the rules, told by what it changes.
struct VersionLine {
    id: String,
    made: String,
    agreed: String,
    reason: String,
    /// Rule, before, after.
    changes: Vec<(&'static str, String, String)>,
    is_own: bool,
}

/// What stands in the form after something was sent.
#[derive(Default)]
struct Typed {
    values: HashMap<&'static str, String>,
    reason: String,
    faults: Faults,
    error: String,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    policy_page(app, &visitor, Typed::default(), StatusCode::OK).await
}

async fn policy_page(app: &App, visitor: &Visitor, typed: Typed, status: StatusCode) -> Result<Response, Failure> {
    may(&visitor.actor, Action::Administer)?;
    let versions = disclosure_policy::all(&app.store).await?;
    let in_force = disclosure_policy::in_force(&app.store).await?;
    let now = policy::rules(&app.store).await?;
    let names = notice::names(&app.store).await?;
    let since = in_force.as_ref().and_then(|it| it.approved_at);
    let fields = FIELDS.iter().map(|it| FieldLine {
        name: it.name,
        label: it.label,
        hint: it.hint,
        now: shown(&now, it.name),
        typed: typed.values.get(it.name).cloned().unwrap_or_else(|| now.text(it.name)),
        is_choice: it.bounds == policy::Bounds::YesNo,
    });
    let open = versions.iter().filter(|it| it.approved_at.is_none() && since.is_none_or(|since| since <= it.made_at));
    let proposals = open.map(|it| line(it, &now, visitor, &names)).collect();
    let mut agreed: Vec<&Version> = versions.iter().filter(|it| it.approved_at.is_some()).collect();
    agreed.sort_by_key(|it| it.approved_at);
    let before = std::iter::once(Rules::default()).chain(agreed.iter().map(|it| policy::rules_of(it)));
    let mut history: Vec<VersionLine> =
        agreed.iter().zip(before).map(|(it, before)| line(it, &before, visitor, &names)).collect();
    history.reverse();
    let page = PolicyPage {
        frame: Frame::new(app, visitor, Section::None, &typed.faults.title("Beleid voor cijfers van anderen"), ""),
        fields: fields.collect(),
        since: since.map(local_time::date_and_clock),
        reason: typed.reason,
        proposals,
        history,
        faults: typed.faults,
        error: typed.error,
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

/// The value of a rule for a reader.
fn shown(rules: &Rules, name: &str) -> String {
    let text = rules.text(name);
    if text.is_empty() { "nooit".to_owned() } else { text }
}

fn line(it: &Version, before: &Rules, visitor: &Visitor, names: &HashMap<String, String>) -> VersionLine {
    let rules = policy::rules_of(it);
    let name = |label: &str| names.get(label).cloned().unwrap_or_else(|| "een oud-gebruiker".to_owned());
    let at = |text: &str, who: &str, when| format!("{text} door {} op {}", name(who), local_time::date_and_clock(when));
    let changed = FIELDS.iter().filter(|it| before.text(it.name) != rules.text(it.name));
    VersionLine {
        id: it.id.to_string(),
        made: at("Voorgesteld", &it.made_by, it.made_at),
        agreed: match (&it.approved_by, it.approved_at) {
            (Some(who), Some(when)) => at("Vastgesteld", who.as_str(), when),
            _ => String::new(),
        },
        reason: it.reason.clone(),
        changes: changed.map(|it| (it.label, shown(before, it.name), shown(&rules, it.name))).collect(),
        is_own: it.made_by == visitor.actor.label(),
    }
}

#[handler]
pub async fn decide(Data(app): Data<&App>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    may(&visitor.actor, Action::Administer)?;
    let doing = act(app, &visitor);
    let done = match form.text("actie") {
        "voorstellen" => match Rules::from_texts(|name| form.text(name)) {
            Ok(rules) => policy::propose(&doing, rules, form.text("reden")).await.map(drop),
            Err(faults) => Err(workflow::Error::of_record("", faults)),
        },
        "akkoord" => policy::approve(&doing, &PolicyId::stored(form.text("voorstel").to_owned())).await,
        _ => return Err(Failure::NotFound),
    };
    let mut typed = Typed::default();
    match done {
        Ok(()) => Ok(see(url::POLICY)),
        Err(error @ workflow::Error::Invalid(_)) => {
            typed.values = FIELDS.iter().map(|it| (it.name, form.text(it.name).to_owned())).collect();
            typed.reason = form.text("reden").to_owned();
            typed.faults = Faults::of(workflow::Error::Form(error.faults()))?;
            let status = typed.faults.status();
            policy_page(app, &visitor, typed, status).await
        }
        Err(workflow::Error::Denied(Denied::OwnWork)) => {
            typed.error = "U deed dit voorstel zelf. Een tweede beheerder moet akkoord geven.".to_owned();
            policy_page(app, &visitor, typed, StatusCode::FORBIDDEN).await
        }
        Err(workflow::Error::Stage(text)) => {
            typed.error = format!("{}.", dutch::capital(text));
            policy_page(app, &visitor, typed, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error.into()),
    }
}
