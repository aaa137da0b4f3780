//! One document as a file: TOML between `+++` lines, then Markdown.

use crate::domain::fault::{Fault, Place};
use crate::domain::record::{Common, Own, Record};
use crate::domain::vocabulary::RecordKind;
use crate::text::slug;

use super::layout::FENCE;
use super::toml::{self, Lines};

/// A read file: the document when it has no faults of its own, and where its fields stand.
pub(super) struct Read {
    pub(super) record: Option<Record>,
    pub(super) lines: Lines,
    pub(super) faults: Vec<(usize, String)>,
}

pub(super) fn read(kind: RecordKind, slug: &str, text: &str) -> Read {
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
    let (values, lines) = match toml::read(head, 2) {
        Ok(read) => read,
        Err(broken) => {
            res.faults.push((broken.line, format!("geen geldige TOML: {}", broken.message)));
            return res;
        }
    };
    let body = toml::normal(body);
    let line_of = |fault: &Fault| if fault.place.steps().is_empty() { body_line } else { lines.of(&fault.place) };
    let mut faults = Record::check(kind, &values);
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

pub(super) fn write(record: &Record) -> String {
    let values = record.to_value();
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
