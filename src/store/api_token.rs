//! The table of tokens for the API. What their owners hold is not in it, only its hash.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{QueryOrder, Set};

use crate::domain::account::TokenScope;
use crate::domain::id::{AccountId, TokenId};

use super::{Result, Store, Write, corrupt};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub token_hash: String,
    pub account_id: String,
    pub name: String,
    pub scope: String,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A token for the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: TokenId,
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    pub scope: TokenScope,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

pub async fn insert(write: &Write, token_hash: &str, it: &ApiToken) -> Result<()> {
    let row = ActiveModel {
        id: Set(it.id.to_string()),
        token_hash: Set(token_hash.to_owned()),
        account_id: Set(it.account.to_string()),
        name: Set(it.name.clone()),
        scope: Set(it.scope.word().to_owned()),
        created_at: Set(it.created_at),
        expires_at: Set(it.expires_at),
        used_at: Set(it.used_at),
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// The token of this hash. Whether it still holds is for the caller.
pub async fn find(store: &Store, token_hash: &str) -> Result<Option<ApiToken>> {
    let row = Entity::find().filter(Column::TokenHash.eq(token_hash)).one(store.read()).await?;
    row.map(token).transpose()
}

/// The tokens of an account, or of all; the latest first.
pub async fn list(store: &Store, account: Option<&AccountId>) -> Result<Vec<ApiToken>> {
    let mut rows = Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
    if let Some(account) = account {
        rows = rows.filter(Column::AccountId.eq(account.as_str()));
    }
    rows.all(store.read()).await?.into_iter().map(token).collect()
}

/// Notes that a token was used.
pub async fn touch(write: &Write, id: &TokenId, now: DateTime<Utc>) -> Result<()> {
    let update = Entity::update_many().col_expr(Column::UsedAt, Expr::value(now)).filter(Column::Id.eq(id.as_str()));
    update.exec(write.connection()).await?;
    Ok(())
}

/// Takes a token away, from one account or from whoever has it; says whether there was one.
pub async fn remove(write: &Write, account: Option<&AccountId>, id: &TokenId) -> Result<bool> {
    let mut one = Entity::delete_many().filter(Column::Id.eq(id.as_str()));
    if let Some(account) = account {
        one = one.filter(Column::AccountId.eq(account.as_str()));
    }
    Ok(0 < one.exec(write.connection()).await?.rows_affected)
}

/// Takes all tokens of an account away.
pub async fn remove_all(write: &Write, account: &AccountId) -> Result<()> {
    Entity::delete_many().filter(Column::AccountId.eq(account.as_str())).exec(write.connection()).await?;
    Ok(())
}

fn token(row: Model) -> Result<ApiToken> {
    Ok(ApiToken {
        scope: TokenScope::parse(&row.scope).ok_or_else(|| corrupt("bereik van een token", &row.scope))?,
        id: TokenId::stored(row.id),
        account: AccountId::stored(row.account_id),
        name: row.name,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
    })
}
