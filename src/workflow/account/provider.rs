//! Signing in with a provider, and linking who somebody is there to an account here.
//!
//! Invariant: an account is linked by its owner alone: with the link of an invitation, or in a session with the
//! password typed again. That a provider tells the same mail address proves nothing: whoever can set an address there,
//! or gets one that somebody else had, would take the account over.

use serde_json::json;

use crate::accounts::oidc::Proven;
use crate::accounts::secret;
use crate::accounts::session::{From, SignedIn};
use crate::domain::account::{AccountStatus, LinkPurpose};
use crate::store::account::{self, Entry};
use crate::store::identity::{self, Identity};
use crate::store::{Store, Write, link, session};

use super::own::{begin, confirm, tell};
use super::{By, Error, fault, sign_in};

/// What is wrong, and what helps, when an identity is linked to somebody else.
const TAKEN: (&str, &str) = (
    "dit account van de aanbieder hoort al bij een ander account van Leerkring",
    "log daarmee in, of kies bij de aanbieder een ander account",
);

/// Signs in whom a provider knows; gives the token for the cookie. Nobody is made an account: who is not linked, or
/// whose account does not work, is not found.
pub async fn with_provider(by: By<'_>, who: &Proven, from: &From) -> Result<String, Error> {
    let write = by.store.write().await?;
    let id = identity::account_in(&write, &who.identity).await?.ok_or(Error::NotFound)?;
    let mut entry = account::get_in(&write, &id).await?.ok_or(Error::NotFound)?;
    if entry.account.status != AccountStatus::Active {
        return Err(Error::NotFound);
    }
    let token = sign_in::open(&write, &by, &mut entry, who.second_factor, from).await?;
    write.commit_apart().await?;
    Ok(token)
}

/// Takes an invitation up with a provider instead of a password: its account works from now on, and is signed in.
pub async fn accept(by: By<'_>, token: &str, who: &Proven, from: &From) -> Result<String, Error> {
    invited(by.store, token, by.now).await?;
    let write = by.store.write().await?;
    let link = link::find_in(&write, &secret::hash(token)).await?.filter(|it| it.holds(by.now));
    let link = link.filter(|it| it.purpose == LinkPurpose::Invitation).ok_or(Error::NotFound)?;
    let mut entry = account::get_in(&write, &link.account).await?.ok_or(Error::NotFound)?;
    if entry.account.status != AccountStatus::Invited {
        return Err(Error::NotFound);
    }
    add(&write, &by, &entry, &who.identity).await?;
    entry.account.status = AccountStatus::Active;
    link::use_up(&write, &link.account, by.now).await?;
    session::remove_all(&write, &link.account, None).await?;
    let owner = sign_in::acting(&link.account);
    By { actor: &owner, ..by }.note(&write, "uitnodiging aangenomen", &link.account, json!({})).await?;
    let token = sign_in::open(&write, &by, &mut entry, who.second_factor, from).await?;
    write.commit_apart().await?;
    Ok(token)
}

/// Whose invitation this is, while its account was never used.
pub async fn invited(store: &Store, token: &str, now: chrono::DateTime<chrono::Utc>) -> Result<Entry, Error> {
    let entry = sign_in::linked(store, token, now).await?;
    match entry.account.status {
        AccountStatus::Invited => Ok(entry),
        _ => Err(Error::NotFound),
    }
}

/// Whether somebody may begin to link its account: it is not linked yet, and the password is typed again. Else who
/// finds a session open, or sends a browser where it did not want to go, would make a door of its own.
pub async fn may_link(by: By<'_>, it: &SignedIn, typed: &str) -> Result<(), Error> {
    let id = &it.session.account;
    let entry = account::get(by.store, id).await?.ok_or(Error::NotFound)?;
    if !identity::list(by.store, id).await?.is_empty() {
        let wrong = "uw account is al gekoppeld";
        return Err(Error::Form(vec![fault("koppelwachtwoord", wrong, "maak die koppeling eerst los")]));
    }
    confirm(&by, &entry, typed, "koppelwachtwoord").await
}

/// Links the account of a session with who came back from the provider.
pub async fn link(by: By<'_>, it: &SignedIn, who: &Identity) -> Result<(), Error> {
    let (write, entry) = begin(&by, &it.session.account).await?;
    if !identity::list_in(&write, &entry.account.id).await?.is_empty() {
        return Err(Error::NotFound);
    }
    add(&write, &by, &entry, who).await?;
    by.note(&write, "aanbieder gekoppeld", &entry.account.id, json!({ "aanbieder": who.issuer })).await?;
    tell(&write, &by, &entry, "U kunt nu ook inloggen met het account van een aanbieder.").await?;
    Ok(write.commit_apart().await?)
}

/// Takes the link away. Who has no password chooses one first, not to be locked out.
pub async fn unlink(by: By<'_>, it: &SignedIn, typed: &str) -> Result<(), Error> {
    let id = &it.session.account;
    let entry = account::get(by.store, id).await?.ok_or(Error::NotFound)?;
    confirm(&by, &entry, typed, "koppelwachtwoord").await?;
    let (write, entry) = begin(&by, id).await?;
    identity::remove_all(&write, id).await?;
    session::remove_all(&write, id, Some(&it.session.id)).await?;
    by.note(&write, "aanbieder losgemaakt", id, json!({})).await?;
    tell(&write, &by, &entry, "U kunt niet meer inloggen met het account van een aanbieder.").await?;
    Ok(write.commit_apart().await?)
}

async fn add(write: &Write, by: &By<'_>, entry: &Entry, who: &Identity) -> Result<(), Error> {
    match identity::account_in(write, who).await? {
        Some(other) if other == entry.account.id => Ok(()),
        Some(_) => Err(Error::Form(vec![fault("", TAKEN.0, TAKEN.1)])),
        None => Ok(identity::insert(write, who, &entry.account.id, by.now).await?),
    }
}
