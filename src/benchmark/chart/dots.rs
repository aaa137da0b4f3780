//! Ranked dots with intervals: one period, all members of a group, the best on top.

use crate::benchmark::chart::about::{About, Better, Table, Target, Who};
use crate::benchmark::chart::canvas::{Anchor, Canvas, Shape};
use crate::benchmark::chart::crowd::{Bar, Crowd};
use crate::benchmark::chart::frame::{Plot, View};
use crate::benchmark::chart::legend::{self, Key};
use crate::benchmark::chart::number;
use crate::benchmark::chart::scale::Scale;

/// From this many nameless members on, their rows are low.
const MANY: usize = 30;

/// From this many on they are counted in ranges.
const CROWD: usize = 150;

/// The height of the highest range, in lines of text.
const CROWD_LINES: f64 = 8.0;

/// Values of one period in the unit of `about`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dots {
    pub about: About,
    pub better: Better,
    /// In any order.
    pub dots: Vec<Dot>,
    pub median: Option<f64>,
    /// P25 and P75.
    pub middle_half: Option<(f64, f64)>,
    pub target: Option<Target>,
}

/// A member.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot {
    pub who: Who,
    /// `None` is shown for who has a name, below the others, with its note.
    pub value: Option<f64>,
    /// Of 95 %.
    pub interval: Option<(f64, f64)>,
    /// Such as "niet aangeleverd" or "3e van 18"; may be empty.
    pub note: String,
}

impl Dots {
    /// The best first, then who has no value.
    fn ranked(&self) -> Vec<&Dot> {
        let mut res: Vec<&Dot> = self.dots.iter().collect();
        res.sort_by(|a, b| match (a.value, b.value) {
            (Some(a), Some(b)) if self.better == Better::Lower => a.total_cmp(&b),
            (Some(a), Some(b)) => b.total_cmp(&a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        res
    }

    /// The members with a row of their own, the best first; the others are a crowd, if there are very many.
    fn rows(&self) -> (Vec<&Dot>, Option<Crowd>) {
        let mut ranked = self.ranked();
        let nameless = ranked.iter().filter(|it| it.who == Who::Nameless).filter_map(|it| it.value);
        if nameless.clone().count() < CROWD {
            return (ranked, None);
        }
        let crowd = Crowd::new(nameless, self.about.decimals);
        ranked.retain(|it| it.who != Who::Nameless);
        (ranked, Some(crowd))
    }

    /// The figures of the drawing in rows.
    pub fn table(&self) -> Table {
        let range = |it: (f64, f64)| number::range(it.0, it.1, self.about.decimals);
        let interval = |it: Option<(f64, f64)>| it.map_or_else(|| "–".to_owned(), range);
        let (ranked, crowd) = self.rows();
        let mut rows: Vec<Vec<String>> = ranked
            .iter()
            .map(|it| vec![it.who.name(), self.about.cell(it.value), interval(it.interval), it.note.clone()])
            .collect();
        let mut add =
            |name: &str, value: String| rows.push(vec![name.to_owned(), value, "–".to_owned(), String::new()]);
        if let Some(crowd) = crowd {
            let mut bars: Vec<&Bar> = crowd.bars.iter().collect();
            if self.better != Better::Lower {
                bars.reverse();
            }
            for it in bars {
                let name = if it.count == 1 { "deelnemer" } else { "deelnemers" };
                add(&format!("{} {name} zonder naam", it.count), crowd.range(it, &self.about));
            }
        }
        if let Some(median) = self.median {
            add("Mediaan", self.about.number(median));
        }
        if let Some(half) = self.middle_half {
            add("Middelste helft (P25 tot P75)", range(half));
        }
        match self.target {
            Some(Target::At(at)) => add("Streefwaarde", self.about.number(at)),
            Some(Target::Between(low, high)) => add("Streefzone", range((low, high))),
            None => {}
        }
        let head = ["Organisatie", &self.about.head("Waarde"), "95 %-interval", "Opmerking"];
        Table { head: head.map(str::to_owned).to_vec(), rows }
    }

    fn scale(&self) -> Scale {
        let target = match self.target {
            Some(Target::At(at)) => vec![at],
            Some(Target::Between(low, high)) => vec![low, high],
            None => Vec::new(),
        };
        let pairs = self.dots.iter().filter_map(|it| it.interval).chain(self.middle_half).flat_map(|it| [it.0, it.1]);
        let values = self.dots.iter().filter_map(|it| it.value).chain(self.median).chain(target).chain(pairs);
        Scale::around(values, self.about.possible, 6)
    }

    /// The drawing; one that says so when there is nothing to show.
    pub fn svg(&self, view: &View) -> String {
        let (mut ranked, crowd) = self.rows();
        ranked.retain(|it| it.value.is_some() || it.who != Who::Nameless);
        if ranked.is_empty() && crowd.is_none() {
            return view.empty(&self.about);
        }
        let mut canvas = view.canvas();
        let size = canvas.size;
        let many = MANY <= ranked.iter().filter(|it| it.who == Who::Nameless).count();
        let heights: Vec<f64> = ranked
            .iter()
            .map(|it| match (&it.who, view.is_wide()) {
                (Who::Nameless, _) if many => 0.7 * size,
                (Who::Nameless, _) => 1.3 * size,
                (_, true) => 1.75 * size,
                (_, false) => 2.6 * size,
            })
            .collect();
        let (left, right) = if view.is_wide() { (262.0, 622.0) } else { (16.0, canvas.width - 16.0) };
        let top = self.lines_height(size);
        let floor = top + heights.iter().sum::<f64>() + 6.0;
        let crowded = if crowd.is_some() { (CROWD_LINES + 1.6) * size } else { 0.0 };
        let plot = Plot { left, right, top, bottom: floor + crowded };
        let scale = self.scale().between(left, right);
        self.areas(&mut canvas, &plot, &scale);
        plot.lying(&mut canvas, &scale);
        if let Some(crowd) = &crowd {
            let bars = Plot { top: plot.bottom - CROWD_LINES * size, ..plot };
            crowd.draw(&mut canvas, &bars, &scale, &self.about);
            crowd.label(&mut canvas, &bars, view.is_wide());
            // Where the own value is among them.
            for value in ranked.iter().filter(|it| it.who.is_own()).filter_map(|it| it.value) {
                canvas.line("whisker-own", (scale.at(value), floor), (scale.at(value), plot.bottom));
            }
        }
        self.lines(&mut canvas, &plot, &scale);
        let mut y = plot.top + 3.0;
        for (dot, height) in ranked.iter().zip(&heights) {
            let middle = if view.is_wide() || dot.who == Who::Nameless { y + 0.5 * height } else { y + 0.73 * height };
            self.names(&mut canvas, view, &plot, dot, y, middle);
            self.dot(&mut canvas, &scale, dot, middle, if many && dot.who == Who::Nameless { 4.0 } else { 5.5 });
            y += height;
        }
        let mut end = plot.bottom + 1.6 * size;
        if let Some(hint) = self.better.hint(false) {
            let (anchor, x) = if self.better == Better::Higher { (Anchor::End, right) } else { (Anchor::Start, left) };
            canvas.text("strong", anchor, (x, end + 0.6 * size), hint);
            end += 1.4 * size;
        }
        end = legend::draw(&mut canvas, end + 4.0, &self.keys(&ranked, crowd.is_some()));
        view.finish(canvas, end + 6.0, &self.about)
    }

    fn keys(&self, ranked: &[&Dot], is_crowded: bool) -> Vec<(Key, String)> {
        let mut keys = Vec::new();
        let mut add = |key: Key, text: &str| keys.push((key, text.to_owned()));
        if ranked.iter().any(|it| it.who.is_own()) {
            add(Key::Mark(Shape::Diamond, "own"), "uw organisatie");
        }
        if ranked.iter().any(|it| matches!(it.who, Who::Named(_))) {
            add(Key::Mark(Shape::Circle, "named"), "met naam");
        }
        if ranked.iter().any(|it| it.who == Who::Nameless) {
            add(Key::Mark(Shape::Circle, "nameless"), "zonder naam");
        }
        if is_crowded {
            add(Key::Area("nameless"), "aantal zonder naam");
        }
        if ranked.iter().any(|it| it.interval.is_some()) {
            add(Key::Line("whisker"), "95 %-interval");
        }
        keys
    }

    fn lines_height(&self, size: f64) -> f64 {
        let rows = [self.median.is_some(), self.middle_half.is_some(), self.target.is_some()];
        6.0 + 1.35 * size * rows.iter().filter(|it| **it).count() as f64
    }

    fn areas(&self, canvas: &mut Canvas, plot: &Plot, scale: &Scale) {
        if let Some((low, high)) = self.middle_half {
            canvas.rect("band-outer", (scale.at(low), plot.top), (scale.at(high), plot.bottom));
        }
        if let Some(Target::Between(low, high)) = self.target {
            canvas.rect("aim", (scale.at(low), plot.top), (scale.at(high), plot.bottom));
        }
    }

    /// Each has a row of its own above the plot, so that labels never meet; they stand over the lines of others.
    fn lines(&self, canvas: &mut Canvas, plot: &Plot, scale: &Scale) {
        let size = canvas.size;
        let range = |low, high| number::range(low, high, self.about.decimals);
        let half = self.middle_half.map(|(low, high)| {
            ("trial", scale.at(low), scale.at(high), format!("middelste helft {}", range(low, high)))
        });
        let target = self.target.map(|it| match it {
            Target::At(at) => ("target", scale.at(at), scale.at(at), format!("streefwaarde {}", self.about.number(at))),
            Target::Between(low, high) => {
                ("target", scale.at(low), scale.at(high), format!("streefzone {}", range(low, high)))
            }
        });
        let median =
            self.median.map(|it| ("median", scale.at(it), scale.at(it), format!("mediaan {}", self.about.number(it))));
        let rows: Vec<_> = [half, target, median].into_iter().flatten().collect();
        let y = |row: usize| (0.75 + 1.35 * row as f64) * size;
        for (row, (class, from, to, _)) in rows.iter().enumerate() {
            for x in [from, to].into_iter().take(if from == to { 1 } else { 2 }) {
                canvas.line(class, (*x, y(row) + 0.65 * size), (*x, plot.bottom));
            }
        }
        for (row, (_, from, to, text)) in rows.iter().enumerate() {
            canvas.text("text", Anchor::Middle, (0.5 * (from + to), y(row)), text);
        }
    }

    fn names(&self, canvas: &mut Canvas, view: &View, plot: &Plot, dot: &Dot, y: f64, middle: f64) {
        let class = match dot.who {
            Who::Own(_) => "mine",
            Who::Named(_) => "text",
            Who::Nameless => return,
        };
        let size = canvas.size;
        let value = dot.value.map_or_else(|| dot.note.clone(), |it| self.about.value(it));
        if view.is_wide() {
            let name = short_name(canvas, class, &dot.who, plot.left - 20.0);
            canvas.text(class, Anchor::End, (plot.left - 12.0, middle), &name);
            if dot.value.is_some() {
                let value = canvas.fit(class, &value, canvas.width - plot.right - 12.0);
                canvas.text(class, Anchor::Start, (plot.right + 8.0, middle), &value);
            } else {
                canvas.text("soft", Anchor::Start, (plot.left + 8.0, middle), &value);
            }
        } else {
            let value = canvas.fit(class, &value, 0.5 * (plot.right - plot.left));
            let room = plot.right - plot.left - canvas.text_width(class, &value) - 10.0;
            let y = y + 0.75 * size;
            let name = short_name(canvas, class, &dot.who, room);
            for (anchor, x, text) in [(Anchor::Start, plot.left, name), (Anchor::End, plot.right, value)] {
                let width = 0.95 * canvas.text_width(class, &text);
                let end = if anchor == Anchor::Start { x + width } else { x - width };
                canvas.rect("plate", (x, y - 0.55 * size), (end, y + 0.55 * size));
                canvas.text(class, anchor, (x, y), &text);
            }
        }
    }

    fn dot(&self, canvas: &mut Canvas, scale: &Scale, dot: &Dot, y: f64, r: f64) {
        let Some(value) = dot.value else { return };
        let (shape, class, whisker) = match dot.who {
            Who::Own(_) => (Shape::Diamond, "own", "whisker-own"),
            Who::Named(_) => (Shape::Circle, "named", "whisker"),
            Who::Nameless => (Shape::Circle, "nameless", "whisker"),
        };
        let mut tip = format!("{}: {}", dot.who.name(), self.about.value(value));
        if let Some((low, high)) = dot.interval {
            canvas.line(whisker, (scale.at(low), y), (scale.at(high), y));
            for x in [scale.at(low), scale.at(high)] {
                canvas.line(whisker, (x, y - 0.8 * r), (x, y + 0.8 * r));
            }
            tip += &format!(", 95 %-interval {}", number::range(low, high, self.about.decimals));
        }
        let r = if dot.who.is_own() { r + 1.5 } else { r };
        canvas.mark(shape, class, (scale.at(value), y), r, &tip);
    }
}

/// A cut name still says that it is the own one.
fn short_name(canvas: &Canvas, class: &str, who: &Who, room: f64) -> String {
    match who {
        Who::Own(name) => canvas.fit(class, name, room - canvas.text_width(class, " (u)")) + " (u)",
        _ => canvas.fit(class, &who.name(), room),
    }
}
