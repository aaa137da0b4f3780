//! The table of revisions: every version of every document, whole.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect, Set};

use crate::domain::actor::Actor;
use crate::domain::id::RecordId;
use crate::domain::record::Record;

use super::{Result, Store, Write, from_json, to_json};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "revision")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub record_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub content: Json,
    pub made_by: String,
    pub made_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// One version of a document.
#[derive(Debug, Clone)]
pub struct Revision {
    /// From 1, without gaps.
    pub version: i32,
    pub record: Record,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
}

pub(super) async fn append(
    write: &Write,
    id: &RecordId,
    version: i32,
    record: &Record,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = ActiveModel {
        record_id: Set(id.to_string()),
        version: Set(version),
        content: Set(to_json(record)),
        made_by: Set(actor.label().to_owned()),
        made_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// One version of a document.
pub async fn get(store: &Store, id: &RecordId, version: i32) -> Result<Option<Revision>> {
    Entity::find_by_id((id.to_string(), version)).one(store.read()).await?.map(read).transpose()
}

/// All versions of a document, oldest first.
pub async fn list(store: &Store, id: &RecordId) -> Result<Vec<Revision>> {
    let rows =
        Entity::find().filter(Column::RecordId.eq(id.as_str())).order_by_asc(Column::Version).all(store.read()).await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Model) -> Result<Revision> {
    Ok(Revision {
        version: row.version,
        record: from_json("versie", row.content)?,
        made_by: row.made_by,
        made_at: row.made_at,
    })
}

/// Every version of every document, as the running write sees them.
pub(super) async fn contents_in(write: &Write) -> Result<Vec<Json>> {
    let query = Entity::find().select_only().column(Column::Content);
    Ok(query.into_tuple::<Json>().all(write.connection()).await?)
}
