//! Labels beside what they name, none over another.

use crate::benchmark::chart::canvas::{Anchor, Canvas, Place};
use crate::benchmark::chart::frame::Plot;

/// A label right of a plot, at the height of what it names.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    pub class: &'static str,
    pub y: f64,
    pub text: String,
}

/// Room right of a plot for these labels, at most 40 % of the drawing.
pub fn side_room(canvas: &Canvas, texts: &[String]) -> f64 {
    let widest = texts.iter().map(|it| canvas.text_width("strong", it)).fold(0.0, f64::max);
    (widest + 12.0).min(0.4 * canvas.width)
}

/// Draws labels right of the plot, moved up and down until none touch. What does not fit in the height is left out.
pub fn sides(canvas: &mut Canvas, plot: &Plot, mut labels: Vec<Side>) {
    let each = 1.15 * canvas.size;
    let (top, bottom) = (plot.top + 0.3 * canvas.size, plot.bottom - 0.3 * canvas.size);
    labels.truncate(((bottom - top) / each).floor().max(0.0) as usize + 1);
    labels.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut free = top;
    for label in &mut labels {
        label.y = label.y.clamp(free, bottom.max(free));
        free = label.y + each;
    }
    let mut free = bottom;
    for label in labels.iter_mut().rev() {
        label.y = label.y.min(free);
        free = label.y - each;
    }
    for label in &labels {
        let text = canvas.fit(label.class, &label.text, canvas.width - plot.right - 8.0);
        canvas.text(label.class, Anchor::Start, (plot.right + 6.0, label.y), &text);
    }
}

/// Labels at marks within a plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Marks {
    plot: Plot,
    taken: Vec<Plot>,
}

impl Marks {
    /// None yet.
    pub fn new(plot: Plot) -> Marks {
        Marks { plot, taken: Vec::new() }
    }

    /// Keeps labels away from a mark.
    pub fn keep_free(&mut self, (x, y): Place, r: f64) {
        self.taken.push(Plot { left: x - r, top: y - r, right: x + r, bottom: y + r });
    }

    /// Draws a label right, left, above or below a mark, where it fits; whether it did.
    pub fn put(&mut self, canvas: &mut Canvas, class: &str, (x, y): Place, r: f64, text: &str) -> bool {
        let (w, h) = (canvas.text_width(class, text), 1.1 * canvas.size);
        let spots = [
            (x + r + 4.0 + 0.5 * w, y),
            (x - r - 4.0 - 0.5 * w, y),
            (x, y - r - 0.5 * h - 2.0),
            (x, y + r + 0.5 * h + 2.0),
            (x + 0.5 * w, y - r - 0.5 * h - 2.0),
            (x - 0.5 * w, y - r - 0.5 * h - 2.0),
        ];
        for (x, y) in spots {
            let spot = Plot { left: x - 0.5 * w, right: x + 0.5 * w, top: y - 0.5 * h, bottom: y + 0.5 * h };
            let is_inside = self.plot.left <= spot.left
                && spot.right <= self.plot.right
                && self.plot.top <= spot.top
                && spot.bottom <= self.plot.bottom;
            if is_inside && !self.taken.iter().any(|it| touch(it, &spot)) {
                canvas.text(class, Anchor::Middle, (x, y), text);
                self.taken.push(spot);
                return true;
            }
        }
        false
    }
}

fn touch(a: &Plot, b: &Plot) -> bool {
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
