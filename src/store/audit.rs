//! The log of who changed what, when and from where: for the administrator. Append only.
//!
//! Invariant: an entry names an account by its identity, never by name or address, and holds no text of a document.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use crate::domain::actor::Actor;

use super::{Result, Store, Write};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub seq: i64,
    pub made_at: DateTimeUtc,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail: Json,
    pub address: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub seq: i64,
    pub made_at: DateTime<Utc>,
    /// [`Actor::label`] of who did it.
    pub actor: String,
    /// What was done, in a Dutch word.
    pub action: String,
    /// What it was done to: a word and an identity, as `account:01…`.
    pub subject: String,
    pub detail: serde_json::Value,
    /// From which address, when it came over the network.
    pub address: Option<String>,
}

/// Notes a change in the transaction that makes it.
pub async fn append(
    write: &Write,
    actor: &Actor,
    action: &str,
    subject: &str,
    detail: serde_json::Value,
    from_ip: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = ActiveModel {
        made_at: Set(now),
        actor: Set(actor.label().to_owned()),
        action: Set(action.to_owned()),
        subject: Set(subject.to_owned()),
        detail: Set(detail),
        address: Set(from_ip.map(str::to_owned)),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// The latest changes before a number (or all), newest first; only those of one subject when it is given.
pub async fn latest(store: &Store, before: Option<i64>, subject: Option<&str>, most: u64) -> Result<Vec<Entry>> {
    let mut rows = Entity::find().order_by_desc(Column::Seq).limit(most);
    if let Some(before) = before {
        rows = rows.filter(Column::Seq.lt(before));
    }
    if let Some(subject) = subject {
        rows = rows.filter(Column::Subject.eq(subject));
    }
    let entry = |row: Model| Entry {
        seq: row.seq,
        made_at: row.made_at,
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        detail: row.detail,
        address: row.address,
    };
    Ok(rows.all(store.read()).await?.into_iter().map(entry).collect())
}

/// Deletes what is older than a moment; says how many entries that were.
pub async fn forget(write: &Write, before: DateTime<Utc>) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::MadeAt.lt(before)).exec(write.connection()).await?.rows_affected)
}
