//! Sessions: a browser that signed in. Each has a token in a cookie; a new one is made at sign-in and again when the
//! second factor was shown.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::account::{Account, AccountStatus, Grant};
use crate::domain::actor::{Actor, User};
use crate::domain::id::{AccountId, SessionId};
use crate::store::session::{self, Session};
use crate::store::{self, Store, Write, account};

use super::secret;

/// A session that is not used ends after this.
pub const IDLE: TimeDelta = TimeDelta::minutes(60);
/// Every session ends after this.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// How exactly the last use is kept: not every page is a write.
const TOUCH: TimeDelta = TimeDelta::minutes(1);
/// How much of a browser's name is kept.
const AGENT_MAX: usize = 60;

/// Somebody who signed in with a browser.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session: Session,
    pub user: Arc<User>,
    /// Stands in every form; only pages of this session know it.
    pub form_token: String,
    /// The second factor that its roles ask for: there is one, and it was or was not shown.
    pub factor: Factor,
}

/// How a session stands with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// Nothing is asked for.
    NotNeeded,
    /// Shown.
    Shown,
    /// The account has one; it was not shown yet.
    Asked,
    /// A role needs one and the account has none.
    Missing,
}

impl SignedIn {
    /// Who acts. Until the second factor is shown that is nobody.
    pub fn actor(&self) -> Actor {
        match self.factor {
            Factor::Asked => Actor::Anonymous,
            _ => Actor::User(self.user.clone()),
        }
    }
}

/// Where somebody signs in from.
#[derive(Debug, Clone, Default)]
pub struct From {
    pub agent: String,
    pub address: String,
}

/// Begins a session; gives the token for the cookie.
pub async fn open(
    write: &Write,
    account: &AccountId,
    second_factor: bool,
    from: &From,
    now: DateTime<Utc>,
) -> Result<(SessionId, String), super::Error> {
    let token = secret::generate()?;
    let it = Session {
        id: SessionId::generate(),
        account: account.clone(),
        created_at: now,
        seen_at: now,
        expires_at: now + LONGEST,
        second_factor,
        agent: shortened(&from.agent),
        address: from.address.clone(),
    };
    session::insert(write, &secret::hash(&token), &it).await?;
    Ok((it.id, token))
}

/// Who holds this token now; `None` when the session is over, or the account blocked.
pub async fn find(store: &Store, token: &str, now: DateTime<Utc>) -> store::Result<Option<SignedIn>> {
    if !secret::is_formed(token) {
        return Ok(None);
    }
    let Some(session) = session::find(store, &secret::hash(token)).await? else { return Ok(None) };
    if session.expires_at <= now || session.seen_at + IDLE <= now {
        return Ok(None);
    }
    let Some(entry) = account::get(store, &session.account).await? else { return Ok(None) };
    if entry.account.status != AccountStatus::Active {
        return Ok(None);
    }
    if session.seen_at + TOUCH <= now {
        unless_busy(touch(store, &session.id, now).await)?;
    }
    let has_factor = entry.secrets.totp.is_some();
    let factor = match (session.second_factor, has_factor, entry.account.needs_second_factor()) {
        (true, ..) => Factor::Shown,
        (false, true, _) => Factor::Asked,
        (false, false, true) => Factor::Missing,
        (false, false, false) => Factor::NotNeeded,
    };
    let user = user(store, &entry.account, session.second_factor, now).await?;
    let form_token = secret::derived(token, "formulier");
    Ok(Some(SignedIn { session, user: Arc::new(user), form_token, factor }))
}

async fn touch(store: &Store, id: &SessionId, now: DateTime<Utc>) -> store::Result<()> {
    let write = store.write().await?;
    session::touch(&write, id, now).await?;
    write.commit_apart().await
}

/// Whoever only reads goes on where others write so long that the last use cannot be kept; the next time it is.
pub(super) fn unless_busy(touched: store::Result<()>) -> store::Result<()> {
    match touched {
        Err(store::Error::Busy) => Ok(()),
        other => other,
    }
}

/// Ends a session.
pub async fn close(store: &Store, it: &Session) -> store::Result<()> {
    let write = store.write().await?;
    session::remove(&write, &it.account, &it.id).await?;
    write.commit_apart().await
}

/// An account as somebody with the rights that hold now.
pub(super) async fn user(
    store: &Store,
    account: &Account,
    second_factor: bool,
    now: DateTime<Utc>,
) -> store::Result<User> {
    let catalogue = store.catalogue().await?;
    let holds = |it: &&Grant| second_factor || !it.role.needs_second_factor();
    let grants = account.grants.iter().filter(holds).cloned().collect();
    Ok(User::new(account.id.clone(), account.name.clone(), grants, &catalogue.networks, now.date_naive()))
}

/// A browser's name as far as its owner can recognise it.
fn shortened(agent: &str) -> String {
    let browser = ["Firefox", "Edg", "OPR", "Chrome", "Safari"].into_iter().find(|it| agent.contains(it));
    let browser = match browser {
        Some("Edg") => "Edge",
        Some("OPR") => "Opera",
        Some(known) => known,
        None => "Onbekende browser",
    };
    let system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].into_iter().find(|it| agent.contains(it));
    let res = system.map_or_else(|| browser.to_owned(), |it| format!("{browser} op {it}"));
    res.chars().take(AGENT_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox op Linux"),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36 Edg/120", "Edge op Windows"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604.1", "Safari op iPhone"),
            ("curl/8.0", "Onbekende browser"),
            ("", "Onbekende browser"),
        ] {
            assert_eq!(shortened(agent), expected);
        }
    }
}
