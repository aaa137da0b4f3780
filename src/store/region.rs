//! The table of regions.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::catalogue::ItemKind;
use crate::domain::region::Region;
use crate::domain::vocabulary::RegionKind;

use super::{Ids, Result, corrupt, put};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "region")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub slug: String,
    pub name: String,
    pub position: i32,
    pub kind: String,
    pub parent_id: Option<String>,
    pub description: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(super) async fn list(connection: &impl ConnectionTrait, ids: &Ids) -> Result<Vec<Region>> {
    let rows = Entity::find().order_by_asc(Column::Position).order_by_asc(Column::Slug).all(connection).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Region {
                kind: RegionKind::parse(&row.kind).ok_or_else(|| corrupt("soort regio", &row.kind))?,
                parent: ids.optional_slug(row.parent_id.as_deref())?,
                slug: row.slug,
                name: row.name,
                description: row.description,
            })
        })
        .collect()
}

/// Writes the row. With `links` false the parent is left open, for it may not stand in the table yet.
pub(super) async fn save(
    tx: &impl ConnectionTrait,
    ids: &Ids,
    known: bool,
    links: bool,
    position: i32,
    it: &Region,
) -> Result<()> {
    let row = ActiveModel {
        id: Set(ids.id(ItemKind::Region, &it.slug)?),
        slug: Set(it.slug.clone()),
        name: Set(it.name.clone()),
        position: Set(position),
        kind: Set(it.kind.word().to_owned()),
        parent_id: Set(ids.optional_id(ItemKind::Region, it.parent.as_deref().filter(|_| links))?),
        description: Set(it.description.clone()),
    };
    put(tx, known, row).await
}
