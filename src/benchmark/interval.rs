//! How sure a value is: the interval that holds the underlying value with 95 % or 99.8 % confidence.
//!
//! These intervals see chance only: who falls ill this quarter. They do not see that figures of one organisation
//! hang together; hours and days that come in spells make a proportion look surer than it is.

use crate::benchmark::distribution::{Level, chi_square, student};
use crate::benchmark::measure::{Measure, Value};
use crate::domain::indicator::IndicatorKind;

/// Both ends included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    pub fn width(self) -> f64 {
        self.high - self.low
    }

    pub fn scaled(self, factor: f64) -> Interval {
        Interval { low: self.low * factor, high: self.high * factor }
    }

    fn checked(low: f64, high: f64) -> Option<Interval> {
        (low.is_finite() && high.is_finite() && low <= high).then_some(Interval { low, high })
    }
}

/// The interval of a value in the unit of the indicator. `None` when the counts behind it are unknown, and for a
/// ratio of amounts or a bare count without exposure, which have no error of their own.
pub fn of_value(measure: &Measure, value: &Value, level: Level) -> Option<Interval> {
    let (numerator, denominator) = (value.numerator, value.denominator);
    match measure.kind {
        IndicatorKind::Proportion | IndicatorKind::Composition => {
            Some(wilson(numerator?, denominator?, level)?.scaled(measure.factor))
        }
        IndicatorKind::Rate => rate(numerator?, denominator?, measure.factor, level),
        IndicatorKind::Mean => mean(value.value, value.spread?, denominator?, level),
        IndicatorKind::Nps => {
            Some(net_promoter(numerator?, value.detractors?, denominator?, level)?.scaled(measure.factor))
        }
        IndicatorKind::Count => count(value.numerator.unwrap_or(value.value), level),
        IndicatorKind::Ratio => None,
    }
}

/// A proportion `part / whole`, from 0 to 1: Wilson's score interval, as Newcombe and Altman write it.
pub fn wilson(part: f64, whole: f64, level: Level) -> Option<Interval> {
    if !(0.0 <= part && part <= whole && 0.0 < whole) {
        return None;
    }
    let z = level.z();
    let middle = 2.0 * part + z * z;
    let reach = z * (z * z + 4.0 * part * (1.0 - part / whole)).sqrt();
    let by = 2.0 * (whole + z * z);
    let low = if part == 0.0 { 0.0 } else { (middle - reach) / by };
    let high = if part == whole { 1.0 } else { (middle + reach) / by };
    Interval::checked(low.max(0.0), high.min(1.0))
}

/// A number of events: exact Poisson under 10, Byar's approximation from 10 on, as Public Health England does.
pub fn count(events: f64, level: Level) -> Option<Interval> {
    match events {
        it if (0.0..10.0).contains(&it) => exact_count(it, level),
        it if 10.0 <= it => byar(it, level),
        _ => None,
    }
}

fn exact_count(events: f64, level: Level) -> Option<Interval> {
    let low = chi_square(level.tail(), 2.0 * events) / 2.0;
    let high = chi_square(1.0 - level.tail(), 2.0 * events + 2.0) / 2.0;
    Interval::checked(low, high)
}

fn byar(events: f64, level: Level) -> Option<Interval> {
    let z = level.z();
    let cube = |x: f64, z: f64| x * (1.0 - 1.0 / (9.0 * x) + z / (3.0 * x.sqrt())).powi(3);
    Interval::checked(cube(events, -z), cube(events + 1.0, z))
}

/// Events in an exposure, times a factor: incidents per 1,000 client days.
pub fn rate(events: f64, exposure: f64, factor: f64, level: Level) -> Option<Interval> {
    let interval = count(events, level)?;
    (0.0 < exposure).then(|| interval.scaled(factor / exposure))
}

/// A mean of `n` scores with this standard deviation: Student's t. `None` under two scores.
pub fn mean(mean: f64, spread: f64, n: f64, level: Level) -> Option<Interval> {
    if !(2.0 <= n && 0.0 <= spread) {
        return None;
    }
    let reach = student(1.0 - level.tail(), n - 1.0) * spread / n.sqrt();
    Interval::checked(mean - reach, mean + reach)
}

/// Mean and standard deviation (with n − 1) of scores; `None` under two.
pub fn mean_and_spread(scores: &[f64]) -> Option<(f64, f64)> {
    let n = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / n;
    let squares: f64 = scores.iter().map(|it| (it - mean).powi(2)).sum();
    (1 < scores.len()).then(|| (mean, (squares / (n - 1.0)).sqrt()))
}

/// A net promoter score from −1 to 1: the adjusted Wald interval (Bonett and Price; Rocks 2016 finds it the best of
/// six). Three answers are added, ¾ of a promoter and ¾ of a detractor among them, so that a score of 100 keeps a width.
pub fn net_promoter(promoters: f64, detractors: f64, answers: f64, level: Level) -> Option<Interval> {
    if !(0.0 <= promoters && 0.0 <= detractors && promoters + detractors <= answers && 0.0 < answers) {
        return None;
    }
    let n = answers + 3.0;
    let (up, down) = ((promoters + 0.75) / n, (detractors + 0.75) / n);
    let reach = level.z() * ((up + down - (up - down).powi(2)) / n).sqrt();
    Interval::checked((up - down - reach).max(-1.0), (up - down + reach).min(1.0))
}

/// A mean drawn to the mean of all, the more so the fewer scores it has (empirical Bayes).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrunken {
    /// Weight of the own mean, 0 to 1.
    pub weight: f64,
    pub value: f64,
}

/// Shrunken means of members given as mean and number of scores. `within` is the variance of a score inside a member,
/// `between` that of the underlying means; the middle is weighted by precision.
pub fn shrunken(members: &[(f64, f64)], within: f64, between: f64) -> Vec<Shrunken> {
    let precision = |n: f64| 1.0 / (between + within / n);
    let total: f64 = members.iter().map(|it| precision(it.1)).sum();
    let middle = members.iter().map(|it| precision(it.1) * it.0).sum::<f64>() / total;
    let shrink = |&(mean, n): &(f64, f64)| {
        let weight = between * precision(n);
        Shrunken { weight, value: middle + weight * (mean - middle) }
    };
    members.iter().map(shrink).collect()
}

#[cfg(test)]
mod tests;
