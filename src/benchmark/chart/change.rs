//! Before and after a practice began: one small chart for each organisation, all on one scale.

use crate::benchmark::chart::about::{About, Better, Table, Who};
use crate::benchmark::chart::canvas::{Anchor, Canvas, Shape};
use crate::benchmark::chart::frame::{self, Plot, View, label_room};
use crate::benchmark::chart::label::Marks;
use crate::benchmark::chart::legend::{self, Key};
use crate::benchmark::chart::scale::Scale;

/// Series of some organisations in the unit of `about`.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub about: About,
    pub better: Better,
    /// Short names, oldest first: "K2 26". The same for all panels.
    pub periods: Vec<String>,
    pub panels: Vec<Panel>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    pub who: Who,
    pub role: Role,
    /// One for each period.
    pub values: Vec<Option<f64>>,
    /// Place of the first period with the practice.
    pub start: Option<usize>,
    /// Mean before the start.
    pub before: Option<f64>,
    /// Mean from the start on.
    pub after: Option<f64>,
}

/// What an organisation has to do with the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Whose practice it is.
    Owner,
    /// Who took it over.
    Adopter,
}

impl Role {
    fn dutch(self) -> &'static str {
        match self {
            Role::Owner => "eigenaar van de praktijk",
            Role::Adopter => "nam de praktijk over",
        }
    }
}

impl Panel {
    fn value(&self, at: usize) -> Option<f64> {
        self.values.get(at).copied().flatten()
    }
}

impl Change {
    /// The figures of the drawing in rows.
    pub fn table(&self) -> Table {
        let mut head: Vec<String> = ["Organisatie", "Rol", "Start"].map(str::to_owned).to_vec();
        head.extend(self.periods.iter().cloned());
        head.extend(["Gemiddelde voor", "Gemiddelde na", "Verschil"].map(|it| self.about.head(it)));
        let row = |panel: &Panel| {
            let start = panel.start.and_then(|it| self.periods.get(it)).map_or("–", String::as_str);
            let mut res = vec![panel.who.name(), panel.role.dutch().to_owned(), start.to_owned()];
            res.extend((0..self.periods.len()).map(|at| self.about.cell(panel.value(at))));
            let difference = panel.before.zip(panel.after).map(|(before, after)| after - before);
            res.extend([panel.before, panel.after, difference].map(|it| self.about.cell(it)));
            res
        };
        Table { head, rows: self.panels.iter().map(row).collect() }
    }

    /// The drawing; one that says so when there is nothing to show.
    pub fn svg(&self, view: &View) -> String {
        if self.periods.is_empty() || self.panels.is_empty() {
            return view.empty(&self.about);
        }
        let mut canvas = view.canvas();
        let size = canvas.size;
        let values = self.panels.iter().flat_map(|it| it.values.iter().copied().take(self.periods.len()).flatten());
        let means = self.panels.iter().flat_map(|it| [it.before, it.after]).flatten();
        let scale = Scale::around(values.chain(means), self.about.possible, 4);
        let columns = if view.is_wide() && 1 < self.panels.len() { 2 } else { 1 };
        let each = (canvas.width - 4.0) / columns as f64;
        let height = 3.4 * size + 130.0 + 2.4 * size;
        let top = if self.better == Better::Neither { 4.0 } else { 1.7 * size };
        if let Some(hint) = self.better.hint(true) {
            canvas.text("strong", Anchor::Start, (4.0, 0.8 * size), hint);
        }
        for (at, panel) in self.panels.iter().enumerate() {
            let (left, top) = (each * (at % columns) as f64, top + height * (at / columns) as f64);
            let plot = Plot {
                left: left + label_room(&scale, size),
                right: left + each - 10.0,
                top: top + 3.4 * size,
                bottom: top + 3.4 * size + 130.0,
            };
            let heads =
                [(if panel.who.is_own() { "mine" } else { "strong" }, panel.who.name()), ("soft", self.line(panel))];
            for (row, (class, text)) in heads.iter().enumerate() {
                let text = canvas.fit(class, text, each - 16.0);
                canvas.text(class, Anchor::Start, (left + 4.0, top + (0.7 + 1.3 * row as f64) * size), &text);
            }
            self.panel(&mut canvas, &plot, &scale.clone().between(plot.bottom, plot.top), panel);
        }
        let rows = self.panels.len().div_ceil(columns) as f64;
        let end = legend::draw(&mut canvas, top + height * rows, &self.keys());
        view.finish(canvas, end + 6.0, &self.about)
    }

    /// "eigenaar · van 7,1 naar 6,2 %".
    fn line(&self, panel: &Panel) -> String {
        let role = match panel.role {
            Role::Owner => "eigenaar",
            Role::Adopter => "overgenomen",
        };
        match (panel.before, panel.after) {
            (Some(before), Some(after)) => {
                format!("{role} · van {} naar {}", self.about.number(before), self.about.value(after))
            }
            _ if panel.start.is_none() => format!("{role} · startdatum onbekend"),
            _ => role.to_owned(),
        }
    }

    fn panel(&self, canvas: &mut Canvas, plot: &Plot, y: &Scale, panel: &Panel) {
        let n = self.periods.len();
        plot.upright(canvas, y);
        plot.periods(canvas, &self.periods);
        let mut marks = Marks::new(Plot { top: plot.top - canvas.size, ..*plot });
        let start = panel.start.filter(|it| *it <= n);
        if let Some(start) = start {
            let x = plot.column_start(start, n);
            canvas.line("break", (x, plot.top), (x, plot.bottom));
        }
        let split = plot.column_start(start.unwrap_or(n), n);
        for (value, from, to) in [(panel.before, plot.left, split), (panel.after, split, plot.right)] {
            if let Some(value) = value.filter(|_| from < to) {
                canvas.line("mean", (from, y.at(value)), (to, y.at(value)));
            }
        }
        let class = if panel.who.is_own() { "series-own" } else { "series" };
        let place = |at: usize| panel.value(at).map(|it| (plot.column(at, n), y.at(it)));
        for run in frame::runs((0..n).map(place)) {
            canvas.path(class, &run);
        }
        let r = (0.4 * (plot.right - plot.left) / n as f64).clamp(1.5, 4.0);
        for at in 0..n {
            let (Some(spot), Some(value)) = (place(at), panel.value(at)) else { continue };
            let tip = format!("{}, {}: {}", panel.who.name(), self.periods[at], self.about.value(value));
            let (shape, class) = if panel.who.is_own() { (Shape::Diamond, "own") } else { (Shape::Circle, "common") };
            canvas.mark(shape, class, spot, r, &tip);
            marks.keep_free(spot, r);
        }
        if let Some(start) = start {
            let spot = (plot.column_start(start, n), plot.top + 0.5 * canvas.size);
            marks.put(canvas, "text", spot, 1.0, "start");
        }
    }

    fn keys(&self) -> Vec<(Key, String)> {
        let mut res = Vec::new();
        if self.panels.iter().any(|it| it.start.is_some()) {
            res.push((Key::Line("break"), "start praktijk".to_owned()));
        }
        if self.panels.iter().any(|it| it.before.or(it.after).is_some()) {
            res.push((Key::Line("mean"), "gemiddelde voor en na".to_owned()));
        }
        res
    }
}
