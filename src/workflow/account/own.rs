//! What somebody changes of its own account: name, password, second factor, sessions, tokens.

use chrono::TimeDelta;
use serde_json::json;

use crate::accounts::session::{self as sessions, From, SignedIn};
use crate::accounts::throttle::{self, Subject};
use crate::accounts::vault::{self, Vault};
use crate::accounts::{password, second_factor, secret, token};
use crate::domain::account::{TokenScope, person_name};
use crate::domain::id::{AccountId, SessionId, TokenId};
use crate::store::account::{self, Entry};
use crate::store::{Store, Write, api_token, link, mail, recovery_code, session};

use super::sign_in::check_password;
use super::{By, Error, fault, letter};

/// The longest a token for the API holds.
pub const TOKEN_DAYS_MAX: i64 = 365;
/// The most tokens and the longest name of one.
const TOKENS_MAX: usize = 20;
const TOKEN_NAME_MAX: usize = 60;

pub async fn rename(by: By<'_>, id: &AccountId, typed: &str) -> Result<(), Error> {
    let name = person_name(typed).map_err(|text| Error::Form(vec![fault("naam", "deze naam kan niet", text)]))?;
    let (write, mut entry) = begin(&by, id).await?;
    entry.account.name = name;
    account::save(&write, &mut entry).await?;
    by.note(&write, "naam gewijzigd", id, json!({})).await?;
    Ok(write.commit_apart().await?)
}

/// Changes the password of who knows the present one. All other sessions end.
pub async fn change_password(by: By<'_>, it: &SignedIn, old: &str, new: &str, again: &str) -> Result<(), Error> {
    let id = &it.session.account;
    let entry = account::get(by.store, id).await?.ok_or(Error::NotFound)?;
    confirm(&by, &entry, old, "huidig").await?;
    check_password(by.store, &entry, new, again, "nieuw").await?;
    let hash = password::hash(new.to_owned()).await?;
    let (write, mut entry) = begin(&by, id).await?;
    entry.secrets.password = Some(hash);
    account::save(&write, &mut entry).await?;
    session::remove_all(&write, id, Some(&it.session.id)).await?;
    link::use_up(&write, id, by.now).await?;
    tell(&write, &by, &entry, "Uw wachtwoord is gewijzigd. U bent op uw andere apparaten uitgelogd.").await?;
    by.note(&write, "wachtwoord gewijzigd", id, json!({})).await?;
    Ok(write.commit_apart().await?)
}

/// The secret of a second factor that is being set up: as address for an app, and as text.
pub async fn offered_factor(by: By<'_>, vault: &Vault, id: &AccountId) -> Result<(String, String), Error> {
    let entry = account::get(by.store, id).await?.ok_or(Error::NotFound)?;
    let known = entry.secrets.totp_pending.as_deref().map(|it| vault.open_sealed(id, it));
    let secret = match known {
        Some(Ok(it)) => it,
        // Nobody took over what was offered under a key that is lost: another does as well.
        Some(Err(_)) | None => {
            let (write, mut entry) = begin(&by, id).await?;
            let made = second_factor::generate()?;
            entry.secrets.totp_pending = Some(vault.seal(id, &made)?);
            account::save(&write, &mut entry).await?;
            write.commit_apart().await?;
            made
        }
    };
    Ok((second_factor::address(&secret, &entry.account.mail)?, secret))
}

/// Takes the second factor over once a code proves that the app has it. Gives the recovery codes and the token of a
/// new session, in which it was shown; all others end.
pub async fn take_factor_over(
    by: By<'_>,
    vault: &Vault,
    it: &SignedIn,
    code: &str,
    from: &From,
) -> Result<(Vec<String>, String), Error> {
    let id = &it.session.account;
    let subjects = [Subject::account(id.as_str())];
    if let Some(seconds) = throttle::wait(by.store, &subjects, by.now).await? {
        return Err(Error::Wait(seconds));
    }
    let (write, mut entry) = begin(&by, id).await?;
    let pending = entry.secrets.totp_pending.clone().ok_or(Error::NotFound)?;
    let pending = vault.open_sealed(id, &pending)?;
    let Some(step) = second_factor::check(&pending, code, None, by.now)? else {
        drop(write);
        throttle::failed(by.store, &subjects, by.now).await?;
        let allowed = "scan het plaatje en typ de zes cijfers die de app nu toont; staat de klok van uw telefoon goed?";
        return Err(Error::Form(vec![fault("code", "deze code klopt niet", allowed)]));
    };
    entry.secrets.totp = Some(vault.seal(id, &pending)?);
    entry.secrets.totp_pending = None;
    entry.secrets.totp_step = Some(step);
    account::save(&write, &mut entry).await?;
    let codes = recovery(&write, id).await?;
    session::remove_all(&write, id, None).await?;
    let (_, token) = sessions::open(&write, id, true, from, by.now).await?;
    tell(&write, &by, &entry, "Bij uw account is een tweede factor ingesteld: een app die codes maakt.").await?;
    by.note(&write, "tweede factor ingesteld", id, json!({})).await?;
    write.commit_apart().await?;
    Ok((codes, token))
}

/// New recovery codes in place of the old.
pub async fn renew_recovery(by: By<'_>, it: &SignedIn, typed: &str) -> Result<Vec<String>, Error> {
    let id = &it.session.account;
    let entry = account::get(by.store, id).await?.ok_or(Error::NotFound)?;
    confirm(&by, &entry, typed, "bevestiging").await?;
    let write = by.store.write().await?;
    let codes = recovery(&write, id).await?;
    by.note(&write, "herstelcodes vernieuwd", id, json!({})).await?;
    write.commit_apart().await?;
    Ok(codes)
}

/// Takes the second factor away, so that another can be set up.
pub async fn drop_factor(by: By<'_>, it: &SignedIn, typed: &str) -> Result<(), Error> {
    let id = &it.session.account;
    let entry = account::get(by.store, id).await?.ok_or(Error::NotFound)?;
    confirm(&by, &entry, typed, "bevestiging").await?;
    let (write, mut entry) = begin(&by, id).await?;
    entry.secrets.totp = None;
    entry.secrets.totp_pending = None;
    entry.secrets.totp_step = None;
    account::save(&write, &mut entry).await?;
    recovery_code::replace(&write, id, &[]).await?;
    session::remove_all(&write, id, Some(&it.session.id)).await?;
    tell(&write, &by, &entry, "De tweede factor van uw account is uitgezet.").await?;
    by.note(&write, "tweede factor uitgezet", id, json!({})).await?;
    Ok(write.commit_apart().await?)
}

/// Seals the secrets that were stored before there was a key; says of how many accounts.
pub async fn seal_factors(store: &Store, vault: &Vault) -> Result<usize, Error> {
    let is_plain = |it: &Option<String>| it.as_deref().is_some_and(|it| !vault::is_sealed(it));
    let mut sealed = 0;
    for entry in account::list(store).await? {
        if !is_plain(&entry.secrets.totp) && !is_plain(&entry.secrets.totp_pending) {
            continue;
        }
        let id = &entry.account.id;
        let write = store.write().await?;
        let mut entry = account::get_in(&write, id).await?.ok_or(Error::NotFound)?;
        for it in [&mut entry.secrets.totp, &mut entry.secrets.totp_pending] {
            if is_plain(it) {
                *it = it.as_deref().map(|it| vault.seal(id, it)).transpose()?;
            }
        }
        account::save(&write, &mut entry).await?;
        write.commit_apart().await?;
        sealed += 1;
    }
    Ok(sealed)
}

/// How many accounts have a second factor that the key does not open.
pub async fn unopened(store: &Store, vault: Option<&Vault>) -> Result<usize, Error> {
    let opens = |entry: &Entry, it: &str| match vault {
        Some(vault) => vault.open_sealed(&entry.account.id, it).is_ok(),
        None => !vault::is_sealed(it),
    };
    let all = account::list(store).await?;
    Ok(all.iter().filter(|it| it.secrets.totp.as_deref().is_some_and(|secret| !opens(it, secret))).count())
}

/// Ends a session of one's own, or all but this one.
pub async fn end_session(by: By<'_>, it: &SignedIn, which: Option<&SessionId>) -> Result<(), Error> {
    let id = &it.session.account;
    let write = by.store.write().await?;
    match which {
        Some(which) if session::remove(&write, id, which).await? => (),
        Some(_) => return Err(Error::NotFound),
        None => session::remove_all(&write, id, Some(&it.session.id)).await?,
    }
    by.note(&write, "sessie beëindigd", id, json!({ "alle": which.is_none() })).await?;
    Ok(write.commit_apart().await?)
}

/// Makes a token for the API; what it gives is shown once.
pub async fn make_token(by: By<'_>, it: &SignedIn, name: &str, scope: TokenScope, days: i64) -> Result<String, Error> {
    let id = &it.session.account;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut faults = Vec::new();
    if name.is_empty() || TOKEN_NAME_MAX < name.chars().count() {
        let allowed = "schrijf waarvoor het token is, in hoogstens 60 tekens";
        faults.push(fault("tokennaam", "deze naam kan niet", allowed));
    }
    if !(1..=TOKEN_DAYS_MAX).contains(&days) {
        faults.push(fault("dagen", "zo lang kan een token niet gelden", "kies 1 tot en met 365 dagen"));
    }
    if !faults.is_empty() {
        return Err(Error::Form(faults));
    }
    if TOKENS_MAX <= api_token::list(by.store, Some(id)).await?.len() {
        let wrong = "u hebt al twintig tokens";
        return Err(Error::Form(vec![fault("tokennaam", wrong, "trek er eerst een in")]));
    }
    let write = by.store.write().await?;
    let (made, shown) = token::open(&write, id, &name, scope, TimeDelta::days(days), by.now).await?;
    let detail = json!({ "token": made.as_str(), "bereik": scope.word() });
    by.note(&write, "token gemaakt", id, detail).await?;
    write.commit_apart().await?;
    Ok(shown)
}

/// Takes a token of one's own away.
pub async fn revoke_token(by: By<'_>, id: &AccountId, which: &TokenId) -> Result<(), Error> {
    let write = by.store.write().await?;
    if !api_token::remove(&write, Some(id), which).await? {
        return Err(Error::NotFound);
    }
    by.note(&write, "token ingetrokken", id, json!({ "token": which.as_str() })).await?;
    Ok(write.commit_apart().await?)
}

/// Takes any token away, for the operator.
pub async fn revoke_any_token(by: By<'_>, which: &TokenId) -> Result<(), Error> {
    crate::domain::permission::may(by.actor, crate::domain::permission::Action::Administer)?;
    let all = api_token::list(by.store, None).await?;
    let found = all.into_iter().find(|it| it.id == *which).ok_or(Error::NotFound)?;
    revoke_token(by, &found.account, which).await
}

pub(super) async fn begin(by: &By<'_>, id: &AccountId) -> Result<(Write, Entry), Error> {
    let write = by.store.write().await?;
    let entry = account::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    Ok((write, entry))
}

/// Asks for the password again before something that decides about the safety of the account.
pub(super) async fn confirm(by: &By<'_>, entry: &Entry, typed: &str, field: &str) -> Result<(), Error> {
    if entry.secrets.password.is_none() {
        let allowed = "vraag er een aan bij “Wachtwoord vergeten” en probeer het dan opnieuw";
        return Err(Error::Form(vec![fault(field, "u hebt nog geen wachtwoord", allowed)]));
    }
    let subjects = [Subject::account(&entry.account.mail)];
    if let Some(seconds) = throttle::wait(by.store, &subjects, by.now).await? {
        return Err(Error::Wait(seconds));
    }
    if password::verify(typed.to_owned(), entry.secrets.password.clone()).await? {
        return Ok(());
    }
    throttle::failed(by.store, &subjects, by.now).await?;
    Err(Error::Form(vec![fault(field, "dit is niet uw huidige wachtwoord", "typ het wachtwoord waarmee u nu inlogt")]))
}

async fn recovery(write: &Write, id: &AccountId) -> Result<Vec<String>, Error> {
    let codes = second_factor::recovery_codes()?;
    let hashes: Vec<String> = codes.iter().filter_map(|it| second_factor::recovery_hash(it)).collect();
    recovery_code::replace(write, id, &hashes).await?;
    Ok(codes)
}

pub(super) async fn tell(write: &Write, by: &By<'_>, entry: &Entry, what: &str) -> Result<(), Error> {
    let key =
        format!("account {} versie {}", entry.account.id, secret::hash(&format!("{}{what}", entry.account.version)));
    Ok(mail::put(write, &letter::changed(&entry.account, &key, what), by.now).await?)
}
