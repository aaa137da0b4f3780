//! The table of links that open a door once: invitations and forgotten passwords. Only their hash is kept.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ExprTrait, QueryOrder, Set};

use crate::domain::account::LinkPurpose;
use crate::domain::id::AccountId;

use super::{Result, Store, Write, corrupt};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub account_id: String,
    pub purpose: String,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A link that opens a door once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub account: AccountId,
    pub purpose: LinkPurpose,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

impl Link {
    /// Whether it still opens anything.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }
}

pub async fn insert(write: &Write, token_hash: &str, it: &Link) -> Result<()> {
    let row = ActiveModel {
        token_hash: Set(token_hash.to_owned()),
        account_id: Set(it.account.to_string()),
        purpose: Set(it.purpose.word().to_owned()),
        created_at: Set(it.created_at),
        expires_at: Set(it.expires_at),
        used_at: Set(it.used_at),
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// The link of this hash. Whether it still holds is for the caller.
pub async fn find(store: &Store, token_hash: &str) -> Result<Option<Link>> {
    Entity::find_by_id(token_hash).one(store.read()).await?.map(link).transpose()
}

/// The link of this hash, as the running write sees it.
pub async fn find_in(write: &Write, token_hash: &str) -> Result<Option<Link>> {
    Entity::find_by_id(token_hash).one(write.connection()).await?.map(link).transpose()
}

/// The latest link of an account, as the running write sees it.
pub async fn latest_in(write: &Write, account: &AccountId) -> Result<Option<Link>> {
    let own = Entity::find().filter(Column::AccountId.eq(account.as_str())).order_by_desc(Column::CreatedAt);
    own.one(write.connection()).await?.map(link).transpose()
}

/// Voids all links of an account: one was used, or a new one takes their place.
pub async fn use_up(write: &Write, account: &AccountId, now: DateTime<Utc>) -> Result<()> {
    let open = Entity::update_many().col_expr(Column::UsedAt, Expr::value(now)).filter(Column::UsedAt.is_null());
    open.filter(Column::AccountId.eq(account.as_str())).exec(write.connection()).await?;
    Ok(())
}

/// Forgets links that are void since a moment.
pub async fn forget(write: &Write, before: DateTime<Utc>) -> Result<()> {
    let void = Column::ExpiresAt.lt(before).or(Column::UsedAt.lt(before));
    Entity::delete_many().filter(void).exec(write.connection()).await?;
    Ok(())
}

fn link(row: Model) -> Result<Link> {
    Ok(Link {
        purpose: LinkPurpose::parse(&row.purpose).ok_or_else(|| corrupt("doel van een link", &row.purpose))?,
        account: AccountId::stored(row.account_id),
        created_at: row.created_at,
        expires_at: row.expires_at,
        used_at: row.used_at,
    })
}
