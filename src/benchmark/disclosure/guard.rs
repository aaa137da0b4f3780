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

use rustc_hash::FxHashSet;

use crate::benchmark::disclosure::blocks::{Blocks, FEW};
use crate::domain::members::Members;
use crate::domain::seen_group::SeenGroup;

/// The groups that everybody may see, for one denominator and period.
#[derive(Debug, Clone, Default)]
pub struct Standard {
    shown: Vec<Members>,
}

impl Standard {
    /// From the groups that were `shown` before, and those of now in order, most general first, each with the members
    /// that have a value. Groups under `smallest` members are left out. With many groups this takes long enough to keep
    /// the answer, which is the same for everybody.
    pub fn new<'a>(
        shown: impl IntoIterator<Item = &'a Members>,
        groups: impl IntoIterator<Item = &'a Members>,
        smallest: usize,
    ) -> Standard {
        let groups: Vec<&Members> = groups.into_iter().filter(|it| smallest.max(FEW + 1) <= it.len()).collect();
        let mut res = Standard { shown: shown.into_iter().cloned().collect() };
        res.extend(&groups);
        res
    }

    /// Takes all of these when that is safe, else the first half as far as it is, then the second.
    fn extend(&mut self, groups: &[&Members]) {
        let before = self.shown.len();
        let fresh: Vec<Members> = groups.iter().filter(|it| !self.shown.contains(it)).map(|it| (*it).clone()).collect();
        self.shown.extend(fresh);
        if is_safe_for_everybody(&self.shown) {
            return;
        }
        self.shown.truncate(before);
        if 1 < groups.len() {
            let (first, second) = groups.split_at(groups.len() / 2);
            self.extend(first);
            self.extend(second);
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

/// Whether everybody may see a group beside those that are `public`: a viewer who lays it beside what it saw must not be
/// able to work out the sum of a few.
pub fn may_be_public(group: &Members, public: &[&Members], viewer: &str, seen: &[&SeenGroup]) -> bool {
    let known = known(Some(viewer), seen.iter().map(|it| &it.named));
    let groups = seen.iter().map(|it| &it.members).chain(public.iter().copied()).chain([group]);
    !Blocks::new(&groups.collect::<Vec<_>>(), |it| known.contains(it)).isolates()
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
        let known = known(self.viewer, self.seen.iter().map(|it| &it.named));
        let is_unknown = |it: &&Arc<str>| !known.contains(&***it);
        let everything = || self.standard.shown.iter().chain(self.seen.iter().map(|it| &it.members));
        // Four that are all the others of some group are told by its own figure.
        let is_told = |few: &[&Arc<str>]| everything().any(|it| it.iter().filter(is_unknown).eq(few.iter().copied()));
        let differs_by_few = |one: &Members, other: &Members| {
            // Comparing all is only needed where the sizes are close.
            if FEW + known.len() < one.len().abs_diff(other.len()) {
                return false;
            }
            let few: Vec<&Arc<str>> = one.difference(other).into_iter().filter(is_unknown).collect();
            (1..=FEW).contains(&few.len()) && !(few.len() == FEW && is_told(&few))
        };
        let is_in_sight = |it: &&Members| !self.seen.iter().any(|seen| differs_by_few(&seen.members, it));
        self.standard.shown.iter().filter(is_in_sight).collect()
    }

    fn is_safe(&self, group: &Members, named: &Members) -> bool {
        let standard = self.standard_groups();
        let seen = self.seen.iter().map(|it| &it.members);
        let groups: Vec<&Members> = seen.chain([group]).chain(standard).collect();
        let at = self.seen.len();
        let known = known(self.viewer, self.seen.iter().map(|it| &it.named).chain([named]));
        let blocks = Blocks::new(&groups, |it| known.contains(it));
        if named.is_empty() && blocks.follows(&blocks.span(0..at), at) {
            return true;
        }
        !blocks.isolates()
    }
}

/// Whose values a viewer knows.
fn known<'a>(viewer: Option<&'a str>, named: impl Iterator<Item = &'a Members>) -> FxHashSet<&'a str> {
    viewer.into_iter().chain(named.flatten().map(|it| &**it)).collect()
}

/// Whether nobody, whoever's own value is known, can work out the sum of a few.
fn is_safe_for_everybody(shown: &[Members]) -> bool {
    !Blocks::new(&shown.iter().collect::<Vec<_>>(), |_| false).isolates_for_a_member()
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
        for (now, public, saw, named, expected) in [
            ("bcdefghijk", "", "bcdefghijk", "", true),
            ("bcdefghijkl", "", "bcdefghijk", "", false),
            ("bcdefghijkl", "", "bcdefghijk", "l", true),
            ("abcdefghijk", "", "bcdefghijk", "", true),
            ("abcdefghijkl", "", "bcdefghijk", "", false),
            ("bcdefghijklmno", "", "bcdefghijk", "", false),
            ("bcdefghijklmnop", "", "bcdefghijk", "", true),
            // Not beside the one or the other, but beside both.
            ("bcdefghijklm", "bcdefg", "hijkl", "", false),
            ("bcdefghijklm", "", "hijkl", "", true),
            ("bcdefghijklm", "bcdefg", "hijklm", "", true),
        ] {
            let saw = SeenGroup { named: group(named), ..seen(saw) };
            let public: Vec<Members> = [public].iter().filter(|it| !it.is_empty()).map(|it| group(it)).collect();
            let public: Vec<&Members> = public.iter().collect();
            assert_eq!(may_be_public(&group(now), &public, "a", &[&saw]), expected, "{now} {saw:?}");
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
    fn names_are_refused_when_a_few_would_be_left_beside_other_groups() {
        let all = group("abcdefghijklmnopqr");
        let standard = Standard::new([], [&all], 5);
        let before = [
            Arc::new(SeenGroup { named: group("bh"), ..seen("abcefghijmpq") }),
            Arc::new(SeenGroup { named: group("h"), ..seen("aceghjor") }),
            Arc::new(seen("abcdefghijklmnopqr")),
        ];
        let guard = Guard { viewer: Some("a"), standard: &standard, seen: &before };
        assert!(guard.admits_names(&all, &group("behkq")));
        assert!(!guard.admits_names(&all, &group("behknq")), "d, l, o and r would be left");
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
