//! What is compared: one value of one member, and how values of its indicator are read.

use crate::domain::indicator::{Direction, IndicatorKind};

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
