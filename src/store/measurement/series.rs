//! All figures of one indicator in memory, period by period: what a comparison computes with.
//!
//! A period is kept apart from the others, so that a delivery copies one period and what was computed from the others
//! still holds.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, Utc};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::measurement::State;
use crate::domain::period::PartialDate;

/// One figure of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Position in [`Series::organisations`].
    pub organisation: u32,
    pub location: Option<Arc<str>>,
    pub part: Option<Arc<str>>,
    pub period: PartialDate,
    /// Version of the definition; `None` for the one in force in the period.
    pub definition: Option<Arc<str>>,
    pub state: State,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// In the unit of the indicator, as delivered; see `Measurement::derived`.
    pub value: Option<f64>,
    pub spread: Option<f64>,
    pub detractors: Option<f64>,
    /// From when others than its owner may see it.
    pub visible_from: DateTime<Utc>,
    /// Whether its owner published it itself.
    pub is_published: bool,
    /// From 1, one more with every restatement.
    pub version: i32,
}

/// The figures of one period, by organisation.
pub type Figures = Arc<Sorted>;

/// Figures by organisation, with where those of each begin.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sorted {
    figures: Vec<Figure>,
    /// By the place of an organisation; the next one tells where they end.
    begins: Vec<u32>,
}

impl Sorted {
    fn new(mut figures: Vec<Figure>) -> Sorted {
        figures.sort_by_key(|it| it.organisation);
        let places = figures.last().map_or(0, |it| it.organisation as usize + 1);
        let mut begins = vec![0; places + 1];
        for it in &figures {
            begins[it.organisation as usize + 1] += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        Sorted { figures, begins }
    }

    /// Those of one organisation, by its place.
    pub fn of(&self, place: u32) -> &[Figure] {
        let bound = |at: usize| self.begins.get(at).map(|it| *it as usize);
        let range = bound(place as usize).zip(bound(place as usize + 1));
        range.and_then(|(from, until)| self.figures.get(from..until)).unwrap_or_default()
    }
}

/// All figures of one indicator.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Slugs.
    pub organisations: Arc<Vec<String>>,
    /// Their identities.
    pub(super) ids: Arc<Vec<String>>,
    /// Positions by slug.
    places: Arc<FxHashMap<String, u32>>,
    /// Oldest first.
    periods: Vec<(PartialDate, Figures)>,
    /// From when there is a number: of each organisation that has one, and of each period. Worked out when asked for.
    begins: OnceLock<Begins>,
}

#[derive(Debug, Clone, PartialEq)]
struct Begins {
    organisations: Vec<DateTime<Utc>>,
    periods: Vec<(PartialDate, DateTime<Utc>)>,
}

impl Series {
    /// The figures of one period.
    pub fn of(&self, period: PartialDate) -> &[Figure] {
        self.shared(period).map_or(&[], |it| it.figures.as_slice())
    }

    /// The same, to keep beside what was computed from it.
    pub fn shared(&self, period: PartialDate) -> Option<&Figures> {
        self.at(period).ok().map(|at| &self.periods[at].1)
    }

    /// All figures, by period, then by organisation.
    pub fn figures(&self) -> impl DoubleEndedIterator<Item = &Figure> {
        self.periods.iter().flat_map(|it| it.1.figures.iter())
    }

    /// The figures of one organisation, by its place, per period.
    pub fn of_organisation(&self, place: u32) -> impl DoubleEndedIterator<Item = (PartialDate, &[Figure])> {
        self.periods.iter().map(move |it| (it.0, it.1.of(place))).filter(|it| !it.1.is_empty())
    }

    /// The periods there are figures of, oldest first.
    pub fn periods(&self) -> Vec<PartialDate> {
        self.periods.iter().map(|it| it.0).collect()
    }

    /// The place of an organisation in [`Series::organisations`].
    pub fn place(&self, organisation: &str) -> Option<u32> {
        self.places.get(organisation).copied()
    }

    /// How many organisations have a number that others may see at a moment, and the latest period with one.
    pub fn reach(&self, now: DateTime<Utc>) -> (usize, Option<PartialDate>) {
        let begins = self.begins.get_or_init(|| self.begins());
        let organisations = begins.organisations.iter().filter(|it| **it <= now).count();
        (organisations, begins.periods.iter().rev().find(|it| it.1 <= now).map(|it| it.0))
    }

    fn begins(&self) -> Begins {
        let mut organisations: Vec<Option<DateTime<Utc>>> = vec![None; self.organisations.len()];
        let mut periods = Vec::new();
        let earlier = |known: Option<DateTime<Utc>>, it: &Figure| {
            Some(known.map_or(it.visible_from, |known| known.min(it.visible_from)))
        };
        for (period, figures) in &self.periods {
            let mut first = None;
            for it in figures.figures.iter().filter(|it| it.state.is_value()) {
                first = earlier(first, it);
                if let Some(known) = organisations.get_mut(it.organisation as usize) {
                    *known = earlier(*known, it);
                }
            }
            periods.extend(first.map(|it| (*period, it)));
        }
        Begins { organisations: organisations.into_iter().flatten().collect(), periods }
    }

    /// How many figures there are.
    pub fn len(&self) -> usize {
        self.periods.iter().map(|it| it.1.figures.len()).sum()
    }

    /// Whether there is no figure at all.
    pub fn is_empty(&self) -> bool {
        self.periods.is_empty()
    }

    /// The place of an organisation, made when it has none.
    pub(super) fn place_of(&mut self, id: &str, slug: impl FnOnce() -> super::Result<String>) -> super::Result<u32> {
        if let Some(at) = self.ids.iter().position(|it| it == id) {
            return Ok(at as u32);
        }
        let (slug, place) = (slug()?, self.ids.len() as u32);
        Arc::make_mut(&mut self.places).insert(slug.clone(), place);
        Arc::make_mut(&mut self.organisations).push(slug);
        Arc::make_mut(&mut self.ids).push(id.to_owned());
        Ok(place)
    }

    /// Adds figures; each takes the place of the one of the same organisation, location, part and period.
    pub(super) fn put(&mut self, mut fresh: Vec<Figure>) {
        self.begins.take();
        let key = |it: &Figure| (it.organisation, it.location.clone(), it.part.clone());
        fresh.sort_by_key(|it| (order(it.period), it.organisation));
        for fresh in fresh.chunk_by(|a, b| a.period == b.period) {
            let at = match self.at(fresh[0].period) {
                Ok(at) => at,
                Err(at) => {
                    self.periods.insert(at, (fresh[0].period, Figures::default()));
                    at
                }
            };
            let replaced: FxHashSet<_> = fresh.iter().map(key).collect();
            let former = self.periods[at].1.figures.iter();
            let mut figures: Vec<Figure> = former.filter(|it| !replaced.contains(&key(it))).cloned().collect();
            figures.extend_from_slice(fresh);
            self.periods[at].1 = Arc::new(Sorted::new(figures));
        }
    }

    fn at(&self, period: PartialDate) -> Result<usize, usize> {
        self.periods.binary_search_by_key(&order(period), |it| order(it.0))
    }
}

/// What periods are ordered by.
fn order(period: PartialDate) -> (NaiveDate, NaiveDate) {
    (period.first_day(), period.last_day())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(organisation: u32, period: &str, value: f64) -> Figure {
        Figure {
            organisation,
            location: None,
            part: None,
            period: PartialDate::parse(period).unwrap(),
            definition: None,
            state: State::Reported,
            numerator: None,
            denominator: None,
            value: Some(value),
            spread: None,
            detractors: None,
            visible_from: DateTime::<Utc>::MIN_UTC,
            is_published: false,
            version: 1,
        }
    }

    fn values(series: &Series) -> Vec<(u32, f64)> {
        series.figures().map(|it| (it.organisation, it.value.unwrap())).collect()
    }

    #[test]
    fn a_delivery_touches_its_own_period_only() {
        let mut series = Series::default();
        for id in ["a", "b", "c"] {
            series.place_of(id, || Ok(id.to_uppercase())).unwrap();
        }
        series.put(vec![figure(1, "2025-K2", 3.0), figure(0, "2025-K2", 2.0), figure(0, "2025-K1", 1.0)]);
        assert_eq!(values(&series), [(0, 1.0), (0, 2.0), (1, 3.0)]);
        let before = series.clone();
        series.put(vec![figure(0, "2025-K2", 9.0), figure(2, "2025-K2", 4.0)]);
        assert_eq!(values(&series), [(0, 1.0), (0, 9.0), (1, 3.0), (2, 4.0)]);
        assert_eq!(values(&before), [(0, 1.0), (0, 2.0), (1, 3.0)], "who reads the former goes on reading it");
        let [first, second] = ["2025-K1", "2025-K2"].map(|it| PartialDate::parse(it).unwrap());
        let is_kept = |it| Arc::ptr_eq(before.shared(it).unwrap(), series.shared(it).unwrap());
        assert_eq!((is_kept(first), is_kept(second)), (true, false));
        let own: Vec<_> = series.of_organisation(0).map(|(period, it)| (period, it.len())).collect();
        assert_eq!(own, [(first, 1), (second, 1)]);
        assert_eq!(series.of_organisation(2).count(), 1);
        assert_eq!((series.place("B"), series.place("x")), (Some(1), None));
        assert_eq!(series.reach(DateTime::<Utc>::MIN_UTC), (3, Some(second)));
        let mut later = figure(2, "2025-K3", 5.0);
        later.visible_from = DateTime::<Utc>::MAX_UTC;
        series.put(vec![later]);
        assert_eq!(series.reach(DateTime::<Utc>::MIN_UTC), (3, Some(second)), "under embargo");
    }
}
