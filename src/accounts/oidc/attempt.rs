//! One attempt to sign in with a provider, between leaving for it and coming back. The browser holds all of it in a
//! cookie; nothing of it is stored here.
//!
//! What the provider is told is derived from the whole cookie: the state, the nonce, and the secret behind the proof
//! of the code (PKCE). So who comes back with another cookie, or a changed one, does not fit what the provider
//! returns. A signature would add nothing: what somebody writes in a cookie of its own concerns that browser alone,
//! and no other site can set a cookie whose name begins with `__Host-`.

use chrono::{DateTime, TimeDelta, Utc};
use url::form_urlencoded;

use crate::accounts::secret;

/// How long somebody may take at the provider.
pub const HOLDS: TimeDelta = TimeDelta::minutes(10);

/// The longest cookie that is read.
const LONGEST: usize = 2_000;

/// What an attempt is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in, to go on to an address of this site.
    SignIn { to: String },
    /// Taking an invitation up, with the secret of its link.
    Invitation { token: String },
    /// Linking an account, in the session of which this is the form token.
    Link { session: String },
}

/// An attempt as its cookie holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct Attempt {
    text: String,
    pub purpose: Purpose,
}

impl Attempt {
    pub fn begin(purpose: Purpose, now: DateTime<Utc>) -> Result<Attempt, getrandom::Error> {
        let (kind, detail) = match &purpose {
            Purpose::SignIn { to } => ("in", to),
            Purpose::Invitation { token } => ("uitnodiging", token),
            Purpose::Link { session } => ("koppelen", session),
        };
        let detail: String = form_urlencoded::byte_serialize(detail.as_bytes()).collect();
        let began_at = now.timestamp();
        let text = format!("{}~{began_at}~{kind}~{detail}", secret::generate()?);
        Ok(Attempt { text, purpose })
    }

    /// The attempt of a cookie; `None` when it is none, or was begun too long ago.
    pub fn read(cookie: &str, now: DateTime<Utc>) -> Option<Attempt> {
        let parts: Vec<&str> = cookie.split('~').collect();
        let [secret, began_at, kind, detail] = parts[..] else { return None };
        let began_at: i64 = began_at.parse().ok()?;
        let age = now.timestamp().checked_sub(began_at)?;
        if LONGEST < cookie.len() || !secret::is_formed(secret) || !(0..HOLDS.num_seconds()).contains(&age) {
            return None;
        }
        let detail = form_urlencoded::parse(detail.as_bytes()).next().map(|it| it.0.into_owned()).unwrap_or_default();
        let purpose = match kind {
            "in" => Purpose::SignIn { to: detail },
            "uitnodiging" => Purpose::Invitation { token: detail },
            "koppelen" => Purpose::Link { session: detail },
            _ => return None,
        };
        Some(Attempt { text: cookie.to_owned(), purpose })
    }

    /// The value of the cookie.
    pub fn cookie(&self) -> &str {
        &self.text
    }

    pub fn state(&self) -> String {
        secret::derived(&self.text, "state")
    }

    pub fn nonce(&self) -> String {
        secret::derived(&self.text, "nonce")
    }

    /// The secret behind the proof of the code.
    pub fn verifier(&self) -> String {
        secret::derived(&self.text, "verifier")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_come_back_as_they_went() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let to = "/zoeken?q=a~b;c, d&x=é".to_owned();
        for purpose in
            [Purpose::SignIn { to }, Purpose::Invitation { token: "a".into() }, Purpose::Link { session: "b".into() }]
        {
            let it = Attempt::begin(purpose.clone(), now).unwrap();
            assert!(it.cookie().bytes().all(|b| b.is_ascii_graphic() && !b";,\"\\".contains(&b)), "{}", it.cookie());
            let read = Attempt::read(it.cookie(), now + TimeDelta::minutes(9)).unwrap();
            assert_eq!((&read.purpose, read.state()), (&purpose, it.state()));
            assert!(read.nonce() != read.state() && read.nonce() != read.verifier());
            for at in [now + HOLDS, now - TimeDelta::seconds(1)] {
                assert!(Attempt::read(it.cookie(), at).is_none());
            }
            // Whatever is changed, the provider returns another state.
            let later = it.cookie().replace("~1800000000~", "~1800000100~");
            assert_ne!(Attempt::read(&later, now + TimeDelta::minutes(3)).unwrap().state(), it.state());
            assert_ne!(Attempt::begin(purpose, now).unwrap().state(), it.state());
        }
        for bad in ["", "~~~", "a~1800000000~in~/", &"0".repeat(64), &format!("{}~1800000000~x~/", "0".repeat(64))] {
            assert!(Attempt::read(bad, now).is_none(), "{bad}");
        }
    }
}
