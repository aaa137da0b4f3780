//! A slow drift of a percentile, found by cumulative sums (as OpenPrescribing does for its alerts).
//!
//! A noisy start blinds it: the threshold comes from the first window. An alert is a reason to look, no verdict.

/// Months that the target and the threshold come from.
pub const WINDOW: usize = 12;

/// How many standard deviations of drift it takes.
pub const SENSITIVITY: f64 = 5.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alert {
    Up,
    Down,
}

/// What the sums are measured against.
#[derive(Clone, Copy)]
struct Aim {
    target: f64,
    threshold: f64,
}

#[derive(Clone, Copy)]
struct Sums {
    up: f64,
    down: f64,
}

/// Whether each value of a series gives an alert. Values from 0 to 1. A missing value sets the sums back to zero.
pub fn alerts(series: &[Option<f64>], window: usize, sensitivity: f64) -> Vec<Option<Alert>> {
    let mut res = vec![None; series.len()];
    let window = window.max(1);
    let Some(first) = series.iter().position(Option::is_some) else {
        return res;
    };
    // The first window that holds a value.
    let start = (first + 1).saturating_sub(window);
    let aim_at = |from: usize, until: usize| aim_of(&series[from..until.min(series.len())], sensitivity);
    let mut aim = aim_at(start, start + window);
    let mut sums = next(series[start], Sums { up: 0.0, down: 0.0 }, aim, sensitivity);
    for at in start + 1..series.len() {
        let value = series[at];
        match alert(sums, aim) {
            None => sums = next(value, sums, aim, sensitivity),
            Some(last) => {
                let fresh = aim_at(at.saturating_sub(window), at);
                let kept = Aim { target: fresh.target, threshold: aim.threshold };
                let ahead = next(value, sums, kept, sensitivity);
                let moves_on = match last {
                    Alert::Up => sums.up < ahead.up,
                    Alert::Down => ahead.down < sums.down,
                };
                (aim, sums) = if moves_on {
                    (kept, ahead)
                } else {
                    (fresh, next(value, Sums { up: 0.0, down: 0.0 }, fresh, sensitivity))
                };
            }
        }
        res[at] = alert(sums, aim);
    }
    res
}

fn aim_of(window: &[Option<f64>], sensitivity: f64) -> Aim {
    let values: Vec<f64> = window.iter().flatten().copied().collect();
    let n = values.len() as f64;
    let target = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|it| (it - target).powi(2)).sum::<f64>() / n;
    Aim { target, threshold: sensitivity * variance.sqrt() }
}

fn next(value: Option<f64>, sums: Sums, aim: Aim, sensitivity: f64) -> Sums {
    let slack = 0.5 * aim.threshold / sensitivity;
    let rounded = |it: f64| (100.0 * it).round() / 100.0;
    match value.map(|it| it - aim.target).filter(|it| it.is_finite()) {
        Some(off) => {
            Sums { up: rounded((sums.up + off - slack).max(0.0)), down: rounded((sums.down + off + slack).min(0.0)) }
        }
        None => Sums { up: 0.0, down: 0.0 },
    }
}

fn alert(sums: Sums, aim: Aim) -> Option<Alert> {
    if aim.threshold < sums.up {
        Some(Alert::Up)
    } else if sums.down < -aim.threshold {
        Some(Alert::Down)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cases of OpenPrescribing: percentiles and where an alert falls, with a window of 3.
    #[test]
    fn published_cases() {
        for (values, expected) in [
            ("100 100 100 100 100 100 100", "......."),
            ("100 100 100 100 90 80 70 70 70 70", "....ddddd."),
            ("100 100 100 100 90 80 100 100 100 100", "....dd...."),
            ("100 90 80 70 60 70 80 90 100", "....d...u"),
            ("10 20 30 40 50 40 30 20 10 10", "....u...dd"),
            // An alert on a zero is one: their test takes the zero for nothing.
            ("10 20 30 40 50 40 30 20 10 0", "....u...dd"),
            ("1 1 2 3 4 5 5 5 100", "....uuu.u"),
            ("47 47 48 49 50 51 52 52 100", "....uuuuu"),
            ("0 20 30 40 50 60 70 80 90", ".....uuuu"),
            ("100 0 100 0 100 0 20 30 40 50 60 70 80 90", ".............."),
            ("10 20 30 40 50 60 100 100 100 100", "....uuuuu."),
            ("20 40 60 80", "...."),
            ("0 20 40 60 80 90 100", "....uuu"),
            ("5 50 100 50 5 50 100 50 5 50 100 50 5", "............."),
            ("5 6 7 90 5 6 7 6 5 6 7 6 5", "...u........."),
            ("10 - 30 40 50 60 100 100 100", ".....uuuu"),
        ] {
            let series: Vec<Option<f64>> =
                values.split(' ').map(|it| it.parse::<f64>().ok().map(|it| it / 100.0)).collect();
            let found: String = alerts(&series, 3, SENSITIVITY)
                .into_iter()
                .map(|it| match it {
                    None => '.',
                    Some(Alert::Up) => 'u',
                    Some(Alert::Down) => 'd',
                })
                .collect();
            assert_eq!(found, expected, "{values}");
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(alerts(&[], WINDOW, SENSITIVITY), []);
        assert_eq!(alerts(&[None, None], WINDOW, SENSITIVITY), [None, None]);
    }
}
