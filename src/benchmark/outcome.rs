//! What a comparison says: better, worse, not different, or not to be said.

use crate::benchmark::distribution::Level;
use crate::benchmark::interval::Interval;
use crate::benchmark::measure::Aim;

/// What may be said of a value beside a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    Better,
    Worse,
    /// Higher, where neither way is better.
    Higher,
    /// Lower, where neither way is better.
    Lower,
    /// Chance can explain the difference.
    NotDifferent,
    /// There is no interval or no reference: that is no "not different".
    CannotCompare,
}

/// The interval of a member beside a reference that leaves this member out: only an interval that excludes the
/// reference is better or worse. A band is judged by its own bounds: wholly inside is better, wholly outside worse.
pub fn outcome(interval: Option<Interval>, reference: Option<f64>, aim: Aim) -> Outcome {
    let Some(interval) = interval else {
        return Outcome::CannotCompare;
    };
    if let Aim::Band { low, high } = aim {
        return if interval.high < low || high < interval.low {
            Outcome::Worse
        } else if low <= interval.low && interval.high <= high {
            Outcome::Better
        } else {
            Outcome::NotDifferent
        };
    }
    match reference {
        Some(it) if it < interval.low => above(aim),
        Some(it) if interval.high < it => below(aim),
        Some(it) if it.is_finite() => Outcome::NotDifferent,
        _ => Outcome::CannotCompare,
    }
}

/// A proportion `own` of `whole` beside limits around the reference (Wilson around the reference, as Fingertips did
/// it): for readers who know those verdicts.
pub fn by_limits(own: f64, whole: f64, reference: f64, level: Level, aim: Aim) -> Outcome {
    let Some(limits) = wilson_around(reference, whole, level) else {
        return Outcome::CannotCompare;
    };
    if own < limits.low {
        below(aim)
    } else if limits.high < own {
        above(aim)
    } else if own.is_nan() {
        Outcome::CannotCompare
    } else {
        Outcome::NotDifferent
    }
}

/// The limits around a reference proportion for a member with this whole.
pub fn wilson_around(reference: f64, whole: f64, level: Level) -> Option<Interval> {
    if !((0.0..=1.0).contains(&reference) && 0.0 < whole && whole.is_finite()) {
        return None;
    }
    let z = level.z();
    let middle = 2.0 * whole * reference + z * z;
    let reach = z * (z * z + 4.0 * whole * reference * (1.0 - reference)).sqrt();
    let by = 2.0 * (whole + z * z);
    Some(Interval { low: (middle - reach) / by, high: (middle + reach) / by })
}

fn above(aim: Aim) -> Outcome {
    match aim {
        Aim::Lower => Outcome::Worse,
        Aim::Higher => Outcome::Better,
        Aim::Neutral | Aim::Band { .. } => Outcome::Higher,
    }
}

fn below(aim: Aim) -> Outcome {
    match aim {
        Aim::Lower => Outcome::Better,
        Aim::Higher => Outcome::Worse,
        Aim::Neutral | Aim::Band { .. } => Outcome::Lower,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;

    #[test]
    fn outcomes() {
        let band = Aim::Band { low: 90.0, high: 98.0 };
        for (low, high, reference, aim, expected) in [
            (4.0, 6.0, 7.0, Aim::Lower, Outcome::Better),
            (4.0, 6.0, 7.0, Aim::Higher, Outcome::Worse),
            (4.0, 6.0, 7.0, Aim::Neutral, Outcome::Lower),
            (4.0, 6.0, 3.0, Aim::Lower, Outcome::Worse),
            (4.0, 6.0, 3.0, Aim::Higher, Outcome::Better),
            (4.0, 6.0, 3.0, Aim::Neutral, Outcome::Higher),
            (4.0, 6.0, 6.0, Aim::Lower, Outcome::NotDifferent),
            (0.0, 0.0, 0.0, Aim::Lower, Outcome::NotDifferent),
            (91.0, 97.0, 50.0, band, Outcome::Better),
            (89.0, 97.0, 50.0, band, Outcome::NotDifferent),
            (85.0, 89.0, 50.0, band, Outcome::Worse),
            (99.0, 99.5, 50.0, band, Outcome::Worse),
        ] {
            let found = outcome(Some(Interval { low, high }), Some(reference), aim);
            assert_eq!(found, expected, "{low} {high} {reference} {aim:?}");
        }
    }

    #[test]
    fn without_interval_or_reference_nothing_is_said() {
        let interval = Some(Interval { low: 1.0, high: 2.0 });
        for (interval, reference) in [(None, Some(1.0)), (interval, None), (interval, Some(f64::NAN))] {
            assert_eq!(outcome(interval, reference, Aim::Lower), Outcome::CannotCompare);
        }
        assert_eq!(by_limits(f64::NAN, 10.0, 0.5, Level::Usual, Aim::Lower), Outcome::CannotCompare);
        assert_eq!(by_limits(0.5, 0.0, 0.5, Level::Usual, Aim::Lower), Outcome::CannotCompare);
    }

    #[test]
    fn verdicts_of_fingertips() {
        let (first, second) = (0.089611086876, 0.128379546896);
        for (reference, own, whole, usual, strict) in [
            (first, 0.077065767285, 5930.0, Outcome::Better, Outcome::Better),
            (first, 0.098988121425, 2273.0, Outcome::NotDifferent, Outcome::NotDifferent),
            (first, 0.124746450304, 1972.0, Outcome::Worse, Outcome::Worse),
            (second, 0.109783420463, 1339.0, Outcome::Better, Outcome::NotDifferent),
            (second, 0.159065628476, 899.0, Outcome::Worse, Outcome::NotDifferent),
        ] {
            let found = |level| by_limits(own, whole, reference, level, Aim::Lower);
            assert_eq!((found(Level::Usual), found(Level::Strict)), (usual, strict), "{own} of {whole}");
        }
        for (level, low, high) in
            [(Level::Usual, 0.1115192683, 0.1473660883), (Level::Strict, 0.1027392085, 0.1592829165)]
        {
            let limits = wilson_around(second, 1339.0, level).unwrap();
            // Their z has four decimals.
            assert_close(limits.low, low, 1e-6);
            assert_close(limits.high, high, 1e-6);
        }
    }
}
