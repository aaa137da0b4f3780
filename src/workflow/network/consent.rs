//! What a member shares with its network: per group of indicators, and whether others may ask it questions.
//!
//! Invariant: a choice holds for every membership of the organisation in the network, and from the moment it is stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::domain::actor::Actor;
use crate::domain::catalogue::{Item, ItemKind};
use crate::domain::indicator::IndicatorGroup;
use crate::domain::network::{Consent, MayBeAsked, Member, Network, Sharing};
use crate::domain::permission::{Action, Denied, may};
use crate::store::{self, audit, change_log};
use crate::workflow::Error;
use crate::workflow::record::Act;

/// What a member shares in one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreement {
    /// For each group of indicators, in their order.
    pub sharing: BTreeMap<IndicatorGroup, Sharing>,
    pub may_be_asked: MayBeAsked,
    /// When it was changed last, as far as the log of changes remembers.
    pub changed_at: Option<DateTime<Utc>>,
}

/// Slugs of the members that somebody decides for, each once, in the order of the network.
pub fn may_share_for<'a>(actor: &Actor, network: &'a Network) -> Vec<&'a str> {
    let mut res: Vec<&str> = Vec::new();
    for it in &network.members {
        let slug = it.organisation.as_str();
        if !res.contains(&slug) && may(actor, Action::Share(slug)).is_ok() {
            res.push(slug);
        }
    }
    res
}

/// What a member shares now, for who decides about it.
pub async fn agreement(act: &Act<'_>, network: &str, organisation: &str) -> Result<Agreement, Error> {
    allowed(act, organisation)?;
    let catalogue = act.store.catalogue().await?;
    let network = catalogue.network(network).ok_or(Error::NotFound)?;
    let member = member(network, organisation).ok_or(Error::NotFound)?;
    let latest = audit::latest(act.store, None, Some(&subject(&network.slug, organisation)), 1).await?;
    Ok(Agreement {
        sharing: IndicatorGroup::ALL.iter().map(|it| (*it, member.sharing(*it))).collect(),
        may_be_asked: member.may_be_asked.unwrap_or(MayBeAsked::No),
        changed_at: latest.first().map(|it| it.made_at),
    })
}

/// Stores what a member shares. Groups that are not named stay as they are.
pub async fn share(
    act: &Act<'_>,
    network: &str,
    organisation: &str,
    sharing: &BTreeMap<IndicatorGroup, Sharing>,
    may_be_asked: MayBeAsked,
) -> Result<(), Error> {
    allowed(act, organisation)?;
    let write = act.store.write().await?;
    let (catalogue, ids) = store::catalogue::get_in(&write).await?;
    let mut ids = Arc::unwrap_or_clone(ids);
    let position = catalogue.networks.iter().position(|it| it.slug == network).ok_or(Error::NotFound)?;
    let mut next = catalogue.network(network).ok_or(Error::NotFound)?.clone();
    let before = member(&next, organisation).ok_or(Error::NotFound)?.clone();
    let of = |group: IndicatorGroup| sharing.get(&group).copied().unwrap_or_else(|| before.sharing(group));
    // Without a name is what holds when nothing is said.
    let said = IndicatorGroup::ALL.iter().map(|it| Consent { group: *it, sharing: of(*it) });
    let consents: Vec<Consent> = said.filter(|it| it.sharing != Sharing::Anonymous).collect();
    for it in next.members.iter_mut().filter(|it| it.organisation == organisation) {
        it.consents = consents.clone();
        it.may_be_asked = Some(may_be_asked);
    }
    let detail = changes(&before, &of, may_be_asked);
    if detail.is_empty() {
        return Ok(());
    }
    store::catalogue::save(&write, &mut ids, &[(Item::Network(next), position as i32)]).await?;
    let moved = ids.item(ItemKind::Network, network).map(|id| change_log::Subject::Item(ItemKind::Network, id));
    change_log::append(&write, &moved.into_iter().collect(), act.now).await?;
    let subject = subject(network, organisation);
    audit::append(&write, act.actor, "delen gewijzigd", &subject, Value::Object(detail), act.from, act.now).await?;
    Ok(write.commit().await?)
}

/// What is different now, for the log: "verzuim: anoniem → met-naam".
fn changes(before: &Member, of: &dyn Fn(IndicatorGroup) -> Sharing, may_be_asked: MayBeAsked) -> Map<String, Value> {
    let mut res = Map::new();
    let mut add = |name: &str, was: &str, is: &str| {
        if was != is {
            res.insert(name.to_owned(), format!("{was} → {is}").into());
        }
    };
    for group in IndicatorGroup::ALL {
        add(group.word(), before.sharing(*group).word(), of(*group).word());
    }
    add("vragen", before.may_be_asked.unwrap_or(MayBeAsked::No).word(), may_be_asked.word());
    res
}

/// The latest membership of an organisation.
fn member<'a>(network: &'a Network, organisation: &str) -> Option<&'a Member> {
    network.members.iter().rev().find(|it| it.organisation == organisation)
}

/// Who may not decide learns nothing of who is a member.
fn allowed(act: &Act<'_>, organisation: &str) -> Result<(), Error> {
    match may(act.actor, Action::Share(organisation)) {
        Ok(()) => Ok(()),
        Err(Denied::SignIn) => Err(Denied::SignIn.into()),
        Err(_) => Err(Error::NotFound),
    }
}

/// How the log of changes names it.
fn subject(network: &str, organisation: &str) -> String {
    format!("delen:{network}:{organisation}")
}
