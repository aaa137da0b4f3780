//! What is asked of the search: words, filters, order, page. All within limits, so that no request costs much.
//!
//! Invariant: a [`Request`] keeps every limit below; what goes over is cut, never an error.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::vocabulary::vocabulary;
use crate::search::document::day_number;
use crate::search::question::Reading;

/// The longest question, in characters.
pub const Q_MAX: usize = 256;
/// The most words a question is searched by; the rest is dropped.
pub const TERMS_MAX: usize = 16;
/// The most values per facet.
pub const VALUES_MAX: usize = 40;
/// The most values of a facet that are counted out, beside those that were chosen, unless more are asked for.
pub const COUNTED_MAX: usize = 60;
/// The most names that can be kept from being looked for along.
pub const WITHOUT_MAX: usize = 20;
/// The most hits on a page.
pub const PER_PAGE_MAX: u32 = 100;
/// The last hit that can be paged to.
pub const REACH: u32 = 10_000;

/// Longer than any slug with a role behind it, in bytes: no value of a facet can be.
const VALUE_LENGTH: usize = 160;

vocabulary! {
    /// What hits can be narrowed down by: OR between the values of one, AND between them.
    Facet {
        Kind = "soort" "Soort",
        Theme = "thema" "Thema",
        Organisation = "organisatie" "Organisatie",
        Region = "regio" "Regio",
        Sector = "sector" "Sector",
        Programme = "programma" "Programma",
        Phase = "fase" "Fase",
        BuildingBlock = "bouwsteen" "Bouwsteen",
        Year = "jaar" "Jaar",
    }
}

impl Facet {
    /// The name of its field in the index.
    pub fn column(self) -> &'static str {
        match self {
            Facet::Kind => "kind",
            Facet::Theme => "theme",
            Facet::Organisation => "organisation",
            Facet::Region => "region",
            Facet::Sector => "sector",
            Facet::Programme => "programme",
            Facet::Phase => "phase",
            Facet::BuildingBlock => "building_block",
            Facet::Year => "year",
        }
    }
}

vocabulary! {
    /// The order of the hits.
    Sort, silent {
        Relevance = "relevantie" "Relevantie",
        Newest = "nieuwste" "Nieuwste eerst",
        Title = "titel" "Titel",
    }
}

/// One question to the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    q: String,
    filters: BTreeMap<Facet, Vec<String>>,
    sort: Sort,
    page: u32,
    per_page: u32,
    reading: Reading,
    values_max: usize,
    /// The day it is asked, as 20161231; 0 when that does not count.
    day: u32,
}

impl Request {
    /// A question as typed; empty asks for everything. First page, ten hits, by relevance.
    pub fn new(q: &str) -> Request {
        let q: String = q.chars().map(|c| if c.is_control() { ' ' } else { c }).take(Q_MAX).collect();
        Request {
            q: q.trim().to_owned(),
            filters: BTreeMap::new(),
            sort: Sort::Relevance,
            page: 1,
            per_page: 10,
            reading: Reading::default(),
            values_max: COUNTED_MAX,
            day: 0,
        }
    }

    /// Asked on this day: what should have been confirmed before it sinks a little.
    pub fn on(mut self, today: NaiveDate) -> Request {
        self.day = day_number(today);
        self
    }

    pub fn day(&self) -> u32 {
        self.day
    }

    /// Not to look along for a name the lexicon would add.
    pub fn without(mut self, name: &str) -> Request {
        if self.reading.without.len() < WITHOUT_MAX {
            self.reading.without.push(name.chars().take(Q_MAX).collect());
        }
        self
    }

    /// Only the words as typed: nothing corrected, nothing looked for along.
    pub fn literally(mut self, is_literal: bool) -> Request {
        self.reading.is_literal = is_literal;
        self
    }

    /// With every value of every facet counted out.
    pub fn all_values(mut self) -> Request {
        self.values_max = usize::MAX;
        self
    }

    /// Only hits with this value, or another value of the same facet that was asked for.
    /// An organisation can be narrowed to a role: "slug:trekker".
    pub fn filter(mut self, facet: Facet, value: &str) -> Request {
        if !value.is_empty() && value.len() <= VALUE_LENGTH {
            let values = self.filters.entry(facet).or_default();
            if values.len() < VALUES_MAX && !values.iter().any(|it| it == value) {
                values.push(value.to_owned());
            }
        }
        self
    }

    pub fn sorted(mut self, sort: Sort) -> Request {
        self.sort = sort;
        self
    }

    /// The page, from 1, and how many hits are on one.
    pub fn paged(mut self, page: u32, per_page: u32) -> Request {
        self.per_page = per_page.clamp(1, PER_PAGE_MAX);
        self.page = page.clamp(1, REACH / self.per_page);
        self
    }

    pub fn q(&self) -> &str {
        &self.q
    }

    pub fn filters(&self) -> &BTreeMap<Facet, Vec<String>> {
        &self.filters
    }

    /// The values asked for of one facet.
    pub fn values(&self, facet: Facet) -> &[String] {
        self.filters.get(&facet).map_or(&[], Vec::as_slice)
    }

    pub fn sort(&self) -> Sort {
        self.sort
    }

    pub fn page(&self) -> u32 {
        self.page
    }

    pub fn per_page(&self) -> u32 {
        self.per_page
    }

    /// How the question is to be read.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// How many values of a facet are counted out.
    pub fn values_max(&self) -> usize {
        self.values_max
    }

    /// How many hits come before this page.
    pub fn offset(&self) -> usize {
        (self.page - 1) as usize * self.per_page as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold() {
        let long = Request::new(&"é".repeat(10_000));
        assert_eq!(long.q().chars().count(), Q_MAX);
        assert_eq!(Request::new(" a\0b\nc ").q(), "a b c");
        for (page, per_page, kept) in [
            (0, 0, (1, 1)),
            (3, 20, (3, 20)),
            (u32::MAX, 1_000, (100, 100)),
            (5_000, 30, (333, 30)),
            (u32::MAX, 1, (10_000, 1)),
        ] {
            let request = Request::new("").paged(page, per_page);
            assert_eq!((request.page(), request.per_page()), kept);
            assert!(request.page() * request.per_page() <= REACH);
        }
        let mut request = Request::new("");
        for n in 0..90 {
            request = request.filter(Facet::Year, &format!("{}", 2000 + n % 60));
        }
        assert_eq!(request.values(Facet::Year).len(), VALUES_MAX);
        assert_eq!(request.filter(Facet::Kind, &"x".repeat(5_000)).values(Facet::Kind), [] as [String; 0]);
    }

    #[test]
    fn facets_have_their_dutch_words() {
        let words: Vec<&str> = Facet::ALL.iter().map(|it| it.word()).collect();
        assert_eq!(words.join(" "), "soort thema organisatie regio sector programma fase bouwsteen jaar");
    }
}
