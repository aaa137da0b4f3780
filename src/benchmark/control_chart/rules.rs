//! The four rules of "Making Data Count": which points of a stretch are more than chance.
//!
//! In this order, the first that holds names the signal: a point outside the limits; seven rising or falling; two of
//! three beyond two thirds of the way to the limit; seven on one side of the mean. All points of a run are marked.

use crate::benchmark::control_chart::Limits;

const RUN: usize = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    Outside,
    /// Seven in a row each higher, or each lower, than the one before.
    Trend,
    TwoOfThree,
    /// Seven in a row on one side of the mean.
    Shift,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    High,
    Low,
}

/// More than chance, and which way: of a trend the way it goes, else the side of the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signal {
    pub rule: Rule,
    pub side: Side,
}

/// One for each value.
pub fn signals(values: &[f64], limits: &Limits) -> Vec<Option<Signal>> {
    // Rounding of a binary fraction is no deviation: a constant series has no width.
    let grain = 1e-9 * values.iter().fold(limits.mean.abs(), |most, it| most.max(it.abs()));
    let sides: Vec<i8> = values.iter().map(|it| sign(it - limits.mean, grain)).collect();
    let is_outside = |it: f64| it < limits.low - grain || limits.high + grain < it;
    let near = |it: f64| grain + (limits.high - limits.mean) * 2.0 / 3.0 < (it - limits.mean).abs();
    let trends = trend(values, grain);
    let close = two_of_three(&values.iter().map(|it| near(*it)).collect::<Vec<_>>(), &sides);
    let shifts = run_of(&sides, RUN);
    (0..values.len())
        .map(|at| {
            let (rule, sign) = if is_outside(values[at]) {
                (Rule::Outside, sides[at])
            } else if trends[at] != 0 {
                (Rule::Trend, trends[at])
            } else if close[at] {
                (Rule::TwoOfThree, sides[at])
            } else if shifts[at] {
                (Rule::Shift, sides[at])
            } else {
                return None;
            };
            Some(Signal { rule, side: if 0 < sign { Side::High } else { Side::Low } })
        })
        .collect()
}

/// The way each value goes when it is part of seven rising (1) or falling (−1); an equal neighbour breaks a run.
fn trend(values: &[f64], grain: f64) -> Vec<i8> {
    let steps: Vec<i8> = values.windows(2).map(|it| sign(it[1] - it[0], grain)).collect();
    let mut res = vec![0; values.len()];
    for (at, in_run) in run_of(&steps, RUN - 1).into_iter().enumerate() {
        if in_run {
            res[at] = steps[at];
            res[at + 1] = steps[at];
        }
    }
    res
}

/// From the first to the last near point in a window of three that has two of them, all three on one side.
fn two_of_three(near: &[bool], sides: &[i8]) -> Vec<bool> {
    let mut res = vec![false; near.len()];
    for at in 2..near.len() {
        let window = at - 2..=at;
        let is_one_sided = sides[window.clone()].iter().all(|it| *it != 0 && *it == sides[at]);
        let found: Vec<usize> = window.filter(|it| near[*it]).collect();
        if let (true, [first, .., last]) = (is_one_sided, found.as_slice()) {
            res[*first..=*last].fill(true);
        }
    }
    res
}

/// Which signs stand in a run of `length` or more equal ones; a zero breaks a run.
fn run_of(signs: &[i8], length: usize) -> Vec<bool> {
    let mut res = vec![false; signs.len()];
    let mut from = 0;
    for at in 0..signs.len() {
        if signs[at] == 0 || signs[at] != signs[from] {
            from = at;
        }
        if signs[at] != 0 && length <= at + 1 - from {
            res[from..=at].fill(true);
        }
    }
    res
}

fn sign(difference: f64, grain: f64) -> i8 {
    if grain < difference {
        1
    } else if difference < -grain {
        -1
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(marks: &str) -> Vec<bool> {
        marks.chars().map(|it| it == '1').collect()
    }

    #[test]
    fn seven_rising() {
        for (values, expected) in [
            (vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], "1111111"),
            (vec![1.0, 2.0, 3.0, 3.0, 4.0, 5.0, 6.0], "0000000"),
            (vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "000000"),
            (vec![9.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.0], "011111110"),
            (vec![], ""),
        ] {
            let found: Vec<bool> = trend(&values, 0.0).iter().map(|it| *it == 1).collect();
            assert_eq!(found, flags(expected), "{values:?}");
        }
        assert_eq!(trend(&[7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0], 0.0), [-1; 7]);
    }

    #[test]
    fn seven_on_one_side() {
        assert_eq!(run_of(&[1, 1, 1, 1, 1, 1, 1, 1, -1], 7), flags("111111110"));
        assert_eq!(run_of(&[1, 1, 1, 0, 1, 1, 1, 1], 7), flags("00000000"));
        assert_eq!(run_of(&[-1, 1, 1, 1, 1, 1, 1], 7), flags("0000000"));
    }

    #[test]
    fn two_of_three_on_one_side() {
        for (near, sides, expected) in [
            ("0010100", [1, 1, 1, 1, 1, 1, 1].as_slice(), "0011100"),
            ("101", &[1, -1, 1], "000"),
            ("1101", &[1, 1, 1, 1], "1111"),
            ("110", &[1, 1, 1], "110"),
            ("11", &[1, 1], "00"),
            ("110", &[1, 1, -1], "000"),
        ] {
            assert_eq!(two_of_three(&flags(near), sides), flags(expected), "{near}");
        }
    }
}
