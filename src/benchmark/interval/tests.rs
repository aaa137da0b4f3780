//! The numbers of Public Health England's test data for its own library, and edges.

use super::*;
use crate::benchmark::assert_close;
use crate::benchmark::measure::Aim;

#[track_caller]
fn assert_interval(found: Option<Interval>, low: f64, high: f64, tolerance: f64) {
    let found = found.unwrap();
    assert_close(found.low, low, tolerance);
    assert_close(found.high, high, tolerance);
}

#[test]
fn proportions() {
    for (part, whole, level, low, high) in [
        (65.0, 100.0, Level::Usual, 0.5525444329688797, 0.7363575175690247),
        (65.0, 100.0, Level::Strict, 0.4954946574070431, 0.7783540614089697),
        (1045.0, 5000.0, Level::Usual, 0.19795549880013297, 0.22049130373189027),
        (1.0, 100.0, Level::Usual, 0.0017674320641406511, 0.054486196178705294),
        (222.0, 3215.0, Level::Usual, 0.0607916903636, 0.0783395668138),
        (0.0, 20.0, Level::Usual, 0.0, 0.1611251580528194),
        (20.0, 20.0, Level::Usual, 0.8388748419471806, 1.0),
    ] {
        assert_interval(wilson(part, whole, level), low, high, 1e-12);
    }
    for (part, whole) in [(0.0, 0.0), (3.0, 2.0), (-1.0, 5.0), (f64::NAN, 5.0), (1.0, f64::NAN)] {
        assert_eq!(wilson(part, whole, Level::Usual), None, "{part}/{whole}");
    }
}

#[test]
fn counts_and_rates() {
    for (events, level, low, high, tolerance) in [
        (0.0, Level::Usual, 0.0, 3.6888794541, 5e-11),
        (1.0, Level::Usual, 0.0253178080, 5.5716433909, 5e-11),
        (5.0, Level::Usual, 1.6234863901, 11.6683320793, 5e-11),
        (65.0, Level::Usual, 50.163187710459454, 82.84913854593984, 1e-11),
        (10.0, Level::Strict, 2.916318374695686, 24.193724927880535, 1e-11),
    ] {
        assert_interval(count(events, level), low, high, tolerance);
    }
    assert_interval(rate(20.0, 100.0, 100.0, Level::Usual), 12.2114288349, 30.8898803692, 5e-11);
    assert_eq!((rate(20.0, 0.0, 100.0, Level::Usual), count(-1.0, Level::Usual)), (None, None));
}

#[test]
fn means() {
    let scores = [33.09375, 48.38596, 64.83495, 67.98475, 22.93556, 71.23587, 38.78465, 82.37927];
    let (middle, spread) = mean_and_spread(&scores).unwrap();
    assert_close(middle, 53.704345, 1e-9);
    assert_interval(mean(middle, spread, 8.0, Level::Usual), 36.168325241, 71.240364759, 5e-10);
    assert_eq!((mean_and_spread(&[7.0]), mean(7.0, 1.0, 1.0, Level::Usual)), (None, None));
}

#[test]
fn small_groups_shrink_most() {
    let members = [(8.2, 200.0), (7.4, 30.0), (9.0, 8.0)];
    let found = shrunken(&members, 4.0, 0.09);
    for (it, (weight, value)) in found.iter().zip([(0.818182, 8.173482), (0.402985, 7.790538), (0.152542, 8.198433)]) {
        assert_close(it.weight, weight, 5e-7);
        assert_close(it.value, value, 5e-7);
    }
}

/// Computed with 25 digits from the formula.
#[test]
fn net_promoter_scores() {
    for (promoters, detractors, answers, low, high) in [
        (30.0, 10.0, 50.0, 0.1618768803986297, 0.5928401007334458),
        (12.0, 0.0, 12.0, 0.5419587509227161, 1.0),
        (0.0, 12.0, 12.0, -1.0, -0.5419587509227161),
    ] {
        assert_interval(net_promoter(promoters, detractors, answers, Level::Usual), low, high, 1e-9);
    }
    for (promoters, detractors, answers) in [(0.0, 0.0, 0.0), (3.0, 3.0, 5.0), (-1.0, 0.0, 5.0)] {
        assert_eq!(net_promoter(promoters, detractors, answers, Level::Usual), None);
    }
}

#[test]
fn the_kind_decides() {
    let counted = |numerator, denominator, factor| Value::of_counts(numerator, denominator, factor).unwrap();
    let measure = |kind, factor| Measure { kind, factor, aim: Aim::Lower };
    for (kind, factor, value, expected) in [
        (IndicatorKind::Proportion, 100.0, counted(65.0, 100.0, 100.0), Some((55.254443, 73.635752))),
        (IndicatorKind::Composition, 100.0, counted(65.0, 100.0, 100.0), Some((55.254443, 73.635752))),
        (IndicatorKind::Rate, 100.0, counted(20.0, 100.0, 100.0), Some((12.211429, 30.889880))),
        (IndicatorKind::Mean, 1.0, Value { spread: Some(2.0), ..counted(80.0, 10.0, 1.0) }, Some((6.569286, 9.430714))),
        (IndicatorKind::Mean, 1.0, counted(80.0, 10.0, 1.0), None),
        (IndicatorKind::Count, 1.0, Value::bare(1.0), Some((0.025318, 5.571643))),
        (IndicatorKind::Ratio, 100.0, counted(65.0, 100.0, 100.0), None),
        (IndicatorKind::Proportion, 100.0, Value::bare(65.0), None),
        (IndicatorKind::Nps, 100.0, counted(30.0, 50.0, 100.0), None),
    ] {
        let found = of_value(&measure(kind, factor), &value, Level::Usual);
        assert_eq!(found.is_some(), expected.is_some(), "{kind:?}");
        if let Some((low, high)) = expected {
            assert_interval(found, low, high, 5e-6);
        }
    }
}
