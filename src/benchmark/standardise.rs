//! Case mix: what would be expected of this member, were each of its strata as the reference (indirect
//! standardisation). Crude, expected and adjusted are shown together, never the adjusted figure alone.
//!
//! With fewer than about ten members the reference is a national one, not the network itself: a network would be
//! compared with its own chance.

use crate::benchmark::distribution::Level;
use crate::benchmark::interval::{Interval, count};

/// One stratum, such as an age band or a care weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    pub exposure: f64,
    pub reference_events: f64,
    pub reference_exposure: f64,
}

/// A figure with and without case mix, in the unit of the indicator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standardised {
    pub observed: f64,
    pub expected: f64,
    /// Observed / expected; 1 is as expected.
    pub ratio: f64,
    /// Of the ratio.
    pub interval: Interval,
    pub crude: f64,
    /// Ratio × figure of the reference.
    pub adjusted: f64,
}

/// A member with this many events over its strata. `None` when nothing is expected.
pub fn standardise(observed: f64, strata: &[Stratum], factor: f64, level: Level) -> Option<Standardised> {
    let sum = |of: fn(&Stratum) -> f64| strata.iter().map(of).sum::<f64>();
    // A stratum that the reference does not have says nothing about it.
    let expected = sum(|it| match it.exposure {
        0.0 => 0.0,
        exposure => exposure * it.reference_events / it.reference_exposure,
    });
    let (ratio, interval) = ratio(observed, expected, level)?;
    let crude = observed / sum(|it| it.exposure) * factor;
    let adjusted = ratio * sum(|it| it.reference_events) / sum(|it| it.reference_exposure) * factor;
    Some(Standardised { observed, expected, ratio, interval, crude, adjusted })
}

/// Observed / expected with its interval: that of the observed count, divided by what is expected.
pub fn ratio(observed: f64, expected: f64, level: Level) -> Option<(f64, Interval)> {
    let interval = count(observed, level)?;
    (0.0 < expected && expected.is_finite()).then(|| (observed / expected, interval.scaled(1.0 / expected)))
}

/// An amount that is not counted, such as staffing: reported / expected for its case mix × mean of the reference.
pub fn adjusted_amount(reported: f64, expected: f64, reference: f64) -> Option<f64> {
    (0.0 < expected).then_some(reported / expected * reference)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;

    #[test]
    fn published_ratios() {
        for (observed, expected_ratio, low, high) in
            [(895.0, 1.0707232939, 1.0017147713, 1.1432332872), (9.0, 0.0107670499, 0.0049233808, 0.0204392146)]
        {
            let (ratio, interval) = ratio(observed, 835.8835612311743, Level::Usual).unwrap();
            assert_close(ratio, expected_ratio, 5e-11);
            assert_close(interval.low, low, 5e-11);
            assert_close(interval.high, high, 5e-11);
        }
        assert_eq!(ratio(3.0, 0.0, Level::Usual), None);
        assert_close(adjusted_amount(3.9, 3.6, 3.8).unwrap(), 4.116667, 5e-7);
        assert_eq!(adjusted_amount(3.9, 0.0, 3.8), None);
    }

    /// Invented: many heavy clients, so that more is expected than the crude figure suggests.
    #[test]
    fn crude_expected_and_adjusted() {
        let stratum = |exposure, reference_events| Stratum { exposure, reference_events, reference_exposure: 1000.0 };
        let strata = [stratum(100.0, 50.0), stratum(300.0, 100.0), stratum(0.0, 90.0)];
        let found = standardise(42.0, &strata, 100.0, Level::Usual).unwrap();
        for (found, expected) in
            [(found.expected, 35.0), (found.ratio, 1.2), (found.crude, 10.5), (found.adjusted, 9.6)]
        {
            assert_close(found, expected, 1e-12);
        }
        let unknown = Stratum { exposure: 5.0, reference_events: 0.0, reference_exposure: 0.0 };
        assert_eq!(standardise(42.0, &[unknown], 100.0, Level::Usual), None);
        assert_eq!(standardise(42.0, &[], 100.0, Level::Usual), None);
    }
}
