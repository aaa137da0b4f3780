//! From cells to measurements. Two layouts are read: one figure per row ("indicator", "periode", "teller", "noemer",
//! "waarde", …), and one indicator per row with a column per period. Names of columns, numbers and periods are read as
//! people write them.
//!
//! Invariant: every fault is found in one go, each with the cell it stands in; a row with a fault gives no figure.

use std::sync::Arc;

use crate::domain::catalogue::Catalogue;
use crate::domain::delivery_check::{Judged, RowFault};
use crate::domain::fault::{Fault, Step};
use crate::domain::measurement::Measurement;

use super::table::{At, Table};

mod heading;
mod lookup;
mod row;

use heading::Heading;
use lookup::Lookup;

/// Something about a cell, a row or the whole file.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark {
    /// `None` for the whole file.
    pub at: Option<At>,
    /// A sentence with a capital and a full stop; with how to mend it.
    pub text: String,
}

/// A figure with the cells it came from.
#[derive(Debug, Clone)]
pub struct Line {
    pub measurement: Measurement,
    sheet: Arc<str>,
    row: u32,
    /// Names of fields with their columns.
    columns: Arc<Vec<(&'static str, usize)>>,
}

/// What was read.
#[derive(Debug, Default)]
pub struct Read {
    pub lines: Vec<Line>,
    pub faults: Vec<Remark>,
    pub warnings: Vec<Remark>,
}

/// The most faults that are kept: nobody reads more.
pub const FAULTS_MAX: usize = 500;

impl Line {
    /// The cell of a field, else that of its number, else its row.
    fn at(&self, field: &str) -> At {
        let of = |name: &str| self.columns.iter().find(|it| it.0 == name).map(|it| it.1);
        let number = || ["waarde", "teller", "noemer"].iter().find_map(|it| of(it));
        let is_number = matches!(field, "waarde" | "teller" | "noemer" | "spreiding" | "criticasters" | "toestand");
        let column = of(field).or_else(|| if is_number { number() } else { None }).or_else(|| of("indicator"));
        At { sheet: self.sheet.to_string(), row: self.row, column }
    }
}

impl Read {
    fn fault(&mut self, at: At, wrong: impl AsRef<str>, allowed: impl AsRef<str>) {
        self.faults.push(Remark { at: Some(at), text: sentence(wrong.as_ref(), allowed.as_ref()) });
    }

    /// What was judged of the lines, each remark with its cell; and all faults in the order of the file.
    pub fn with(&mut self, judged: &Judged) {
        for RowFault { row, fault, other } in &judged.faults {
            let Some(line) = self.lines.get(*row) else { continue };
            let at = line.at(field_of(fault));
            let mut wrong = fault.wrong.clone();
            if let Some(other) = other.and_then(|it| self.lines.get(it)) {
                wrong.push_str(&format!("; het staat ook in {}", other.at("indicator")));
            }
            self.faults.push(Remark { at: Some(at), text: sentence(&wrong, &fault.allowed) });
        }
        for it in &judged.warnings {
            let at = it.row.and_then(|row| self.lines.get(row)).map(|line| line.at("waarde"));
            self.warnings.push(Remark { at, text: it.text.clone() });
        }
        self.faults.sort_by(|a, b| a.at.cmp(&b.at));
    }

    pub fn measurements(&self) -> Vec<Measurement> {
        self.lines.iter().map(|it| it.measurement.clone()).collect()
    }
}

fn field_of(fault: &Fault) -> &str {
    match fault.place.steps().first() {
        Some(Step::Key(key)) => key,
        _ => "",
    }
}

/// "Wat er mis is. Hoe het beter kan."
fn sentence(wrong: &str, allowed: &str) -> String {
    let end = |text: &str| match text.ends_with(['.', '?', '!']) {
        true => crate::text::dutch::capital(text),
        false => format!("{}.", crate::text::dutch::capital(text)),
    };
    if allowed.is_empty() { end(wrong) } else { format!("{} {}", end(wrong), end(allowed)) }
}

/// Reads the figures of a table. Where no organisation is named, they are of `own`.
pub fn read(table: &Table, catalogue: &Catalogue, own: Option<&str>) -> Read {
    let mut res = Read::default();
    let lookup = Lookup::new(catalogue);
    let mut found = 0;
    let mut skipped = 0;
    for sheet in &table.sheets {
        let Some(heading) = Heading::find(sheet) else { continue };
        found += 1;
        for (column, name) in &heading.unknown {
            let at = At { sheet: sheet.name.clone(), row: heading.row, column: Some(*column) };
            res.warnings.push(Remark {
                at: Some(at),
                text: format!("De kolom \"{name}\" kennen we niet; zij is niet gelezen."),
            });
        }
        let name: Arc<str> = sheet.name.as_str().into();
        for it in sheet.rows.iter().filter(|it| heading.row < it.number) {
            skipped += row::read(&row::Context { heading: &heading, lookup: &lookup, own, sheet: &name }, it, &mut res);
        }
    }
    if found == 0 {
        let names: Vec<&str> =
            table.sheets.iter().filter(|it| !it.rows.is_empty()).map(|it| it.name.as_str()).collect();
        let text = match (names.as_slice(), table.hidden.is_empty()) {
            ([], false) => {
                "De cijfers staan op een verborgen blad. Maak het zichtbaar: klik met rechts op een tabblad en kies Zichtbaar maken.".to_owned()
            }
            ([], true) => "Het bestand is leeg.".to_owned(),
            _ => "Er is geen rij met kolomkoppen gevonden. Er moet een kolom \"indicator\" zijn, een kolom \"periode\" en een kolom \"waarde\" of \"teller\" en \"noemer\"; of gebruik het sjabloon.".to_owned(),
        };
        res.faults.push(Remark { at: None, text });
    } else if res.lines.is_empty() && res.faults.is_empty() {
        res.faults.push(Remark { at: None, text: "Er staat nog geen enkel cijfer in het bestand.".to_owned() });
    }
    if !table.hidden.is_empty() && found != 0 {
        let text = format!("Verborgen bladen zijn niet gelezen: {}.", table.hidden.join(", "));
        res.warnings.push(Remark { at: None, text });
    }
    if 0 < skipped && !res.lines.is_empty() {
        let text =
            format!("{} zonder cijfer overgeslagen.", crate::text::dutch::count(skipped, "rij is", "rijen zijn"));
        res.warnings.push(Remark { at: None, text });
    }
    res
}

#[cfg(test)]
mod tests;
