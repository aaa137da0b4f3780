//! Many values without a name as bars: how many there are in each range. A row for each would be a list of thousands.

use std::collections::BTreeMap;

use crate::benchmark::chart::about::About;
use crate::benchmark::chart::canvas::{Anchor, Canvas};
use crate::benchmark::chart::frame::Plot;
use crate::benchmark::chart::number;
use crate::benchmark::chart::scale::{FURTHEST, Scale, step};

/// About how many ranges there are.
const WANT: f64 = 40.0;

/// Values counted in ranges of the same width.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Crowd {
    /// Of each range, in the unit of the values.
    width: f64,
    /// Values are no more precise than this.
    least: f64,
    /// Ranges with a value, low to high.
    pub bars: Vec<Bar>,
}

/// From `low` to just under `high`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub low: f64,
    pub high: f64,
    pub count: usize,
}

impl Crowd {
    /// Of values that were rounded to `decimals`; what is no number is left out.
    pub fn new(values: impl Iterator<Item = f64> + Clone, decimals: usize) -> Crowd {
        let values = values.filter(|it| it.is_finite()).map(|it| it.clamp(-FURTHEST, FURTHEST));
        let ends = values.clone().fold((f64::MAX, f64::MIN), |(low, high), it| (low.min(it), high.max(it)));
        let least = 10f64.powi(-(decimals.min(6) as i32));
        let width = step(((ends.1 - ends.0) / WANT).max(least));
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        for it in values {
            // A value on the bound between two belongs to the upper one, also when it is a hair less in binary.
            *counts.entry((it / width + 1e-6).floor() as i64).or_default() += 1;
        }
        let bar = |(at, count)| Bar { low: at as f64 * width, high: (at as f64 + 1.0) * width, count };
        Crowd { width, least, bars: counts.into_iter().map(bar).collect() }
    }

    pub fn count(&self) -> usize {
        self.bars.iter().map(|it| it.count).sum()
    }

    fn most(&self) -> usize {
        self.bars.iter().map(|it| it.count).max().unwrap_or_default()
    }

    /// "2.499 zonder naam".
    pub fn name(&self) -> String {
        format!("{} zonder naam", number::fixed(self.count() as f64, 0))
    }

    /// The range of a bar: "7,0 tot 7,5", or the one value there is in it.
    pub fn range(&self, bar: &Bar, about: &About) -> String {
        if self.width < 1.5 * self.least {
            return about.number(bar.low);
        }
        number::range(bar.low, bar.high, about.decimals)
    }

    /// The bars on the floor of `plot`.
    pub fn draw(&self, canvas: &mut Canvas, plot: &Plot, scale: &Scale, about: &About) {
        let most = self.most().max(1) as f64;
        for it in &self.bars {
            let (from, to) = (scale.at(it.low), scale.at(it.high));
            // A single value is drawn around its place.
            let shift = if self.width < 1.5 * self.least { 0.5 * (to - from) } else { 0.0 };
            let top = plot.bottom - (plot.bottom - plot.top) * it.count as f64 / most;
            let tip = format!("{}: {} zonder naam", self.range(it, about), it.count);
            canvas.filled("nameless", "", (from - shift, top), (to - shift, plot.bottom), &tip);
        }
        canvas.line("axis", (plot.left, plot.bottom), (plot.right, plot.bottom));
    }

    /// What the bars are, above the plot or beside it.
    pub fn label(&self, canvas: &mut Canvas, plot: &Plot, is_wide: bool) {
        let (size, highest) = (canvas.size, format!("hoogste: {}", number::fixed(self.most() as f64, 0)));
        if is_wide {
            canvas.text("text", Anchor::End, (plot.left - 12.0, plot.bottom - 0.7 * size), &self.name());
            canvas.text("soft", Anchor::Start, (plot.right + 8.0, plot.top), &highest);
        } else {
            canvas.text("text", Anchor::Start, (plot.left, plot.top - 0.8 * size), &self.name());
            canvas.text("soft", Anchor::End, (plot.right, plot.top - 0.8 * size), &highest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[f64], decimals: usize) -> Vec<(f64, f64, usize)> {
        let three = |it: f64| (it * 1e3).round() / 1e3;
        let crowd = Crowd::new(values.iter().copied(), decimals);
        crowd.bars.iter().map(|it| (three(it.low), three(it.high), it.count)).collect()
    }

    #[test]
    fn every_value_is_counted_once() {
        assert_eq!(bars(&[0.1, 0.2, 0.3, 0.3, f64::NAN], 1), [(0.1, 0.2, 1), (0.2, 0.3, 1), (0.3, 0.4, 2)]);
        assert_eq!(bars(&[-1.0, 3.9, 4.0, 19.0], 1), [(-1.0, -0.5, 1), (3.5, 4.0, 1), (4.0, 4.5, 1), (19.0, 19.5, 1)]);
        assert_eq!(bars(&[], 1), []);
        let many: Vec<f64> = (0..2_499).map(|it| f64::from(it % 173) / 10.0).collect();
        let crowd = Crowd::new(many.iter().copied(), 1);
        assert_eq!((crowd.count(), crowd.bars.len()), (2_499, 35));
        assert_eq!(crowd.name(), "2.499 zonder naam");
        assert!(Crowd::new([f64::MAX, f64::MIN, 0.0].into_iter(), 2).bars.len() < 4);
    }

    #[test]
    fn a_range_is_named_by_its_bounds_unless_it_holds_one_value() {
        let about = About { decimals: 1, ..About::default() };
        let name = |values: &[f64]| {
            let crowd = Crowd::new(values.iter().copied(), 1);
            crowd.bars.first().map(|it| crowd.range(it, &about)).unwrap_or_default()
        };
        assert_eq!(name(&[4.1, 4.2]), "4,1");
        assert_eq!(name(&[4.1, 24.0]), "4,0 tot 4,5");
    }
}
