//! A funnel: small members may lie far from the reference by chance, large ones not.

use crate::benchmark::chart::about::{About, Better, Table, Who};
use crate::benchmark::chart::canvas::{Anchor, Canvas, Place, Shape};
use crate::benchmark::chart::frame::{self, Plot, View, label_room};
use crate::benchmark::chart::label::{self, Marks, Side};
use crate::benchmark::chart::legend::{self, Key};
use crate::benchmark::chart::number;
use crate::benchmark::chart::scale::Scale;

/// Values of one period in the unit of `about`, by size.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    pub about: About,
    pub better: Better,
    pub points: Vec<Point>,
    /// Of growing size; enough of them to look curved, 60 or so.
    pub limits: Vec<Limits>,
    pub reference: f64,
    /// Such as "gemiddelde van de groep".
    pub reference_name: String,
    /// What the size counts: "cliënten".
    pub size_name: String,
    /// What was done about over-dispersion, in a sentence; may be empty.
    pub note: String,
}

/// A member.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    pub who: Who,
    /// The denominator, 0 or more.
    pub size: f64,
    pub value: f64,
    pub verdict: Verdict,
}

/// Where a value lies, by the exact limits for its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Within,
    /// Outside the limits of 95 %.
    Outside,
    /// Outside the limits of 99.8 %.
    FarOutside,
}

impl Verdict {
    fn dutch(self) -> &'static str {
        match self {
            Verdict::Within => "binnen de grenzen",
            Verdict::Outside => "buiten de grens van 95 %",
            Verdict::FarOutside => "buiten de grens van 99,8 %",
        }
    }
}

/// Limits for a member of this size: low and high.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub size: f64,
    /// 95 %.
    pub usual: (f64, f64),
    /// 99.8 %.
    pub strict: (f64, f64),
}

impl Funnel {
    /// The figures of the drawing in rows.
    pub fn table(&self) -> Table {
        let head = ["Organisatie", &format!("Aantal {}", self.size_name), &self.about.head("Waarde"), "Uitkomst"];
        let mut points: Vec<&Point> = self.points.iter().collect();
        points.sort_by(|a, b| b.size.total_cmp(&a.size));
        let row = |it: &&Point| {
            vec![it.who.name(), number::fixed(it.size, 0), self.about.number(it.value), it.verdict.dutch().to_owned()]
        };
        let mut rows: Vec<Vec<String>> = points.iter().map(row).collect();
        rows.push(vec![self.reference_name.clone(), "–".to_owned(), self.about.number(self.reference), String::new()]);
        Table { head: head.map(str::to_owned).to_vec(), rows }
    }

    /// The drawing; one that says so when there is nothing to show.
    pub fn svg(&self, view: &View) -> String {
        if self.points.is_empty() {
            return view.empty(&self.about);
        }
        let mut canvas = view.canvas();
        let size = canvas.size;
        // The widest limits, of the smallest members, would flatten all others: they are cut at the edge.
        let values = self.points.iter().map(|it| it.value).chain([self.reference]);
        let usual = self.limits.iter().skip(self.limits.len() / 12).flat_map(|it| [it.usual.0, it.usual.1]);
        let y = Scale::around(values.chain(usual), self.about.possible, 6);
        let sizes = || self.points.iter().map(|it| it.size).chain(self.limits.iter().map(|it| it.size)).chain([0.0]);
        // The axis ends where the sizes end.
        let most = 1.03 * sizes().filter(|it| it.is_finite()).fold(0.0, f64::max);
        let x = Scale::around(sizes(), Some((0.0, most)), if view.is_wide() { 8 } else { 5 });
        let sides = self.sides();
        let texts: Vec<String> = sides.iter().map(|it| it.2.clone()).collect();
        let top = 2.0 * size;
        let plot = Plot {
            left: label_room(&y, size),
            right: canvas.width - label::side_room(&canvas, &texts),
            top,
            bottom: top + if view.is_wide() { 320.0 } else { 290.0 },
        };
        let y = y.between(plot.bottom, plot.top);
        let x = x.between(plot.left, plot.right);
        plot.upright(&mut canvas, &y);
        plot.lying(&mut canvas, &x);
        self.curve(&mut canvas, &x, &y, "limit", |it| it.usual.0);
        self.curve(&mut canvas, &x, &y, "limit", |it| it.usual.1);
        self.curve(&mut canvas, &x, &y, "strict", |it| it.strict.0);
        self.curve(&mut canvas, &x, &y, "strict", |it| it.strict.1);
        let level = y.at(self.reference);
        canvas.line("mean", (plot.left, level), (plot.right, level));
        let mut marks = Marks::new(plot);
        let places: Vec<(Place, &Point)> = self.points.iter().map(|it| ((x.at(it.size), y.at(it.value)), it)).collect();
        // Own last, on top.
        for (place, point) in
            places.iter().filter(|it| !it.1.who.is_own()).chain(places.iter().filter(|it| it.1.who.is_own()))
        {
            let (shape, class, r) = self.looks(point);
            let tip = format!(
                "{}: {}, {} {}, {}",
                point.who.name(),
                self.about.value(point.value),
                number::fixed(point.size, 0),
                self.size_name,
                point.verdict.dutch()
            );
            canvas.mark(shape, class, *place, r, &tip);
            marks.keep_free(*place, r);
        }
        for (place, point) in &places {
            match &point.who {
                Who::Own(_) => {
                    marks.put(&mut canvas, "mine", *place, 8.0, "uw organisatie")
                        || marks.put(&mut canvas, "mine", *place, 8.0, "u")
                }
                Who::Named(name) if point.verdict != Verdict::Within => {
                    marks.put(&mut canvas, "text", *place, 7.0, name)
                }
                _ => false,
            };
        }
        label::sides(
            &mut canvas,
            &plot,
            sides.into_iter().map(|(class, value, text)| Side { class, y: y.at(value), text }).collect(),
        );
        if let Some(hint) = self.better.hint(true) {
            canvas.text("strong", Anchor::Start, (4.0, 0.8 * size), hint);
        }
        let axis = format!("aantal {} →", self.size_name);
        canvas.text("soft", Anchor::End, (plot.right, plot.bottom + 2.2 * size), &axis);
        let end = legend::draw(&mut canvas, plot.bottom + 3.0 * size, &self.keys());
        let end = legend::notes(&mut canvas, end + 2.0, (!self.note.is_empty()).then_some(self.note.as_str()));
        view.finish(canvas, end + 6.0, &self.about)
    }

    /// A limit, as far as it lies on the drawing.
    fn curve(&self, canvas: &mut Canvas, x: &Scale, y: &Scale, class: &str, pick: fn(&Limits) -> f64) {
        let places = self.limits.iter().map(|it| y.has(pick(it)).then(|| (x.at(it.size), y.at(pick(it)))));
        for run in frame::runs(places) {
            canvas.path(class, &run);
        }
    }

    /// Class, value and text of what is named right of the plot.
    fn sides(&self) -> Vec<(&'static str, f64, String)> {
        let mut res = vec![("strong", self.reference, self.about.number(self.reference))];
        if let Some(last) = self.limits.last() {
            res.push(("soft", last.usual.1, "95 %".to_owned()));
            res.push(("soft", last.strict.1, "99,8 %".to_owned()));
            res.push(("soft", last.usual.0, "95 %".to_owned()));
            res.push(("soft", last.strict.0, "99,8 %".to_owned()));
        }
        res
    }

    fn looks(&self, point: &Point) -> (Shape, &'static str, f64) {
        let triangle = if self.reference < point.value { Shape::Up } else { Shape::Down };
        match (&point.who, point.verdict) {
            (Who::Own(_), _) => (Shape::Diamond, "own", 7.5),
            (_, Verdict::FarOutside) => (triangle, "named", 7.0),
            (_, Verdict::Outside) => (triangle, "nameless", 6.0),
            (Who::Named(_), Verdict::Within) => (Shape::Circle, "named", 5.0),
            (Who::Nameless, Verdict::Within) => (Shape::Circle, "nameless", 5.0),
        }
    }

    fn keys(&self) -> Vec<(Key, String)> {
        let others = || self.points.iter().filter(|it| !it.who.is_own());
        let has = |verdict| others().any(|it| it.verdict == verdict);
        let within = |is_named: bool| {
            others().any(|it| it.verdict == Verdict::Within && matches!(it.who, Who::Named(_)) == is_named)
        };
        let has_own = self.points.iter().any(|it| it.who.is_own());
        let entries = [
            (has_own, Key::Mark(Shape::Diamond, "own"), "uw organisatie".to_owned()),
            (within(true), Key::Mark(Shape::Circle, "named"), "met naam".to_owned()),
            (within(false), Key::Mark(Shape::Circle, "nameless"), "zonder naam".to_owned()),
            (has(Verdict::Outside), Key::Mark(Shape::Up, "nameless"), "buiten 95 %".to_owned()),
            (has(Verdict::FarOutside), Key::Mark(Shape::Up, "named"), "buiten 99,8 %".to_owned()),
            (true, Key::Line("mean"), self.reference_name.clone()),
            (!self.limits.is_empty(), Key::Line("limit"), "grens 95 %".to_owned()),
            (!self.limits.is_empty(), Key::Line("strict"), "grens 99,8 %".to_owned()),
        ];
        entries.into_iter().filter(|it| it.0).map(|it| (it.1, it.2)).collect()
    }
}
