//! What may be shown about others: the only maker of `Released`.
//!
//! All rules stand in one place, over one group at a time: enough members, none too heavy, money not too fresh, no
//! group that gives others away beside what the viewer saw before; then each figure by its own rule. What is not shown
//! is listed with its reason. Every figure is rounded before it leaves; what is computed further uses the rounded one.
//!
//! Invariant: a value of a single other member leaves with its name, by consent, or in a list of at least
//! `Policy::positions_from`; all other figures rest on at least four others.

mod blocks;
pub mod cells;
mod group;
pub mod guard;
pub mod policy;
pub mod sensitivity;
mod span;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::benchmark::disclosure::group::Group;
use crate::benchmark::disclosure::guard::Guard;
use crate::benchmark::disclosure::policy::{Cell, Hidden, Policy, Reason};
use crate::benchmark::measure::{Measure, Value};
use crate::benchmark::over_dispersion::Dispersion;
use crate::benchmark::rank::Rank;
use crate::domain::indicator::Sensitivity;
use crate::domain::members::Members;
use crate::domain::network::Sharing;
use crate::domain::seen_group::SeenGroup;

const DECILES: [f64; 9] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/// Something that may be shown to whom it was made for. Only this module makes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Released<T> {
    inner: T,
}

impl<T> Released<T> {
    pub fn get(&self) -> &T {
        &self.inner
    }

    /// The same with what the viewer knows already, such as its own value.
    pub(in crate::benchmark) fn map<U>(self, with: impl FnOnce(T) -> U) -> Released<U> {
        Released { inner: with(self.inner) }
    }

    pub(in crate::benchmark) fn all(parts: Vec<Released<T>>) -> Released<Vec<T>> {
        Released { inner: parts.into_iter().map(|it| it.inner).collect() }
    }
}

/// A member of a group, with its value when it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub name: Arc<str>,
    pub value: Option<Value>,
    pub sharing: Sharing,
}

impl Member {
    /// The value that counts in a group.
    fn shared(&self) -> Option<&Value> {
        self.value.as_ref().filter(|it| it.value.is_finite() && self.sharing != Sharing::Withheld)
    }
}

/// How much of a group is asked for. What is not shown is not remembered as seen either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The median, quartiles and deciles.
    Spread,
    /// All figures of the group and the place of the viewer in it, without the values of single others.
    Figures,
    All,
}

/// A question about one group in one period.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub members: &'a [Member],
    pub extent: Extent,
    /// Of a standard group: the members it was shown with before, the first first.
    pub before: &'a [Members],
    /// Whether the viewer has a value in this period, in the group or not.
    pub has_own: bool,
    /// Knows who asks, and what was seen before.
    pub guard: Guard<'a>,
    pub measure: Measure,
    pub sensitivity: Sensitivity,
    /// The last day of the period.
    pub ended: NaiveDate,
    pub today: NaiveDate,
    /// The members agreed that each sees its rank.
    pub may_rank: bool,
    /// What figures are rounded to, in the unit of the indicator.
    pub step: f64,
    pub policy: &'a Policy,
}

/// Figures of a group, as far as they may be shown, in the unit of the indicator and rounded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// Members with a value that the figures rest on.
    pub members: usize,
    /// Members with a value that came after the group was fixed, and wait until there are more.
    pub late: usize,
    pub median: Option<f64>,
    /// The first and the third.
    pub quartiles: Option<[f64; 2]>,
    /// The tenth, twentieth, … ninetieth percentile.
    pub deciles: Option<[f64; 9]>,
    /// The others together.
    pub reference: Option<f64>,
    /// Members that show their name; without the viewer.
    pub named: Vec<Named>,
    /// Values of others without a name, lowest first.
    pub positions: Option<Vec<f64>>,
    /// Which quarter the viewer is in, 1 is best; where no way is better, 1 is lowest.
    pub quarter: Option<usize>,
    /// The share of members that the viewer is better than, 0 to 1, equal ones for half; where no way is better, the
    /// share that is lower.
    pub percentile: Option<f64>,
    pub rank: Option<Rank>,
    /// More spread between members than chance gives.
    pub dispersion: Option<Dispersion>,
    pub hidden: Vec<Hidden>,
}

/// The value of another member that shows its name.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    pub name: String,
    pub value: f64,
    /// The whole or exposure behind it.
    pub size: Option<f64>,
}

/// What the guard has to remember is `None` when nothing was shown.
pub fn figures(request: &Request) -> (Released<Figures>, Option<SeenGroup>) {
    let group = Group::new(request);
    let mut hidden = HiddenCells::default();
    let mut res = Figures { members: group.size(), late: group.late, ..Figures::default() };
    if let Some(reason) = group.refusal() {
        res.hidden.push(Hidden { cell: Cell::Group, reason });
        return (Released { inner: res }, None);
    }
    let policy = request.policy;
    res.median =
        hidden.keep(Cell::Median, group.quantiles(policy.median_from, &[0.5])).and_then(|it| it.first().copied());
    res.quartiles = hidden
        .keep(Cell::Quartiles, group.quantiles(policy.quartiles_from, &[0.25, 0.75]))
        .and_then(|it| it.try_into().ok());
    res.deciles =
        hidden.keep(Cell::Deciles, group.quantiles(policy.deciles_from, &DECILES)).and_then(|it| it.try_into().ok());
    if request.extent == Extent::Spread {
        res.hidden = hidden.0;
        let seen = SeenGroup { members: group.names, named: Members::default(), positions: false };
        return (Released { inner: res }, Some(seen));
    }
    res.reference = hidden.keep(Cell::Reference, group.reference());
    res.dispersion = group.dispersion();
    if request.extent == Extent::All {
        let (named, reason) = group.named();
        res.named = named;
        hidden.0.extend(reason.map(|reason| Hidden { cell: Cell::Names, reason }));
    }
    if request.extent == Extent::All && request.guard.viewer.is_some() {
        res.positions = hidden.keep(Cell::Positions, group.positions(&res.named));
    }
    if let Some(own) = group.own {
        res.quarter = hidden.keep(Cell::Quarter, group.quarter(own));
        let may_rank = if request.may_rank { Ok(()) } else { Err(Reason::NoConsent) };
        if hidden.keep(Cell::Rank, may_rank).is_some() {
            res.percentile = group.percentile(own);
            res.rank = group.rank(own);
        }
    }
    res.hidden = hidden.0;
    let seen = SeenGroup {
        named: res.named.iter().map(|it| it.name.clone()).collect(),
        positions: res.positions.is_some(),
        members: group.names,
    };
    (Released { inner: res }, Some(seen))
}

/// What was not shown so far.
#[derive(Default)]
struct HiddenCells(Vec<Hidden>);

impl HiddenCells {
    fn keep<T>(&mut self, cell: Cell, found: Result<T, Reason>) -> Option<T> {
        found.map_err(|reason| self.0.push(Hidden { cell, reason })).ok()
    }
}

#[cfg(test)]
mod attack;
#[cfg(test)]
mod tests;
