//! The table of links that show one draft to who has them, until a moment. Only the hash of a link is kept.

use chrono::{DateTime, Utc};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::domain::id::{AccountId, DraftId};

use super::{Result, Store, Write};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "preview_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub draft_id: String,
    pub made_by: String,
    pub made_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The draft that a link shows, when it has not expired.
pub async fn draft_of(store: &Store, hash: &str, now: DateTime<Utc>) -> Result<Option<DraftId>> {
    let row = Entity::find_by_id(hash).filter(Column::ExpiresAt.gt(now)).one(store.read()).await?;
    Ok(row.map(|it| DraftId::stored(it.draft_id)))
}

/// Adds a link, and removes those of the draft that expired.
pub async fn insert(
    write: &Write,
    hash: &str,
    draft: &DraftId,
    made_by: &AccountId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    let tx = write.connection();
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    let row = ActiveModel {
        hash: Set(hash.to_owned()),
        draft_id: Set(draft.to_string()),
        made_by: Set(made_by.to_string()),
        made_at: Set(now),
        expires_at: Set(expires_at),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Ends all links of a draft.
pub async fn delete_of(write: &Write, draft: &DraftId) -> Result<()> {
    Entity::delete_many().filter(Column::DraftId.eq(draft.as_str())).exec(write.connection()).await?;
    Ok(())
}
