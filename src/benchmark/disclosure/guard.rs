//! Against differencing: two groups that differ by a few members give away those few.
//!
//! For a viewer the guard knows every group whose figures this viewer saw, for indicators with the same denominator
//! and periods that overlap. It refuses a group when, with all of those together and the viewer's own value, the sum
//! of one to four others could be worked out by adding and subtracting: two groups that differ by up to four members,
//! a total and a group that leaves up to four out, or any longer chain. Only the sum over a group of the smallest size,
//! shown as such, is allowed to rest on four others. A group that says nothing new is always allowed.
//!
//! Standard groups (country, network, region, …) count as always seen, also as they were shown before to everybody;
//! of the present ones, most general first, one that would give away a few members beside all of those is not shown to
//! anyone. So the members of a group and period are fixed with the first look; who delivers later comes in when that is
//! safe, which is with six at once or more ([`Guard::cohort`]).
//!
//! What the guard cannot stop:
//! - members who pool what they saw, or somebody with accounts at two members;
//! - knowledge from elsewhere: a published annual report gives a value, and with it one unknown less;
//! - a value that is corrected later shows as a difference between what was seen before and after;
//! - what a median says by itself: it is the rounded value of some member, and the guard does not hide whose guess
//!   may be right.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::benchmark::disclosure::span::{Span, minus, plus, probe_knowing};
use crate::domain::members::Members;
use crate::domain::seen_group::SeenGroup;

/// The sum of so many others or fewer may not be worked out.
pub const FEW: usize = 4;

/// The groups that everybody may see, for one denominator and period.
#[derive(Debug, Clone, Default)]
pub struct Standard {
    shown: Vec<Members>,
}

impl Standard {
    /// From the groups that were `shown` before, and those of now in order, most general first, each with the members
    /// that have a value. Groups under `smallest` members are left out. For a hundred members and more this takes long
    /// enough to keep the answer, which is the same for everybody.
    pub fn new<'a>(
        shown: impl IntoIterator<Item = &'a Members>,
        groups: impl IntoIterator<Item = &'a Members>,
        smallest: usize,
    ) -> Standard {
        let groups: Vec<&Members> = groups.into_iter().filter(|it| smallest.max(FEW + 1) <= it.len()).collect();
        let shown: Vec<&Members> = shown.into_iter().collect();
        let mut res = Standard { shown: shown.iter().copied().cloned().collect() };
        res.extend(&groups, &columns(shown.into_iter().chain(groups.iter().copied())));
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

    /// The same without these groups.
    pub fn without(&self, groups: &[Members]) -> Standard {
        Standard { shown: self.shown.iter().filter(|it| !groups.contains(it)).cloned().collect() }
    }
}

/// Whether everybody may see a group that `viewer` could lay beside what it saw: the two do not differ by a few. Chains
/// of more groups are not looked for here; a viewer that signed in is held to those by its own guard.
pub fn may_be_public(group: &Members, viewer: &str, seen: &SeenGroup) -> bool {
    if FEW + 1 + seen.named.len() < group.len().abs_diff(seen.members.len()) {
        return true;
    }
    let differs = group.difference(&seen.members).into_iter().filter(|it| &***it != viewer && !seen.named.contains(it));
    !(1..=FEW).contains(&differs.count())
}

/// What one viewer may still see.
#[derive(Debug, Clone, Copy)]
pub struct Guard<'a> {
    /// The member that looks; `None` for somebody who did not sign in.
    pub viewer: Option<&'a str>,
    pub standard: &'a Standard,
    /// What this viewer saw, and what everybody did.
    pub seen: &'a [Arc<SeenGroup>],
}

impl Guard<'_> {
    /// Whether figures of this group may be shown; those who did not sign in get standard groups only.
    pub fn admits(&self, group: &Members) -> bool {
        match self.viewer {
            Some(_) => self.saw(group, &Members::default(), false) || self.is_safe(group, &Members::default()),
            None => self.standard.shows(group),
        }
    }

    /// Whether the values of these members may be shown by name beside the figures of the group.
    pub fn admits_names(&self, group: &Members, named: &Members) -> bool {
        self.viewer.is_some()
            && (self.saw(group, named, false) || self.is_safe(group, named) && self.are_lists_safe(None, named))
    }

    /// Whether the value of this member was shown by name beside the figures of exactly this group.
    pub fn showed_name(&self, group: &Members, name: &str) -> bool {
        self.seen.iter().any(|it| it.named.contains(name) && it.members == *group)
    }

    /// Whether the other single values may be shown without names, beside these with a name. Lists are matched by
    /// eye, so here every part in which the lists overlap or differ has more than a few members.
    pub fn admits_positions(&self, group: &Members, named: &Members) -> bool {
        self.viewer.is_some() && (self.saw(group, named, true) || self.are_lists_safe(Some(group), named))
    }

    /// The members that a standard group is computed over: those with a value, or, when these may not be shown beside
    /// what was shown `before` of it, the last of those that they were added to: that says nothing new.
    pub fn cohort<'m>(
        &self,
        present: &'m Members,
        before: impl DoubleEndedIterator<Item = &'m Members>,
    ) -> &'m Members {
        let is_former = |it: &&Members| it.len() < present.len() && it.is_subset(present);
        match before.rev().find(is_former) {
            Some(former) if !self.admits(present) => former,
            _ => present,
        }
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

    /// The standard groups that this viewer can see: not those that came later than what it saw and differ from that by
    /// a few. What is asked for now counts as unknown here, or asking would take a group out of sight.
    fn standard_groups(&self) -> Vec<&Members> {
        let nobody = Members::default();
        let is_unknown = |it: &&Arc<str>| !self.knows(it, &nobody);
        let known = 1 + self.seen.iter().map(|it| it.named.len()).sum::<usize>();
        let everything = || self.standard.shown.iter().chain(self.seen.iter().map(|it| &it.members));
        // Four that are all the others of some group are told by its own figure.
        let is_told = |few: &[&Arc<str>]| everything().any(|it| it.iter().filter(is_unknown).eq(few.iter().copied()));
        let differs_by_few = |one: &Members, other: &Members| {
            // Comparing all is only needed where the sizes are close.
            if FEW + known < one.len().abs_diff(other.len()) {
                return false;
            }
            let few: Vec<&Arc<str>> = one.difference(other).into_iter().filter(is_unknown).collect();
            (1..=FEW).contains(&few.len()) && !(few.len() == FEW && is_told(&few))
        };
        let is_in_sight = |it: &&Members| !self.seen.iter().any(|seen| differs_by_few(&seen.members, it));
        self.standard.shown.iter().filter(is_in_sight).collect()
    }

    fn is_safe(&self, group: &Members, named: &Members) -> bool {
        let seen = self.seen.iter().map(|it| &it.members);
        let standard = self.standard_groups();
        let groups: Vec<&Members> = standard.iter().copied().chain(seen.clone()).chain([group]).collect();
        let columns = columns(groups.iter().copied());
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
        for it in standard {
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
    let all: BTreeSet<&str> = groups.into_iter().flatten().map(|it| &**it).collect();
    all.into_iter().enumerate().map(|(at, it)| (it, at)).collect()
}

fn places(group: &Members, columns: &BTreeMap<&str, usize>) -> impl Iterator<Item = usize> {
    group.iter().filter_map(|it| columns.get(&**it).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(names: &str) -> Members {
        names.chars().map(String::from).collect()
    }

    fn seen(names: &str) -> SeenGroup {
        SeenGroup { members: group(names), named: Members::default(), positions: false }
    }

    fn admits(standard: &[&str], seen_before: &[&str], request: &str) -> bool {
        let groups: Vec<Members> = standard.iter().map(|it| group(it)).collect();
        let standard = Standard::new([], &groups, 5);
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
        let standard = Standard::new([], &groups, 5);
        // The second leaves four out. The third leaves the fourth out, which is itself a group that may be shown.
        let shown: Vec<bool> = groups.iter().map(|it| standard.shows(it)).collect();
        assert_eq!(shown, [true, false, true, true, true, false]);
        // Without that group those five are not left out: each would know the sum of the other four.
        let without = Standard::new([], [&groups[0], &groups[2]], 5);
        assert!(without.shows(&groups[0]) && !without.shows(&groups[2]));
        let nobody = Guard { viewer: None, standard: &standard, seen: &[] };
        assert!(nobody.admits(&groups[3]) && !nobody.admits(&groups[1]) && !nobody.admits(&group("abcdefgh")));
        assert!(
            !nobody.admits_names(&groups[0], &group("b")) && !nobody.admits_positions(&groups[0], &Members::default())
        );
    }

    #[test]
    fn a_group_that_came_late_is_seen_against_the_fixed_one() {
        // The viewer saw the country before k delivered.
        assert!(!admits(&["abcdefghijk"], &["abcdefghij"], "abcdefghijk"));
        assert!(admits(&["abcdefghijk"], &["abcdefghijk"], "abcdefghijk"));
    }

    #[test]
    fn the_members_of_a_group_are_fixed_with_the_first_look() {
        let former = group("bcdefghijk");
        for (now, before, expected, for_others) in [
            // A few late ones wait; of five, each would know the other four together.
            ("bcdefghijkl", &[&former][..], "bcdefghijk", "bcdefghijk"),
            ("bcdefghijklmno", &[&former], "bcdefghijk", "bcdefghijk"),
            ("bcdefghijklmnop", &[&former], "bcdefghijklmnop", "bcdefghijk"),
            ("bcdefghijklmnopq", &[&former], "bcdefghijklmnopq", "bcdefghijklmnopq"),
            // The viewer knows its own value.
            ("abcdefghijk", &[&former], "abcdefghijk", "bcdefghijk"),
            ("abcdefghijkl", &[&former], "bcdefghijk", "bcdefghijk"),
            // Who left is not in a group any more.
            ("bcdefghij", &[&former], "bcdefghij", "bcdefghij"),
            ("bcdefghijkl", &[], "bcdefghijkl", "bcdefghijkl"),
        ] {
            let now = group(now);
            let standard = Standard::new(before.iter().copied(), [&now], 5);
            let seen: Vec<Arc<SeenGroup>> =
                before.iter().map(|it| Arc::new(SeenGroup { members: (*it).clone(), ..seen("") })).collect();
            let guard = Guard { viewer: Some("a"), standard: &standard, seen: &seen };
            assert_eq!(*guard.cohort(&now, before.iter().copied()), group(expected), "{now:?}");
            let nobody = Guard { viewer: None, ..guard };
            assert_eq!(*nobody.cohort(&now, before.iter().copied()), group(for_others), "{now:?}");
        }
    }

    #[test]
    fn what_everybody_sees_gives_away_nothing_beside_what_one_saw() {
        for (now, saw, named, expected) in [
            ("bcdefghijk", "bcdefghijk", "", true),
            ("bcdefghijkl", "bcdefghijk", "", false),
            ("bcdefghijkl", "bcdefghijk", "l", true),
            ("abcdefghijk", "bcdefghijk", "", true),
            ("abcdefghijkl", "bcdefghijk", "", false),
            ("bcdefghijklmno", "bcdefghijk", "", false),
            ("bcdefghijklmnop", "bcdefghijk", "", true),
        ] {
            let saw = SeenGroup { named: group(named), ..seen(saw) };
            assert_eq!(may_be_public(&group(now), "a", &saw), expected, "{now} {saw:?}");
        }
    }

    #[test]
    fn a_standard_group_that_came_late_does_not_close_other_groups() {
        // The viewer saw the network before k delivered.
        let now = group("abcdefghijk");
        let standard = Standard::new([], [&now], 5);
        let before = [Arc::new(seen("abcdefghij"))];
        let guard = Guard { viewer: Some("a"), standard: &standard, seen: &before };
        assert!(!guard.admits(&now));
        assert!(guard.admits(&group("abcdelmnopqrs")), "what the viewer cannot see is not counted");
        assert!(!guard.admits(&group("abcdefghil")));
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
        assert!(guard.admits_positions(&group("abcdefghijkl"), &Members::default()));
        assert!(guard.admits_positions(&group("abcdefmnopq"), &Members::default()));
        assert!(!guard.admits_positions(&group("abcdemnopqr"), &Members::default()), "four others in both lists");
        assert!(!guard.admits_names(&group("abcdefghijkl"), &group("bcdefgh")), "four would be left in the list");
        assert!(guard.admits_names(&group("abcdefghijkl"), &group("bcdefg")));
        let guard = Guard { seen: &[], ..guard };
        assert!(guard.admits_positions(&group("abcdemnopqr"), &Members::default()));
    }
}
