//! How far the members of a network are with the figures of a period: who delivered, what waits, and what is missing.
//!
//! Invariant: it says whether there is a figure, never which one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::catalogue::Catalogue;
use crate::domain::delivery::DeliveryStage;
use crate::domain::id::DeliveryId;
use crate::domain::network::Network;
use crate::domain::period::{PartialDate, Span};
use crate::store;
use crate::text::local_time;
use crate::workflow::Error;
use crate::workflow::record::Act;

use super::coordinated;

/// How many periods of each length can be chosen.
const PERIODS: usize = 8;

/// A period of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    pub period: PartialDate,
    /// Newer periods that nothing came in of, the latest first; none when somebody asked for this period.
    pub skipped: Vec<PartialDate>,
    /// The last day to deliver.
    pub by: Option<NaiveDate>,
    pub closed_at: Option<DateTime<Utc>>,
    /// Slugs of the indicators that are asked for, in the order of the list.
    pub asked: Vec<String>,
    /// Who was a member at the end of the period, in the order of the list.
    pub members: Vec<MemberProgress>,
}

/// How far one member is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MemberProgress {
    /// Slug.
    pub organisation: String,
    /// Slugs of the indicators there is a figure of that counts, with the moment others may see it.
    pub delivered: BTreeMap<String, Option<DateTime<Utc>>>,
    /// The deliveries that figures of this period are in, newest first; without those that were withdrawn.
    pub deliveries: Vec<(DeliveryId, DeliveryStage)>,
}

impl Progress {
    /// Whether nothing came in, not even a concept.
    pub fn is_silent(&self) -> bool {
        self.members.iter().all(MemberProgress::is_silent)
    }

    /// Whether the period can be closed now, else why not.
    pub fn closing(&self, now: DateTime<Utc>) -> Result<(), &'static str> {
        let is_hidden = |it: &MemberProgress| it.delivered.keys().any(|slug| !it.is_visible(slug, now));
        if self.closed_at.is_some() {
            return Err("deze periode is al afgesloten");
        }
        if self.by.is_some_and(|it| local_time::of(now).date() <= it) {
            return Err("leden kunnen nog aanleveren; sluit af na de laatste dag");
        }
        if self.members.iter().all(|it| it.delivered.is_empty()) {
            return Err("er is over deze periode nog geen enkel cijfer");
        }
        if self.members.iter().any(is_hidden) {
            return Err("er zijn cijfers onder embargo; sluit af als het embargo voorbij is");
        }
        Ok(())
    }
}

impl MemberProgress {
    /// The newest delivery that somebody still has to do something with.
    pub fn waiting(&self) -> Option<&(DeliveryId, DeliveryStage)> {
        self.deliveries.iter().find(|it| it.1 != DeliveryStage::Released)
    }

    /// Whether nothing of it is there, not even a concept.
    pub fn is_silent(&self) -> bool {
        self.delivered.is_empty() && self.deliveries.is_empty()
    }

    pub fn is_visible(&self, indicator: &str, now: DateTime<Utc>) -> bool {
        self.delivered.get(indicator).is_some_and(|it| it.is_none_or(|from| from <= now))
    }
}

/// The periods that are over, the latest first: of each length that figures are due for, or, where nobody said when,
/// that indicators have.
pub fn periods(catalogue: &Catalogue, network: &Network, today: NaiveDate) -> Vec<PartialDate> {
    let is_asked = |span: &&Span| catalogue.indicators.iter().any(|it| it.span == **span);
    let mut spans: Vec<Span> = network.deadlines.iter().map(|it| it.span).collect();
    if spans.is_empty() {
        spans = Span::ALL.iter().filter(is_asked).copied().collect();
    }
    if spans.is_empty() {
        spans.push(Span::Year);
    }
    let mut res = Vec::new();
    for span in spans {
        let current = PartialDate::holding(today, span);
        res.extend(std::iter::successors(Some(current.previous()), |it| Some(it.previous())).take(PERIODS));
    }
    res.sort_by_key(|it| (std::cmp::Reverse(it.last_day()), it.first_day()));
    res.dedup();
    res
}

/// How far the members of a network are. Without a period, the latest one that is over and that something came in of.
pub async fn progress(act: &Act<'_>, slug: &str, period: Option<PartialDate>) -> Result<Progress, Error> {
    let catalogue = act.store.catalogue().await?;
    let network = coordinated(act, &catalogue, slug)?;
    let today = local_time::of(act.now).date();
    if let Some(period) = period.filter(|it| it.span().is_some() && it.last_day() < today) {
        return of(act, &catalogue, network, period).await;
    }
    let periods = periods(&catalogue, network, today);
    for (at, period) in periods.iter().enumerate() {
        let found = of(act, &catalogue, network, *period).await?;
        if !found.is_silent() {
            return Ok(Progress { skipped: periods[..at].to_vec(), ..found });
        }
    }
    of(act, &catalogue, network, *periods.first().ok_or(Error::NotFound)?).await
}

async fn of(act: &Act<'_>, catalogue: &Catalogue, network: &Network, period: PartialDate) -> Result<Progress, Error> {
    let asked = catalogue.indicators.iter().filter(|it| it.is_asked_in(period)).map(|it| it.slug.clone());
    let closed = store::comparison_closing::of(act.store, &network.slug).await?;
    Ok(Progress {
        period,
        skipped: vec![],
        by: network.deadline(period).and_then(|it| it.last_day(period)),
        closed_at: closed.into_iter().find(|it| it.0 == period.to_string()).map(|it| it.1),
        asked: asked.collect(),
        members: members(act, catalogue, network, period).await?,
    })
}

/// How far each member is with the indicators that are asked for in a period.
pub(in crate::workflow) async fn members(
    act: &Act<'_>,
    catalogue: &Catalogue,
    network: &Network,
    period: PartialDate,
) -> Result<Vec<MemberProgress>, Error> {
    let asked = catalogue.indicators.iter().filter(|it| it.is_asked_in(period));
    let asked: Vec<&str> = asked.map(|it| it.slug.as_str()).collect();
    let slugs: Vec<&str> = network.members_in(period).map(|it| it.organisation.as_str()).collect();
    let covered = store::measurement::coverage(act.store, &slugs, &asked, period).await?;
    let ids: BTreeSet<DeliveryId> = covered.iter().filter_map(|it| it.delivery.clone()).collect();
    let deliveries = store::delivery::by_ids(act.store, &ids.into_iter().collect::<Vec<_>>()).await?;
    let mut of: HashMap<String, MemberProgress> = HashMap::new();
    for it in covered.into_iter().filter(|it| it.is_current) {
        let member = of.entry(it.organisation).or_default();
        let known = member.delivered.entry(it.indicator).or_insert(it.visible_from);
        *known = (*known).max(it.visible_from);
    }
    for it in deliveries.into_iter().filter(|it| it.stage != DeliveryStage::Withdrawn) {
        of.entry(it.organisation).or_default().deliveries.push((it.id, it.stage));
    }
    let mut seen = BTreeSet::new();
    let once = slugs.into_iter().filter(|it| seen.insert(*it));
    let member = |slug: &str| {
        let found = of.remove(slug).unwrap_or_default();
        MemberProgress { organisation: slug.to_owned(), ..found }
    };
    Ok(once.map(member).collect())
}
