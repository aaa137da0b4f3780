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
#[derive(Debug)]
pub(super) struct Memory {
    /// The most names in groups that are remembered.
    room: usize,
    kept: Mutex<FxHashMap<String, Arc<SeenGroup>>>,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory { room: 2_000_000, kept: Mutex::default() }
    }
}

impl Memory {
    fn get(&self, hash: &str) -> Option<Arc<SeenGroup>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn keep(&self, hash: String, group: Arc<SeenGroup>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let held: usize = kept.values().map(|it| it.members.len()).sum();
        if self.room < held + group.members.len() {
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
    // What is remembered is taken now: keeping what is new may push it out.
    let mut groups: FxHashMap<String, Arc<SeenGroup>> = FxHashMap::default();
    let mut missing: Vec<&str> = Vec::new();
    for (_, hash) in &rows {
        match shared.seen.get(hash) {
            Some(known) => _ = groups.insert(hash.clone(), known),
            None => missing.push(hash),
        }
    }
    missing.sort_unstable();
    missing.dedup();
    for hashes in missing.chunks(BATCH) {
        let of = content::Entity::find().filter(content::Column::Hash.is_in(hashes.iter().copied()));
        for row in of.all(connection).await? {
            let group: Arc<SeenGroup> = Arc::new(from_json("geziene groep", row.content)?);
            shared.seen.keep(row.hash.clone(), group.clone());
            groups.insert(row.hash, group);
        }
    }
    rows.into_iter()
        .map(|(period, hash)| {
            let period = PartialDate::parse(&period).ok_or_else(|| corrupt("periode", &period))?;
            let group = groups.get(&hash).cloned();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Address;

    fn group(names: &[&str]) -> SeenGroup {
        let members = names.iter().map(|it| (*it).to_owned()).collect();
        SeenGroup { members, named: Default::default(), positions: false }
    }

    /// What is remembered goes when there is no room; a question that reads some of it and something new gets both.
    #[tokio::test]
    async fn a_full_memory_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&Address::Sqlite(folder.path().join("a.db"))).await.unwrap();
        Arc::get_mut(&mut store.shared).unwrap().seen = Memory { room: 4, ..Memory::default() };
        let [first, second] = ["2025-K1", "2025-K2"].map(|it| PartialDate::parse(it).unwrap());
        let add = async |period, seen: &SeenGroup| {
            let write = store.write().await.unwrap();
            super::add(&write, "kijker", "familie", period, seen, DateTime::UNIX_EPOCH).await.unwrap();
            write.commit_apart().await.unwrap();
        };
        add(first, &group(&["a", "b", "c"])).await;
        let read = async || of(&store, "kijker", "familie", [2025, 2025]).await;
        assert_eq!(read().await.unwrap().len(), 1);
        add(second, &group(&["d", "e", "f"])).await;
        let found: Vec<SeenGroup> = read().await.unwrap().iter().map(|it| (*it.1).clone()).collect();
        assert_eq!(found, [group(&["a", "b", "c"]), group(&["d", "e", "f"])]);
    }
}
