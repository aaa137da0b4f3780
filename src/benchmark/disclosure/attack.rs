//! Attackers: members that keep all they were shown and calculate. None may find the value of another member, or the
//! sum or difference of two to four, unless that sum is itself the figure of a group of the smallest size.
//!
//! The attacker is stronger than a real one: it knows the denominator of everybody and gets figures without rounding.
//! It calculates by plain elimination over fractions, not with the code it attacks.

use std::sync::Arc;

use proptest::prelude::*;

use super::tests::{SHARE, member, request};
use super::*;
use crate::benchmark::disclosure::guard::Standard;

/// What one attacker knows: sums over members in parts of time, as equations.
struct Attacker {
    members: usize,
    parts: usize,
    equations: Vec<Vec<f64>>,
    /// Members whose values are known.
    known: Vec<bool>,
    /// Groups that were shown, as bits.
    groups: Vec<u32>,
}

impl Attacker {
    fn new(members: usize, parts: usize, own: usize) -> Attacker {
        let mut res =
            Attacker { members, parts, equations: Vec::new(), known: vec![false; members], groups: Vec::new() };
        res.learns(own);
        res
    }

    /// The value of a member, in each part of time.
    fn learns(&mut self, member: usize) {
        self.known[member] = true;
        for part in 0..self.parts {
            self.sees(1 << member, &[part]);
        }
    }

    /// The sum over a group in these parts of time together.
    fn sees(&mut self, group: u32, parts: &[usize]) {
        let mut row = vec![0.0; self.members * self.parts];
        for (part, at) in parts.iter().flat_map(|part| (0..self.members).map(move |at| (part, at))) {
            row[part * self.members + at] = f64::from(group >> at & 1);
        }
        self.equations.push(row);
    }

    /// Members whose sum or difference follows, in one part of time or in all together.
    fn finds(&self) -> Option<Vec<usize>> {
        let free = null_space(&self.equations, self.members * self.parts);
        let unknown: Vec<usize> = (0..self.members).filter(|it| !self.known[*it]).collect();
        let whole: Vec<usize> = (0..self.parts).collect();
        let mut times: Vec<Vec<usize>> = whole.iter().map(|it| vec![*it]).collect();
        times.push(whole);
        times.iter().find_map(|parts| {
            // Each member as its sum over these parts in all free directions, weighted to one number.
            let mut probes = vec![0.0; self.members];
            for (n, direction) in free.iter().enumerate() {
                let weight = 10.0 * ((n + 1) as f64).sin();
                for (part, at) in parts.iter().flat_map(|part| (0..self.members).map(move |at| (part, at))) {
                    probes[at] += weight * direction[part * self.members + at];
                }
            }
            let mut sums: Vec<(f64, Vec<usize>)> = vec![(0.0, Vec::new())];
            for (n, &one) in unknown.iter().enumerate() {
                sums.push((probes[one].abs(), vec![one]));
                for &two in &unknown[..n] {
                    sums.push(((probes[one] + probes[two]).abs(), vec![two, one]));
                    sums.push(((probes[one] - probes[two]).abs(), vec![two, one]));
                }
            }
            // Two that are equal give a sum or difference of all their members that is zero in every direction.
            sums.sort_by(|a, b| a.0.total_cmp(&b.0));
            let at = |direction: &[f64], member: usize| -> f64 {
                parts.iter().map(|part| direction[part * self.members + member]).sum()
            };
            // One number per member may be equal by chance: what follows is zero in each direction by itself.
            let follows = |all: &[usize]| {
                (0..1u32 << all.len().saturating_sub(1)).any(|signs| {
                    free.iter().all(|direction| {
                        let signed = all.iter().enumerate().map(|(n, member)| {
                            let is_less = 0 < n && signs >> (n - 1) & 1 == 1;
                            if is_less { -at(direction, *member) } else { at(direction, *member) }
                        });
                        signed.sum::<f64>().abs() < 1e-7
                    })
                })
            };
            sums.chunk_by(|a, b| b.0 - a.0 < 1e-7).find_map(|equal| self.apart(equal, &follows))
        })
    }

    fn apart(&self, equal: &[(f64, Vec<usize>)], follows: &dyn Fn(&[usize]) -> bool) -> Option<Vec<usize>> {
        equal.iter().enumerate().find_map(|(n, a)| {
            equal[..n].iter().find_map(|b| {
                let mut all = [a.1.as_slice(), &b.1].concat();
                all.sort_unstable();
                let is_apart = all.windows(2).all(|it| it[0] != it[1]);
                (is_apart && !self.was_shown(&all) && follows(&all)).then_some(all)
            })
        })
    }

    /// Four others that are all the unknown members of a group that was shown.
    fn was_shown(&self, taken: &[usize]) -> bool {
        let known = (0..self.members).filter(|it| self.known[*it]).fold(0, |bits, it| bits | 1 << it);
        let bits = taken.iter().fold(0, |bits, it| bits | 1u32 << it);
        taken.len() == 4 && self.groups.iter().any(|it| it & !known == bits)
    }
}

/// Vectors that all equations give zero for, by elimination.
fn null_space(equations: &[Vec<f64>], width: usize) -> Vec<Vec<f64>> {
    let mut rows = equations.to_vec();
    let mut leads = Vec::new();
    for column in 0..width {
        let from = leads.len();
        let largest = (from..rows.len()).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()));
        let Some(pivot) = largest.filter(|it| 1e-9 < rows[*it][column].abs()) else { continue };
        rows.swap(from, pivot);
        let scale = rows[from][column];
        rows[from].iter_mut().for_each(|it| *it /= scale);
        let lead = rows[from].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|it| it.0 != from && it.1[column] != 0.0) {
            let by = row[column];
            row.iter_mut().zip(&lead).for_each(|(it, lead)| *it -= by * lead);
        }
        leads.push(column);
    }
    let vector = |free: usize| {
        let mut res = vec![0.0; width];
        res[free] = 1.0;
        leads.iter().zip(&rows).for_each(|(lead, row)| res[*lead] = -row[free]);
        res
    };
    (0..width).filter(|it| !leads.contains(it)).map(vector).collect()
}

fn name(at: usize) -> String {
    format!("lid {at:02}")
}

fn group_of(bits: u32, n: usize) -> Members {
    (0..n).filter(|it| bits >> it & 1 == 1).map(name).collect()
}

/// One step of an attacker: a group, the part of time (the last is all together), whether names are asked for.
#[derive(Debug, Clone)]
struct Step {
    from: Option<usize>,
    bits: u32,
    part: usize,
    named: u32,
}

fn step() -> impl Strategy<Value = Step> {
    // Half of the groups are an earlier one with a few members in or out.
    let few = prop::collection::vec(0u32..16, 0..6).prop_map(|it| it.into_iter().fold(0, |bits, it| bits ^ (1 << it)));
    let changed = (any::<usize>(), few).prop_map(|(from, bits)| (Some(from), bits));
    let fresh = any::<u32>().prop_map(|bits| (None, bits));
    (prop_oneof![changed, fresh], any::<usize>(), any::<u32>(), any::<u32>(), any::<bool>()).prop_map(
        |((from, bits), part, some, few, asks)| Step { from, bits, part, named: if asks { some & few } else { 0 } },
    )
}

/// Plays an attack through `figures`; gives how many groups were shown and what the attacker found.
fn attack(n: usize, parts: usize, standard: &[u32], steps: &[Step], is_guarded: bool) -> (usize, Option<Vec<usize>>) {
    let all = (1u32 << n) - 1;
    let own = 0;
    let mut attacker = Attacker::new(n, parts, own);
    let sets: Vec<Members> = standard.iter().map(|it| group_of(it & all, n)).collect();
    let standard_groups = Standard::new([], &sets, 5);
    for (bits, set) in standard.iter().zip(&sets).filter(|it| standard_groups.shows(it.1)) {
        assert!(5 <= set.len());
        attacker.groups.push(bits & all);
        (0..parts).for_each(|part| attacker.sees(bits & all, &[part]));
    }
    let count = |at: usize, part: usize| (7 * at * at + 13 * part + 11 * at) as f64 % 89.0;
    let whole = |at: usize| 100.0 + (at * 37 % 53) as f64;
    let nothing = Standard::default();
    let mut seen: Vec<Arc<SeenGroup>> = Vec::new();
    let mut asked: Vec<u32> = standard.to_vec();
    let mut shown = 0;
    for step in steps {
        let base = step.from.filter(|_| !asked.is_empty()).map_or(0, |it| asked[it % asked.len()]);
        let bits = ((base ^ step.bits) & all) | 1 << own;
        asked.push(bits);
        let time: Vec<usize> = match step.part % (parts + 1) {
            it if it == parts => (0..parts).collect(),
            it => vec![it],
        };
        let sum = |at: usize| time.iter().map(|part| count(at, *part)).sum::<f64>();
        let members: Vec<Member> = (0..n)
            .filter(|at| bits >> at & 1 == 1)
            .map(|at| Member {
                sharing: if step.named >> at & 1 == 1 { Sharing::Named } else { Sharing::Anonymous },
                ..member(&name(at), sum(at), whole(at) * time.len() as f64)
            })
            .collect();
        let own_name = name(own);
        let remembered = if is_guarded { seen.as_slice() } else { &[] };
        let standard = if is_guarded { &standard_groups } else { &nothing };
        let guard = Guard { viewer: Some(&own_name), standard, seen: remembered };
        let (released, to_remember) = figures(&Request { guard, step: 0.0, ..request(&members, &standard_groups) });
        let found = released.get();
        let Some(remembered) = to_remember else {
            assert_eq!((found.median, found.reference, found.named.len()), (None, None, 0));
            continue;
        };
        shown += 1;
        attacker.groups.push(bits);
        // What is shown is indeed the sum that the equation says.
        let others: Vec<usize> = (0..n).filter(|at| *at != own && bits >> at & 1 == 1).collect();
        let total: f64 = others.iter().map(|at| sum(*at)).sum();
        let by: f64 = others.iter().map(|at| whole(*at) * time.len() as f64).sum();
        assert!((found.reference.unwrap() * by / SHARE.factor - total).abs() < 1e-6);
        attacker.sees(bits, &time);
        for at in (0..n).filter(|at| found.named.iter().any(|it| it.name == name(*at))) {
            attacker.learns(at);
        }
        seen.push(Arc::new(remembered));
    }
    (shown, attacker.finds())
}

#[test]
fn an_attacker_without_guard_finds_something() {
    let step = |bits| Step { from: None, bits, part: 0, named: 0 };
    let eight_and_seven = [step(0xff), step(0x7f)];
    let (shown, found) = attack(10, 1, &[], &eight_and_seven, false);
    assert_eq!((shown, found), (2, Some(vec![7])));
    let (shown, found) = attack(10, 1, &[], &eight_and_seven, true);
    assert_eq!((shown, found), (1, None));
    // Three groups of which no two are close: one is the sum of the other two and one member.
    let chain = [step(0x03f), step(0xfc1), step(0x1fff)];
    assert_eq!(attack(13, 1, &[], &chain, false), (3, Some(vec![12])));
    assert_eq!(attack(13, 1, &[], &chain, true), (2, None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 7_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_member_follows_from_overlapping_groups(
        n in 9usize..20,
        standard in prop::collection::vec(any::<u32>(), 0..4),
        steps in prop::collection::vec(step(), 1..8),
    ) {
        let (_, found) = attack(n, 1, &standard, &steps, true);
        prop_assert_eq!(found, None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Parts of a year that add up, or parts of a whole: one guard for all that share a denominator.
    #[test]
    fn no_member_follows_from_parts_that_add_up(
        n in 9usize..16,
        parts in 2usize..4,
        standard in prop::collection::vec(any::<u32>(), 0..3),
        steps in prop::collection::vec(step(), 2..9),
    ) {
        let (_, found) = attack(n, parts, &standard, &steps, true);
        prop_assert_eq!(found, None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Lists of single values: whoever holds several lists against each other finds no part of one to four others.
    #[test]
    fn lists_without_names_keep_members_together(requests in prop::collection::vec(any::<u32>(), 1..6)) {
        let n = 30;
        let standard = Standard::default();
        let mut seen: Vec<Arc<SeenGroup>> = Vec::new();
        let mut lists: Vec<u32> = Vec::new();
        for (at, bits) in requests.iter().enumerate() {
            // Groups of 20 or more, some of them close to each other.
            let bits = (bits | 0x000f_ffff ^ (0x3f << at)) & ((1 << n) - 1) | 1;
            let members: Vec<Member> = (0..n)
                .filter(|it| bits >> it & 1 == 1)
                .map(|it| member(&name(it), 10.0 + it as f64, 200.0))
                .collect();
            let own = name(0);
            let guard = Guard { viewer: Some(&own), standard: &standard, seen: &seen };
            let (released, to_remember) = figures(&Request { guard, ..request(&members, &standard) });
            if released.get().positions.is_some() {
                prop_assert!(20 <= members.len());
                lists.push(bits);
            }
            seen.extend(to_remember.map(Arc::new));
        }
        for cut in 1..1u32 << lists.len() {
            let in_cell = |it: &usize| lists.iter().enumerate().all(|(n, list)| list >> it & 1 == cut >> n & 1);
            let cell = (1..n).filter(in_cell).count();
            prop_assert!(cell == 0 || 5 <= cell, "{cell} others together");
        }
    }
}
