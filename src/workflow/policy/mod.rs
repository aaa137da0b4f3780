//! The rules of disclosure: proposed by one administrator with a reason, in force when a second one agrees. A second
//! one may also reject a proposal, and who made it may withdraw it, until it is in force.
//!
//! Invariant: no version in force is laxer than [`Policy::default`], and nobody agrees with a proposal of one's own.

use serde_json::json;

use crate::benchmark::disclosure::policy::Policy;
use crate::domain::fault::{Fault, Place};
use crate::domain::id::PolicyId;
use crate::domain::permission::{Action, Denied, may};
use crate::domain::proposal::{self, Ended, Ending, Proposal};
use crate::store::disclosure_policy::{self, Version};
use crate::store::{self, Store, Write, change_log};

use super::Error;
use super::record::Act;

mod rules;

pub use rules::{Bounds, FIELDS, RuleField, Rules};

/// The rules of a version; what cannot be read, or goes below the floor, is the default.
pub fn rules_of(version: &Version) -> Rules {
    read(version).unwrap_or_default()
}

fn read(version: &Version) -> Option<Rules> {
    serde_json::from_value::<Rules>(version.content.clone()).ok().filter(|it| it.check().is_empty())
}

/// The rules in force.
pub async fn in_force(store: &Store) -> Result<Policy, Error> {
    Ok(rules(store).await?.policy())
}

/// The same as they are shown.
pub async fn rules(store: &Store) -> Result<Rules, Error> {
    Ok(disclosure_policy::in_force(store).await?.as_ref().map(rules_of).unwrap_or_default())
}

/// Proposes other rules.
pub async fn propose(act: &Act<'_>, rules: Rules, reason: &str) -> Result<PolicyId, Error> {
    may(act.actor, Action::Administer)?;
    let mut faults = rules.check();
    let reason = proposal::reason("reden", reason, "schrijf waarom dit nodig is");
    faults.extend(reason.as_ref().err().cloned());
    if rules == self::rules(act.store).await? {
        faults.push(Fault::new(&Place::root(), "dit is wat er al geldt", "verander ten minste één regel"));
    }
    let (Ok(reason), true) = (reason, faults.is_empty()) else { return Err(Error::Form(faults)) };
    let write = act.store.write().await?;
    let version = Version {
        id: PolicyId::generate(),
        content: json!(rules),
        proposal: Proposal::new(reason, act.actor.label(), act.now),
    };
    disclosure_policy::insert(&write, &version).await?;
    log(act, &write, "voorgesteld", &version).await?;
    write.commit_apart().await?;
    Ok(version.id)
}

/// Agrees with a proposal of somebody else: from now on it holds.
pub async fn approve(act: &Act<'_>, id: &PolicyId) -> Result<(), Error> {
    let (write, version) = take(act, id).await?;
    let user = act.actor.user().ok_or(Denied::SignIn)?;
    let in_force = disclosure_policy::in_force(act.store).await?;
    if in_force.is_some_and(|it| it.proposal.approved_at > Some(version.proposal.made_at)) {
        return Err(Error::Stage("na dit voorstel is ander beleid vastgesteld; doe het voorstel opnieuw"));
    }
    if read(&version).is_none() {
        return Err(Error::Stage("dit voorstel is soepeler dan de ondergrens; doe een nieuw voorstel"));
    }
    if is_own(act, &version) {
        return Err(Denied::OwnWork.into());
    }
    disclosure_policy::approve(&write, id, &user.account, act.now).await?;
    log(act, &write, "vastgesteld", &version).await?;
    change_log::append(&write, &std::collections::BTreeSet::new(), act.now).await?;
    write.commit().await?;
    Ok(())
}

/// Rejects a proposal of somebody else, with the reason.
pub async fn reject(act: &Act<'_>, id: &PolicyId, reason: &str) -> Result<(), Error> {
    let (write, version) = take(act, id).await?;
    if is_own(act, &version) {
        return Err(Denied::OwnWork.into());
    }
    let reason = proposal::reason("waarom", reason, "schrijf waarom het beleid blijft zoals het is");
    let reason = reason.map_err(|fault| Error::Form(vec![fault]))?;
    end(act, write, &version, Ending::Rejected, Some(reason)).await
}

/// Takes back a proposal of one's own.
pub async fn withdraw(act: &Act<'_>, id: &PolicyId) -> Result<(), Error> {
    let (write, version) = take(act, id).await?;
    if !is_own(act, &version) {
        return Err(Error::Stage("alleen wie het voorstel deed, trekt het in; u kunt het afwijzen met een reden"));
    }
    end(act, write, &version, Ending::Withdrawn, None).await
}

/// A proposal that waits, for an administrator.
async fn take(act: &Act<'_>, id: &PolicyId) -> Result<(Write, Version), Error> {
    may(act.actor, Action::Administer)?;
    let write = act.store.write().await?;
    let version = disclosure_policy::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    version.proposal.waits().map_err(Error::Stage)?;
    Ok((write, version))
}

fn is_own(act: &Act<'_>, version: &Version) -> bool {
    version.proposal.made_by == act.actor.label()
}

async fn end(act: &Act<'_>, write: Write, version: &Version, how: Ending, reason: Option<String>) -> Result<(), Error> {
    let ended = Ended { how, by: act.actor.label().to_owned(), at: act.now, reason };
    disclosure_policy::end(&write, &version.id, &ended).await?;
    log(act, &write, how.word(), version).await?;
    Ok(write.commit_apart().await?)
}

async fn log(act: &Act<'_>, write: &Write, action: &str, version: &Version) -> Result<(), Error> {
    let subject = format!("beleid:{}", version.id);
    Ok(store::audit::append(write, act.actor, action, &subject, version.content.clone(), act.from, act.now).await?)
}
