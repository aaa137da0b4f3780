//! What the shapes and lines of a chart mean, below it.

use crate::benchmark::chart::canvas::{Anchor, Canvas, Shape};
use crate::benchmark::chart::words;

/// The drawing in front of an explanation.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    Mark(Shape, &'static str),
    Line(&'static str),
    Area(&'static str),
    /// A fill of its own, such as "url(#…)".
    Fill(String),
}

/// Draws the entries in rows from `top` down; gives where they end.
pub fn draw(canvas: &mut Canvas, top: f64, entries: &[(Key, String)]) -> f64 {
    let (row, key, edge) = (1.4 * canvas.size, 24.0, 8.0);
    let (mut x, mut y) = (edge, top + 0.5 * row);
    for (shape, text) in entries {
        let text = words::fit(text, canvas.width - 2.0 * edge - key, canvas.size);
        let wide = key + words::width(&text, canvas.size);
        if edge < x && canvas.width - edge < x + wide {
            (x, y) = (edge, y + row);
        }
        match shape {
            Key::Mark(shape, class) => canvas.mark(*shape, class, (x + 9.0, y), 5.5, ""),
            Key::Line(class) => canvas.line(class, (x, y), (x + 18.0, y)),
            Key::Area(class) => canvas.rect(class, (x, y - 6.0), (x + 18.0, y + 6.0)),
            Key::Fill(fill) => canvas.filled("part", fill, (x, y - 7.0), (x + 18.0, y + 7.0), ""),
        }
        canvas.text("text", Anchor::Start, (x + key, y), &text);
        x += wide + 16.0;
    }
    if entries.is_empty() { top } else { y + 0.6 * row }
}

/// Draws notes in whole lines from `top` down; gives where they end.
pub fn notes<'a>(canvas: &mut Canvas, top: f64, notes: impl IntoIterator<Item = &'a str>) -> f64 {
    let mut y = top;
    for line in
        notes.into_iter().flat_map(|it| words::wrap(it, canvas.width - 16.0, canvas.size, 4)).collect::<Vec<_>>()
    {
        canvas.text("soft", Anchor::Start, (8.0, y + 0.7 * canvas.size), &line);
        y += 1.3 * canvas.size;
    }
    y
}
