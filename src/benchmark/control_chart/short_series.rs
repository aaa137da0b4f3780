//! Runs about the median (Anhøj): a test for series too short for control limits.

use crate::benchmark::distribution::fair_coin;
use crate::benchmark::quantile::median;

/// How a series runs about its median.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Runs {
    pub median: f64,
    /// Points that do not lie on the median.
    pub points: usize,
    pub longest: usize,
    /// A longer run is a signal.
    pub longest_max: usize,
    pub crossings: usize,
    /// Fewer crossings are a signal.
    pub crossings_min: usize,
}

impl Runs {
    /// `None` when no point lies off the median. Missing values are left out.
    pub fn new(series: &[Option<f64>]) -> Option<Runs> {
        let values: Vec<f64> = series.iter().flatten().copied().collect();
        let median = median(&values)?;
        let sides: Vec<bool> = values.iter().filter(|it| **it != median).map(|it| median < *it).collect();
        let (longest_max, crossings_min) = limits(sides.len())?;
        let crossings = sides.windows(2).filter(|it| it[0] != it[1]).count();
        let longest = sides.chunk_by(|a, b| a == b).map(<[bool]>::len).max()?;
        Some(Runs { median, points: sides.len(), longest, longest_max, crossings, crossings_min })
    }

    pub fn is_signal(&self) -> bool {
        self.longest_max < self.longest || self.crossings < self.crossings_min
    }
}

/// Longest run and fewest crossings that chance gives with `points` useful points.
fn limits(points: usize) -> Option<(usize, usize)> {
    let longest = ((points as f64).log2() + 3.0).round();
    let throws = points.checked_sub(1)? as u64;
    Some((longest as usize, fair_coin(0.05, throws) as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_by_number_of_points() {
        for (points, expected) in [(10, (6, 2)), (12, (7, 3)), (16, (7, 4)), (20, (7, 6)), (24, (8, 8))] {
            assert_eq!(limits(points), Some(expected), "{points}");
        }
        assert_eq!((limits(0), limits(1)), (None, Some((3, 0))));
    }

    #[test]
    fn runs_about_the_median() {
        let series = |values: &[f64]| values.iter().map(|it| Some(*it)).collect::<Vec<_>>();
        let shifted = series(&[1.0, 2.0, 1.5, 1.2, 1.1, 6.0, 7.0, 6.5, 6.2, 6.1]);
        let found = Runs::new(&shifted).unwrap();
        assert_eq!((found.points, found.longest, found.crossings, found.is_signal()), (10, 5, 1, true));
        let steady = series(&[1.0, 6.0, 1.5, 6.2, 1.1, 6.0, 1.0, 6.5, 1.2, 6.1]);
        assert!(!Runs::new(&steady).unwrap().is_signal());
        let mut gapped = shifted.clone();
        gapped.insert(5, None);
        assert_eq!(Runs::new(&gapped), Some(found));
        assert_eq!((Runs::new(&[None]), Runs::new(&series(&[3.0, 3.0]))), (None, None));
    }
}
