//! What is the same for everybody, computed once: who was like whom in a period, and the standard groups of an
//! indicator and period.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::benchmark::disclosure::guard::Standard;
use crate::benchmark::peer_group::{self, Peer, PeerGroup};
use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::{Indicator, IndicatorGroup};
use crate::domain::members::Members;
use crate::domain::period::PartialDate;
use crate::domain::vocabulary::OrganisationKind;
use crate::store::measurement::{Figures, Series};

use super::answer::standard_family;
use super::{Ground, Shared, Values};

/// The most standards that are remembered; some 100 kB each in a large country.
pub(super) const REMEMBERED: usize = 2_000;
/// The most series of closed periods that are remembered.
const CLOSED: usize = 500;
/// The most indicators and periods whose barred groups are remembered; those that are forgotten are found again.
const BARRED: usize = 10_000;
/// The most periods whose peers are remembered.
const PERIODS: usize = 200;

/// What was computed before. Cheap to clone.
#[derive(Clone, Default)]
pub struct Memory {
    standards: Arc<Mutex<HashMap<Key, Kept>>>,
    peers: Arc<Mutex<Peers>>,
    closed: Arc<Mutex<Then>>,
    /// Groups that everybody may not see because of what single viewers saw. That does not change any more.
    barred: Arc<Mutex<Barred>>,
}

/// Groups by family and period.
type Barred = HashMap<(String, PartialDate), Vec<Members>>;

/// Figures as they stood at a moment, by indicator and moment, under the names of the lists they were read with.
#[derive(Default)]
struct Then {
    of: Option<Arc<Catalogue>>,
    by_moment: HashMap<(String, DateTime<Utc>), Arc<Series>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    indicator: String,
    period: PartialDate,
    part: Option<String>,
}

struct Kept {
    /// By the addresses of what it was computed from, which live as long as it is kept.
    of: (Figures, Arc<Catalogue>),
    standard: Arc<Standard>,
    /// When the embargo of a figure ends that is not in it yet.
    until: Option<DateTime<Utc>>,
}

/// Standard groups with all their members, most general first.
type Groups = Arc<Vec<(PeerGroup, Members)>>;

/// The peers of the lists they were read from, by period with the members of each standard group.
#[derive(Default)]
struct Peers {
    of: Option<Arc<Catalogue>>,
    by_period: HashMap<PartialDate, Arc<Vec<Peer>>>,
    groups: HashMap<PartialDate, Groups>,
    shared: HashMap<(PartialDate, IndicatorGroup), Arc<Shared>>,
}

impl Memory {
    /// The figures of an indicator at a moment, if they were read before.
    pub(super) fn then(&self, catalogue: &Arc<Catalogue>, indicator: &str, at: DateTime<Utc>) -> Option<Arc<Series>> {
        let kept = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = kept.of.as_ref().is_some_and(|it| Arc::ptr_eq(it, catalogue));
        kept.by_moment.get(&(indicator.to_owned(), at)).filter(|_| is_same).cloned()
    }

    pub(super) fn keep_then(
        &self,
        catalogue: &Arc<Catalogue>,
        indicator: &str,
        at: DateTime<Utc>,
        series: &Arc<Series>,
    ) {
        let mut kept = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = kept.of.as_ref().is_some_and(|it| Arc::ptr_eq(it, catalogue));
        if !is_same || CLOSED <= kept.by_moment.len() {
            *kept = Then { of: Some(catalogue.clone()), ..Then::default() };
        }
        kept.by_moment.insert((indicator.to_owned(), at), series.clone());
    }

    /// Care providers with what they had in common in a period; nobody else is compared.
    pub(super) fn peers(&self, catalogue: &Arc<Catalogue>, period: PartialDate) -> Arc<Vec<Peer>> {
        let mut kept = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        kept.read_from(catalogue);
        let compute = || {
            let providers = catalogue.organisations.iter().filter(|it| it.kind == OrganisationKind::CareProvider);
            let mut peers: Vec<Peer> = providers.map(|it| Peer::new(it, &[], period)).collect();
            let places: HashMap<Arc<str>, usize> =
                peers.iter().enumerate().map(|(at, it)| (it.name.clone(), at)).collect();
            for network in catalogue.networks.iter() {
                for it in network.members.iter().filter(|it| it.is_in(period)) {
                    if let Some(at) = places.get(it.organisation.as_str()) {
                        peers[*at].networks.insert(network.slug.clone());
                    }
                }
            }
            for it in &mut peers {
                let wider = it.regions.iter().flat_map(|it| catalogue.region_line(it)).map(str::to_owned);
                it.regions = wider.collect();
            }
            Arc::new(peers)
        };
        kept.by_period.entry(period).or_insert_with(compute).clone()
    }

    /// The standard groups of a period with all their members, with a value or not.
    fn groups(&self, catalogue: &Arc<Catalogue>, period: PartialDate) -> Groups {
        let peers = self.peers(catalogue, period);
        let mut kept = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        kept.read_from(catalogue);
        let compute = || Arc::new(peer_group::standard_groups(&peers));
        kept.groups.entry(period).or_insert_with(compute).clone()
    }

    /// Who is in a group. What is the same for everybody is not worked out again.
    pub(super) fn members(
        &self,
        catalogue: &Arc<Catalogue>,
        period: PartialDate,
        group: &PeerGroup,
        viewer: Option<&str>,
    ) -> Members {
        let groups = self.groups(catalogue, period);
        match groups.iter().find(|it| it.0 == *group) {
            Some(known) => known.1.clone(),
            None => group.members(&self.peers(catalogue, period), viewer),
        }
    }

    /// How members share the group of an indicator in a period.
    pub(super) fn shared(&self, catalogue: &Arc<Catalogue>, indicator: &Indicator, period: PartialDate) -> Arc<Shared> {
        let mut kept = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        kept.read_from(catalogue);
        let compute = || Arc::new(Shared::new(catalogue, indicator.group, period));
        kept.shared.entry((period, indicator.group)).or_insert_with(compute).clone()
    }

    /// Notes that everybody may not see this group.
    pub(super) fn bar(&self, family: &str, period: PartialDate, group: Members) {
        let mut barred = self.barred.lock().unwrap_or_else(PoisonError::into_inner);
        if BARRED <= barred.len() {
            barred.clear();
        }
        barred.entry((family.to_owned(), period)).or_default().push(group);
    }

    /// The standard groups without those that everybody may not see.
    fn unbarred(&self, indicator: &Indicator, period: PartialDate, standard: Arc<Standard>) -> Arc<Standard> {
        let barred = self.barred.lock().unwrap_or_else(PoisonError::into_inner);
        if barred.is_empty() {
            return standard;
        }
        match barred.get(&(standard_family(indicator), period)) {
            Some(groups) if groups.iter().any(|it| standard.shows(it)) => Arc::new(standard.without(groups)),
            _ => standard,
        }
    }

    /// The standard groups as everybody sees them, with those that were shown before. Figures under embargo are in none
    /// of the present ones.
    pub(super) fn standard(
        &self,
        ground: &Ground,
        indicator: &Indicator,
        period: PartialDate,
        part: Option<&str>,
        before: &[Members],
    ) -> Arc<Standard> {
        let key = Key { indicator: indicator.slug.clone(), period, part: part.map(str::to_owned) };
        let series = ground.series(indicator);
        let mut kept = self.standards.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(&key)
            && series.shared(period).is_some_and(|it| Arc::ptr_eq(&known.of.0, it))
            && Arc::ptr_eq(&known.of.1, &ground.catalogue)
            && known.until.is_none_or(|it| ground.now < it)
            && before.iter().all(|it| known.standard.shows(it))
        {
            return self.unbarred(indicator, period, known.standard.clone());
        }
        drop(kept);
        let fresh = Arc::new(self.compute(ground, indicator, period, part, before));
        kept = self.standards.lock().unwrap_or_else(PoisonError::into_inner);
        if REMEMBERED <= kept.len() {
            kept.clear();
        }
        let hidden = series.of(period).iter().map(|it| it.visible_from).filter(|it| ground.now < *it);
        let figures = series.shared(period).cloned().unwrap_or_default();
        let of = (figures, ground.catalogue.clone());
        kept.insert(key, Kept { of, standard: fresh.clone(), until: hidden.min() });
        drop(kept);
        self.unbarred(indicator, period, fresh)
    }

    fn compute(
        &self,
        ground: &Ground,
        indicator: &Indicator,
        period: PartialDate,
        part: Option<&str>,
        before: &[Members],
    ) -> Standard {
        let series = ground.series(indicator);
        let values = Values::new(&series, indicator, period, part, None, ground.now);
        let shared = self.shared(&ground.catalogue, indicator, period);
        let counts = |it: &str| !shared.is_withheld(it) && values.of(it).is_some();
        let groups: Vec<Members> =
            self.groups(&ground.catalogue, period).iter().map(|(_, members)| members.filtered(counts)).collect();
        Standard::new(before, groups.iter(), ground.policy.members_min)
    }
}

impl Peers {
    /// Forgets what was computed from other lists.
    fn read_from(&mut self, catalogue: &Arc<Catalogue>) {
        let is_same = self.of.as_ref().is_some_and(|it| Arc::ptr_eq(it, catalogue));
        if !is_same || PERIODS < self.by_period.len() {
            *self = Peers { of: Some(catalogue.clone()), ..Peers::default() };
        }
    }
}
