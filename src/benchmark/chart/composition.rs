//! How a whole is divided, own beside the group: stacked bars with a pattern for each part.

use crate::benchmark::chart::about::{About, Table, Who};
use crate::benchmark::chart::canvas::{Anchor, Canvas};
use crate::benchmark::chart::frame::View;
use crate::benchmark::chart::legend::{self, Key};
use crate::benchmark::chart::number;

/// More parts than this repeat a pattern.
const PATTERNS: usize = 8;

/// Some wholes with the same parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Composition {
    /// The unit is that of the amounts; shares are always in percent.
    pub about: About,
    /// Names of the parts, in their order in the bars.
    pub parts: Vec<String>,
    pub bars: Vec<Bar>,
}

/// A whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub who: Who,
    /// One for each part, 0 or more: shares, or amounts that are turned into shares. `None` is not known.
    pub amounts: Vec<Option<f64>>,
}

impl Bar {
    fn amount(&self, part: usize) -> f64 {
        self.amounts.get(part).copied().flatten().filter(|it| it.is_finite()).map_or(0.0, |it| it.clamp(0.0, 1e15))
    }

    /// Of each part, 0 to 1; `None` where nothing is above zero.
    fn shares(&self, parts: usize) -> Option<Vec<f64>> {
        let whole: f64 = (0..parts).map(|it| self.amount(it)).sum();
        (0.0 < whole).then(|| (0..parts).map(|it| self.amount(it) / whole).collect())
    }
}

impl Composition {
    /// The figures of the drawing in rows.
    pub fn table(&self) -> Table {
        let mut head = vec!["Deel".to_owned()];
        for bar in &self.bars {
            head.push(self.about.head(&bar.who.name()));
            head.push(format!("{}: aandeel", bar.who.name()));
        }
        let shares: Vec<Option<Vec<f64>>> = self.bars.iter().map(|it| it.shares(self.parts.len())).collect();
        let row = |(at, part): (usize, &String)| {
            let cells = self.bars.iter().zip(&shares).flat_map(|(bar, shares)| {
                let amount = bar.amounts.get(at).copied().flatten();
                let share = amount.and_then(|_| shares.as_ref()?.get(at).copied());
                [self.about.cell(amount), share.map_or_else(|| "–".to_owned(), percent)]
            });
            std::iter::once(part.clone()).chain(cells).collect()
        };
        let rows = self.parts.iter().enumerate().map(row).collect();
        Table { head, rows }
    }

    /// The drawing; one that says so when there is nothing to show.
    pub fn svg(&self, view: &View) -> String {
        let shares: Vec<Option<Vec<f64>>> = self.bars.iter().map(|it| it.shares(self.parts.len())).collect();
        if shares.iter().all(Option::is_none) {
            return view.empty(&self.about);
        }
        let mut canvas = view.canvas();
        let size = canvas.size;
        let patterns = patterns(&canvas.id);
        canvas.push(&patterns);
        let (left, right) = (8.0, canvas.width - 8.0);
        let mut y = 4.0;
        for (bar, shares) in self.bars.iter().zip(&shares) {
            let class = if bar.who.is_own() { "mine" } else { "text" };
            let name = canvas.fit(class, &bar.who.name(), right - left);
            canvas.text(class, Anchor::Start, (left, y + 0.7 * size), &name);
            y += 1.45 * size;
            let Some(shares) = shares else {
                canvas.text("soft", Anchor::Start, (left, y + 0.8 * size), "geen cijfers");
                y += 2.2 * size;
                continue;
            };
            let height = if bar.who.is_own() { 2.6 * size } else { 2.2 * size };
            let mut x = left;
            for (at, share) in shares.iter().enumerate().filter(|it| 0.0 < *it.1) {
                let end = (x + share * (right - left)).min(right);
                let tip = format!("{}, {}: {}", bar.who.name(), self.parts[at], percent(*share));
                canvas.filled("part", &fill(&canvas.id.clone(), at), (x, y), (end, y + height), &tip);
                let label = percent(*share);
                let half = 0.5 * canvas.text_width("strong", &label) + 3.0;
                if 2.0 * half + 4.0 < end - x {
                    let (middle, level) = (0.5 * (x + end), y + 0.5 * height);
                    canvas.rect("plate", (middle - half, level - 0.7 * size), (middle + half, level + 0.7 * size));
                    canvas.text("strong", Anchor::Middle, (middle, level), &label);
                }
                x = end;
            }
            y += height + 0.7 * size;
        }
        let id = canvas.id.clone();
        let keys: Vec<(Key, String)> =
            self.parts.iter().enumerate().map(|(at, it)| (Key::Fill(fill(&id, at)), it.clone())).collect();
        let end = legend::draw(&mut canvas, y, &keys);
        view.finish(canvas, end + 6.0, &self.about)
    }
}

/// Whole percents, with one decimal under ten.
fn percent(share: f64) -> String {
    let value = 100.0 * share;
    format!("{} %", number::fixed(value, usize::from(value < 9.95)))
}

fn fill(id: &str, part: usize) -> String {
    format!("url(#{id}-p{})", part % PATTERNS)
}

/// Patterns that differ in print and without colour: from full to empty, with lines between.
fn patterns(id: &str) -> String {
    let mut res = String::from("<defs>");
    for at in 0..PATTERNS {
        let mut tile = Canvas::new("", 10.0, 10.0);
        let (ground, lines): (&str, &[[f64; 4]]) = match at {
            0 => ("solid", &[]),
            1 => ("plate", &[[0.0, 10.0, 10.0, 0.0]]),
            2 => ("tint", &[]),
            3 => ("plate", &[[0.0, 5.0, 10.0, 5.0]]),
            4 => ("tint", &[[5.0, 0.0, 5.0, 10.0]]),
            5 => ("plate", &[]),
            6 => ("tint", &[[0.0, 0.0, 10.0, 10.0], [0.0, 10.0, 10.0, 0.0]]),
            _ => ("plate", &[[2.0, 5.0, 5.0, 5.0], [5.0, 2.0, 5.0, 5.0]]),
        };
        tile.rect(ground, (0.0, 0.0), (10.0, 10.0));
        for [x1, y1, x2, y2] in lines {
            tile.line("stripe", (*x1, *y1), (*x2, *y2));
        }
        res += &format!(
            r#"<pattern id="{id}-p{at}" width="10" height="10" patternUnits="userSpaceOnUse">{}</pattern>"#,
            tile.into_body()
        );
    }
    res + "</defs>"
}
