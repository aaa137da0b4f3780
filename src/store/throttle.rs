//! The table of what was tried in vain of late: by account or by range of addresses, under a hash.

use chrono::{DateTime, Utc};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use super::{Result, Store, Write, put};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "throttle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    pub failures: i32,
    pub last_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How often something failed, and when it last did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    pub count: i32,
    pub last_at: DateTime<Utc>,
}

pub async fn get(store: &Store, subject: &str) -> Result<Option<Failures>> {
    Ok(Entity::find_by_id(subject).one(store.read()).await?.map(failures))
}

pub async fn get_in(write: &Write, subject: &str) -> Result<Option<Failures>> {
    Ok(Entity::find_by_id(subject).one(write.connection()).await?.map(failures))
}

/// Stores how often something failed; `known` when there is a row of it.
pub async fn save(write: &Write, subject: &str, known: bool, it: Failures) -> Result<()> {
    let row = ActiveModel { subject: Set(subject.to_owned()), failures: Set(it.count), last_at: Set(it.last_at) };
    put(write.connection(), known, row).await
}

pub async fn remove(write: &Write, subject: &str) -> Result<()> {
    Entity::delete_by_id(subject).exec(write.connection()).await?;
    Ok(())
}

/// Forgets what last failed before a moment.
pub async fn forget(write: &Write, before: DateTime<Utc>) -> Result<()> {
    Entity::delete_many().filter(Column::LastAt.lt(before)).exec(write.connection()).await?;
    Ok(())
}

fn failures(row: Model) -> Failures {
    Failures { count: row.failures, last_at: row.last_at }
}
