//! From the fields that a browser sent to the content of a draft. What does not fit its field is kept as it was typed:
//! the checks say what is wrong with it.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};

use crate::domain::catalogue::Catalogue;
use crate::domain::draft::Content;
use crate::domain::field::{Field, Shape, Target};
use crate::domain::organisation::name_key;
use crate::domain::record::{Common, Own};
use crate::domain::visibility::Visibility;
use crate::domain::vocabulary::RecordKind;
use crate::text::slug;

use super::is_hidden;
use super::view::VISIBILITY;

/// More rows than this are no form of ours.
const ROWS_MAX: usize = 500;

/// The draft that was sent. Fields that stand in no form are not in it: see [`keep_hidden`].
pub fn content(kind: RecordKind, pairs: &[(&str, &str)], catalogue: &Catalogue) -> Content {
    let mut res = Content::new(kind);
    for fields in [Common::FIELDS, Own::fields(kind)] {
        res.fields.extend(table(fields, "", pairs, catalogue));
    }
    // What is meant when nothing is said is not written.
    if res.fields.get(VISIBILITY).and_then(Value::as_str) == Some(Visibility::default().word()) {
        res.fields.remove(VISIBILITY);
    }
    res.body = first("tekst", pairs).to_owned();
    res.slug = first("adres", pairs).trim().to_owned();
    res
}

/// Takes over what the form does not show from what stood before.
pub fn keep_hidden(content: &mut Content, before: &Content) {
    for field in Common::FIELDS.iter().chain(Own::fields(content.kind)).filter(|it| is_hidden(it)) {
        if let Some(value) = before.fields.get(field.name) {
            content.fields.insert(field.name.to_owned(), value.clone());
        }
    }
}

/// Leaves out one row of a list: `organisaties.2`.
pub fn remove_row(fields: &mut Map<String, Value>, row: &str) {
    let Some((name, at)) = row.rsplit_once('.') else { return };
    if let (Some(Value::Array(rows)), Ok(at)) = (fields.get_mut(name), at.parse::<usize>())
        && at < rows.len()
    {
        rows.remove(at);
    }
}

/// The values of any table of fields.
pub fn values(fields: &'static [Field], pairs: &[(&str, &str)], catalogue: &Catalogue) -> Map<String, Value> {
    table(fields, "", pairs, catalogue)
}

fn table(fields: &'static [Field], before: &str, pairs: &[(&str, &str)], catalogue: &Catalogue) -> Map<String, Value> {
    let mut res = Map::new();
    for field in fields.iter().filter(|it| !before.is_empty() || !is_hidden(it)) {
        let name = if before.is_empty() { field.name.to_owned() } else { format!("{before}.{}", field.name) };
        if let Some(value) = value(field.shape, &name, pairs, catalogue) {
            res.insert(field.name.to_owned(), value);
        }
    }
    res
}

fn value(shape: Shape, name: &str, pairs: &[(&str, &str)], catalogue: &Catalogue) -> Option<Value> {
    let text = || first(name, pairs);
    let line = || Some(Value::from(text().trim())).filter(|it| it != "");
    match shape {
        Shape::Text { .. } => {
            Some(Value::from(text())).filter(|it| it.as_str().is_some_and(|it| !it.trim().is_empty()))
        }
        Shape::Line { .. }
        | Shape::Day
        | Shape::Moment
        | Shape::Link
        | Shape::Slug
        | Shape::File
        | Shape::Choice(_) => line(),
        Shape::Integer { .. } => line().map(|it| match text().trim().parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => it,
        }),
        Shape::Number => line().map(|it| match number(text().trim()) {
            Some(number) => Value::Number(number),
            None => it,
        }),
        Shape::Lines { .. } | Shape::Slugs { .. } => {
            let lines = text().lines().map(str::trim).filter(|it| !it.is_empty()).map(Value::from);
            filled(lines.collect())
        }
        Shape::Choices(_) => filled(all(name, pairs).map(Value::from).collect()),
        Shape::Reference(target) => {
            Some(resolve(target, text(), catalogue)).filter(|it| !it.is_empty()).map(Value::from)
        }
        Shape::References(target, _) => {
            let mut seen = BTreeSet::new();
            let slugs = all(name, pairs).map(|it| resolve(target, it, catalogue)).filter(|it| !it.is_empty());
            filled(slugs.filter(|it| seen.insert(it.clone())).map(Value::from).collect())
        }
        Shape::Group(fields) => {
            Some(table(fields, name, pairs, catalogue)).filter(|it| !it.is_empty()).map(Value::Object)
        }
        Shape::Groups(fields, _) => {
            let before = format!("{name}.");
            let at = |key: &str| key.strip_prefix(&before)?.split('.').next()?.parse::<usize>().ok();
            let rows: BTreeSet<usize> = pairs.iter().filter_map(|it| at(it.0)).collect();
            let rows =
                rows.into_iter().take(ROWS_MAX).map(|at| table(fields, &format!("{name}.{at}"), pairs, catalogue));
            filled(rows.filter(|it| !is_blank(fields, it)).map(Value::Object).collect())
        }
    }
}

/// A row of which only the choices that always say something are filled was not filled in.
fn is_blank(fields: &[Field], row: &Map<String, Value>) -> bool {
    let says = |name: &String| fields.iter().any(|it| it.name == name && !matches!(it.shape, Shape::Choice(_)));
    !row.keys().any(says)
}

fn filled(items: Vec<Value>) -> Option<Value> {
    (!items.is_empty()).then_some(Value::Array(items))
}

/// A number as the Dutch write it: "7,5", "1.250", "1.250,5"; also "7.5".
fn number(text: &str) -> Option<Number> {
    let plain = match (text.contains(','), text.matches('.').count()) {
        (true, _) => text.replace('.', "").replace(',', "."),
        (false, 0 | 1) => text.to_owned(),
        (false, _) => text.replace('.', ""),
    };
    plain.parse::<f64>().ok().and_then(Number::from_f64)
}

/// The slug of what was typed: a slug, a name, another name, or an address of this site. What is not known stays.
pub fn resolve(target: Target, typed: &str, catalogue: &Catalogue) -> String {
    let typed = typed.trim();
    let key = name_key(typed);
    let is_meant = |it: &(&str, &str)| it.0 == typed || name_key(it.1) == key;
    let found = match target {
        Target::Record => {
            let after = typed.rsplit_once("/kennisbank/").map_or(typed, |it| it.1);
            let slug = after.split(['/', '?', '#']).next().unwrap_or(after);
            slug::is_slug(slug).then(|| slug.to_owned())
        }
        Target::Organisation => {
            let names = catalogue.organisations.iter().flat_map(|it| {
                std::iter::once((it.slug.as_str(), it.name.as_str()))
                    .chain(it.aliases.iter().map(|alias| (it.slug.as_str(), alias.name.as_str())))
            });
            names.into_iter().find(is_meant).map(|it| it.0.to_owned())
        }
        Target::Theme => catalogue
            .themes
            .iter()
            .map(|it| (it.slug.as_str(), it.name.as_str()))
            .find(is_meant)
            .map(|it| it.0.to_owned()),
        Target::Indicator => catalogue
            .indicators
            .iter()
            .map(|it| (it.slug.as_str(), it.name.as_str()))
            .find(is_meant)
            .map(|it| it.0.to_owned()),
        Target::Region => catalogue
            .regions
            .iter()
            .map(|it| (it.slug.as_str(), it.name.as_str()))
            .find(is_meant)
            .map(|it| it.0.to_owned()),
        Target::Programme => catalogue
            .programmes
            .iter()
            .map(|it| (it.slug.as_str(), it.name.as_str()))
            .find(is_meant)
            .map(|it| it.0.to_owned()),
        Target::BuildingBlock => catalogue
            .building_blocks
            .iter()
            .map(|it| (it.slug.as_str(), it.name.as_str()))
            .find(is_meant)
            .map(|it| it.0.to_owned()),
    };
    found.unwrap_or_else(|| typed.to_owned())
}

fn first<'a>(name: &str, pairs: &[(&str, &'a str)]) -> &'a str {
    pairs.iter().find(|it| it.0 == name).map_or("", |it| it.1)
}

fn all<'a>(name: &'a str, pairs: &'a [(&str, &'a str)]) -> impl Iterator<Item = &'a str> {
    pairs.iter().filter(move |it| it.0 == name && !it.1.trim().is_empty()).map(|it| it.1)
}
