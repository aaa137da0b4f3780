//! A rank with its uncertainty: "4 of 18" is often "somewhere from 2 to 11".

use crate::benchmark::distribution::{Level, normal, normal_below};
use crate::benchmark::interval::Interval;
use crate::benchmark::measure::Aim;

/// Steps in which the own value is taken through its own uncertainty.
const STEPS: usize = 41;

/// A place in a row, 1 is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    pub rank: usize,
    pub of: usize,
    /// The best and the worst rank that chance leaves open with 95 % confidence; unknown when an interval is missing.
    pub range: Option<(usize, usize)>,
}

/// A value with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    pub value: f64,
    pub interval: Option<Interval>,
}

/// The rank of the member at `own`; equal values share the best rank. `None` when no way is better.
///
/// The range is computed, not drawn: each member lies around its value as a normal variable with the standard error
/// that its interval tells. For each step of the own value the number of better others is a sum of independent
/// chances, whose distribution is exact; the steps are averaged. So the same figures always give the same range.
pub fn rank(members: &[Measured], own: usize, aim: Aim) -> Option<Rank> {
    let mine = members.get(own)?;
    let badness = aim.badness(mine.value)?;
    let better = members.iter().filter_map(|it| aim.badness(it.value)).filter(|it| *it < badness).count();
    Some(Rank { rank: better + 1, of: members.len(), range: range(members, own, aim) })
}

fn range(members: &[Measured], own: usize, aim: Aim) -> Option<(usize, usize)> {
    let errors: Vec<(f64, f64)> = members
        .iter()
        .map(|it| Some((it.value, it.interval?.width() / (2.0 * Level::Usual.z()))))
        .collect::<Option<_>>()?;
    let (value, error) = errors[own];
    let mut total = vec![0.0; members.len()];
    for step in 0..STEPS {
        let drawn = value + error * normal((step as f64 + 0.5) / STEPS as f64);
        let badness = aim.badness(drawn)?;
        let mut chances = vec![0.0; members.len()];
        chances[0] = 1.0;
        let mut seen = 0;
        for (at, &(value, error)) in errors.iter().enumerate() {
            if at == own {
                continue;
            }
            let better = chance_of_less(aim, value, error, badness);
            seen += 1;
            for count in (0..=seen).rev() {
                let before = if count == 0 { 0.0 } else { chances[count - 1] };
                chances[count] = chances[count] * (1.0 - better) + before * better;
            }
        }
        total.iter_mut().zip(chances).for_each(|(sum, it)| *sum += it / STEPS as f64);
    }
    let mut reached = 0.0;
    let below: Vec<f64> = total
        .iter()
        .map(|it| {
            reached += it;
            reached
        })
        .collect();
    let at = |probability: f64| below.iter().position(|it| probability <= *it).unwrap_or(below.len() - 1) + 1;
    Some((at(Level::Usual.tail()), at(1.0 - Level::Usual.tail())))
}

/// The chance that a member is better than this badness.
fn chance_of_less(aim: Aim, value: f64, error: f64, badness: f64) -> f64 {
    if error <= 0.0 {
        return f64::from(u8::from(aim.badness(value).is_some_and(|it| it < badness)));
    }
    let below = |bound: f64| normal_below((bound - value) / error);
    match aim {
        Aim::Lower => below(badness),
        Aim::Higher => 1.0 - below(-badness),
        Aim::Band { low, high } if 0.0 < badness => below(high + badness) - below(low - badness),
        Aim::Band { .. } | Aim::Neutral => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(values: &[f64], reach: f64) -> Vec<Measured> {
        let around = |value| Some(Interval { low: value - reach, high: value + reach });
        values.iter().map(|it| Measured { value: *it, interval: around(*it) }).collect()
    }

    #[test]
    fn ranks() {
        let row = [0.0, 4.0, 4.0, 7.0, 9.0];
        let band = Aim::Band { low: 4.0, high: 8.0 };
        for (aim, expected) in [(Aim::Lower, [1, 2, 2, 4, 5]), (Aim::Higher, [5, 3, 3, 2, 1]), (band, [5, 1, 1, 1, 4])]
        {
            let found: Vec<usize> = (0..5).map(|own| rank(&members(&row, 0.0), own, aim).unwrap().rank).collect();
            assert_eq!(found, expected, "{aim:?}");
        }
        assert_eq!(rank(&members(&row, 0.0), 0, Aim::Neutral), None);
        assert_eq!(rank(&[], 0, Aim::Lower), None);
    }

    #[test]
    fn the_range_follows_the_uncertainty() {
        let row: Vec<f64> = (0..18).map(f64::from).collect();
        let found = |reach, own| rank(&members(&row, reach), own, Aim::Lower).unwrap().range.unwrap();
        assert_eq!(found(0.0, 3), (4, 4));
        assert_eq!(found(0.1, 3), (4, 4));
        let (best, worst) = found(4.0, 3);
        assert!((1..=2).contains(&best) && (6..=9).contains(&worst), "{best} {worst}");
        let (best, worst) = found(1000.0, 3);
        assert!(best <= 2 && 17 <= worst, "nothing is known: {best} {worst}");
        // Mirrored figures give the mirrored range.
        let (best, worst) = found(4.0, 3);
        let mirrored = rank(&members(&row, 4.0), 14, Aim::Higher).unwrap().range.unwrap();
        assert_eq!(mirrored, (best, worst));
    }

    #[test]
    fn without_an_interval_the_range_is_unknown() {
        let mut row = members(&[1.0, 2.0, 3.0], 1.0);
        row[2].interval = None;
        assert_eq!(rank(&row, 0, Aim::Lower), Some(Rank { rank: 1, of: 3, range: None }));
        assert_eq!(rank(&members(&[1.0], 1.0), 0, Aim::Lower), Some(Rank { rank: 1, of: 1, range: Some((1, 1)) }));
    }
}
