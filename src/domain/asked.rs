//! What was asked of the search, as far as it may be kept: words and filters, never a person.
//!
//! Invariant: an [`Asked`] holds no e-mail address and no long number, so no citizen service number, telephone
//! number, client number or date of birth. What has one is not cut out of it: the whole question is not kept.

use std::collections::BTreeMap;

use crate::text::slug;

/// The longest question that is kept, in characters; of a longer one the start.
pub const QUESTION_MAX: usize = 120;
/// The last place in a list of hits that is counted.
pub const RANK_MAX: u32 = 100;
/// From this many digits on, a number may point at a person.
const DIGITS_MAX: usize = 5;
/// The most room filters take, in bytes. More was not chosen by hand.
const FILTERS_MAX: usize = 500;

/// A question with its filters, in the one form in which it is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    question: String,
    filters: String,
}

impl Asked {
    /// A question as typed and filters by name and value; `None` when it has no words or may not be kept.
    pub fn new<'a>(q: &str, filters: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Asked> {
        let folded: String = slug::fold(q).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let words = folded.split_whitespace().collect::<Vec<_>>().join(" ");
        // Asked of the whole, before the end is cut off.
        if words.is_empty() || words.contains('@') || has_long_number(&words) {
            return None;
        }
        let mut filters: Vec<String> = filters.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        filters.sort();
        let filters = filters.join("&");
        let question: String = words.chars().take(QUESTION_MAX).collect();
        (filters.len() <= FILTERS_MAX).then(|| Asked { question: question.trim_end().to_owned(), filters })
    }

    /// As the store holds it.
    pub fn stored(question: String, filters: String) -> Asked {
        Asked { question, filters }
    }

    /// Folded words, one space between them.
    pub fn question(&self) -> &str {
        &self.question
    }

    /// "soort=factsheet&thema=verzuim", in the order of the alphabet; empty without filters.
    pub fn filters(&self) -> &str {
        &self.filters
    }
}

/// Whether digits that belong together are more than a number in a question needs. Single signs between them are
/// seen through ("06-12 34 56 78", "12/03/1945"); years after one another are no number ("2023-2024").
fn has_long_number(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let mut groups: Vec<String> = Vec::new();
    let mut since_digit = usize::MAX;
    for c in chars.into_iter().chain(['\n']) {
        if c.is_numeric() {
            match groups.last_mut() {
                Some(group) if since_digit == 0 => group.push(c),
                _ => groups.push(c.to_string()),
            }
            since_digit = 0;
            continue;
        }
        since_digit = since_digit.saturating_add(1);
        let is_between = !c.is_alphabetic() && c != '\n' && since_digit <= BETWEEN_MAX;
        if !is_between {
            if is_long(&groups) {
                return true;
            }
            groups.clear();
        }
    }
    false
}

/// The most signs between digits of one number: "(06) - 12".
const BETWEEN_MAX: usize = 3;

fn is_long(groups: &[String]) -> bool {
    let digits: usize = groups.iter().map(|it| it.chars().count()).sum();
    let is_year = |it: &String| it.len() == 4 && (it.starts_with("19") || it.starts_with("20"));
    DIGITS_MAX < digits && !groups.iter().all(is_year)
}

/// How often something was asked, and what was done with the answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// On the search page.
    pub searches: u32,
    /// Through the API. Apart, because no click can follow.
    pub api_searches: u32,
    /// How many documents the last search found; `None` while only clicks are known.
    pub hits: Option<u64>,
    /// How often the hit at each place was opened, from 1.
    pub clicks: BTreeMap<u32, u32>,
}

impl Counts {
    /// Adds what was counted later.
    pub fn add(&mut self, later: Counts) {
        self.searches = self.searches.saturating_add(later.searches);
        self.api_searches = self.api_searches.saturating_add(later.api_searches);
        self.hits = later.hits.or(self.hits);
        for (rank, count) in later.clicks {
            let clicks = self.clicks.entry(rank).or_default();
            *clicks = clicks.saturating_add(count);
        }
    }

    /// On the page and through the API.
    pub fn all_searches(&self) -> u64 {
        u64::from(self.searches) + u64::from(self.api_searches)
    }

    /// At all places together.
    pub fn all_clicks(&self) -> u64 {
        self.clicks.values().copied().map(u64::from).sum()
    }

    /// The highest place from which a hit was opened.
    pub fn best_rank(&self) -> Option<u32> {
        self.clicks.keys().next().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_point_at_a_person_is_not_kept() {
        for q in [
            "111222333",
            "bsn 1112.22.333",
            "bsn111222333van",
            "111 222 333",
            "111222334",
            "jan@voorbeeld.nl",
            "jan@voorbeeld",
            "tel 06-12345678",
            "tel 06 12 34 56 78",
            "(06) - 12345678",
            "+31 6 1234 5678",
            "geboren 12-03-1945",
            "12/3/1945 2024",
            "client 123456",
            "１２３４５６",
            "١٢٣٤٥٦",
            "  ",
            "",
        ] {
            assert_eq!(Asked::new(q, []), None, "{q}");
        }
        let tail = format!("{} 111222333", "a ".repeat(QUESTION_MAX));
        assert_eq!(Asked::new(&tail, []), None, "the number is behind the cut");
    }

    #[test]
    fn a_question_has_one_form() {
        for (q, kept) in [
            ("  Cliënten\tRAAD ", "clienten raad"),
            ("verzuim 2023-2024", "verzuim 2023-2024"),
            ("2022, 2023 en 2024", "2022, 2023 en 2024"),
            ("24/7 zorg", "24/7 zorg"),
            ("wlz 12345", "wlz 12345"),
            ("een 123 en twee 456", "een 123 en twee 456"),
        ] {
            assert_eq!(Asked::new(q, []).unwrap().question(), kept, "{q}");
        }
        let long = Asked::new(&"é ".repeat(500), []).unwrap();
        assert_eq!(long.question().chars().count(), QUESTION_MAX - 1);
        let asked = Asked::new("a", [("thema", "x"), ("soort", "b"), ("soort", "a")]).unwrap();
        assert_eq!(asked.filters(), "soort=a&soort=b&thema=x");
        assert_eq!(Asked::new("a", [("thema", "x".repeat(FILTERS_MAX).as_str())]), None);
    }

    #[test]
    fn later_counts_are_added() {
        let mut counts = Counts { searches: 2, hits: Some(0), ..Counts::default() };
        counts.add(Counts { clicks: BTreeMap::from([(3, 1)]), ..Counts::default() });
        counts.add(Counts { api_searches: 1, hits: Some(4), clicks: BTreeMap::from([(3, 1), (2, 1)]), searches: 0 });
        assert_eq!((counts.all_searches(), counts.hits), (3, Some(4)));
        assert_eq!((counts.all_clicks(), counts.best_rank()), (3, Some(2)));
    }
}
