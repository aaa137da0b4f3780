//! Where a value stands in a row of values: quantiles, percentiles, bands.

/// The quantile in between the values, type 7 of R: the rank `(n−1)p`, interpolated. `p` from 0 to 1. Values in any
/// order; `None` without values.
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    of_sorted(&sorted, p)
}

pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The same of values from low to high, for who asks for several.
pub fn of_sorted(sorted: &[f64], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let rank = sorted.len().checked_sub(1)? as f64 * p;
    let (low, high) = (sorted.get(rank.floor() as usize)?, sorted.get(rank.ceil() as usize)?);
    Some(low + rank.fract() * (high - low))
}

/// The share of the other values that are lower, 0 to 1: `(lowest rank − 1)/(n − 1)`. `None` when the value is not
/// in the row, or alone in it: that is no zero.
pub fn percent_rank(values: &[f64], own: f64) -> Option<f64> {
    let below = values.iter().filter(|it| **it < own).count();
    let is_in = values.contains(&own);
    (is_in && 1 < values.len()).then(|| below as f64 / (values.len() - 1) as f64)
}

/// The share of the values that are lower, equal ones for half, 0 to 1.
pub fn mid_rank(values: &[f64], own: f64) -> Option<f64> {
    let below = values.iter().filter(|it| **it < own).count() as f64;
    let equal = values.iter().filter(|it| **it == own).count() as f64;
    (!values.is_empty() && !own.is_nan()).then(|| (below + 0.5 * equal) / values.len() as f64)
}

/// Which end of the row is called 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    LowestFirst,
    HighestFirst,
}

/// The group from 1 to `groups` that each value falls in (PHE); equal values share a group. `None` when there are
/// fewer values than groups.
pub fn groups(values: &[f64], groups: usize, order: Order) -> Option<Vec<usize>> {
    let n = values.len();
    if groups == 0 || n < groups {
        return None;
    }
    let group = |own: &f64| {
        let before = match order {
            Order::LowestFirst => values.iter().filter(|it| *it < own).count(),
            Order::HighestFirst => values.iter().filter(|it| own < *it).count(),
        };
        groups + 1 - ((n - before) * groups).div_ceil(n)
    };
    Some(values.iter().map(group).collect())
}

/// The band that a value falls in, from 0: how many of the bounds it is above. Equal values share a band.
pub fn band(bounds: &[f64], own: f64) -> usize {
    bounds.iter().filter(|it| **it < own).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;

    const ROW: [f64; 8] = [2.0, 4.0, 4.0, 5.0, 7.0, 9.0, 10.0, 12.0];

    #[test]
    fn quantiles_lie_between_the_values() {
        for (p, expected) in [(0.0, 2.0), (0.1, 3.4), (0.25, 4.0), (0.5, 6.0), (0.75, 9.25), (0.9, 10.6), (1.0, 12.0)] {
            assert_close(quantile(&ROW, p).unwrap(), expected, 1e-12);
        }
        assert_eq!(median(&[9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!((quantile(&[], 0.5), quantile(&ROW, 1.1)), (None, None));
    }

    #[test]
    fn percentiles() {
        let percent_ranks = [0.0, 0.142857, 0.142857, 0.428571, 0.571429, 0.714286, 0.857143, 1.0];
        let mid_ranks = [0.0625, 0.25, 0.25, 0.4375, 0.5625, 0.6875, 0.8125, 0.9375];
        for ((own, percent), mid) in ROW.iter().zip(percent_ranks).zip(mid_ranks) {
            assert_close(percent_rank(&ROW, *own).unwrap(), percent, 5e-7);
            assert_eq!(mid_rank(&ROW, *own), Some(mid));
        }
        assert_eq!((percent_rank(&ROW, 3.0), percent_rank(&[3.0], 3.0), mid_rank(&[], 3.0)), (None, None, None));
    }

    #[test]
    fn a_zero_is_a_value() {
        let row = [0.0, 0.0, 3.0, 5.0];
        assert_eq!((percent_rank(&row, 0.0), mid_rank(&row, 0.0)), (Some(0.0), Some(0.25)));
        assert_eq!(median(&row), Some(1.5));
    }

    #[test]
    fn decimals_count() {
        assert_eq!(mid_rank(&[7.0, 7.2, 7.9, 8.0], 7.9), Some(0.625));
    }

    #[test]
    fn groups_of_public_health_england() {
        let row = [
            118.746, 131.278, 137.110, 137.726, 138.901, 143.263, 145.597, 146.697, 153.691, 155.763, 157.122, 171.217,
        ];
        let expected = vec![10, 9, 8, 7, 6, 6, 5, 4, 3, 2, 1, 1];
        assert_eq!(groups(&row, 10, Order::HighestFirst), Some(expected));
        assert_eq!(groups(&ROW, 4, Order::LowestFirst), Some(vec![1, 1, 1, 2, 3, 3, 4, 4]));
        assert_eq!((groups(&ROW, 9, Order::LowestFirst), groups(&ROW, 0, Order::LowestFirst)), (None, None));
    }

    #[test]
    fn equal_values_share_a_band() {
        let row = [5.0, 5.0, 5.0, 5.0, 5.0, 6.0, 7.0];
        let bounds = [0.2, 0.4, 0.6, 0.8].map(|p| quantile(&row, p).unwrap());
        assert_eq!(row.map(|it| band(&bounds, it)), [0, 0, 0, 0, 0, 4, 4]);
        assert_eq!(groups(&row, 5, Order::LowestFirst), Some(vec![1, 1, 1, 1, 1, 4, 5]));
    }
}
