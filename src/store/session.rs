//! The table of sessions. What the browser holds is not in it, only its hash.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ExprTrait, QueryOrder, Set};

use crate::domain::id::{AccountId, SessionId};

use super::{Result, Store, Write};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub token_hash: String,
    pub account_id: String,
    pub created_at: DateTimeUtc,
    pub seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub second_factor: bool,
    pub agent: String,
    pub address: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A session of somebody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    /// After this it is over, however busy it is.
    pub expires_at: DateTime<Utc>,
    /// Whether the second factor was shown.
    pub second_factor: bool,
    /// The browser in a few words.
    pub agent: String,
    /// The address, without its last part.
    pub address: String,
}

pub async fn insert(write: &Write, token_hash: &str, it: &Session) -> Result<()> {
    let row = ActiveModel {
        id: Set(it.id.to_string()),
        token_hash: Set(token_hash.to_owned()),
        account_id: Set(it.account.to_string()),
        created_at: Set(it.created_at),
        seen_at: Set(it.seen_at),
        expires_at: Set(it.expires_at),
        second_factor: Set(it.second_factor),
        agent: Set(it.agent.clone()),
        address: Set(it.address.clone()),
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// The session of a token, by the hash of the token. Whether it still holds is for the caller.
pub async fn find(store: &Store, token_hash: &str) -> Result<Option<Session>> {
    let row = Entity::find().filter(Column::TokenHash.eq(token_hash)).one(store.read()).await?;
    Ok(row.map(session))
}

/// The sessions of an account, the latest first.
pub async fn list(store: &Store, account: &AccountId) -> Result<Vec<Session>> {
    let rows = Entity::find().filter(Column::AccountId.eq(account.as_str())).order_by_desc(Column::SeenAt);
    Ok(rows.all(store.read()).await?.into_iter().map(session).collect())
}

/// Notes that a session is in use.
pub async fn touch(write: &Write, id: &SessionId, now: DateTime<Utc>) -> Result<()> {
    let update = Entity::update_many().col_expr(Column::SeenAt, Expr::value(now)).filter(Column::Id.eq(id.as_str()));
    update.exec(write.connection()).await?;
    Ok(())
}

/// Ends a session of an account; says whether there was one.
pub async fn remove(write: &Write, account: &AccountId, id: &SessionId) -> Result<bool> {
    let own = Entity::delete_many().filter(Column::Id.eq(id.as_str()));
    let done = own.filter(Column::AccountId.eq(account.as_str())).exec(write.connection()).await?;
    Ok(0 < done.rows_affected)
}

/// Ends the sessions of an account, all or all but one.
pub async fn remove_all(write: &Write, account: &AccountId, except: Option<&SessionId>) -> Result<()> {
    let mut all = Entity::delete_many().filter(Column::AccountId.eq(account.as_str()));
    if let Some(kept) = except {
        all = all.filter(Column::Id.ne(kept.as_str()));
    }
    all.exec(write.connection()).await?;
    Ok(())
}

/// Forgets sessions that are over, or were not used since a moment.
pub async fn forget(write: &Write, now: DateTime<Utc>, unused_since: DateTime<Utc>) -> Result<()> {
    let over = Column::ExpiresAt.lt(now).or(Column::SeenAt.lt(unused_since));
    Entity::delete_many().filter(over).exec(write.connection()).await?;
    Ok(())
}

fn session(row: Model) -> Session {
    Session {
        id: SessionId::stored(row.id),
        account: AccountId::stored(row.account_id),
        created_at: row.created_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
        second_factor: row.second_factor,
        agent: row.agent,
        address: row.address,
    }
}
