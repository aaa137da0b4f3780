//! How far a member is from a reference, in the unit of the indicator and in its own numbers: "to the median 11.4 fte".

use crate::benchmark::interval::Interval;
use crate::benchmark::measure::{Measure, Value};
use crate::domain::indicator::IndicatorKind;

/// Own minus reference: positive when the own value is higher, whichever way is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// In the unit of the indicator, with what chance leaves open.
    pub value: f64,
    pub interval: Option<Interval>,
    /// The same in numerator units on the own denominator: clients, fte, hours, incidents. Not for a mean or an NPS,
    /// where the numerator is no thing one can have more or less of.
    pub amount: Option<f64>,
    pub amount_interval: Option<Interval>,
}

/// The gap of a value with its interval. The reference counts as known: its own uncertainty is not in here.
pub fn gap(measure: &Measure, own: &Value, interval: Option<Interval>, reference: f64) -> Gap {
    let shifted = interval.map(|it| Interval { low: it.low - reference, high: it.high - reference });
    let per_unit = match measure.kind {
        IndicatorKind::Proportion | IndicatorKind::Rate | IndicatorKind::Ratio | IndicatorKind::Composition => {
            own.denominator.map(|it| it / measure.factor)
        }
        IndicatorKind::Count => Some(1.0),
        IndicatorKind::Mean | IndicatorKind::Nps => None,
    };
    let value = own.value - reference;
    Gap {
        value,
        interval: shifted,
        amount: per_unit.map(|it| value * it),
        amount_interval: per_unit.and_then(|it| shifted.map(|interval| interval.scaled(it))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;
    use crate::benchmark::distribution::Level;
    use crate::benchmark::interval;
    use crate::benchmark::measure::Aim;

    #[test]
    fn gaps_in_own_units() {
        for (kind, factor, numerator, denominator, reference, value, amount) in [
            // 30 of 190 fte hired, where the median is 9.8 %: 11.4 fte.
            (IndicatorKind::Composition, 100.0, 30.0, 190.0, 9.78947368421, 6.0, Some(11.4)),
            (IndicatorKind::Proportion, 100.0, 65.0, 100.0, 70.0, -5.0, Some(-5.0)),
            // 27 incidents in 6,000 client days, where 3 per 1,000 is usual: 9 incidents.
            (IndicatorKind::Rate, 1000.0, 27.0, 6000.0, 3.0, 1.5, Some(9.0)),
            (IndicatorKind::Ratio, 1.0, 90.0, 120.0, 0.8, -0.05, Some(-6.0)),
            // A result margin on both sides of zero.
            (IndicatorKind::Ratio, 100.0, -20.0, 2000.0, 2.0, -3.0, Some(-60.0)),
            (IndicatorKind::Mean, 1.0, 320.0, 40.0, 8.5, -0.5, None),
        ] {
            let measure = Measure { kind, factor, aim: Aim::Lower };
            let own = Value::of_counts(numerator, denominator, factor).unwrap();
            let interval = interval::of_value(&measure, &own, Level::Usual);
            let found = gap(&measure, &own, interval, reference);
            assert_close(found.value, value, 1e-9);
            assert_eq!(found.amount.is_some(), amount.is_some(), "{kind:?}");
            assert_close(found.amount.unwrap_or_default(), amount.unwrap_or_default(), 1e-8);
            if let (Some(interval), Some(low)) = (interval, found.amount_interval) {
                assert_close(low.low, (interval.low - reference) * denominator / factor, 1e-9);
                assert!(low.low <= found.amount.unwrap() && found.amount.unwrap() <= low.high);
            }
        }
        let bare = gap(
            &Measure { kind: IndicatorKind::Proportion, factor: 100.0, aim: Aim::Lower },
            &Value::bare(6.0),
            None,
            5.0,
        );
        assert_eq!(bare, Gap { value: 1.0, interval: None, amount: None, amount_interval: None });
    }
}
