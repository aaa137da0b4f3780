//! More spread between members than chance explains, and funnel limits that allow for it (Spiegelhalter 2005, with the
//! between-member variance of DerSimonian and Laird).
//!
//! Under 10 members that variance is too unsure to show; `τ²` is then not given and the limits stay as they are.

use std::f64::consts::FRAC_PI_2;

use crate::benchmark::distribution::Level;
use crate::benchmark::interval::Interval;
use crate::benchmark::quantile::quantile;

/// From how many members on `τ²` is used.
pub const MEMBERS_MIN: usize = 10;

/// How a member is put on a scale where its standard error does not depend on its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Logarithm of observed / expected, tails cut off.
    Shmi,
    /// Root of observed / expected, tails drawn in.
    Cqc,
    /// Arcsine of the root of a proportion, tails drawn in.
    Proportion,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    pub method: Method,
    pub members: usize,
    /// Mean square of the standardised values; 1 is chance alone.
    pub phi: f64,
    /// Variance between members on the transformed scale.
    pub tau_square: f64,
}

/// From (observed, expected) of each member, or (part, whole) for a proportion. `None` when nothing can be computed.
pub fn dispersion(method: Method, members: &[(f64, f64)]) -> Option<Dispersion> {
    let middle = middle(method, members);
    let mut scored: Vec<(f64, f64)> = members
        .iter()
        .map(|&(top, bottom)| match method {
            Method::Shmi => (bottom.sqrt() * (top / bottom).ln(), bottom.sqrt().recip()),
            Method::Cqc => ((top / bottom).sqrt() - 1.0, 0.5 / bottom.sqrt()),
            Method::Proportion => ((top / bottom).sqrt().asin() - middle, 0.5 / bottom.sqrt()),
        })
        .map(|(distance, error)| if method == Method::Shmi { (distance, error) } else { (distance / error, error) })
        .filter(|(z, error)| z.is_finite() && error.is_finite())
        .collect();
    match method {
        Method::Shmi => cut_tails(&mut scored),
        Method::Cqc | Method::Proportion => draw_in_tails(&mut scored)?,
    }
    let n = scored.len() as f64;
    let phi = scored.iter().map(|it| it.0 * it.0).sum::<f64>() / n;
    let weight: f64 = scored.iter().map(|it| it.1.powi(-2)).sum();
    let weight_square: f64 = scored.iter().map(|it| it.1.powi(-4)).sum();
    let excess = n * phi - (n - 1.0);
    let by = weight - weight_square / weight;
    let tau_square = if excess < 0.0 { 0.0 } else { (excess / by).max(0.0) };
    (phi.is_finite() && tau_square.is_finite()).then_some(Dispersion { method, members: scored.len(), phi, tau_square })
}

impl Dispersion {
    /// The variance to widen limits with: none under 10 members, none when chance explains all.
    pub fn usable_tau_square(&self) -> Option<f64> {
        (MEMBERS_MIN <= self.members && 1.0 < self.phi).then_some(self.tau_square)
    }

    /// Widened limits at this expected number (around 1) or whole (around `reference`, a proportion).
    pub fn limits(&self, reference: f64, size: f64, level: Level) -> Option<Interval> {
        let tau_square = self.usable_tau_square()?;
        let found = widened(self.method, tau_square, reference, size, level);
        (found.low.is_finite() && found.high.is_finite()).then_some(found)
    }
}

/// Limits on the scale of the values.
fn widened(method: Method, tau_square: f64, reference: f64, size: f64, level: Level) -> Interval {
    let reach = |error_square: f64| level.z() * (error_square + tau_square).sqrt();
    match method {
        Method::Shmi => {
            let reach = reach(1.0 / size);
            Interval { low: (-reach).exp(), high: reach.exp() }
        }
        Method::Cqc => {
            let reach = reach(0.25 / size);
            Interval { low: (1.0 - reach).max(0.0).powi(2), high: (1.0 + reach).powi(2) }
        }
        Method::Proportion => {
            let (middle, reach) = (reference.sqrt().asin(), reach(0.25 / size));
            // Beyond these ends the sine would turn back.
            let low = (middle - reach).max(0.0).sin().powi(2);
            let high = (middle + reach).min(FRAC_PI_2).sin().powi(2);
            Interval { low, high }
        }
    }
}

fn middle(method: Method, members: &[(f64, f64)]) -> f64 {
    match method {
        Method::Shmi | Method::Cqc => 1.0,
        Method::Proportion => {
            let (part, whole) = members.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
            (part / whole).sqrt().asin()
        }
    }
}

/// Leaves the tenth at each end out, as SHMI does: by rank.
fn cut_tails(scored: &mut Vec<(f64, f64)>) {
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = scored.len();
    let mut rank = 0;
    scored.retain(|_| {
        rank += 1;
        (1..9).contains(&(rank * 10 / (n + 1)))
    });
}

/// Draws the tenth at each end in to the tenth and ninetieth percentile.
fn draw_in_tails(scored: &mut [(f64, f64)]) -> Option<()> {
    let values: Vec<f64> = scored.iter().map(|it| it.0).collect();
    let (low, high) = (quantile(&values, 0.1)?, quantile(&values, 0.9)?);
    for it in scored {
        it.0 = it.0.clamp(low, high);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;

    const RATIOS: [(f64, f64); 6] =
        [(100.0, 108.0), (150.0, 112.0), (180.0, 165.0), (80.0, 95.0), (120.0, 100.0), (225.0, 220.0)];

    const PROPORTIONS: [(f64, f64); 8] = [
        (12.0, 200.0),
        (30.0, 310.0),
        (9.0, 150.0),
        (45.0, 400.0),
        (22.0, 260.0),
        (60.0, 420.0),
        (18.0, 240.0),
        (40.0, 300.0),
    ];

    #[test]
    fn worked_examples() {
        for (method, members, phi, tau_square) in [
            (Method::Shmi, &RATIOS[..], 2.948033175102, 0.019477530578),
            (Method::Cqc, &RATIOS[..], 2.327178257594, 0.003439780154),
            (Method::Proportion, &PROPORTIONS[..], 2.260428441, 0.001407591839),
        ] {
            let found = dispersion(method, members).unwrap();
            assert_close(found.phi, phi, 5e-10);
            assert_close(found.tau_square, tau_square, 5e-13);
        }
        let shmi = widened(Method::Shmi, 0.019477530578, 1.0, 108.0, Level::Usual);
        // Their z has six decimals.
        assert_close(shmi.low, 0.717306749, 5e-9);
        assert_close(shmi.high, 1.394103709, 5e-9);
        let reference = 236.0 / 2280.0;
        assert_close(reference, 0.1035087719, 5e-11);
        let proportion = widened(Method::Proportion, 0.001407591839, reference, 200.0, Level::Usual);
        assert_close(proportion.low, 0.0504370463, 5e-9);
        assert_close(proportion.high, 0.1727166369, 5e-9);
    }

    #[test]
    fn not_under_ten_members_and_not_without_excess() {
        assert_eq!(dispersion(Method::Proportion, &PROPORTIONS).unwrap().usable_tau_square(), None);
        let twice: Vec<(f64, f64)> = PROPORTIONS.iter().chain(&PROPORTIONS).copied().collect();
        let found = dispersion(Method::Proportion, &twice).unwrap();
        assert!(found.limits(0.1, 200.0, Level::Usual).is_some());
        let equal = dispersion(Method::Proportion, &[(10.0, 100.0); 12]).unwrap();
        assert_eq!((equal.tau_square, equal.usable_tau_square()), (0.0, None));
        assert_eq!(dispersion(Method::Cqc, &[]), None);
    }

    #[test]
    fn limits_keep_their_order_at_the_ends() {
        for reference in [0.0, 0.001, 0.5, 0.999, 1.0] {
            for size in [1.0, 10.0, 1e6] {
                let it = widened(Method::Proportion, 0.05, reference, size, Level::Strict);
                assert!(0.0 <= it.low && it.low <= reference + 1e-12 && reference - 1e-12 <= it.high && it.high <= 1.0);
            }
        }
    }
}
