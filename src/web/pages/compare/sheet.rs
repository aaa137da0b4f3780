//! What a file of a comparison holds: what was measured and how, what is not shown and why, and every figure of the
//! page. All from the same released figures.

use crate::benchmark::comparison::{Band, Comparison};
use crate::domain::field::Target;
use crate::domain::indicator::Definition;
use crate::domain::period::PartialDate;
use crate::exchange::workbook::{Cell, Sheet};
use crate::text::dutch;

use super::{Shown, facts};

const HEAD: [&str; 14] = [
    "Periode",
    "Definitie",
    "Deel",
    "Organisaties",
    "Eigen waarde",
    "Ondergrens",
    "Bovengrens",
    "P10",
    "P25",
    "Mediaan",
    "P75",
    "P90",
    "De anderen samen",
    "Niet getoond",
];

/// The sheets of the Excel file.
pub fn sheets(shown: &Shown<'_>) -> Vec<Sheet> {
    let explained = about(shown).into_iter().map(|(label, text)| vec![label.into(), text.into()]);
    let mut widths = vec![12.0; HEAD.len()];
    widths[HEAD.len() - 1] = 60.0;
    let mut res = vec![
        Sheet { name: "Toelichting", widths: vec![34.0, 100.0], has_heading: false, rows: explained.collect() },
        Sheet { name: "Cijfers", widths, has_heading: true, rows: figures(shown) },
    ];
    let named = named(shown);
    if !named.is_empty() {
        res.push(Sheet { name: "Met naam", widths: vec![50.0, 12.0], has_heading: true, rows: named });
    }
    res
}

/// The same below each other, for CSV.
pub fn rows(shown: &Shown<'_>) -> Vec<Vec<String>> {
    let text = |it: Cell| match it {
        Cell::Text(text) => text,
        Cell::Number(number) => dutch::number(number),
        Cell::Empty => String::new(),
    };
    let mut res: Vec<Vec<String>> = about(shown).into_iter().map(|(label, text)| vec![label, text]).collect();
    for table in [figures(shown), named(shown)].into_iter().filter(|it| !it.is_empty()) {
        res.push(vec![]);
        res.extend(table.into_iter().map(|row| row.into_iter().map(text).collect()));
    }
    res
}

/// The same in a few lines, under a drawing.
pub fn notes(shown: &Shown<'_>) -> Vec<String> {
    let mut res = Vec::new();
    if let Some(it) = shown.choice.period.and_then(|it| shown.indicator.definition_at(it)) {
        res.push(format!("Definitie {}: {}", versioned(it), counted(it)));
    }
    if let Some(it) = shown.latest() {
        let count = dutch::count(it.get().members, "organisatie", "organisaties");
        res.push(format!("Groep: {}; {count} met een cijfer in {}.", shown.group_name, it.get().period.dutch()));
    }
    let methods = shown.methods();
    res.extend(methods.iter().map(|(name, text)| format!("{name}: {text}")));
    let hidden = shown.hidden();
    res.extend(hidden.iter().map(|(cell, reason)| format!("Niet getoond: {cell}. {reason}")));
    res
}

/// What was measured, of whom, how, and what is not shown: label and text.
fn about(shown: &Shown<'_>) -> Vec<(String, String)> {
    let it = shown.indicator;
    let line = |label: &str, text: String| (label.to_owned(), text);
    let mut res = vec![
        line("Indicator", it.name.clone()),
        line("Code", it.slug.clone()),
        line("Eenheid", it.unit.clone()),
        line("Groep", shown.group_name.clone()),
        line("Gekozen periode", shown.choice.period.map(PartialDate::dutch).unwrap_or_default()),
        line("Organisaties met een cijfer", shown.latest().map_or(0, |it| it.get().members).to_string()),
    ];
    res.extend(shown.late().map(|it| line("Later aangeleverd", it)));
    let used = |definition: &&Definition| {
        let mut bands = shown.compared.iter().flat_map(|it| &it.get().bands);
        bands.any(|band| it.definition_at(band.period).is_some_and(|it| it.version == definition.version))
    };
    res.extend(it.definitions.iter().filter(used).map(|it| (format!("Definitie {}", versioned(it)), counted(it))));
    res.extend(shown.methods().into_iter().map(|(name, text)| (format!("Methode: {name}"), text)));
    let hidden = shown.hidden().into_iter();
    res.extend(hidden.map(|(cell, reason)| (format!("Niet getoond: {cell}"), reason.to_owned())));
    res
}

/// "2024, vanaf 2024".
fn versioned(it: &Definition) -> String {
    let view = facts::definition(it);
    [view.version, view.validity].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", ")
}

fn counted(it: &Definition) -> String {
    let view = facts::definition(it);
    let below = view.denominator.map(|it| format!(" / {it}")).unwrap_or_default();
    let profile = view.profile.map(|it| format!(" ({it})")).unwrap_or_default();
    format!("{}{below}{profile}", view.numerator)
}

fn figures(shown: &Shown<'_>) -> Vec<Vec<Cell>> {
    let mut rows = vec![HEAD.map(Cell::from).to_vec()];
    for (at, compared) in shown.compared.iter().enumerate() {
        let part = shown.indicator.parts.get(at).map_or("", |it| it.name.as_str());
        let of = |band| row(shown, compared.get(), part, band);
        rows.extend(compared.get().bands.iter().map(of));
    }
    rows
}

fn row(shown: &Shown<'_>, compared: &Comparison, part: &str, band: &Band) -> Vec<Cell> {
    let is_asked = band.period == compared.period;
    let interval = compared.own.filter(|_| is_asked).and_then(|it| it.interval);
    let definition = shown.indicator.definition_at(band.period);
    let hidden = match is_asked {
        true => {
            let lines = compared.hidden.iter().map(|it| format!("{}: {}", it.cell.label(), it.reason.code()));
            lines.collect::<Vec<_>>().join("; ")
        }
        false => band.reason.map(|it| it.code().to_owned()).unwrap_or_default(),
    };
    let mut res = vec![
        band.period.to_string().into(),
        definition.map_or("", |it| it.version.as_str()).into(),
        part.into(),
        Cell::Number(band.members as f64),
        band.own.into(),
        interval.map(|it| it.low).into(),
        interval.map(|it| it.high).into(),
    ];
    res.extend(band.percentiles.map(Cell::from));
    res.push(compared.reference.filter(|_| is_asked).into());
    res.push(hidden.into());
    res
}

fn named(shown: &Shown<'_>) -> Vec<Vec<Cell>> {
    let named = shown.latest().map(|it| it.get().named.as_slice()).unwrap_or_default();
    if named.is_empty() {
        return vec![];
    }
    let heading = vec!["Organisatie met naam".into(), "Waarde".into()];
    std::iter::once(heading)
        .chain(
            named
                .iter()
                .map(|it| vec![shown.catalogue.name(Target::Organisation, &it.name).into(), Cell::Number(it.value)]),
        )
        .collect()
}
