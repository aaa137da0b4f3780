//! The table of questions that members ask each other.

use chrono::{DateTime, Utc};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use crate::domain::catalogue::ItemKind;
use crate::domain::id::{AccountId, InquiryId, ItemId};
use crate::domain::inquiry::Inquiry;

use super::{Ids, Result, Store, Write};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "inquiry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub asked_by: String,
    pub asker_id: String,
    pub organisation_id: String,
    pub indicator_id: String,
    pub question: String,
    pub asked_at: DateTimeUtc,
    pub answered_by: Option<String>,
    pub answered_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A question.
pub async fn get(store: &Store, id: &InquiryId) -> Result<Option<Inquiry>> {
    let ids = store.ids().await?;
    Entity::find_by_id(id.as_str()).one(store.read()).await?.map(|it| inquiry(it, &ids)).transpose()
}

/// A question as the running write sees it.
pub async fn get_in(write: &Write, id: &InquiryId) -> Result<Option<Inquiry>> {
    let ids = Ids::load(write.connection()).await?;
    Entity::find_by_id(id.as_str()).one(write.connection()).await?.map(|it| inquiry(it, &ids)).transpose()
}

/// What somebody asked since a moment, as the running write sees it.
pub async fn asked_since(write: &Write, by: &AccountId, since: DateTime<Utc>) -> Result<Vec<Inquiry>> {
    let ids = Ids::load(write.connection()).await?;
    let rows = Entity::find().filter(Column::AskedBy.eq(by.as_str())).filter(Column::AskedAt.gt(since));
    rows.all(write.connection()).await?.into_iter().map(|it| inquiry(it, &ids)).collect()
}

pub async fn insert(write: &Write, it: &Inquiry) -> Result<()> {
    let ids = Ids::load(write.connection()).await?;
    let row = ActiveModel {
        id: Set(it.id.to_string()),
        asked_by: Set(it.asked_by.to_string()),
        asker_id: Set(ids.id(ItemKind::Organisation, &it.asker)?),
        organisation_id: Set(ids.id(ItemKind::Organisation, &it.organisation)?),
        indicator_id: Set(ids.id(ItemKind::Indicator, &it.indicator)?),
        question: Set(it.question.clone()),
        asked_at: Set(it.asked_at),
        answered_by: Set(None),
        answered_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// Notes who answered.
pub async fn answered(write: &Write, id: &InquiryId, by: &AccountId, now: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel {
        id: Set(id.to_string()),
        answered_by: Set(Some(by.to_string())),
        answered_at: Set(Some(now)),
        ..Default::default()
    };
    row.update(write.connection()).await?;
    Ok(())
}

/// Gives what one organisation has here to another: the two are one now.
pub async fn move_to(write: &Write, from: &ItemId, into: &ItemId) -> Result<()> {
    for column in [Column::AskerId, Column::OrganisationId] {
        Entity::update_many()
            .col_expr(column, Expr::value(into.as_str()))
            .filter(column.eq(from.as_str()))
            .exec(write.connection())
            .await?;
    }
    Ok(())
}

/// Forgets what was asked before a moment; says how many questions.
pub async fn forget(write: &Write, before: DateTime<Utc>) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::AskedAt.lt(before)).exec(write.connection()).await?.rows_affected)
}

fn inquiry(row: Model, ids: &Ids) -> Result<Inquiry> {
    Ok(Inquiry {
        id: InquiryId::stored(row.id),
        asked_by: AccountId::stored(row.asked_by),
        asker: ids.slug(&row.asker_id)?,
        organisation: ids.slug(&row.organisation_id)?,
        indicator: ids.slug(&row.indicator_id)?,
        question: row.question,
        asked_at: row.asked_at,
        answered_by: row.answered_by.map(AccountId::stored),
        answered_at: row.answered_at,
    })
}
