//! The table of recovery codes: what stands in for a lost second factor, each once. Only their hashes are kept.

use chrono::{DateTime, Utc};
use sea_orm::Set;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use crate::domain::id::AccountId;

use super::{Result, Store, Write, insert_all};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: String,
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Gives an account these codes and no others; none takes them all away.
pub async fn replace(write: &Write, account: &AccountId, hashes: &[String]) -> Result<()> {
    let tx = write.connection();
    Entity::delete_many().filter(Column::AccountId.eq(account.as_str())).exec(tx).await?;
    let rows = hashes.iter().map(|it| ActiveModel {
        account_id: Set(account.to_string()),
        code_hash: Set(it.clone()),
        used_at: Set(None),
    });
    insert_all(tx, rows.collect()).await
}

/// Uses a code up; says whether there was an unused one.
pub async fn use_up(write: &Write, account: &AccountId, hash: &str, now: DateTime<Utc>) -> Result<bool> {
    let one = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::AccountId.eq(account.as_str()))
        .filter(Column::CodeHash.eq(hash))
        .filter(Column::UsedAt.is_null());
    Ok(one.exec(write.connection()).await?.rows_affected == 1)
}

/// How many codes are left.
pub async fn left(store: &Store, account: &AccountId) -> Result<u64> {
    let own = Entity::find().filter(Column::AccountId.eq(account.as_str())).filter(Column::UsedAt.is_null());
    Ok(own.count(store.read()).await?)
}
