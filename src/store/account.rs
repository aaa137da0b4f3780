//! The tables of accounts and of their roles.
//!
//! A role holds at an item of a list; it is stored by the identity of the item, so that it stays when a slug
//! changes. A role at an item that is gone is no role.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::account::{Account, AccountRole, AccountStatus, Grant, Scope};
use crate::domain::catalogue::ItemKind;
use crate::domain::id::{AccountId, ItemId};

use super::{Ids, Result, Store, Write, corrupt, grouped, insert_all};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub mail: String,
    pub name: String,
    pub status: String,
    pub password: Option<String>,
    pub totp: Option<String>,
    pub totp_pending: Option<String>,
    pub totp_step: Option<i64>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub signed_in_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

mod grant {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub role: String,
        /// Which list the item is of; "overal" for everywhere.
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: String,
        /// Empty for everywhere.
        #[sea_orm(primary_key, auto_increment = false)]
        pub item_id: String,
        pub given_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An account with what it signs in by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub account: Account,
    pub secrets: Secrets,
}

/// What an account signs in by. None of it is ever shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// The hash of the password, with its parameters.
    pub password: Option<String>,
    /// The secret of the second factor.
    pub totp: Option<String>,
    /// A secret that was offered and not yet proven to be taken over.
    pub totp_pending: Option<String>,
    /// The time step of the last code that was used: older ones are void.
    pub totp_step: Option<i64>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// The account of this identity.
pub async fn get(store: &Store, id: &AccountId) -> Result<Option<Entry>> {
    let ids = store.ids().await?;
    one(store.read(), &ids, Entity::find_by_id(id.as_str())).await
}

/// The account of this identity, as the running write sees it.
pub async fn get_in(write: &Write, id: &AccountId) -> Result<Option<Entry>> {
    let ids = write.ids().await?;
    one(write.connection(), &ids, Entity::find_by_id(id.as_str())).await
}

/// The account of a mail address in its stored form.
pub async fn by_mail(store: &Store, mail: &str) -> Result<Option<Entry>> {
    let ids = store.ids().await?;
    one(store.read(), &ids, Entity::find().filter(Column::Mail.eq(mail))).await
}

/// The same, as the running write sees it.
pub async fn by_mail_in(write: &Write, mail: &str) -> Result<Option<Entry>> {
    let ids = write.ids().await?;
    one(write.connection(), &ids, Entity::find().filter(Column::Mail.eq(mail))).await
}

/// All accounts by name.
pub async fn list(store: &Store) -> Result<Vec<Entry>> {
    let ids = store.ids().await?;
    let rows = Entity::find().order_by_asc(Column::Name).order_by_asc(Column::Mail).all(store.read()).await?;
    let grants = grant::Entity::find().all(store.read()).await?;
    let mut grants: HashMap<String, Vec<grant::Model>> = grouped(grants, |it| it.account_id.clone());
    rows.into_iter()
        .map(|row| {
            let own = grants.remove(&row.id).unwrap_or_default();
            entry(row, own, &ids)
        })
        .collect()
}

/// How many accounts there are with a role everywhere.
pub async fn count_of(store: &Store, role: AccountRole) -> Result<u64> {
    let rows = grant::Entity::find().filter(grant::Column::Role.eq(role.word()));
    Ok(rows.filter(grant::Column::Scope.eq(EVERYWHERE)).count(store.read()).await?)
}

/// Makes an account with its roles.
pub async fn insert(write: &Write, entry: &Entry, now: DateTime<Utc>) -> Result<()> {
    Entity::insert(row(entry)).exec_without_returning(write.connection()).await?;
    save_grants(write, &entry.account.id, &entry.account.grants, now).await
}

/// Stores an account as it is now, one version further; its roles stay.
pub async fn save(write: &Write, entry: &mut Entry) -> Result<()> {
    entry.account.version += 1;
    row(entry).update(write.connection()).await.map(drop)?;
    Ok(())
}

/// Gives an account these roles and no others.
pub async fn save_grants(write: &Write, id: &AccountId, grants: &[Grant], now: DateTime<Utc>) -> Result<()> {
    let ids = write.ids().await?;
    let tx = write.connection();
    grant::Entity::delete_many().filter(grant::Column::AccountId.eq(id.as_str())).exec(tx).await?;
    let rows = grants.iter().map(|it| {
        let (scope, item_id) = match &it.scope {
            Scope::Everywhere => (EVERYWHERE, String::new()),
            Scope::Organisation(slug) => (ORGANISATION, ids.id(ItemKind::Organisation, slug)?),
            Scope::Network(slug) => (NETWORK, ids.id(ItemKind::Network, slug)?),
            Scope::Theme(slug) => (THEME, ids.id(ItemKind::Theme, slug)?),
        };
        Ok(grant::ActiveModel {
            account_id: Set(id.to_string()),
            role: Set(it.role.word().to_owned()),
            scope: Set(scope.to_owned()),
            item_id: Set(item_id),
            given_at: Set(now),
        })
    });
    insert_all(tx, rows.collect::<Result<_>>()?).await
}

const EVERYWHERE: &str = "overal";
const ORGANISATION: &str = "organisatie";
const NETWORK: &str = "netwerk";
const THEME: &str = "thema";

async fn one(connection: &impl ConnectionTrait, ids: &Ids, query: Select<Entity>) -> Result<Option<Entry>> {
    let Some(row) = query.one(connection).await? else { return Ok(None) };
    let grants = grant::Entity::find().filter(grant::Column::AccountId.eq(&row.id)).all(connection).await?;
    entry(row, grants, ids).map(Some)
}

fn entry(row: Model, grants: Vec<grant::Model>, ids: &Ids) -> Result<Entry> {
    let mut grants: Vec<Grant> = grants.into_iter().filter_map(|it| read_grant(&it, ids)).collect();
    grants.sort();
    let status = AccountStatus::parse(&row.status).ok_or_else(|| corrupt("status van een account", &row.status))?;
    Ok(Entry {
        account: Account {
            id: AccountId::stored(row.id),
            mail: row.mail,
            name: row.name,
            status,
            grants,
            version: row.version,
            created_at: row.created_at,
            signed_in_at: row.signed_in_at,
        },
        secrets: Secrets {
            password: row.password,
            totp: row.totp,
            totp_pending: row.totp_pending,
            totp_step: row.totp_step,
        },
    })
}

fn read_grant(row: &grant::Model, ids: &Ids) -> Option<Grant> {
    let slug = || ids.slug(&row.item_id).ok();
    let scope = match row.scope.as_str() {
        EVERYWHERE => Scope::Everywhere,
        ORGANISATION => Scope::Organisation(slug()?),
        NETWORK => Scope::Network(slug()?),
        THEME => Scope::Theme(slug()?),
        _ => return None,
    };
    Some(Grant { role: AccountRole::parse(&row.role)?, scope })
}

fn row(entry: &Entry) -> ActiveModel {
    let Entry { account, secrets } = entry;
    ActiveModel {
        id: Set(account.id.to_string()),
        mail: Set(account.mail.clone()),
        name: Set(account.name.clone()),
        status: Set(account.status.word().to_owned()),
        password: Set(secrets.password.clone()),
        totp: Set(secrets.totp.clone()),
        totp_pending: Set(secrets.totp_pending.clone()),
        totp_step: Set(secrets.totp_step),
        version: Set(account.version),
        created_at: Set(account.created_at),
        signed_in_at: Set(account.signed_in_at),
    }
}

/// Roles at one item become roles at another, as when two organisations turn out to be one.
pub async fn move_grants(write: &Write, from: &ItemId, to: &ItemId) -> Result<()> {
    let tx = write.connection();
    let old = grant::Entity::find().filter(grant::Column::ItemId.eq(from.as_str())).all(tx).await?;
    for row in old {
        let key = (row.account_id.clone(), row.role.clone(), row.scope.clone(), to.to_string());
        let is_there = grant::Entity::find_by_id(key).one(tx).await?.is_some();
        row.clone().delete(tx).await?;
        if !is_there {
            let moved = grant::ActiveModel {
                account_id: Set(row.account_id),
                role: Set(row.role),
                scope: Set(row.scope),
                item_id: Set(to.to_string()),
                given_at: Set(row.given_at),
            };
            grant::Entity::insert(moved).exec_without_returning(tx).await?;
        }
    }
    Ok(())
}
