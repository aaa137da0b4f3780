//! XmR charts after "Making Data Count" of the NHS: does a series change, and would it meet its target?
//!
//! A missing value is no point: it breaks no run, moves no limit and is no signal. Limits are computed per stretch
//! between rebases; a new rebase is proposed with its reason and is never applied by itself. A limit is cut to the
//! possible range when it is shown, never in the calculation.

pub mod rebase;
pub mod rules;
pub mod short_series;

use crate::benchmark::control_chart::rules::{Side, Signal};
use crate::benchmark::interval::Interval;
use crate::benchmark::measure::Aim;

/// Limits lie this many mean moving ranges from the mean.
const REACH: f64 = 2.66;

/// A moving range of this many mean moving ranges or more is screened out.
const SCREEN: f64 = 3.267;

/// With fewer points the limits are on trial.
pub const FIRM_FROM: usize = 12;

/// How a chart is made; stored with it, because it changes the limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub aim: Aim,
    pub target: Option<f64>,
    /// Leave the largest moving ranges out of the limits, as the R package does and the NHS spreadsheet does not.
    pub screens: bool,
    /// Compute the limits of a stretch from its first points only, 12 to 20 as a rule.
    pub baseline: Option<usize>,
    /// Where a new stretch begins: places in the series.
    pub rebased_at: Vec<usize>,
}

/// A chart of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// One for each place in the series; `None` where the value is missing.
    pub points: Vec<Option<Point>>,
    pub stretches: Vec<Stretch>,
    pub variation: Variation,
    pub assurance: Assurance,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub value: f64,
    pub signal: Option<Signal>,
}

/// Places `from..until` of the series with limits of their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    pub from: usize,
    pub until: usize,
    /// `None` under two points.
    pub limits: Option<Limits>,
    /// Points the limits rest on.
    pub points: usize,
}

impl Stretch {
    /// Too few points to trust the limits.
    pub fn is_on_trial(&self) -> bool {
        self.points < FIRM_FROM
    }
}

/// Mean and natural process limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

impl Limits {
    /// Mean and limits of values that follow each other.
    pub fn new(values: &[f64], screens: bool) -> Option<Limits> {
        let ranges: Vec<f64> = values.windows(2).map(|it| (it[1] - it[0]).abs()).collect();
        let mut range = mean_of(&ranges)?;
        if screens {
            let kept: Vec<f64> = ranges.into_iter().filter(|it| *it < SCREEN * range).collect();
            // Ranges of zero only: nothing stands out.
            range = mean_of(&kept).unwrap_or(range);
        }
        let mean = mean_of(values)?;
        Some(Limits { mean, low: mean - REACH * range, high: mean + REACH * range })
    }

    /// As shown: cut to what is possible, such as 0 to 100 %.
    pub fn shown(self, possible: Interval) -> Limits {
        Limits { low: self.low.max(possible.low), high: self.high.min(possible.high), ..self }
    }
}

/// What the last point says, by the direction of the indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variation {
    /// No limits yet.
    Unknown,
    Common,
    Improving,
    Worsening,
    /// A signal upwards where neither way is better.
    High,
    /// A signal downwards where neither way is better.
    Low,
}

/// Whether the process would meet its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assurance {
    /// No target, no direction or no limits.
    Unknown,
    Passes,
    Fails,
    /// Sometimes it will, sometimes not.
    HitOrMiss,
}

/// The chart of a series, oldest first.
pub fn chart(series: &[Option<f64>], settings: &Settings) -> Chart {
    let series: Vec<Option<f64>> = series.iter().map(|it| it.filter(|it| it.is_finite())).collect();
    let mut bounds: Vec<usize> =
        settings.rebased_at.iter().copied().filter(|it| (1..series.len()).contains(it)).collect();
    bounds.extend([0, series.len()]);
    bounds.sort_unstable();
    bounds.dedup();
    let mut points = Vec::with_capacity(series.len());
    let mut stretches = Vec::new();
    for ends in bounds.windows(2) {
        let part = &series[ends[0]..ends[1]];
        let values: Vec<f64> = part.iter().copied().flatten().collect();
        let base = &values[..settings.baseline.filter(|it| 2 <= *it).unwrap_or(usize::MAX).min(values.len())];
        let limits = Limits::new(base, settings.screens);
        let mut signals = match limits {
            Some(limits) => rules::signals(&values, &limits),
            None => vec![None; values.len()],
        }
        .into_iter();
        points.extend(part.iter().map(|it| it.map(|value| Point { value, signal: signals.next().flatten() })));
        stretches.push(Stretch { from: ends[0], until: ends[1], limits, points: base.len() });
    }
    let limits = stretches.last().and_then(|it| it.limits);
    Chart {
        variation: variation(points.iter().rev().find_map(|it| *it), limits, settings.aim),
        assurance: assurance(limits, settings.target, settings.aim),
        points,
        stretches,
    }
}

fn variation(last: Option<Point>, limits: Option<Limits>, aim: Aim) -> Variation {
    let (Some(last), Some(limits)) = (last, limits) else {
        return Variation::Unknown;
    };
    let Some(signal) = last.signal else {
        return Variation::Common;
    };
    let neutral = match signal.side {
        Side::High => Variation::High,
        Side::Low => Variation::Low,
    };
    match (aim, signal.side) {
        (Aim::Neutral, _) => neutral,
        (Aim::Higher, Side::High) | (Aim::Lower, Side::Low) => Variation::Improving,
        (Aim::Higher, Side::Low) | (Aim::Lower, Side::High) => Variation::Worsening,
        (Aim::Band { .. }, _) => match (aim.badness(last.value), aim.badness(limits.mean)) {
            (Some(now), Some(usual)) if now < usual => Variation::Improving,
            (Some(now), Some(usual)) if usual < now => Variation::Worsening,
            _ => neutral,
        },
    }
}

/// Of the last stretch. A target on a limit is met: a series that is always 100 % passes a target of 100 %.
pub fn assurance(limits: Option<Limits>, target: Option<f64>, aim: Aim) -> Assurance {
    let Some(limits) = limits else {
        return Assurance::Unknown;
    };
    let (passes, fails) = match (aim, target) {
        (Aim::Higher, Some(target)) => (target <= limits.low, limits.high < target),
        (Aim::Lower, Some(target)) => (limits.high <= target, target < limits.low),
        (Aim::Band { low, high }, _) => {
            (low <= limits.low && limits.high <= high, limits.high < low || high < limits.low)
        }
        (Aim::Neutral, _) | (_, None) => return Assurance::Unknown,
    };
    match (passes, fails) {
        (true, _) => Assurance::Passes,
        (_, true) => Assurance::Fails,
        _ => Assurance::HitOrMiss,
    }
}

fn mean_of(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests;
