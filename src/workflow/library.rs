//! Taking in a set of items and documents: what is new is made, what differs is updated, the rest is left.
//!
//! Invariant: nothing is removed. What a set does not name stays as it is.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::actor::Actor;
use crate::domain::catalogue::{Catalogue, Item, ItemKind};
use crate::domain::library::{self, Library};
use crate::domain::measurement::Measurement;
use crate::domain::record::Record;
use crate::store::change_log::{self, Subject};
use crate::store::record::{Change, Stored};
use crate::store::{self, Ids, Store};

use super::{Error, attachment};

/// What happens to one item or document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Create,
    Update,
    Leave,
}

/// What taking in a set does, item by item.
#[derive(Debug, Default)]
pub struct Plan {
    pub items: Vec<(Action, ItemKind, String)>,
    pub records: Vec<(Action, String)>,
    /// What happens to each published figure of the set.
    pub measurements: Vec<Action>,
    /// Documents that are stored and not in the set; they stay as they are.
    pub unnamed: Vec<String>,
}

impl Plan {
    /// How many items, documents and figures meet this action.
    pub fn count(&self, action: Action) -> usize {
        let items = self.items.iter().map(|it| it.0);
        let all = items.chain(self.records.iter().map(|it| it.0)).chain(self.measurements.iter().copied());
        all.filter(|it| *it == action).count()
    }
}

/// Takes a set in, or with `dry_run` only says what that would do. `step` hears how far it is: done, of all.
pub async fn take_in(
    store: &Store,
    actor: &Actor,
    incoming: &Library,
    now: DateTime<Utc>,
    dry_run: bool,
    step: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<Plan, Error> {
    let write = store.write().await?;
    let (current, ids) = store::catalogue::get_in(&write).await?;
    let mut ids = Arc::unwrap_or_clone(ids);
    let stored = store::record::all_in(&write).await?;

    let lists = merge_lists(&current, &incoming.catalogue);
    let documents = merge_records(&stored, &incoming.records);
    let merged: Vec<&Record> = documents.iter().map(|it| it.record).collect();
    let mut faults = library::check(&lists.merged, &merged);
    faults.extend(library::check_measurements(&lists.merged, &merged, &incoming.measurements));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }

    // A trial keeps no files, so it cannot miss them.
    if !dry_run {
        let mut missing = Vec::new();
        for it in documents.iter().filter(|it| it.action != Action::Leave) {
            let faults = attachment::check(&write, it.record).await?;
            missing.extend(faults.into_iter().map(|fault| (library::Subject::Record(it.record.slug.clone()), fault)));
        }
        if !missing.is_empty() {
            return Err(Error::Invalid(missing));
        }
    }

    let figures = merge_measurements(&store::measurement::published_in(&write, &ids).await?, &incoming.measurements);
    let records = documents.iter().filter(|it| it.named).map(|it| (it.action, it.record.slug.clone())).collect();
    let unnamed = documents.iter().filter(|it| !it.named).map(|it| it.record.slug.clone()).collect();
    let plan = Plan { items: lists.actions, records, measurements: figures.iter().map(|it| it.0).collect(), unnamed };
    if dry_run {
        return Ok(plan);
    }

    let changes: Vec<Change> = documents
        .iter()
        .filter_map(|it| match (it.action, it.stored) {
            (Action::Create, _) => Some(Change::create(it.record, now)),
            (Action::Update, Some(stored)) => Some(Change::update(stored, it.record)),
            _ => None,
        })
        .collect();
    let all = lists.changed.len() + changes.len();
    step(0, all);
    store::catalogue::save(&write, &mut ids, &lists.changed).await?;
    store::record::save(&write, &ids, &changes, actor, now, &|done| step(lists.changed.len() + done, all)).await?;
    let rows: Vec<Measurement> = figures.iter().filter(|it| it.0 != Action::Leave).map(|it| it.1.clone()).collect();
    let moved = store::measurement::publish(&write, &ids, &rows, now).await?;
    let mut subjects = touched(&ids, &lists.changed, &changes, &documents, &lists.merged);
    subjects.extend(moved.into_iter().map(|it| Subject::Item(ItemKind::Indicator, it)));
    change_log::append(&write, &subjects, now).await?;
    write.commit().await?;
    Ok(plan)
}

/// The lists after taking in, and what that changes.
struct MergedLists {
    merged: Catalogue,
    actions: Vec<(Action, ItemKind, String)>,
    /// Items to write, with their positions. An item that only moved is among them.
    changed: Vec<(Item, i32)>,
}

/// Items of the set come in their order, after those it does not name.
fn merge_lists(current: &Catalogue, incoming: &Catalogue) -> MergedLists {
    let before: HashMap<(ItemKind, String), (usize, Item)> = positions(current).collect();
    let named: HashSet<(ItemKind, String)> =
        incoming.items().iter().map(|it| (it.kind(), it.slug().to_owned())).collect();
    let mut merged = Catalogue::default();
    for item in current.items() {
        if !named.contains(&(item.kind(), item.slug().to_owned())) {
            merged.push(item);
        }
    }
    let mut actions = Vec::new();
    for item in incoming.items() {
        let action = match before.get(&(item.kind(), item.slug().to_owned())) {
            None => Action::Create,
            Some((_, old)) if *old == item => Action::Leave,
            Some(_) => Action::Update,
        };
        actions.push((action, item.kind(), item.slug().to_owned()));
        merged.push(item);
    }
    let changed = positions(&merged)
        .filter(|(key, (at, item))| before.get(key).is_none_or(|(was, old)| was != at || old != item))
        .map(|(_, (at, item))| (item, at as i32))
        .collect();
    MergedLists { merged, actions, changed }
}

fn positions(catalogue: &Catalogue) -> impl Iterator<Item = ((ItemKind, String), (usize, Item))> {
    let mut next: HashMap<ItemKind, usize> = HashMap::new();
    catalogue.items().into_iter().map(move |item| {
        let at = next.entry(item.kind()).or_default();
        *at += 1;
        ((item.kind(), item.slug().to_owned()), (*at - 1, item))
    })
}

/// A document after taking in.
struct Document<'a> {
    record: &'a Record,
    /// As it stood before, if it did.
    stored: Option<&'a Stored>,
    action: Action,
    /// Whether the set names it.
    named: bool,
}

/// A document of the set is the stored one of the same slug, else of one of its former slugs.
fn merge_records<'a>(stored: &'a [Stored], incoming: &'a [Record]) -> Vec<Document<'a>> {
    let by_slug: HashMap<&str, &Stored> = stored.iter().map(|it| (it.record.slug.as_str(), it)).collect();
    let incoming_slugs: HashSet<&str> = incoming.iter().map(|it| it.slug.as_str()).collect();
    let mut taken = HashSet::new();
    let mut res = Vec::new();
    for record in incoming {
        let former = || {
            let formers = record.common.former_slugs.iter().map(String::as_str);
            formers.filter(|it| !incoming_slugs.contains(it)).find_map(|it| by_slug.get(it).copied())
        };
        let old = by_slug.get(record.slug.as_str()).copied().or_else(former).filter(|it| taken.insert(it.id.clone()));
        let action = match old {
            None => Action::Create,
            Some(old) if old.record == *record => Action::Leave,
            Some(_) => Action::Update,
        };
        res.push(Document { record, stored: old, action, named: true });
    }
    for old in stored.iter().filter(|it| !taken.contains(&it.id)) {
        res.push(Document { record: &old.record, stored: Some(old), action: Action::Leave, named: false });
    }
    res
}

/// Figures of the set against those that stand, by what makes each the only one.
fn merge_measurements<'a>(stored: &[Measurement], incoming: &'a [Measurement]) -> Vec<(Action, &'a Measurement)> {
    let before: HashMap<_, &Measurement> = stored.iter().map(|it| (it.key(), it)).collect();
    let action = |it: &Measurement| match before.get(&it.key()) {
        None => Action::Create,
        Some(old) if *old == it => Action::Leave,
        Some(_) => Action::Update,
    };
    incoming.iter().map(|it| (action(it), it)).collect()
}

/// Everything that looks different now: what was written, and the documents that show a written item.
fn touched(
    ids: &Ids,
    items: &[(Item, i32)],
    changes: &[Change<'_>],
    documents: &[Document],
    catalogue: &Catalogue,
) -> BTreeSet<Subject> {
    let written: HashSet<(ItemKind, &str)> = items.iter().map(|(it, _)| (it.kind(), it.slug())).collect();
    let mut res: BTreeSet<Subject> =
        items.iter().filter_map(|(it, _)| Some(Subject::Item(it.kind(), ids.item(it.kind(), it.slug())?))).collect();
    res.extend(changes.iter().map(|it| Subject::Record(it.id.clone())));
    for (stored, record) in documents.iter().filter_map(|it| Some((it.stored?, it.record))) {
        if shown_items(record, catalogue).any(|it| written.contains(&it)) {
            res.insert(Subject::Record(stored.id.clone()));
        }
    }
    res
}

/// The items a document shows or is found by: those it names, and the wider themes and regions above them.
pub(super) fn shown_items<'a>(
    record: &'a Record,
    catalogue: &'a Catalogue,
) -> impl Iterator<Item = (ItemKind, &'a str)> {
    let common = &record.common;
    let themes = common.themes.iter().flat_map(|it| catalogue.theme_line(it)).map(|it| (ItemKind::Theme, it));
    let regions = common.region.iter().flat_map(|it| catalogue.region_line(it)).map(|it| (ItemKind::Region, it));
    let organisations = common.organisations.iter().map(|it| (ItemKind::Organisation, it.organisation.as_str()));
    let programme = common.programme.iter().map(|it| (ItemKind::Programme, it.as_str()));
    let blocks = common.building_blocks.iter().map(|it| (ItemKind::BuildingBlock, it.as_str()));
    themes.chain(regions).chain(organisations).chain(programme).chain(blocks)
}
