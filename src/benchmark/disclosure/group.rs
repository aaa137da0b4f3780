//! One group in one period, with each rule of the policy as a function of it.

use chrono::Months;

use crate::benchmark::disclosure::policy::Reason;
use crate::benchmark::disclosure::sensitivity::is_dominated;
use crate::benchmark::disclosure::{Member, Named, Request};
use crate::benchmark::distribution::Level;
use crate::benchmark::measure::{Aim, Value};
use crate::benchmark::over_dispersion::{Dispersion, Method, dispersion};
use crate::benchmark::rank::{Measured, Rank, rank};
use crate::benchmark::reference::{Reference, together};
use crate::benchmark::{interval, quantile};
use crate::domain::indicator::{IndicatorKind, Sensitivity};
use crate::domain::members::Members;
use crate::domain::network::Sharing;

/// The largest part of the others together that one other may be, whatever the policy says of the whole group.
const OTHERS_DOMINANCE_MAX: f64 = 0.50;

/// In larger groups names are shown all or not at all: finding out which may be shown takes time.
const NAMES_APART_MAX: usize = 300;

pub(super) struct Group<'a> {
    request: &'a Request<'a>,
    /// Members with a value that counts.
    members: Vec<(&'a Member, &'a Value)>,
    /// Their values, lowest first.
    sorted: Vec<f64>,
    pub(super) names: Members,
    /// Members with a value that came after the group was fixed.
    pub(super) late: usize,
    /// The place of the viewer among them.
    pub(super) own: Option<usize>,
}

impl<'a> Group<'a> {
    pub(super) fn new(request: &'a Request<'a>) -> Group<'a> {
        let mut members: Vec<(&Member, &Value)> =
            request.members.iter().filter_map(|it| Some((it, it.shared()?))).collect();
        let present: Members = members.iter().map(|it| it.0.name.clone()).collect();
        let names = request.guard.cohort(&present, request.before.iter()).clone();
        let late = present.len() - names.len();
        if 0 < late {
            members.retain(|it| names.contains(&it.0.name));
        }
        let own = members.iter().position(|it| Some(&*it.0.name) == request.guard.viewer);
        let mut sorted: Vec<f64> = members.iter().map(|it| it.1.value).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        Group { request, members, sorted, names, late, own }
    }

    pub(super) fn size(&self) -> usize {
        self.members.len()
    }

    /// Why nothing of this group may be shown.
    pub(super) fn refusal(&self) -> Option<Reason> {
        let Request { policy, sensitivity, guard, .. } = *self.request;
        let is_fresh = self
            .request
            .ended
            .checked_add_months(Months::new(policy.embargo_months))
            .is_none_or(|it| self.request.today <= it);
        let weights: Vec<f64> = self.members.iter().filter_map(|it| self.weight(it.1)).collect();
        let of_others: Vec<f64> = self.others().filter_map(|it| self.weight(it.1)).collect();
        if sensitivity == Sensitivity::Finance && is_fresh {
            Some(Reason::Embargo)
        } else if policy.asks_own_value && guard.viewer.is_some() && !self.request.has_own {
            Some(Reason::NotDelivered)
        } else if self.size() < policy.members_min || self.others().count() < policy.others_min {
            Some(Reason::TooFewMembers)
        } else if is_dominated(&weights, policy.dominance(sensitivity))
            || is_dominated(&of_others, OTHERS_DOMINANCE_MAX)
        {
            Some(Reason::Dominance)
        } else if !guard.admits(&self.names) {
            Some(Reason::Differencing)
        } else {
            None
        }
    }

    /// Rounded quantiles over all members, the viewer included.
    pub(super) fn quantiles(&self, from: usize, p: &[f64]) -> Result<Vec<f64>, Reason> {
        if self.size() < from {
            return Err(Reason::TooFewMembers);
        }
        let smallest = self.members.iter().filter_map(|it| it.1.denominator).fold(f64::INFINITY, f64::min);
        let found: Vec<f64> = p
            .iter()
            .filter_map(|p| quantile::of_sorted(&self.sorted, *p))
            .map(|it| self.rounded(it, smallest))
            .collect();
        // A quantile of counts is the count of some member.
        let is_small = self.request.measure.kind == IndicatorKind::Count && found.iter().any(|it| self.is_few(*it));
        if is_small { Err(Reason::SmallCount) } else { Ok(found) }
    }

    /// The others together, rounded.
    pub(super) fn reference(&self) -> Result<f64, Reason> {
        // Were one left out, the sum would rest on another group than the guard saw.
        if self.others().any(|it| it.1.counts().is_none()) || self.request.measure.kind == IndicatorKind::Count {
            return Err(Reason::NotDelivered);
        }
        let Some(found) = together(self.others().map(|it| it.1), &self.request.measure) else {
            return Err(Reason::NotDelivered);
        };
        let Reference { value, numerator, denominator, .. } = found;
        let sum = Value { value, numerator: Some(numerator), denominator: Some(denominator), ..Value::bare(value) };
        if self.is_small(&sum) { Err(Reason::SmallCount) } else { Ok(self.rounded(value, denominator)) }
    }

    /// The members that show their name, without those whose counts are small, as many as leave enough others without
    /// one; and why some or all are not shown.
    pub(super) fn named(&self) -> (Vec<Named>, Option<Reason>) {
        if self.request.guard.viewer.is_none() {
            return (Vec::new(), None);
        }
        let willing: Vec<_> = self.others().filter(|it| it.0.sharing == Sharing::Named).collect();
        let found: Vec<Named> = willing
            .iter()
            .filter(|it| !self.is_small(it.1))
            .map(|(member, value)| Named {
                name: member.name.to_string(),
                value: self.rounded(value.value, value.denominator.unwrap_or(f64::INFINITY)),
                size: value.denominator,
            })
            .collect();
        if found.is_empty() {
            return (found, (!willing.is_empty()).then_some(Reason::SmallCount));
        }
        // What was shown before may be shown again, whatever comes with it.
        let (mut shown, rest): (Vec<&Named>, Vec<&Named>) =
            found.iter().partition(|it| self.request.guard.showed_name(&self.names, &it.name));
        self.add_names(&mut shown, &rest);
        let reason = (shown.len() < found.len()).then_some(Reason::FewNameless);
        let mut shown: Vec<Named> = shown.into_iter().cloned().collect();
        shown.sort_by(|a, b| a.name.cmp(&b.name));
        (shown, reason)
    }

    /// Adds all of these when that is safe, else the first half as far as it is, then the second. Who comes first is
    /// a matter of names, not of values.
    fn add_names<'n>(&self, shown: &mut Vec<&'n Named>, more: &[&'n Named]) {
        let together: Members = shown.iter().chain(more).map(|it| it.name.as_str()).collect();
        if more.is_empty() || self.request.guard.admits_names(&self.names, &together) {
            shown.extend(more);
        } else if 1 < more.len() && self.size() <= NAMES_APART_MAX {
            let (first, second) = more.split_at(more.len() / 2);
            self.add_names(shown, first);
            self.add_names(shown, second);
        }
    }

    /// The values of the others that are not named, rounded and sorted, without those whose counts are small.
    pub(super) fn positions(&self, named: &[Named]) -> Result<Vec<f64>, Reason> {
        let Some(from) = self.request.policy.positions_from.filter(|it| *it <= self.size()) else {
            return Err(Reason::TooFewMembers);
        };
        let names: Members = named.iter().map(|it| it.name.as_str()).collect();
        if !self.request.guard.admits_positions(&self.names, &names) {
            return Err(Reason::Differencing);
        }
        let mut found: Vec<f64> = self
            .others()
            .filter(|it| !names.contains(&it.0.name) && !self.is_small(it.1))
            .map(|it| self.rounded(it.1.value, it.1.denominator.unwrap_or(f64::INFINITY)))
            .collect();
        found.sort_by(f64::total_cmp);
        let small = self.others().filter(|it| self.is_small(it.1)).count();
        if self.size() - small < from { Err(Reason::SmallCount) } else { Ok(found) }
    }

    /// 1 to 4, best first; equal values share a quarter.
    pub(super) fn quarter(&self, own: usize) -> Result<usize, Reason> {
        if self.size() < self.request.policy.quartiles_from {
            return Err(Reason::TooFewMembers);
        }
        let order: Vec<f64> = self.values().map(|it| self.order(it)).collect();
        let own = order[own];
        let mut sorted = order;
        sorted.sort_unstable_by(f64::total_cmp);
        let bounds: Vec<f64> = [0.25, 0.5, 0.75].iter().filter_map(|p| quantile::of_sorted(&sorted, *p)).collect();
        Ok(1 + quantile::band(&bounds, own))
    }

    /// The share that the viewer is better than, 0 to 1.
    pub(super) fn percentile(&self, own: usize) -> Option<f64> {
        let is_neutral = self.request.measure.aim == Aim::Neutral;
        let order: Vec<f64> = self.values().map(|it| if is_neutral { it } else { -self.order(it) }).collect();
        quantile::mid_rank(&order, order[own])
    }

    pub(super) fn rank(&self, own: usize) -> Option<Rank> {
        let measure = &self.request.measure;
        let measured = |it: &(&Member, &Value)| Measured {
            value: it.1.value,
            interval: interval::of_value(measure, it.1, Level::Usual),
        };
        let all: Vec<Measured> = self.members.iter().map(measured).collect();
        rank(&all, own, measure.aim)
    }

    /// Spread between members, three digits of it; `None` when there is no need to widen limits.
    pub(super) fn dispersion(&self) -> Option<Dispersion> {
        let counts: Vec<(f64, f64)> = self.members.iter().map(|it| it.1.counts()).collect::<Option<_>>()?;
        let found = match self.request.measure.kind {
            IndicatorKind::Proportion | IndicatorKind::Composition => dispersion(Method::Proportion, &counts)?,
            IndicatorKind::Rate => {
                let (events, exposure) = counts.iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
                let expected: Vec<(f64, f64)> = counts.iter().map(|it| (it.0, it.1 * events / exposure)).collect();
                dispersion(Method::Cqc, &expected)?
            }
            _ => return None,
        };
        found.usable_tau_square()?;
        Some(Dispersion { phi: three_digits(found.phi), tau_square: three_digits(found.tau_square), ..found })
    }

    fn others(&self) -> impl Iterator<Item = &(&'a Member, &'a Value)> {
        self.members.iter().enumerate().filter(|it| Some(it.0) != self.own).map(|it| it.1)
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.members.iter().map(|it| it.1.value)
    }

    /// What a member weighs in its group; unknown when only its value is.
    fn weight(&self, value: &Value) -> Option<f64> {
        match self.request.measure.kind {
            IndicatorKind::Count => Some(value.value.abs()),
            _ => value.denominator,
        }
    }

    /// Less comes first.
    fn order(&self, value: f64) -> f64 {
        self.request.measure.aim.badness(value).unwrap_or(value)
    }

    /// Whether the people behind a figure are so few that others may not see it.
    fn is_small(&self, value: &Value) -> bool {
        let (numerator, denominator) = (value.numerator, value.denominator);
        let is_few = |it: Option<f64>| it.is_some_and(|it| self.is_few(it));
        match self.request.measure.kind {
            IndicatorKind::Proportion => {
                is_few(numerator) || is_few(numerator.zip(denominator).map(|(part, whole)| whole - part))
            }
            IndicatorKind::Rate | IndicatorKind::Composition => is_few(numerator),
            IndicatorKind::Count => self.is_few(numerator.unwrap_or(value.value)),
            IndicatorKind::Mean | IndicatorKind::Nps => is_few(denominator),
            IndicatorKind::Ratio => false,
        }
    }

    fn is_few(&self, count: f64) -> bool {
        0.0 < count && count <= self.request.policy.small(self.request.sensitivity)
    }

    /// To the step of the indicator; a percentage of a small whole to a whole number.
    fn rounded(&self, value: f64, whole: f64) -> f64 {
        let measure = &self.request.measure;
        let is_percentage =
            measure.factor == 100.0 && matches!(measure.kind, IndicatorKind::Proportion | IndicatorKind::Composition);
        let is_coarse = is_percentage && whole < self.request.policy.whole_percents_under;
        let step = if is_coarse { self.request.step.max(1.0) } else { self.request.step };
        if 0.0 < step { (value / step).round() * step } else { value }
    }
}

fn three_digits(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let by = 10f64.powi(2 - value.abs().log10().floor() as i32);
    (value * by).round() / by
}
