//! Compares a member with groups: reads the figures, asks the guard of disclosure, and remembers what was shown.
//!
//! Reading writes nothing else here: what a viewer has seen must be known before the next question, or two groups that
//! differ by one member would give that member away.
//!
//! Invariant: a figure about others leaves as [`Released`]; what the viewer was shown is stored before it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::benchmark::comparison::Comparison;
use crate::benchmark::disclosure::guard::may_be_public;
use crate::benchmark::disclosure::policy::Policy;
use crate::benchmark::disclosure::{Extent, Released};
use crate::benchmark::peer_group::PeerGroup;
use crate::domain::account::Scope;
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::Indicator;
use crate::domain::members::Members;
use crate::domain::period::PartialDate;
use crate::domain::seen_group::SeenGroup;
use crate::store::measurement::Series;
use crate::store::seen_group::{self, SeenBy};
use crate::store::{self, Store};

use super::{Error, policy};

mod answer;
mod closed;
mod memory;
mod sharing;
mod values;

use answer::{EVERYBODY, Scene, Seen};
use closed::Closed;
use sharing::Shared;
use values::Values;

pub use memory::Memory;
pub use sharing::{in_network, present};
pub use values::of_organisation;

/// The years that periods can be in.
const ALWAYS: [i32; 2] = [1900, 2199];

/// Who looks, and for which organisation.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub actor: &'a Actor,
    /// The organisation whose own figures are shown beside the group.
    pub organisation: Option<&'a str>,
}

impl Viewer<'_> {
    /// Under which name the guard remembers what was shown; colleagues of one organisation see together. `None` for
    /// who did not sign in: they see standard groups only, and of those what everybody saw is remembered.
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
    /// How much is shown of the last period.
    pub extent: Extent,
}

/// What is read once for all questions of a page.
pub struct Ground {
    pub catalogue: Arc<Catalogue>,
    pub policy: Policy,
    pub now: DateTime<Utc>,
    /// By indicator.
    series: BTreeMap<String, Arc<Series>>,
}

impl Ground {
    /// The figures of an indicator that was asked for; of another there are none.
    pub fn series(&self, indicator: &Indicator) -> Arc<Series> {
        self.series.get(&indicator.slug).cloned().unwrap_or_default()
    }
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

/// Reads what questions on these indicators need.
pub async fn ground(store: &Store, indicators: &[&Indicator], now: DateTime<Utc>) -> Result<Ground, Error> {
    let slugs: Vec<&str> = indicators.iter().map(|it| it.slug.as_str()).collect();
    let series = store::measurement::several(store, &slugs).await?;
    Ok(Ground { catalogue: store.catalogue().await?, policy: policy::in_force(store).await?, now, series })
}

/// Reads what is the same for everybody of all indicators, the latest periods first, as far as it is remembered.
pub async fn read_ahead(store: &Store, memory: &Memory, now: DateTime<Utc>) -> Result<(), Error> {
    let catalogue = store.catalogue().await?;
    let each = memory::REMEMBERED / catalogue.indicators.len().max(1);
    for it in catalogue.indicators.iter().filter(|it| it.parts.is_empty()) {
        let ground = Arc::new(ground(store, &[it], now).await?);
        let family = answer::standard_family(it);
        let shown = Arc::new(seen_group::of(store, &[EVERYBODY], &[&family], ALWAYS).await?);
        for period in ground.series(it).periods().into_iter().rev().take(each) {
            let (memory, ground, shown, indicator) = (memory.clone(), ground.clone(), shown.clone(), it.clone());
            let compute = move || {
                let then = shown.iter().filter(|it| it.period == period);
                let before: Vec<Members> = then.map(|it| it.group.members.clone()).collect();
                memory.standard(&ground, &indicator, period, None, &before)
            };
            // Only a stop of the whole program breaks it off.
            if tokio::task::spawn_blocking(compute).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Answers questions, in their order. What is new to the viewer is remembered before anything leaves. `None` for a
/// question without a period.
pub async fn compare(
    store: &Store,
    memory: &Memory,
    viewer: &Viewer<'_>,
    ground: &Ground,
    questions: &[Question<'_>],
) -> Result<Vec<Option<Released<Comparison>>>, Error> {
    let closed = Closed::of(store, memory, ground, questions).await?;
    let scene = Scene { memory, viewer, ground, closed: &closed };
    let years = questions.iter().flat_map(|it| it.periods).map(|it| it.year());
    let (Some(first), Some(last)) = (years.clone().min(), years.max()) else { return Ok(vec![None; questions.len()]) };
    let name = viewer.name();
    let viewers: Vec<&str> = std::iter::once(EVERYBODY).chain(name.as_deref()).collect();
    let families: BTreeSet<String> = questions.iter().flat_map(|it| answer::families(it.indicator)).collect();
    let families: Vec<&str> = families.iter().map(String::as_str).collect();
    let years = [first, last];
    let seen = Seen::new(seen_group::of(store, &viewers, &families, years).await?);
    let (answers, news) = scene.answers(questions, seen.clone());
    if news.is_empty() {
        return Ok(answers);
    }
    // Again, with everything that was seen until now: nobody can slip in between.
    let write = store.write().await?;
    let since = Seen::new(seen_group::of_in(&write, &viewers, &families, years).await?);
    let (mut answers, mut news) = if since == seen { (answers, news) } else { scene.answers(questions, since.clone()) };
    if bar(&write, memory, questions, &news, &since, years).await? {
        (answers, news) = scene.answers(questions, since);
    }
    for it in &news {
        seen_group::add(&write, it, ground.now).await?;
    }
    write.commit_apart().await?;
    Ok(answers)
}

/// Bars what is new to everybody and would give away a few members beside what a single viewer saw; says whether there
/// was such a group.
async fn bar(
    write: &store::Write,
    memory: &Memory,
    questions: &[Question<'_>],
    news: &[SeenBy],
    before: &Seen,
    years: [i32; 2],
) -> Result<bool, Error> {
    let mut res = false;
    for question in questions {
        let families = answer::families(question.indicator);
        let is_public = |it: &&SeenBy| it.viewer == EVERYBODY && families.contains(&it.family);
        let fresh: Vec<&SeenBy> = news.iter().filter(is_public).collect();
        if fresh.is_empty() {
            continue;
        }
        let names: Vec<&str> = families.iter().map(String::as_str).collect();
        let seen = seen_group::of_all_but(write, EVERYBODY, &names, years).await?;
        let public = before.of(&families);
        for it in fresh {
            let public = public.iter().filter(|one| one.viewer == EVERYBODY && one.period.overlaps(it.period));
            let public: Vec<&Members> = public.map(|one| &one.group.members).collect();
            let mut viewers: BTreeMap<&str, Vec<&SeenGroup>> = BTreeMap::new();
            for one in seen.iter().filter(|one| one.period.overlaps(it.period)) {
                viewers.entry(&one.viewer).or_default().push(&one.group);
            }
            if !viewers.iter().all(|(viewer, seen)| may_be_public(&it.group.members, &public, viewer, seen)) {
                memory.bar(&it.family, it.period, it.group.members.clone());
                res = true;
            }
        }
    }
    Ok(res)
}

/// The same for one question.
pub async fn compare_one(
    store: &Store,
    memory: &Memory,
    viewer: &Viewer<'_>,
    ground: &Ground,
    question: Question<'_>,
) -> Result<Option<Released<Comparison>>, Error> {
    Ok(compare(store, memory, viewer, ground, &[question]).await?.pop().flatten())
}
