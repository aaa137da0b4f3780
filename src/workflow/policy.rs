//! The rules of disclosure: proposed by one administrator with a reason, in force when a second one agrees.
//!
//! Invariant: no version goes below the floor of [`Policy::default`]: five members, four others.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::benchmark::disclosure::policy::Policy;
use crate::domain::fault::{Fault, Place};
use crate::domain::id::PolicyId;
use crate::domain::permission::{Action, Denied, may};
use crate::store::disclosure_policy::{self, Version};
use crate::store::{self, Store, change_log};

use super::Error;
use super::record::Act;

/// The rules as they are stored and shown. Numbers of members, shares in percents, months.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub minimum_leden: usize,
    pub minimum_anderen: usize,
    pub mediaan_vanaf: usize,
    pub kwartielen_vanaf: usize,
    pub decielen_vanaf: usize,
    /// Single values without a name; `None` is never.
    pub losse_waarden_vanaf: Option<usize>,
    pub grootste_aandeel: u32,
    pub grootste_aandeel_geld: u32,
    pub klein_personeel: u32,
    pub klein_clienten: u32,
    pub geld_na_maanden: u32,
    pub hele_procenten_onder: u32,
    pub eigen_waarde_nodig: bool,
}

impl Default for Rules {
    fn default() -> Rules {
        let it = Policy::default();
        Rules {
            minimum_leden: it.members_min,
            minimum_anderen: it.others_min,
            mediaan_vanaf: it.median_from,
            kwartielen_vanaf: it.quartiles_from,
            decielen_vanaf: it.deciles_from,
            losse_waarden_vanaf: it.positions_from,
            grootste_aandeel: (it.dominance_max * 100.0).round() as u32,
            grootste_aandeel_geld: (it.dominance_max_finance * 100.0).round() as u32,
            klein_personeel: it.small_staff as u32,
            klein_clienten: it.small_clients as u32,
            geld_na_maanden: it.embargo_months,
            hele_procenten_onder: it.whole_percents_under as u32,
            eigen_waarde_nodig: it.asks_own_value,
        }
    }
}

impl Rules {
    fn policy(self) -> Policy {
        Policy {
            members_min: self.minimum_leden,
            others_min: self.minimum_anderen,
            median_from: self.mediaan_vanaf,
            quartiles_from: self.kwartielen_vanaf,
            deciles_from: self.decielen_vanaf,
            positions_from: self.losse_waarden_vanaf,
            dominance_max: f64::from(self.grootste_aandeel) / 100.0,
            dominance_max_finance: f64::from(self.grootste_aandeel_geld) / 100.0,
            small_staff: f64::from(self.klein_personeel),
            small_clients: f64::from(self.klein_clienten),
            embargo_months: self.geld_na_maanden,
            whole_percents_under: f64::from(self.hele_procenten_onder),
            asks_own_value: self.eigen_waarde_nodig,
        }
    }

    /// What goes below the floor, or makes no ladder.
    fn check(&self) -> Vec<Fault> {
        let floor = Rules::default();
        let mut faults = Vec::new();
        let mut wrong = |field: &str, text: String, mend: &str| {
            faults.push(Fault::new(&Place::root().key(field), text, mend));
        };
        for (field, value, least) in [
            ("minimum_leden", self.minimum_leden, floor.minimum_leden),
            ("minimum_anderen", self.minimum_anderen, floor.minimum_anderen),
            ("mediaan_vanaf", self.mediaan_vanaf, self.minimum_leden),
            ("kwartielen_vanaf", self.kwartielen_vanaf, self.mediaan_vanaf),
            ("decielen_vanaf", self.decielen_vanaf, self.kwartielen_vanaf),
            (
                "losse_waarden_vanaf",
                self.losse_waarden_vanaf.unwrap_or(usize::MAX),
                floor.losse_waarden_vanaf.unwrap_or(20),
            ),
        ] {
            if value < least {
                wrong(field, format!("{value} is te laag"), &format!("{least} of meer"));
            }
        }
        for (field, value) in
            [("grootste_aandeel", self.grootste_aandeel), ("grootste_aandeel_geld", self.grootste_aandeel_geld)]
        {
            if !(1..=50).contains(&value) {
                wrong(field, format!("{value}% is hier niet mogelijk"), "1 tot en met 50 procent");
            }
        }
        faults
    }
}

/// The rules of a version; what cannot be read is the default, which is never laxer.
fn rules_of(version: &Version) -> Rules {
    serde_json::from_value::<Rules>(version.content.clone()).ok().filter(|it| it.check().is_empty()).unwrap_or_default()
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
    if reason.trim().is_empty() {
        faults.push(Fault::new(&Place::root().key("reden"), "de reden ontbreekt", "schrijf waarom dit nodig is"));
    }
    if !faults.is_empty() {
        return Err(Error::of_record("", faults));
    }
    let write = act.store.write().await?;
    let version = Version {
        id: PolicyId::generate(),
        content: json!(rules),
        reason: reason.trim().chars().take(1_000).collect(),
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
        return Err(Error::Stage("Dit voorstel is al vastgesteld."));
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
