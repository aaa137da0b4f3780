//! What all charts share: widths, axes, and the element around the drawing.

use crate::benchmark::chart::about::About;
use crate::benchmark::chart::canvas::{Anchor, Canvas, Place, px};
use crate::benchmark::chart::scale::Scale;
use crate::benchmark::chart::style;
use crate::benchmark::chart::words;

/// The most notes under a drawing, and lines of each.
const NOTES_MAX: usize = 20;
const NOTE_LINES: usize = 6;

/// Of the drawing: 360 or 720 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// For 320 pixels of screen and half a page.
    Narrow,
    Wide,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View<'a> {
    /// Begins each id: one for each chart on a page.
    pub prefix: &'a str,
    pub width: Width,
    /// A file of its own: with title, summary and style sheet inside.
    pub is_file: bool,
}

impl View<'_> {
    /// Room for labels beside the plot.
    pub fn is_wide(&self) -> bool {
        self.width == Width::Wide
    }

    /// An empty canvas of this width.
    pub fn canvas(&self) -> Canvas {
        let (name, width, size) = if self.is_wide() { ("w", 720.0, 14.0) } else { ("n", 360.0, 15.0) };
        Canvas::new(&format!("{}-{name}", self.prefix), width, size)
    }

    /// The drawing around what is on the canvas.
    pub fn finish(&self, canvas: Canvas, height: f64, about: &About) -> String {
        let (width, size, id) = (canvas.width, canvas.size, canvas.id.clone());
        let mut head = Canvas::new("", width, size);
        let mut top = 0.0;
        if self.is_file {
            let room = width - 16.0;
            let title = words::wrap(&about.head(&about.title), room, style::boldness("strong") * size, 3);
            let summary = words::wrap(&about.summary, room, size, 5);
            top = 8.0;
            for (class, line) in title.iter().map(|it| ("strong", it)).chain(summary.iter().map(|it| ("soft", it))) {
                head.text(class, Anchor::Start, (8.0, top + 0.7 * size), line);
                top += 1.35 * size;
            }
            top += 6.0;
        }
        let sheet =
            if self.is_file { format!("<style>{}{}</style>", style::SHEET, style::FILE_SHEET) } else { String::new() };
        let (class, hidden) = match (self.is_file, self.width) {
            (true, _) => ("", ""),
            (false, Width::Wide) => (" chart-wide", ""),
            // Where no sheet says otherwise, one drawing is enough.
            (false, Width::Narrow) => (" chart-narrow", r#" display="none""#),
        };
        let body = canvas.into_body();
        let body = if self.is_file { format!(r#"<g transform="translate(0 {})">{body}</g>"#, px(top)) } else { body };
        let (notes, below) = if self.is_file { notes(&about.notes, width, top + height) } else { (String::new(), 0.0) };
        let (w, h) = (px(width), px(top + height + below));
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg{class}"{hidden} viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-labelledby="{id}-t {id}-d" font-family="Arial, sans-serif" font-size="{}" fill="#1c2429"><title id="{id}-t">{}</title><desc id="{id}-d">{}</desc>{sheet}{}{body}{notes}</svg>"##,
            px(size),
            words::escape(&about.title),
            words::escape(&about.summary),
            head.into_body()
        )
    }

    /// Says that there is nothing to show.
    pub fn empty(&self, about: &About) -> String {
        let mut canvas = self.canvas();
        canvas.text("soft", Anchor::Start, (8.0, 20.0), "Er zijn geen cijfers om te tonen.");
        self.finish(canvas, 40.0, about)
    }
}

/// Small text under a drawing, and how much room it takes.
fn notes(lines: &[String], width: f64, top: f64) -> (String, f64) {
    if lines.is_empty() {
        return (String::new(), 0.0);
    }
    let size = 11.0;
    let mut canvas = Canvas::new("", width, size);
    let mut y = 8.0;
    canvas.line("grid", (8.0, y), (width - 8.0, y));
    y += 6.0;
    for line in lines.iter().take(NOTES_MAX).flat_map(|it| words::wrap(it, width - 16.0, size, NOTE_LINES)) {
        canvas.text("soft", Anchor::Start, (8.0, y + 0.7 * size), &line);
        y += 1.35 * size;
    }
    let drawn =
        format!(r#"<g transform="translate(0 {})" font-size="{}">{}</g>"#, px(top), px(size), canvas.into_body());
    (drawn, y + 6.0)
}

/// A file for programs that read no style sheet, or not all of ours: the attributes say the same, in light colours.
pub fn without_sheet(file: &str) -> String {
    file.replacen(&format!("<style>{}{}</style>", style::SHEET, style::FILE_SHEET), "", 1)
}

/// Both widths for a page; the sheet shows the one that fits. `draw` is the `svg` of a chart.
pub fn both(prefix: &str, draw: impl Fn(&View) -> String) -> String {
    let at = |width| draw(&View { prefix, width, is_file: false });
    at(Width::Wide) + &at(Width::Narrow)
}

/// Where values are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plot {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Plot {
    /// Ticks of an upright scale: labels left, lines across.
    pub fn upright(&self, canvas: &mut Canvas, scale: &Scale) {
        for tick in &scale.ticks {
            let y = scale.at(*tick);
            canvas.line("grid", (self.left, y), (self.right, y));
            canvas.text("soft", Anchor::End, (self.left - 6.0, y), &scale.label(*tick));
        }
    }

    /// Ticks of a lying scale: labels below, lines upwards. Labels that would touch are left out.
    pub fn lying(&self, canvas: &mut Canvas, scale: &Scale) {
        let mut free = 0.0;
        for tick in &scale.ticks {
            let (x, label) = (scale.at(*tick), scale.label(*tick));
            let half = 0.5 * words::width(&label, canvas.size);
            canvas.line("grid", (x, self.top), (x, self.bottom));
            let x = x.clamp(half + 2.0, canvas.width - half - 2.0);
            if free <= x - half {
                canvas.text("soft", Anchor::Middle, (x, self.bottom + 0.85 * canvas.size), &label);
                free = x + half + 8.0;
            }
        }
    }

    /// The middle of place `at` of `count`.
    pub fn column(&self, at: usize, count: usize) -> f64 {
        self.left + (at as f64 + 0.5) * (self.right - self.left) / count.max(1) as f64
    }

    /// The start of place `at` of `count`.
    pub fn column_start(&self, at: usize, count: usize) -> f64 {
        self.left + at.min(count) as f64 * (self.right - self.left) / count.max(1) as f64
    }

    /// Names of periods below, as many as fit, the last always.
    pub fn periods(&self, canvas: &mut Canvas, names: &[String]) {
        let widest = names.iter().map(|it| words::width(it, canvas.size)).fold(1.0, f64::max);
        let each = (self.right - self.left) / names.len().max(1) as f64;
        let every = ((widest + 10.0) / each).ceil().max(1.0) as usize;
        canvas.line("axis", (self.left, self.bottom), (self.right, self.bottom));
        for (at, name) in names.iter().enumerate().filter(|it| (names.len() - 1 - it.0).is_multiple_of(every)) {
            let x = self.column(at, names.len());
            // The first may not be moved into the second to stay on the drawing.
            if at < every && x < 0.5 * words::width(name, canvas.size) && every < names.len() {
                continue;
            }
            canvas.line("axis", (x, self.bottom), (x, self.bottom + 4.0));
            canvas.text("soft", Anchor::Middle, (x, self.bottom + 4.0 + 0.8 * canvas.size), name);
        }
    }
}

/// Room left of a plot for the labels of an upright scale.
pub fn label_room(scale: &Scale, size: f64) -> f64 {
    scale.ticks.iter().map(|it| words::width(&scale.label(*it), size)).fold(0.0, f64::max) + 10.0
}

/// Places that follow each other without a gap.
pub fn runs(places: impl IntoIterator<Item = Option<Place>>) -> Vec<Vec<Place>> {
    let mut res = vec![Vec::new()];
    for place in places {
        match (place, res.last_mut()) {
            (Some(place), Some(last)) => last.push(place),
            (None, Some(last)) if !last.is_empty() => res.push(Vec::new()),
            _ => {}
        }
    }
    res.retain(|it| !it.is_empty());
    res
}
