//! Funnel limits: where members of each size would lie if only chance made them differ from the reference.
//!
//! The limits of a proportion are those of Public Health England, the exact dual of Wilson's interval: a point is
//! outside the funnel exactly when its interval excludes the reference, so two charts never contradict each other.

use crate::benchmark::distribution::{Level, chi_square};
use crate::benchmark::interval::Interval;

/// Where a point lies in its funnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Under the 99.8 % limit.
    VeryLow,
    /// Under the 95 % limit.
    Low,
    Inside,
    High,
    VeryHigh,
}

/// Both pairs of limits at one size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub usual: Interval,
    pub strict: Interval,
}

impl Limits {
    /// From a function that gives the limits at a level.
    pub fn new(at: impl Fn(Level) -> Option<Interval>) -> Option<Limits> {
        Some(Limits { usual: at(Level::Usual)?, strict: at(Level::Strict)? })
    }

    /// `None` for what is no number.
    pub fn verdict(&self, value: f64) -> Option<Verdict> {
        if value.is_nan() {
            return None;
        }
        Some(match value {
            it if it < self.strict.low => Verdict::VeryLow,
            it if self.strict.high < it => Verdict::VeryHigh,
            it if it < self.usual.low => Verdict::Low,
            it if self.usual.high < it => Verdict::High,
            _ => Verdict::Inside,
        })
    }
}

/// Limits of a proportion at this whole, from 0 to 1: `p0 ± z√(p0(1−p0)/n)`.
pub fn proportion(reference: f64, whole: f64, level: Level) -> Option<Interval> {
    if !((0.0..=1.0).contains(&reference) && 0.0 < whole) {
        return None;
    }
    let reach = level.z() * (reference * (1.0 - reference) / whole).sqrt();
    Some(Interval { low: (reference - reach).max(0.0), high: (reference + reach).min(1.0) })
}

/// Limits of observed / expected at this number of expected events, around 1: exact Poisson.
pub fn ratio(expected: f64, level: Level) -> Option<Interval> {
    if !(0.0 < expected && expected.is_finite()) {
        return None;
    }
    let low = chi_square(level.tail(), 2.0 * expected) / 2.0 / expected;
    let high = chi_square(1.0 - level.tail(), 2.0 * expected + 2.0) / 2.0 / expected;
    (low.is_finite() && high.is_finite()).then_some(Interval { low, high })
}

/// Limits of a rate at this exposure, in the unit of the reference, which is events / exposure × factor.
pub fn rate(reference: f64, exposure: f64, factor: f64, level: Level) -> Option<Interval> {
    Some(ratio(reference * exposure / factor, level)?.scaled(reference))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;
    use crate::benchmark::interval;

    #[test]
    fn limits_of_a_proportion() {
        for (whole, level, low) in [
            (1.0, Level::Usual, 0.03204264),
            (2.0, Level::Usual, 0.25885383),
            (3.0, Level::Usual, 0.35933491),
            (3.0, Level::Strict, 0.10150815),
            (4.0, Level::Usual, 0.41923356),
            (4.0, Level::Strict, 0.19594903),
        ] {
            assert_close(proportion(0.80642448, whole, level).unwrap().low, low, 5e-8);
        }
        assert_eq!(proportion(0.80642448, 1.0, Level::Usual).unwrap().high, 1.0);
        assert_eq!((proportion(1.2, 5.0, Level::Usual), proportion(0.5, 0.0, Level::Usual)), (None, None));
    }

    /// The older product of the same makers gives another limit, 34.1654 %.
    #[test]
    fn the_older_method_differs() {
        let old = crate::benchmark::outcome::wilson_around(0.80642448, 4.0, Level::Usual).unwrap();
        assert_close(old.low, 0.341654, 5e-7);
    }

    #[test]
    fn funnel_and_interval_never_contradict_each_other() {
        for whole in 1..120 {
            for part in 0..=whole {
                let (part, whole) = (f64::from(part), f64::from(whole));
                let limits = proportion(0.37, whole, Level::Usual).unwrap();
                let own = interval::wilson(part, whole, Level::Usual).unwrap();
                let is_outside = part / whole < limits.low || limits.high < part / whole;
                assert_eq!(is_outside, 0.37 < own.low || own.high < 0.37, "{part}/{whole}");
            }
        }
    }

    #[test]
    fn limits_of_a_ratio() {
        for (expected, usual, strict) in [
            (15.0, (0.5596924, 1.649348), (0.3862650, 2.082907)),
            (20.0, (0.6108260, 1.544419), (0.4479107, 1.902094)),
            (30.0, (0.6746958, 1.427562), (0.5289724, 1.702771)),
        ] {
            let limits = Limits::new(|level| ratio(expected, level)).unwrap();
            for (found, (low, high)) in [(limits.usual, usual), (limits.strict, strict)] {
                assert_close(found.low, low, 5e-8);
                assert_close(found.high, high, 5e-7);
            }
        }
        assert_eq!(ratio(0.0, Level::Usual), None);
    }

    #[test]
    fn verdicts_of_public_health_england() {
        for (observed, expected, verdict) in [
            (8.0, 6.239860227, Verdict::Inside),
            (151.0, 106.4429719, Verdict::VeryHigh),
            (159.0, 232.9329036, Verdict::VeryLow),
            (191.0, 184.0963855, Verdict::Inside),
            (124.0, 183.894409, Verdict::VeryLow),
        ] {
            let limits = Limits::new(|level| ratio(expected, level)).unwrap();
            assert_eq!(limits.verdict(observed / expected), Some(verdict), "{observed}");
        }
        let limits = Limits::new(|level| ratio(20.0, level)).unwrap();
        let found = [0.4, 0.5, 1.6, 2.0, f64::NAN].map(|it| limits.verdict(it));
        let expected = [Verdict::VeryLow, Verdict::Low, Verdict::High, Verdict::VeryHigh].map(Some);
        assert_eq!((&found[..4], found[4]), (&expected[..], None));
    }

    #[test]
    fn a_rate_carries_its_factor() {
        // 20 events expected in 4,000 days at 5 per 1,000.
        let limits = rate(5.0, 4000.0, 1000.0, Level::Usual).unwrap();
        assert_close(limits.low, 5.0 * 0.6108260, 5e-7);
        assert_close(limits.high, 5.0 * 1.544419, 5e-6);
    }
}
