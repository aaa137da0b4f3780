//! The table of the rules of disclosure, in every version: proposed by one administrator, in force when another agreed.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::id::{AccountId, PolicyId};
use crate::domain::proposal::{Ended, Proposal};

use super::proposal::ended;
use super::{Result, Store, Write};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "disclosure_policy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub content: Json,
    pub reason: String,
    pub made_by: String,
    pub made_at: DateTimeUtc,
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTimeUtc>,
    pub ended_as: Option<String>,
    pub ended_by: Option<String>,
    pub ended_at: Option<DateTimeUtc>,
    pub ended_why: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One version of the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    pub id: PolicyId,
    /// The rules by their outside names.
    pub content: serde_json::Value,
    pub proposal: Proposal,
}

/// All versions, newest first.
pub async fn all(store: &Store) -> Result<Vec<Version>> {
    let rows = Entity::find().order_by_desc(Column::MadeAt).order_by_desc(Column::Id).all(store.read()).await?;
    rows.into_iter().map(version).collect()
}

/// The version in force: the one that was agreed last. `None` before there is one.
pub async fn in_force(store: &Store) -> Result<Option<Version>> {
    let row = Entity::find()
        .filter(Column::ApprovedAt.is_not_null())
        .order_by_desc(Column::ApprovedAt)
        .order_by_desc(Column::Id)
        .one(store.read())
        .await?;
    row.map(version).transpose()
}

/// A version as the running write sees it.
pub async fn get_in(write: &Write, id: &PolicyId) -> Result<Option<Version>> {
    Entity::find_by_id(id.as_str()).one(write.connection()).await?.map(version).transpose()
}

/// Notes a proposal.
pub async fn insert(write: &Write, it: &Version) -> Result<()> {
    let row = ActiveModel {
        id: Set(it.id.to_string()),
        content: Set(it.content.clone()),
        reason: Set(it.proposal.reason.clone()),
        made_by: Set(it.proposal.made_by.clone()),
        made_at: Set(it.proposal.made_at),
        ..Default::default()
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// Puts a proposal in force.
pub async fn approve(write: &Write, id: &PolicyId, by: &AccountId, now: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.to_string()),
        approved_by: Set(Some(by.to_string())),
        approved_at: Set(Some(now)),
        ..Default::default()
    };
    row.update(write.connection()).await?;
    Ok(())
}

/// Notes that one was rejected or withdrawn.
pub async fn end(write: &Write, id: &PolicyId, it: &Ended) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.to_string()),
        ended_as: Set(Some(it.how.word().to_owned())),
        ended_by: Set(Some(it.by.clone())),
        ended_at: Set(Some(it.at)),
        ended_why: Set(it.reason.clone()),
        ..Default::default()
    };
    row.update(write.connection()).await?;
    Ok(())
}

fn version(row: Model) -> Result<Version> {
    Ok(Version {
        id: PolicyId::stored(row.id),
        content: row.content,
        proposal: Proposal {
            reason: row.reason,
            made_by: row.made_by,
            made_at: row.made_at,
            approved_by: row.approved_by.map(AccountId::stored),
            approved_at: row.approved_at,
            ended: ended(row.ended_as.as_deref(), row.ended_by, row.ended_at, row.ended_why)?,
        },
    })
}
