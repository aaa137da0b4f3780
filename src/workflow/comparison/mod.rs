//! Compares a member with a group: reads the figures, asks the guard of disclosure, and remembers what was shown.
//!
//! Reading writes nothing else here: what a viewer has seen must be known before the next question, or two groups that
//! differ by one member would give that member away.
//!
//! Invariant: a figure about others leaves as [`Released`]; what the viewer was shown is stored before it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::benchmark::comparison::{self, Comparison, Input, Slice};
use crate::benchmark::disclosure::policy::Policy;
use crate::benchmark::disclosure::{Member, Released};
use crate::benchmark::measure::Measure;
use crate::benchmark::peer_group::PeerGroup;
use crate::domain::account::Scope;
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::Indicator;
use crate::domain::network::Sharing;
use crate::domain::period::PartialDate;
use crate::domain::seen_group::SeenGroup;
use crate::store::measurement::Series;
use crate::store::seen_group::SeenThen;
use crate::store::{self, Store, seen_group};

use super::{Error, policy};

mod closed;
mod memory;
mod sharing;
mod values;

use closed::Closed;
use values::Values;

pub use memory::Memory;
pub use sharing::{in_network, present};
pub use values::of_organisation;

/// Who looks, and for which organisation.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub actor: &'a Actor,
    /// The organisation whose own figures are shown beside the group.
    pub organisation: Option<&'a str>,
}

impl Viewer<'_> {
    /// Under which name the guard remembers what was shown; colleagues of one organisation see together. `None` for
    /// who did not sign in: of them nothing can be remembered, so they see standard groups only.
    fn name(&self) -> Option<String> {
        let user = self.actor.user()?;
        Some(self.organisation.map_or_else(|| user.account.to_string(), str::to_owned))
    }
}

/// One question: a group over periods, oldest first; the last period is the one that is compared.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub indicator: &'a Indicator,
    pub group: &'a PeerGroup,
    pub periods: &'a [PartialDate],
    /// The part of a composition.
    pub part: Option<&'a str>,
}

/// What is read once for several questions on one indicator.
pub struct Ground {
    pub catalogue: Arc<Catalogue>,
    pub series: Arc<Series>,
    pub policy: Policy,
    pub now: DateTime<Utc>,
}

/// Whether somebody may look at a group at all. Members of a network and who coordinates it see it; a choice of one's
/// own needs an organisation to look for; the other groups are for everybody.
pub fn may_see(viewer: &Viewer<'_>, group: &PeerGroup, catalogue: &Catalogue) -> bool {
    match group {
        PeerGroup::Network(slug) => {
            let Some(user) = viewer.actor.user() else { return false };
            let Some(network) = catalogue.network(slug) else { return false };
            let is_member = |organisation: &str| network.members.iter().any(|it| it.organisation == organisation);
            user.is_administrator()
                || user.grants.iter().any(|it| it.scope == Scope::Network(slug.clone()))
                || user.organisations().any(is_member)
        }
        PeerGroup::Chosen(_) => viewer.organisation.is_some(),
        _ => true,
    }
}

/// Reads what questions on an indicator need. With `at`, the figures as they stood at that moment.
pub async fn ground(
    store: &Store,
    indicator: &str,
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Ground, Error> {
    Ok(Ground {
        catalogue: store.catalogue().await?,
        series: store::measurement::series(store, indicator, at).await?,
        policy: policy::in_force(store).await?,
        now,
    })
}

/// Reads what is the same for everybody of all indicators, the latest periods first, as far as it is remembered.
pub async fn read_ahead(store: &Store, memory: &Memory, now: DateTime<Utc>) -> Result<(), Error> {
    let catalogue = store.catalogue().await?;
    let each = memory::REMEMBERED / catalogue.indicators.len().max(1);
    for it in catalogue.indicators.iter().filter(|it| it.parts.is_empty()) {
        let ground = Arc::new(ground(store, &it.slug, None, now).await?);
        for period in ground.series.periods().into_iter().rev().take(each) {
            let (memory, ground, indicator) = (memory.clone(), ground.clone(), it.clone());
            let done = tokio::task::spawn_blocking(move || memory.standard(&ground, &indicator, period, None)).await;
            // Only a stop of the whole program breaks it off.
            if done.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Answers a question. What is new to the viewer is remembered before anything leaves. `None` without a period.
pub async fn compare(
    store: &Store,
    memory: &Memory,
    viewer: &Viewer<'_>,
    ground: &Ground,
    question: &Question<'_>,
) -> Result<Option<Released<Comparison>>, Error> {
    let name = viewer.name();
    let families = [question.indicator.denominator_family().to_owned(), standard_family(question.indicator)];
    let family = if question.group.is_standard() { &families[1] } else { &families[0] };
    let (Some(first), Some(last)) = (question.periods.first(), question.periods.last()) else { return Ok(None) };
    let years = [first.year(), last.year()];
    let closed = Closed::of(store, memory, ground, question).await?;
    let mut seen = Vec::new();
    if let Some(name) = &name {
        for family in &families {
            seen.extend(seen_group::of(store, name, family, years).await?);
        }
    }
    let Some((shown, news)) = answer(memory, viewer, (ground, &closed), question, &seen) else { return Ok(None) };
    let Some(name) = name.filter(|_| !news.is_empty()) else { return Ok(Some(shown)) };
    // Again, with everything anybody of this viewer saw until now: nobody can slip in between.
    let write = store.write().await?;
    let mut seen = Vec::new();
    for family in &families {
        seen.extend(seen_group::of_in(&write, &name, family, years).await?);
    }
    let Some((shown, news)) = answer(memory, viewer, (ground, &closed), question, &seen) else { return Ok(None) };
    for (period, group) in &news {
        seen_group::add(&write, &name, family, *period, group, ground.now).await?;
    }
    write.commit_apart().await?;
    Ok(Some(shown))
}

/// Under which name standard groups are remembered: by indicator. They are the same for everybody, and who delivers
/// one indicator and not another of the same denominator would make them differ by a few without giving anything away.
fn standard_family(indicator: &Indicator) -> String {
    format!("indicator:{}", indicator.slug)
}

/// What a viewer had not seen before, with the period.
type News = Vec<(PartialDate, SeenGroup)>;

/// The answer, and what of it the viewer had not seen.
fn answer(
    memory: &Memory,
    viewer: &Viewer<'_>,
    (ground, closed): (&Ground, &Closed),
    question: &Question<'_>,
    seen: &[SeenThen],
) -> Option<(Released<Comparison>, News)> {
    let Question { indicator, group, .. } = *question;
    let policy = ground.policy.for_indicator(indicator);
    let slices: Vec<Slice> =
        question.periods.iter().map(|it| slice(memory, viewer, (ground, closed), question, *it, seen)).collect();
    // Who saw very many groups gets the standard ones from then on.
    let is_full = slices.iter().any(|it| seen_group::MOST as usize <= it.seen.len());
    let name = viewer.name().filter(|_| !is_full);
    let compared = comparison::compare(&Input {
        measure: Measure::new(indicator),
        sensitivity: indicator.sensitivity,
        viewer: name.as_deref(),
        may_rank: matches!(group, PeerGroup::Network(_)),
        step: 10f64.powi(-(indicator.digits() as i32)),
        today: ground.now.date_naive(),
        policy: &policy,
        slices: &slices,
    })?;
    let is_new = |it: &(PartialDate, SeenGroup)| !seen.iter().any(|known| known.0 == it.0 && *known.1 == it.1);
    Some((compared.shown, compared.seen.into_iter().filter(is_new).collect()))
}

fn slice(
    memory: &Memory,
    viewer: &Viewer<'_>,
    (ground, closed): (&Ground, &Closed),
    question: &Question<'_>,
    period: PartialDate,
    seen: &[SeenThen],
) -> Slice {
    let Question { indicator, group, part, .. } = *question;
    let series = closed.series(period, ground);
    let values = Values::new(series, indicator, period, part, viewer.organisation, ground.now);
    let names = memory.members(&ground.catalogue, period, group, viewer.organisation);
    let shared = Shared::new(&ground.catalogue, indicator, period);
    let members = names.iter().map(|name| Member {
        value: values.of(name),
        sharing: shared.with(viewer, group, name),
        name: name.clone(),
    });
    let overlaps = |it: &PartialDate| it.first_day() <= period.last_day() && period.first_day() <= it.last_day();
    Slice {
        period,
        members: members.collect(),
        own: viewer.organisation.and_then(|it| values.of(it)),
        standard: memory.standard(ground, indicator, period, part),
        seen: seen.iter().filter(|it| overlaps(&it.0)).map(|it| it.1.clone()).collect(),
    }
}

/// How members share a group of indicators in a period: per member the networks it shares its name in.
struct Shared<'a> {
    /// Members that keep it to themselves in any network keep it to themselves everywhere.
    withheld: BTreeSet<&'a str>,
    named: BTreeMap<&'a str, Vec<&'a str>>,
    /// Members by network.
    networks: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Shared<'a> {
    fn new(catalogue: &'a Catalogue, indicator: &Indicator, period: PartialDate) -> Shared<'a> {
        let mut res = Shared { withheld: BTreeSet::new(), named: BTreeMap::new(), networks: BTreeMap::new() };
        for network in catalogue.networks.iter() {
            for it in network.members.iter().filter(|it| it.is_in(period)) {
                res.networks.entry(&network.slug).or_default().insert(&it.organisation);
                match it.sharing(indicator.group) {
                    Sharing::Withheld => _ = res.withheld.insert(&it.organisation),
                    Sharing::Named => res.named.entry(&it.organisation).or_default().push(&network.slug),
                    Sharing::Anonymous => (),
                }
            }
        }
        res
    }

    /// A name is shown in the network it was given to, and in a choice of one's own to who is in that network too.
    fn with(&self, viewer: &Viewer<'_>, group: &PeerGroup, member: &str) -> Sharing {
        if self.withheld.contains(member) {
            return Sharing::Withheld;
        }
        let named = self.named.get(member).map(Vec::as_slice).unwrap_or_default();
        let is_shown = match group {
            PeerGroup::Network(slug) => named.contains(&slug.as_str()),
            PeerGroup::Chosen(_) => viewer.organisation.is_some_and(|own| {
                named.iter().any(|it| self.networks.get(it).is_some_and(|members| members.contains(own)))
            }),
            _ => false,
        };
        if is_shown { Sharing::Named } else { Sharing::Anonymous }
    }
}
