//! Which figures are due when, what is still missing, and who is reminded of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::account::{AccountRole, AccountStatus, Scope};
use crate::domain::address;
use crate::domain::catalogue::Catalogue;
use crate::domain::mail::NewMail;
use crate::domain::measurement::Measurement;
use crate::domain::network::Network;
use crate::domain::period::PartialDate;
use crate::store::{self, Write};
use crate::text::{dutch, local_time};
use crate::workflow::Error;
use crate::workflow::network;
use crate::workflow::record::Act;

use super::member_of;

/// Figures of a period that a network waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// Slug and name.
    pub network: (String, String),
    pub period: PartialDate,
    /// The last day to deliver.
    pub by: NaiveDate,
    /// How many indicators there are figures of, of so many that apply.
    pub delivered: usize,
    pub applies: usize,
    /// Names of indicators that were delivered the period before and not now.
    pub missing: Vec<String>,
    pub is_closed: bool,
}

/// How many periods back are shown.
const SHOWN: usize = 2;

/// What an organisation is to deliver, soonest first: of each deadline the last periods that are over.
pub async fn due(act: &Act<'_>, organisation: &str) -> Result<Vec<Due>, Error> {
    let catalogue = act.store.catalogue().await?;
    let today = local_time::of(act.now).date();
    let current = store::measurement::current_of(act.store, organisation).await?;
    let current: Vec<Measurement> = current.into_iter().map(|it| it.measurement).collect();
    let mut res = Vec::new();
    for network in member_of(&catalogue, organisation) {
        let closed = store::comparison_closing::of(act.store, &network.slug).await?;
        for deadline in &network.deadlines {
            let mut period = PartialDate::holding(today, deadline.span);
            for _ in 0..SHOWN {
                period = period.previous();
                if is_member(network, organisation, period)
                    && let Some(by) = deadline.last_day(period)
                {
                    let is_closed = closed.iter().any(|it| it.0 == period.to_string());
                    res.push(one(&catalogue, network, period, by, &current, is_closed));
                }
            }
        }
    }
    res.sort_by_key(|it| (it.by, it.period.to_string()));
    Ok(res)
}

fn one(
    catalogue: &Catalogue,
    network: &Network,
    period: PartialDate,
    by: NaiveDate,
    current: &[Measurement],
    is_closed: bool,
) -> Due {
    let of = |wanted: PartialDate| -> BTreeSet<&str> {
        current.iter().filter(|it| it.period == Some(wanted)).map(|it| it.indicator.as_str()).collect()
    };
    let (now, before) = (of(period), of(period.previous()));
    let applies = catalogue.indicators.iter().filter(|it| it.is_asked_in(period));
    let missing =
        before.difference(&now).map(|it| catalogue.indicator(it).map_or(*it, |it| it.name.as_str()).to_owned());
    Due {
        network: (network.slug.clone(), network.name.clone()),
        period,
        by,
        delivered: now.len(),
        applies: applies.count(),
        missing: missing.collect(),
        is_closed,
    }
}

fn is_member(network: &Network, organisation: &str, period: PartialDate) -> bool {
    network.members.iter().any(|it| it.organisation == organisation && it.is_in(period))
}

/// So many days before the last one people are reminded, once each.
const REMINDERS: &[i64] = &[14, 3];

/// Reminds the project leads of members that delivered nothing of the period yet. Says how many mails that are.
pub async fn remind(act: &Act<'_>) -> Result<usize, Error> {
    let catalogue = act.store.catalogue().await?;
    let today = local_time::of(act.now).date();
    let mut wanted: Vec<NewMail> = Vec::new();
    for network in &catalogue.networks {
        for deadline in &network.deadlines {
            let period = PartialDate::holding(today, deadline.span).previous();
            let Some(by) = deadline.last_day(period) else { continue };
            let left = (by - today).num_days();
            let Some(days) = REMINDERS.iter().rev().find(|it| (0..=**it).contains(&left)) else { continue };
            for member in network::members(act, &catalogue, network, period).await? {
                if member.deliveries.is_empty() {
                    wanted.extend(mails(act, &catalogue, network, &member.organisation, period, by, *days).await?);
                }
            }
        }
    }
    if wanted.is_empty() {
        return Ok(0);
    }
    let write: Write = act.store.write().await?;
    for mail in &wanted {
        store::mail::put(&write, mail, act.now).await?;
    }
    write.commit_apart().await?;
    Ok(wanted.len())
}

async fn mails(
    act: &Act<'_>,
    catalogue: &Catalogue,
    network: &Network,
    organisation: &str,
    period: PartialDate,
    by: NaiveDate,
    days: i64,
) -> Result<Vec<NewMail>, Error> {
    let scope = Scope::Organisation(organisation.to_owned());
    let name = catalogue.organisation(organisation).map_or(organisation, |it| it.name.as_str());
    let leads = store::account::list(act.store).await?.into_iter().map(|it| it.account).filter(|it| {
        it.status == AccountStatus::Active
            && it.grants.iter().any(|it| it.role == AccountRole::ProjectLead && it.scope == scope)
    });
    let mail = |it: crate::domain::account::Account| NewMail {
        key: format!("aanleveren-{days}:{}:{period}:{organisation}:{}", network.slug, it.id),
        subject: format!("Cijfers over {} vóór {}", period.dutch(), dutch::date(by)),
        body: format!(
            "Beste {},\n\nVan {name} zijn de cijfers over {} voor {} nog niet binnen. De laatste dag is {}.\n\n\
             Sjabloon en aanleveren: {}{}\n\nLeerkring\n{}\n",
            it.name,
            period.dutch(),
            network.name,
            dutch::date(by),
            act.site,
            address::DELIVER,
            act.site
        ),
        recipient: it.mail,
        reply_to: None,
        account: Some(it.id),
    };
    Ok(leads.map(mail).collect())
}
