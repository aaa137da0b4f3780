//! Accounts: who is invited, what they may, and when they may no longer.
//!
//! - [`sign_in`]: proving who you are
//! - [`own`]: what somebody changes of its own account
//! - [`provider`]: signing in with a provider, and linking
//! - [`letter`]: what they are mailed
//!
//! Invariant: every change stands in the log of changes; nobody gives what it may not give.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::accounts::secret;
use crate::domain::account::{
    Account, AccountRole, AccountStatus, Grant, LinkPurpose, Scope, mail_address, person_name,
};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::fault::{Fault, Place};
use crate::domain::id::{AccountId, MailId};
use crate::domain::mail::MailState;
use crate::domain::permission::{self, Action};
use crate::store::account::{self, Entry, Secrets};
use crate::store::link::{self, Link};
use crate::store::{Store, Write, api_token, audit, identity, mail, session};

use super::Error;

pub mod letter;
pub mod own;
pub mod provider;
pub mod sign_in;

/// How long an invitation opens the door.
pub const INVITATION: TimeDelta = TimeDelta::days(7);
/// How long a link for a new password does.
pub const PASSWORD_LINK: TimeDelta = TimeDelta::minutes(60);

/// Who changes something, from where and when.
#[derive(Clone, Copy)]
pub struct By<'a> {
    pub store: &'a Store,
    pub actor: &'a Actor,
    /// The address, when it came over the network.
    pub from: Option<&'a str>,
    pub now: DateTime<Utc>,
    /// The address of the site, for links in mails.
    pub site: &'a str,
}

impl By<'_> {
    async fn note(&self, write: &Write, action: &str, id: &AccountId, detail: serde_json::Value) -> Result<(), Error> {
        Ok(audit::append(write, self.actor, action, &subject(id), detail, self.from, self.now).await?)
    }
}

/// How the log of changes names an account.
pub fn subject(id: &AccountId) -> String {
    format!("account:{id}")
}

/// Somebody to let in, as typed.
#[derive(Debug, Clone)]
pub struct Invitation<'a> {
    pub mail: &'a str,
    pub name: &'a str,
    pub grant: Grant,
}

/// Lets somebody in: an account that waits, and a mail with a link. The link is for the command line only.
pub async fn invite(by: By<'_>, it: &Invitation<'_>) -> Result<(AccountId, String), Error> {
    permission::may(by.actor, Action::Give(&it.grant))?;
    let catalogue = by.store.catalogue().await?;
    let mut faults = Vec::new();
    let mail = mail_address(it.mail).map_err(|text| faults.push(fault("mailadres", "dit mailadres klopt niet", text)));
    let name = person_name(it.name).map_err(|text| faults.push(fault("naam", "deze naam kan niet", text)));
    faults.extend(check_grant(&it.grant, &catalogue));
    let (Ok(mail), Ok(name), true) = (mail, name, faults.is_empty()) else { return Err(Error::Form(faults)) };

    let write = by.store.write().await?;
    if account::by_mail_in(&write, &mail).await?.is_some() {
        let wrong = "er is al een account met dit mailadres";
        return Err(Error::Form(vec![fault("mailadres", wrong, "geef de rol bij dat account")]));
    }
    let account = Account {
        id: AccountId::generate(),
        mail,
        name,
        status: AccountStatus::Invited,
        grants: vec![it.grant.clone()],
        version: 1,
        created_at: by.now,
        signed_in_at: None,
    };
    let entry = Entry { account, secrets: Secrets::default() };
    account::insert(&write, &entry, by.now).await?;
    let link = send_link(&write, &by, &entry.account, LinkPurpose::Invitation).await?;
    by.note(&write, "uitgenodigd", &entry.account.id, detail(&it.grant)).await?;
    write.commit_apart().await?;
    Ok((entry.account.id, link))
}

/// Sends the invitation anew; the link that was sent before is void.
pub async fn invite_again(by: By<'_>, id: &AccountId) -> Result<String, Error> {
    let write = by.store.write().await?;
    let entry = account::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    may_manage(by.actor, &entry.account)?;
    if entry.account.status != AccountStatus::Invited {
        return Err(Error::Form(vec![fault(
            "account",
            "dit account is al in gebruik",
            "laat een nieuw wachtwoord aanvragen",
        )]));
    }
    let link = send_link(&write, &by, &entry.account, LinkPurpose::Invitation).await?;
    by.note(&write, "opnieuw uitgenodigd", id, json!({})).await?;
    write.commit_apart().await?;
    Ok(link)
}

/// A link by which an account gets a password, for the operator to hand over.
pub async fn link(by: By<'_>, id: &AccountId) -> Result<String, Error> {
    permission::may(by.actor, Action::Administer)?;
    let write = by.store.write().await?;
    let entry = account::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    let purpose = match entry.account.status {
        AccountStatus::Invited => LinkPurpose::Invitation,
        _ => LinkPurpose::Password,
    };
    let link = send_link(&write, &by, &entry.account, purpose).await?;
    by.note(&write, "link gemaakt", id, json!({})).await?;
    write.commit_apart().await?;
    Ok(link)
}

/// Gives an account a role.
pub async fn give(by: By<'_>, id: &AccountId, grant: &Grant) -> Result<(), Error> {
    permission::may(by.actor, Action::Give(grant))?;
    let catalogue = by.store.catalogue().await?;
    if let Some(fault) = check_grant(grant, &catalogue) {
        return Err(Error::Form(vec![fault]));
    }
    let write = by.store.write().await?;
    let mut entry = account::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    if entry.account.grants.contains(grant) {
        return Ok(());
    }
    entry.account.grants.push(grant.clone());
    account::save_grants(&write, id, &entry.account.grants, by.now).await?;
    account::save(&write, &mut entry).await?;
    by.note(&write, "rol gegeven", id, detail(grant)).await?;
    Ok(write.commit_apart().await?)
}

/// Takes a role of an account. The last administrator stays one.
pub async fn take(by: By<'_>, id: &AccountId, grant: &Grant) -> Result<(), Error> {
    permission::may(by.actor, Action::Give(grant))?;
    let write = by.store.write().await?;
    let mut entry = account::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    if grant.role == AccountRole::Administrator {
        keep_one_administrator(by.store, id).await?;
    }
    entry.account.grants.retain(|it| it != grant);
    account::save_grants(&write, id, &entry.account.grants, by.now).await?;
    account::save(&write, &mut entry).await?;
    by.note(&write, "rol afgenomen", id, detail(grant)).await?;
    Ok(write.commit_apart().await?)
}

/// Shuts an account: its sessions and tokens end at once.
pub async fn block(by: By<'_>, id: &AccountId) -> Result<(), Error> {
    let write = by.store.write().await?;
    let mut entry = account::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    permission::may(by.actor, Action::Administer)?;
    keep_one_administrator(by.store, id).await?;
    entry.account.status = AccountStatus::Blocked;
    account::save(&write, &mut entry).await?;
    session::remove_all(&write, id, None).await?;
    api_token::remove_all(&write, id).await?;
    link::use_up(&write, id, by.now).await?;
    by.note(&write, "geblokkeerd", id, json!({})).await?;
    Ok(write.commit_apart().await?)
}

/// Opens an account again; who never set a password nor linked a provider is invited anew.
pub async fn unblock(by: By<'_>, id: &AccountId) -> Result<(), Error> {
    permission::may(by.actor, Action::Administer)?;
    let write = by.store.write().await?;
    let mut entry = account::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    let has_way_in = entry.secrets.password.is_some() || !identity::list_in(&write, id).await?.is_empty();
    entry.account.status = if has_way_in { AccountStatus::Active } else { AccountStatus::Invited };
    account::save(&write, &mut entry).await?;
    by.note(&write, "gedeblokkeerd", id, json!({})).await?;
    Ok(write.commit_apart().await?)
}

/// Has a mail that failed tried again.
pub async fn send_again(by: By<'_>, id: &MailId) -> Result<(), Error> {
    permission::may(by.actor, Action::Administer)?;
    let write = by.store.write().await?;
    let mut it = mail::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    if it.state == MailState::Sent {
        return Ok(());
    }
    it.state = MailState::Waiting;
    it.tries = 0;
    it.next_at = by.now;
    mail::save(&write, &it).await?;
    audit::append(&write, by.actor, "bericht opnieuw", &format!("bericht:{id}"), json!({}), by.from, by.now).await?;
    Ok(write.commit_apart().await?)
}

/// Who may see an account in the administration: administrators, and coordinators those they could let in.
pub fn may_manage(actor: &Actor, it: &Account) -> Result<(), permission::Denied> {
    if permission::may(actor, Action::Administer).is_ok() {
        return Ok(());
    }
    let mut gives = it.grants.iter().map(|it| permission::may(actor, Action::Give(it)));
    match gives.next() {
        Some(first) => gives.fold(first, |all, one| all.and(one)),
        None => Err(permission::Denied::Role),
    }
}

/// The ways somebody may let others in: each role with each place it fits.
pub fn can_give(actor: &Actor, catalogue: &Catalogue) -> Vec<Grant> {
    let organisations = catalogue.organisations.iter().map(|it| Scope::Organisation(it.slug.clone()));
    let networks = catalogue.networks.iter().map(|it| Scope::Network(it.slug.clone()));
    let themes = catalogue.themes.iter().map(|it| Scope::Theme(it.slug.clone()));
    let scopes: Vec<Scope> =
        std::iter::once(Scope::Everywhere).chain(themes).chain(networks).chain(organisations).collect();
    let grants =
        AccountRole::ALL.iter().flat_map(|role| scopes.iter().map(|it| Grant { role: *role, scope: it.clone() }));
    grants.filter(|it| it.role.fits(&it.scope) && permission::may(actor, Action::Give(it)).is_ok()).collect()
}

async fn keep_one_administrator(store: &Store, id: &AccountId) -> Result<(), Error> {
    let all = account::list(store).await?;
    let is_one = |it: &&Entry| {
        it.account.status != AccountStatus::Blocked
            && it.account.grants.iter().any(|it| it.role == AccountRole::Administrator)
    };
    let mut others = all.iter().filter(is_one);
    let is_last = others.clone().any(|it| it.account.id == *id) && others.all(|it| it.account.id == *id);
    match is_last {
        true => Err(Error::Form(vec![fault("account", "dit is de enige beheerder", "maak eerst een ander beheerder")])),
        false => Ok(()),
    }
}

fn check_grant(grant: &Grant, catalogue: &Catalogue) -> Option<Fault> {
    let is_there = match &grant.scope {
        Scope::Everywhere => true,
        Scope::Organisation(slug) => catalogue.organisation(slug).is_some(),
        Scope::Network(slug) => catalogue.network(slug).is_some(),
        Scope::Theme(slug) => catalogue.theme(slug).is_some(),
    };
    if !is_there {
        return Some(fault("rol", "deze organisatie, dit netwerk of thema bestaat niet", "kies er een uit de lijst"));
    }
    let allowed = "lezer en projectleider horen bij een organisatie, redacteur bij een thema of overal, netwerkcoördinator bij een netwerk, beheerder overal";
    (!grant.role.fits(&grant.scope)).then(|| fault("rol", "deze rol past niet bij die plaats", allowed))
}

/// Voids older links and sends a new one. What it gives back opens the door.
async fn send_link(write: &Write, by: &By<'_>, to: &Account, purpose: LinkPurpose) -> Result<String, Error> {
    let token = secret::generate().map_err(crate::accounts::Error::from)?;
    let holds = match purpose {
        LinkPurpose::Invitation => INVITATION,
        LinkPurpose::Password => PASSWORD_LINK,
    };
    link::use_up(write, &to.id, by.now).await?;
    let hash = secret::hash(&token);
    let it = Link { account: to.id.clone(), purpose, created_at: by.now, expires_at: by.now + holds, used_at: None };
    link::insert(write, &hash, &it).await?;
    let address = match purpose {
        LinkPurpose::Invitation => format!("{}/uitnodiging/{token}", by.site),
        LinkPurpose::Password => format!("{}/wachtwoord/{token}", by.site),
    };
    mail::put(write, &letter::with_link(to, purpose, &hash, &address), by.now).await?;
    Ok(address)
}

fn detail(grant: &Grant) -> serde_json::Value {
    let place = match &grant.scope {
        Scope::Everywhere => "overal".to_owned(),
        Scope::Organisation(slug) => format!("organisatie {slug}"),
        Scope::Network(slug) => format!("netwerk {slug}"),
        Scope::Theme(slug) => format!("thema {slug}"),
    };
    json!({ "rol": grant.role.word(), "waar": place })
}

/// One thing wrong in a form.
fn fault(field: &str, wrong: &str, allowed: &str) -> Fault {
    Fault::new(&Place::root().key(field), wrong, allowed)
}
