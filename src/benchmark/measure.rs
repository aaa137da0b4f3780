//! What is compared: one value of one member, and how values of its indicator are read.

use crate::domain::indicator::{Direction, Indicator, IndicatorKind};
use crate::domain::measurement::Measurement;

/// One value of one member in one period. A reported zero is a value; a member without a value has no `Value`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// In the unit of the indicator: 6.5 for 6.5 %.
    pub value: f64,
    /// Part of the whole, events, sum of scores, promoters; unknown when only the value was delivered.
    pub numerator: Option<f64>,
    /// The whole, exposure, respondents.
    pub denominator: Option<f64>,
    /// Of an NPS only.
    pub detractors: Option<f64>,
    /// Standard deviation of the scores behind a mean.
    pub spread: Option<f64>,
}

impl Value {
    /// The value of a measurement; `None` when there is no number. A mean with its number of scores has their sum.
    pub fn new(measurement: &Measurement, indicator: &Indicator) -> Option<Value> {
        let value = measurement.derived(indicator).filter(|it| it.is_finite())?;
        let denominator = measurement.denominator;
        let sum = denominator.filter(|_| indicator.kind == IndicatorKind::Mean);
        Some(Value {
            value,
            numerator: measurement.numerator.or(sum.map(|it| value * it / indicator.multiplier())),
            denominator,
            detractors: measurement.detractors,
            spread: measurement.spread,
        })
    }

    /// A value without the counts behind it.
    pub fn bare(value: f64) -> Value {
        Value { value, numerator: None, denominator: None, detractors: None, spread: None }
    }

    /// `numerator / denominator × factor`; `None` when that is not a number.
    pub fn of_counts(numerator: f64, denominator: f64, factor: f64) -> Option<Value> {
        let value = numerator / denominator * factor;
        let counts = Value { numerator: Some(numerator), denominator: Some(denominator), ..Value::bare(value) };
        value.is_finite().then_some(counts)
    }

    /// What adds up over members, if both counts are known: for an NPS promoters minus detractors.
    pub fn counts(&self) -> Option<(f64, f64)> {
        let (numerator, denominator) = (self.numerator?, self.denominator?);
        let net = numerator - self.detractors.unwrap_or(0.0);
        (net.is_finite() && denominator.is_finite() && 0.0 < denominator).then_some((net, denominator))
    }
}

/// How values of an indicator are read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    pub kind: IndicatorKind,
    /// What numerator / denominator is multiplied with: 100 for a percentage.
    pub factor: f64,
    pub aim: Aim,
}

impl Measure {
    pub fn new(indicator: &Indicator) -> Measure {
        let band = indicator.band_from.zip(indicator.band_until);
        Measure { kind: indicator.kind, factor: indicator.multiplier(), aim: Aim::new(indicator.direction, band) }
    }
}

/// Which values are good.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    Lower,
    Higher,
    Neutral,
    /// Between these two, both included.
    Band {
        low: f64,
        high: f64,
    },
}

impl Aim {
    /// The direction of an indicator with its band; a band without bounds has no direction.
    pub fn new(direction: Direction, band: Option<(f64, f64)>) -> Aim {
        match (direction, band) {
            (Direction::Lower, _) => Aim::Lower,
            (Direction::Higher, _) => Aim::Higher,
            (Direction::Band, Some((low, high))) if low <= high => Aim::Band { low, high },
            (Direction::Neutral | Direction::Band, _) => Aim::Neutral,
        }
    }

    /// How far a value is from good, on a scale where less is better; `None` when nothing is better.
    pub fn badness(self, value: f64) -> Option<f64> {
        match self {
            Aim::Lower => Some(value),
            Aim::Higher => Some(-value),
            Aim::Neutral => None,
            Aim::Band { low, high } => Some((low - value).max(value - high).max(0.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::measurement::State;

    #[test]
    fn values_of_measurements() {
        let mean = Indicator { kind: IndicatorKind::Mean, ..Indicator::default() };
        let nps = Indicator { kind: IndicatorKind::Nps, factor: Some(100.0), ..Indicator::default() };
        let share = Indicator { kind: IndicatorKind::Proportion, factor: Some(100.0), ..Indicator::default() };
        let measured =
            |numerator, denominator, value| Measurement { numerator, denominator, value, ..Measurement::default() };
        for (indicator, measurement, value, counts) in [
            (&share, measured(Some(65.0), Some(1000.0), None), Some(6.5), Some((65.0, 1000.0))),
            (&share, measured(None, None, Some(7.9)), Some(7.9), None),
            (&share, Measurement { state: State::Zero, ..measured(None, None, None) }, Some(0.0), None),
            (&share, Measurement { state: State::Missing, ..measured(None, None, None) }, None, None),
            (&mean, measured(None, Some(40.0), Some(8.5)), Some(8.5), Some((340.0, 40.0))),
            (
                &nps,
                Measurement { detractors: Some(10.0), ..measured(Some(30.0), Some(50.0), None) },
                Some(40.0),
                Some((20.0, 50.0)),
            ),
        ] {
            let found = Value::new(&measurement, indicator);
            assert_eq!(found.map(|it| it.value), value, "{measurement:?}");
            assert_eq!(found.and_then(|it| it.counts()), counts, "{measurement:?}");
        }
        let occupied = Indicator {
            direction: Direction::Band,
            band_from: Some(90.0),
            band_until: Some(98.0),
            factor: Some(100.0),
            ..Indicator::default()
        };
        assert_eq!(Measure::new(&occupied).aim, Aim::Band { low: 90.0, high: 98.0 });
    }

    #[test]
    fn counts_add_up() {
        assert_eq!(Value::of_counts(0.0, 40.0, 100.0).unwrap().counts(), Some((0.0, 40.0)));
        assert_eq!(Value::of_counts(0.0, 0.0, 100.0), None);
        assert_eq!(Value::bare(7.9).counts(), None);
        let nps = Value { detractors: Some(10.0), ..Value::of_counts(30.0, 50.0, 100.0).unwrap() };
        assert_eq!(nps.counts(), Some((20.0, 50.0)));
    }

    #[test]
    fn aims() {
        let band = Aim::new(Direction::Band, Some((90.0, 98.0)));
        for (aim, value, expected) in [
            (Aim::Lower, 6.5, Some(6.5)),
            (Aim::Higher, 6.5, Some(-6.5)),
            (Aim::Neutral, 6.5, None),
            (band, 88.0, Some(2.0)),
            (band, 95.0, Some(0.0)),
            (band, 99.0, Some(1.0)),
            (Aim::new(Direction::Band, None), 99.0, None),
        ] {
            assert_eq!(aim.badness(value), expected, "{aim:?} {value}");
        }
    }
}
