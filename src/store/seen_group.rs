//! The table of groups that a viewer has seen: what the guard against differencing compares a new group with.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QuerySelect, Set};

use super::{Result, Store, Write, from_json, to_json};

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
    /// SHA-256 of the members.
    pub hash: String,
    /// Slugs, sorted.
    pub members: Json,
    pub seen_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The most groups that are compared with; who saw more is told to choose one it saw before.
pub const MOST: u64 = 500;

/// The groups a viewer has seen of a family of indicators in a period.
pub async fn of(store: &Store, viewer: &str, family: &str, period: &str) -> Result<Vec<Vec<String>>> {
    let rows = Entity::find()
        .filter(Column::Viewer.eq(viewer))
        .filter(Column::Family.eq(family))
        .filter(Column::Period.eq(period))
        .limit(MOST)
        .all(store.read())
        .await?;
    rows.into_iter().map(|row| from_json("leden", row.members)).collect()
}

/// The same as the running write sees them: nobody adds one in between.
pub async fn of_in(write: &Write, viewer: &str, family: &str, period: &str) -> Result<Vec<Vec<String>>> {
    let rows = Entity::find()
        .filter(Column::Viewer.eq(viewer))
        .filter(Column::Family.eq(family))
        .filter(Column::Period.eq(period))
        .limit(MOST)
        .all(write.connection())
        .await?;
    rows.into_iter().map(|row| from_json("leden", row.members)).collect()
}

/// Remembers that a viewer saw a group. `members` are sorted slugs, `hash` is theirs.
pub async fn add(
    write: &Write,
    viewer: &str,
    family: &str,
    period: &str,
    hash: &str,
    members: &[String],
    now: DateTime<Utc>,
) -> Result<()> {
    let row = ActiveModel {
        viewer: Set(viewer.to_owned()),
        family: Set(family.to_owned()),
        period: Set(period.to_owned()),
        hash: Set(hash.to_owned()),
        members: Set(to_json(&members)),
        seen_at: Set(now),
        ..Default::default()
    };
    let known =
        OnConflict::columns([Column::Viewer, Column::Family, Column::Period, Column::Hash]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(write.connection()).await?;
    Ok(())
}
