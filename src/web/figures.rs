//! Figures as tables a person reads: loose ones together, a series on its own, a series over time as a matrix.

use std::collections::BTreeMap;

use crate::domain::part::Figure;
use crate::domain::period::PartialDate;
use crate::text::dutch;

/// A table with a caption. Every row begins with its header cell.
#[derive(Debug, PartialEq)]
pub struct FigureTable {
    pub caption: String,
    pub columns: Vec<String>,
    pub rows: Vec<(String, Vec<String>)>,
    /// Cells are numbers and stand right.
    pub numeric: bool,
}

/// Figures of the same name belong together, in the order of their first.
pub fn tables(figures: &[Figure]) -> Vec<FigureTable> {
    let mut series: Vec<(&str, Vec<&Figure>)> = Vec::new();
    for figure in figures {
        match series.iter_mut().find(|it| it.0 == figure.name) {
            Some((_, of)) => of.push(figure),
            None => series.push((&figure.name, vec![figure])),
        }
    }
    let (short, long): (Vec<_>, Vec<_>) = series.into_iter().partition(|it| it.1.len() < 4);
    let mut res = Vec::new();
    let loose: Vec<&Figure> = short.into_iter().flat_map(|it| it.1).collect();
    if !loose.is_empty() {
        res.push(list("Losse cijfers".to_owned(), &loose, |it| match &it.breakdown {
            Some(part) => format!("{}: {part}", it.name),
            None => it.name.clone(),
        }));
    }
    res.extend(long.into_iter().map(|(name, figures)| {
        matrix(name, &figures).unwrap_or_else(|| {
            list(name.to_owned(), &figures, |it| match (&it.breakdown, it.date) {
                (Some(part), _) => part.clone(),
                (None, Some(date)) => date.dutch(),
                (None, None) => it.name.clone(),
            })
        })
    }));
    res
}

fn list(caption: String, figures: &[&Figure], header: impl Fn(&Figure) -> String) -> FigureTable {
    let dated = figures.iter().any(|it| it.date.is_some_and(|date| date.dutch() != header(it)));
    let noted = figures.iter().any(|it| it.note.is_some());
    let placed = figures.iter().any(|it| it.page.is_some());
    let mut columns = vec!["Onderdeel".to_owned(), "Waarde".to_owned()];
    if dated {
        columns.push("Peildatum".to_owned());
    }
    if noted {
        columns.push("Toelichting".to_owned());
    }
    if placed {
        columns.push("Vindplaats".to_owned());
    }
    let rows = figures.iter().map(|it| {
        let mut cells = vec![value(it)];
        if dated {
            cells.push(it.date.map_or_else(String::new, PartialDate::dutch));
        }
        if noted {
            cells.push(it.note.clone().unwrap_or_default());
        }
        if placed {
            cells.push(it.page.clone().unwrap_or_default());
        }
        (header(it), cells)
    });
    FigureTable { caption, rows: rows.collect(), columns, numeric: false }
}

/// A series over several parts and several moments, one unit: parts down, moments across.
fn matrix(name: &str, figures: &[&Figure]) -> Option<FigureTable> {
    let unit = &figures.first()?.unit;
    let page = &figures.first()?.page;
    let mut dates: BTreeMap<String, PartialDate> = BTreeMap::new();
    let mut parts: Vec<&str> = Vec::new();
    let mut cells: BTreeMap<(&str, String), String> = BTreeMap::new();
    for figure in figures {
        let date = figure.date?;
        let part = figure.breakdown.as_deref()?;
        if figure.unit != *unit || figure.page != *page || figure.note.is_some() {
            return None;
        }
        dates.insert(date.to_string(), date);
        if !parts.contains(&part) {
            parts.push(part);
        }
        if cells.insert((part, date.to_string()), dutch::number(figure.value)).is_some() {
            return None;
        }
    }
    if dates.len() < 2 || parts.len() < 2 {
        return None;
    }
    let columns = std::iter::once("Onderdeel".to_owned()).chain(dates.values().map(|it| short(*it))).collect();
    let rows = parts.iter().map(|part| {
        let row = dates.keys().map(|date| cells.get(&(*part, date.clone())).cloned().unwrap_or_default());
        ((*part).to_owned(), row.collect())
    });
    Some(FigureTable {
        caption: match page {
            Some(page) => format!("{name} ({unit}), {page}"),
            None => format!("{name} ({unit})"),
        },
        rows: rows.collect(),
        columns,
        numeric: true,
    })
}

/// "7,9%", "410.000 bezoekers".
pub fn value(figure: &Figure) -> String {
    let number = dutch::number(figure.value);
    match figure.unit.strip_prefix('%') {
        Some("") => format!("{number}%"),
        Some(rest) => format!("{number}%{rest}"),
        None => format!("{number} {}", figure.unit),
    }
}

/// A moment in a narrow column: "jan 2024" for a month.
fn short(date: PartialDate) -> String {
    let full = date.dutch();
    match full.split_once(' ') {
        Some((month, year)) if !month.chars().any(|c| c.is_ascii_digit()) => {
            // March has a short form of its own.
            let short: String = if month == "maart" { "mrt".into() } else { month.chars().take(3).collect() };
            format!("{short} {year}")
        }
        _ => full,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(name: &str, part: Option<&str>, date: Option<&str>, value: f64) -> Figure {
        Figure {
            name: name.into(),
            breakdown: part.map(str::to_owned),
            date: date.and_then(PartialDate::parse),
            value,
            unit: "bedden".into(),
            ..Figure::default()
        }
    }

    #[test]
    fn a_series_over_time_is_a_matrix() {
        let figures = [
            figure("Bezetting", Some("a"), Some("2024-01"), 10.5),
            figure("Bezetting", Some("a"), Some("2024-02"), 11.0),
            figure("Bezetting", Some("b"), Some("2024-01"), 2.0),
            figure("Bezetting", Some("b"), Some("2024-02"), 0.0),
            figure("Klachten", None, Some("2024"), 3.0),
        ];
        let tables = tables(&figures);
        assert_eq!(tables[0].rows, [("Klachten".to_owned(), vec!["3 bedden".to_owned(), "2024".to_owned()])]);
        assert_eq!(tables[1].columns, ["Onderdeel", "jan 2024", "feb 2024"]);
        assert_eq!(tables[1].rows[1], ("b".to_owned(), vec!["2".to_owned(), "0".to_owned()]));
    }
}
