//! The table of indicators. What an indicator says about counting and comparing is one column: it is read whole.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::indicator::Indicator;

use super::{Result, from_json, put, to_json};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub slug: String,
    pub name: String,
    pub position: i32,
    /// All fields by their outside names.
    pub content: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Indicator>> {
    let rows = Entity::find().order_by_asc(Column::Position).order_by_asc(Column::Slug).all(connection).await?;
    rows.into_iter().map(|row| from_json("indicator", row.content)).collect()
}

pub(super) async fn save(
    tx: &impl ConnectionTrait,
    id: &str,
    known: bool,
    position: i32,
    it: &Indicator,
) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.to_owned()),
        slug: Set(it.slug.clone()),
        name: Set(it.name.clone()),
        position: Set(position),
        content: Set(to_json(it)),
    };
    put(tx, known, row).await
}
