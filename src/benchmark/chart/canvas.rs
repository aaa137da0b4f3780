//! The sheet a chart is drawn on: lines, areas, marks and text, written as SVG.

use std::fmt::Write as _;

use crate::benchmark::chart::style;
use crate::benchmark::chart::words;

/// A place on the drawing, in pixels from the top left.
pub type Place = (f64, f64);

/// Shapes tell apart what colour alone must not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Circle,
    Diamond,
    Square,
    /// A triangle that points up.
    Up,
    Down,
    Cross,
}

/// Which side of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// What is drawn so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Canvas {
    pub width: f64,
    /// Font size; all text has the same.
    pub size: f64,
    /// Begins each id, so that charts on one page do not share any.
    pub id: String,
    body: String,
}

impl Canvas {
    /// Empty. Of `id` only what is safe in a reference is kept.
    pub fn new(id: &str, width: f64, size: f64) -> Canvas {
        let id = id.chars().filter(|it| it.is_ascii_alphanumeric() || "-_".contains(*it)).collect();
        Canvas { width, size, id, body: String::new() }
    }

    /// A straight line; `class` is a name of `style::attributes`, here and below.
    pub fn line(&mut self, class: &str, from: Place, to: Place) {
        let looks = style::attributes(class);
        let _ = write!(
            self.body,
            r#"<line class="c-{class}"{looks} x1="{}" y1="{}" x2="{}" y2="{}"/>"#,
            px(from.0),
            px(from.1),
            px(to.0),
            px(to.1)
        );
    }

    /// A line through places; nothing under two.
    pub fn path(&mut self, class: &str, places: &[Place]) {
        if 2 <= places.len() {
            self.shape(class, &outline(places), "");
        }
    }

    /// A filled area with these corners; nothing under three.
    pub fn area(&mut self, class: &str, places: &[Place]) {
        if 3 <= places.len() {
            self.shape(class, &(outline(places) + "Z"), "");
        }
    }

    /// A rectangle between two corners.
    pub fn rect(&mut self, class: &str, from: Place, to: Place) {
        self.filled(class, "", from, to, "");
    }

    /// A rectangle with a fill of its own, such as a pattern, and what a pointer shows.
    pub fn filled(&mut self, class: &str, fill: &str, from: Place, to: Place, tip: &str) {
        let looks = style::attributes(class);
        let fill = if fill.is_empty() { String::new() } else { format!(r#" fill="{fill}""#) };
        let (x, y) = (from.0.min(to.0), from.1.min(to.1));
        let (width, height) = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
        let _ = write!(
            self.body,
            r#"<rect class="c-{class}"{looks}{fill} x="{}" y="{}" width="{}" height="{}">{}</rect>"#,
            px(x),
            px(y),
            px(width),
            px(height),
            title(tip)
        );
    }

    /// A mark with `r` pixels around its place; `tip` is what a pointer shows.
    pub fn mark(&mut self, shape: Shape, class: &str, (x, y): Place, r: f64, tip: &str) {
        let corners: &[Place] = match shape {
            Shape::Circle => {
                let looks = style::attributes(class);
                let _ = write!(
                    self.body,
                    r#"<circle class="c-{class}"{looks} cx="{}" cy="{}" r="{}">{}</circle>"#,
                    px(x),
                    px(y),
                    px(r),
                    title(tip)
                );
                return;
            }
            Shape::Diamond => &[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
            Shape::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            Shape::Up => &[(0.0, -1.1), (1.1, 0.9), (-1.1, 0.9)],
            Shape::Down => &[(0.0, 1.1), (1.1, -0.9), (-1.1, -0.9)],
            Shape::Cross => {
                let at = |(dx, dy): Place| format!("{} {}", px(x + dx * r), px(y + dy * r));
                let d = format!("M{}L{}M{}L{}", at((-0.8, -0.8)), at((0.8, 0.8)), at((-0.8, 0.8)), at((0.8, -0.8)));
                self.shape(class, &d, tip);
                return;
            }
        };
        let places: Vec<Place> = corners.iter().map(|it| (x + it.0 * r, y + it.1 * r)).collect();
        self.shape(class, &(outline(&places) + "Z"), tip);
    }

    /// Text with its middle at the height of the place. It is moved, then cut, to stay on the drawing.
    pub fn text(&mut self, class: &str, anchor: Anchor, (x, y): Place, text: &str) {
        let (edge, room) = (2.0, self.width - 4.0);
        let text = self.fit(class, text, room);
        if text.is_empty() {
            return;
        }
        let width = self.text_width(class, &text);
        let (name, left) = match anchor {
            Anchor::Start => ("start", 0.0),
            Anchor::Middle => ("middle", 0.5 * width),
            Anchor::End => ("end", width),
        };
        let x = x.clamp(edge + left, (edge + left).max(edge + room - (width - left)));
        let looks = style::attributes(class);
        let _ = write!(
            self.body,
            r#"<text class="c-{class}"{looks} text-anchor="{name}" x="{}" y="{}">{}</text>"#,
            px(x),
            px(y + 0.35 * self.size),
            words::escape(&text)
        );
    }

    /// About how wide a text of this class is, in pixels.
    pub fn text_width(&self, class: &str, text: &str) -> f64 {
        words::width(text, style::boldness(class) * self.size)
    }

    /// Cut to `room`, as `words::fit`.
    pub fn fit(&self, class: &str, text: &str, room: f64) -> String {
        words::fit(text, room, style::boldness(class) * self.size)
    }

    /// Elements made elsewhere, such as patterns.
    pub fn push(&mut self, elements: &str) {
        self.body.push_str(elements);
    }

    /// All that is drawn.
    pub fn into_body(self) -> String {
        self.body
    }

    fn shape(&mut self, class: &str, d: &str, tip: &str) {
        let looks = style::attributes(class);
        let _ = write!(self.body, r#"<path class="c-{class}"{looks} d="{d}">{}</path>"#, title(tip));
    }
}

/// A tenth of a pixel is precise enough.
pub fn px(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn outline(places: &[Place]) -> String {
    let mut res = String::new();
    for (at, (x, y)) in places.iter().enumerate() {
        let _ = write!(res, "{}{} {}", if at == 0 { 'M' } else { 'L' }, px(*x), px(*y));
    }
    res
}

fn title(tip: &str) -> String {
    if tip.is_empty() { String::new() } else { format!("<title>{}</title>", words::escape(tip)) }
}
