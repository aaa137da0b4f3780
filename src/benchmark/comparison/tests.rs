//! Invented members of an invented network.

use std::sync::Arc;

use super::*;
use crate::benchmark::assert_close;
use crate::benchmark::measure::Aim;
use crate::domain::network::Sharing;

const SHARE: Measure = Measure { kind: IndicatorKind::Proportion, factor: 100.0, aim: Aim::Lower };

fn period(text: &str) -> PartialDate {
    PartialDate::parse(text).unwrap()
}

/// So many members with 20, 22, 24, … in 400; the first is the viewer.
fn slice(text: &str, n: usize) -> Slice {
    let member = |at: usize| Member {
        name: format!("lid {at:02}").into(),
        value: Value::of_counts(20.0 + 2.0 * at as f64, 400.0, 100.0),
        sharing: if at == 3 { Sharing::Named } else { Sharing::Anonymous },
    };
    let members: Vec<Member> = (0..n).map(member).collect();
    let own = members.first().and_then(|it| it.value);
    Slice { period: period(text), members, own, standard: Arc::default(), seen: Vec::new(), before: Vec::new() }
}

fn compared(slices: &[Slice], change: impl FnOnce(&mut Input)) -> Compared {
    let policy = Policy::default();
    let mut input = Input {
        measure: SHARE,
        sensitivity: Sensitivity::Ordinary,
        viewer: Some("lid 00"),
        may_rank: true,
        step: 0.1,
        today: period("2025-K4").last_day(),
        policy: &policy,
        extent: Extent::All,
        slices,
    };
    change(&mut input);
    compare(&input).unwrap()
}

#[test]
fn a_member_beside_its_group() {
    let found = compared(&[slice("2025-K1", 12)], |_| ());
    let it = found.shown.get();
    // 5 to 10.5 %; the others have 22 to 42 in 4,400.
    assert_eq!((it.members, it.period), (12, period("2025-K1")));
    assert_close(it.median.unwrap(), 7.8, 1e-9);
    assert_close(it.reference.unwrap(), 8.0, 1e-9);
    let own = it.own.unwrap();
    assert_eq!((own.value, own.outcome, own.quarter), (5.0, Outcome::Better, Some(1)));
    let rank = own.rank.unwrap();
    assert!(rank.rank == 1 && rank.of == 12 && 1 < rank.range.unwrap().1);
    let gap = own.gap_to_median.unwrap();
    assert_close(gap.value, -2.8, 1e-9);
    assert_close(gap.amount.unwrap(), -11.2, 1e-9);
    assert_eq!(it.named.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["lid 03"]);
    assert_eq!((it.positions.as_ref(), it.deciles), (None, None));
    let cells: Vec<(Cell, &str)> = it.hidden.iter().map(|it| (it.cell, it.reason.code())).collect();
    assert_eq!(cells, [(Cell::Deciles, "too_few_members"), (Cell::Positions, "too_few_members")]);
    assert_eq!(found.seen.len(), 1);
    assert_eq!(found.seen[0].1.members.len(), 12);
}

#[test]
fn the_funnel_shows_the_viewer_and_who_is_named() {
    let found = compared(&[slice("2025-K1", 12)], |_| ());
    let funnel = found.shown.get().funnel.as_ref().unwrap();
    let names: Vec<Option<&str>> = funnel.points.iter().map(|it| it.name.as_deref()).collect();
    assert_eq!(names, [None, Some("lid 03")]);
    assert_eq!(funnel.points[0].verdict, Some(Verdict::Low));
    // From a quarter of the smallest to four times the largest that is shown.
    let sizes = (funnel.curve[0].0, funnel.curve[funnel.curve.len() - 1].0);
    assert_close(sizes.0, 100.0, 1e-9);
    assert_close(sizes.1, 1600.0, 1e-6);
    let width = |at: usize| funnel.curve[at].1.usual.width();
    assert!(width(24) < width(0));
    // Outside the funnel is better or worse, and the other way round.
    assert_eq!(found.shown.get().own.unwrap().outcome, Outcome::Better);
}

#[test]
fn periods_make_bands() {
    let mut slices = [slice("2024-K3", 4), slice("2024-K4", 6), slice("2025-K1", 31)];
    slices[1].own = None;
    slices[1].members[0].value = None;
    let found = compared(&slices, |_| ());
    let bands = &found.shown.get().bands;
    let shown: Vec<[bool; 5]> = bands.iter().map(|it| it.percentiles.map(|it| it.is_some())).collect();
    assert_eq!(shown, [[false; 5], [false, false, true, false, false], [true; 5]]);
    let reasons: Vec<Option<Reason>> = bands.iter().map(|it| it.reason).collect();
    assert_eq!(reasons, [Some(Reason::TooFewMembers), None, None]);
    assert_eq!(bands.iter().map(|it| it.own).collect::<Vec<_>>(), [Some(5.0), None, Some(5.0)]);
    assert_eq!(found.seen.iter().map(|it| it.0).collect::<Vec<_>>(), [period("2024-K4"), period("2025-K1")]);
}

#[test]
fn a_refused_group_leaves_the_own_figure() {
    let found = compared(&[slice("2025-K1", 4)], |_| ());
    let it = found.shown.get();
    let own = it.own.unwrap();
    assert_eq!((own.value, own.outcome), (5.0, Outcome::CannotCompare));
    assert!(own.interval.is_some());
    assert_eq!((own.gap_to_median, own.rank, it.funnel.as_ref(), it.median), (None, None, None, None));
    assert_eq!(it.hidden, [Hidden { cell: Cell::Group, reason: Reason::TooFewMembers }]);
    assert_eq!(it.methods.len(), 2, "what is hidden, and the margin of the own figure");
    assert_eq!(found.seen, []);
}

#[test]
fn who_has_no_figure_is_told_so() {
    let mut it = slice("2025-K1", 8);
    it.own = None;
    it.members[0].value = None;
    let found = compared(&[it], |_| ());
    assert_eq!(found.shown.get().own, None);
    assert!(found.shown.get().hidden.contains(&Hidden { cell: Cell::Own, reason: Reason::NotDelivered }));
    assert!(found.shown.get().median.is_some());
}

#[test]
fn who_did_not_sign_in_sees_standard_groups_without_names() {
    let mut it = slice("2025-K1", 8);
    let names = it.members.iter().map(|it| it.name.clone()).collect();
    it.own = None;
    let refused = compared(&[it.clone()], |input| input.viewer = None);
    assert_eq!(refused.shown.get().median, None);
    it.standard = Arc::new(Standard::new([], [&names], 5));
    let found = compared(&[it], |input| input.viewer = None);
    assert!(found.shown.get().median.is_some() && found.shown.get().named.is_empty());
    // What they see is remembered too: of everybody.
    assert_eq!((found.shown.get().own, found.seen.len()), (None, 1));
}

#[test]
fn rates_and_ratios() {
    let rate = Measure { kind: IndicatorKind::Rate, factor: 1000.0, aim: Aim::Neutral };
    let mut it = slice("2025-K1", 14);
    for (at, member) in it.members.iter_mut().enumerate() {
        member.value = Value::of_counts(if at % 2 == 0 { 10.0 } else { 60.0 }, 6000.0, 1000.0);
    }
    it.own = it.members[0].value;
    let found = compared(&[it.clone()], |input| input.measure = rate);
    let own = found.shown.get().own.unwrap();
    assert_eq!((own.outcome, own.rank), (Outcome::Lower, None));
    let funnel = found.shown.get().funnel.as_ref().unwrap();
    assert!(funnel.is_widened, "members differ more than chance gives");
    assert!(found.shown.get().methods.iter().any(|it| it.text.contains("τ²")));

    // A ratio of amounts has no margin, so nothing is called better.
    let found = compared(&[it], |input| input.measure = Measure { kind: IndicatorKind::Ratio, ..rate });
    let own = found.shown.get().own.unwrap();
    assert_eq!((own.outcome, own.interval, found.shown.get().funnel.as_ref()), (Outcome::CannotCompare, None, None));
    assert!(own.gap_to_reference.unwrap().amount.is_some());
}

#[test]
fn nothing_asked_is_nothing_shown() {
    let policy = Policy::default();
    let input = Input {
        measure: SHARE,
        sensitivity: Sensitivity::Ordinary,
        viewer: None,
        may_rank: false,
        step: 0.1,
        today: period("2025-K4").last_day(),
        policy: &policy,
        extent: Extent::All,
        slices: &[],
    };
    assert_eq!(compare(&input), None);
}
