//! Changes to the lists by an administrator: one item at a time, a word for a concept, and two organisations that turn
//! out to be one.
//!
//! Invariant: after a merge nothing names the organisation that is gone but old versions; its address, its names and
//! its members lead to the other.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::domain::catalogue::{Catalogue, Item, ItemKind};
use crate::domain::concept::Concept;
use crate::domain::draft;
use crate::domain::fault::{Fault, Place};
use crate::domain::field;
use crate::domain::library::{self, Subject};
use crate::domain::organisation::{self, Alias};
use crate::domain::part::Participation;
use crate::domain::permission::{Action, may};
use crate::domain::record::Record;
use crate::domain::stage::Stage;
use crate::store::record::{Change, Stored};
use crate::store::{self, audit, change_log};

use super::Error;
use super::library::shown_items;
use super::record::Act;

fn refused(kind: ItemKind, slug: &str, faults: Vec<Fault>) -> Error {
    Error::Invalid(faults.into_iter().map(|it| (Subject::Item(kind, slug.to_owned()), it)).collect())
}

/// The item of these values, or all that is wrong with it by itself.
fn item(kind: ItemKind, values: Map<String, Value>) -> Result<Item, Error> {
    let slug = values.get("slug").and_then(Value::as_str).unwrap_or_default().to_owned();
    let faults = field::check(Item::fields(kind), &values, &Place::root());
    if !faults.is_empty() {
        return Err(refused(kind, &slug, faults));
    }
    let item = Item::from_value(kind, values)
        .map_err(|it| refused(kind, &slug, vec![Fault::new(&Place::root(), it.to_string(), "")]))?;
    let faults = item.check_rules();
    if faults.is_empty() { Ok(item) } else { Err(refused(kind, &slug, faults)) }
}

/// Makes or changes one item. `is_new` says that its slug must not be there yet.
pub async fn put(act: &Act<'_>, kind: ItemKind, values: Map<String, Value>, is_new: bool) -> Result<Item, Error> {
    may(act.actor, Action::EditLists)?;
    let item = item(kind, values)?;
    let write = act.store.write().await?;
    let (current, ids) = store::catalogue::get_in(&write).await?;
    let mut ids = Arc::unwrap_or_clone(ids);
    let was_moved = store::item_slug::all_in(&write, kind).await?.iter().any(|it| it.0 == item.slug());
    let of_kind = || current.items().into_iter().filter(|it| it.kind() == kind);
    let at = of_kind().position(|it| it.slug() == item.slug());
    match at {
        Some(_) if is_new => {
            let fault = Fault::new(&Place::root().key("slug"), "dit adres is al in gebruik", "kies een ander");
            return Err(refused(kind, item.slug(), vec![fault]));
        }
        None if !is_new => return Err(Error::NotFound),
        None if was_moved => {
            let wrong = "dit adres leidt al naar een ander";
            let fault = Fault::new(&Place::root().key("slug"), wrong, "kies een ander");
            return Err(refused(kind, item.slug(), vec![fault]));
        }
        _ => (),
    }
    let merged = replaced(&current, &item);
    let faults: Vec<_> = library::check(&merged, &[]);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let position = at.unwrap_or_else(|| of_kind().count());
    store::catalogue::save(&write, &mut ids, &[(item.clone(), position as i32)]).await?;
    let mut subjects: BTreeSet<_> =
        ids.item(kind, item.slug()).map(|id| change_log::Subject::Item(kind, id)).into_iter().collect();
    if !kind.is_lexicon() && at.is_some() {
        for stored in store::record::all_in(&write).await? {
            if shown_items(&stored.record, &merged).any(|it| it == (kind, item.slug())) {
                subjects.insert(change_log::Subject::Record(stored.id));
            }
        }
    }
    change_log::append(&write, &subjects, act.now).await?;
    let subject = format!("{}:{}", kind.word(), item.slug());
    let action = if is_new { "toegevoegd" } else { "gewijzigd" };
    audit::append(&write, act.actor, action, &subject, json!({}), act.from, act.now).await?;
    write.commit().await?;
    Ok(item)
}

/// The lists with an item in its place, or at the end when it is new.
fn replaced(current: &Catalogue, item: &Item) -> Catalogue {
    let mut res = Catalogue::default();
    let mut is_placed = false;
    for it in current.items() {
        match it.kind() == item.kind() && it.slug() == item.slug() {
            true => {
                is_placed = true;
                res.push(item.clone());
            }
            false => res.push(it),
        }
    }
    if !is_placed {
        res.push(item.clone());
    }
    res
}

/// Says that a word means the same as a concept. Without one of this slug the word becomes a concept of its own name.
pub async fn add_synonym(act: &Act<'_>, concept: Option<&str>, word: &str) -> Result<Item, Error> {
    may(act.actor, Action::EditLists)?;
    let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
    let catalogue = act.store.catalogue().await?;
    let (concept, is_new) = match concept {
        Some(slug) => {
            let found = catalogue.concepts.by_slug(slug).ok_or(Error::NotFound)?;
            let mut concept = found.clone();
            concept.synonyms.push(word);
            (concept, false)
        }
        None => (Concept { slug: draft::slug_of(&word), name: word, ..Concept::default() }, true),
    };
    put(act, ItemKind::Concept, Item::Concept(concept).to_value(), is_new).await
}

/// Two organisations are one: what names the first names the second from now on, and its names become other names.
pub async fn merge_organisations(act: &Act<'_>, from: &str, into: &str) -> Result<(), Error> {
    may(act.actor, Action::EditLists)?;
    if from == into {
        return Err(Error::of_field("in", "dit is dezelfde organisatie", "kies een andere"));
    }
    let write = act.store.write().await?;
    let (current, ids) = store::catalogue::get_in(&write).await?;
    let mut ids = Arc::unwrap_or_clone(ids);
    let kind = ItemKind::Organisation;
    let (Some(old), Some(new)) = (current.organisation(from), current.organisation(into)) else {
        return Err(Error::NotFound);
    };
    let (Some(old_id), Some(new_id)) = (ids.item(kind, from), ids.item(kind, into)) else {
        return Err(Error::NotFound);
    };
    let mut joined = new.clone();
    let reason = Some("samengevoegd".to_owned());
    let name = Alias { name: old.name.clone(), reason };
    for alias in std::iter::once(name).chain(old.aliases.iter().cloned()) {
        let is_known = organisation::name_key(&joined.name) == organisation::name_key(&alias.name)
            || joined.aliases.iter().any(|it| organisation::name_key(&it.name) == organisation::name_key(&alias.name));
        if !is_known {
            joined.aliases.push(alias);
        }
    }
    joined.region = joined.region.or_else(|| old.region.clone());
    joined.place = joined.place.or_else(|| old.place.clone());
    joined.website = joined.website.or_else(|| old.website.clone());

    // The lists: items that name the old one.
    let mut merged = Catalogue::default();
    let mut changed = Vec::new();
    let mut positions = std::collections::HashMap::new();
    for item in current.items() {
        let at = positions.entry(item.kind()).or_insert(0);
        *at += 1;
        let next = match &item {
            Item::Organisation(it) if it.slug == from => continue,
            Item::Organisation(it) if it.slug == into => Item::Organisation(joined.clone()),
            other => renamed(other.clone(), from, into),
        };
        if next != item {
            changed.push((next.clone(), *at - 1));
        }
        merged.push(next);
    }
    let stored = store::record::all_in(&write).await?;
    let records: Vec<(&Stored, Record)> = stored
        .iter()
        .filter(|it| it.record.common.organisations.iter().any(|it| it.organisation == from))
        .map(|it| {
            let mut record = it.record.clone();
            rename(&mut record.common.organisations, from, into);
            (it, record)
        })
        .collect();
    let faults = library::check(&merged, &[]);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    // The other names first: a name has one owner.
    let without = organisation::Organisation { aliases: vec![], ..old.clone() };
    store::catalogue::save(&write, &mut ids, &[(Item::Organisation(without), 0)]).await?;
    store::catalogue::save(&write, &mut ids, &changed).await?;
    let changes: Vec<Change<'_>> = records.iter().map(|(stored, record)| Change::update(stored, record)).collect();
    store::record::save(&write, &ids, &changes, act.actor, act.now, &|_| ()).await?;
    for draft in store::draft::in_stages(act.store, &OPEN).await? {
        let mut content = draft.content.clone();
        if rename_in(&mut content.fields, from, into) {
            let next = draft::Draft { content, version: draft.version + 1, ..draft };
            store::draft::save(&write, &next).await?;
        }
    }
    store::account::move_grants(&write, &old_id, &new_id).await?;
    let moved = store::measurement::move_to(&write, &old_id, &new_id, act.now).await?;
    store::delivery::move_to(&write, &old_id, &new_id).await?;
    store::baseline::move_to(&write, &old_id, &new_id).await?;
    store::inquiry::move_to(&write, &old_id, &new_id).await?;
    store::item_slug::merge(&write, kind, from, &old_id, &new_id).await?;
    store::organisation::remove(&write, &old_id).await?;

    let mut subjects: BTreeSet<change_log::Subject> = changed
        .iter()
        .filter_map(|(it, _)| Some(change_log::Subject::Item(it.kind(), ids.item(it.kind(), it.slug())?)))
        .collect();
    subjects.insert(change_log::Subject::Item(kind, old_id));
    subjects.extend(moved.into_iter().map(|it| change_log::Subject::Item(ItemKind::Indicator, it)));
    for it in &stored {
        let names = |slug: &str| it.record.common.organisations.iter().any(|it| it.organisation == slug);
        if names(from) || names(into) {
            subjects.insert(change_log::Subject::Record(it.id.clone()));
        }
    }
    change_log::append(&write, &subjects, act.now).await?;
    let subject = format!("{}:{into}", kind.word());
    let detail = json!({ "was": from, "documenten": changes.len() });
    audit::append(&write, act.actor, "samengevoegd", &subject, detail, act.from, act.now).await?;
    write.commit().await?;
    Ok(())
}

/// The stages in which a draft still becomes something.
const OPEN: [Stage; 4] = [Stage::Draft, Stage::ChangesRequested, Stage::InReview, Stage::Planned];

pub(super) fn rename(parts: &mut Vec<Participation>, from: &str, into: &str) {
    for it in parts.iter_mut().filter(|it| it.organisation == from) {
        it.organisation = into.to_owned();
    }
    let mut seen = Vec::new();
    parts.retain(|it| {
        !seen.contains(it) && {
            seen.push(it.clone());
            true
        }
    });
}

fn renamed(mut item: Item, from: &str, into: &str) -> Item {
    match &mut item {
        Item::Programme(it) => rename(&mut it.organisations, from, into),
        Item::Theme(it) => {
            let has_both = it.participants.iter().any(|it| it.organisation == into);
            if has_both {
                it.participants.retain(|it| it.organisation != from);
            }
            it.participants
                .iter_mut()
                .filter(|it| it.organisation == from)
                .for_each(|it| it.organisation = into.to_owned());
        }
        Item::Network(it) => {
            it.members.iter_mut().filter(|it| it.organisation == from).for_each(|it| it.organisation = into.to_owned());
        }
        _ => (),
    }
    item
}

/// The same in the fields of a draft; whether anything changed.
fn rename_in(fields: &mut Map<String, Value>, from: &str, into: &str) -> bool {
    let Some(Value::Array(rows)) = fields.get_mut("organisaties") else { return false };
    let mut is_changed = false;
    for row in rows.iter_mut().filter_map(Value::as_object_mut) {
        if row.get("organisatie").and_then(Value::as_str) == Some(from) {
            row.insert("organisatie".to_owned(), into.into());
            is_changed = true;
        }
    }
    is_changed
}
