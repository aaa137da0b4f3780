//! Counts per value of every facet: what each value would give if it were chosen too.
//!
//! The counts of a facet leave out its own filter ("drill sideways"), so the other choices stay comparable: a
//! document that fails one filter still counts for that facet, one that fails two counts for none.

use tantivy::DocId;

use crate::search::columns::{Columns, ROLES, Values};
use crate::search::request::{Facet, Request};
use crate::search::tally::BATCH_MAX;

/// How many documents have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    pub value: String,
    pub count: u64,
}

/// The filters of a request, for one segment.
#[derive(Debug)]
pub struct Filters {
    /// Per code, as a bit, the facet of which it was chosen.
    chosen: Vec<u16>,
    /// The facets with a filter, as bits.
    required: u16,
    /// Whether an organisation with a role was chosen.
    has_roles: bool,
}

/// Documents that are looked at together, with room to do so that is used again.
#[derive(Debug)]
pub struct Batch {
    count: usize,
    docs: [DocId; BATCH_MAX],
    scores: [f32; BATCH_MAX],
    /// Per document the facets of which it does not meet the filter, as bits.
    failed: [u16; BATCH_MAX],
    others: [DocId; BATCH_MAX],
}

impl Default for Batch {
    fn default() -> Batch {
        Batch {
            count: 0,
            docs: [0; BATCH_MAX],
            scores: [0.0; BATCH_MAX],
            failed: [0; BATCH_MAX],
            others: [0; BATCH_MAX],
        }
    }
}

impl Batch {
    pub fn clear(&mut self) {
        self.count = 0;
    }

    /// Adds a document if it is kept; fewer than [`BATCH_MAX`] are. Which ones is not to be foreseen: all are written,
    /// and the others are written over.
    #[inline]
    pub fn push_if(&mut self, is_kept: bool, doc: DocId, score: f32) {
        debug_assert!(self.count < BATCH_MAX, "a batch is larger than there is room for");
        let at = self.count % BATCH_MAX;
        (self.docs[at], self.scores[at]) = (doc, score);
        self.count = at + usize::from(is_kept);
    }

    pub fn count(&self) -> u64 {
        self.count as u64
    }

    fn docs(&self) -> &[DocId] {
        &self.docs[..self.count]
    }

    pub fn iter(&self) -> impl Iterator<Item = (DocId, f32)> {
        self.docs().iter().copied().zip(self.scores[..self.count].iter().copied())
    }
}

/// The group of a value that was asked for.
fn group(facet: Facet, value: &str) -> usize {
    if facet == Facet::Organisation && value.contains(':') { ROLES } else { facet as usize }
}

impl Filters {
    pub fn new(request: &Request, columns: &Columns) -> Filters {
        let mut res = Filters { chosen: vec![], required: 0, has_roles: false };
        for (facet, values) in request.filters().iter().filter(|it| !it.1.is_empty()) {
            let bit = 1 << (*facet as usize);
            res.required |= bit;
            for value in values {
                let group = group(*facet, value);
                res.has_roles |= group == ROLES;
                if let Some(code) = columns.code(group, value) {
                    res.chosen.resize(columns.codes(), 0);
                    res.chosen[code as usize] |= bit;
                }
            }
        }
        res
    }

    /// Counts the documents of a batch, and keeps those that meet every filter.
    pub fn sort_out(&self, columns: &Columns, batch: &mut Batch, counts: &mut [u32]) {
        if self.required != 0 {
            self.narrow_down(columns, batch, counts);
        }
        columns.each_facet(batch.docs(), |_, code| counts[code as usize] += 1);
        if self.has_roles {
            columns.each_role(batch.docs(), |_, code| counts[code as usize] += 1);
        }
    }

    /// Keeps the documents that meet every filter; those that meet all but one are counted for that facet.
    fn narrow_down(&self, columns: &Columns, batch: &mut Batch, counts: &mut [u32]) {
        let all = batch.count;
        let Batch { docs, failed, others, .. } = batch;
        let (docs, failed) = (&docs[..all], &mut failed[..all]);
        failed.fill(self.required);
        if !self.chosen.is_empty() {
            columns.each_facet(docs, |at, code| failed[at] &= !self.chosen[code as usize]);
            if self.has_roles {
                columns.each_role(docs, |at, code| failed[at] &= !self.chosen[code as usize]);
            }
        }
        for facet in (0..Facet::ALL.len()).filter(|it| self.required & (1 << it) != 0) {
            // As in `Batch::push_if`.
            let mut some = 0;
            for (doc, failed) in docs.iter().zip(&*failed) {
                others[some] = *doc;
                some += usize::from(*failed == 1 << facet);
            }
            let others = &others[..some];
            let range = columns.group(facet);
            columns.each_facet(others, |_, code| counts[code as usize] += u32::from(range.contains(&code)));
            if self.has_roles && facet == Facet::Organisation as usize {
                columns.each_role(others, |_, code| counts[code as usize] += 1);
            }
        }
        batch.clear();
        for at in 0..all {
            batch.push_if(batch.failed[at] == 0, batch.docs[at], batch.scores[at]);
        }
    }
}

/// The count of a value and its place among all values: ordered as they are shown, the largest count first and then by
/// value, when the largest number goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Counted(u64);

impl Counted {
    /// There are fewer documents in an index than this has room for.
    fn new(count: u64, place: u32) -> Counted {
        Counted(count << 32 | u64::from(!place))
    }

    fn count(self) -> u64 {
        self.0 >> 32
    }

    fn place(self) -> u32 {
        !(self.0 as u32)
    }
}

/// What was counted of the values of a group, in their order.
fn counted(values: &Values, group: usize, sums: &[u64]) -> Vec<Counted> {
    let places = values.group(group);
    let mut res = vec![Counted(0); places.len()];
    let mut some = 0;
    // Which values have documents is not to be foreseen: all are written, and those without are written over.
    for (place, sum) in places.clone().zip(&sums[places.start as usize..places.end as usize]) {
        res[some] = Counted::new(*sum, place);
        some += usize::from(*sum != 0);
    }
    res.truncate(some);
    res
}

/// The counts of all facets, in their own order; in each the largest count first, then by value. No more values than
/// the request asks for, but what was chosen is always there.
pub fn counts(request: &Request, values: &Values, sums: &[u64]) -> Vec<(Facet, Vec<Count>)> {
    let name = |it: &Counted| &*values.names()[it.place() as usize];
    let mut res: Vec<(Facet, Vec<Count>)> = Vec::with_capacity(Facet::ALL.len());
    for facet in Facet::ALL {
        let mut all = counted(values, *facet as usize, sums);
        let most = request.values_max();
        let mut rest = Vec::new();
        let order = |a: &Counted, b: &Counted| b.cmp(a);
        if most < all.len() {
            all.select_nth_unstable_by(most, order);
            rest = all.split_off(most);
        }
        all.sort_unstable_by(order);
        let count = |it: &Counted| Count { value: name(it).to_owned(), count: it.count() };
        let mut shown: Vec<Count> = all.iter().map(count).collect();
        for value in request.values(*facet) {
            if shown.iter().any(|it| it.value == *value) {
                continue;
            }
            let of = |all: &[Counted]| all.iter().find(|it| name(it) == value).map_or(0, |it| it.count());
            let sum = match group(*facet, value) {
                ROLES => of(&counted(values, ROLES, sums)),
                _ => of(&rest),
            };
            let at = shown.partition_point(|it| {
                (std::cmp::Reverse(it.count), it.value.as_str()) < (std::cmp::Reverse(sum), value)
            });
            shown.insert(at, Count { value: value.clone(), count: sum });
        }
        res.push((*facet, shown));
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_count_goes_first_and_then_the_first_value() {
        let counted = [(7, u32::MAX), (2, 0), (7, 0), (7, 3), (u64::from(u32::MAX), 9)];
        let mut all: Vec<Counted> = counted.iter().map(|it| Counted::new(it.0, it.1)).collect();
        all.sort_by(|a, b| b.cmp(a));
        let apart: Vec<_> = all.iter().map(|it| (it.count(), it.place())).collect();
        assert_eq!(apart, [(u64::from(u32::MAX), 9), (7, 0), (7, 3), (7, u32::MAX), (2, 0)]);
    }
}
