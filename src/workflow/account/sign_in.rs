//! Proving who you are: a password, then a code; or a link that was mailed.
//!
//! Invariant: an answer does not tell whether an address has an account.

use chrono::TimeDelta;
use serde_json::json;

use crate::accounts::session::{self as sessions, From, SignedIn};
use crate::accounts::throttle::{self, Subject};
use crate::accounts::vault::Vault;
use crate::accounts::{password, second_factor, secret};
use crate::domain::account::{AccountStatus, LinkPurpose, mail_address};
use crate::domain::actor::Actor;
use crate::domain::id::AccountId;
use crate::store::account::{self, Entry};
use crate::store::{Store, Write, audit, link, mail, recovery_code, session};

use super::{By, Error, fault, letter, send_link, subject};

/// A second link within this time is not sent: it would only fill a mailbox.
const LINK_PACE: TimeDelta = TimeDelta::minutes(2);

/// Signs in with a password; gives the token for the cookie. The second factor may still be asked for.
pub async fn with_password(
    by: By<'_>,
    typed: &str,
    password: &str,
    from: &From,
    ranges: Vec<Subject>,
) -> Result<String, Error> {
    let wrong = || {
        let wrong = "mailadres en wachtwoord horen niet bij elkaar";
        Error::Form(vec![fault("wachtwoord", wrong, "controleer beide, of vraag een nieuw wachtwoord aan")])
    };
    let mail = mail_address(typed).unwrap_or_default();
    let own = Subject::account(&mail);
    let subjects: Vec<Subject> = std::iter::once(own.clone()).chain(ranges).collect();
    if let Some(seconds) = throttle::wait(by.store, &subjects, by.now).await? {
        return Err(Error::Wait(seconds));
    }
    let found = account::by_mail(by.store, &mail).await?;
    let stored = found.as_ref().and_then(|it| it.secrets.password.clone());
    let is_right = password::verify(password.to_owned(), stored).await?;
    let Some(entry) = found.filter(|it| is_right && it.account.status == AccountStatus::Active) else {
        throttle::failed(by.store, &subjects, by.now).await?;
        return Err(wrong());
    };
    let write = by.store.write().await?;
    // As it is now: it may have been blocked, or its password changed, while this one was tried.
    let mut current = account::get_in(&write, &entry.account.id).await?.ok_or(Error::NotFound)?;
    if current.account.status != AccountStatus::Active || current.secrets.password != entry.secrets.password {
        return Err(wrong());
    }
    if current.secrets.totp.is_none() {
        throttle::succeeded(&write, &own).await?;
    }
    let token = open(&write, &by, &mut current, false, from).await?;
    write.commit_apart().await?;
    Ok(token)
}

/// Shows the second factor: a code of the app, or a recovery code. Gives the token of a new session.
pub async fn with_code(by: By<'_>, vault: &Vault, it: &SignedIn, code: &str, from: &From) -> Result<String, Error> {
    let id = &it.session.account;
    let subjects = [Subject::account(id.as_str())];
    if let Some(seconds) = throttle::wait(by.store, &subjects, by.now).await? {
        return Err(Error::Wait(seconds));
    }
    let write = by.store.write().await?;
    let mut entry = account::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    let Some(totp) = entry.secrets.totp.clone() else { return Err(Error::NotFound) };
    let step = match vault.open_sealed(id, &totp) {
        Ok(totp) => second_factor::check(&totp, code, entry.secrets.totp_step, by.now)?,
        // The key was lost. Recovery codes are known by their hash alone and still open.
        Err(error) => {
            tracing::error!(error = %error, "tweede factor niet te controleren");
            None
        }
    };
    let is_recovery = match (step, second_factor::recovery_hash(code)) {
        (None, Some(hash)) => recovery_code::use_up(&write, id, &hash, by.now).await?,
        _ => false,
    };
    if step.is_none() && !is_recovery {
        drop(write);
        throttle::failed(by.store, &subjects, by.now).await?;
        let allowed = "wacht op de volgende code in uw app; elke code werkt één keer";
        return Err(Error::Form(vec![fault("code", "deze code klopt niet of is al gebruikt", allowed)]));
    }
    entry.secrets.totp_step = step.or(entry.secrets.totp_step);
    session::remove(&write, id, &it.session.id).await?;
    for it in subjects.iter().chain([&Subject::account(&entry.account.mail)]) {
        throttle::succeeded(&write, it).await?;
    }
    let token = open(&write, &by, &mut entry, true, from).await?;
    if is_recovery {
        let key = format!("herstelcode {}", secret::hash(&token));
        let what = "Er is met een herstelcode ingelogd. Die code werkt nu niet meer.";
        mail::put(&write, &letter::changed(&entry.account, &key, what), by.now).await?;
    }
    write.commit_apart().await?;
    Ok(token)
}

/// Begins a session of an account, and notes it.
pub(super) async fn open(
    write: &Write,
    by: &By<'_>,
    entry: &mut Entry,
    second_factor: bool,
    from: &From,
) -> Result<String, Error> {
    entry.account.signed_in_at = Some(by.now);
    account::save(write, entry).await?;
    let (_, token) = sessions::open(write, &entry.account.id, second_factor, from, by.now).await?;
    let how = json!({ "tweedeFactor": second_factor });
    audit::append(write, &acting(&entry.account.id), "ingelogd", &subject(&entry.account.id), how, by.from, by.now)
        .await?;
    Ok(token)
}

/// The owner of an account, before its session is there.
pub(super) fn acting(id: &AccountId) -> Actor {
    let user = crate::domain::actor::User::new(id.clone(), String::new(), vec![], &[], chrono::NaiveDate::default());
    Actor::User(user.into())
}

/// Mails a link for a new password to whoever has this address; says nothing about whether somebody has.
pub async fn forgot(by: By<'_>, typed: &str) -> Result<(), Error> {
    let Ok(mail) = mail_address(typed) else { return Ok(()) };
    let Some(found) = account::by_mail(by.store, &mail).await? else { return Ok(()) };
    let purpose = match found.account.status {
        AccountStatus::Active => LinkPurpose::Password,
        AccountStatus::Invited => LinkPurpose::Invitation,
        AccountStatus::Blocked => return Ok(()),
    };
    let write = by.store.write().await?;
    if link::latest_in(&write, &found.account.id).await?.is_some_and(|it| by.now < it.created_at + LINK_PACE) {
        return Ok(());
    }
    send_link(&write, &by, &found.account, purpose).await?;
    by.note(&write, "wachtwoord aangevraagd", &found.account.id, json!({})).await?;
    Ok(write.commit_apart().await?)
}

/// Whose link this is, while it still opens the door. Looking does not use it up.
pub async fn linked(store: &Store, token: &str, now: chrono::DateTime<chrono::Utc>) -> Result<Entry, Error> {
    if !secret::is_formed(token) {
        return Err(Error::NotFound);
    }
    let found = link::find(store, &secret::hash(token)).await?.filter(|it| it.holds(now)).ok_or(Error::NotFound)?;
    let entry = account::get(store, &found.account).await?.ok_or(Error::NotFound)?;
    match entry.account.status {
        AccountStatus::Blocked => Err(Error::NotFound),
        _ => Ok(entry),
    }
}

/// Sets the password of whoever holds a link. All links of the account are used up, all its sessions end.
pub async fn set_password(by: By<'_>, token: &str, typed: &str, again: &str) -> Result<(), Error> {
    let entry = linked(by.store, token, by.now).await?;
    check_password(by.store, &entry, typed, again, "wachtwoord").await?;
    let hash = password::hash(typed.to_owned()).await?;
    let write = by.store.write().await?;
    let link = link::find_in(&write, &secret::hash(token)).await?.filter(|it| it.holds(by.now));
    let link = link.ok_or(Error::NotFound)?;
    let mut entry = account::get_in(&write, &link.account).await?.ok_or(Error::NotFound)?;
    if entry.account.status == AccountStatus::Blocked {
        return Err(Error::NotFound);
    }
    entry.secrets.password = Some(hash);
    entry.account.status = AccountStatus::Active;
    account::save(&write, &mut entry).await?;
    link::use_up(&write, &link.account, by.now).await?;
    session::remove_all(&write, &link.account, None).await?;
    throttle::succeeded(&write, &Subject::account(&entry.account.mail)).await?;
    if link.purpose == LinkPurpose::Password {
        let key = format!("nieuw wachtwoord {}", secret::hash(token));
        let what = "Uw wachtwoord is gewijzigd. U bent op alle apparaten uitgelogd.";
        mail::put(&write, &letter::changed(&entry.account, &key, what), by.now).await?;
    }
    by.note(&write, "wachtwoord ingesteld", &link.account, json!({ "via": link.purpose.word() })).await?;
    Ok(write.commit_apart().await?)
}

/// Whether a password that somebody chose will do.
pub(super) async fn check_password(
    store: &Store,
    entry: &Entry,
    typed: &str,
    again: &str,
    field: &str,
) -> Result<(), Error> {
    let catalogue = store.catalogue().await?;
    let mut context = vec![entry.account.name.as_str(), entry.account.mail.as_str()];
    for grant in &entry.account.grants {
        if let crate::domain::account::Scope::Organisation(slug) = &grant.scope {
            context.extend(catalogue.organisation(slug).map(|it| it.name.as_str()));
        }
    }
    if let Err((wrong, allowed)) = password::check(typed, &context) {
        return Err(Error::Form(vec![fault(field, &wrong, &allowed)]));
    }
    if typed != again {
        let wrong = "dit is niet hetzelfde als het eerste";
        return Err(Error::Form(vec![fault("herhaling", wrong, "typ twee keer hetzelfde wachtwoord")]));
    }
    Ok(())
}
