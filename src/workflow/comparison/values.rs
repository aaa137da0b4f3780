//! From the figures of a series to one value per organisation and period.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::benchmark::measure::Value;
use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::measurement::{self, State};
use crate::domain::period::PartialDate;
use crate::store::measurement::{Figure, Series};

use super::Values;

/// The value of every organisation in a period, by slug. Figures under embargo count for their owner only; figures by
/// another definition than the one in force do not count.
pub(super) fn by_organisation(
    series: &Series,
    indicator: &Indicator,
    period: PartialDate,
    part: Option<&str>,
    own: Option<&str>,
    now: DateTime<Utc>,
) -> Values {
    let in_force = indicator.definition_at(period).map(|it| it.version.as_str());
    let mut res = BTreeMap::new();
    for figures in series.of(period).chunk_by(|a, b| a.organisation == b.organisation) {
        let Some(slug) = series.organisations.get(figures[0].organisation as usize) else { continue };
        let is_own = own == Some(slug.as_str());
        let counts = |it: &&Figure| {
            it.part.as_deref() == part
                && (is_own || it.visible_from <= now)
                && it.definition.as_deref().is_none_or(|it| Some(it) == in_force)
        };
        let figures: Vec<&Figure> = figures.iter().filter(counts).collect();
        if let Some((found, _)) = together(&figures, indicator) {
            res.insert(slug.clone(), found);
        }
    }
    res
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
