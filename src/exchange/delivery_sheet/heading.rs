//! The row with the names of the columns, and what stands above it.

use crate::domain::period::PartialDate;
use crate::domain::period_text;
use crate::exchange::table::{Cell, Row, Sheet};
use crate::text::slug::fold;

/// Names of columns as people write them, by the field they mean.
const NAMES: &[(&str, &[&str])] = &[
    ("organisatie", &["organisatie", "organisation", "zorgorganisatie", "instelling", "aanbieder", "zorgaanbieder"]),
    ("indicator", &["indicator", "indicatorcode", "code", "indicator code", "indicatornaam"]),
    ("definitie", &["definitie", "versie", "definitieversie", "versie van de definitie", "definition"]),
    ("periode", &["periode", "period", "meetperiode", "kwartaal", "maand", "jaar", "peildatum", "verslagjaar"]),
    ("locatie", &["locatie", "location", "vestiging", "huis", "afdeling"]),
    ("deel", &["deel", "onderdeel", "categorie", "part", "niveau"]),
    ("toestand", &["toestand", "status", "state", "reden geen waarde"]),
    ("teller", &["teller", "numerator", "aantal", "promotors", "promoters"]),
    ("noemer", &["noemer", "denominator", "totaal", "respondenten", "waarvan"]),
    ("waarde", &["waarde", "value", "uitkomst", "percentage", "score", "cijfer", "resultaat"]),
    ("spreiding", &["spreiding", "standaardafwijking", "standaarddeviatie", "sd", "spread"]),
    ("criticasters", &["criticasters", "detractors"]),
    ("toelichting", &["toelichting", "opmerking", "opmerkingen", "notitie", "note"]),
    ("eenheid", &["eenheid", "unit"]),
];
/// Columns of the template that help who fills it in.
const SILENT: &[&str] = &[
    "naam",
    "omschrijving",
    "teller in woorden",
    "noemer in woorden",
    "vorige waarde",
    "vorige periode",
    "naam van het deel",
    "naam organisatie",
    "soort",
    "nr",
];
/// So far down a heading is looked for.
const DEPTH: usize = 40;

/// The columns of one period in the layout with one indicator per row.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) period: PartialDate,
    /// Field and column.
    pub(super) columns: Vec<(&'static str, usize)>,
}

/// What the columns of a sheet mean.
#[derive(Debug)]
pub(super) struct Heading {
    /// The number of its row.
    pub(super) row: u32,
    /// Field and column, each field once.
    pub(super) columns: Vec<(&'static str, usize)>,
    /// Empty in the layout with one figure per row.
    pub(super) groups: Vec<Group>,
    pub(super) unknown: Vec<(usize, String)>,
    /// What is said above the heading for all rows: "Organisatie: …", "Periode: …".
    pub(super) organisation: Option<String>,
    pub(super) period: Option<String>,
}

impl Heading {
    /// The heading of a sheet; `None` when it has none, like a sheet with instructions.
    pub(super) fn find(sheet: &Sheet) -> Option<Heading> {
        sheet.rows.iter().take(DEPTH).enumerate().find_map(|(at, row)| {
            let above = at.checked_sub(1).and_then(|at| sheet.rows.get(at)).filter(|it| it.number + 1 == row.number);
            let mut res = Heading::of(row, above)?;
            for row in &sheet.rows[..at] {
                res.say(row);
            }
            Some(res)
        })
    }

    fn of(row: &Row, above: Option<&Row>) -> Option<Heading> {
        let mut res = Heading {
            row: row.number,
            columns: vec![],
            groups: vec![],
            unknown: vec![],
            organisation: None,
            period: None,
        };
        let mut over = None;
        for (column, cell) in row.cells.iter().enumerate() {
            // A period above several columns may be written once.
            over = above.and_then(|it| period_of(it.cell(column))).or(over);
            if cell.is_empty() {
                continue;
            }
            let name = plain(&cell.text());
            let field = field_of(&name);
            let is_amount = |it: &str| {
                matches!(it, "teller" | "noemer" | "waarde" | "criticasters" | "spreiding" | "toestand" | "toelichting")
            };
            match (field, over, period_of(cell).or_else(|| with_field(&cell.text()).map(|it| it.1))) {
                (Some(field), Some(period), _) if is_amount(field) => res.group(period, field, column),
                (None, _, Some(period)) => {
                    let field = with_field(&cell.text()).map_or("waarde", |it| it.0);
                    res.group(period, field, column);
                }
                (Some(field), ..) if res.columns.iter().all(|it| it.0 != field) => res.columns.push((field, column)),
                (Some(_), ..) => res.unknown.push((column, cell.text())),
                (None, ..) if SILENT.contains(&name.as_str()) => (),
                (None, ..) => res.unknown.push((column, cell.text())),
            }
        }
        let has = |field: &str| res.columns.iter().any(|it| it.0 == field);
        let is_heading =
            has("indicator") && (!res.groups.is_empty() || has("waarde") || has("teller") || has("periode"));
        is_heading.then_some(res)
    }

    fn group(&mut self, period: PartialDate, field: &'static str, column: usize) {
        match self.groups.iter_mut().find(|it| it.period == period) {
            Some(group) => group.columns.push((field, column)),
            None => self.groups.push(Group { period, columns: vec![(field, column)] }),
        }
    }

    /// Takes in what a row above the heading says for all rows.
    fn say(&mut self, row: &Row) {
        for (column, cell) in row.cells.iter().enumerate() {
            let next = row.cells.iter().skip(column + 1).find(|it| !it.is_empty()).map(Cell::text);
            match (plain(&cell.text()).as_str(), next) {
                ("organisatie", Some(text)) => self.organisation = Some(text),
                ("periode", Some(text)) => self.period = Some(text),
                _ => (),
            }
        }
    }

    pub(super) fn column(&self, field: &str) -> Option<usize> {
        self.columns.iter().find(|it| it.0 == field).map(|it| it.1)
    }
}

/// The field a name of a column means; "meet-periode" is "meetperiode".
fn field_of(name: &str) -> Option<&'static str> {
    let joined = name.replace(' ', "");
    let fits = |it: &&str| **it == *name || it.replace(' ', "") == joined;
    NAMES.iter().find(|it| it.1.iter().any(&fits)).map(|it| it.0)
}

/// "2024-K3 teller", "teller sep-24": the field and the period.
fn with_field(text: &str) -> Option<(&'static str, PartialDate)> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split([' ', '_', '(', ')', ':']).filter(|it| !it.is_empty()).collect();
    let (first, last) = (words.first()?, words.last()?);
    let found = match (field_of(last), field_of(first)) {
        (Some(found), _) if period_text::read(last).is_none() => (found, words[..words.len() - 1].join(" ")),
        (_, Some(found)) => (found, words[1..].join(" ")),
        _ => return None,
    };
    Some((found.0, period_text::read(&found.1)?))
}

fn period_of(cell: &Cell) -> Option<PartialDate> {
    match cell {
        Cell::Day(day) => PartialDate::parse(&day.to_string()),
        Cell::Empty => None,
        cell => period_text::read(&cell.text()),
    }
}

/// A name without capitals, accents and marks.
pub(super) fn plain(text: &str) -> String {
    let folded = fold(text);
    let letters: String = folded.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}
