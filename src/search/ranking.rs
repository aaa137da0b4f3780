//! What counts for the order of hits beside the text: how complete a document is, how recent, and whether somebody still
//! stands by it. Each moves a score by at most a tenth, so that the text always decides first.

use std::collections::HashMap;

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
    /// The place of its factor among all, and [`REVIEWED`].
    factor: u16,
}

/// The number of a set of readers has to be looked up elsewhere.
const MANY: u16 = u16::MAX;
/// There is a day to confirm it by.
const REVIEWED: u16 = 1 << 15;

/// What a search needs to know of the documents of a segment.
#[derive(Debug)]
pub struct Standings {
    all: Vec<Standing>,
    /// What scores are multiplied by, on a day before a document was to be confirmed.
    factors: Vec<f32>,
}

impl Standings {
    /// `newest` is the latest day of the library, as 20161231.
    pub fn of(columns: &Columns, newest: u64) -> Standings {
        let mut places: HashMap<u32, u16> = HashMap::new();
        let mut factors = Vec::new();
        let mut of = |doc: DocId| {
            let factor = Signals::new(columns.completeness(doc), columns.recency(doc), newest).factor();
            let place = *places.entry(factor.to_bits()).or_insert_with(|| {
                // One for each of 101 percentages and eleven ages at most: far below `REVIEWED`.
                factors.push(factor);
                factors.len() as u16 - 1
            });
            let reviewed = if columns.review_by(doc) == 0 { 0 } else { REVIEWED };
            Standing { readers: u16::try_from(columns.readers(doc)).unwrap_or(MANY), factor: place | reviewed }
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

    /// What the score of a document is multiplied by on a day, as 20161231.
    #[inline]
    pub fn factor(&self, doc: DocId, columns: &Columns, day: u32) -> f32 {
        let place = self.all[doc as usize].factor;
        let factor = self.factors[usize::from(place & !REVIEWED)];
        let is_unconfirmed = REVIEWED <= place && is_unconfirmed(columns.review_by(doc), day);
        factor * if is_unconfirmed { UNCONFIRMED } else { 1.0 }
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
    fn standings_are_those_of_each_document() {
        let (_folder, search) = filled(&library());
        let view = search.view();
        let mut seen = 0;
        for (_, columns) in view.segments() {
            let standings = Standings::of(columns, 20_261_231);
            for doc in 0..columns.documents() {
                let signals = Signals::new(columns.completeness(doc), columns.recency(doc), 20_261_231);
                assert_eq!(standings.readers(doc, columns), columns.readers(doc));
                assert_eq!(standings.factor(doc, columns, 20_261_231), signals.factor());
                seen += 1;
            }
        }
        assert_eq!(seen, library().len());
    }
}
