//! One document as a file: TOML between `+++` lines, then Markdown.

use serde_json::{Map, Value};

use crate::domain::attachment::Attachment;
use crate::domain::fault::{Fault, Place};
use crate::domain::record::{Common, Own, Record};
use crate::domain::vocabulary::RecordKind;
use crate::text::slug;

use super::layout::{self, FENCE};
use super::toml::{self, Lines};

/// A read file: the document when it has no faults of its own, and where its fields stand.
pub(super) struct Read {
    pub(super) record: Option<Record>,
    pub(super) lines: Lines,
    pub(super) faults: Vec<(usize, String)>,
}

/// The field of the files of a document.
const FILES: &str = "bijlagen";

/// `attach` says what a document can hold of a file that it names by its path, or why it cannot.
pub(super) fn read(
    kind: RecordKind,
    slug: &str,
    text: &str,
    attach: &mut dyn FnMut(&str) -> Result<Attachment, String>,
) -> Read {
    let mut res = Read { record: None, lines: Lines::default(), faults: vec![] };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    if !slug::is_slug(slug) {
        let wrong = format!(
            "de bestandsnaam \"{slug}.md\" is geen adres; kleine letters en cijfers, woorden verbonden door \"-\", hoogstens {} tekens",
            slug::MAX
        );
        res.faults.push((1, wrong));
    }
    let Some(rest) = text.strip_prefix(FENCE).and_then(|it| it.strip_prefix('\n')) else {
        res.faults.push((
            1,
            "het bestand begint niet met +++; zet op de eerste regel +++, dan de velden, dan weer +++".into(),
        ));
        return res;
    };
    let Some((head, body, body_line)) = split(rest) else {
        res.faults.push((1, "de velden eindigen nergens; zet na de velden een regel met alleen +++".into()));
        return res;
    };
    let (mut values, lines) = match toml::read(head, 2) {
        Ok(read) => read,
        Err(broken) => {
            res.faults.push((broken.line, format!("geen geldige TOML: {}", broken.message)));
            return res;
        }
    };
    let body = toml::normal(body);
    let line_of = |fault: &Fault| if fault.place.steps().is_empty() { body_line } else { lines.of(&fault.place) };
    let unattached = resolve_files(&mut values, attach);
    let mut faults = Record::check(kind, &values);
    // One fault of a file is enough: what follows from it cannot be there.
    let rows: Vec<Place> = unattached.iter().filter_map(|it| it.place.outer()).collect();
    faults.retain(|fault| !rows.iter().any(|it| fault.place.steps().starts_with(it.steps())));
    faults.extend(unattached);
    if faults.is_empty() {
        match Record::from_value(slug, kind, values, &body) {
            Ok(record) => {
                faults = record.check_rules();
                res.record = Some(record);
            }
            Err(message) => faults.push(Fault::new(&Place::root(), message, "")),
        }
    }
    res.faults.extend(faults.iter().map(|fault| (line_of(fault), fault.to_string())));
    res.lines = lines;
    res
}

/// The front matter, the body, and the line of the file on which the body begins.
fn split(rest: &str) -> Option<(&str, &str, usize)> {
    let mut at = 0;
    for (n, line) in rest.split_inclusive('\n').enumerate() {
        if line.trim_end() == FENCE {
            return Some((&rest[..at], &rest[at + line.len()..], n + 3));
        }
        at += line.len();
    }
    None
}

/// In a content file a document names its files by their path; what follows from a file is not written.
fn resolve_files(
    values: &mut Map<String, Value>,
    attach: &mut dyn FnMut(&str) -> Result<Attachment, String>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let rows = values.get_mut(FILES).and_then(Value::as_array_mut).into_iter().flatten().enumerate();
    for (at, row) in rows.filter_map(|(at, row)| Some((at, row.as_object_mut()?))) {
        let place = Place::root().key(FILES).at(at);
        for name in Attachment::DERIVED.iter().filter(|it| row.contains_key(**it)) {
            let wrong = format!("\"{name}\" volgt uit het bestand");
            faults.push(Fault::new(&place.key(name), wrong, "laat dit veld weg"));
        }
        let Some(path) = row.get("bestand").and_then(Value::as_str) else { continue };
        match attach(path) {
            Ok(file) => {
                let known = crate::domain::field::to_value(&file);
                let derived = Attachment::DERIVED.iter().chain(&["bestand"]);
                row.extend(derived.filter_map(|it| Some(((*it).to_owned(), known.get(*it)?.clone()))));
            }
            Err(wrong) => faults.push(Fault::new(&place.key("bestand"), wrong, "")),
        }
    }
    faults
}

/// The values of a document with its files named by their paths.
fn with_paths(record: &Record) -> Map<String, Value> {
    let mut values = record.to_value();
    let rows = values.get_mut(FILES).and_then(Value::as_array_mut).into_iter().flatten();
    for (row, file) in rows.filter_map(Value::as_object_mut).zip(&record.common.attachments) {
        Attachment::DERIVED.iter().for_each(|it| drop(row.remove(*it)));
        row.insert("bestand".into(), layout::attachment_file(&record.slug, &file.name).into());
    }
    values
}

pub(super) fn write(record: &Record) -> String {
    let values = with_paths(record);
    let own = Own::fields(record.kind());
    let mut res = format!("{FENCE}\n");
    res.push_str(&toml::write_plain(Common::FIELDS, &values));
    res.push_str(&toml::write_plain(own, &values));
    res.push_str(&toml::write_tables(Common::FIELDS, &values, ""));
    res.push_str(&toml::write_tables(own, &values, ""));
    res.push_str(&format!("{FENCE}\n"));
    if !record.body.is_empty() {
        res.push_str(&format!("\n{}\n", record.body));
    }
    res
}
