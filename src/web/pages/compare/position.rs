//! Where a member stands: the sentence, the chart of positions and the funnel, from what was released.

use crate::benchmark::chart::about::{About, Better, Table, Target, Who};
use crate::benchmark::chart::dots::{Dot, Dots};
use crate::benchmark::chart::frame;
use crate::benchmark::chart::funnel::{Funnel, Limits as FunnelLimits, Point, Verdict};
use crate::benchmark::comparison::{Comparison, Own};
use crate::benchmark::disclosure::Released;
use crate::benchmark::funnel;
use crate::benchmark::interval::Interval;
use crate::benchmark::outcome::Outcome;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target as Reference;
use crate::domain::indicator::{Direction, Indicator, IndicatorKind};
use crate::text::dutch;
use crate::web::measured;

use super::amount;

/// A chart with the figures behind it in words.
pub struct ChartView {
    /// Both widths; the style sheet shows the one that fits.
    pub svg: String,
    pub table: Table,
}

/// What the charts of one comparison need to know of it.
pub struct Scene<'a> {
    pub catalogue: &'a Catalogue,
    pub indicator: &'a Indicator,
    /// The name of the viewer's organisation.
    pub own_name: Option<&'a str>,
    pub group_name: &'a str,
    pub compared: &'a Released<Comparison>,
    /// The limits within which the own value moves by itself.
    pub own_limits: Option<(f64, f64)>,
}

impl Scene<'_> {
    fn shown(&self) -> &Comparison {
        self.compared.get()
    }

    pub fn about(&self, what: &str, summary: String) -> About {
        about(self.indicator, format!("{what}: {}, {}", self.indicator.name, self.shown().period.dutch()), summary)
    }

    /// Where the own value stands, in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut res = Vec::new();
        let figures = self.shown();
        let amount = |it| measured::amount(self.indicator, it);
        let Some(own) = &figures.own else {
            if let Some(median) = figures.median {
                res.push(format!("De mediaan van {} is {}.", self.group_name, amount(median)));
            }
            return res;
        };
        let mut first = format!("Uw waarde is {}", amount(own.value));
        if let Some(interval) = own.interval {
            first += &format!(" (met 95% zekerheid tussen {} en {})", amount(interval.low), amount(interval.high));
        }
        res.push(first + ".");
        if let Some(median) = figures.median {
            res.push(format!("De mediaan van {} is {}.", self.group_name, amount(median)));
        }
        if let Some(text) = self.gap(own) {
            res.push(text);
        }
        res.push(match (own.outcome, self.structural()) {
            (Outcome::CannotCompare, Some(it)) => it.sentence().to_owned(),
            (outcome, _) => judgement(outcome, self.indicator).to_owned(),
        });
        res.extend(self.place(own));
        res
    }

    /// Where an interval cannot be computed, the own series tells how sure a difference is: a median outside the limits
    /// within which the own value moves by itself is not reached by chance.
    pub fn structural(&self) -> Option<Structural> {
        let (low, high) = self.own_limits?;
        let median = self.shown().median?;
        let is_above = median < low;
        if !is_above && median <= high {
            return Some(Structural::No);
        }
        Some(match (self.indicator.direction, is_above) {
            (Direction::Lower, true) | (Direction::Higher, false) => Structural::Worse,
            (Direction::Lower, false) | (Direction::Higher, true) => Structural::Better,
            (Direction::Neutral | Direction::Band, _) => Structural::Different,
        })
    }

    /// "Uw waarde is 3,8 procentpunt hoger; omgerekend 11,4 fte meer dan op de mediaan."
    fn gap(&self, own: &Own) -> Option<String> {
        let gap = own.gap_to_median?;
        let size = measured::rounded(self.indicator, gap.value.abs());
        if size == 0.0 {
            return Some("Dat is gelijk aan uw waarde.".to_owned());
        }
        let unit = if self.indicator.unit == "%" { "procentpunt" } else { &self.indicator.unit };
        let way = if 0.0 < gap.value { "hoger" } else { "lager" };
        let mut text = format!("Uw waarde is {} {unit} {way}", dutch::number(size));
        if let Some(amount) = amount::to_median(self.indicator, self.shown().period, &gap) {
            text += &format!("; {amount}");
        }
        Some(text + ".")
    }

    fn place(&self, own: &Own) -> Option<String> {
        if let Some(rank) = own.rank {
            let range = match rank.range {
                Some((from, until)) if from != until => format!("; door toeval kan dat {from} tot {until} zijn"),
                _ => String::new(),
            };
            return Some(format!("Uw plaats is {} van {}{range}.", rank.rank, rank.of));
        }
        let quarter = own.quarter?;
        let names = match self.indicator.direction {
            Direction::Neutral => ["laagste", "een na laagste", "een na hoogste", "hoogste"],
            _ => ["beste", "een na beste", "een na laatste", "laatste"],
        };
        Some(format!("U staat in het {} kwart.", names.get(quarter.checked_sub(1)?)?))
    }

    /// The ranked values; `None` when there is nothing to draw.
    pub fn dots(&self, prefix: &str) -> Option<ChartView> {
        let chart = self.dots_chart()?;
        Some(ChartView { svg: frame::both(prefix, |view| chart.svg(view)), table: chart.table() })
    }

    pub fn dots_chart(&self) -> Option<Dots> {
        let figures = self.shown();
        let mut dots: Vec<Dot> = Vec::new();
        if let (Some(own), Some(name)) = (&figures.own, self.own_name) {
            dots.push(Dot {
                who: Who::Own(name.to_owned()),
                value: Some(own.value),
                interval: own.interval.map(pair),
                note: own.rank.map(|it| format!("{}e van {}", it.rank, it.of)).unwrap_or_default(),
            });
        }
        dots.extend(figures.named.iter().map(|it| Dot {
            who: Who::Named(self.catalogue.name(Reference::Organisation, &it.name).to_owned()),
            value: Some(it.value),
            interval: None,
            note: String::new(),
        }));
        let nameless = figures.positions.iter().flatten();
        dots.extend(nameless.map(|it| Dot {
            who: Who::Nameless,
            value: Some(*it),
            interval: None,
            note: String::new(),
        }));
        if dots.is_empty() {
            return None;
        }
        Some(Dots {
            about: self.about("Positie", self.sentences().join(" ")),
            better: better(self.indicator),
            dots,
            median: figures.median,
            middle_half: figures.quartiles.map(|it| (it[0], it[1])),
            target: target(self.indicator),
        })
    }

    /// The funnel of proportions and rates: members with a name and the viewer, against the limits of chance.
    pub fn funnel(&self, prefix: &str) -> Option<ChartView> {
        let chart = self.funnel_chart()?;
        Some(ChartView { svg: frame::both(prefix, |view| chart.svg(view)), table: chart.table() })
    }

    pub fn funnel_chart(&self) -> Option<Funnel> {
        let funnel = self.shown().funnel.as_ref()?;
        let point = |it: &crate::benchmark::comparison::Point| Point {
            who: match &it.name {
                Some(slug) => Who::Named(self.catalogue.name(Reference::Organisation, slug).to_owned()),
                None => Who::Own(self.own_name.unwrap_or("uw organisatie").to_owned()),
            },
            size: it.size,
            value: it.value,
            verdict: match it.verdict {
                Some(funnel::Verdict::VeryLow | funnel::Verdict::VeryHigh) => Verdict::FarOutside,
                Some(funnel::Verdict::Low | funnel::Verdict::High) => Verdict::Outside,
                Some(funnel::Verdict::Inside) | None => Verdict::Within,
            },
        };
        let limits = |(size, it): &(f64, funnel::Limits)| FunnelLimits {
            size: *size,
            usual: pair(it.usual),
            strict: pair(it.strict),
        };
        let note = match funnel.is_widened {
            true => "Organisaties verschillen hier meer dan toeval alleen geeft; de grenzen zijn daarop verruimd.",
            false => "",
        };
        Some(Funnel {
            about: self.about("Trechter", "Waarden naast de grenzen van toeval, naar omvang.".to_owned()),
            better: better(self.indicator),
            points: funnel.points.iter().map(point).collect(),
            limits: funnel.curve.iter().map(limits).collect(),
            reference: funnel.reference,
            reference_name: "De anderen samen".to_owned(),
            size_name: self.indicator.definitions.last().and_then(|it| it.denominator.clone()).unwrap_or_default(),
            note: note.to_owned(),
        })
    }
}

/// How a median lies beside the limits of the own series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structural {
    /// Within them.
    No,
    Better,
    Worse,
    /// Outside, where neither way is better.
    Different,
}

impl Structural {
    fn sentence(self) -> &'static str {
        match self {
            Structural::No => "Gewone schommeling in uw eigen cijfers kan het verschil verklaren.",
            Structural::Worse => {
                "Dat is structureel minder goed: ook in een goede periode komt u door gewone schommeling niet bij de mediaan."
            }
            Structural::Better => {
                "Dat is structureel beter: ook in een mindere periode blijft u aan de goede kant van de mediaan."
            }
            Structural::Different => {
                "Dat verschilt structureel: gewone schommeling in uw eigen cijfers verklaart het niet."
            }
        }
    }
}

fn judgement(outcome: Outcome, indicator: &Indicator) -> &'static str {
    let is_band = indicator.direction == Direction::Band;
    match outcome {
        Outcome::Better if is_band => "U zit met zekerheid binnen de band.",
        Outcome::Worse if is_band => "U zit met zekerheid buiten de band.",
        Outcome::Better => "Dat is beter dan de anderen, meer dan toeval kan verklaren.",
        Outcome::Worse => "Dat is minder goed dan de anderen, meer dan toeval kan verklaren.",
        Outcome::Higher => "Dat is hoger dan de anderen, meer dan toeval kan verklaren.",
        Outcome::Lower => "Dat is lager dan de anderen, meer dan toeval kan verklaren.",
        Outcome::NotDifferent => "Toeval kan het verschil met de anderen verklaren.",
        Outcome::CannotCompare => {
            "Hoe zeker het verschil is, kan niet worden berekend: daarvoor zijn teller en noemer van iedereen nodig, of meer organisaties."
        }
    }
}

/// The words of a chart about an indicator.
pub fn about(indicator: &Indicator, title: String, summary: String) -> About {
    let possible = match indicator.kind {
        IndicatorKind::Proportion | IndicatorKind::Composition => Some((0.0, indicator.multiplier())),
        IndicatorKind::Rate | IndicatorKind::Count => Some((0.0, f64::MAX)),
        IndicatorKind::Nps => Some((-100.0, 100.0)),
        IndicatorKind::Mean => Some((0.0, 10.0)),
        IndicatorKind::Ratio => None,
    };
    About { title, summary, unit: indicator.unit.clone(), decimals: indicator.digits(), possible, notes: vec![] }
}

/// Which way is better, for a chart.
pub fn better(indicator: &Indicator) -> Better {
    match indicator.direction {
        Direction::Lower => Better::Lower,
        Direction::Higher => Better::Higher,
        Direction::Neutral => Better::Neither,
        Direction::Band => Better::Within,
    }
}

fn target(indicator: &Indicator) -> Option<Target> {
    match (indicator.band_from, indicator.band_until, indicator.target) {
        (Some(low), Some(high), _) => Some(Target::Between(low, high)),
        (_, _, Some(target)) => Some(Target::At(target)),
        _ => None,
    }
}

pub fn pair(it: Interval) -> (f64, f64) {
    (it.low, it.high)
}
