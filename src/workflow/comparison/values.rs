//! From the figures of a series to one value per organisation and period.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::benchmark::measure::Value;
use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::measurement::{self, State};
use crate::domain::period::PartialDate;
use crate::store::measurement::{Figure, Series, Sorted};

/// The values of a period that count for a viewer, worked out as they are asked for.
pub(super) struct Values<'a> {
    series: &'a Series,
    figures: Option<&'a Sorted>,
    indicator: &'a Indicator,
    part: Option<&'a str>,
    /// The organisation that also sees its own figures under embargo.
    own: Option<&'a str>,
    now: DateTime<Utc>,
    /// The definition in force.
    definition: Option<&'a str>,
}

impl<'a> Values<'a> {
    pub(super) fn new(
        series: &'a Series,
        indicator: &'a Indicator,
        period: PartialDate,
        part: Option<&'a str>,
        own: Option<&'a str>,
        now: DateTime<Utc>,
    ) -> Values<'a> {
        Values {
            series,
            figures: series.shared(period).map(Arc::as_ref),
            indicator,
            part,
            own,
            now,
            definition: indicator.definition_at(period).map(|it| it.version.as_str()),
        }
    }

    /// The value of an organisation. Figures under embargo count for their owner only; figures by another definition
    /// than the one in force do not count.
    pub(super) fn of(&self, organisation: &str) -> Option<Value> {
        let place = self.series.place(organisation)?;
        let is_own = self.own == Some(organisation);
        let counts = |it: &&Figure| {
            it.part.as_deref() == self.part
                && (is_own || it.visible_from <= self.now)
                && it.definition.as_deref().is_none_or(|it| Some(it) == self.definition)
        };
        let mut figures = self.figures?.of(place).iter().filter(counts);
        let (first, second) = (figures.next()?, figures.next());
        // Mostly there is one figure, of the whole organisation.
        let Some(second) = second else { return value(first, self.indicator) };
        let all: Vec<&Figure> = [first, second].into_iter().chain(figures).collect();
        together(&all, self.indicator).map(|it| it.0)
    }
}

/// The values of one organisation, by period, oldest first; `None` where a figure says that there is no number.
pub fn of_organisation(
    series: &Series,
    indicator: &Indicator,
    organisation: &str,
    part: Option<&str>,
) -> Vec<(PartialDate, Option<(Value, State)>)> {
    let Some(place) = series.place(organisation) else { return vec![] };
    let of_part = |(period, figures): (PartialDate, &[Figure])| {
        let figures: Vec<&Figure> = figures.iter().filter(|it| it.part.as_deref() == part).collect();
        (!figures.is_empty()).then(|| (period, together(&figures, indicator)))
    };
    series.of_organisation(place).filter_map(of_part).collect()
}

/// The figure of the whole organisation, else its locations together: sums before ratios.
fn together(figures: &[&Figure], indicator: &Indicator) -> Option<(Value, State)> {
    if let Some(whole) = figures.iter().find(|it| it.location.is_none()) {
        return value(whole, indicator).map(|it| (it, whole.state));
    }
    if let [only] = figures {
        return value(only, indicator).map(|it| (it, only.state));
    }
    let values: Vec<Value> = figures.iter().filter_map(|it| value(it, indicator)).collect();
    let state = figures.iter().map(|it| it.state).find(|it| it.is_value())?;
    let sum = |number: fn(&Value) -> Option<f64>| values.iter().map(number).sum::<Option<f64>>();
    let numerator = sum(|it| it.numerator)?;
    if indicator.kind == IndicatorKind::Count {
        return Some((Value { numerator: Some(numerator), ..Value::bare(numerator) }, state));
    }
    let denominator = sum(|it| it.denominator).filter(|it| 0.0 < *it)?;
    let detractors = sum(|it| it.detractors);
    let net = numerator - detractors.unwrap_or(0.0);
    let whole = Value::of_counts(net, denominator, indicator.multiplier())?;
    // The spread of several locations together is not known.
    Some((Value { numerator: Some(numerator), detractors, ..whole }, state))
}

fn value(it: &Figure, indicator: &Indicator) -> Option<Value> {
    let value = measurement::derive(indicator, it.state, [it.numerator, it.denominator, it.detractors, it.value])?;
    // A mean with its number of scores has their sum.
    let sum = it.denominator.filter(|_| indicator.kind == IndicatorKind::Mean);
    Some(Value {
        value,
        numerator: it.numerator.or(sum.map(|it| value * it / indicator.multiplier())),
        denominator: it.denominator,
        detractors: it.detractors,
        spread: it.spread,
    })
}
