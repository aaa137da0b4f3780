//! Counts per value of every facet: what each value would give if it were chosen too.
//!
//! The counts of a facet leave out its own filter ("drill sideways"), so the other choices stay comparable: a
//! document that fails one filter still counts for that facet, one that fails two counts for none.

use tantivy::DocId;

use crate::search::columns::{Columns, GROUPS, ROLES, Values};
use crate::search::request::{Facet, Request};

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

/// Which filters a document meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Hit,
    /// All but that of one facet.
    AllBut(usize),
    Miss,
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
                    res.chosen.resize(columns.values().len(), 0);
                    res.chosen[code as usize] |= bit;
                }
            }
        }
        res
    }

    pub fn verdict(&self, columns: &Columns, doc: DocId) -> Verdict {
        if self.required == 0 {
            return Verdict::Hit;
        }
        let mut met = 0;
        if !self.chosen.is_empty() {
            columns.facets(doc).iter().for_each(|code| met |= self.chosen[*code as usize]);
            if self.has_roles {
                columns.roles(doc).iter().for_each(|code| met |= self.chosen[*code as usize]);
            }
        }
        match self.required & !met {
            0 => Verdict::Hit,
            failed if failed.is_power_of_two() => Verdict::AllBut(failed.trailing_zeros() as usize),
            _ => Verdict::Miss,
        }
    }

    /// Counts a document by its verdict.
    pub fn count(&self, verdict: Verdict, columns: &Columns, doc: DocId, counts: &mut [u32]) {
        match verdict {
            Verdict::Hit => {
                columns.facets(doc).iter().for_each(|code| counts[*code as usize] += 1);
                if self.has_roles {
                    columns.roles(doc).iter().for_each(|code| counts[*code as usize] += 1);
                }
            }
            Verdict::AllBut(facet) => {
                let range = columns.group(facet);
                let of_facet = columns.facets(doc).iter().filter(|code| range.contains(code));
                of_facet.for_each(|code| counts[*code as usize] += 1);
                if self.has_roles && facet == Facet::Organisation as usize {
                    columns.roles(doc).iter().for_each(|code| counts[*code as usize] += 1);
                }
            }
            Verdict::Miss => (),
        }
    }
}

/// The counts of all facets, in their own order; in each the largest count first, then by value. No more values than
/// the request asks for, but what was chosen is always there.
pub fn counts(request: &Request, values: &Values, sums: &[u64]) -> Vec<(Facet, Vec<Count>)> {
    let mut found: [Vec<(u64, u32)>; GROUPS] = Default::default();
    for (place, (group, _)) in values.names().iter().enumerate() {
        if 0 < sums[place] {
            found[*group].push((sums[place], place as u32));
        }
    }
    let name = |place: u32| &*values.names()[place as usize].1;
    let mut res: Vec<(Facet, Vec<Count>)> = Vec::with_capacity(Facet::ALL.len());
    for facet in Facet::ALL {
        let mut places = std::mem::take(&mut found[*facet as usize]);
        // Places are in the order of the values.
        let order = |a: &(u64, u32), b: &(u64, u32)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
        let most = request.values_max();
        let mut rest = Vec::new();
        if most < places.len() {
            places.select_nth_unstable_by(most, order);
            rest = places.split_off(most);
        }
        places.sort_unstable_by(order);
        let count = |(count, place): (u64, u32)| Count { value: name(place).to_owned(), count };
        let mut counted: Vec<Count> = places.into_iter().map(count).collect();
        for value in request.values(*facet) {
            if counted.iter().any(|it| it.value == *value) {
                continue;
            }
            let from = if group(*facet, value) == ROLES { &found[ROLES] } else { &rest };
            let sum = from.iter().find(|it| name(it.1) == value).map_or(0, |it| it.0);
            let at = counted.partition_point(|it| {
                (std::cmp::Reverse(it.count), it.value.as_str()) < (std::cmp::Reverse(sum), value)
            });
            counted.insert(at, Count { value: value.clone(), count: sum });
        }
        res.push((*facet, counted));
    }
    res
}
