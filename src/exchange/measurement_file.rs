//! The published measurements of one organisation as a file: a TOML table per figure.

use crate::domain::fault::Place;
use crate::domain::field;
use crate::domain::measurement::Measurement;

use super::toml::{self, Lines};

/// How a figure is headed in a file.
const KEY: &str = "meting";

/// A read file: the figures without faults of their own, where each stands, and the faults.
#[derive(Default)]
pub(super) struct Read {
    pub(super) measurements: Vec<(Measurement, Lines)>,
    pub(super) faults: Vec<(usize, String)>,
}

/// Reads a file of the figures of an organisation.
pub(super) fn read(organisation: &str, text: &str) -> Read {
    let mut res = Read::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let (values, lines) = match toml::read(&text, 1) {
        Ok(read) => read,
        Err(broken) => {
            res.faults.push((broken.line, format!("geen geldige TOML: {}", broken.message)));
            return res;
        }
    };
    let whole = Place::root();
    for name in values.keys().filter(|it| *it != KEY) {
        let line = lines.of(&whole.key(name));
        res.faults.push((line, format!("onbekende tabel \"{name}\"; elk getal staat onder [[{KEY}]]")));
    }
    let Some(rows) = values.get(KEY) else { return res };
    for (at, row) in rows.as_array().into_iter().flatten().enumerate() {
        let lines = lines.inside(&whole.key(KEY).at(at));
        let Some(row) = row.as_object() else {
            res.faults.push((lines.of(&whole), format!("schrijf elk getal onder [[{KEY}]]")));
            continue;
        };
        let faults = field::check(Measurement::FIELDS, row, &whole);
        if !faults.is_empty() {
            res.faults.extend(faults.iter().map(|fault| (lines.of(&fault.place), format!("{KEY}: {fault}"))));
            continue;
        }
        match serde_json::from_value::<Measurement>(serde_json::Value::Object(row.clone())) {
            Ok(it) if it.organisation != organisation => {
                let text = format!("dit getal hoort in het bestand van organisatie \"{}\"", it.organisation);
                res.faults.push((lines.of(&whole.key("organisatie")), text));
            }
            Ok(it) => res.measurements.push((it, lines)),
            Err(error) => res.faults.push((lines.of(&whole), format!("{KEY}: {error}"))),
        }
    }
    res
}

/// The figures as their file, in the order of their keys.
pub(super) fn write(measurements: &[&Measurement]) -> String {
    let mut sorted = measurements.to_vec();
    sorted.sort_by_key(|it| it.key());
    let tables = sorted
        .into_iter()
        .map(|it| format!("[[{KEY}]]\n{}", toml::write(Measurement::FIELDS, &field::to_value(it), KEY)));
    tables.collect::<Vec<_>>().join("\n")
}
