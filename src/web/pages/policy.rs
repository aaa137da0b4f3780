//! The rules of what is shown of others: what holds, what one administrator proposes and a second agrees with or
//! rejects, and what held before.

use std::collections::HashMap;

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use crate::app::App;
use crate::domain::id::PolicyId;
use crate::domain::permission::{Action, may};
use crate::store::disclosure_policy::{self, Version};
use crate::text::local_time;
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::proposal::{Rejecting, Sent};
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
    proposals: Vec<VersionLine>,
    history: Vec<VersionLine>,
    /// What was proposed and never held.
    dropped: Vec<VersionLine>,
    sent: Sent,
    summary: Vec<(String, String)>,
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
    /// How it ended: agreed, rejected, withdrawn or overtaken; empty while it waits.
    ended: String,
    reason: String,
    /// Why it was rejected.
    answer: Option<String>,
    /// Rule, before, after.
    changes: Vec<(&'static str, String, String)>,
    is_own: bool,
    rejecting: Rejecting,
}

/// What stands in the form after something was sent.
#[derive(Default)]
struct Typed {
    values: HashMap<&'static str, String>,
    sent: Sent,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    policy_page(app, &visitor, Typed::default()).await
}

async fn policy_page(app: &App, visitor: &Visitor, Typed { values, sent }: Typed) -> Result<Response, Failure> {
    may(&visitor.actor, Action::Administer)?;
    let versions = disclosure_policy::all(&app.store).await?;
    let now = policy::rules(&app.store).await?;
    let names = notice::names(&app.store).await?;
    let fields = FIELDS.iter().map(|it| FieldLine {
        name: it.name,
        label: it.label,
        hint: it.hint,
        now: shown(&now, it.name),
        typed: values.get(it.name).cloned().unwrap_or_else(|| now.text(it.name)),
        is_choice: it.bounds == policy::Bounds::YesNo,
    });
    let mut agreed: Vec<&Version> = versions.iter().filter(|it| it.proposal.approved_at.is_some()).collect();
    agreed.sort_by_key(|it| it.proposal.approved_at);
    let since = agreed.last().and_then(|it| it.proposal.approved_at);
    let told = |it: &Version| line(it, &held_before(it, &agreed), visitor, &names, &sent);
    let is_overtaken = |it: &Version| since.is_some_and(|since| it.proposal.made_at < since);
    let waits = |it: &&Version| it.proposal.is_waiting() && !is_overtaken(it);
    let is_dropped = |it: &&Version| it.proposal.approved_at.is_none() && !waits(it);
    let summary = sent.summary().into_iter().map(|(place, text)| {
        let label = FIELDS.iter().find(|it| it.name == place).map(|it| format!("{}: ", it.label));
        (place, format!("{}{text}", label.unwrap_or_default()))
    });
    let status = sent.status;
    let page = PolicyPage {
        frame: Frame::new(app, visitor, Section::None, &sent.faults.title("Beleid voor cijfers van anderen"), ""),
        fields: fields.collect(),
        since: since.map(local_time::date_and_clock),
        proposals: versions.iter().filter(waits).map(told).collect(),
        history: agreed.iter().rev().map(|it| told(it)).collect(),
        dropped: versions.iter().filter(is_dropped).map(told).collect(),
        summary: summary.collect(),
        sent,
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

/// The rules that held before a version, of those that were agreed, oldest first: what it changes is told beside them.
fn held_before(it: &Version, agreed: &[&Version]) -> Rules {
    let held = match agreed.iter().position(|other| other.id == it.id) {
        Some(at) => agreed[..at].last(),
        // What waits is told beside what holds now, what ended beside what held when it was made.
        None if it.proposal.is_waiting() => agreed.last(),
        None => agreed.iter().rev().find(|other| other.proposal.approved_at <= Some(it.proposal.made_at)),
    };
    held.map(|it| policy::rules_of(it)).unwrap_or_default()
}

/// The value of a rule for a reader.
fn shown(rules: &Rules, name: &str) -> String {
    let text = rules.text(name);
    if text.is_empty() { "nooit".to_owned() } else { text }
}

fn line(it: &Version, before: &Rules, visitor: &Visitor, names: &HashMap<String, String>, sent: &Sent) -> VersionLine {
    let rules = policy::rules_of(it);
    let name = |label: &str| names.get(label).cloned().unwrap_or_else(|| "een oud-gebruiker".to_owned());
    let at = |text: &str, who: &str, when| format!("{text} door {} op {}", name(who), local_time::date_and_clock(when));
    let changed = FIELDS.iter().filter(|it| before.text(it.name) != rules.text(it.name));
    let made = &it.proposal;
    let agreed = made.approved_by.as_ref().zip(made.approved_at);
    let ended = agreed
        .map(|(who, when)| at("Vastgesteld", who.as_str(), when))
        .or_else(|| made.ended.as_ref().map(|it| at(it.how.label(), &it.by, it.at)));
    VersionLine {
        id: it.id.to_string(),
        made: at("Voorgesteld", &made.made_by, made.made_at),
        ended: ended.unwrap_or_else(|| "Vervallen: daarna is ander beleid vastgesteld".to_owned()),
        reason: made.reason.clone(),
        answer: made.ended.as_ref().and_then(|it| it.reason.clone()),
        changes: changed.map(|it| (it.label, shown(before, it.name), shown(&rules, it.name))).collect(),
        is_own: made.made_by == visitor.actor.label(),
        rejecting: sent.rejecting(it.id.as_str()),
    }
}

#[handler]
pub async fn decide(Data(app): Data<&App>, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    may(&visitor.actor, Action::Administer)?;
    let doing = act(app, &visitor);
    let id = PolicyId::stored(form.text("voorstel").to_owned());
    let done = match form.text("actie") {
        "voorstellen" => match Rules::from_texts(|name| form.text(name)) {
            Ok(rules) => policy::propose(&doing, rules, form.text("reden")).await.map(drop),
            Err(faults) => Err(workflow::Error::Form(faults)),
        },
        "akkoord" => policy::approve(&doing, &id).await,
        "afwijzen" => policy::reject(&doing, &id, form.text("waarom")).await,
        "intrekken" => policy::withdraw(&doing, &id).await,
        _ => return Err(Failure::NotFound),
    };
    let Err(error) = done else { return Ok(see(url::POLICY)) };
    let sent = Sent::refused(&form, "voorstel", error)?;
    let mut typed = Typed { sent, ..Typed::default() };
    if form.text("actie") == "voorstellen" {
        typed.values = FIELDS.iter().map(|it| (it.name, form.text(it.name).to_owned())).collect();
    }
    policy_page(app, &visitor, typed).await
}
