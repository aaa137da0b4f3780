//! Against differencing: two groups that differ by a few members give away those few.
//!
//! For a viewer the guard knows every group whose figures this viewer saw, for indicators with the same denominator
//! and periods that overlap. It refuses a group when, with all of those together and the viewer's own value, the sum
//! of one to four others could be worked out by adding and subtracting: two groups that differ by up to four members,
//! a total and a group that leaves up to four out, or any longer chain. Only the sum over a group of the smallest size,
//! shown as such, is allowed to rest on four others. A group that says nothing new is always allowed.
//!
//! Standard groups (country, network, region, …) count as always seen. They are computed on a fixed set of members per
//! period, most general first; one that would give away a few members beside the earlier ones is not shown to anyone.
//!
//! What the guard cannot stop:
//! - members who pool what they saw, or somebody with accounts at two members;
//! - knowledge from elsewhere: a published annual report gives a value, and with it one unknown less;
//! - a value that arrives or changes later: the set of members of a period must be fixed, and a correction shows as a
//!   difference between what was seen before and after;
//! - what a median says by itself: it is the rounded value of some member, and the guard does not hide whose guess
//!   may be right.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::benchmark::disclosure::span::{Span, minus, plus, probe_knowing};
use crate::domain::seen_group::SeenGroup;

/// The sum of so many others or fewer may not be worked out.
pub const FEW: usize = 4;

/// Members by name.
pub type Members = BTreeSet<String>;

/// The groups that everybody may see, for one denominator and period.
#[derive(Debug, Clone, Default)]
pub struct Standard {
    shown: Vec<Members>,
}

impl Standard {
    /// From the groups in order, most general first, each with the members that have a value. Groups under
    /// `smallest` members are left out. For a hundred members and more this takes long enough to keep the answer: it is
    /// the same for everybody, as long as the set of members of the period is fixed.
    pub fn new<'a>(groups: impl IntoIterator<Item = &'a Members>, smallest: usize) -> Standard {
        let groups: Vec<&Members> = groups.into_iter().filter(|it| smallest.max(FEW + 1) <= it.len()).collect();
        let mut res = Standard::default();
        res.extend(&groups, &columns(groups.iter().copied()));
        res
    }

    /// Takes all of these when that is safe, else the first half as far as it is, then the second.
    fn extend(&mut self, groups: &[&Members], columns: &BTreeMap<&str, usize>) {
        let before = self.shown.len();
        let fresh: Vec<Members> = groups.iter().filter(|it| !self.shown.contains(it)).map(|it| (*it).clone()).collect();
        self.shown.extend(fresh);
        if is_safe_for_everybody(&self.shown, columns) {
            return;
        }
        self.shown.truncate(before);
        if 1 < groups.len() {
            let (first, second) = groups.split_at(groups.len() / 2);
            self.extend(first, columns);
            self.extend(second, columns);
        }
    }

    pub fn shows(&self, group: &Members) -> bool {
        self.shown.contains(group)
    }
}

/// What one viewer may still see.
#[derive(Debug, Clone, Copy)]
pub struct Guard<'a> {
    /// The member that looks; `None` for somebody who did not sign in, of whom nothing is remembered.
    pub viewer: Option<&'a str>,
    pub standard: &'a Standard,
    pub seen: &'a [Arc<SeenGroup>],
}

impl Guard<'_> {
    /// Whether figures of this group may be shown; those who did not sign in get standard groups only.
    pub fn admits(&self, group: &Members) -> bool {
        match self.viewer {
            Some(_) => self.saw(group, &Members::new(), false) || self.is_safe(group, &Members::new()),
            None => self.standard.shows(group),
        }
    }

    /// Whether the values of these members may be shown by name beside the figures of the group.
    pub fn admits_names(&self, group: &Members, named: &Members) -> bool {
        self.viewer.is_some()
            && (self.saw(group, named, false) || self.is_safe(group, named) && self.are_lists_safe(None, named))
    }

    /// Whether the other single values may be shown without names, beside these with a name. Lists are matched by
    /// eye, so here every part in which the lists overlap or differ has more than a few members.
    pub fn admits_positions(&self, group: &Members, named: &Members) -> bool {
        self.viewer.is_some() && (self.saw(group, named, true) || self.are_lists_safe(Some(group), named))
    }

    /// Whether exactly this was shown before, which says nothing new. Working that out is short; all else grows with
    /// the number of members and groups.
    fn saw(&self, group: &Members, named: &Members, positions: bool) -> bool {
        let was_all =
            |it: &Arc<SeenGroup>| (it.positions || !positions) && it.members == *group && named.is_subset(&it.named);
        self.seen.iter().any(was_all)
    }

    fn are_lists_safe(&self, request: Option<&Members>, named: &Members) -> bool {
        let before = self.seen.iter().filter(|it| it.positions).map(|it| &it.members);
        let lists: Vec<&Members> = before.chain(request).collect();
        let mut parts: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
        for member in lists.iter().flat_map(|it| it.iter()).collect::<BTreeSet<_>>() {
            if !self.knows(member, named) {
                *parts.entry(lists.iter().map(|it| it.contains(member)).collect()).or_default() += 1;
            }
        }
        parts.values().all(|it| FEW < *it)
    }

    fn knows(&self, member: &str, named: &Members) -> bool {
        self.viewer == Some(member) || named.contains(member) || self.seen.iter().any(|it| it.named.contains(member))
    }

    fn is_safe(&self, group: &Members, named: &Members) -> bool {
        let seen = self.seen.iter().map(|it| &it.members);
        let groups: Vec<&Members> = self.standard.shown.iter().chain(seen.clone()).chain([group]).collect();
        let everybody: Members = groups.iter().flat_map(|it| it.iter().cloned()).collect();
        let columns = columns([&everybody]);
        let known: BTreeSet<usize> = columns.iter().filter(|it| self.knows(it.0, named)).map(|it| *it.1).collect();
        let mut span = Span::new(columns.len());
        for it in &known {
            span.add([*it]);
        }
        for it in seen {
            span.add(places(it, &columns));
        }
        if named.is_empty() && span.holds(places(group, &columns)) {
            return true;
        }
        for it in &self.standard.shown {
            span.add(places(it, &columns));
        }
        span.add(places(group, &columns));
        let sets: Vec<BTreeSet<usize>> = groups.iter().map(|it| places(it, &columns).collect()).collect();
        !isolates(&span.probe(1), &known, &sets)
    }
}

/// Whether nobody, whoever's own value is known, can work out the sum of a few.
fn is_safe_for_everybody(shown: &[Members], columns: &BTreeMap<&str, usize>) -> bool {
    let sets: Vec<BTreeSet<usize>> = shown.iter().map(|it| places(it, columns).collect()).collect();
    let mut span = Span::new(columns.len());
    for it in &sets {
        span.add(it.iter().copied());
    }
    let (g, h) = (span.probe(1), span.probe(2));
    // Members that are in the same groups see the same.
    let mut viewers: BTreeMap<Vec<bool>, usize> = BTreeMap::new();
    for at in 0..columns.len() {
        viewers.entry(sets.iter().map(|it| it.contains(&at)).collect()).or_insert(at);
    }
    !isolates(&g, &BTreeSet::new(), &sets)
        && viewers.values().all(|viewer| {
            g[*viewer] != 0 && !isolates(&probe_knowing(*viewer, &g, &h), &BTreeSet::from([*viewer]), &sets)
        })
}

/// Whether a sum or difference of one to four unknowns follows, other than the sum over one of the groups.
fn isolates(probe: &[u64], known: &BTreeSet<usize>, groups: &[BTreeSet<usize>]) -> bool {
    let direct: Vec<Vec<usize>> = groups
        .iter()
        .map(|it| it.difference(known).copied().collect::<Vec<usize>>())
        .filter(|it| it.len() == FEW)
        .collect();
    // Members that are in the same groups count together or not at all.
    let mut parts: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
    for at in (0..probe.len()).filter(|it| !known.contains(it)) {
        parts.entry(groups.iter().map(|it| it.contains(&at)).collect()).or_default().push(at);
    }
    let unknowns: Vec<usize> = parts.into_values().filter(|it| it.len() <= FEW).flatten().collect();
    let either = |it: u64| it.min(minus(0, it));
    // A sum or difference of one or two; the pair of one is itself twice.
    let mut sums: Vec<(u64, usize, usize)> = Vec::with_capacity(unknowns.len() * unknowns.len());
    for (n, &one) in unknowns.iter().enumerate() {
        sums.push((either(probe[one]), one, one));
        for &two in &unknowns[..n] {
            sums.push((either(plus(probe[one], probe[two])), two, one));
            sums.push((either(minus(probe[one], probe[two])), two, one));
        }
    }
    sums.sort_unstable();
    // Two that are equal add up to zero, or their difference does.
    sums.chunk_by(|a, b| a.0 == b.0).any(|equal| {
        equal[0].0 == 0
            || equal.iter().enumerate().any(|(n, a)| {
                equal[..n].iter().any(|b| {
                    let mut all = [a.1, a.2, b.1, b.2];
                    all.sort_unstable();
                    let is_apart = a.1 != b.1 && a.1 != b.2 && a.2 != b.1 && a.2 != b.2;
                    is_apart && !direct.iter().any(|it| *it == all)
                })
            })
    })
}

fn columns<'a>(groups: impl IntoIterator<Item = &'a Members>) -> BTreeMap<&'a str, usize> {
    let all: BTreeSet<&str> = groups.into_iter().flatten().map(String::as_str).collect();
    all.into_iter().enumerate().map(|(at, it)| (it, at)).collect()
}

fn places(group: &Members, columns: &BTreeMap<&str, usize>) -> impl Iterator<Item = usize> {
    group.iter().filter_map(|it| columns.get(it.as_str()).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(names: &str) -> Members {
        names.chars().map(String::from).collect()
    }

    fn seen(names: &str) -> SeenGroup {
        SeenGroup { members: group(names), named: Members::new(), positions: false }
    }

    fn admits(standard: &[&str], seen_before: &[&str], request: &str) -> bool {
        let groups: Vec<Members> = standard.iter().map(|it| group(it)).collect();
        let standard = Standard::new(&groups, 5);
        let seen: Vec<Arc<SeenGroup>> = seen_before.iter().map(|it| Arc::new(seen(it))).collect();
        Guard { viewer: Some("a"), standard: &standard, seen: &seen }.admits(&group(request))
    }

    #[test]
    fn groups_that_differ_by_a_few_are_refused() {
        for (standard, seen, request, expected) in [
            (&[][..], &[][..], "abcde", true),
            (&[], &["abcde"], "abcde", true),
            (&[], &["abcdefgh"], "abcdefg", false),
            (&[], &["abcdefgh"], "bcdefgh", true),
            (&[], &["abcdefghijkl"], "abcdefgh", false),
            (&[], &["abcdefghijkl"], "abcdefg", true),
            // One out, another in.
            (&[], &["abcdef"], "abcdeg", false),
            // The rest of the total has four others.
            (&["abcdefghijklmn"], &[], "abcdefghij", false),
            (&["abcdefghijklmn"], &[], "abcdefghi", true),
            // Two halves and a whole with one more: no two of them differ by a few.
            (&[], &["abcdef", "ghijkl"], "abcdefghijklm", false),
            (&[], &["abcdef", "ghijkl"], "abcdefghijkl", true),
            (&[], &["abcdef", "ghijkl"], "abcdefghijklmnopq", true),
            // The viewer does not count among those who differ.
            (&[], &["abcdefghi"], "bcdefghijklm", false),
            (&[], &["abcdefghi"], "bcdefghijklmn", true),
        ] {
            assert_eq!(admits(standard, seen, request), expected, "{standard:?} {seen:?} {request}");
        }
    }

    #[test]
    fn a_smaller_standard_group_gives_way() {
        let groups = ["abcdefghijklmnop", "abcdefghijkl", "abcdefghijk", "lmnop", "ghijk", "abc"].map(group);
        let standard = Standard::new(&groups, 5);
        // The second leaves four out. The third leaves the fourth out, which is itself a group that may be shown.
        let shown: Vec<bool> = groups.iter().map(|it| standard.shows(it)).collect();
        assert_eq!(shown, [true, false, true, true, true, false]);
        // Without that group those five are not left out: each would know the sum of the other four.
        let without = Standard::new([&groups[0], &groups[2]], 5);
        assert!(without.shows(&groups[0]) && !without.shows(&groups[2]));
        let nobody = Guard { viewer: None, standard: &standard, seen: &[] };
        assert!(nobody.admits(&groups[3]) && !nobody.admits(&groups[1]) && !nobody.admits(&group("abcdefgh")));
        assert!(!nobody.admits_names(&groups[0], &group("b")) && !nobody.admits_positions(&groups[0], &Members::new()));
    }

    #[test]
    fn a_group_that_came_late_is_seen_against_the_fixed_one() {
        // The viewer saw the country before k delivered.
        assert!(!admits(&["abcdefghijk"], &["abcdefghij"], "abcdefghijk"));
        assert!(admits(&["abcdefghijk"], &["abcdefghijk"], "abcdefghijk"));
    }

    #[test]
    fn names_count_as_known() {
        let standard = Standard::default();
        let guard = Guard { viewer: Some("a"), standard: &standard, seen: &[] };
        let request = group("abcdefg");
        assert!(guard.admits_names(&request, &group("bc")));
        assert!(!guard.admits_names(&request, &group("bcd")), "three others would be left");
        let before = [Arc::new(SeenGroup { named: group("b"), ..seen("abcdefghijkl") })];
        let guard = Guard { seen: &before, ..guard };
        assert!(guard.admits(&group("acdefg")), "b is known: five others differ");
        assert!(!guard.admits(&group("acdefgh")), "four others differ");
    }

    #[test]
    fn single_values_need_overlaps_that_are_large() {
        let standard = Standard::default();
        let before = [Arc::new(SeenGroup { positions: true, ..seen("abcdefghijkl") })];
        let guard = Guard { viewer: Some("a"), standard: &standard, seen: &before };
        assert!(guard.admits_positions(&group("abcdefghijkl"), &Members::new()));
        assert!(guard.admits_positions(&group("abcdefmnopq"), &Members::new()));
        assert!(!guard.admits_positions(&group("abcdemnopqr"), &Members::new()), "four others in both lists");
        assert!(!guard.admits_names(&group("abcdefghijkl"), &group("bcdefgh")), "four would be left in the list");
        assert!(guard.admits_names(&group("abcdefghijkl"), &group("bcdefg")));
        let guard = Guard { seen: &[], ..guard };
        assert!(guard.admits_positions(&group("abcdemnopqr"), &Members::new()));
    }
}
