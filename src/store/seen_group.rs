//! The table of groups that a viewer has seen: what the guard against differencing compares a new group with.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect, Set};

use crate::domain::members::Members;
use crate::domain::period::PartialDate;
use crate::domain::seen_group::SeenGroup;

use super::{BATCH, Result, Shared, Store, Write, blob, corrupt, from_json, to_json};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "seen_group")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The organisation somebody looks for, else the account: colleagues see together. Empty for everybody.
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

/// Groups that were read before.
#[derive(Debug)]
pub(super) struct Memory {
    /// The most names in groups that are remembered, 16 bytes each.
    room: usize,
    kept: Mutex<Kept>,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory { room: 5_000_000, kept: Mutex::default() }
    }
}

#[derive(Debug, Default)]
struct Kept {
    by_hash: FxHashMap<String, Arc<SeenGroup>>,
    /// How many names there are in all of them.
    size: usize,
    /// Each name once: the groups have most of them in common.
    names: FxHashSet<Arc<str>>,
}

impl Memory {
    fn get(&self, hash: &str) -> Option<Arc<SeenGroup>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).by_hash.get(hash).cloned()
    }

    fn keep(&self, hash: &str, group: &SeenGroup) -> Arc<SeenGroup> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if self.room < kept.size + group.members.len() {
            *kept = Kept::default();
        }
        let names = &mut kept.names;
        let mut shared = |all: &Members| -> Members {
            let one = |it: &Arc<str>| match names.get(it) {
                Some(known) => known.clone(),
                None => {
                    names.insert(it.clone());
                    it.clone()
                }
            };
            all.iter().map(one).collect()
        };
        let (members, named) = (shared(&group.members), shared(&group.named));
        let group = Arc::new(SeenGroup { members, named, positions: group.positions });
        kept.size += group.members.len();
        kept.by_hash.insert(hash.to_owned(), group.clone());
        group
    }
}

/// A group that was shown to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenBy {
    pub viewer: String,
    /// Of indicators.
    pub family: String,
    pub period: PartialDate,
    pub group: Arc<SeenGroup>,
}

/// The groups that viewers have seen of families of indicators in the periods of some years, in the order in which they
/// saw them.
pub async fn of(store: &Store, viewers: &[&str], families: &[&str], years: [i32; 2]) -> Result<Vec<SeenBy>> {
    seen(store.read(), &store.shared, viewers, families, years).await
}

/// The same as the running write sees them: nobody adds one in between.
pub async fn of_in(write: &Write, viewers: &[&str], families: &[&str], years: [i32; 2]) -> Result<Vec<SeenBy>> {
    seen(write.connection(), &write.shared, viewers, families, years).await
}

/// What all others than `but` saw of families of indicators in the periods of some years, as the running write sees it.
pub async fn of_all_but(write: &Write, but: &str, families: &[&str], [from, until]: [i32; 2]) -> Result<Vec<SeenBy>> {
    let mut rows = Vec::new();
    for families in families.chunks(BATCH) {
        let some = Entity::find()
            .select_only()
            .columns([Column::Viewer, Column::Family, Column::Period, Column::Hash])
            .filter(Column::Family.is_in(families.iter().copied()))
            .filter(Column::Period.gte(from.to_string()))
            .filter(Column::Period.lt((until + 1).to_string()))
            .filter(Column::Viewer.ne(but))
            .into_tuple::<Row>();
        rows.extend(some.all(write.connection()).await?);
    }
    told(write.connection(), &write.shared, rows).await
}

/// Viewer, family, period, hash.
type Row = (String, String, String, String);

async fn seen(
    connection: &impl ConnectionTrait,
    shared: &Shared,
    viewers: &[&str],
    families: &[&str],
    [from, until]: [i32; 2],
) -> Result<Vec<SeenBy>> {
    let mut rows = Vec::new();
    for families in families.chunks(BATCH) {
        let some = Entity::find()
            .select_only()
            .columns([Column::Viewer, Column::Family, Column::Period, Column::Hash])
            .filter(Column::Viewer.is_in(viewers.iter().copied()))
            .filter(Column::Family.is_in(families.iter().copied()))
            // Periods begin with their year.
            .filter(Column::Period.gte(from.to_string()))
            .filter(Column::Period.lt((until + 1).to_string()))
            .order_by_asc(Column::Id)
            .into_tuple::<Row>();
        rows.extend(some.all(connection).await?);
    }
    told(connection, shared, rows).await
}

/// Rows with their groups.
async fn told(connection: &impl ConnectionTrait, shared: &Shared, rows: Vec<Row>) -> Result<Vec<SeenBy>> {
    // What was read before is taken now: keeping what is new may push it out.
    let mut groups: FxHashMap<String, Arc<SeenGroup>> = FxHashMap::default();
    let mut missing: Vec<&str> = Vec::new();
    for (.., hash) in &rows {
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
            let group: SeenGroup = from_json("geziene groep", row.content)?;
            groups.insert(row.hash.clone(), shared.seen.keep(&row.hash, &group));
        }
    }
    rows.into_iter()
        .map(|(viewer, family, period, hash)| {
            let period = PartialDate::parse(&period).ok_or_else(|| corrupt("periode", &period))?;
            let group = groups.get(&hash).cloned().ok_or_else(|| corrupt("geziene groep", &hash))?;
            Ok(SeenBy { viewer, family, period, group })
        })
        .collect()
}

/// Remembers that somebody saw a group.
pub async fn add(write: &Write, it: &SeenBy, now: DateTime<Utc>) -> Result<()> {
    let told = to_json(&*it.group);
    let hash = blob::hash(told.to_string().as_bytes());
    let once = OnConflict::column(content::Column::Hash).do_nothing().to_owned();
    let told = content::ActiveModel { hash: Set(hash.clone()), content: Set(told) };
    content::Entity::insert(told).on_conflict(once).exec_without_returning(write.connection()).await?;
    let row = ActiveModel {
        viewer: Set(it.viewer.clone()),
        family: Set(it.family.clone()),
        period: Set(it.period.to_string()),
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
        let members = names.iter().copied().collect();
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
            let group = Arc::new(seen.clone());
            let seen = SeenBy { viewer: "kijker".to_owned(), family: "familie".to_owned(), period, group };
            super::add(&write, &seen, DateTime::UNIX_EPOCH).await.unwrap();
            write.commit_apart().await.unwrap();
        };
        add(first, &group(&["a", "b", "c"])).await;
        let read = async || of(&store, &["kijker"], &["familie"], [2025, 2025]).await;
        assert_eq!(read().await.unwrap().len(), 1);
        add(second, &group(&["d", "e", "f"])).await;
        let found: Vec<SeenGroup> = read().await.unwrap().iter().map(|it| (*it.group).clone()).collect();
        assert_eq!(found, [group(&["a", "b", "c"]), group(&["d", "e", "f"])]);
    }
}
