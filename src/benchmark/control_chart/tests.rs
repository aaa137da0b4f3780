//! The numbers of the NHS package's own tests and vignettes, and what those packages get wrong.

use super::rules::Rule;
use super::*;
use crate::benchmark::assert_close;

fn settings() -> Settings {
    Settings { aim: Aim::Lower, target: None, screens: true, baseline: None, rebased_at: Vec::new() }
}

fn series(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|it| Some(*it)).collect()
}

fn only_limits(values: &[f64], screens: bool) -> Limits {
    chart(&series(values), &Settings { screens, ..settings() }).stretches[0].limits.unwrap()
}

#[track_caller]
fn assert_limits(found: Limits, mean: f64, low: f64, high: f64, tolerance: f64) {
    for (found, expected) in [(found.mean, mean), (found.low, low), (found.high, high)] {
        assert_close(found, expected, tolerance);
    }
}

/// `set.seed(123); rnorm(20)` of R, seven decimals.
const NORMAL: [f64; 20] = [
    -0.56047565,
    -0.23017749,
    1.55870831,
    0.07050839,
    0.12928774,
    1.71506499,
    0.46091621,
    -1.26506123,
    -0.68685285,
    -0.44566197,
    1.22408180,
    0.35981383,
    0.40077145,
    0.11068272,
    -0.55584113,
    1.78691314,
    0.49785048,
    -1.96661716,
    0.70135590,
    -0.47279141,
];

#[test]
fn limits() {
    let jumpy = [1.0, 2.0, 1.0, 2.0, 10.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0];
    assert_limits(only_limits(&jumpy, true), 1.944444, -0.715556, 4.604444, 5e-7);
    assert_limits(only_limits(&jumpy, false), 1.944444, -3.062614, 6.951503, 5e-7);
    assert_limits(only_limits(&NORMAL, true), 0.1416238, -3.01138, 3.294627, 5e-6);
    let mut outlier = NORMAL;
    outlier[14] = 10.0;
    assert_limits(only_limits(&outlier, true), 0.6694159, -2.383666, 3.722497, 5e-6);
    assert_limits(only_limits(&outlier, false), 0.6694159, -4.596625, 5.935457, 5e-6);
    let absence = [6.1, 6.4, 6.0, 6.8, 7.2, 6.9, 6.3, 6.2, 6.5, 6.7, 7.0, 7.4];
    assert_limits(only_limits(&absence, true), 6.625, 5.633545, 7.616455, 5e-7);
    let shown = only_limits(&jumpy, true).shown(Interval { low: 0.0, high: 100.0 });
    assert_limits(shown, 1.944444, 0.0, 4.604444, 5e-7);
}

#[test]
fn rules_go_by_precedence() {
    // Thirteen quiet points, a jump that is also part of a rise.
    let rise = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 9.0];
    let found = chart(&series(&rise), &Settings { baseline: Some(10), ..settings() });
    let rules: Vec<Option<Rule>> = found.points[9..].iter().map(|it| it.unwrap().signal.map(|it| it.rule)).collect();
    assert_eq!(rules[..7], [Some(Rule::Trend); 7]);
    assert_eq!(rules[7], Some(Rule::Outside));
    assert_eq!(found.variation, Variation::Worsening);
}

#[test]
fn two_jumps_to_both_sides_are_common() {
    let mut values: Vec<f64> = (0..14).map(|at| if at % 2 == 0 { 1.0 } else { -1.0 }).collect();
    values.extend([5.5, -5.5]);
    for screens in [true, false] {
        let found = chart(&series(&values), &Settings { screens, ..settings() });
        assert_eq!(found.variation, Variation::Common);
        assert!(found.points[14..].iter().all(|it| it.unwrap().signal.is_none()));
    }
}

#[test]
fn the_icon_goes_by_the_direction() {
    let mut values = vec![5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 5.0, 6.0];
    values.push(20.0);
    let band = Aim::Band { low: 4.0, high: 7.0 };
    for (aim, high, low) in [
        (Aim::Higher, Variation::Improving, Variation::Worsening),
        (Aim::Lower, Variation::Worsening, Variation::Improving),
        (Aim::Neutral, Variation::High, Variation::Low),
        (band, Variation::Worsening, Variation::Worsening),
    ] {
        for (last, expected) in [(20.0, high), (-20.0, low), (5.5, Variation::Common)] {
            values[12] = last;
            let settings = Settings { aim, baseline: Some(12), ..settings() };
            assert_eq!(chart(&series(&values), &settings).variation, expected, "{aim:?} {last}");
        }
    }
    // A fall is a fall, also where it has not yet reached the mean.
    let falling = [9.0, 9.5, 9.0, 9.5, 9.6, 9.5, 9.4, 9.3, 9.2, 9.15, 9.12];
    let found = chart(&series(&falling), &Settings { aim: Aim::Higher, baseline: Some(2), ..settings() });
    assert_eq!(found.points[10].unwrap().signal.unwrap(), Signal { rule: Rule::Trend, side: Side::Low });
    assert_eq!(found.variation, Variation::Worsening);
}

#[test]
fn targets() {
    let at = |low, high| Some(Limits { mean: 0.5 * (low + high), low, high });
    for (aim, expected) in [
        (Aim::Higher, [Assurance::Fails, Assurance::Passes, Assurance::HitOrMiss]),
        (Aim::Lower, [Assurance::Passes, Assurance::Fails, Assurance::HitOrMiss]),
        (Aim::Neutral, [Assurance::Unknown; 3]),
    ] {
        let found = [at(1.0, 3.0), at(5.0, 7.0), at(1.0, 5.0)].map(|it| assurance(it, Some(4.0), aim));
        assert_eq!(found, expected, "{aim:?}");
    }
    let band = Aim::Band { low: 2.0, high: 6.0 };
    let found = [at(3.0, 5.0), at(7.0, 9.0), at(1.0, 3.0)].map(|it| assurance(it, None, band));
    assert_eq!(found, [Assurance::Passes, Assurance::Fails, Assurance::HitOrMiss]);
    assert_eq!(assurance(None, Some(4.0), Aim::Higher), Assurance::Unknown);
}

#[test]
fn a_series_that_is_always_full_passes() {
    let settings = Settings { aim: Aim::Higher, target: Some(100.0), ..settings() };
    let found = chart(&series(&[100.0; 14]), &settings);
    assert_eq!((found.assurance, found.variation), (Assurance::Passes, Variation::Common));
    // The mean of fourteen times 0.1 is not exactly 0.1.
    let found = chart(&series(&[0.1; 14]), &settings);
    assert!(found.points.iter().all(|it| it.unwrap().signal.is_none()));
}

#[test]
fn missing_values_are_no_signal_and_break_no_run() {
    let whole = [5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 7.0, 7.5, 8.0, 8.5, 8.6, 8.8, 8.9];
    let all = chart(&series(&whole), &settings());
    let mut gapped = series(&whole);
    for at in [0, 5, 14, 22] {
        gapped.insert(at, None);
    }
    gapped.push(Some(f64::NAN));
    let found = chart(&gapped, &settings());
    assert_eq!(found.points.len(), gapped.len());
    assert!([0, 5, 14, 22, 23].iter().all(|it| found.points[*it].is_none()));
    let present: Vec<Option<Point>> = found.points.iter().copied().filter(Option::is_some).collect();
    assert_eq!((present, found.variation), (all.points, all.variation));
    assert_eq!(found.variation, Variation::Worsening);
}

#[test]
fn rebasing_splits_and_the_last_stretch_counts() {
    let mut values = vec![20.0, 21.0, 20.0, 21.0, 20.0, 21.0, 20.0, 21.0, 20.0, 21.0, 20.0, 21.0];
    values.extend([10.0, 11.0, 10.0, 11.0]);
    let settings = Settings { target: Some(15.0), rebased_at: vec![12, 12, 0, 99], ..settings() };
    let found = chart(&series(&values), &settings);
    let spans: Vec<(usize, usize, bool)> =
        found.stretches.iter().map(|it| (it.from, it.until, it.is_on_trial())).collect();
    assert_eq!(spans, [(0, 12, false), (12, 16, true)]);
    assert_eq!((found.assurance, found.variation), (Assurance::Passes, Variation::Common));
    let whole = chart(&series(&values), &Settings { rebased_at: Vec::new(), ..settings });
    assert_eq!(whole.assurance, Assurance::Fails);
}

#[test]
fn without_two_points_there_are_no_limits() {
    for values in [&[][..], &[3.0]] {
        let found = chart(&series(values), &settings());
        assert_eq!((found.variation, found.assurance), (Variation::Unknown, Assurance::Unknown));
        assert!(found.stretches.iter().all(|it| it.limits.is_none()));
    }
}
