//! A line as small as a word, of the own series, for in a table.

use crate::benchmark::chart::canvas::{Canvas, Shape, px};
use crate::benchmark::chart::frame;
use crate::benchmark::chart::scale::Scale;
use crate::benchmark::chart::style;
use crate::benchmark::chart::words;

const WIDTH: f64 = 132.0;
const HEIGHT: f64 = 36.0;

/// A short series, with where the group lies now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sparkline {
    /// What it says, in full: "Ziekteverzuim, laatste 12 maanden: van 6,8 naar 6,1 %, in de middelste helft".
    pub title: String,
    /// Oldest first.
    pub values: Vec<Option<f64>>,
    /// P25 and P75 of the group now; a bar at the right.
    pub middle_half: Option<(f64, f64)>,
    /// Of the group now; a tick on the bar.
    pub median: Option<f64>,
}

impl Sparkline {
    /// `prefix` begins the id: one for each sparkline on a page.
    pub fn svg(&self, prefix: &str, is_file: bool) -> String {
        let mut canvas = Canvas::new(prefix, WIDTH, 14.0);
        let half = self.middle_half.map(|it| [it.0, it.1]).into_iter().flatten();
        let scale = Scale::snug(self.values.iter().copied().flatten().chain(half).chain(self.median));
        let scale = scale.between(HEIGHT - 6.0, 6.0);
        let has_group = self.middle_half.is_some() || self.median.is_some();
        let (left, right) = (6.0, if has_group { WIDTH - 26.0 } else { WIDTH - 10.0 });
        let each = (right - left) / self.values.len().saturating_sub(1).max(1) as f64;
        let place = |at: usize, value: f64| (left + each * at as f64, scale.at(value));
        for run in frame::runs(self.values.iter().enumerate().map(|(at, it)| it.map(|it| place(at, it)))) {
            if let [only] = run.as_slice() {
                canvas.mark(Shape::Circle, "common", *only, 2.0, "");
            }
            canvas.path("series-own", &run);
        }
        let last = self.values.iter().enumerate().rev().find_map(|(at, it)| it.map(|it| (at, it)));
        if has_group {
            let (from, to) = (WIDTH - 18.0, WIDTH - 3.0);
            canvas.line("grid", (0.5 * (from + to), 4.0), (0.5 * (from + to), HEIGHT - 4.0));
            if let Some((low, high)) = self.middle_half {
                canvas.rect("band", (from, scale.at(low)), (to, scale.at(high)));
            }
            if let Some(median) = self.median {
                canvas.line("median", (from, scale.at(median)), (to, scale.at(median)));
            }
            if let Some((_, value)) = last {
                canvas.mark(Shape::Diamond, "own", (0.5 * (from + to), scale.at(value)), 3.0, "");
            }
        }
        if let Some((at, value)) = last {
            canvas.mark(Shape::Circle, "own", place(at, value), 4.0, "");
        }
        small(canvas, HEIGHT, "chart-spark", &self.title, is_file)
    }
}

/// The element around a drawing as small as a word: only a title.
pub(in crate::benchmark::chart) fn small(
    canvas: Canvas,
    height: f64,
    class: &str,
    title: &str,
    is_file: bool,
) -> String {
    let (id, w, h) = (canvas.id.clone(), px(canvas.width), px(height));
    let sheet = if is_file { format!("<style>{}{}</style>", style::SHEET, style::FILE_SHEET) } else { String::new() };
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg {class}" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-labelledby="{id}-t" font-family="Arial, sans-serif" font-size="14"><title id="{id}-t">{}</title>{sheet}{}</svg>"#,
        words::escape(title),
        canvas.into_body()
    )
}
