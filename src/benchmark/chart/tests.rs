//! Whatever comes in: well-formed, inside its `viewBox`, text escaped, every row of the table as long as its head.

use std::collections::HashSet;

use crate::benchmark::chart::about::{About, Better, Table, Target, Who};
use crate::benchmark::chart::bands::{Bands, Period};
use crate::benchmark::chart::change::{Change, Panel, Role};
use crate::benchmark::chart::composition::{Bar, Composition};
use crate::benchmark::chart::control::{self, Break, Control, Stretch};
use crate::benchmark::chart::dots::{Dot, Dots};
use crate::benchmark::chart::frame::{View, Width, both};
use crate::benchmark::chart::funnel::{self, Funnel, Limits, Verdict};
use crate::benchmark::chart::icon::{Assurance, Variation};
use crate::benchmark::chart::signal::{Rule, Signal, Tone};
use crate::benchmark::chart::sparkline::Sparkline;
use crate::benchmark::chart::{style, words};

/// Chance that repeats itself.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n.max(1)
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Plain, equal, negative, tiny, huge and what is no number.
    fn value(&mut self) -> f64 {
        let plain = self.below(10_000) as f64 / 100.0;
        match self.below(24) {
            0 => 0.0,
            1 => -plain,
            2 => f64::MAX,
            3 => f64::MIN,
            4 => 1e-300,
            5 => f64::NAN,
            6 => f64::INFINITY,
            7 => plain * 1e9,
            8 | 9 => 5.0,
            _ => plain,
        }
    }

    fn maybe(&mut self) -> Option<f64> {
        (0 < self.below(5)).then(|| self.value())
    }

    fn pair(&mut self) -> Option<(f64, f64)> {
        self.maybe().map(|it| (it, self.value()))
    }

    fn text(&mut self) -> String {
        let parts = [
            "",
            "De Linde",
            "<b>&\"'",
            "Zorggroep met een heel erg lange naam aan de Maas",
            "\u{0}\u{ffff}\n",
            "%",
            "漢字",
        ];
        let n = self.below(4);
        (0..n).map(|_| self.pick(&parts)).collect::<Vec<_>>().join(" ")
    }

    fn who(&mut self) -> Who {
        match self.below(5) {
            0 => Who::Own(self.text()),
            1 => Who::Named(self.text()),
            _ => Who::Nameless,
        }
    }

    fn about(&mut self) -> About {
        About {
            title: self.text(),
            summary: self.text(),
            unit: self.text(),
            decimals: self.below(9),
            possible: self.pick(&[None, Some((0.0, 100.0)), Some((5.0, 5.0)), Some((f64::NAN, 1.0))]),
            notes: self.many(Dice::text),
        }
    }

    fn better(&mut self) -> Better {
        self.pick(&[Better::Lower, Better::Higher, Better::Within, Better::Neither])
    }

    /// How many: often none, one or many.
    fn count(&mut self) -> usize {
        let some = self.below(30);
        self.pick(&[0, 1, 2, some, some, 90])
    }

    fn many<T>(&mut self, mut one: impl FnMut(&mut Dice) -> T) -> Vec<T> {
        (0..self.count()).map(|_| one(self)).collect()
    }
}

/// Elements that are open, ids and every number of the drawing.
#[track_caller]
fn check(svg: &str, hint: &str) {
    let view_box = attribute(svg, "viewBox").unwrap();
    let sides: Vec<f64> = view_box.split(' ').map(|it| it.parse().unwrap()).collect();
    let (width, height) = (sides[2], sides[3]);
    assert!(width.is_finite() && height.is_finite() && 0.0 < height && height < 20_000.0, "{hint} {view_box}");
    let mut size: f64 = attribute(svg, "font-size").unwrap().parse().unwrap();
    let mut open: Vec<&str> = Vec::new();
    let mut ids = HashSet::new();
    let mut down = 0.0;
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>') || open.last() == Some(&"style"), "{hint} {text}");
        let end = rest[at..].find('>').unwrap() + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{hint}");
            continue;
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{hint} {tag}");
        assert!(!tag.contains(" style="), "{hint}: pages forbid it");
        let name = tag.split([' ', '/']).next().unwrap();
        if let Some(id) = attribute(tag, "id") {
            assert!(ids.insert(id.to_owned()), "{hint} {id}");
        }
        if name == "g" {
            let shift = attribute(tag, "transform").unwrap();
            down = shift.trim_start_matches("translate(0 ").trim_end_matches(')').parse().unwrap();
            size = attribute(tag, "font-size").map_or(size, |it| it.parse().unwrap());
        }
        let inside = |x: f64, y: f64| {
            let y = y + down;
            assert!(-0.5 <= x && x <= width + 0.5 && -0.5 <= y && y <= height + 0.5, "{hint} {x} {y} {tag} {view_box}");
        };
        let number = |name: &str| attribute(tag, name).unwrap().parse::<f64>().unwrap();
        match name {
            "line" => {
                inside(number("x1"), number("y1"));
                inside(number("x2"), number("y2"));
            }
            "circle" => {
                inside(number("cx") - number("r"), number("cy") - number("r"));
                inside(number("cx") + number("r"), number("cy") + number("r"));
            }
            "rect" => {
                inside(number("x"), number("y"));
                inside(number("x") + number("width"), number("y") + number("height"));
            }
            "path" => {
                for place in attribute(tag, "d").unwrap().split(['M', 'L', 'Z']).filter(|it| !it.is_empty()) {
                    let (x, y) = place.split_once(' ').unwrap();
                    inside(x.parse().unwrap(), y.parse().unwrap());
                }
            }
            "text" => {
                let text = &rest[..rest.find('<').unwrap()];
                let class = attribute(tag, "class").unwrap().trim_start_matches("c-");
                let wide = words::width(&unescape(text), style::boldness(class) * size);
                let left = match attribute(tag, "text-anchor").unwrap() {
                    "start" => 0.0,
                    "middle" => 0.5 * wide,
                    _ => wide,
                };
                inside(number("x") - left, number("y") - 0.75 * size);
                inside(number("x") - left + wide, number("y") + 0.2 * size);
            }
            "svg" | "title" | "desc" | "style" | "defs" | "pattern" | "g" => {}
            other => assert!(other.is_empty(), "{hint} {other}"),
        }
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.is_empty(), "{hint} {open:?}");
    for id in attribute(svg, "aria-labelledby").unwrap().split(' ') {
        assert!(ids.contains(id), "{hint} {id}");
    }
    for part in svg.split("url(#").skip(1) {
        assert!(ids.contains(part.split(')').next().unwrap()), "{hint}");
    }
    for part in svg.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|it| part.starts_with(it)), "{hint}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf\"") && !svg.contains('\u{0}'), "{hint}");
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[from..].split('"').next()
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[track_caller]
fn check_all(dice: &mut Dice, hint: &str, table: &Table, draw: impl Fn(&View) -> String) {
    let prefix = dice.pick(&["a", "grafiek 1\"<"]);
    for width in [Width::Narrow, Width::Wide] {
        for is_file in [false, true] {
            let view = View { prefix, width, is_file };
            let svg = draw(&view);
            check(&svg, hint);
            assert_eq!(svg.contains("<style>"), is_file, "{hint}");
        }
    }
    for row in &table.rows {
        assert_eq!(row.len(), table.head.len(), "{hint}");
    }
}

const ROUNDS: u64 = 60;

fn rounds(test: impl Fn(&mut Dice, &str)) {
    for seed in 0..ROUNDS {
        test(&mut Dice(seed.wrapping_mul(0x9e3779b97f4a7c15)), &format!("seed {seed}"));
    }
}

#[test]
fn dots() {
    rounds(|dice, hint| {
        let chart = Dots {
            about: dice.about(),
            better: dice.better(),
            dots: dice.many(|it| Dot { who: it.who(), value: it.maybe(), interval: it.pair(), note: it.text() }),
            median: dice.maybe(),
            middle_half: dice.pair(),
            target: dice.pair().map(|it| if it.0 < 50.0 { Target::At(it.0) } else { Target::Between(it.0, it.1) }),
        };
        check_all(dice, hint, &chart.table(), |it| chart.svg(it));
    });
}

#[test]
fn crowds() {
    rounds(|dice, hint| {
        let mut dots = dice.many(|it| Dot { who: it.who(), value: it.maybe(), interval: it.pair(), note: it.text() });
        let nameless =
            |it: &mut Dice| Dot { who: Who::Nameless, value: it.maybe(), interval: None, note: String::new() };
        dots.extend((0..400).map(|_| nameless(dice)));
        let chart = Dots {
            about: dice.about(),
            better: dice.better(),
            dots,
            median: dice.maybe(),
            middle_half: dice.pair(),
            target: None,
        };
        assert!(chart.table().rows.len() < 200, "{hint}: values are counted in ranges");
        check_all(dice, hint, &chart.table(), |it| chart.svg(it));
    });
}

#[test]
fn funnels() {
    let verdicts = [Verdict::Within, Verdict::Outside, Verdict::FarOutside];
    rounds(|dice, hint| {
        let chart = Funnel {
            about: dice.about(),
            better: dice.better(),
            points: dice.many(|it| funnel::Point {
                who: it.who(),
                size: it.value(),
                value: it.value(),
                verdict: it.pick(&verdicts),
            }),
            limits: dice.many(|it| Limits {
                size: it.value(),
                usual: (it.value(), it.value()),
                strict: (it.value(), it.value()),
            }),
            reference: dice.value(),
            reference_name: dice.text(),
            size_name: dice.text(),
            note: dice.text(),
        };
        check_all(dice, hint, &chart.table(), |it| chart.svg(it));
    });
}

#[test]
fn controls() {
    let rules = [Rule::Outside, Rule::Trend, Rule::TwoOfThree, Rule::Shift];
    rounds(|dice, hint| {
        let chart = Control {
            about: dice.about(),
            better: dice.better(),
            points: dice.many(|it| control::Point {
                period: it.text(),
                value: it.maybe(),
                signal: (it.below(3) == 0).then(|| Signal {
                    rule: it.pick(&rules),
                    tone: it.pick(&[Tone::Good, Tone::Bad, Tone::Neutral]),
                    is_high: it.below(2) == 0,
                }),
                target: it.maybe(),
                last_year: it.maybe(),
            }),
            stretches: dice.many(|it| Stretch {
                from: it.below(20),
                until: it.below(40),
                mean: it.value(),
                low: it.value(),
                high: it.value(),
                is_trial: it.below(2) == 0,
            }),
            breaks: dice.many(|it| Break { at: it.below(50), label: it.text() }),
        };
        check_all(dice, hint, &chart.table(), |it| chart.svg(it));
    });
}

#[test]
fn bands() {
    rounds(|dice, hint| {
        let chart = Bands {
            about: dice.about(),
            better: dice.better(),
            periods: dice.many(|it| Period {
                name: it.text(),
                own: it.maybe(),
                p10: it.maybe(),
                p25: it.maybe(),
                p50: it.maybe(),
                p75: it.maybe(),
                p90: it.maybe(),
                reason: it.text(),
            }),
        };
        check_all(dice, hint, &chart.table(), |it| chart.svg(it));
    });
}

#[test]
fn compositions() {
    rounds(|dice, hint| {
        let chart = Composition {
            about: dice.about(),
            parts: dice.many(Dice::text),
            bars: dice.many(|it| Bar { who: it.who(), amounts: it.many(Dice::maybe) }),
        };
        check_all(dice, hint, &chart.table(), |it| chart.svg(it));
    });
}

#[test]
fn changes() {
    rounds(|dice, hint| {
        let chart = Change {
            about: dice.about(),
            better: dice.better(),
            periods: dice.many(Dice::text),
            panels: dice.many(|it| Panel {
                who: it.who(),
                role: it.pick(&[Role::Owner, Role::Adopter]),
                values: it.many(Dice::maybe),
                start: (it.below(3) != 0).then(|| it.below(40)),
                before: it.maybe(),
                after: it.maybe(),
            }),
        };
        check_all(dice, hint, &chart.table(), |it| chart.svg(it));
    });
}

#[test]
fn small_ones() {
    rounds(|dice, hint| {
        let chart = Sparkline {
            title: dice.text(),
            values: dice.many(Dice::maybe),
            middle_half: dice.pair(),
            median: dice.maybe(),
        };
        check(&chart.svg("s-1", dice.below(2) == 0), hint);
    });
    let variations = [
        Variation::Unknown,
        Variation::Common,
        Variation::Improving { is_high: true },
        Variation::Improving { is_high: false },
        Variation::Worsening { is_high: true },
        Variation::Worsening { is_high: false },
        Variation::High,
        Variation::Low,
    ];
    let assurances = [Assurance::Unknown, Assurance::Passes, Assurance::Fails, Assurance::HitOrMiss];
    let icons: Vec<(String, &str)> = (variations.iter().map(|it| (it.svg("i", false), it.dutch())))
        .chain(assurances.iter().map(|it| (it.svg("i", false), it.dutch())))
        .collect();
    let mut without_colour = HashSet::new();
    for (svg, dutch) in &icons {
        check(svg, dutch);
        assert!(svg.contains(&format!(">{dutch}</title>")));
        // Places only, neither classes nor colours.
        let shapes: String = svg.split(" d=\"").skip(1).filter_map(|it| it.split('"').next()).collect();
        let has_circle = svg.contains("<circle");
        assert!(without_colour.insert((shapes, has_circle)), "{dutch} looks like another without colour");
    }
}

#[test]
fn a_chart_tells_its_figures() {
    let dot = |who: Who, value: f64| Dot { who, value: Some(value), interval: None, note: String::new() };
    let chart = Dots {
        about: About { title: "Verzuim <2026>".to_owned(), unit: "%".to_owned(), decimals: 1, ..About::default() },
        better: Better::Lower,
        dots: vec![
            dot(Who::Nameless, 7.25),
            Dot {
                who: Who::Named("Stil".to_owned()),
                value: None,
                interval: None,
                note: "niet aangeleverd".to_owned(),
            },
            dot(Who::Own("De Linde".to_owned()), 0.0),
        ],
        median: Some(1234.5),
        middle_half: None,
        target: None,
    };
    let firsts: Vec<[String; 2]> = chart.table().rows.iter().map(|it| [it[0].clone(), it[1].clone()]).collect();
    let expected = [["De Linde (u)", "0,0"], ["Deelnemer zonder naam", "7,2"], ["Stil", "–"], ["Mediaan", "1.234,5"]];
    assert_eq!(firsts, expected, "a zero is a value, a missing value is none");
    let page = both("v", |it| chart.svg(it));
    assert_eq!(page.matches(" display=\"none\"").count(), 1, "without style sheets one drawing shows");
    for part in
        ["Verzuim &lt;2026&gt;", "De Linde (u): 0,0 %", "mediaan 1.234,5", "niet aangeleverd", "← lager is beter"]
    {
        assert!(page.contains(part), "{part}");
    }
}
