//! Does a series of years rise or fall? A signal, no proof: the test does not see that years hang together. For
//! quarters a control chart is the better instrument; periods that overlap may not be tested at all.

use crate::benchmark::distribution::chi_square;
use crate::benchmark::interval::Interval;

/// A trend is called one at p = 0.002 only.
const PROBABILITY: f64 = 0.998;

/// Fewest points that a trend may rest on.
const POINTS_MIN: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    Rising,
    Falling,
    NoChange,
}

/// A slope per period, with its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    pub direction: Direction,
    /// In the unit of the values; of proportions in logits.
    pub slope: f64,
    pub chi_square: f64,
}

/// The slope of values weighted by their 95 % intervals, oldest first (Fingertips; five years as a rule). A trend
/// needs the test and a slope that keeps its sign when any one point is left out. `None` when it cannot be
/// calculated, as when an interval is missing: that is no "no change".
pub fn weighted(points: &[Option<(f64, Interval)>]) -> Option<Trend> {
    let weighed: Vec<(f64, f64, f64)> = points
        .iter()
        .enumerate()
        .map(|(at, point)| {
            let (value, interval) = (*point)?;
            let error = interval.width() / 3.92;
            (0.0 < error && error.is_finite() && value.is_finite()).then(|| (1.0 + at as f64, value, error.powi(-2)))
        })
        .collect::<Option<_>>()?;
    let (slope, variance) = slope(&weighed)?;
    finished(slope, slope * slope / variance, &weighed)
}

/// The trend of proportions given as (part, whole), oldest first: chi-square for trend, with the sign of least squares
/// on the logits. `None` when it cannot be calculated.
pub fn of_proportions(points: &[Option<(f64, f64)>]) -> Option<Trend> {
    let points: Vec<(f64, f64)> = points.iter().copied().collect::<Option<_>>()?;
    if points.iter().any(|(part, whole)| !(0.0 <= *part && part <= whole && 0.0 < *whole)) {
        return None;
    }
    let sum = |of: fn(f64, f64, f64) -> f64| -> f64 {
        points.iter().enumerate().map(|(at, (x, n))| of(1.0 + at as f64, *x, *n)).sum()
    };
    let (whole, part) = (sum(|_, _, n| n), sum(|_, x, _| x));
    let (tx, tn, ttn) = (sum(|t, x, _| t * x), sum(|t, _, n| t * n), sum(|t, _, n| t * t * n));
    let by = part * (whole - part) * (whole * ttn - tn * tn);
    let chi_square = whole * (whole * tx - part * tn).powi(2) / by;
    // The half keeps 0 % and 100 % finite, and moves large counts by nothing that shows.
    let logit = |(x, n): (f64, f64)| ((x + 0.5) / (n - x + 0.5)).ln();
    let logits: Vec<(f64, f64, f64)> =
        points.iter().enumerate().map(|(at, it)| (1.0 + at as f64, logit(*it), 1.0)).collect();
    finished(slope(&logits)?.0, chi_square, &logits)
}

fn finished(found: f64, chi_square_found: f64, weighed: &[(f64, f64, f64)]) -> Option<Trend> {
    if weighed.len() < POINTS_MIN || !chi_square_found.is_finite() {
        return None;
    }
    let keeps_sign = (0..weighed.len()).all(|left_out| {
        let mut others = weighed.to_vec();
        others.remove(left_out);
        slope(&others).is_some_and(|it| 0.0 < it.0 * found)
    });
    let is_significant = chi_square(PROBABILITY, 1.0) < chi_square_found && keeps_sign;
    let direction = match (is_significant, 0.0 < found) {
        (false, _) => Direction::NoChange,
        (true, true) => Direction::Rising,
        (true, false) => Direction::Falling,
    };
    Some(Trend { direction, slope: found, chi_square: chi_square_found })
}

/// Weighted least squares over (time, value, weight): slope and its variance.
fn slope(points: &[(f64, f64, f64)]) -> Option<(f64, f64)> {
    let sum = |of: fn(f64, f64, f64) -> f64| -> f64 { points.iter().map(|(t, y, w)| of(*t, *y, *w)).sum() };
    let (w, wt, wy) = (sum(|_, _, w| w), sum(|t, _, w| w * t), sum(|_, y, w| w * y));
    let (wty, wtt) = (sum(|t, y, w| w * t * y), sum(|t, _, w| w * t * t));
    let by = w * wtt - wt * wt;
    let (slope, variance) = ((w * wty - wt * wy) / by, w / by);
    (slope.is_finite() && variance.is_finite()).then_some((slope, variance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;

    fn points(rows: &[(f64, f64, f64)]) -> Vec<Option<(f64, Interval)>> {
        rows.iter().map(|&(value, low, high)| Some((value, Interval { low, high }))).collect()
    }

    const EYES: [(f64, f64, f64); 5] = [
        (2.935, 2.7841, 3.0919),
        (1.93028, 1.8085, 2.058),
        (2.7567, 2.6113, 2.9082),
        (2.8701, 2.7225, 3.0237),
        (3.0121, 2.8616, 3.1683),
    ];

    const VACCINATIONS: [(f64, f64, f64); 5] = [
        (92.6254, 92.4168, 92.8288),
        (92.3221, 92.1072, 92.5315),
        (90.8708, 90.6358, 91.1004),
        (90.017, 89.7694, 90.2594),
        (90.1013, 89.8578, 90.3396),
    ];

    #[test]
    fn published_verdicts() {
        assert_close(chi_square(PROBABILITY, 1.0), 9.549535706, 5e-10);
        let rising = weighted(&points(&EYES)).unwrap();
        assert_eq!(rising.direction, Direction::Rising);
        assert_close(rising.slope, 0.139843649, 5e-10);
        assert_close(rising.chi_square, 33.4858, 5e-5);
        let falling = weighted(&points(&VACCINATIONS)).unwrap();
        assert_eq!(falling.direction, Direction::Falling);
        assert_close(falling.slope, -0.7405107, 5e-8);
        assert_close(falling.chi_square, 418.5366, 5e-5);
    }

    #[test]
    fn proportions() {
        let falling =
            [(57274.0, 61834.0), (55865.0, 60511.0), (53681.0, 59074.0), (51767.0, 57508.0), (53185.0, 59028.0)];
        let found = of_proportions(&falling.map(Some)).unwrap();
        assert_eq!(found.direction, Direction::Falling);
        assert_close(found.chi_square, 405.0479, 5e-5);
        // The port of Fingertips calls this one "no change", because it has no intervals.
        let rising = [
            (10588957.0, 60458658.0),
            (10547929.0, 60744002.0),
            (10851467.0, 61625745.0),
            (11034431.0, 62418295.0),
            (11246440.0, 63227624.0),
        ];
        let found = of_proportions(&rising.map(Some)).unwrap();
        assert_eq!(found.direction, Direction::Rising);
        assert_close(found.chi_square, 3167.8, 0.05);
    }

    #[test]
    fn one_point_that_carries_a_trend_carries_none() {
        // Flat but for the last year: the test sees a slope, the sign does not hold without that year.
        let rows = [5.02, 5.01, 5.0, 4.99, 6.0].map(|it| (it, it - 0.1, it + 0.1));
        let found = weighted(&points(&rows)).unwrap();
        assert!(9.55 < found.chi_square);
        assert_eq!(found.direction, Direction::NoChange);
    }

    #[test]
    fn what_cannot_be_calculated_is_no_no_change() {
        let mut missing = points(&EYES);
        missing[2] = None;
        let flat = points(&[(1.0, 1.0, 1.0); 5]);
        for it in [&missing, &flat, &points(&EYES[..2]), &points(&[])] {
            assert_eq!(weighted(it), None, "{it:?}");
        }
        for it in [&[None; 5][..], &[Some((0.0, 10.0)); 5], &[Some((1.0, 10.0)); 2], &[Some((2.0, 1.0)); 5]] {
            assert_eq!(of_proportions(it), None, "{it:?}");
        }
    }
}
