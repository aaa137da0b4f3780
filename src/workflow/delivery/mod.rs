//! Deliveries of figures: somebody hands them in, a second person agrees, then they count. What stood before stays,
//! marked as replaced, with the reason.
//!
//! Invariant: each verb checks the right, then the stage, then the figures, and does all of it in one transaction,
//! with an entry in the log of changes.
//! Invariant: a delivery somebody may not see is, for that person, the same as one that does not exist.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::json;

use crate::benchmark::control_chart::Limits;
use crate::domain::account::{AccountRole, Scope};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::delivery::{Delivery, DeliveryStage};
use crate::domain::delivery_check::{self, Judged, Known};
use crate::domain::id::DeliveryId;
use crate::domain::measurement::Measurement;
use crate::domain::network::Network;
use crate::domain::period::PartialDate;
use crate::domain::permission::{Action, Denied, Figures, may};
use crate::domain::proposal;
use crate::store::change_log::{self, Subject};
use crate::store::measurement::Stored;
use crate::store::{self, Write, audit};
use crate::text::local_time;

use super::Error;
use super::record::Act;

mod calendar;
mod closed;

pub use calendar::{Due, due, remind};
use closed::Closed;

/// What somebody hands in.
#[derive(Debug, Clone)]
pub struct Incoming<'a> {
    /// Slug.
    pub organisation: &'a str,
    pub rows: Vec<Measurement>,
    pub file_name: Option<String>,
    /// SHA-256 of what was sent, in hexadecimal.
    pub hash: String,
    /// Why figures that were delivered before are different now.
    pub reason: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Submitted {
    New(DeliveryId),
    /// The same was handed in before, and this is where it is.
    Known(DeliveryId),
}

/// A delivery with its figures, as somebody may see it.
#[derive(Debug)]
pub struct Seen {
    pub delivery: Delivery,
    pub rows: Vec<Stored>,
    pub may_deliver: bool,
    pub may_approve: Result<(), Denied>,
}

/// How many values of one's own make limits.
const LIMITS_FROM: usize = 8;

/// The limits of a control chart of single values.
fn limits(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < LIMITS_FROM {
        return None;
    }
    Limits::new(values, true).map(|it| (it.low, it.high))
}

/// Slugs of the organisations somebody delivers for, in the order of their names; for the command line and for
/// administrators those are all.
pub fn organisations<'a>(actor: &Actor, catalogue: &'a Catalogue) -> Vec<&'a str> {
    let fits = |it: &&crate::domain::organisation::Organisation| may(actor, Action::Deliver(&it.slug)).is_ok();
    catalogue.organisations.iter().filter(fits).map(|it| it.slug.as_str()).collect()
}

/// Slugs of the organisations whose deliveries somebody may see.
pub fn visible<'a>(actor: &Actor, catalogue: &'a Catalogue) -> Vec<&'a str> {
    let fits = |slug: &&str| {
        let networks = networks_of(catalogue, slug);
        let figures = Figures { organisation: slug, networks: &networks, author: "", is_four_eyes: true };
        may(actor, Action::ApproveDelivery(figures)).is_ok()
    };
    catalogue.organisations.iter().map(|it| it.slug.as_str()).filter(fits).collect()
}

/// Whether somebody delivers or agrees at all.
pub fn takes_part(actor: &Actor) -> bool {
    actor.user().is_some_and(|user| {
        user.is_administrator()
            || user.grants.iter().any(|it| {
                matches!(
                    (it.role, &it.scope),
                    (AccountRole::ProjectLead, Scope::Organisation(_))
                        | (AccountRole::NetworkCoordinator, Scope::Network(_))
                )
            })
    })
}

/// Slugs of the networks an organisation is in, now or before.
pub(super) fn networks_of<'a>(catalogue: &'a Catalogue, organisation: &str) -> Vec<&'a str> {
    member_of(catalogue, organisation).map(|it| it.slug.as_str()).collect()
}

/// The networks an organisation is in, now or before.
fn member_of<'a>(catalogue: &'a Catalogue, organisation: &str) -> impl Iterator<Item = &'a Network> {
    catalogue.networks.iter().filter(move |it| it.members.iter().any(|it| it.organisation == organisation))
}

/// How the log of changes names a delivery.
fn subject(id: &DeliveryId) -> String {
    format!("aanlevering:{id}")
}

/// Judges figures of one organisation, and the reason that goes with them, without storing anything.
pub async fn judge(
    act: &Act<'_>,
    organisation: &str,
    rows: &[Measurement],
    reason: Option<&str>,
) -> Result<Judged, Error> {
    may(act.actor, Action::Deliver(organisation))?;
    judged(act, organisation, rows, reason).await
}

async fn judged(
    act: &Act<'_>,
    organisation: &str,
    rows: &[Measurement],
    reason: Option<&str>,
) -> Result<Judged, Error> {
    let catalogue = act.store.catalogue().await?;
    let closed = Closed::of(act, &catalogue, organisation).await?.among(rows);
    let current = store::measurement::current_of(act.store, organisation).await?;
    let current: Vec<Measurement> = current.into_iter().map(|it| it.measurement).collect();
    let known = Known {
        catalogue: &catalogue,
        organisations: &BTreeSet::from([organisation.to_owned()]),
        closed: &HashMap::from([(organisation.to_owned(), closed)]),
        has_reason: reason.is_some_and(|it| !it.trim().is_empty()),
        current: &current,
        today: local_time::of(act.now).date(),
        limits: &limits,
    };
    Ok(delivery_check::judge(rows, &known))
}

/// Hands figures in. They are stored as a concept that nobody else sees; what says the same as what stands is left out.
pub async fn submit(act: &Act<'_>, incoming: Incoming<'_>) -> Result<Submitted, Error> {
    may(act.actor, Action::Deliver(incoming.organisation))?;
    let write = act.store.write().await?;
    let (catalogue, ids) = store::catalogue::get_in(&write).await?;
    if catalogue.organisation(incoming.organisation).is_none() {
        return Err(Error::NotFound);
    }
    if let Some(known) = store::delivery::same(&write, &ids, incoming.organisation, &incoming.hash).await? {
        return Ok(Submitted::Known(known.id));
    }
    let rows: Vec<Measurement> = incoming.rows.into_iter().map(|it| plain(it, &catalogue)).collect();
    let reason = reason(incoming.reason.as_deref())?;
    let judged = judged(act, incoming.organisation, &rows, reason.as_deref()).await?;
    if !judged.faults.is_empty() {
        return Err(Error::Figures(judged.faults));
    }
    let unchanged: BTreeSet<usize> = judged.unchanged.iter().copied().collect();
    let rows: Vec<Measurement> =
        rows.into_iter().enumerate().filter(|it| !unchanged.contains(&it.0)).map(|it| it.1).collect();
    if rows.is_empty() {
        return Err(Error::Refused("al deze cijfers staan er al precies zo; er is niets aan te leveren".to_owned()));
    }
    let closed = Closed::of(act, &catalogue, incoming.organisation).await?;
    let delivery = Delivery {
        id: DeliveryId::generate(),
        organisation: incoming.organisation.to_owned(),
        network: closed.network(&rows).map(str::to_owned),
        stage: DeliveryStage::Concept,
        file_name: incoming.file_name.map(|it| it.chars().filter(|it| !it.is_control()).take(200).collect()),
        hash: incoming.hash,
        reason,
        made_by: act.actor.label().to_owned(),
        made_at: act.now,
        approved_by: None,
        approved_at: None,
        released_at: None,
        embargo_until: None,
        version: 0,
    };
    store::delivery::save(&write, &ids, &delivery).await?;
    store::measurement::insert_concept(&write, &ids, &delivery.id, &rows, act.now).await?;
    let detail = json!({
        "organisatie": delivery.organisation, "cijfers": rows.len(), "herzien": judged.restated.len(),
        "waarschuwingen": judged.warnings.len(),
    });
    log(act, &write, "cijfers aangeleverd", &delivery.id, detail).await?;
    write.commit_apart().await?;
    Ok(Submitted::New(delivery.id))
}

/// A figure without what it says twice: the definition that is in force anyway.
fn plain(mut it: Measurement, catalogue: &Catalogue) -> Measurement {
    if let (Some(indicator), Some(period)) = (catalogue.indicator(&it.indicator), it.period)
        && indicator.definition_at(period).map(|it| &it.version) == it.definition.as_ref()
    {
        it.definition = None;
    }
    it
}

/// A reason as it is kept; none when nothing was written.
fn reason(text: Option<&str>) -> Result<Option<String>, Error> {
    let written = text.filter(|it| !it.trim().is_empty());
    let kept = written.map(|it| proposal::reason("reden", it, "schrijf waarom")).transpose();
    kept.map_err(|fault| Error::of_record("", vec![fault]))
}

async fn log(
    act: &Act<'_>,
    write: &Write,
    action: &str,
    id: &DeliveryId,
    detail: serde_json::Value,
) -> Result<(), Error> {
    Ok(audit::append(write, act.actor, action, &subject(id), detail, act.from, act.now).await?)
}

/// A delivery that an actor may see, with its figures.
pub async fn see(act: &Act<'_>, id: &DeliveryId) -> Result<Seen, Error> {
    let delivery = store::delivery::get(act.store, id).await?.ok_or(Error::NotFound)?;
    let catalogue = act.store.catalogue().await?;
    let (may_deliver, may_approve) = rights(act, &catalogue, &delivery)?;
    let rows = store::measurement::of_delivery(act.store, id).await?;
    Ok(Seen { delivery, rows, may_deliver, may_approve })
}

/// What an actor may do with a delivery; who may do nothing does not see it.
fn rights(act: &Act<'_>, catalogue: &Catalogue, it: &Delivery) -> Result<(bool, Result<(), Denied>), Error> {
    let networks = networks_of(catalogue, &it.organisation);
    let figures = Figures {
        organisation: &it.organisation,
        networks: &networks,
        author: &it.made_by,
        is_four_eyes: act.is_four_eyes,
    };
    let delivers = may(act.actor, Action::Deliver(&it.organisation));
    match (delivers, may(act.actor, Action::ApproveDelivery(figures))) {
        (Err(Denied::SignIn), _) => Err(Denied::SignIn.into()),
        (Err(_), Err(Denied::Role)) => Err(Error::NotFound),
        (delivers, approves) => Ok((delivers.is_ok(), approves)),
    }
}

/// What is wrong and what is strange about a concept, judged anew: other figures may stand now.
pub async fn judge_again(act: &Act<'_>, seen: &Seen) -> Result<Judged, Error> {
    let rows: Vec<Measurement> = seen.rows.iter().map(|it| it.measurement.clone()).collect();
    judged(act, &seen.delivery.organisation, &rows, seen.delivery.reason.as_deref()).await
}

/// The delivery as the running write sees it, when the actor may see it and saw this version of it.
async fn take(
    act: &Act<'_>,
    write: &Write,
    id: &DeliveryId,
    seen: Option<i32>,
) -> Result<(Delivery, bool, Result<(), Denied>), Error> {
    let delivery = store::delivery::get_in(write, id).await?.ok_or(Error::NotFound)?;
    let catalogue = act.store.catalogue().await?;
    let (may_deliver, may_approve) = rights(act, &catalogue, &delivery)?;
    match seen {
        Some(seen) if seen != delivery.version => {
            Err(Error::Stage("dit is intussen gewijzigd; laad de pagina opnieuw"))
        }
        _ => Ok((delivery, may_deliver, may_approve)),
    }
}

async fn put(write: &Write, it: &Delivery) -> Result<(), Error> {
    let ids = store::catalogue::get_in(write).await?.1;
    Ok(store::delivery::save(write, &ids, it).await?)
}

/// Writes down why figures are different now.
pub async fn explain(act: &Act<'_>, id: &DeliveryId, seen: Option<i32>, text: &str) -> Result<(), Error> {
    let write = act.store.write().await?;
    let (mut delivery, may_deliver, _) = take(act, &write, id, seen).await?;
    if !may_deliver {
        return Err(Denied::Role.into());
    }
    if delivery.stage != DeliveryStage::Concept {
        return Err(Error::Stage("de reden schrijft u vóór het akkoord"));
    }
    delivery.reason = reason(Some(text))?;
    put(&write, &delivery).await?;
    log(act, &write, "reden van herziening geschreven", id, json!({})).await?;
    Ok(write.commit_apart().await?)
}

/// A second person agrees. What is different now needs a reason by then.
pub async fn approve(act: &Act<'_>, id: &DeliveryId, seen: Option<i32>) -> Result<(), Error> {
    let write = act.store.write().await?;
    let (mut delivery, _, may_approve) = take(act, &write, id, seen).await?;
    may_approve?;
    if !delivery.stage.leads_to(DeliveryStage::Approved) {
        return Err(Error::Stage("deze aanlevering wacht niet op akkoord"));
    }
    check(act, &delivery).await?;
    delivery.stage = DeliveryStage::Approved;
    delivery.approved_by = act.actor.user().map(|it| it.account.clone());
    delivery.approved_at = Some(act.now);
    put(&write, &delivery).await?;
    log(act, &write, "akkoord met cijfers", id, json!({ "gemaakt door": delivery.made_by })).await?;
    Ok(write.commit_apart().await?)
}

/// Whether the figures may still go on: what is different, or comes after a period was closed, has its reason.
async fn check(act: &Act<'_>, delivery: &Delivery) -> Result<(), Error> {
    let rows = store::measurement::of_delivery(act.store, &delivery.id).await?;
    let rows: Vec<Measurement> = rows.into_iter().map(|it| it.measurement).collect();
    let judged = judged(act, &delivery.organisation, &rows, delivery.reason.as_deref()).await?;
    if !judged.faults.is_empty() {
        return Err(Error::Figures(judged.faults));
    }
    if !judged.restated.is_empty() && delivery.reason.is_none() {
        return Err(Error::Stage("deze cijfers wijken af van wat er staat; schrijf eerst waarom"));
    }
    Ok(())
}

/// Makes the figures count: for their owner at once, for others after the embargo of the network.
pub async fn release(act: &Act<'_>, id: &DeliveryId, seen: Option<i32>) -> Result<(), Error> {
    let write = act.store.write().await?;
    let (mut delivery, may_deliver, may_approve) = take(act, &write, id, seen).await?;
    if !may_deliver && may_approve.is_err() {
        return Err(Denied::Role.into());
    }
    if !delivery.stage.leads_to(DeliveryStage::Released) {
        return Err(Error::Stage("een ander moet eerst akkoord geven"));
    }
    check(act, &delivery).await?;
    let catalogue = act.store.catalogue().await?;
    let rows = store::measurement::of_delivery(act.store, id).await?;
    let periods: BTreeSet<String> = rows.iter().filter_map(|it| it.measurement.period.map(String::from)).collect();
    let until = periods
        .iter()
        .filter_map(|it| embargo(&catalogue, &delivery.organisation, PartialDate::parse(it)?))
        .max()
        .filter(|it| local_time::of(act.now).date() <= *it);
    let visible_from = until.map_or(act.now, |it| midnight_after(it).max(act.now));
    delivery.stage = DeliveryStage::Released;
    delivery.released_at = Some(act.now);
    delivery.embargo_until = until;
    put(&write, &delivery).await?;
    store::measurement::release(&write, id, act.now, visible_from).await?;
    change_log::append(&write, &BTreeSet::from([Subject::Delivery(id.clone())]), act.now).await?;
    let indicators: BTreeSet<&str> = rows.iter().map(|it| it.measurement.indicator.as_str()).collect();
    let detail = json!({
        "organisatie": delivery.organisation, "cijfers": rows.len(), "indicatoren": indicators.len(),
        "embargo tot en met": until, "reden": delivery.reason,
    });
    log(act, &write, "cijfers vrijgegeven", id, detail).await?;
    Ok(write.commit().await?)
}

/// The last day that only the owner sees figures of a period: by the strictest of its networks.
fn embargo(catalogue: &Catalogue, organisation: &str, period: PartialDate) -> Option<NaiveDate> {
    let days = member_of(catalogue, organisation)
        .flat_map(|it| &it.deadlines)
        .filter(|it| Some(it.span) == period.span())
        .filter_map(|it| it.embargo.map(|embargo| it.days + i64::from(embargo)))
        .max()?;
    period.last_day().checked_add_days(Days::new(u64::try_from(days).ok()?))
}

fn midnight_after(day: NaiveDate) -> DateTime<Utc> {
    local_time::moment(day.succ_opt().unwrap_or(day).and_time(chrono::NaiveTime::MIN))
}

/// Takes a delivery back that does not count yet. It stays to be seen.
pub async fn withdraw(act: &Act<'_>, id: &DeliveryId, seen: Option<i32>) -> Result<(), Error> {
    let write = act.store.write().await?;
    let (mut delivery, may_deliver, may_approve) = take(act, &write, id, seen).await?;
    if !may_deliver && may_approve.is_err() {
        return Err(Denied::Role.into());
    }
    if !delivery.stage.leads_to(DeliveryStage::Withdrawn) {
        let text = "wat is vrijgegeven trekt u niet in; lever de juiste cijfers aan met de reden";
        return Err(Error::Stage(text));
    }
    delivery.stage = DeliveryStage::Withdrawn;
    put(&write, &delivery).await?;
    log(act, &write, "aanlevering ingetrokken", id, json!({})).await?;
    Ok(write.commit_apart().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_need_points() {
        let values = [6.1, 6.4, 6.0, 6.8, 7.2, 6.9, 6.3, 6.2, 6.5, 6.7, 7.0, 7.4];
        let (low, high) = limits(&values).unwrap();
        assert!((low - 5.633_545).abs() < 1e-4 && (high - 7.616_455).abs() < 1e-4, "{low} {high}");
        assert_eq!(limits(&values[..LIMITS_FROM - 1]), None);
    }
}
