//! The table of identities: who an account is with a provider of sign-in.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::id::AccountId;

use super::{Result, Store, Write};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identity")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub issuer: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    pub account_id: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Who somebody is with a provider: the two together never change hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
}

pub async fn insert(write: &Write, it: &Identity, account: &AccountId, now: DateTime<Utc>) -> Result<()> {
    let row = ActiveModel {
        issuer: Set(it.issuer.clone()),
        subject: Set(it.subject.clone()),
        account_id: Set(account.to_string()),
        created_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(write.connection()).await?;
    Ok(())
}

/// The account of an identity, as the running write sees it.
pub async fn account_in(write: &Write, it: &Identity) -> Result<Option<AccountId>> {
    let row = Entity::find_by_id((it.issuer.clone(), it.subject.clone())).one(write.connection()).await?;
    Ok(row.map(|it| AccountId::stored(it.account_id)))
}

/// The identities of an account.
pub async fn list(store: &Store, account: &AccountId) -> Result<Vec<Identity>> {
    let rows = Entity::find().filter(Column::AccountId.eq(account.as_str())).order_by_asc(Column::Issuer);
    let identity = |it: Model| Identity { issuer: it.issuer, subject: it.subject };
    Ok(rows.all(store.read()).await?.into_iter().map(identity).collect())
}

/// The same, as the running write sees it.
pub async fn list_in(write: &Write, account: &AccountId) -> Result<Vec<Identity>> {
    let rows = Entity::find().filter(Column::AccountId.eq(account.as_str())).order_by_asc(Column::Issuer);
    let identity = |it: Model| Identity { issuer: it.issuer, subject: it.subject };
    Ok(rows.all(write.connection()).await?.into_iter().map(identity).collect())
}

/// Takes the identities of an account away.
pub async fn remove_all(write: &Write, account: &AccountId) -> Result<()> {
    Entity::delete_many().filter(Column::AccountId.eq(account.as_str())).exec(write.connection()).await?;
    Ok(())
}
