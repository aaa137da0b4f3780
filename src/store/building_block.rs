//! The table of building blocks.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::building_block::BuildingBlock;

use super::{Result, put};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "building_block")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub slug: String,
    pub name: String,
    pub position: i32,
    pub description: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<BuildingBlock>> {
    let rows = Entity::find().order_by_asc(Column::Position).order_by_asc(Column::Slug).all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| BuildingBlock { slug: row.slug, name: row.name, description: row.description })
        .collect())
}

pub(super) async fn save(
    tx: &impl ConnectionTrait,
    id: &str,
    known: bool,
    position: i32,
    it: &BuildingBlock,
) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.to_owned()),
        slug: Set(it.slug.clone()),
        name: Set(it.name.clone()),
        position: Set(position),
        description: Set(it.description.clone()),
    };
    put(tx, known, row).await
}
