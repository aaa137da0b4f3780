//! How a member moves: its control chart, and the bands of the group over time.

use chrono::Datelike;

use crate::benchmark::chart::bands::{Bands, Period};
use crate::benchmark::chart::control::{Break, Control, Point, Stretch};
use crate::benchmark::chart::frame;
use crate::benchmark::chart::icon;
use crate::benchmark::chart::signal::{Rule, Signal, Tone};
use crate::benchmark::comparison::Comparison;
use crate::benchmark::control_chart::rebase::Proposal;
use crate::benchmark::control_chart::rules::{self, Side};
use crate::benchmark::control_chart::{self, Assurance, Chart, Settings, Variation};
use crate::benchmark::disclosure::Released;
use crate::benchmark::interval::Interval;
use crate::benchmark::measure::{Aim, Measure, Value};
use crate::domain::indicator::{Indicator, IndicatorKind, Overlap};
use crate::domain::measurement::State;
use crate::domain::period::{PartialDate, Span};
use crate::store::baseline::Baseline;
use crate::web::measured;

use super::position::{ChartView, about, better};

/// A series of one organisation with a place for every period, missing ones too.
pub struct Development<'a> {
    indicator: &'a Indicator,
    periods: Vec<PartialDate>,
    values: Vec<Option<Value>>,
    chart: Chart,
    /// Places with what changed there.
    breaks: Vec<(usize, &'static str)>,
}

impl<'a> Development<'a> {
    /// `None` without a value. Rolling periods get no control chart: they follow each other by making.
    pub fn new(
        indicator: &'a Indicator,
        series: &[(PartialDate, Option<(Value, State)>)],
        baselines: &[Baseline],
    ) -> Option<Development<'a>> {
        let first = series.iter().find(|it| it.1.is_some())?.0;
        let last = series.iter().rev().find(|it| it.1.is_some())?.0;
        let mut periods = vec![first];
        while let Some(next) = periods.last().map(|it| it.next()).filter(|it| it.first_day() <= last.first_day())
            && periods.len() < 400
        {
            periods.push(next);
        }
        let values: Vec<Option<Value>> = periods
            .iter()
            .map(|it| series.iter().find(|other| other.0 == *it).and_then(|it| it.1).map(|it| it.0))
            .collect();
        let version = |it: &PartialDate| indicator.definition_at(*it).map(|it| it.version.as_str());
        // A new definition is another series.
        let redefined = (1..periods.len()).filter(|at| version(&periods[*at]) != version(&periods[at - 1]));
        let mut breaks: Vec<(usize, &str)> = redefined.map(|at| (at, "nieuwe definitie")).collect();
        let approved = baselines.iter().filter(|it| it.proposal.holds());
        let places = approved.filter_map(|it| periods.iter().position(|period| *period == it.period));
        breaks.extend(places.filter(|it| 0 < *it).map(|at| (at, "nieuwe grenzen")));
        breaks.sort_unstable();
        let mut rebased_at: Vec<usize> = breaks.iter().map(|it| it.0).collect();
        rebased_at.dedup();
        let settings = Settings {
            aim: Measure::new(indicator).aim,
            target: indicator.target,
            screens: true,
            baseline: None,
            rebased_at,
        };
        let numbers: Vec<Option<f64>> = values.iter().map(|it| it.map(|it| it.value)).collect();
        let chart = control_chart::chart(&numbers, &settings);
        Some(Development { indicator, periods, values, chart, breaks })
    }

    /// What the last point says, and whether a target would be met.
    pub fn icons(&self) -> (icon::Variation, icon::Assurance) {
        let last = self.chart.points.iter().rev().find_map(|it| *it);
        let is_high = last.and_then(|it| it.signal).is_some_and(|it| it.side == Side::High);
        let variation = match self.chart.variation {
            _ if self.indicator.overlap == Overlap::Rolling => icon::Variation::Unknown,
            Variation::Unknown => icon::Variation::Unknown,
            Variation::Common => icon::Variation::Common,
            Variation::Improving => icon::Variation::Improving { is_high },
            Variation::Worsening => icon::Variation::Worsening { is_high },
            Variation::High => icon::Variation::High,
            Variation::Low => icon::Variation::Low,
        };
        let assurance = match self.chart.assurance {
            Assurance::Unknown => icon::Assurance::Unknown,
            Assurance::Passes => icon::Assurance::Passes,
            Assurance::Fails => icon::Assurance::Fails,
            Assurance::HitOrMiss => icon::Assurance::HitOrMiss,
        };
        (variation, assurance)
    }

    /// The limits within which the last stretch moves by itself, when they are firm.
    pub fn limits(&self) -> Option<(f64, f64)> {
        let last = self.chart.stretches.last().filter(|it| !it.is_on_trial())?;
        let limits = last.limits.filter(|_| self.indicator.overlap == Overlap::Separate)?;
        Some((limits.low, limits.high))
    }

    /// The values, oldest first, at most so many.
    pub fn latest(&self, most: usize) -> Vec<Option<f64>> {
        let from = self.values.len().saturating_sub(most);
        self.values[from..].iter().map(|it| it.map(|it| it.value)).collect()
    }

    /// A new start of the chart that the figures suggest: the period and the reason. Never applied by itself.
    pub fn proposal(&self) -> Option<(PartialDate, String)> {
        if self.indicator.overlap == Overlap::Rolling {
            return None;
        }
        let proposal = Proposal::new(&self.chart)?;
        let period = *self.periods.get(proposal.from)?;
        Some((period, proposal.reason(&period.dutch())))
    }

    pub fn control_chart(&self, organisation: &str) -> Control {
        let possible = possible(self.indicator);
        let stretches = self.chart.stretches.iter().filter_map(|it| {
            let limits = it.limits?.shown(possible);
            let is_trial = it.is_on_trial();
            Some(Stretch {
                from: it.from,
                until: it.until,
                mean: limits.mean,
                low: limits.low,
                high: limits.high,
                is_trial,
            })
        });
        let per_year = match self.indicator.span {
            Span::Month => 12,
            Span::Quarter => 4,
            Span::Year => 0,
        };
        let points = self.periods.iter().enumerate().map(|(at, period)| Point {
            period: short(*period),
            value: self.values[at].map(|it| it.value),
            signal: self.signal(at),
            target: self.indicator.target,
            last_year: at
                .checked_sub(per_year)
                .filter(|_| 0 < per_year)
                .and_then(|it| self.values[it])
                .map(|it| it.value),
        });
        let breaks = self.breaks.iter().map(|(at, label)| Break { at: *at, label: (*label).to_owned() });
        let (variation, _) = self.icons();
        let title = format!("Ontwikkeling: {}, {organisation}", self.indicator.name);
        Control {
            about: about(self.indicator, title, variation.dutch().to_owned()),
            better: better(self.indicator),
            points: points.collect(),
            stretches: if self.indicator.overlap == Overlap::Rolling { vec![] } else { stretches.collect() },
            breaks: breaks.collect(),
        }
    }

    pub fn control(&self, prefix: &str, organisation: &str) -> ChartView {
        let chart = self.control_chart(organisation);
        ChartView { svg: frame::both(prefix, |view| chart.svg(view)), table: chart.table() }
    }

    fn signal(&self, at: usize) -> Option<Signal> {
        if self.indicator.overlap == Overlap::Rolling {
            return None;
        }
        let found = (*self.chart.points.get(at)?)?.signal?;
        let is_high = found.side == Side::High;
        let tone = match (Measure::new(self.indicator).aim, is_high) {
            (Aim::Higher, true) | (Aim::Lower, false) => Tone::Good,
            (Aim::Higher, false) | (Aim::Lower, true) => Tone::Bad,
            (Aim::Neutral | Aim::Band { .. }, _) => Tone::Neutral,
        };
        let rule = match found.rule {
            rules::Rule::Outside => Rule::Outside,
            rules::Rule::Trend => Rule::Trend,
            rules::Rule::TwoOfThree => Rule::TwoOfThree,
            rules::Rule::Shift => Rule::Shift,
        };
        Some(Signal { rule, tone, is_high })
    }
}

fn possible(indicator: &Indicator) -> Interval {
    match indicator.kind {
        IndicatorKind::Proportion | IndicatorKind::Composition => Interval { low: 0.0, high: indicator.multiplier() },
        IndicatorKind::Nps => Interval { low: -100.0, high: 100.0 },
        IndicatorKind::Rate | IndicatorKind::Count | IndicatorKind::Mean => Interval { low: 0.0, high: f64::MAX },
        IndicatorKind::Ratio => Interval { low: f64::MIN, high: f64::MAX },
    }
}

/// The group over time.
pub fn bands(
    indicator: &Indicator,
    group_name: &str,
    compared: &Released<Comparison>,
    prefix: &str,
) -> Option<ChartView> {
    let chart = bands_chart(indicator, group_name, compared)?;
    Some(ChartView { svg: frame::both(prefix, |view| chart.svg(view)), table: chart.table() })
}

pub fn bands_chart(indicator: &Indicator, group_name: &str, compared: &Released<Comparison>) -> Option<Bands> {
    let bands = &compared.get().bands;
    if bands.len() < 2 || bands.iter().all(|it| it.percentiles[2].is_none()) {
        return None;
    }
    let periods = bands.iter().map(|it| {
        let [p10, p25, p50, p75, p90] = it.percentiles;
        Period {
            name: short(it.period),
            own: it.own.map(|it| measured::rounded(indicator, it)),
            p10,
            p25,
            p50,
            p75,
            p90,
            reason: it.reason.map(|it| it.sentence().to_owned()).unwrap_or_default(),
        }
    });
    let title = format!("{} over de tijd, {group_name}", indicator.name);
    Some(Bands {
        about: about(indicator, title, "Waar de groep lag per periode, met uw eigen waarde erin.".to_owned()),
        better: better(indicator),
        periods: periods.collect(),
    })
}

/// "K2 24", "sep 24", "2024".
pub fn short(period: PartialDate) -> String {
    let day = period.first_day();
    let year = day.year() % 100;
    match period.span() {
        Some(Span::Quarter) => format!("K{} {year:02}", day.month0() / 3 + 1),
        Some(Span::Month) => {
            let month: String = crate::text::dutch::month(day.month()).chars().take(3).collect();
            format!("{month} {year:02}")
        }
        _ => day.year().to_string(),
    }
}
