//! Published measurements as figures a person reads, with their sources.

use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::Indicator;
use crate::domain::measurement::Measurement;
use crate::domain::part::Figure;
use crate::text::dutch;

use super::card::Link;
use super::figures::{self, FigureTable};
use super::url;

/// What an organisation published of itself, from one source.
pub struct Published {
    pub source: String,
    /// The document it stands in, if it is in the knowledge base.
    pub record: Option<Link>,
    pub tables: Vec<FigureTable>,
    /// How many figures there are.
    pub count: usize,
}

/// What came from one source.
struct Group<'a> {
    source: &'a str,
    record: Option<&'a str>,
    of: Vec<&'a Measurement>,
}

/// The figures of one organisation, by source, in the order they came.
pub fn by_source(catalogue: &Catalogue, measurements: &[Measurement]) -> Vec<Published> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for it in measurements {
        let (source, record) = (it.source.as_deref().unwrap_or("Eigen opgave"), it.record.as_deref());
        match groups.iter_mut().find(|group| (group.source, group.record) == (source, record)) {
            Some(group) => group.of.push(it),
            None => groups.push(Group { source, record, of: vec![it] }),
        }
    }
    let published = |Group { source, record, mut of }: Group<'_>| {
        of.sort_by_key(|it| {
            let group = catalogue.indicator(&it.indicator).map(|it| it.group);
            (group, it.indicator.clone(), it.period.map(|it| it.first_day()))
        });
        let figures: Vec<Figure> = of.iter().filter_map(|it| figure(catalogue, it)).collect();
        Published {
            source: source.to_owned(),
            record: record.map(|slug| Link { url: url::record(slug), name: "Lees het document".into() }),
            count: figures.len(),
            tables: figures::tables(&figures),
        }
    };
    groups.into_iter().map(published).collect()
}

fn figure(catalogue: &Catalogue, it: &Measurement) -> Option<Figure> {
    let indicator = catalogue.indicator(&it.indicator)?;
    Some(Figure {
        name: indicator.name.clone(),
        breakdown: part(indicator, it),
        date: it.period,
        value: it.derived(indicator).map(|it| rounded(indicator, it))?,
        unit: indicator.unit.clone(),
        indicator: Some(indicator.slug.clone()),
        note: it.note.clone(),
        page: it.page.clone(),
    })
}

/// Which part or location a figure is of.
pub fn part(indicator: &Indicator, it: &Measurement) -> Option<String> {
    let part = it.part.as_deref().map(|code| indicator.part(code).map_or(code, |it| &it.name));
    match (it.location.as_deref(), part) {
        (Some(location), Some(part)) => Some(format!("{location}, {part}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

/// A value with the digits of its indicator.
pub fn rounded(indicator: &Indicator, value: f64) -> f64 {
    let scale = 10f64.powi(indicator.digits() as i32);
    (value * scale).round() / scale
}

/// "7,9%", "1.204 cliënten", or what its state says when there is no number.
pub fn value(indicator: &Indicator, it: &Measurement) -> String {
    match it.derived(indicator) {
        Some(value) => amount(indicator, value),
        None => it.state.label().to_lowercase(),
    }
}

/// "7,9%", "1.204 cliënten".
pub fn amount(indicator: &Indicator, value: f64) -> String {
    let number = dutch::number(rounded(indicator, value));
    match indicator.unit.as_str() {
        "%" => format!("{number}%"),
        unit => format!("{number} {unit}"),
    }
}
