//! Each rule of the policy, on invented members.

use std::sync::Arc;

use super::*;
use crate::benchmark::assert_close;
use crate::benchmark::disclosure::guard::Standard;
use crate::benchmark::measure::Aim;
use crate::domain::indicator::IndicatorKind;

pub(super) const SHARE: Measure = Measure { kind: IndicatorKind::Proportion, factor: 100.0, aim: Aim::Lower };

const POLICY: &Policy = &Policy {
    members_min: 5,
    others_min: 4,
    median_from: 5,
    quartiles_from: 12,
    deciles_from: 30,
    positions_from: Some(20),
    dominance_max: 0.50,
    dominance_max_finance: 0.25,
    small_staff: 4.0,
    small_clients: 7.0,
    embargo_months: 3,
    whole_percents_under: 100.0,
    asks_own_value: false,
};

pub(super) fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

pub(super) fn member(name: &str, numerator: f64, denominator: f64) -> Member {
    let value = Value::of_counts(numerator, denominator, 100.0);
    Member { name: Arc::from(name), value, sharing: Sharing::Anonymous }
}

/// The first member asks, in a period that ended long ago.
pub(super) fn request<'a>(members: &'a [Member], standard: &'a Standard) -> Request<'a> {
    Request {
        members,
        extent: Extent::All,
        before: &[],
        has_own: members.first().is_some_and(|it| it.value.is_some()),
        guard: Guard { viewer: members.first().map(|it| &*it.name), standard, seen: &[] },
        measure: SHARE,
        sensitivity: Sensitivity::Ordinary,
        ended: day("2025-03-31"),
        today: day("2026-01-15"),
        may_rank: false,
        step: 0.1,
        policy: POLICY,
    }
}

/// So many members with 10, 11, 12, … in 200.
fn row(n: usize) -> Vec<Member> {
    (0..n).map(|at| member(&format!("lid {at:02}"), 10.0 + at as f64, 200.0)).collect()
}

#[track_caller]
fn refusal(request: &Request) -> Option<Reason> {
    let (released, seen) = figures(request);
    let found = released.get();
    let refused = found.hidden.iter().find(|it| it.cell == Cell::Group).map(|it| it.reason);
    assert_eq!(seen.is_none(), refused.is_some());
    if refused.is_some() {
        let bare = Figures { members: found.members, hidden: found.hidden.clone(), ..Figures::default() };
        assert_eq!(*found, bare, "something is shown of a refused group");
    }
    refused
}

#[test]
fn the_policy_of_the_tests_is_the_default() {
    assert_eq!(*POLICY, Policy::default());
}

#[test]
fn a_group_is_shown_or_refused() {
    let none = Standard::default();
    let of = |members: &[Member]| refusal(&request(members, &none));
    assert_eq!(of(&row(5)), None);
    assert_eq!(of(&row(4)), Some(Reason::TooFewMembers));
    assert_eq!(of(&[]), Some(Reason::TooFewMembers));

    let mut missing = row(6);
    missing[3].value = None;
    assert_eq!(of(&missing), None, "five of six delivered");
    missing[4].sharing = Sharing::Withheld;
    assert_eq!(of(&missing), Some(Reason::TooFewMembers));

    let mut heavy = row(6);
    heavy[3] = member("groot", 100.0, 1100.0);
    assert_eq!(of(&heavy), Some(Reason::Dominance));
    let mut own_is_heavy = row(6);
    own_is_heavy[0] = member("groot", 100.0, 1100.0);
    assert_eq!(of(&own_is_heavy), Some(Reason::Dominance));
    // Not half of all, but more than half of the others.
    let mut half = row(6);
    half[0] = member("eigen", 100.0, 900.0);
    half[3] = member("groot", 100.0, 900.0);
    assert_eq!(of(&half), Some(Reason::Dominance));
}

#[test]
fn money_is_stricter() {
    let none = Standard::default();
    let mut members = row(6);
    let money = |members: &[Member], ended: &str, today: &str| {
        let (ended, today) = (day(ended), day(today));
        refusal(&Request { sensitivity: Sensitivity::Finance, ended, today, ..request(members, &none) })
    };
    for (today, expected) in
        [("2026-03-31", Some(Reason::Embargo)), ("2025-10-01", Some(Reason::Embargo)), ("2026-04-01", None)]
    {
        assert_eq!(money(&members, "2025-12-31", today), expected, "{today}");
    }
    members[2] = member("groter", 40.0, 400.0);
    assert_eq!(money(&members, "2025-03-31", "2026-01-15"), Some(Reason::Dominance), "400 of 1,400");
    assert_eq!(refusal(&request(&members, &none)), None);
}

#[test]
fn who_did_not_deliver() {
    let none = Standard::default();
    let mut members = row(7);
    members[0].value = None;
    let asks = Policy { asks_own_value: true, ..Policy::default() };
    assert_eq!(refusal(&request(&members, &none)), None);
    assert_eq!(refusal(&Request { policy: &asks, ..request(&members, &none) }), Some(Reason::NotDelivered));
    // Five others are enough; the viewer has no quarter and no rank.
    let (released, _) = figures(&Request { may_rank: true, ..request(&members, &none) });
    assert_eq!((released.get().members, released.get().rank), (6, None));
}

#[test]
fn the_ladder() {
    let none = Standard::default();
    for (n, median, quartiles, positions, deciles) in [
        (5, true, false, false, false),
        (11, true, false, false, false),
        (12, true, true, false, false),
        (19, true, true, false, false),
        (20, true, true, true, false),
        (30, true, true, true, true),
    ] {
        let members = row(n);
        let (released, seen) = figures(&request(&members, &none));
        let found = released.get();
        let shown =
            (found.median.is_some(), found.quartiles.is_some(), found.positions.is_some(), found.deciles.is_some());
        assert_eq!(shown, (median, quartiles, positions, deciles), "{n}");
        for (cell, is_shown) in [(Cell::Quartiles, quartiles), (Cell::Positions, positions), (Cell::Deciles, deciles)] {
            let is_explained = found.hidden.contains(&Hidden { cell, reason: Reason::TooFewMembers });
            assert_eq!(is_explained, !is_shown, "{n} {cell:?}");
        }
        assert_eq!((found.quarter.is_some(), seen.unwrap().positions), (quartiles, positions));
        assert_eq!(found.positions.as_ref().map_or(0, Vec::len), if positions { n - 1 } else { 0 });
    }
    let members = row(40);
    let never = Policy { positions_from: None, ..Policy::default() };
    assert_eq!(figures(&Request { policy: &never, ..request(&members, &none) }).0.get().positions, None);
}

#[test]
fn figures_are_rounded_and_leave_the_viewer_out() {
    let none = Standard::default();
    let members = row(12);
    let (released, _) = figures(&Request { step: 0.5, may_rank: true, ..request(&members, &none) });
    let found = released.get();
    // 5 to 10.5 %; the others have 11 to 21 in 2,200.
    assert_close(found.median.unwrap(), 8.0, 1e-12);
    assert_close(found.quartiles.unwrap()[0], 6.5, 1e-12);
    assert_close(found.reference.unwrap(), 8.0, 1e-12);
    assert_eq!((found.quarter, found.rank.unwrap().rank), (Some(1), 1));
    assert_close(found.percentile.unwrap(), 11.5 / 12.0, 1e-12);

    let small: Vec<Member> = (0..6).map(|at| member(&format!("klein {at}"), 10.0 + at as f64, 90.0)).collect();
    let (released, _) = figures(&request(&small, &none));
    assert_close(released.get().median.unwrap(), 14.0, 1e-12);
    assert_close(released.get().reference.unwrap(), 14.4, 1e-9);
}

#[test]
fn a_rank_needs_consent() {
    let none = Standard::default();
    let members = row(12);
    let (released, _) = figures(&request(&members, &none));
    let found = released.get();
    assert_eq!((found.rank, found.percentile, found.quarter), (None, None, Some(1)));
    assert!(found.hidden.contains(&Hidden { cell: Cell::Rank, reason: Reason::NoConsent }));
}

#[test]
fn small_counts_are_hidden_from_others() {
    let none = Standard::default();
    let mut members = row(12);
    members[0] = member("eigen", 40.0, 100.0);
    for it in &mut members[1..] {
        *it = member(&it.name, 0.0, 100.0);
    }
    members[1] = Member { sharing: Sharing::Named, ..member("met naam", 3.0, 100.0) };
    members[2] = Member { sharing: Sharing::Named, ..member("ook met naam", 0.0, 100.0) };
    for (sensitivity, reference, names) in
        [(Sensitivity::Client, None, 1), (Sensitivity::Staff, None, 1), (Sensitivity::Ordinary, Some(0.3), 2)]
    {
        let (released, _) = figures(&Request { sensitivity, ..request(&members, &none) });
        let found = released.get();
        assert_eq!(found.reference.map(|it| (it * 10.0).round() / 10.0), reference, "{sensitivity:?}");
        assert_eq!(found.named.len(), names, "a zero is no small count: {sensitivity:?}");
    }
    // All but a few is as small as a few.
    members[1] = Member { sharing: Sharing::Named, ..member("bijna alles", 97.0, 100.0) };
    members[2].sharing = Sharing::Anonymous;
    let (released, _) = figures(&Request { sensitivity: Sensitivity::Staff, ..request(&members, &none) });
    assert!(released.get().named.is_empty());
    assert!(released.get().hidden.contains(&Hidden { cell: Cell::Names, reason: Reason::SmallCount }));

    let counts: Vec<Member> = (1..9)
        .map(|it| Member {
            name: format!("lid {it}").into(),
            value: Some(Value::bare(f64::from(it))),
            sharing: Sharing::Anonymous,
        })
        .collect();
    let measure = Measure { kind: IndicatorKind::Count, factor: 1.0, aim: Aim::Neutral };
    let (released, _) = figures(&Request { measure, sensitivity: Sensitivity::Client, ..request(&counts, &none) });
    assert_eq!((released.get().median, released.get().reference), (None, None));
}

#[test]
fn names_by_consent_and_only_for_members() {
    let none = Standard::default();
    let mut members = row(9);
    members[0].sharing = Sharing::Named;
    members[4].sharing = Sharing::Named;
    let (released, seen) = figures(&request(&members, &none));
    let names: Vec<&str> = released.get().named.iter().map(|it| it.name.as_str()).collect();
    assert_eq!((names, seen.unwrap().named.len()), (vec!["lid 04"], 1));

    // With five names only three others would be left: four are shown.
    members[1..6].iter_mut().for_each(|it| it.sharing = Sharing::Named);
    let (released, seen) = figures(&request(&members, &none));
    let names: Vec<&str> = released.get().named.iter().map(|it| it.name.as_str()).collect();
    let seen = [Arc::new(seen.unwrap())];
    assert_eq!((names, seen[0].named.len()), (vec!["lid 01", "lid 02", "lid 03", "lid 04"], 4));
    assert!(released.get().hidden.contains(&Hidden { cell: Cell::Names, reason: Reason::FewNameless }));
    // What was shown stays, whoever else is willing by then.
    members[1].sharing = Sharing::Anonymous;
    let guard = Guard { seen: &seen, ..request(&members, &none).guard };
    let (released, _) = figures(&Request { guard, ..request(&members, &none) });
    let names: Vec<&str> = released.get().named.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["lid 02", "lid 03", "lid 04"]);
    assert!(released.get().reference.is_some());

    let groups = [members.iter().map(|it| it.name.clone()).collect()];
    let standard = Standard::new([], &groups, 5);
    let guard = Guard { viewer: None, standard: &standard, seen: &[] };
    let (released, _) = figures(&Request { guard, ..request(&members, &standard) });
    assert!(released.get().median.is_some() && released.get().named.is_empty());
    assert_eq!(released.get().positions, None);
}

#[test]
fn differencing_is_refused_with_its_reason() {
    let none = Standard::default();
    let members = row(9);
    let (_, seen) = figures(&request(&members, &none));
    let seen = [Arc::new(seen.unwrap())];
    let guard = Guard { viewer: Some("lid 00"), standard: &none, seen: &seen };
    assert_eq!(refusal(&Request { guard, ..request(&members[..8], &none) }), Some(Reason::Differencing));
    assert_eq!(refusal(&Request { guard, ..request(&members, &none) }), None);
    // Who did not sign in sees standard groups only.
    let guard = Guard { viewer: None, standard: &none, seen: &[] };
    assert_eq!(refusal(&Request { guard, ..request(&members, &none) }), Some(Reason::Differencing));
}

#[test]
fn a_value_without_counts_leaves_the_median_only() {
    let none = Standard::default();
    let mut members = row(6);
    members[2].value = Some(Value::bare(7.9));
    let (released, _) = figures(&request(&members, &none));
    assert!(released.get().median.is_some());
    assert!(released.get().hidden.contains(&Hidden { cell: Cell::Reference, reason: Reason::NotDelivered }));
    members[2].value = Some(Value::bare(f64::NAN));
    assert_eq!(figures(&request(&members, &none)).0.get().members, 5);
}

#[test]
fn every_reason_has_a_code_and_a_sentence() {
    let all = [
        Reason::TooFewMembers,
        Reason::Dominance,
        Reason::SmallCount,
        Reason::Differencing,
        Reason::Embargo,
        Reason::NotDelivered,
        Reason::NoConsent,
        Reason::FewNameless,
    ];
    let codes: std::collections::BTreeSet<&str> = all.iter().map(|it| it.code()).collect();
    assert_eq!(codes.len(), all.len());
    assert!(all.iter().all(|it| it.sentence().ends_with('.')));
}
