//! Tokens for the API: what a program holds instead of a password. Shown once, with an end.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::account::{AccountStatus, TokenScope};
use crate::domain::actor::User;
use crate::domain::id::{AccountId, TokenId};
use crate::store::api_token::{self, ApiToken};
use crate::store::{self, Store, Write, account};

use super::{Error, secret, session};

/// Before the secret, so that a token is recognised where it does not belong.
const PREFIX: &str = "lk_";
/// How exactly the last use is kept.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// A program that acts for somebody.
#[derive(Debug, Clone)]
pub struct Program {
    pub user: Arc<User>,
    pub scope: TokenScope,
}

/// Makes a token; gives what its owner must keep.
pub async fn open(
    write: &Write,
    account: &AccountId,
    name: &str,
    scope: TokenScope,
    holds: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(TokenId, String), Error> {
    let secret = secret::generate()?;
    let it = ApiToken {
        id: TokenId::generate(),
        account: account.clone(),
        name: name.to_owned(),
        scope,
        created_at: now,
        expires_at: now + holds,
        used_at: None,
    };
    api_token::insert(write, &secret::hash(&secret), &it).await?;
    Ok((it.id, format!("{PREFIX}{secret}")))
}

async fn touch(store: &Store, id: &TokenId, now: DateTime<Utc>) -> store::Result<()> {
    let write = store.write().await?;
    api_token::touch(&write, id, now).await?;
    write.commit_apart().await
}

/// Who this token acts for; `None` when it is unknown or over, or the account blocked.
pub async fn find(store: &Store, token: &str, now: DateTime<Utc>) -> store::Result<Option<Program>> {
    let Some(secret) = token.strip_prefix(PREFIX).filter(|it| secret::is_formed(it)) else { return Ok(None) };
    let Some(token) = api_token::find(store, &secret::hash(secret)).await? else { return Ok(None) };
    if token.expires_at <= now {
        return Ok(None);
    }
    let Some(entry) = account::get(store, &token.account).await? else { return Ok(None) };
    if entry.account.status != AccountStatus::Active {
        return Ok(None);
    }
    if token.used_at.is_none_or(|it| it + TOUCH <= now) {
        session::unless_busy(touch(store, &token.id, now).await)?;
    }
    // Who made the token had shown the second factor; without one the roles that need it do not hold.
    let user = session::user(store, &entry.account, entry.secrets.totp.is_some(), now).await?;
    Ok(Some(Program { user: Arc::new(user), scope: token.scope }))
}
