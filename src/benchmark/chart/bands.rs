//! Where the group lies over time, P10 to P90, with the own line on top.

use crate::benchmark::chart::about::{About, Better, Table};
use crate::benchmark::chart::canvas::{Anchor, Canvas, Place, Shape};
use crate::benchmark::chart::frame::{self, Plot, View, label_room};
use crate::benchmark::chart::label::{self, Side};
use crate::benchmark::chart::legend::{self, Key};
use crate::benchmark::chart::scale::Scale;

/// A series of the group and of one member in the unit of `about`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    pub about: About,
    pub better: Better,
    /// Oldest first.
    pub periods: Vec<Period>,
}

/// A period: what may be shown of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Period {
    /// Short: "K2 26".
    pub name: String,
    /// The own value.
    pub own: Option<f64>,
    /// Each as far as it may be shown.
    pub p10: Option<f64>,
    pub p25: Option<f64>,
    pub p50: Option<f64>,
    pub p75: Option<f64>,
    pub p90: Option<f64>,
    /// Why less is shown than usual, such as "te weinig deelnemers"; may be empty.
    pub reason: String,
}

impl Period {
    fn has_group(&self) -> bool {
        self.p50.or(self.p25).or(self.p75).or(self.p10).or(self.p90).is_some()
    }

    fn all(&self) -> [Option<f64>; 6] {
        [self.own, self.p10, self.p25, self.p50, self.p75, self.p90]
    }
}

impl Bands {
    /// The figures of the drawing in rows.
    pub fn table(&self) -> Table {
        let own = self.about.head("U");
        let head = ["Periode", &own, "P10", "P25", "Mediaan", "P75", "P90", "Opmerking"];
        let rows = self.periods.iter().map(|it| {
            let cells = it.all().map(|it| self.about.cell(it));
            std::iter::once(it.name.clone()).chain(cells).chain([it.reason.clone()]).collect()
        });
        Table { head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
    }

    /// The drawing; one that says so when there is nothing to show.
    pub fn svg(&self, view: &View) -> String {
        if self.periods.iter().all(|it| it.own.is_none() && !it.has_group()) {
            return view.empty(&self.about);
        }
        let mut canvas = view.canvas();
        let size = canvas.size;
        let y = Scale::around(self.periods.iter().flat_map(|it| it.all()).flatten(), self.about.possible, 6);
        let sides = self.sides();
        let texts: Vec<String> = sides.iter().map(|it| it.2.clone()).collect();
        let top = 2.0 * size;
        let plot = Plot {
            left: label_room(&y, size),
            right: canvas.width - label::side_room(&canvas, &texts),
            top,
            bottom: top + if view.is_wide() { 280.0 } else { 260.0 },
        };
        let y = y.between(plot.bottom, plot.top);
        plot.upright(&mut canvas, &y);
        self.areas(&mut canvas, &plot, &y, "band-outer", |it| it.p10.zip(it.p90));
        self.areas(&mut canvas, &plot, &y, "band", |it| it.p25.zip(it.p75));
        let names: Vec<String> = self.periods.iter().map(|it| it.name.clone()).collect();
        plot.periods(&mut canvas, &names);
        self.gaps(&mut canvas, &plot);
        self.line(&mut canvas, &plot, &y, "median", |it| it.p50);
        self.line(&mut canvas, &plot, &y, "series-own", |it| it.own);
        for (at, it) in self.periods.iter().enumerate() {
            if let Some(own) = it.own {
                let tip = format!("{}: {}", it.name, self.about.value(own));
                canvas.mark(Shape::Diamond, "own", (plot.column(at, names.len()), y.at(own)), 4.5, &tip);
            }
        }
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

    /// Class, value and text right of the plot, of the last period that has them.
    fn sides(&self) -> Vec<(&'static str, f64, String)> {
        let mut res = Vec::new();
        if let Some(own) = self.periods.iter().rev().find_map(|it| it.own) {
            res.push(("mine", own, format!("u {}", self.about.number(own))));
        }
        let Some(last) = self.periods.iter().rev().find(|it| it.has_group()) else { return res };
        for (name, value) in
            [("mediaan", last.p50), ("P75", last.p75), ("P25", last.p25), ("P90", last.p90), ("P10", last.p10)]
        {
            if let Some(value) = value {
                let class = if name == "mediaan" { "strong" } else { "soft" };
                res.push((class, value, format!("{name} {}", self.about.number(value))));
            }
        }
        res
    }

    /// A band over each row of periods that has it; a lone period is a bar.
    fn areas(
        &self,
        canvas: &mut Canvas,
        plot: &Plot,
        y: &Scale,
        class: &str,
        pick: impl Fn(&Period) -> Option<(f64, f64)>,
    ) {
        let n = self.periods.len();
        let pairs: Vec<Option<(f64, f64)>> = self.periods.iter().map(pick).collect();
        let places = |low: bool| {
            let one = move |it: (f64, f64)| if low { it.0 } else { it.1 };
            frame::runs(pairs.iter().enumerate().map(|(at, it)| it.map(|it| (plot.column(at, n), y.at(one(it))))))
        };
        for (low, high) in places(true).into_iter().zip(places(false)) {
            if let ([low], [high]) = (low.as_slice(), high.as_slice()) {
                let half = (0.3 * (plot.right - plot.left) / n as f64).min(10.0);
                canvas.rect(class, (low.0 - half, low.1), (high.0 + half, high.1));
            } else {
                let around: Vec<Place> = low.into_iter().chain(high.into_iter().rev()).collect();
                canvas.area(class, &around);
            }
        }
    }

    fn line(&self, canvas: &mut Canvas, plot: &Plot, y: &Scale, class: &str, pick: fn(&Period) -> Option<f64>) {
        let n = self.periods.len();
        let places = self.periods.iter().enumerate().map(|(at, it)| pick(it).map(|it| (plot.column(at, n), y.at(it))));
        for run in frame::runs(places) {
            if let [(x, y)] = run.as_slice() {
                canvas.line(class, (x - 5.0, *y), (x + 5.0, *y));
            }
            canvas.path(class, &run);
        }
    }

    fn gaps(&self, canvas: &mut Canvas, plot: &Plot) {
        for (at, it) in self.periods.iter().enumerate().filter(|it| !it.1.has_group()) {
            let tip = format!("{}: geen groepscijfers. {}", it.name, it.reason);
            canvas.mark(Shape::Cross, "gap", (plot.column(at, self.periods.len()), plot.bottom - 9.0), 5.0, tip.trim());
        }
    }

    fn keys(&self) -> Vec<(Key, String)> {
        let has = |pick: fn(&Period) -> bool| self.periods.iter().any(pick);
        let entries = [
            (has(|it| it.own.is_some()), Key::Mark(Shape::Diamond, "own"), "uw organisatie"),
            (has(|it| it.p50.is_some()), Key::Line("median"), "mediaan van de groep"),
            (has(|it| it.p25.is_some() && it.p75.is_some()), Key::Area("band"), "middelste helft (P25–P75)"),
            (has(|it| it.p10.is_some() && it.p90.is_some()), Key::Area("band-outer"), "P10–P90"),
            (has(|it| !it.has_group()), Key::Mark(Shape::Cross, "gap"), "geen groepscijfers"),
        ];
        entries.into_iter().filter(|it| it.0).map(|it| (it.1, it.2.to_owned())).collect()
    }
}
