//! The table of groups that a viewer has seen: what the guard against differencing compares a new group with.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QuerySelect, Set};

use crate::domain::period::PartialDate;
use crate::domain::seen_group::SeenGroup;

use super::{BATCH, Result, Shared, Store, Write, blob, corrupt, from_json, to_json};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "seen_group")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The organisation somebody looks for, else the account: colleagues see together.
    pub viewer: String,
    /// Indicators with the same denominator are guarded together.
    pub family: String,
    pub period: String,
    /// SHA-256 of the group.
    pub hash: String,
    pub seen_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The most groups of one period that are compared with; who saw more is told to choose one it saw before.
pub const MOST: u64 = 400;

/// The group of a hash, told once for all who saw it.
mod content {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "seen_content")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: String,
        pub content: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Groups that were read before, by hash.
#[derive(Debug, Default)]
pub(super) struct Memory {
    kept: Mutex<FxHashMap<String, Arc<SeenGroup>>>,
}

/// The most names in groups that are remembered.
const REMEMBERED: usize = 2_000_000;

impl Memory {
    fn get(&self, hash: &str) -> Option<Arc<SeenGroup>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn keep(&self, hash: String, group: Arc<SeenGroup>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let held: usize = kept.values().map(|it| it.members.len()).sum();
        if REMEMBERED < held + group.members.len() {
            kept.clear();
        }
        kept.insert(hash, group);
    }
}

/// A group a viewer has seen, with the period.
pub type SeenThen = (PartialDate, Arc<SeenGroup>);

/// The groups a viewer has seen of a family of indicators in the periods of some years.
pub async fn of(store: &Store, viewer: &str, family: &str, years: [i32; 2]) -> Result<Vec<SeenThen>> {
    seen(store.read(), &store.shared, viewer, family, years).await
}

/// The same as the running write sees them: nobody adds one in between.
pub async fn of_in(write: &Write, viewer: &str, family: &str, years: [i32; 2]) -> Result<Vec<SeenThen>> {
    seen(write.connection(), &write.shared, viewer, family, years).await
}

async fn seen(
    connection: &impl ConnectionTrait,
    shared: &Shared,
    viewer: &str,
    family: &str,
    [from, until]: [i32; 2],
) -> Result<Vec<SeenThen>> {
    let rows = Entity::find()
        .select_only()
        .columns([Column::Period, Column::Hash])
        .filter(Column::Viewer.eq(viewer))
        .filter(Column::Family.eq(family))
        // Periods begin with their year.
        .filter(Column::Period.gte(from.to_string()))
        .filter(Column::Period.lt((until + 1).to_string()))
        .into_tuple::<(String, String)>();
    let rows = rows.all(connection).await?;
    let mut missing: Vec<&str> =
        rows.iter().map(|it| it.1.as_str()).filter(|it| shared.seen.get(it).is_none()).collect();
    missing.sort_unstable();
    missing.dedup();
    let mut read: FxHashMap<String, Arc<SeenGroup>> = FxHashMap::default();
    for hashes in missing.chunks(BATCH) {
        let of = content::Entity::find().filter(content::Column::Hash.is_in(hashes.iter().copied()));
        for row in of.all(connection).await? {
            let group: Arc<SeenGroup> = Arc::new(from_json("geziene groep", row.content)?);
            shared.seen.keep(row.hash.clone(), group.clone());
            read.insert(row.hash, group);
        }
    }
    rows.into_iter()
        .map(|(period, hash)| {
            let period = PartialDate::parse(&period).ok_or_else(|| corrupt("periode", &period))?;
            let group = read.get(&hash).cloned().or_else(|| shared.seen.get(&hash));
            Ok((period, group.ok_or_else(|| corrupt("geziene groep", &hash))?))
        })
        .collect()
}

/// Remembers that a viewer saw a group.
pub async fn add(
    write: &Write,
    viewer: &str,
    family: &str,
    period: PartialDate,
    group: &SeenGroup,
    now: DateTime<Utc>,
) -> Result<()> {
    let told = to_json(group);
    let hash = blob::hash(told.to_string().as_bytes());
    let once = OnConflict::column(content::Column::Hash).do_nothing().to_owned();
    let told = content::ActiveModel { hash: Set(hash.clone()), content: Set(told) };
    content::Entity::insert(told).on_conflict(once).exec_without_returning(write.connection()).await?;
    let row = ActiveModel {
        viewer: Set(viewer.to_owned()),
        family: Set(family.to_owned()),
        period: Set(period.to_string()),
        hash: Set(hash),
        seen_at: Set(now),
        ..Default::default()
    };
    let known =
        OnConflict::columns([Column::Viewer, Column::Family, Column::Period, Column::Hash]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(write.connection()).await?;
    Ok(())
}
