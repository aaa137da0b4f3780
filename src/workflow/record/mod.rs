//! Documents from first draft to withdrawal: who writes ([`mod@write`]), who reviews ([`review`]), and what happens to what
//! is live ([`keep`]).
//!
//! Invariant: each verb checks the right, then the stage, then the rules, and does all of it in one transaction, with
//! an entry in the log of changes and the mails to who must know.
//! Invariant: a draft somebody may not see is, for that person, the same as one that does not exist.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::draft::Draft;
use crate::domain::fault::{Fault, Place};
use crate::domain::field::{self, Target};
use crate::domain::id::{AccountId, DraftId, RecordId};
use crate::domain::library::{self, Subject};
use crate::domain::permission::{Action, Denied, Work, may};
use crate::domain::record::Record;
use crate::domain::stage::Stage;
use crate::store::record::{Change, Stored};
use crate::store::{self, Store, Write, change_log};

use super::{Error, attachment};

pub mod keep;
pub mod notice;
pub mod review;
pub mod write;

/// Who acts, when, from where, and under which settings.
#[derive(Clone, Copy)]
pub struct Act<'a> {
    pub store: &'a Store,
    pub actor: &'a Actor,
    pub now: DateTime<Utc>,
    /// The address the request came from, when there was one.
    pub from: Option<&'a str>,
    /// Whether the author of a version may not approve it.
    pub is_four_eyes: bool,
    /// The address of the site, for links in mails.
    pub site: &'a str,
}

impl Act<'_> {
    /// The account that acts.
    fn account(&self) -> Result<&AccountId, Error> {
        Ok(&self.actor.user().ok_or(Denied::SignIn)?.account)
    }

    /// Writes what happened into the log of changes.
    async fn log(&self, write: &Write, action: &str, subject: &str, detail: serde_json::Value) -> Result<(), Error> {
        notice::log(self, write, action, subject, detail).await
    }
}

/// How the log of changes names a draft.
fn subject(id: &DraftId) -> String {
    format!("concept:{id}")
}

/// How the log of changes names a live document.
fn live_subject(id: &RecordId) -> String {
    format!("document:{id}")
}

/// What rights on a draft depend on: the draft itself and what is live of it.
pub struct Rights<'a> {
    leads: Vec<&'a str>,
    themes: Vec<&'a str>,
    author: Option<&'a AccountId>,
    stage: Stage,
    is_four_eyes: bool,
}

impl<'a> Rights<'a> {
    pub fn of_draft(
        draft: &'a Draft,
        live: Option<&'a Record>,
        catalogue: &'a Catalogue,
        is_four_eyes: bool,
    ) -> Rights<'a> {
        let mut leads = draft.content.leads();
        let mut themes = draft.content.theme_lines(catalogue);
        if let Some(live) = live {
            leads.extend(live.leads());
            themes.extend(theme_lines(live, catalogue));
        }
        Rights { leads, themes, author: Some(&draft.author), stage: draft.stage, is_four_eyes }
    }

    pub fn of_live(live: &'a Record, catalogue: &'a Catalogue) -> Rights<'a> {
        Rights {
            leads: live.leads().collect(),
            themes: theme_lines(live, catalogue),
            author: None,
            stage: Stage::Published,
            is_four_eyes: true,
        }
    }

    fn work(&self) -> Work<'_> {
        Work { leads: &self.leads, themes: &self.themes, author: self.author, is_four_eyes: self.is_four_eyes }
    }

    pub fn may_write(&self, actor: &Actor) -> Result<(), Denied> {
        may(actor, Action::Write(self.work()))
    }

    pub fn may_comment(&self, actor: &Actor) -> Result<(), Denied> {
        may(actor, Action::Comment(self.work()))
    }

    pub fn may_approve(&self, actor: &Actor) -> Result<(), Denied> {
        may(actor, Action::Approve(self.work()))
    }

    pub fn may_keep(&self, actor: &Actor) -> Result<(), Denied> {
        may(actor, Action::Keep(self.work()))
    }

    /// Who writes it always; who reviews once it was submitted.
    pub fn may_see(&self, actor: &Actor) -> bool {
        self.may_write(actor).is_ok() || self.stage != Stage::Draft && self.may_comment(actor).is_ok()
    }
}

fn theme_lines<'a>(record: &'a Record, catalogue: &'a Catalogue) -> Vec<&'a str> {
    record.common.themes.iter().flat_map(|it| catalogue.theme_line(it)).collect()
}

/// A draft that an actor may see, with what is live of it.
pub async fn see(act: &Act<'_>, id: &DraftId) -> Result<(Draft, Option<Stored>), Error> {
    let draft = store::draft::get(act.store, id).await?.ok_or(Error::NotFound)?;
    let live = match &draft.of {
        Some((id, _)) => store::record::any_by_id(act.store, id).await?,
        None => None,
    };
    let catalogue = act.store.catalogue().await?;
    let rights = Rights::of_draft(&draft, live.as_ref().map(|it| &it.record), &catalogue, act.is_four_eyes);
    if rights.may_see(act.actor) { Ok((draft, live)) } else { Err(Error::NotFound) }
}

/// What somebody must have a right to.
#[derive(Debug, Clone, Copy)]
enum Right {
    Write,
    Comment,
    Approve,
    /// Who writes it and who reviews it may both.
    Remark,
}

impl Right {
    fn check(self, rights: &Rights<'_>, actor: &Actor) -> Result<(), Denied> {
        match self {
            Right::Write => rights.may_write(actor),
            Right::Comment => rights.may_comment(actor),
            Right::Approve => rights.may_approve(actor),
            Right::Remark => rights.may_write(actor).or_else(|_| rights.may_comment(actor)),
        }
    }
}

/// The draft as the running write sees it, when the actor has a right on it and saw this version of it.
async fn take(
    act: &Act<'_>,
    write: &Write,
    id: &DraftId,
    seen: Option<i32>,
    right: Right,
) -> Result<(Draft, Option<Stored>), Error> {
    let draft = store::draft::get_in(write, id).await?.ok_or(Error::NotFound)?;
    let live = match &draft.of {
        Some((id, _)) => store::record::get_in(write, id).await?,
        None => None,
    };
    let catalogue = act.store.catalogue().await?;
    let rights = Rights::of_draft(&draft, live.as_ref().map(|it| &it.record), &catalogue, act.is_four_eyes);
    if !rights.may_see(act.actor) {
        return Err(Error::NotFound);
    }
    right.check(&rights, act.actor)?;
    match seen {
        Some(seen) if seen != draft.version => Err(Error::Conflict(Box::new(draft))),
        _ => Ok((draft, live)),
    }
}

/// Stores a draft that was just changed.
async fn put_draft(write: &Write, draft: &mut Draft, now: DateTime<Utc>) -> Result<(), Error> {
    draft.version += 1;
    draft.updated_at = now;
    match store::draft::save(write, draft).await? {
        true => Ok(()),
        false => Err(Error::Stage("dit is intussen gewijzigd; laad de pagina opnieuw")),
    }
}

/// Makes a document the live one, checked against the library, with its revision and change-log entry.
async fn put_live(act: &Act<'_>, write: &Write, live: Option<&Stored>, record: &Record) -> Result<RecordId, Error> {
    let (catalogue, ids) = store::catalogue::get_in(write).await?;
    let own = live.map(|it| &it.id);
    let faults = faults_among(write, &catalogue, own, record).await?;
    if !faults.is_empty() {
        return Err(Error::of_record(&record.slug, faults));
    }
    let change = match live {
        Some(live) => Change::update(live, record),
        None => Change::create(record, act.now),
    };
    let id = change.id.clone();
    store::record::save(write, &ids, &[change], act.actor, act.now, &|_| ()).await?;
    change_log::append(write, &BTreeSet::from([change_log::Subject::Record(id.clone())]), act.now).await?;
    Ok(id)
}

/// What is wrong with a document among the others: references to nothing, addresses that are taken.
async fn faults_among(
    write: &Write,
    catalogue: &Catalogue,
    own: Option<&RecordId>,
    record: &Record,
) -> Result<Vec<Fault>, Error> {
    let values = record.to_value();
    let mut named: Vec<String> = Vec::new();
    for fields in [crate::domain::record::Common::FIELDS, crate::domain::record::Own::fields(record.kind())] {
        let found = field::references(fields, &values, &Place::root());
        named.extend(found.into_iter().filter(|it| it.0 == Target::Record).map(|it| it.1));
    }
    named.retain(|it| *it != record.slug);
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let others = store::record::by_slugs_in(write, &named).await?;
    let all: Vec<&Record> =
        std::iter::once(record).chain(others.iter().filter(|it| Some(&it.id) != own).map(|it| &it.record)).collect();
    let subject = Subject::Record(record.slug.clone());
    let mut faults: Vec<Fault> =
        library::check_records(catalogue, &all).into_iter().filter(|it| it.0 == subject).map(|it| it.1).collect();
    faults.extend(attachment::check(write, record).await?);
    let places = record.common.former_slugs.iter().enumerate();
    let places = places.map(|(at, it)| (it, Place::root().key("oude_slugs").at(at)));
    for (slug, place) in std::iter::once((&record.slug, Place::root().key("adres"))).chain(places) {
        if let Some(other) = store::record::owner_of_address(write, slug).await?
            && Some(&other) != own
        {
            let wrong = format!("het adres \"{slug}\" is al van een ander document");
            faults.push(Fault::new(&place, wrong, "kies een ander adres"));
        }
    }
    Ok(faults)
}
