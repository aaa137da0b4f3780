//! Counts per value of every facet, in one pass: what each value would give if it were chosen too.
//!
//! The counts of a facet leave out its own filter ("drill sideways"), so the other choices stay comparable. The pass
//! runs over the query without filters and applies them itself: a document that fails one filter still counts for
//! that facet, one that fails two counts for none.
//!
//! Invariant: every document carries a value at most once (see `search::document`).

use std::collections::BTreeMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::search::request::{Facet, Request};
use crate::search::schema::ORGANISATION_ROLE;

/// How many documents have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub value: String,
    pub count: u64,
}

/// All counts, and how many documents pass all filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facets {
    pub total: u64,
    /// The facets in their own order; in each the largest count first, then by value. Chosen values are always there.
    pub counts: Vec<(Facet, Vec<Count>)>,
}

/// The columns that are counted: those of the facets, and organisations with their role.
const COLUMNS: usize = Facet::ALL.len() + 1;
const ROLES: usize = Facet::ALL.len();

/// Counts one request.
#[derive(Debug)]
pub struct FacetCollector {
    /// The chosen values of each column.
    chosen: [Vec<String>; COLUMNS],
}

impl FacetCollector {
    pub fn new(request: &Request) -> FacetCollector {
        let mut chosen: [Vec<String>; COLUMNS] = Default::default();
        for (facet, values) in request.filters() {
            for value in values {
                let has_role = *facet == Facet::Organisation && value.contains(':');
                chosen[if has_role { ROLES } else { *facet as usize }].push(value.clone());
            }
        }
        FacetCollector { chosen }
    }
}

impl Collector for FacetCollector {
    type Fruit = Facets;
    type Child = SegmentCounts;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounts> {
        let mut columns = Vec::with_capacity(COLUMNS);
        for (at, chosen) in self.chosen.iter().enumerate() {
            let name = if at == ROLES { ORGANISATION_ROLE } else { Facet::ALL[at].column() };
            // Of the roles only the chosen ones are shown.
            let column = if at == ROLES && chosen.is_empty() { None } else { segment.fast_fields().str(name)? };
            columns.push(Column::of(column, chosen)?);
        }
        let organisation = Facet::Organisation as usize;
        let mut filters: Vec<(usize, Vec<usize>)> = Vec::new();
        for (at, _) in self.chosen.iter().enumerate().filter(|(_, chosen)| !chosen.is_empty()) {
            let facet = if at == ROLES { organisation } else { at };
            match filters.iter_mut().find(|(it, _)| *it == facet) {
                Some((_, columns)) => columns.push(at),
                None => filters.push((facet, vec![at])),
            }
        }
        Ok(SegmentCounts { columns, filters, total: 0 })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<(u64, Vec<Column>)>) -> tantivy::Result<Facets> {
        let mut merged: [BTreeMap<String, u64>; COLUMNS] = Default::default();
        for (at, chosen) in self.chosen.iter().enumerate() {
            merged[at].extend(chosen.iter().map(|value| (value.clone(), 0)));
        }
        let mut total = 0;
        for (passed, columns) in segments {
            total += passed;
            for (at, column) in columns.into_iter().enumerate() {
                column.each(|value, count| {
                    if let Some(sum) = merged[at].get_mut(value) {
                        *sum += count;
                    } else if at != ROLES {
                        merged[at].insert(value.to_owned(), count);
                    }
                })?;
            }
        }
        let roles = std::mem::take(&mut merged[ROLES]);
        merged[Facet::Organisation as usize].extend(roles);
        let counts = Facet::ALL.iter().zip(merged).map(|(facet, values)| {
            let mut values: Vec<Count> = values.into_iter().map(|(value, count)| Count { value, count }).collect();
            // Sorted by value already: the sort keeps that order among equals.
            values.sort_by_key(|it| std::cmp::Reverse(it.count));
            (*facet, values)
        });
        Ok(Facets { total, counts: counts.collect() })
    }
}

/// One column of one segment. Values are known by their ordinal in its dictionary.
#[derive(Debug)]
pub struct Column {
    column: Option<StrColumn>,
    counts: Vec<u32>,
    /// Per ordinal whether it was chosen; empty when nothing of this column was.
    is_chosen: Vec<bool>,
}

impl Column {
    fn of(column: Option<StrColumn>, chosen: &[String]) -> tantivy::Result<Column> {
        let terms = column.as_ref().map_or(0, |it| it.dictionary().num_terms());
        let mut is_chosen = vec![false; if chosen.is_empty() { 0 } else { terms }];
        if let Some(column) = &column {
            for value in chosen {
                if let Some(ord) = column.dictionary().term_ord(value)? {
                    is_chosen[ord as usize] = true;
                }
            }
        }
        Ok(Column { column, counts: vec![0; terms], is_chosen })
    }

    fn has_chosen(&self, doc: DocId) -> bool {
        self.column.as_ref().is_some_and(|it| it.ords().values_for_doc(doc).any(|ord| self.is_chosen[ord as usize]))
    }

    fn count(&mut self, doc: DocId) {
        if let Some(column) = &self.column {
            for ord in column.ords().values_for_doc(doc) {
                self.counts[ord as usize] += 1;
            }
        }
    }

    /// Every value that occurred, with its count.
    fn each(self, mut tell: impl FnMut(&str, u64)) -> tantivy::Result<()> {
        let Some(column) = self.column else { return Ok(()) };
        let ords: Vec<u64> = (0..self.counts.len() as u64).filter(|ord| 0 < self.counts[*ord as usize]).collect();
        let mut next = ords.iter();
        column.dictionary().sorted_ords_to_term_cb(&ords, |term| {
            if let (Ok(value), Some(ord)) = (std::str::from_utf8(term), next.next()) {
                tell(value, u64::from(self.counts[*ord as usize]));
            }
        })?;
        Ok(())
    }
}

/// The counting of one segment.
#[derive(Debug)]
pub struct SegmentCounts {
    columns: Vec<Column>,
    /// The facets with a filter, each with the columns that can meet it.
    filters: Vec<(usize, Vec<usize>)>,
    total: u64,
}

impl SegmentCollector for SegmentCounts {
    type Fruit = (u64, Vec<Column>);

    fn collect(&mut self, doc: DocId, _: Score) {
        let mut failed = None;
        for (facet, columns) in &self.filters {
            if !columns.iter().any(|at| self.columns[*at].has_chosen(doc)) {
                if failed.is_some() {
                    return;
                }
                failed = Some(*facet);
            }
        }
        match failed {
            None => {
                self.total += 1;
                self.columns.iter_mut().for_each(|it| it.count(doc));
            }
            Some(facet) => {
                self.columns[facet].count(doc);
                if facet == Facet::Organisation as usize {
                    self.columns[ROLES].count(doc);
                }
            }
        }
    }

    fn harvest(self) -> (u64, Vec<Column>) {
        (self.total, self.columns)
    }
}
