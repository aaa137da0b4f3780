//! One comparison: a member beside a group, over periods, with all that a page, a chart, a file and the API show.
//!
//! What stands here about others comes out of `disclosure`; what is added is the viewer's own. A gap, an outcome and
//! the limits of a funnel are computed with the rounded figures that are shown, so that they cannot tell more.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::benchmark::disclosure::guard::{Guard, Standard};
use crate::benchmark::disclosure::policy::{Cell, Hidden, Policy, Reason};
use crate::benchmark::disclosure::{self, Extent, Figures, Member, Named, Released, Request};
use crate::benchmark::distribution::Level;
use crate::benchmark::funnel::{self, Limits, Verdict};
use crate::benchmark::gap::{Gap, gap};
use crate::benchmark::interval::{self, Interval};
use crate::benchmark::measure::{Measure, Value};
use crate::benchmark::method::{self, Method};
use crate::benchmark::outcome::{Outcome, outcome};
use crate::benchmark::over_dispersion::Dispersion;
use crate::benchmark::rank::Rank;
use crate::domain::indicator::{IndicatorKind, Sensitivity};
use crate::domain::members::Members;
use crate::domain::period::PartialDate;
use crate::domain::seen_group::SeenGroup;

/// Sizes at which the limits of a funnel are drawn, as multiples of the smallest.
const CURVE_POINTS: usize = 25;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    pub measure: Measure,
    pub sensitivity: Sensitivity,
    /// The member that looks; `None` for somebody who did not sign in.
    pub viewer: Option<&'a str>,
    /// The members agreed that each sees its rank.
    pub may_rank: bool,
    /// What figures are rounded to, in the unit of the indicator: 0.1 for one decimal.
    pub step: f64,
    pub today: NaiveDate,
    pub policy: &'a Policy,
    /// Of the last period; of those before it the spread is shown.
    pub extent: Extent,
    /// Oldest first; the last is the one that is compared.
    pub slices: &'a [Slice],
}

/// The group in one period.
#[derive(Debug, Clone)]
pub struct Slice {
    pub period: PartialDate,
    /// Everybody in the group, also who has no value.
    pub members: Vec<Member>,
    /// The value of the viewer, also when it is not in the group.
    pub own: Option<Value>,
    /// The groups that everybody may see for this denominator and period.
    pub standard: Arc<Standard>,
    /// What the viewer and everybody saw before, for indicators with this denominator and periods that overlap this one.
    pub seen: Vec<Arc<SeenGroup>>,
    /// Of a standard group: the members it was shown with before, the first first.
    pub before: Vec<Members>,
}

/// A member beside its group. Figures in the unit of the indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub period: PartialDate,
    /// Members of the group with a value in this period that the figures rest on.
    pub members: usize,
    /// Members with a value that came after the group was fixed, and wait until there are more.
    pub late: usize,
    pub median: Option<f64>,
    pub quartiles: Option<[f64; 2]>,
    /// The tenth, twentieth, … ninetieth percentile.
    pub deciles: Option<[f64; 9]>,
    /// The others together, without the viewer.
    pub reference: Option<f64>,
    pub own: Option<Own>,
    /// Members that show their name, lowest first, for ranked dots.
    pub named: Vec<Named>,
    /// Values of other members without a name, lowest first, for ranked dots.
    pub positions: Option<Vec<f64>>,
    pub funnel: Option<Funnel>,
    /// The bands of each period, oldest first.
    pub bands: Vec<Band>,
    /// What is not shown of this period, with the reason.
    pub hidden: Vec<Hidden>,
    pub methods: Vec<Method>,
}

/// The viewer's own figure beside the group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Own {
    pub value: f64,
    /// What chance leaves open with 95 %.
    pub interval: Option<Interval>,
    /// Beside the others together.
    pub outcome: Outcome,
    pub gap_to_median: Option<Gap>,
    pub gap_to_reference: Option<Gap>,
    /// 1 is best; where no way is better, 1 is lowest.
    pub quarter: Option<usize>,
    /// The share of members that this one is better than, 0 to 1.
    pub percentile: Option<f64>,
    pub rank: Option<Rank>,
}

/// Limits around the reference by size, and the points that may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Funnel {
    pub reference: f64,
    /// Sizes from small to large with their limits, in the unit of the indicator.
    pub curve: Vec<(f64, Limits)>,
    pub points: Vec<Point>,
    /// The limits allow for more spread than chance gives.
    pub is_widened: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// `None` for the viewer.
    pub name: Option<String>,
    pub size: f64,
    pub value: f64,
    pub verdict: Option<Verdict>,
}

/// The spread of the group in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    pub period: PartialDate,
    pub members: usize,
    /// The 10th, 25th, 50th, 75th and 90th percentile, as far as they may be shown.
    pub percentiles: [Option<f64>; 5],
    pub own: Option<f64>,
    pub reason: Option<Reason>,
}

/// A comparison, and what the guard has to remember of each period.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub shown: Released<Comparison>,
    pub seen: Vec<(PartialDate, SeenGroup)>,
}

/// `None` without a period.
pub fn compare(input: &Input) -> Option<Compared> {
    let last = input.slices.last()?;
    let mut seen = Vec::new();
    let figures = input.slices.iter().enumerate().map(|(at, slice)| {
        // Of the periods before the last one, the bands are all there is to see.
        let extent = if at + 1 == input.slices.len() { input.extent } else { Extent::Spread };
        let (released, to_remember) = disclosure::figures(&request(input, slice, extent));
        seen.extend(to_remember.map(|it| (slice.period, it)));
        released
    });
    let figures = Released::all(figures.collect());
    let owns: Vec<(PartialDate, Option<Value>)> = input.slices.iter().map(|it| (it.period, it.own)).collect();
    let shown = figures.map(|it| assembled(input, last.period, last.own, it, &owns));
    Some(Compared { shown, seen })
}

fn request<'a>(input: &Input<'a>, slice: &'a Slice, extent: Extent) -> Request<'a> {
    Request {
        extent,
        members: &slice.members,
        before: &slice.before,
        has_own: slice.own.is_some(),
        guard: Guard { viewer: input.viewer, standard: &slice.standard, seen: &slice.seen },
        measure: input.measure,
        sensitivity: input.sensitivity,
        ended: slice.period.last_day(),
        today: input.today,
        may_rank: input.may_rank,
        step: input.step,
        policy: input.policy,
    }
}

/// From figures that may be shown and the viewer's own values.
fn assembled(
    input: &Input,
    period: PartialDate,
    own: Option<Value>,
    mut figures: Vec<Figures>,
    owns: &[(PartialDate, Option<Value>)],
) -> Comparison {
    let bands = figures.iter().zip(owns).map(|(it, (period, own))| band(*period, it, own.as_ref())).collect();
    let figures = figures.pop().unwrap_or_default();
    let mut hidden = figures.hidden.clone();
    if input.viewer.is_some() && own.is_none() {
        hidden.push(Hidden { cell: Cell::Own, reason: Reason::NotDelivered });
    }
    let mut named = figures.named.clone();
    named.sort_by(|a, b| a.value.total_cmp(&b.value));
    Comparison {
        period,
        members: figures.members,
        late: figures.late,
        median: figures.median,
        quartiles: figures.quartiles,
        deciles: figures.deciles,
        reference: figures.reference,
        own: own.map(|it| own_beside(&input.measure, &it, &figures)),
        funnel: funnel_of(&input.measure, own.as_ref(), &figures),
        methods: method::methods(&input.measure, input.policy, &figures),
        named,
        positions: figures.positions,
        bands,
        hidden,
    }
}

fn own_beside(measure: &Measure, own: &Value, figures: &Figures) -> Own {
    let interval = interval::of_value(measure, own, Level::Usual);
    let gap_to = |reference| gap(measure, own, interval, reference);
    Own {
        value: own.value,
        interval,
        outcome: outcome(interval, figures.reference, measure.aim),
        gap_to_median: figures.median.map(gap_to),
        gap_to_reference: figures.reference.map(gap_to),
        quarter: figures.quarter,
        percentile: figures.percentile,
        rank: figures.rank,
    }
}

fn funnel_of(measure: &Measure, own: Option<&Value>, figures: &Figures) -> Option<Funnel> {
    let reference = figures.reference?;
    let dispersion = figures.dispersion.as_ref();
    let limits = |size: f64| Limits::new(|level| limits_at(measure, reference, size, dispersion, level));
    let own = own.and_then(|it| Some(Point { name: None, size: it.denominator?, value: it.value, verdict: None }));
    let others = figures
        .named
        .iter()
        .filter_map(|it| Some(Point { name: Some(it.name.clone()), size: it.size?, value: it.value, verdict: None }));
    let mut points: Vec<Point> = own.into_iter().chain(others).filter(|it| 0.0 < it.size).collect();
    for it in &mut points {
        it.verdict = limits(it.size).and_then(|limits| limits.verdict(it.value));
    }
    // The sizes of others may not be read from where the curve ends.
    let smallest = points.iter().map(|it| it.size).fold(f64::INFINITY, f64::min) / 4.0;
    let largest = points.iter().map(|it| it.size).fold(0.0, f64::max) * 4.0;
    let step = (largest / smallest).powf(1.0 / (CURVE_POINTS - 1) as f64);
    let sizes = (0..CURVE_POINTS).map(|at| smallest * step.powi(at as i32));
    let curve: Vec<(f64, Limits)> = sizes.filter_map(|size| Some((size, limits(size)?))).collect();
    (!curve.is_empty()).then_some(Funnel { reference, curve, points, is_widened: dispersion.is_some() })
}

/// In the unit of the indicator.
fn limits_at(
    measure: &Measure,
    reference: f64,
    size: f64,
    dispersion: Option<&Dispersion>,
    level: Level,
) -> Option<Interval> {
    let part = reference / measure.factor;
    match measure.kind {
        IndicatorKind::Proportion | IndicatorKind::Composition => {
            let widened = dispersion.and_then(|it| it.limits(part, size, level));
            Some(widened.or_else(|| funnel::proportion(part, size, level))?.scaled(measure.factor))
        }
        IndicatorKind::Rate => match dispersion.and_then(|it| it.limits(1.0, part * size, level)) {
            Some(widened) => Some(widened.scaled(reference)),
            None => funnel::rate(reference, size, measure.factor, level),
        },
        IndicatorKind::Mean | IndicatorKind::Ratio | IndicatorKind::Count | IndicatorKind::Nps => None,
    }
}

fn band(period: PartialDate, figures: &Figures, own: Option<&Value>) -> Band {
    let decile = |at: usize| figures.deciles.map(|it| it[at]);
    let quartile = |at: usize| figures.quartiles.map(|it| it[at]);
    Band {
        period,
        members: figures.members,
        percentiles: [decile(0), quartile(0), figures.median, quartile(1), decile(8)],
        own: own.map(|it| it.value),
        reason: figures.hidden.iter().find(|it| matches!(it.cell, Cell::Group | Cell::Median)).map(|it| it.reason),
    }
}

#[cfg(test)]
mod tests;
