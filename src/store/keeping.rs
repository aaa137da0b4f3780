//! The table of what is kept of a live document beside its text: whose it is, why it was withdrawn, and whether its
//! owner was reminded to look again.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::domain::id::{AccountId, RecordId};

use super::{Result, Store, Write, put};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record_keeping")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: String,
    pub owner_id: Option<String>,
    pub withdrawn_reason: Option<String>,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub confirm_hash: Option<String>,
    pub reminded_for: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is kept of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keeping {
    pub owner: Option<AccountId>,
    /// Why and when it was withdrawn.
    pub withdrawn: Option<(String, DateTime<Utc>)>,
    /// The hash of the link by which the owner says that it still holds.
    pub confirm_hash: Option<String>,
    /// The review-by day of which the owner was reminded.
    pub reminded_for: Option<NaiveDate>,
}

pub async fn get(store: &Store, id: &RecordId) -> Result<Keeping> {
    Ok(Entity::find_by_id(id.as_str()).one(store.read()).await?.map(read).unwrap_or_default())
}

/// As the running write sees it.
pub async fn get_in(write: &Write, id: &RecordId) -> Result<Keeping> {
    Ok(Entity::find_by_id(id.as_str()).one(write.connection()).await?.map(read).unwrap_or_default())
}

/// The document of a link by which its owner says that it still holds.
pub async fn by_confirm_hash(store: &Store, hash: &str) -> Result<Option<RecordId>> {
    let row = Entity::find().filter(Column::ConfirmHash.eq(hash)).one(store.read()).await?;
    Ok(row.map(|it| RecordId::stored(it.record_id)))
}

/// The documents of an owner.
pub async fn of_owner(store: &Store, owner: &AccountId) -> Result<Vec<RecordId>> {
    let rows = Entity::find().filter(Column::OwnerId.eq(owner.as_str())).all(store.read()).await?;
    Ok(rows.into_iter().map(|it| RecordId::stored(it.record_id)).collect())
}

pub async fn save(write: &Write, id: &RecordId, it: &Keeping) -> Result<()> {
    let tx = write.connection();
    let known = Entity::find_by_id(id.as_str()).one(tx).await?.is_some();
    let row = ActiveModel {
        record_id: Set(id.to_string()),
        owner_id: Set(it.owner.as_ref().map(ToString::to_string)),
        withdrawn_reason: Set(it.withdrawn.as_ref().map(|it| it.0.clone())),
        withdrawn_at: Set(it.withdrawn.as_ref().map(|it| it.1)),
        confirm_hash: Set(it.confirm_hash.clone()),
        reminded_for: Set(it.reminded_for),
    };
    put(tx, known, row).await
}

fn read(row: Model) -> Keeping {
    Keeping {
        owner: row.owner_id.map(AccountId::stored),
        withdrawn: row.withdrawn_reason.zip(row.withdrawn_at),
        confirm_hash: row.confirm_hash,
        reminded_for: row.reminded_for,
    }
}
