//! The table of concepts.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::concept::Concept;

use super::{Result, from_json, put, to_json};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "concept")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub slug: String,
    pub name: String,
    pub position: i32,
    pub short_forms: Json,
    pub ambiguous_short_forms: Json,
    pub synonyms: Json,
    pub related: Json,
    pub note: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Concept>> {
    let rows = Entity::find().order_by_asc(Column::Position).order_by_asc(Column::Slug).all(connection).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Concept {
                slug: row.slug,
                name: row.name,
                short_forms: from_json("afkortingen", row.short_forms)?,
                ambiguous_short_forms: from_json("dubbelzinnige afkortingen", row.ambiguous_short_forms)?,
                synonyms: from_json("synoniemen", row.synonyms)?,
                related: from_json("verwant", row.related)?,
                note: row.note,
            })
        })
        .collect()
}

pub(super) async fn save(tx: &impl ConnectionTrait, id: &str, known: bool, position: i32, it: &Concept) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.to_owned()),
        slug: Set(it.slug.clone()),
        name: Set(it.name.clone()),
        position: Set(position),
        short_forms: Set(to_json(&it.short_forms)),
        ambiguous_short_forms: Set(to_json(&it.ambiguous_short_forms)),
        synonyms: Set(to_json(&it.synonyms)),
        related: Set(to_json(&it.related)),
        note: Set(it.note.clone()),
    };
    put(tx, known, row).await
}
