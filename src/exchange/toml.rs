//! TOML: text to values with the line of each, and values to text in one fixed form.
//!
//! The fixed form: fields in the order of their table, plain ones before tables; text of more than one line in
//! `'''`; short lists on one line, others one value per line, lists of very many words filled to the edge. Reading
//! forgives any valid TOML, writing knows one way.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};
use toml_edit::{Document, Item, TableLike};

use crate::domain::fault::Place;
use crate::domain::field::{Field, Shape};

use super::layout::FENCE;

/// The line of every key and list entry of a file, from 1.
#[derive(Debug, Default, Clone)]
pub(super) struct Lines(BTreeMap<Place, usize>);

impl Lines {
    /// The line of a place, else of the nearest place around it, else 1.
    pub(super) fn of(&self, place: &Place) -> usize {
        let mut at = Some(place.clone());
        while let Some(place) = at {
            if let Some(line) = self.0.get(&place) {
                return *line;
            }
            at = place.outer();
        }
        1
    }

    /// The lines of one entry of a list of tables, as if the entry were the whole.
    pub(super) fn inside(&self, outer: &Place) -> Lines {
        let depth = outer.steps().len();
        let is_inside = |it: &(&Place, &usize)| it.0.steps().starts_with(outer.steps());
        // In their order, places inside come right after the one around them.
        let inner = self.0.range(outer.clone()..).take_while(is_inside).map(|(place, line)| {
            let rest = place.steps()[depth..].iter().fold(Place::root(), |place, step| match step {
                crate::domain::fault::Step::Key(key) => place.key(key),
                crate::domain::fault::Step::At(at) => place.at(*at),
            });
            (rest, *line)
        });
        Lines(inner.collect())
    }

    fn note(&mut self, text: &Text, place: &Place, span: Option<std::ops::Range<usize>>) {
        if let Some(span) = span {
            self.0.insert(place.clone(), text.line(span.start));
        }
    }
}

/// Where the lines of a text end, to say on which one a byte stands.
struct Text {
    /// The line of the file on which the text begins.
    first: usize,
    ends: Vec<usize>,
}

impl Text {
    fn new(text: &str, first: usize) -> Text {
        Text { first, ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    fn line(&self, byte: usize) -> usize {
        self.first + self.ends.partition_point(|end| *end < byte)
    }
}

/// What is wrong with a text that is no TOML: line and message.
pub(super) struct Broken {
    pub(super) line: usize,
    pub(super) message: String,
}

/// Reads TOML. `first` is the line of the file on which the text begins.
pub(super) fn read(text: &str, first: usize) -> Result<(Map<String, Value>, Lines), Broken> {
    let lines_of = Text::new(text, first);
    let document = Document::parse(text).map_err(|error| {
        let line = error.span().map_or(first, |span| lines_of.line(span.start));
        Broken { line, message: error.message().replace('\n', "; ") }
    })?;
    let mut lines = Lines::default();
    lines.0.insert(Place::root(), first);
    let map = table(&lines_of, document.as_table(), &Place::root(), &mut lines);
    Ok((map, lines))
}

fn table(text: &Text, table: &dyn TableLike, place: &Place, lines: &mut Lines) -> Map<String, Value> {
    let mut res = Map::new();
    for (name, item) in table.iter() {
        let place = place.key(name);
        lines.note(text, &place, table.key(name).and_then(|key| key.span()).or_else(|| item.span()));
        res.insert(name.to_owned(), value(text, item, &place, lines));
    }
    res
}

fn value(text: &Text, item: &Item, place: &Place, lines: &mut Lines) -> Value {
    if let Some(tables) = item.as_array_of_tables() {
        let rows = tables.iter().enumerate().map(|(at, row)| {
            let place = place.at(at);
            lines.note(text, &place, row.span());
            Value::Object(table(text, row, &place, lines))
        });
        return Value::Array(rows.collect());
    }
    if let Some(inner) = item.as_table_like() {
        return Value::Object(table(text, inner, place, lines));
    }
    match item.as_value() {
        Some(found) => plain(text, found, place, lines),
        None => Value::Null,
    }
}

fn plain(text: &Text, value: &toml_edit::Value, place: &Place, lines: &mut Lines) -> Value {
    match value {
        toml_edit::Value::String(it) => Value::String(normal(it.value())),
        toml_edit::Value::Integer(it) => Value::Number((*it.value()).into()),
        toml_edit::Value::Float(it) => match Number::from_f64(*it.value()) {
            Some(number) => Value::Number(number),
            None => Value::String(it.value().to_string()),
        },
        toml_edit::Value::Boolean(it) => Value::Bool(*it.value()),
        toml_edit::Value::Datetime(it) => Value::String(it.value().to_string()),
        toml_edit::Value::Array(items) => {
            let items = items.iter().enumerate().map(|(at, item)| {
                let place = place.at(at);
                lines.note(text, &place, item.span());
                plain(text, item, &place, lines)
            });
            Value::Array(items.collect())
        }
        toml_edit::Value::InlineTable(it) => Value::Object(table(text, it, place, lines)),
    }
}

/// Text without what an editor adds: carriage returns, empty lines at the ends.
pub(super) fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim_start_matches('\n').trim_end().to_owned()
}

/// Writes the fields of a table, in its order. `path` is the name of the table around, empty at the top.
pub(super) fn write(fields: &[Field], values: &Map<String, Value>, path: &str) -> String {
    write_plain(fields, values) + &write_tables(fields, values, path)
}

/// The fields that are no tables; in TOML they come first.
pub(super) fn write_plain(fields: &[Field], values: &Map<String, Value>) -> String {
    let mut res = String::new();
    for (field, value) in filled(fields, values) {
        if !matches!(field.shape, Shape::Group(_) | Shape::Groups(..)) {
            res.push_str(&format!("{} = {}\n", field.name, plain_text(field.shape, value)));
        }
    }
    res
}

/// The fields that are tables of their own.
pub(super) fn write_tables(fields: &[Field], values: &Map<String, Value>, path: &str) -> String {
    let mut res = String::new();
    for (field, value) in filled(fields, values) {
        let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
        match (field.shape, value) {
            (Shape::Group(fields), Value::Object(values)) => {
                res.push_str(&format!("\n[{path}]\n{}", write(fields, values, &path)));
            }
            (Shape::Groups(fields, _), Value::Array(rows)) => {
                for row in rows.iter().filter_map(Value::as_object) {
                    res.push_str(&format!("\n[[{path}]]\n{}", write(fields, row, &path)));
                }
            }
            _ => (),
        }
    }
    res
}

fn filled<'a>(fields: &'a [Field], values: &'a Map<String, Value>) -> impl Iterator<Item = (&'a Field, &'a Value)> {
    fields.iter().filter_map(|field| Some((field, values.get(field.name)?)))
}

fn plain_text(shape: Shape, value: &Value) -> String {
    match (shape, value) {
        // TOML has days of its own.
        (Shape::Day, Value::String(day)) => day.clone(),
        (Shape::Text { .. }, Value::String(text)) if 100 < text.chars().count() => block(text),
        (_, Value::String(text)) if text.contains('\n') => block(text),
        (_, Value::String(text)) => quoted(text),
        (_, Value::Array(items)) => {
            let items: Vec<String> = items.iter().map(|it| plain_text(shape, it)).collect();
            let line = format!("[{}]", items.join(", "));
            match shape {
                _ if line.chars().count() <= 100 => line,
                Shape::Lines { most, .. } if MANY < most => filled_lines(&items),
                _ => format!("[\n  {},\n]", items.join(",\n  ")),
            }
        }
        (_, Value::Number(number)) => number_text(number),
        (_, other) => other.to_string(),
    }
}

/// Lists that may hold more than this are lists of words.
const MANY: usize = 100;
/// How wide their lines are at most.
const COLUMNS: usize = 110;

/// As many values per line as fit.
fn filled_lines(items: &[String]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if line.chars().count() + item.chars().count() + " ,".len() <= COLUMNS => {
                line.push_str(&format!(" {item},"));
            }
            _ => lines.push(format!("  {item},")),
        }
    }
    format!("[\n{}\n]", lines.join("\n"))
}

/// A whole number without decimals, any other in its shortest exact form.
fn number_text(number: &Number) -> String {
    match number.as_f64() {
        // Minus zero is zero.
        Some(0.0) => "0".to_owned(),
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < 1e15 => format!("{value:.0}"),
        Some(value) if number.is_f64() => format!("{value:?}"),
        _ => number.to_string(),
    }
}

fn block(text: &str) -> String {
    // A line that looks like the end of the front matter would be read as that.
    let fits = !text.contains("'''")
        && text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t')
        && text.lines().all(|line| line.trim_end() != FENCE);
    if fits { format!("'''\n{text}\n'''") } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    let plain = text.chars().all(|c| !c.is_control());
    if plain && text.contains(['"', '\\']) && !text.contains('\'') {
        return format!("'{text}'");
    }
    let mut res = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => res.push_str("\\\""),
            '\\' => res.push_str("\\\\"),
            '\n' => res.push_str("\\n"),
            '\t' => res.push_str("\\t"),
            '\r' => res.push_str("\\r"),
            c if c.is_control() => res.push_str(&format!("\\u{:04X}", c as u32)),
            c => res.push(c),
        }
    }
    res.push('"');
    res
}
