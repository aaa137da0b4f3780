//! What there is to learn from what was asked: where nothing was found, where nobody followed, what is wanted most.

use chrono::NaiveDate;

use super::asked::{Asked, Counts};

/// From this many searches on the page, clicks say something.
pub const SEARCHES_MIN: u32 = 5;
/// Fewer clicks than one per this many searches are few.
pub const SEARCHES_PER_CLICK: u64 = 5;

/// One question with its filters, over all days of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub asked: Asked,
    pub counts: Counts,
    /// The first and the last day on which it was asked.
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Line {
    /// Nothing was found when it was last asked.
    pub fn is_without_hits(&self) -> bool {
        self.counts.hits == Some(0)
    }

    /// Asked often and found, yet hardly a hit was opened.
    pub fn is_rarely_followed(&self) -> bool {
        !self.is_without_hits()
            && SEARCHES_MIN <= self.counts.searches
            && self.counts.all_clicks() * SEARCHES_PER_CLICK < u64::from(self.counts.searches)
    }
}

/// What was asked in some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchReport {
    pub from: NaiveDate,
    pub until: NaiveDate,
    /// Most asked first.
    pub lines: Vec<Line>,
}

impl SearchReport {
    pub fn new(from: NaiveDate, until: NaiveDate, mut lines: Vec<Line>) -> SearchReport {
        lines.sort_by(|a, b| {
            (b.counts.all_searches().cmp(&a.counts.all_searches())).then_with(|| a.asked.cmp(&b.asked))
        });
        SearchReport { from, until, lines }
    }

    /// The first day of which something is kept.
    pub fn first(&self) -> Option<NaiveDate> {
        self.lines.iter().map(|it| it.first).min()
    }

    pub fn searches(&self) -> u64 {
        self.lines.iter().map(|it| it.counts.all_searches()).sum()
    }

    /// Questions that found nothing when they were last asked, most asked first.
    pub fn without_hits(&self) -> Vec<&Line> {
        self.lines.iter().filter(|it| it.is_without_hits()).collect()
    }

    /// Questions that found something which hardly anyone opened, most asked first.
    pub fn rarely_followed(&self) -> Vec<&Line> {
        self.lines.iter().filter(|it| it.is_rarely_followed()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn few_clicks_are_fewer_than_one_in_five() {
        for (searches, clicks, hits, is_rarely) in
            [(5, 0, 3, true), (4, 0, 3, false), (5, 0, 0, false), (5, 1, 3, false), (11, 2, 3, true), (10, 2, 3, false)]
        {
            let clicks = BTreeMap::from([(1, clicks)]);
            let counts = Counts { searches, api_searches: 50, hits: Some(hits), clicks };
            let asked = Asked::new("a", []).unwrap();
            let line = Line { asked, counts, first: NaiveDate::MIN, last: NaiveDate::MIN };
            assert_eq!(line.is_rarely_followed(), is_rarely, "{line:?}");
        }
    }
}
