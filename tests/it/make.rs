//! Made content: a library with every kind, every list and every field, from the field tables themselves.
//!
//! [`library`] is a proptest strategy. It walks the tables of `domain`, so a new field is tried here without a change.
//! Texts are hostile but legal: quotes, fences, tabs, emoji, letters with marks.

use std::collections::HashSet;

use leerkring::domain::catalogue::{Catalogue, Item, ItemKind};
use leerkring::domain::field::{Field, Need, Shape, Target};
use leerkring::domain::indicator::{Direction, Indicator, IndicatorKind, Part};
use leerkring::domain::library::Library;
use leerkring::domain::measurement::Measurement;
use leerkring::domain::part::Participation;
use leerkring::domain::period::{PartialDate, Span};
use leerkring::domain::record::{Common, Own, Record};
use leerkring::domain::visibility::Visibility;
use leerkring::domain::vocabulary::{Choice, RecordKind, Role};
use leerkring::text::slug;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// Items per list and documents per library; documents run through the kinds.
const ITEMS: usize = 3;
const RECORDS: usize = 6;

/// One published document with a title and more fields.
pub fn record(slug: &str, kind: RecordKind, title: &str, more: Value) -> Record {
    let mut values = json!({ "titel": title, "samenvatting": "Een korte tekst." }).as_object().unwrap().clone();
    values.extend(more.as_object().unwrap().clone());
    assert_eq!(Record::check(kind, &values), []);
    Record::from_value(slug, kind, values, "Tekst.").unwrap()
}

/// A library of these documents and no lists.
pub fn documents(records: Vec<Record>) -> Library {
    Library { records, ..Library::default() }
}

/// A whole library, equal to what comes back from its files. Every other optional field is filled.
pub fn library() -> impl Strategy<Value = Library> {
    with(Filled::Half)
}

/// A library in which every field is filled.
pub fn full_library() -> impl Strategy<Value = Library> {
    with(Filled::All)
}

/// Which optional fields have a value.
#[derive(Debug, Clone, Copy)]
enum Filled {
    Half,
    All,
}

fn with(filled: Filled) -> impl Strategy<Value = Library> {
    let of_kind = |kind: &ItemKind| vec![table(Item::fields(*kind), filled); ITEMS];
    let lists: Vec<_> = ItemKind::ALL.iter().map(of_kind).collect();
    let kinds = (0..RECORDS).map(|at| RecordKind::ALL[at % RecordKind::ALL.len()]);
    let records: Vec<_> = kinds
        .map(|kind| (Just(kind), table(Common::FIELDS, filled), table(Own::fields(kind), filled), text(40)))
        .collect();
    (lists, records).prop_map(|(lists, records)| {
        let mut catalogue = Catalogue::default();
        for (kind, rows) in ItemKind::ALL.iter().zip(lists) {
            for (at, row) in rows.into_iter().enumerate() {
                catalogue.push(item(*kind, at, row));
            }
        }
        let records = records.into_iter().enumerate().map(|(at, (kind, common, own, body))| {
            let values = common.into_iter().chain(own).collect();
            document(at, Record::from_value(&document_slug(at), kind, values, &body).unwrap())
        });
        let measurements = measurements(&catalogue);
        Library { records: records.collect(), catalogue, measurements }
    })
}

/// A figure of the first organisation on every indicator.
fn measurements(catalogue: &Catalogue) -> Vec<Measurement> {
    let Some(organisation) = catalogue.organisations.first() else { return vec![] };
    let make = |it: &Indicator| Measurement {
        indicator: it.slug.clone(),
        definition: it.definitions.first().map(|it| it.version.clone()),
        organisation: organisation.slug.clone(),
        part: it.parts.first().map(|it| it.code.clone()),
        period: PartialDate::parse("2024-K2"),
        value: Some(0.5),
        source: Some("Voorbeeld".into()),
        ..Measurement::default()
    };
    let mut res: Vec<Measurement> = catalogue.indicators.iter().map(make).collect();
    res.sort_by_key(Measurement::key);
    res
}

fn document_slug(at: usize) -> String {
    format!("document-{at}")
}

/// What fields alone cannot promise: own slugs, names with one owner, trees without circles, periods that end last,
/// words that stand once.
fn item(kind: ItemKind, at: usize, mut values: Map<String, Value>) -> Item {
    values.insert("slug".into(), format!("{}-{at}", kind.word()).into());
    // A tree hangs on earlier items only.
    values.retain(|name, value| name != "boven" || (0..at).any(|it| *value == format!("{}-{it}", kind.word())));
    let mut res = Item::from_value(kind, values).unwrap();
    match &mut res {
        Item::Organisation(it) => {
            it.name.push_str(&format!(" {at}"));
            for (n, alias) in it.aliases.iter_mut().enumerate() {
                alias.name.push_str(&format!(" {at} {n}"));
            }
        }
        Item::Programme(it) => {
            in_order(&mut it.from, &mut it.until);
            once_per_role(&mut it.organisations);
        }
        Item::Theme(it) => {
            in_order(&mut it.from, &mut it.until);
            let mut seen = HashSet::new();
            it.participants.retain(|it| seen.insert(it.organisation.clone()));
        }
        Item::Network(it) => {
            in_order(&mut it.from, &mut it.until);
            it.members.iter_mut().for_each(|it| in_order(&mut it.from, &mut it.until));
        }
        Item::Indicator(it) => {
            // What makes a figure the only one of its kind must not change from one library to the next.
            it.span = Span::Quarter;
            it.kind = match (at % 2, it.kind) {
                (0, _) => IndicatorKind::Composition,
                (_, IndicatorKind::Composition) => IndicatorKind::Mean,
                (_, other) => other,
            };
            it.factor = it.factor.map(|it| 1.0 + it.abs());
            let is_band = it.direction == Direction::Band;
            (it.band_from, it.band_until) = (is_band.then_some(1.0), is_band.then_some(2.5));
            (it.plausible_from, it.plausible_until) = (None, it.plausible_until);
            it.parts = match it.kind {
                IndicatorKind::Composition => {
                    ["a", "b"].map(|code| Part { code: code.into(), name: "Deel".into() }).into()
                }
                _ => vec![],
            };
            it.definitions.truncate(1);
            for it in &mut it.definitions {
                in_order(&mut it.from, &mut it.until);
                it.denominator.get_or_insert_with(|| "waarvan".into());
            }
        }
        Item::Concept(it) => {
            let mut seen = HashSet::from([slug::fold(&it.name)]);
            for forms in [&mut it.short_forms, &mut it.ambiguous_short_forms, &mut it.synonyms, &mut it.related] {
                forms.retain(|it| seen.insert(slug::fold(it)));
            }
        }
        Item::WordList(it) => {
            let mut seen = HashSet::new();
            it.words.retain(|it| seen.insert(slug::fold(it)));
        }
        Item::BuildingBlock(_) | Item::Region(_) => (),
    }
    res
}

fn document(at: usize, mut record: Record) -> Record {
    let common = &mut record.common;
    in_order(&mut common.from, &mut common.until);
    for (n, former) in common.former_slugs.iter_mut().enumerate() {
        *former = format!("oud-{at}-{n}");
    }
    if let Own::QualityReport(_) = record.own {
        common.organisations.iter_mut().for_each(|it| it.role = Role::Partner);
        common.organisations.push(Participation { organisation: "organisatie-0".into(), role: Role::Lead });
    }
    // Without anybody to lead it, only a public document has readers.
    if !common.organisations.iter().any(|it| it.role == Role::Lead) {
        common.visibility = Visibility::Public;
    }
    once_per_role(&mut common.organisations);
    // Their bytes would have to be kept: see the tests of attachments.
    common.attachments.clear();
    record
}

fn in_order(from: &mut Option<PartialDate>, until: &mut Option<PartialDate>) {
    if from.zip(*until).is_some_and(|(from, until)| until.last_day() < from.first_day()) {
        std::mem::swap(from, until);
    }
}

fn once_per_role(parts: &mut Vec<Participation>) {
    let mut seen = HashSet::new();
    parts.retain(|it| seen.insert((it.organisation.clone(), it.role)));
}

/// Values for a table of fields.
fn table(fields: &'static [Field], filled: Filled) -> BoxedStrategy<Map<String, Value>> {
    let one = |field: &Field| match (field.need, filled) {
        (Need::Optional, Filled::Half) => option::of(value(field.shape, filled)).boxed(),
        _ => value(field.shape, filled).prop_map(Some).boxed(),
    };
    let values: Vec<_> = fields.iter().map(one).collect();
    let named = move |values: Vec<Option<Value>>| {
        let pairs = fields.iter().zip(values);
        pairs.filter_map(|(field, value)| Some((field.name.to_owned(), value?))).collect()
    };
    values.prop_map(named).boxed()
}

fn value(shape: Shape, filled: Filled) -> BoxedStrategy<Value> {
    match shape {
        Shape::Line { max } => line(max).prop_map(Value::from).boxed(),
        Shape::Text { .. } => text(12).prop_map(Value::from).boxed(),
        // So many lines can only be single words.
        Shape::Lines { most, .. } if 1_000 <= most => vec(word(), 1..120).prop_map(distinct).boxed(),
        Shape::Lines { most, max } => vec(line(max), 1..=most.min(3)).prop_map(distinct).boxed(),
        Shape::Integer { min, max } => (min..=max).prop_map(Value::from).boxed(),
        Shape::Number => number().prop_map(Value::from).boxed(),
        Shape::Day => (1..=9999, 1..=12, 1..=28)
            .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}").into())
            .boxed(),
        Shape::Moment => moment().prop_map(Value::from).boxed(),
        Shape::Link => select(LINKS).prop_map(Value::from).boxed(),
        Shape::Slug => slug_like().prop_map(Value::from).boxed(),
        Shape::Slugs { most } => vec(slug_like(), 1..=most.min(3)).prop_map(distinct).boxed(),
        Shape::Choice(choices) => select(choices).prop_map(|it: Choice| it.word.into()).boxed(),
        Shape::Choices(choices) => subsequence(choices, 1..=choices.len())
            .prop_map(|it| it.into_iter().map(|it| Value::from(it.word)).collect())
            .boxed(),
        Shape::File => Just(Value::from("0".repeat(64))).boxed(),
        Shape::Reference(target) => select(slugs(target)).prop_map(Value::from).boxed(),
        Shape::References(target, most) => {
            let slugs = slugs(target);
            let most = most.min(slugs.len());
            subsequence(slugs, 1..=most).prop_shuffle().prop_map(Value::from).boxed()
        }
        Shape::Group(fields) => table(fields, filled).prop_map(Value::from).boxed(),
        Shape::Groups(fields, most) => vec(table(fields, filled), 1..=most.min(2)).prop_map(Value::from).boxed(),
    }
}

/// What references can point at.
fn slugs(target: Target) -> Vec<String> {
    match ItemKind::ALL.iter().find(|it| it.target() == Some(target)) {
        Some(kind) => (0..ITEMS).map(|at| format!("{}-{at}", kind.word())).collect(),
        None => (0..RECORDS).map(document_slug).collect(),
    }
}

fn distinct(values: Vec<String>) -> Value {
    let mut seen = HashSet::new();
    values.into_iter().filter(|it| seen.insert(it.clone())).map(Value::from).collect()
}

const LINKS: &[&str] = &[
    "https://leerkring.example",
    "http://127.0.0.1:8080/a%20b?c=d&e='f'#g",
    "https://xn--caf-dma.example/\"\\",
    "https://cliënt.example/één",
];

fn slug_like() -> impl Strategy<Value = String> {
    "[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}"
}

fn moment() -> impl Strategy<Value = String> {
    let year = 1900..=2199_i32;
    prop_oneof![
        year.clone().prop_map(|it| it.to_string()),
        (year.clone(), 1..=4).prop_map(|(year, quarter)| format!("{year}-K{quarter}")),
        (year.clone(), 1..=12).prop_map(|(year, month)| format!("{year}-{month:02}")),
        (year, 1..=12, 1..=28).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        select(&[0.0, -0.0, 7.9, 410_000.0, 0.1 + 0.2, -12.5, 1e15, 1e16, f64::MAX, f64::MIN_POSITIVE][..]),
        -1_000.0..1_000.0,
        proptest::num::f64::NORMAL,
    ]
}

/// What breaks writers and readers of TOML, Markdown and lines.
const PIECES: &[&str] = &[
    "\"",
    "'",
    "'''",
    "\"\"\"",
    "\\",
    "\\n",
    "\\u0041",
    "\t",
    " ",
    "  ",
    "+++",
    "---",
    "[[a]]",
    "[b]",
    "c = 1",
    "#",
    "{",
    "}",
    "%s",
    "<b>",
    "&amp;",
    "één",
    "cliënt",
    "IJ",
    "ĳ",
    "’s",
    "👩‍⚕️",
    "🏳️‍🌈",
    "e\u{301}",
    "\u{a0}",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "בית",
    "日本",
    "woord",
    "**vet**",
    "- punt",
    "|",
    "`",
    "null",
    "true",
];
const BREAKS: &[&str] = &["\n", "\n\n", "\n+++\n", "\n```\n", "\n'''\n", "\n[[bronnen]]\n"];

fn piece() -> impl Strategy<Value = String> {
    // Digits are left out: nine of them could be a citizen service number.
    let any = any::<char>().prop_filter("legal", |c| !c.is_control() && !c.is_ascii_digit()).prop_map(String::from);
    prop_oneof![4 => select(PIECES).prop_map(str::to_owned), 1 => any]
}

/// A word in the form that a list of words has it.
fn word() -> impl Strategy<Value = String> {
    "[a-zéëïöüçèĳ]{3,18}"
}

/// One line, at most `max` characters with room for a suffix.
fn line(max: usize) -> impl Strategy<Value = String> {
    vec(piece(), 1..8).prop_map(move |pieces| written(&pieces.concat(), max - 10))
}

fn text(most: usize) -> impl Strategy<Value = String> {
    let part = prop_oneof![3 => piece(), 1 => select(BREAKS).prop_map(str::to_owned)];
    vec(part, 1..most).prop_map(|pieces| written(&pieces.concat(), 4_000))
}

/// As it comes out of a file: no blank lines before it, no space after it, not empty.
fn written(text: &str, max: usize) -> String {
    let text: String = text.trim_start_matches('\n').chars().take(max).collect();
    match text.trim() {
        "" => "leeg".to_owned(),
        _ => text.trim_end().to_owned(),
    }
}
