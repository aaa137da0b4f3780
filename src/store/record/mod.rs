//! Documents: found by address, by identity or by what they are linked to.
//!
//! Invariant: every function that takes an actor leaves out what that actor may not see; to it, a hidden document
//! and a missing one are the same.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{Condition, QueryOrder, QuerySelect, QueryTrait};

use crate::domain::actor::Actor;
use crate::domain::catalogue::ItemKind;
use crate::domain::id::RecordId;
use crate::domain::record::Record;
use crate::domain::status::Status;
use crate::domain::visibility::{Reach, Visibility, reach};
use crate::domain::vocabulary::Role;

use super::{BATCH, Ids, Result, Store, Write};

mod brief;
mod read;
pub(super) mod table;
mod write;

pub(super) use brief::Memory;
pub use brief::briefs;
pub use write::{Change, save};

/// A document as it stands in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    pub id: RecordId,
    /// From 1, one more with every change.
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub record: Record,
}

/// What an address leads to.
#[derive(Debug)]
pub enum Found {
    Here(Box<Stored>),
    /// The address changed to this slug.
    Moved(String),
}

/// The document at an address, or where it went.
pub async fn get(store: &Store, actor: &Actor, slug: &str) -> Result<Option<Found>> {
    let query = table::Entity::find().filter(readable(actor, &*store.ids().await?));
    let rows = query.clone().filter(table::Column::Slug.eq(slug)).all(store.read()).await?;
    if let Some(stored) = read::complete(store.read(), rows, &*store.ids().await?).await?.pop() {
        return Ok(Some(Found::Here(Box::new(stored))));
    }
    let Some(former) = table::former::Entity::find_by_id(slug).one(store.read()).await? else { return Ok(None) };
    let row = query.filter(table::Column::Id.eq(former.record_id)).one(store.read()).await?;
    Ok(row.map(|row| Found::Moved(row.slug)))
}

/// The documents of these identities, in their order; what is gone or hidden is left out.
pub async fn by_ids(store: &Store, actor: &Actor, ids: &[RecordId]) -> Result<Vec<Stored>> {
    let mut found: HashMap<String, Stored> = HashMap::new();
    for ids in ids.chunks(BATCH) {
        let rows = table::Entity::find()
            .filter(readable(actor, &*store.ids().await?))
            .filter(table::Column::Id.is_in(ids.iter().map(RecordId::as_str)))
            .all(store.read())
            .await?;
        for stored in read::complete(store.read(), rows, &*store.ids().await?).await? {
            found.insert(stored.id.to_string(), stored);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id.as_str())).collect())
}

/// Slug and title of the documents of these identities, in their order; what is gone or hidden is left out.
pub async fn titles(store: &Store, actor: &Actor, ids: &[RecordId]) -> Result<Vec<(String, String)>> {
    let query = table::Entity::find()
        .select_only()
        .columns([table::Column::Id, table::Column::Slug, table::Column::Title])
        .filter(readable(actor, &*store.ids().await?))
        .filter(table::Column::Id.is_in(ids.iter().map(RecordId::as_str)));
    let rows = query.into_tuple::<(String, String, String)>().all(store.read()).await?;
    let mut found: HashMap<String, (String, String)> =
        rows.into_iter().map(|(id, slug, title)| (id, (slug, title))).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id.as_str())).collect())
}

/// What a list of documents has in common. Empty lists do not restrict.
#[derive(Debug, Default, Clone)]
pub struct Filter<'a> {
    pub themes: Vec<&'a str>,
    pub regions: Vec<&'a str>,
    pub organisation: Option<&'a str>,
    pub programme: Option<&'a str>,
    /// Documents that name this indicator.
    pub indicator: Option<&'a str>,
    /// Documents that point at this one.
    pub related_to: Option<&'a RecordId>,
}

/// The documents of a filter, newest year first, then by title.
pub async fn list(store: &Store, actor: &Actor, filter: &Filter<'_>) -> Result<Vec<Stored>> {
    let ids = store.ids().await?;
    let known = |kind, slugs: &[&str]| -> Vec<String> { slugs.iter().filter_map(|it| ids.id(kind, it).ok()).collect() };
    let mut query = table::Entity::find().filter(readable(actor, &ids));
    if !filter.themes.is_empty() {
        let of = table::theme::Entity::find()
            .select_only()
            .column(table::theme::Column::RecordId)
            .filter(table::theme::Column::ThemeId.is_in(known(ItemKind::Theme, &filter.themes)));
        query = query.filter(table::Column::Id.in_subquery(of.into_query()));
    }
    if !filter.regions.is_empty() {
        query = query.filter(table::Column::RegionId.is_in(known(ItemKind::Region, &filter.regions)));
    }
    if let Some(slug) = filter.organisation {
        let of = table::organisation::Entity::find()
            .select_only()
            .column(table::organisation::Column::RecordId)
            .filter(table::organisation::Column::OrganisationId.is_in(known(ItemKind::Organisation, &[slug])));
        query = query.filter(table::Column::Id.in_subquery(of.into_query()));
    }
    if let Some(slug) = filter.indicator {
        let of = table::indicator::Entity::find()
            .select_only()
            .column(table::indicator::Column::RecordId)
            .filter(table::indicator::Column::Indicator.eq(slug));
        query = query.filter(table::Column::Id.in_subquery(of.into_query()));
    }
    if let Some(slug) = filter.programme {
        query = query.filter(table::Column::ProgrammeId.is_in(known(ItemKind::Programme, &[slug])));
    }
    if let Some(id) = filter.related_to {
        let of = table::relation::Entity::find()
            .select_only()
            .column(table::relation::Column::RecordId)
            .filter(table::relation::Column::TargetId.eq(id.as_str()));
        query = query.filter(table::Column::Id.in_subquery(of.into_query()));
    }
    let rows = query.order_by_desc(table::Column::Year).order_by_asc(table::Column::Title).all(store.read()).await?;
    read::complete(store.read(), rows, &*store.ids().await?).await
}

/// Slug and last change of every document an actor may see, by slug.
pub async fn addresses(store: &Store, actor: &Actor) -> Result<Vec<(String, DateTime<Utc>)>> {
    let query = table::Entity::find()
        .select_only()
        .columns([table::Column::Slug, table::Column::UpdatedAt])
        .filter(readable(actor, &*store.ids().await?))
        .order_by_asc(table::Column::Slug);
    Ok(query.into_tuple::<(String, DateTime<Utc>)>().all(store.read()).await?)
}

/// How many documents there are, hidden ones included.
pub async fn count(store: &Store) -> Result<u64> {
    Ok(table::Entity::find().count(store.read()).await?)
}

/// How many documents an actor may see.
pub async fn readable_count(store: &Store, actor: &Actor) -> Result<u64> {
    Ok(table::Entity::find().filter(readable(actor, &*store.ids().await?)).count(store.read()).await?)
}

/// All documents, hidden ones included, by slug.
pub async fn all(store: &Store) -> Result<Vec<Stored>> {
    let rows = table::Entity::find().order_by_asc(table::Column::Slug).all(store.read()).await?;
    read::complete(store.read(), rows, &*store.ids().await?).await
}

/// A batch of all documents, hidden ones included, by identity, after the last identity of the batch before.
pub async fn batch_after(store: &Store, after: Option<&RecordId>, most: u64) -> Result<Vec<Stored>> {
    let mut query = table::Entity::find().order_by_asc(table::Column::Id).limit(most);
    if let Some(after) = after {
        query = query.filter(table::Column::Id.gt(after.as_str()));
    }
    let rows = query.all(store.read()).await?;
    read::complete_stretch(store.read(), rows, &*store.ids().await?).await
}

/// Title, summary and body of a batch of all documents, as [`batch_after`].
pub async fn texts_after(store: &Store, after: Option<&RecordId>, most: u64) -> Result<Vec<(RecordId, [String; 3])>> {
    let mut query = table::Entity::find()
        .select_only()
        .columns([table::Column::Id, table::Column::Title, table::Column::Summary, table::Column::Body])
        .order_by_asc(table::Column::Id)
        .limit(most);
    if let Some(after) = after {
        query = query.filter(table::Column::Id.gt(after.as_str()));
    }
    let rows = query.into_tuple::<(String, String, String, String)>().all(store.read()).await?;
    Ok(rows.into_iter().map(|(id, title, summary, body)| (RecordId::stored(id), [title, summary, body])).collect())
}

/// All documents as the running write sees them.
pub async fn all_in(write: &Write) -> Result<Vec<Stored>> {
    let rows = table::Entity::find().order_by_asc(table::Column::Slug).all(write.connection()).await?;
    read::complete(write.connection(), rows, &*write.ids().await?).await
}

/// A document as the running write sees it, hidden or not.
pub async fn get_in(write: &Write, id: &RecordId) -> Result<Option<Stored>> {
    let rows = table::Entity::find_by_id(id.as_str()).all(write.connection()).await?;
    Ok(read::complete(write.connection(), rows, &*write.ids().await?).await?.pop())
}

/// The documents at these addresses as the running write sees them, hidden ones included.
pub async fn by_slugs_in(write: &Write, slugs: &[&str]) -> Result<Vec<Stored>> {
    let ids = write.ids().await?;
    let mut res = Vec::new();
    for slugs in slugs.chunks(BATCH) {
        let of = table::Entity::find().filter(table::Column::Slug.is_in(slugs.iter().copied()));
        res.extend(read::complete(write.connection(), of.all(write.connection()).await?, &ids).await?);
    }
    Ok(res)
}

/// The document that has an address, or had it before, as the running write sees it.
pub async fn owner_of_address(write: &Write, slug: &str) -> Result<Option<RecordId>> {
    let tx = write.connection();
    if let Some(row) = table::Entity::find().filter(table::Column::Slug.eq(slug)).one(tx).await? {
        return Ok(Some(RecordId::stored(row.id)));
    }
    let former = table::former::Entity::find_by_id(slug).one(tx).await?;
    Ok(former.map(|it| RecordId::stored(it.record_id)))
}

/// The document at an address, hidden or not: for who decides itself whether it may be shown.
pub async fn any(store: &Store, slug: &str) -> Result<Option<Stored>> {
    let rows = table::Entity::find().filter(table::Column::Slug.eq(slug)).all(store.read()).await?;
    Ok(read::complete(store.read(), rows, &*store.ids().await?).await?.pop())
}

/// The document of an identity, hidden or not: for who decides itself whether it may be shown.
pub async fn any_by_id(store: &Store, id: &RecordId) -> Result<Option<Stored>> {
    let rows = table::Entity::find_by_id(id.as_str()).all(store.read()).await?;
    Ok(read::complete(store.read(), rows, &*store.ids().await?).await?.pop())
}

/// What is published and was to be looked at again before a day, longest ago first.
pub async fn overdue(store: &Store, today: chrono::NaiveDate, most: u64) -> Result<Vec<Stored>> {
    let rows = table::Entity::find()
        .filter(table::Column::Status.eq(Status::Published.word()))
        .filter(table::Column::ReviewBy.lt(today))
        .order_by_asc(table::Column::ReviewBy)
        .order_by_asc(table::Column::Id)
        .limit(most);
    read::complete(store.read(), rows.all(store.read()).await?, &*store.ids().await?).await
}

/// The files that documents name, hidden ones included, as the running write sees them.
pub(super) async fn attachments_in(write: &Write) -> Result<Vec<Json>> {
    let query = table::Entity::find().select_only().column(table::Column::Attachments);
    Ok(query.into_tuple::<Json>().all(write.connection()).await?)
}

/// The condition that keeps from an actor what it may not see; the rule itself is in `domain::visibility`.
fn readable(actor: &Actor, ids: &Ids) -> Condition {
    let mut res = Condition::any();
    for visibility in Visibility::ALL {
        for status in Status::ALL {
            let of = table::Column::Visibility.eq(visibility.word()).and(table::Column::Status.eq(status.word()));
            match reach(actor, *visibility, *status) {
                Reach::All => res = res.add(of),
                Reach::Of(slugs) if slugs.is_empty() => (),
                Reach::Of(slugs) => {
                    let own = slugs.iter().filter_map(|it| ids.id(ItemKind::Organisation, it).ok());
                    let led = table::organisation::Entity::find()
                        .select_only()
                        .column(table::organisation::Column::RecordId)
                        .filter(table::organisation::Column::Role.eq(Role::Lead.word()))
                        .filter(table::organisation::Column::OrganisationId.is_in(own));
                    res = res.add(of.and(table::Column::Id.in_subquery(led.into_query())));
                }
            }
        }
    }
    res
}

/// The identities of all documents, hidden ones included.
pub async fn ids(store: &Store) -> Result<BTreeSet<RecordId>> {
    let query = table::Entity::find().select_only().column(table::Column::Id);
    let ids = query.into_tuple::<String>().all(store.read()).await?;
    Ok(ids.into_iter().map(RecordId::stored).collect())
}
