//! The table of word lists.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::word_list::{WordList, WordUse};

use super::{Result, corrupt, from_json, put, to_json};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "word_list")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub slug: String,
    pub name: String,
    pub position: i32,
    pub purpose: String,
    pub words: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(super) async fn list(connection: &impl ConnectionTrait) -> Result<Vec<WordList>> {
    let rows = Entity::find().order_by_asc(Column::Position).order_by_asc(Column::Slug).all(connection).await?;
    rows.into_iter()
        .map(|row| {
            Ok(WordList {
                slug: row.slug,
                name: row.name,
                purpose: WordUse::parse(&row.purpose).ok_or_else(|| corrupt("gebruik van woorden", &row.purpose))?,
                words: from_json("woorden", row.words)?,
            })
        })
        .collect()
}

pub(super) async fn save(tx: &impl ConnectionTrait, id: &str, known: bool, position: i32, it: &WordList) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.to_owned()),
        slug: Set(it.slug.clone()),
        name: Set(it.name.clone()),
        position: Set(position),
        purpose: Set(it.purpose.word().to_owned()),
        words: Set(to_json(&it.words)),
    };
    put(tx, known, row).await
}
