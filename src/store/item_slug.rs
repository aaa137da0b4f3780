//! The table of where an item of a list went that was merged into another.

use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::domain::catalogue::ItemKind;
use crate::domain::id::ItemId;

use super::{Result, Store, Write};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item_slug")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    pub item_id: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The slug of the item that one which is gone was merged into.
pub async fn target(store: &Store, kind: ItemKind, slug: &str) -> Result<Option<String>> {
    let row = Entity::find_by_id((kind.word().to_owned(), slug.to_owned())).one(store.read()).await?;
    let ids = store.ids().await?;
    Ok(row.and_then(|it| ids.slug(&it.item_id).ok()))
}

/// The same, as the running write sees it.
pub async fn all_in(write: &Write, kind: ItemKind) -> Result<Vec<(String, String)>> {
    let ids = write.ids().await?;
    let rows = Entity::find().filter(Column::Kind.eq(kind.word())).all(write.connection()).await?;
    Ok(rows.into_iter().filter_map(|it| Some((it.slug, ids.slug(&it.item_id).ok()?))).collect())
}

/// One item became another; what was merged into it before goes along.
pub async fn merge(write: &Write, kind: ItemKind, slug: &str, old: &ItemId, new: &ItemId) -> Result<()> {
    let tx = write.connection();
    Entity::update_many()
        .col_expr(Column::ItemId, Expr::value(new.as_str()))
        .filter(Column::Kind.eq(kind.word()))
        .filter(Column::ItemId.eq(old.as_str()))
        .exec(tx)
        .await?;
    let row =
        ActiveModel { kind: Set(kind.word().to_owned()), slug: Set(slug.to_owned()), item_id: Set(new.to_string()) };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}
