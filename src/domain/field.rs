//! How a field is described, and the check of a value against that description.
//!
//! A struct made by `fields!` and its table `FIELDS` are one definition: files, pages, the API and the index
//! walk the table instead of naming fields one by one.
//!
//! Invariant: a value that passes [`check`] deserialises into the struct of the same table.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::domain::attachment;
use crate::domain::citizen_number;
use crate::domain::fault::{Fault, Place};
use crate::domain::period::{self, PartialDate};
use crate::domain::vocabulary::Choice;
use crate::text::slug;

/// One field of an item, as the outside sees it.
#[derive(Debug)]
pub struct Field {
    /// The Dutch name in files and, in camelCase, in the API.
    pub name: &'static str,
    /// The Dutch label on a page.
    pub label: &'static str,
    /// What to write here, for an author.
    pub help: &'static str,
    pub shape: Shape,
    pub need: Need,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
}

/// How the fault of a required field ends that has no value.
pub const MISSING: &str = "ontbreekt of is leeg";

/// What may stand in a field. Lengths count characters.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// One line of plain text.
    Line {
        max: usize,
    },
    /// Markdown of any number of lines.
    Text {
        max: usize,
    },
    /// A list of plain lines.
    Lines {
        most: usize,
        max: usize,
    },
    Integer {
        min: i64,
        max: i64,
    },
    Number,
    /// A day: 2027-01-31.
    Day,
    /// A moment as far as known: see [`PartialDate`].
    Moment,
    /// An http or https address.
    Link,
    /// The slug of the item itself.
    Slug,
    Slugs {
        most: usize,
    },
    Choice(&'static [Choice]),
    Choices(&'static [Choice]),
    /// A file that is kept, by its SHA-256.
    File,
    /// The slug of another item.
    Reference(Target),
    References(Target, usize),
    /// One table of its own.
    Group(&'static [Field]),
    Groups(&'static [Field], usize),
}

/// What a reference points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    Record,
    BuildingBlock,
    Region,
    Organisation,
    Programme,
    Theme,
    Indicator,
}

impl Target {
    /// The word in a message.
    pub fn label(self) -> &'static str {
        match self {
            Target::Record => "document",
            Target::BuildingBlock => "bouwsteen",
            Target::Region => "regio",
            Target::Organisation => "organisatie",
            Target::Programme => "programma",
            Target::Theme => "thema",
            Target::Indicator => "indicator",
        }
    }
}

/// Shapes that recur.
pub const NAME: Shape = Shape::Line { max: 120 };
pub const LINE: Shape = Shape::Line { max: 300 };
pub const TEXT: Shape = Shape::Text { max: 8_000 };
pub const LINES: Shape = Shape::Lines { most: 40, max: 600 };

/// A value that files leave out.
pub trait Blank {
    fn is_blank(&self) -> bool;
}

impl<T> Blank for Option<T> {
    fn is_blank(&self) -> bool {
        self.is_none()
    }
}

impl<T> Blank for Vec<T> {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl Blank for String {
    fn is_blank(&self) -> bool {
        self.is_empty()
    }
}

impl Blank for i64 {
    fn is_blank(&self) -> bool {
        false
    }
}

impl Blank for f64 {
    fn is_blank(&self) -> bool {
        false
    }
}

/// Makes a struct and, as `FIELDS`, the table that describes it.
macro_rules! fields {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$fdoc:meta])* $field:ident: $type:ty = $outside:literal $label:literal, $shape:expr, $need:ident, $help:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(
                $(#[$fdoc])*
                #[serde(rename = $outside, default, skip_serializing_if = "crate::domain::field::Blank::is_blank")]
                pub $field: $type,
            )+
        }

        impl $name {
            /// The same fields for the outside, in the order of files and pages.
            pub const FIELDS: &'static [$crate::domain::field::Field] = &[
                $($crate::domain::field::Field {
                    name: $outside,
                    label: $label,
                    help: $help,
                    shape: $shape,
                    need: $crate::domain::field::Need::$need,
                },)+
            ];
        }
    };
}

pub(crate) use fields;

/// The struct as the outside sees it: its filled fields by their Dutch names.
pub fn to_value<T: serde::Serialize>(item: &T) -> Map<String, Value> {
    match serde_json::to_value(item) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Whether two tables describe the same fields. Their addresses say nothing: a constant may stand in memory twice.
pub fn same(one: &[Field], other: &[Field]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.name == b.name)
}

/// Every fault of a value against a table; empty when all is well.
pub fn check(fields: &[Field], values: &Map<String, Value>, place: &Place) -> Vec<Fault> {
    let mut faults = Vec::new();
    for name in values.keys() {
        if !fields.iter().any(|field| field.name == name) {
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            let allowed = match nearest(name, &names) {
                Some(name) => format!("bedoelde u \"{name}\"? Toegestaan: {}", names.join(", ")),
                None => format!("toegestaan: {}", names.join(", ")),
            };
            faults.push(Fault::new(&place.key(name), format!("onbekend veld \"{name}\""), allowed));
        }
    }
    for field in fields {
        let place = place.key(field.name);
        match values.get(field.name) {
            Some(value) if !is_blank(value) => check_value(field.shape, value, &place, &mut faults),
            _ if field.need == Need::Required => {
                faults.push(Fault::new(&place, format!("\"{}\" {MISSING}", field.name), field.help));
            }
            _ => (),
        }
    }
    faults
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn check_value(shape: Shape, value: &Value, place: &Place, faults: &mut Vec<Fault>) {
    match shape {
        Shape::Line { max } => check_text(value, max, false, place, faults),
        Shape::Text { max } => check_text(value, max, true, place, faults),
        Shape::Lines { most, max } => each(value, most, place, faults, |it, place, faults| {
            check_text(it, max, false, place, faults);
        }),
        Shape::Integer { min, max } => match value.as_i64() {
            Some(number) if (min..=max).contains(&number) => (),
            _ => faults.push(Fault::new(
                place,
                format!("{} is hier niet mogelijk", shown(value)),
                format!("een geheel getal van {min} tot en met {max}"),
            )),
        },
        Shape::Number => {
            if !value.is_number() {
                faults.push(Fault::new(place, format!("{} is geen getal", shown(value)), "schrijf bijvoorbeeld 7.9"));
            }
        }
        Shape::Day => fitting(value, place, faults, "een dag: 2027-01-31", |text| {
            text.len() == "2027-01-31".len()
                && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok_and(|day| day.to_string() == text)
        }),
        Shape::Moment => fitting(value, place, faults, period::FORMS, |text| PartialDate::parse(text).is_some()),
        Shape::Link => fitting(value, place, faults, "een adres dat begint met https:// of http://", is_link),
        Shape::Slug => check_slug(value, place, faults),
        Shape::Slugs { most } => each(value, most, place, faults, check_slug),
        Shape::Choice(choices) => check_choice(choices, value, place, faults),
        Shape::Choices(choices) => each(value, choices.len(), place, faults, |it, place, faults| {
            check_choice(choices, it, place, faults);
        }),
        Shape::File => fitting(value, place, faults, "voeg het bestand zelf toe", attachment::is_hash),
        Shape::Reference(_) => check_slug(value, place, faults),
        Shape::References(_, most) => each(value, most, place, faults, check_slug),
        Shape::Group(fields) => check_group(fields, value, place, faults),
        Shape::Groups(fields, most) => each(value, most, place, faults, |it, place, faults| {
            check_group(fields, it, place, faults);
        }),
    }
}

fn each(
    value: &Value,
    most: usize,
    place: &Place,
    faults: &mut Vec<Fault>,
    check: impl Fn(&Value, &Place, &mut Vec<Fault>),
) {
    let Some(items) = value.as_array() else {
        faults.push(Fault::new(place, format!("{} is geen lijst", shown(value)), "schrijf een lijst: [\"a\", \"b\"]"));
        return;
    };
    if most < items.len() {
        faults.push(Fault::new(place, format!("{} waarden zijn te veel", items.len()), format!("hoogstens {most}")));
    }
    let mut seen = HashSet::new();
    for (at, item) in items.iter().enumerate() {
        check(item, &place.at(at), faults);
        if !item.is_object() && !seen.insert(item) {
            faults.push(Fault::new(&place.at(at), format!("{} staat er al", shown(item)), "noem elke waarde één keer"));
        }
    }
}

fn check_group(fields: &[Field], value: &Value, place: &Place, faults: &mut Vec<Fault>) {
    match value.as_object() {
        Some(map) => faults.extend(check(fields, map, place)),
        None => {
            faults.push(Fault::new(place, format!("{} is geen tabel", shown(value)), "schrijf velden met een naam"))
        }
    }
}

fn check_text(value: &Value, max: usize, lines: bool, place: &Place, faults: &mut Vec<Fault>) {
    let Some(text) = value.as_str() else {
        faults.push(Fault::new(place, format!("{} is geen tekst", shown(value)), "zet tekst tussen aanhalingstekens"));
        return;
    };
    let length = text.chars().count();
    if text.trim().is_empty() {
        faults.push(Fault::new(place, "de tekst is leeg", "laat het veld weg of vul het"));
    }
    if max < length {
        faults.push(Fault::new(place, format!("de tekst telt {length} tekens"), format!("hoogstens {max}")));
    }
    if !lines && text.contains('\n') {
        faults.push(Fault::new(place, "de tekst heeft meer dan één regel", "schrijf één regel"));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        faults.push(Fault::new(place, "de tekst bevat een onzichtbaar stuurteken", "haal het weg"));
    }
    if let Some(number) = citizen_number::find(text) {
        faults.push(Fault::new(
            place,
            format!("\"{number}\" heeft de vorm van een burgerservicenummer"),
            "gegevens van cliënten mogen hier niet staan; haal het nummer weg",
        ));
    }
}

fn check_slug(value: &Value, place: &Place, faults: &mut Vec<Fault>) {
    fitting(value, place, faults, "kleine letters en cijfers, woorden verbonden door \"-\"", slug::is_slug);
}

fn check_choice(choices: &[Choice], value: &Value, place: &Place, faults: &mut Vec<Fault>) {
    let words: Vec<&str> = choices.iter().map(|it| it.word).collect();
    fitting(value, place, faults, &format!("kies uit {}", words.join(", ")), |text| words.contains(&text));
}

fn fitting(value: &Value, place: &Place, faults: &mut Vec<Fault>, allowed: &str, fits: impl Fn(&str) -> bool) {
    if !value.as_str().is_some_and(fits) {
        faults.push(Fault::new(place, format!("{} is hier niet mogelijk", shown(value)), allowed));
    }
}

/// Whether a text is an http or https address with a host and without password.
pub fn is_link(text: &str) -> bool {
    text.len() <= 2_000
        && url::Url::parse(text)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.password().is_none())
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if 80 < text.chars().count() => {
            format!("\"{}…\"", text.chars().take(80).collect::<String>())
        }
        Value::String(text) => format!("\"{text}\""),
        Value::Array(_) => "een lijst".into(),
        Value::Object(_) => "een tabel".into(),
        other => other.to_string(),
    }
}

/// The allowed name at an edit distance of at most 2, if one is that near.
fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    names.iter().map(|it| (distance(name, it), *it)).filter(|(far, _)| *far <= 2).min().map(|(_, it)| it)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let here = (row[j + 1] + 1).min(row[j] + 1).min(diagonal + usize::from(x != *y));
            diagonal = row[j + 1];
            row[j + 1] = here;
        }
    }
    row[b.len()]
}

/// Every slug a value refers to, with its place: what must exist elsewhere.
pub fn references(fields: &[Field], values: &Map<String, Value>, place: &Place) -> Vec<(Target, String, Place)> {
    let mut res = Vec::new();
    for field in fields {
        let Some(value) = values.get(field.name) else { continue };
        let place = place.key(field.name);
        match (field.shape, value) {
            (Shape::Reference(target), Value::String(slug)) => res.push((target, slug.clone(), place)),
            (Shape::References(target, _), Value::Array(slugs)) => {
                for (at, slug) in slugs.iter().enumerate() {
                    res.extend(slug.as_str().map(|slug| (target, slug.to_owned(), place.at(at))));
                }
            }
            (Shape::Group(fields), Value::Object(values)) => res.extend(references(fields, values, &place)),
            (Shape::Groups(fields, _), Value::Array(rows)) => {
                for (at, row) in rows.iter().enumerate() {
                    res.extend(row.as_object().into_iter().flat_map(|row| references(fields, row, &place.at(at))));
                }
            }
            _ => (),
        }
    }
    res
}

/// All words an author wrote in a value, Markdown and lines alike, in the order of the table.
pub fn words(fields: &[Field], values: &Map<String, Value>) -> Vec<String> {
    let mut res = Vec::new();
    for field in fields {
        let Some(value) = values.get(field.name) else { continue };
        match (field.shape, value) {
            (Shape::Line { .. } | Shape::Text { .. }, Value::String(text)) => res.push(text.clone()),
            (Shape::Lines { .. }, Value::Array(lines)) => {
                res.extend(lines.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            (Shape::Group(fields), Value::Object(values)) => res.extend(words(fields, values)),
            (Shape::Groups(fields, _), Value::Array(rows)) => {
                res.extend(rows.iter().filter_map(Value::as_object).flat_map(|row| words(fields, row)));
            }
            _ => (),
        }
    }
    res
}
