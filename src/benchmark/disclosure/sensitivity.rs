//! When one contributor weighs so much that a sum gives it away: dominance, the p% rule, the (n, k) rule.
//!
//! Values are contributions that are not negative, in any order. An empty or all-zero row has no secret and is not
//! sensitive.

/// The share of the largest contributor, 0 to 1; `None` when there is nothing to share.
pub fn largest_share(values: &[f64]) -> Option<f64> {
    let total: f64 = values.iter().sum();
    let largest = values.iter().copied().fold(0.0, f64::max);
    (0.0 < total && total.is_finite()).then(|| largest / total)
}

/// One contributor has more than this share, 0 to 1.
pub fn is_dominated(values: &[f64], most: f64) -> bool {
    largest_share(values).is_some_and(|it| most < it)
}

/// The second largest contributor could estimate the largest within `p` percent.
pub fn is_sensitive_p(values: &[f64], p: f64) -> bool {
    let sorted = largest_first(values);
    let Some(largest) = sorted.first().filter(|it| 0.0 < **it) else {
        return false;
    };
    let rest: f64 = sorted.iter().skip(2).sum();
    rest < p / 100.0 * largest
}

/// The `n` largest contributors have more than `k` percent together.
pub fn is_sensitive_nk(values: &[f64], n: usize, k: f64) -> bool {
    let sorted = largest_first(values);
    let total: f64 = sorted.iter().sum();
    k / 100.0 * total < sorted.iter().take(n).sum()
}

fn largest_first(values: &[f64]) -> Vec<f64> {
    let mut res = values.to_vec();
    res.sort_by(|a, b| b.total_cmp(a));
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        let rows: [&[f64]; 4] =
            [&[50.0, 30.0, 10.0, 5.0, 5.0], &[60.0, 25.0, 5.0, 5.0, 5.0], &[90.0, 5.0, 3.0, 2.0], &[25.0; 4]];
        for (name, rule, expected) in [
            ("p10", &(|it: &[f64]| is_sensitive_p(it, 10.0)) as &dyn Fn(&[f64]) -> bool, [false, false, true, false]),
            ("1, 75", &|it| is_sensitive_nk(it, 1, 75.0), [false, false, true, false]),
            // Exactly 85 % is not more than 85 %.
            ("2, 85", &|it| is_sensitive_nk(it, 2, 85.0), [false, false, true, false]),
            ("30 %", &|it| is_dominated(it, 0.30), [true, true, true, false]),
            ("25 %", &|it| is_dominated(it, 0.25), [true, true, true, false]),
        ] {
            assert_eq!(rows.map(rule), expected, "{name}");
        }
    }

    #[test]
    fn order_does_not_count_and_nothing_is_no_secret() {
        assert!(is_sensitive_p(&[2.0, 3.0, 90.0, 5.0], 10.0) && is_sensitive_nk(&[2.0, 3.0, 90.0, 5.0], 1, 75.0));
        assert!(is_sensitive_p(&[5.0], 10.0));
        for it in [&[][..], &[0.0, 0.0]] {
            assert!(!is_sensitive_p(it, 10.0) && !is_sensitive_nk(it, 1, 75.0) && !is_dominated(it, 0.5));
        }
    }
}
