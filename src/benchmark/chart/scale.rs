//! From values to places on the drawing, with round numbers at the ticks.

use crate::benchmark::chart::number;

/// What lies further out is drawn at this value, so that no sum overflows.
pub(super) const FURTHEST: f64 = 1e15;

/// A straight scale from values to pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    /// Decimals of the ticks.
    decimals: usize,
    /// Round values within the scale, low to high.
    pub ticks: Vec<f64>,
}

impl Scale {
    /// Wide enough for all values, with about `want` ticks; never outside what is possible, such as 0 to 100. Without
    /// a value: 0 to 1.
    pub fn around(values: impl IntoIterator<Item = f64>, possible: Option<(f64, f64)>, want: usize) -> Scale {
        let (mut low, mut high) = ends(values);
        let room = 0.03 * (high - low);
        let step = step((high - low) / want.max(1) as f64);
        low = ((low - room) / step).floor() * step;
        high = ((high + room) / step).ceil() * step;
        if let Some((least, most)) = possible.filter(|it| it.0 < it.1) {
            // What lies outside what is possible is still shown.
            low = if least < high { low.max(least) } else { low };
            high = if low < most { high.min(most) } else { high };
        }
        let first = (low / step - 1e-6).ceil();
        let count = ((high / step + 1e-6).floor() - first).clamp(0.0, 30.0) as usize;
        let ticks = (0..=count).map(|at| (first + at as f64) * step).filter(|it| low <= *it && *it <= high).collect();
        let decimals = (-step.log10() - 1e-9).ceil().clamp(0.0, 6.0) as usize;
        Scale { low, high, from: 0.0, to: 1.0, decimals, ticks }
    }

    /// From the lowest to the highest value, without ticks.
    pub fn snug(values: impl IntoIterator<Item = f64>) -> Scale {
        let (low, high) = ends(values);
        Scale { low, high, from: 0.0, to: 1.0, decimals: 0, ticks: Vec::new() }
    }

    /// With the pixels at which it begins and ends.
    pub fn between(self, from: f64, to: f64) -> Scale {
        Scale { from, to, ..self }
    }

    /// The pixel of a value; what lies outside the scale is put at its end.
    pub fn at(&self, value: f64) -> f64 {
        let share = ((value.clamp(-FURTHEST, FURTHEST) - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        // A bound that is no number must not reach the drawing.
        self.from + (self.to - self.from) * if share.is_finite() { share } else { 0.0 }
    }

    /// A tick as text.
    pub fn label(&self, tick: f64) -> String {
        number::short(tick, self.decimals)
    }

    /// Whether a value lies on the scale.
    pub fn has(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Lowest and highest, always apart.
fn ends(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values
        .into_iter()
        .filter(|it| it.is_finite())
        .map(|it| it.clamp(-FURTHEST, FURTHEST))
        .fold((f64::MAX, f64::MIN), |(low, high), it| (low.min(it), high.max(it)));
    if high < low {
        return (0.0, 1.0);
    }
    if high - low <= 1e-9 * low.abs().max(high.abs()) {
        let room = if low == 0.0 { 0.5 } else { 0.1 * low.abs() };
        return (low - room, high + room);
    }
    (low, high)
}

/// 1, 2 or 5 times a power of ten, at least as large.
pub(super) fn step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0].into_iter().map(|it| it * power).find(|it| least <= it * 1.000001).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(values: &[f64], possible: Option<(f64, f64)>) -> Vec<String> {
        let scale = Scale::around(values.iter().copied(), possible, 5);
        scale.ticks.iter().map(|it| scale.label(*it)).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(&[4.1, 7.3], None), ["4", "5", "6", "7", "8"]);
        assert_eq!(labels(&[0.0, 98.0], Some((0.0, 100.0))), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(labels(&[5.0, 5.0], None), ["4,4", "4,6", "4,8", "5,0", "5,2", "5,4", "5,6"]);
        assert_eq!(labels(&[], None).first().map(String::as_str), Some("-0,2"));
        assert!(labels(&[-1e300, 1e300], None).len() < 12);
        assert!(labels(&[-40.0, 120.0], Some((0.0, 100.0))).contains(&"100".to_owned()));
    }

    #[test]
    fn places_stay_within_the_pixels() {
        let scale = Scale::around([2.0, 8.0], None, 4).between(300.0, 20.0);
        assert_eq!((scale.at(0.0), scale.at(5.0), scale.at(1e9)), (300.0, 160.0, 20.0));
        assert_eq!(scale.at(f64::NAN), 300.0);
        let snug = Scale::snug([2.0, 8.0, f64::NAN]).between(0.0, 60.0);
        assert_eq!((snug.at(2.0), snug.at(3.0), snug.at(9.0), snug.ticks.len()), (0.0, 10.0, 60.0, 0));
    }
}
