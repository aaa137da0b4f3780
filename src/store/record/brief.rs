//! Documents in their short form: what a list of hits needs. Those that were asked for before are remembered until
//! the change log names them, so that a page of hits rarely reads more than the head of that log.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use sea_orm::entity::prelude::*;
use sea_orm::{FromQueryResult, QueryOrder, QuerySelect};

use crate::domain::actor::Actor;
use crate::domain::brief::Brief;
use crate::domain::id::RecordId;
use crate::domain::part::Participation;
use crate::domain::status::Status;
use crate::domain::visibility::{Visibility, may_read};
use crate::domain::vocabulary::{RecordKind, Role};
use crate::store::change_log::{self, Subject};
use crate::store::{BATCH, Result, Store, corrupt, grouped};

use super::table::{self, organisation, theme};

/// The most documents that are remembered: some 10 MB.
const REMEMBERED: usize = 10_000;
/// With more changes than this it is cheaper to forget everything.
const CHANGES: u64 = 200;

/// A document in its short form, with what decides who may see it.
#[derive(Debug)]
struct Kept {
    visibility: Visibility,
    status: Status,
    brief: Arc<Brief>,
}

/// What was read before.
#[derive(Debug, Default)]
pub struct Memory {
    kept: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The place in the change log that all of it still holds at.
    seq: i64,
    by_id: FxHashMap<RecordId, Arc<Kept>>,
}

impl Memory {
    fn get(&self, seq: i64, id: &RecordId) -> Option<Arc<Kept>> {
        let known = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        known.by_id.get(id).filter(|_| known.seq == seq).cloned()
    }

    /// Forgets what changed up to a place in the log; `None` when that is too much to say.
    fn forget(&self, from: i64, to: i64, changed: Option<&[(i64, Subject)]>) {
        let mut known = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if known.seq != from {
            return;
        }
        known.seq = to;
        for (_, subject) in changed.unwrap_or_default() {
            match subject {
                Subject::Record(id) => _ = known.by_id.remove(id),
                // Its slug may be another now.
                Subject::Item(..) => known.by_id.clear(),
                Subject::Delivery(_) => (),
            }
        }
        if changed.is_none() {
            known.by_id.clear();
        }
    }

    fn keep(&self, seq: i64, read: &HashMap<RecordId, Arc<Kept>>) {
        let mut known = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if known.seq != seq {
            return;
        }
        if REMEMBERED < known.by_id.len() + read.len() {
            known.by_id.clear();
        }
        known.by_id.extend(read.iter().take(REMEMBERED).map(|(id, it)| (id.clone(), it.clone())));
    }
}

/// The documents of these identities, in their order; what is gone or hidden is left out.
pub async fn briefs(store: &Store, actor: &Actor, wanted: &[RecordId]) -> Result<Vec<(RecordId, Arc<Brief>)>> {
    let memory = store.briefs();
    // The log is read first: a row that is newer than its place is read again when the log gets there.
    let head = store.head().await?;
    let seq = memory.kept.read().unwrap_or_else(PoisonError::into_inner).seq;
    if seq != head {
        let changed = change_log::after(store, seq, CHANGES + 1).await?;
        let all = (seq < head && changed.len() as u64 <= CHANGES).then_some(&changed[..]);
        memory.forget(seq, head, all);
    }
    let mut found: HashMap<RecordId, Arc<Kept>> =
        wanted.iter().filter_map(|id| Some((id.clone(), memory.get(head, id)?))).collect();
    let missing: Vec<&RecordId> = wanted.iter().filter(|id| !found.contains_key(*id)).collect();
    if !missing.is_empty() {
        let read = read(store, &missing).await?;
        memory.keep(head, &read);
        found.extend(read);
    }
    let open = |id: &RecordId| {
        let kept = found.get(id).filter(|it| may_read(actor, it.visibility, it.status, it.brief.leads()))?;
        Some((id.clone(), kept.brief.clone()))
    };
    Ok(wanted.iter().filter_map(open).collect())
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    slug: String,
    kind: String,
    title: String,
    summary: String,
    region_id: Option<String>,
    year: Option<i32>,
    review_by: Option<Date>,
    visibility: String,
    status: String,
}

/// Documents from the tables, whoever may see them: three small queries, whatever their number.
async fn read(store: &Store, wanted: &[&RecordId]) -> Result<HashMap<RecordId, Arc<Kept>>> {
    let mut res = HashMap::new();
    for of in wanted.chunks(BATCH) {
        let of: Vec<&str> = of.iter().map(|it| it.as_str()).collect();
        let rows = table::Entity::find()
            .select_only()
            .columns([
                table::Column::Id,
                table::Column::Slug,
                table::Column::Kind,
                table::Column::Title,
                table::Column::Summary,
                table::Column::RegionId,
                table::Column::Year,
                table::Column::ReviewBy,
                table::Column::Visibility,
                table::Column::Status,
            ])
            .filter(table::Column::Id.is_in(of.clone()))
            .into_model::<Row>()
            .all(store.read())
            .await?;
        let themes = theme::Entity::find()
            .filter(theme::Column::RecordId.is_in(of.clone()))
            .order_by_asc(theme::Column::Position)
            .all(store.read())
            .await?;
        let organisations = organisation::Entity::find()
            .filter(organisation::Column::RecordId.is_in(of))
            .order_by_asc(organisation::Column::Position)
            .all(store.read())
            .await?;
        let mut themes = grouped(themes, |row| row.record_id.clone());
        let mut organisations = grouped(organisations, |row| row.record_id.clone());
        let ids = store.ids().await?;
        for row in rows {
            let takes_part = |it: organisation::Model| {
                Ok(Participation {
                    organisation: ids.slug(&it.organisation_id)?,
                    role: Role::parse(&it.role).ok_or_else(|| corrupt("rol", &it.role))?,
                })
            };
            let themes = themes.remove(&row.id).unwrap_or_default();
            let organisations = organisations.remove(&row.id).unwrap_or_default();
            let brief = Brief {
                kind: RecordKind::parse(&row.kind).ok_or_else(|| corrupt("soort", &row.kind))?,
                themes: themes.iter().map(|it| ids.slug(&it.theme_id)).collect::<Result<_>>()?,
                organisations: organisations.into_iter().map(takes_part).collect::<Result<_>>()?,
                region: ids.optional_slug(row.region_id.as_deref())?,
                slug: row.slug,
                title: row.title,
                summary: row.summary,
                year: row.year,
                review_by: row.review_by,
            };
            let kept = Kept {
                visibility: Visibility::parse(&row.visibility)
                    .ok_or_else(|| corrupt("zichtbaarheid", &row.visibility))?,
                status: Status::parse(&row.status).ok_or_else(|| corrupt("status", &row.status))?,
                brief: Arc::new(brief),
            };
            res.insert(RecordId::stored(row.id), Arc::new(kept));
        }
    }
    Ok(res)
}
