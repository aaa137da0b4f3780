//! A control chart (XmR): a series with what chance does to it, and the points that are more than chance.

use crate::benchmark::chart::about::{About, Better, Table};
use crate::benchmark::chart::canvas::{Anchor, Canvas, Shape};
use crate::benchmark::chart::frame::{self, Plot, View, label_room};
use crate::benchmark::chart::label::{self, Side};
use crate::benchmark::chart::legend::{self, Key};
use crate::benchmark::chart::scale::Scale;
use crate::benchmark::chart::signal::Signal;
use crate::benchmark::chart::words;

/// A series in the unit of `about`.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    pub about: About,
    pub better: Better,
    /// Oldest first.
    pub points: Vec<Point>,
    /// Limits, each over a part of the series.
    pub stretches: Vec<Stretch>,
    /// Where something changed, such as the definition.
    pub breaks: Vec<Break>,
}

/// A period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Point {
    /// Short: "jan 26".
    pub period: String,
    /// `None` is drawn as a gap.
    pub value: Option<f64>,
    pub signal: Option<Signal>,
    /// Where the value should have been; may change from period to period.
    pub target: Option<f64>,
    /// Of the same period a year before.
    pub last_year: Option<f64>,
}

/// Limits of places `from..until` of the series, as shown: cut to what is possible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    pub from: usize,
    pub until: usize,
    pub mean: f64,
    pub low: f64,
    pub high: f64,
    /// Too few points to trust the limits.
    pub is_trial: bool,
}

/// A marker before place `at`.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    pub at: usize,
    /// Such as "nieuwe definitie".
    pub label: String,
}

impl Control {
    fn stretch(&self, at: usize) -> Option<&Stretch> {
        self.stretches.iter().find(|it| (it.from..it.until).contains(&at))
    }

    /// The figures of the drawing in rows.
    pub fn table(&self) -> Table {
        let value = self.about.head("Waarde");
        let head =
            ["Periode", &value, "Gemiddelde", "Ondergrens", "Bovengrens", "Streefwaarde", "Jaar eerder", "Betekenis"];
        let rows = self.points.iter().enumerate().map(|(at, it)| {
            let limits = self.stretch(at);
            let mut means: Vec<String> = Vec::new();
            means.extend(it.signal.map(|it| format!("{}: {}", it.tone.looks(it.is_high).2, it.rule.dutch())));
            means.extend(self.breaks.iter().filter(|it| it.at == at).map(|it| it.label.clone()));
            means.extend(it.value.is_none().then(|| "geen waarde".to_owned()));
            means.extend(limits.filter(|it| it.is_trial).map(|_| "voorlopige grenzen".to_owned()));
            vec![
                it.period.clone(),
                self.about.cell(it.value),
                self.about.cell(limits.map(|it| it.mean)),
                self.about.cell(limits.map(|it| it.low)),
                self.about.cell(limits.map(|it| it.high)),
                self.about.cell(it.target),
                self.about.cell(it.last_year),
                means.join("; "),
            ]
        });
        Table { head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
    }

    /// The drawing; one that says so when there is nothing to show.
    pub fn svg(&self, view: &View) -> String {
        if self.points.iter().all(|it| it.value.is_none()) {
            return view.empty(&self.about);
        }
        let mut canvas = view.canvas();
        let size = canvas.size;
        let points = self.points.iter().flat_map(|it| [it.value, it.target, it.last_year]).flatten();
        let y = Scale::around(
            points.chain(self.stretches.iter().flat_map(|it| [it.mean, it.low, it.high])),
            self.about.possible,
            6,
        );
        let sides = self.sides();
        let texts: Vec<String> = sides.iter().map(|it| it.2.clone()).collect();
        let top = 1.9 * size + 1.3 * size * self.breaks.len().min(4) as f64;
        let plot = Plot {
            left: label_room(&y, size),
            right: canvas.width - label::side_room(&canvas, &texts),
            top,
            bottom: top + if view.is_wide() { 280.0 } else { 260.0 },
        };
        let y = y.between(plot.bottom, plot.top);
        plot.upright(&mut canvas, &y);
        let names: Vec<String> = self.points.iter().map(|it| it.period.clone()).collect();
        plot.periods(&mut canvas, &names);
        self.limits(&mut canvas, &plot, &y);
        self.markers(&mut canvas, &plot);
        self.points(&mut canvas, &plot, &y);
        label::sides(
            &mut canvas,
            &plot,
            sides.into_iter().map(|(class, value, text)| Side { class, y: y.at(value), text }).collect(),
        );
        if let Some(hint) = self.better.hint(true) {
            canvas.text("strong", Anchor::Start, (4.0, 0.8 * size), hint);
        }
        let end = legend::draw(&mut canvas, plot.bottom + 1.9 * size, &self.keys());
        view.finish(canvas, end + 6.0, &self.about)
    }

    /// Class, value and text of what is named right of the plot: the last limits and the last target.
    fn sides(&self) -> Vec<(&'static str, f64, String)> {
        let mut res = Vec::new();
        if let Some(last) = self.stretches.last() {
            res.push(("strong", last.mean, format!("gem. {}", self.about.number(last.mean))));
            res.push(("soft", last.high, format!("boven {}", self.about.number(last.high))));
            res.push(("soft", last.low, format!("onder {}", self.about.number(last.low))));
        }
        if let Some(target) = self.points.iter().rev().find_map(|it| it.target) {
            res.push(("text", target, format!("doel {}", self.about.number(target))));
        }
        res
    }

    fn limits(&self, canvas: &mut Canvas, plot: &Plot, y: &Scale) {
        let n = self.points.len();
        for it in &self.stretches {
            let (from, to) = (plot.column_start(it.from, n), plot.column_start(it.until, n));
            let class = if it.is_trial { "trial" } else { "limit" };
            for (class, value) in [("mean", it.mean), (class, it.low), (class, it.high)] {
                canvas.line(class, (from, y.at(value)), (to, y.at(value)));
            }
        }
        let target = self.points.iter().enumerate().map(|(at, it)| {
            it.target.map(|it| [(plot.column_start(at, n), y.at(it)), (plot.column_start(at + 1, n), y.at(it))])
        });
        for run in frame::runs(target.flat_map(|it| it.map_or([None, None], |it| it.map(Some)))) {
            canvas.path("target", &run);
        }
    }

    /// Labels stand in rows above the plot, each beside its marker.
    fn markers(&self, canvas: &mut Canvas, plot: &Plot) {
        let size = canvas.size;
        let spot = |row: usize, at: usize| {
            (plot.column_start(at, self.points.len()), 1.9 * size + 1.3 * size * row.min(3) as f64)
        };
        for (row, it) in self.breaks.iter().enumerate() {
            let (x, y) = spot(row, it.at);
            canvas.line("break", (x, y - 0.4 * size), (x, plot.bottom));
        }
        // What finds no row is in the table.
        for (row, it) in self.breaks.iter().enumerate().take(4) {
            let (x, y) = spot(row, it.at);
            let text = words::fit(&it.label, canvas.width - 12.0, size);
            let width = words::width(&text, size);
            let (anchor, x) =
                if x + 6.0 + width < canvas.width { (Anchor::Start, x + 5.0) } else { (Anchor::End, x - 5.0) };
            canvas.text("text", anchor, (x, y), &text);
        }
    }

    fn points(&self, canvas: &mut Canvas, plot: &Plot, y: &Scale) {
        let n = self.points.len();
        let place = |at: usize, value: Option<f64>| value.map(|it| (plot.column(at, n), y.at(it)));
        for run in frame::runs(self.points.iter().enumerate().map(|(at, it)| place(at, it.last_year))) {
            canvas.path("earlier", &run);
        }
        for run in frame::runs(self.points.iter().enumerate().map(|(at, it)| place(at, it.value))) {
            canvas.path("series", &run);
        }
        let most = (0.45 * (plot.right - plot.left) / n as f64).clamp(2.0, 5.0);
        for (at, it) in self.points.iter().enumerate() {
            let (Some(spot), Some(value)) = (place(at, it.value), it.value) else { continue };
            let tip = format!("{}: {}", it.period, self.about.value(value));
            match it.signal {
                None => canvas.mark(Shape::Circle, "common", spot, 0.8 * most, &tip),
                Some(signal) => {
                    let (shape, class, name) = signal.tone.looks(signal.is_high);
                    let tip = format!("{tip}, {name}: {}", signal.rule.dutch());
                    canvas.mark(shape, class, spot, most + 1.0, &tip);
                }
            }
        }
    }

    fn keys(&self) -> Vec<(Key, String)> {
        let mut res: Vec<(Key, String)> = vec![(Key::Mark(Shape::Circle, "common"), "gewone schommeling".to_owned())];
        for signal in self.points.iter().filter_map(|it| it.signal) {
            let (shape, class, name) = signal.tone.looks(signal.is_high);
            let key = (Key::Mark(shape, class), name.to_owned());
            if !res.contains(&key) {
                res.push(key);
            }
        }
        let mut add = |is_there: bool, class: &'static str, text: &str| {
            if is_there {
                res.push((Key::Line(class), text.to_owned()));
            }
        };
        add(!self.stretches.is_empty(), "mean", "gemiddelde");
        add(self.stretches.iter().any(|it| !it.is_trial), "limit", "grenzen");
        add(self.stretches.iter().any(|it| it.is_trial), "trial", "voorlopige grenzen");
        add(self.points.iter().any(|it| it.target.is_some()), "target", "streefwaarde");
        add(self.points.iter().any(|it| it.last_year.is_some()), "earlier", "jaar eerder");
        res
    }
}
