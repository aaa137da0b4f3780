//! What counts for the order of hits beside the text: how complete a document is, how recent, and whether somebody still
//! stands by it. Each moves a score by at most a tenth, so that the text always decides first.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tantivy::DocId;

use crate::search::columns::Columns;

/// The most that one signal takes off a score.
const MOST: f32 = 0.1;
/// After so many years a document loses no more.
const OLD: f32 = 10.0;
/// A document without a time of its own counts as this old, in years.
const UNKNOWN: f32 = 5.0;

/// What is left of the score of a document that nobody confirmed in time.
pub const UNCONFIRMED: f32 = 1.0 - MOST;

/// Whether a document was to be confirmed before a day; days as 20161231, 0 when it has no such day.
pub fn is_unconfirmed(review_by: u32, today: u32) -> bool {
    (1..today).contains(&review_by)
}

/// What a search needs to know of every hit, beside the values it is counted by: in few bytes, for it waits for them.
#[derive(Debug, Clone, Copy)]
struct Standing {
    /// The set of its readers, by number; [`MANY`] when the number is larger.
    readers: u16,
    /// The place of its factor among all.
    factor: u16,
}

/// The number of a set of readers has to be looked up elsewhere.
const MANY: u16 = u16::MAX;

/// What a search needs to know of the documents of a segment on one day.
#[derive(Debug)]
pub struct Standings {
    all: Vec<Standing>,
    /// What scores are multiplied by.
    factors: Vec<f32>,
}

impl Standings {
    /// `newest` is the latest day of the library; days as 20161231.
    fn of(columns: &Columns, newest: u64, day: u32) -> Standings {
        let mut places: HashMap<u32, u16> = HashMap::new();
        let mut factors = Vec::new();
        let mut of = |doc: DocId| {
            let mut signals = Signals::new(columns.completeness(doc), columns.recency(doc), newest);
            if is_unconfirmed(columns.review_by(doc), day) {
                signals = signals.unconfirmed();
            }
            let factor = signals.factor();
            let place = *places.entry(factor.to_bits()).or_insert_with(|| {
                // One for each of 101 percentages and eleven ages at most, twice: there is room.
                factors.push(factor);
                factors.len() as u16 - 1
            });
            Standing { readers: u16::try_from(columns.readers(doc)).unwrap_or(MANY), factor: place }
        };
        let all = (0..columns.documents()).map(&mut of).collect();
        Standings { all, factors }
    }

    /// The set of readers of a document; see [`Columns::open_to`].
    #[inline]
    pub fn readers(&self, doc: DocId, columns: &Columns) -> usize {
        match self.all[doc as usize].readers {
            MANY => columns.readers(doc),
            number => usize::from(number),
        }
    }

    /// What the score of a document is multiplied by.
    #[inline]
    pub fn factor(&self, doc: DocId) -> f32 {
        self.factors[usize::from(self.all[doc as usize].factor)]
    }
}

/// The standings of all segments, made for the day that is asked for: nearly always the same, or none.
#[derive(Debug, Default)]
pub struct Daily {
    /// When the day does not count.
    plain: OnceLock<Arc<[Standings]>>,
    made: RwLock<Option<(u32, Arc<[Standings]>)>>,
}

impl Daily {
    /// By segment. `newest` is the latest day of the library; days as 20161231, 0 when it does not count.
    pub fn on(&self, day: u32, columns: &[Arc<Columns>], newest: u64) -> Arc<[Standings]> {
        let make = || columns.iter().map(|it| Standings::of(it, newest, day)).collect();
        if day == 0 {
            return self.plain.get_or_init(make).clone();
        }
        let known =
            |made: &Option<(u32, Arc<[Standings]>)>| made.as_ref().filter(|it| it.0 == day).map(|it| it.1.clone());
        if let Some(made) = known(&self.made.read().unwrap_or_else(PoisonError::into_inner)) {
            return made;
        }
        // Whoever comes at the same time waits, instead of making the same.
        let mut kept = self.made.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known(&kept) {
            return made;
        }
        let made: Arc<[Standings]> = make();
        *kept = Some((day, made.clone()));
        made
    }

    /// The day that was asked for last, of those that count.
    pub fn day(&self) -> Option<u32> {
        self.made.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(|it| it.0)
    }
}

/// What a score is multiplied by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signals {
    /// 0.9 for an empty document to 1 for one with every field filled.
    pub completeness: f32,
    /// 1 for the newest year in the library, 0.9 for ten years earlier or more.
    pub freshness: f32,
    /// 0.9 when the day to confirm it by has passed, else 1.
    pub confirmation: f32,
}

impl Signals {
    /// From the completeness in percent, and days as 20161231: that of the document (0 when unknown) and the latest
    /// of the library.
    pub fn new(completeness: u64, recency: u64, newest: u64) -> Signals {
        let share = completeness.min(100) as f32 / 100.0;
        let age = if recency == 0 { UNKNOWN } else { (newest / 10_000).saturating_sub(recency / 10_000) as f32 };
        Signals {
            completeness: 1.0 - MOST * (1.0 - share),
            freshness: 1.0 - MOST * age.min(OLD) / OLD,
            confirmation: 1.0,
        }
    }

    /// The same on the day of a question: nobody confirmed it in time.
    pub fn unconfirmed(self) -> Signals {
        Signals { confirmation: UNCONFIRMED, ..self }
    }

    pub fn factor(self) -> f32 {
        self.completeness * self.freshness * self.confirmation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::tests::{filled, library};

    #[test]
    fn signals_are_mild() {
        assert_eq!(Signals::new(100, 20_261_231, 20_260_101).factor(), 1.0);
        for (completeness, recency, expected) in
            [(0, 20_260_101, 0.9), (100, 20_160_101, 0.9), (100, 19_800_101, 0.9), (100, 0, 0.95)]
        {
            assert!((Signals::new(completeness, recency, 20_260_101).factor() - expected).abs() < 1e-6);
        }
        let signals = Signals::new(100, 20_260_101, 20_260_101);
        assert!((signals.unconfirmed().factor() - 0.9).abs() < 1e-6);
    }

    #[test]
    fn standings_are_those_of_each_document_on_a_day() {
        let mut records = library();
        records[0].common.review_by = chrono::NaiveDate::from_ymd_opt(2026, 3, 1);
        let (_folder, search) = filled(&records);
        let view = search.view();
        let (mut seen, mut unconfirmed) = (0, 0);
        assert_eq!(view.standings.day(), None);
        // Back and forth: what was made for one day is not taken for another.
        for day in [20_260_301, 20_260_302, 20_260_301, 0] {
            let made = view.standings.on(day, &view.columns, 20_261_231);
            // Who asks without a day does not have it made anew for those who ask with one.
            assert_eq!(view.standings.day(), Some(if day == 0 { 20_260_301 } else { day }));
            assert!(Arc::ptr_eq(&made, &view.standings.on(day, &view.columns, 20_261_231)));
            for ((_, columns), standings) in view.segments().zip(&*made) {
                for doc in 0..columns.documents() {
                    let signals = Signals::new(columns.completeness(doc), columns.recency(doc), 20_261_231);
                    let is_late = is_unconfirmed(columns.review_by(doc), day);
                    let expected = if is_late { signals.unconfirmed() } else { signals };
                    assert_eq!(standings.readers(doc, columns), columns.readers(doc));
                    assert_eq!(standings.factor(doc), expected.factor());
                    (seen, unconfirmed) = (seen + 1, unconfirmed + usize::from(is_late));
                }
            }
        }
        assert_eq!((seen, unconfirmed), (4 * library().len(), 1));
    }
}
