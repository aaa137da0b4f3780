//! The rules of disclosure: proposed by one administrator with a reason, in force when a second one agrees.
//!
//! Invariant: no version in force is laxer than [`Policy::default`], and nobody agrees with a proposal of one's own.

use serde_json::json;

use crate::benchmark::disclosure::policy::Policy;
use crate::domain::fault::{Fault, Place};
use crate::domain::id::PolicyId;
use crate::domain::permission::{Action, Denied, may};
use crate::store::disclosure_policy::{self, Version};
use crate::store::{self, Store, change_log};

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
    let place = Place::root().key("reden");
    match reason.trim().chars().count() {
        0 => faults.push(Fault::new(&place, "de reden ontbreekt", "schrijf waarom dit nodig is")),
        1..=1_000 => (),
        _ => faults.push(Fault::new(&place, "de reden is te lang", "hoogstens 1000 tekens")),
    }
    if rules == self::rules(act.store).await? {
        faults.push(Fault::new(&Place::root(), "dit is wat er al geldt", "verander ten minste één regel"));
    }
    if !faults.is_empty() {
        return Err(Error::of_record("", faults));
    }
    let write = act.store.write().await?;
    let version = Version {
        id: PolicyId::generate(),
        content: json!(rules),
        reason: reason.trim().to_owned(),
        made_by: act.actor.label().to_owned(),
        made_at: act.now,
        approved_by: None,
        approved_at: None,
    };
    disclosure_policy::insert(&write, &version).await?;
    let subject = format!("beleid:{}", version.id);
    store::audit::append(&write, act.actor, "voorgesteld", &subject, version.content, act.from, act.now).await?;
    write.commit_apart().await?;
    Ok(version.id)
}

/// Agrees with a proposal of somebody else: from now on it holds.
pub async fn approve(act: &Act<'_>, id: &PolicyId) -> Result<(), Error> {
    may(act.actor, Action::Administer)?;
    let user = act.actor.user().ok_or(Denied::SignIn)?;
    let write = act.store.write().await?;
    let version = disclosure_policy::get_in(&write, id).await?.ok_or(Error::NotFound)?;
    if version.approved_at.is_some() {
        return Err(Error::Stage("dit voorstel is al vastgesteld"));
    }
    if disclosure_policy::in_force(act.store).await?.is_some_and(|it| it.approved_at > Some(version.made_at)) {
        return Err(Error::Stage("na dit voorstel is ander beleid vastgesteld; doe het voorstel opnieuw"));
    }
    if read(&version).is_none() {
        return Err(Error::Stage("dit voorstel is soepeler dan de ondergrens; doe een nieuw voorstel"));
    }
    if version.made_by == act.actor.label() {
        return Err(Denied::OwnWork.into());
    }
    disclosure_policy::approve(&write, id, &user.account, act.now).await?;
    let subject = format!("beleid:{id}");
    store::audit::append(&write, act.actor, "vastgesteld", &subject, version.content, act.from, act.now).await?;
    change_log::append(&write, &std::collections::BTreeSet::new(), act.now).await?;
    write.commit().await?;
    Ok(())
}
