//! The table of groups that a viewer has seen: what the guard against differencing compares a new group with.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QuerySelect, Set};
use serde::{Deserialize, Serialize};

use crate::domain::period::PartialDate;

use super::{Result, Store, Write, blob, corrupt, from_json, to_json};

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
    /// SHA-256 of the content.
    pub hash: String,
    pub content: Json,
    pub seen_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The most groups of one period that are compared with; who saw more is told to choose one it saw before.
pub const MOST: u64 = 400;

/// A group whose figures a viewer was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenGroup {
    /// Slugs of those whose values are in the figures.
    pub members: BTreeSet<String>,
    /// Slugs of those whose own value was shown.
    pub named: BTreeSet<String>,
    /// Whether single values were shown, without names.
    pub positions: bool,
}

/// The groups a viewer has seen of a family of indicators in the periods of a year.
pub async fn of(store: &Store, viewer: &str, family: &str, year: i32) -> Result<Vec<(PartialDate, SeenGroup)>> {
    query(viewer, family, year).all(store.read()).await?.into_iter().map(seen).collect()
}

/// The same as the running write sees them: nobody adds one in between.
pub async fn of_in(write: &Write, viewer: &str, family: &str, year: i32) -> Result<Vec<(PartialDate, SeenGroup)>> {
    query(viewer, family, year).all(write.connection()).await?.into_iter().map(seen).collect()
}

fn seen(row: Model) -> Result<(PartialDate, SeenGroup)> {
    let period = PartialDate::parse(&row.period).ok_or_else(|| corrupt("periode", &row.period))?;
    Ok((period, from_json("geziene groep", row.content)?))
}

fn query(viewer: &str, family: &str, year: i32) -> Select<Entity> {
    Entity::find()
        .filter(Column::Viewer.eq(viewer))
        .filter(Column::Family.eq(family))
        .filter(Column::Period.starts_with(year.to_string()))
        .limit(13 * MOST)
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
    let content = to_json(group);
    let row = ActiveModel {
        viewer: Set(viewer.to_owned()),
        family: Set(family.to_owned()),
        period: Set(period.to_string()),
        hash: Set(blob::hash(content.to_string().as_bytes())),
        content: Set(content),
        seen_at: Set(now),
        ..Default::default()
    };
    let known =
        OnConflict::columns([Column::Viewer, Column::Family, Column::Period, Column::Hash]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(write.connection()).await?;
    Ok(())
}
