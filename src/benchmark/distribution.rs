//! Quantiles of the distributions behind intervals and limits, correct to at least 10 digits.
//!
//! The crate statrs gives them; its chi-square quantile stops a little early (7.377758907715 for the 97.5 % point
//! with two degrees of freedom, where 7.377758908228 is right), so one Newton step on its own distribution function
//! follows. Arguments outside the domain give NaN: statrs panics there.

use statrs::distribution::{Binomial, ChiSquared, Continuous, ContinuousCDF, DiscreteCDF, Normal, StudentsT};

/// How sure an interval or limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// 95 %: two standard errors.
    Usual,
    /// 99.8 %: three standard errors.
    Strict,
}

impl Level {
    /// The probability outside, on one side.
    pub fn tail(self) -> f64 {
        match self {
            Level::Usual => 0.025,
            Level::Strict => 0.001,
        }
    }

    /// The distance from the middle in standard errors: 1.959964 or 3.090232.
    pub fn z(self) -> f64 {
        normal(1.0 - self.tail())
    }
}

/// The value that a standard normal variable stays under with this probability.
pub fn normal(probability: f64) -> f64 {
    match Normal::new(0.0, 1.0) {
        Ok(it) if is_inside(probability) => it.inverse_cdf(probability),
        _ => f64::NAN,
    }
}

/// The probability that a standard normal variable stays under a value.
pub fn normal_below(value: f64) -> f64 {
    match Normal::new(0.0, 1.0) {
        Ok(it) if !value.is_nan() => it.cdf(value),
        _ => f64::NAN,
    }
}

/// Zero when there are no degrees of freedom.
pub fn chi_square(probability: f64, freedom: f64) -> f64 {
    if freedom == 0.0 {
        return 0.0;
    }
    match ChiSquared::new(freedom) {
        Ok(it) if is_inside(probability) && freedom.is_finite() => {
            let first = it.inverse_cdf(probability);
            let next = first - (it.cdf(first) - probability) / it.pdf(first);
            if next.is_finite() && 0.0 < next { next } else { first }
        }
        _ => f64::NAN,
    }
}

pub fn student(probability: f64, freedom: f64) -> f64 {
    match StudentsT::new(0.0, 1.0, freedom) {
        Ok(it) if is_inside(probability) && freedom.is_finite() => it.inverse_cdf(probability),
        _ => f64::NAN,
    }
}

/// The smallest number of heads in so many throws of a fair coin that is reached with this probability.
pub fn fair_coin(probability: f64, throws: u64) -> u64 {
    match Binomial::new(0.5, throws) {
        Ok(it) if is_inside(probability) => it.inverse_cdf(probability),
        _ => 0,
    }
}

fn is_inside(probability: f64) -> bool {
    0.0 < probability && probability < 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;

    /// Computed with 25 digits by mpmath.
    #[test]
    fn quantiles() {
        for (probability, expected) in
            [(0.975, 1.959963984540054), (0.999, 3.090232306167814), (0.95, 1.644853626951473)]
        {
            assert_close(normal(probability), expected, 1e-13);
        }
        for (probability, freedom, expected) in [
            (0.025, 2.0, 0.05063561596857975),
            (0.025, 10.0, 3.246972780236841),
            (0.975, 2.0, 7.377758908227873),
            (0.975, 12.0, 23.33666415864534),
            (0.001, 20.0, 5.921040745487519),
            (0.999, 22.0, 48.26794229083518),
            (0.025, 1790.0, 1674.63492372169),
        ] {
            assert_close(chi_square(probability, freedom), expected, 1e-12 * expected.max(1.0));
        }
        for (probability, freedom, expected) in [
            (0.975, 1.0, 12.7062047361747),
            (0.975, 2.0, 4.302652729749464),
            (0.975, 7.0, 2.364624251592785),
            (0.975, 1000.0, 1.962339080826408),
            (0.999, 7.0, 4.785289628638334),
        ] {
            assert_close(student(probability, freedom), expected, 1e-11);
        }
        assert_eq!([9, 11, 15, 19, 23].map(|it| fair_coin(0.05, it)), [2, 3, 4, 6, 8]);
        assert_close(normal_below(1.959963984540054), 0.975, 1e-11);
    }

    #[test]
    fn outside_the_domain_there_is_no_number() {
        assert_eq!(chi_square(0.5, 0.0), 0.0);
        for it in [normal(0.0), normal(1.5), normal_below(f64::NAN), chi_square(0.5, -1.0), student(0.5, 0.0)] {
            assert!(it.is_nan());
        }
    }
}
