//! The table of remarks on drafts.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::draft::Comment;
use crate::domain::id::{AccountId, CommentId, DraftId};

use super::{Result, Store, Write};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draft_comment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub draft_id: String,
    pub field: String,
    pub text: String,
    pub author_id: String,
    pub made_at: DateTimeUtc,
    pub is_done: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The remarks on a draft, oldest first.
pub async fn list(store: &Store, draft: &DraftId) -> Result<Vec<Comment>> {
    let rows = Entity::find().filter(Column::DraftId.eq(draft.as_str())).order_by_asc(Column::MadeAt);
    Ok(rows.order_by_asc(Column::Id).all(store.read()).await?.into_iter().map(read).collect())
}

/// How many remarks a draft has, as the running write sees it.
pub async fn count_in(write: &Write, draft: &DraftId) -> Result<u64> {
    Ok(Entity::find().filter(Column::DraftId.eq(draft.as_str())).count(write.connection()).await?)
}

pub async fn insert(write: &Write, draft: &DraftId, it: &Comment) -> Result<()> {
    let row = ActiveModel {
        id: Set(it.id.to_string()),
        draft_id: Set(draft.to_string()),
        field: Set(it.field.clone()),
        text: Set(it.text.clone()),
        author_id: Set(it.author.to_string()),
        made_at: Set(it.made_at),
        is_done: Set(it.is_done),
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// Says of a remark on a draft whether it is dealt with. False when the draft has no such remark.
pub async fn mark(write: &Write, draft: &DraftId, id: &CommentId, is_done: bool) -> Result<bool> {
    let done = Entity::update_many()
        .col_expr(Column::IsDone, Expr::value(is_done))
        .filter(Column::Id.eq(id.as_str()))
        .filter(Column::DraftId.eq(draft.as_str()))
        .exec(write.connection())
        .await?;
    Ok(done.rows_affected == 1)
}

fn read(row: Model) -> Comment {
    Comment {
        id: CommentId::stored(row.id),
        field: row.field,
        text: row.text,
        author: AccountId::stored(row.author_id),
        made_at: row.made_at,
        is_done: row.is_done,
    }
}
