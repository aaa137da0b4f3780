//! The field tables of `domain` as types of the API: schema and values both come from the table, so a new field is
//! in the answers and in the OpenAPI document without a change here.
//!
//! Names are the Dutch ones in camelCase (`herzien_voor` is `herzienVoor`). Every property is always there: a list
//! that is empty is empty, anything else that is missing is null.
//!
//! Invariant: a reference to a document that the asker may not see does not leave this module.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::marker::PhantomData;
use std::sync::{LazyLock, Mutex, PoisonError};

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{IsObjectType, ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::{Map, Value};

use crate::domain::field::{Field, Need, Shape, Target};
use crate::domain::part::{Figure, Source};
use crate::domain::record::{Common, Own};
use crate::domain::vocabulary::{Choice, RecordKind};

/// What the table of an item is called outside, and its fields.
pub trait Described: Send + Sync + 'static {
    const NAME: &'static str;

    fn fields() -> Vec<&'static Field>;
}

impl Described for Figure {
    const NAME: &'static str = "Cijfer";

    fn fields() -> Vec<&'static Field> {
        Figure::FIELDS.iter().collect()
    }
}

impl Described for Source {
    const NAME: &'static str = "Bron";

    fn fields() -> Vec<&'static Field> {
        Source::FIELDS.iter().collect()
    }
}

/// The common fields that go out as they are written. The others carry names and titles beside their slugs and
/// have a property of their own in the view of a document.
pub struct Plain;

/// The common fields that [`Plain`] leaves to the view.
const RESOLVED: &[&str] =
    &["zichtbaarheid", "status", "themas", "bouwstenen", "organisaties", "regio", "programma", "relaties", "bijlagen"];

impl Described for Plain {
    const NAME: &'static str = "Algemeen";

    fn fields() -> Vec<&'static Field> {
        Common::FIELDS.iter().filter(|it| !RESOLVED.contains(&it.name)).collect()
    }
}

/// The slugs of the documents that may be named.
pub type Visible = BTreeSet<String>;

/// One item by its table.
pub struct Table<T> {
    values: Map<String, Value>,
    of: PhantomData<fn() -> T>,
}

impl<T: Described> Table<T> {
    pub fn new(values: &Map<String, Value>, visible: &Visible) -> Table<T> {
        Table { values: outside(T::fields(), values, visible), of: PhantomData }
    }
}

impl<T: Described> Type for Table<T> {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(T::NAME.to_owned())
    }

    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>(T::NAME.to_owned(), |_| object(T::fields()));
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl<T: Described> IsObjectType for Table<T> {}

impl<T: Described> ToJSON for Table<T> {
    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.values.clone()))
    }
}

impl<T: Described> ParseFromJSON for Table<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::Object(values)) => Ok(Table { values, of: PhantomData }),
            other => Err(ParseError::expected_type(other.unwrap_or_default())),
        }
    }
}

/// The own fields of a document of any kind.
pub struct OwnFields(Map<String, Value>);

impl OwnFields {
    pub fn new(own: &Own, visible: &Visible) -> OwnFields {
        OwnFields(outside(Own::fields(own.kind()), &own.to_value(), visible))
    }

    fn schema_name(kind: RecordKind) -> String {
        format!("Velden{}", kind.label())
    }
}

impl Type for OwnFields {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "Velden".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let kinds = RecordKind::ALL.iter().map(|it| MetaSchemaRef::Reference(OwnFields::schema_name(*it)));
        inline(MetaSchema { any_of: kinds.collect(), ..MetaSchema::ANY })
    }

    fn register(registry: &mut Registry) {
        for kind in RecordKind::ALL {
            registry.create_schema::<Self, _>(OwnFields::schema_name(*kind), |_| object(Own::fields(*kind)));
        }
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ToJSON for OwnFields {
    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.0.clone()))
    }
}

impl ParseFromJSON for OwnFields {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::Object(values)) => Ok(OwnFields(values)),
            other => Err(ParseError::expected_type(other.unwrap_or_default())),
        }
    }
}

/// The values of a table by their outside names.
fn outside(
    fields: impl IntoIterator<Item = &'static Field>,
    values: &Map<String, Value>,
    visible: &Visible,
) -> Map<String, Value> {
    let of = |field: &Field| match values.get(field.name) {
        Some(value) => converted(field.shape, value, visible),
        None if is_list(field.shape) => Value::Array(vec![]),
        None => Value::Null,
    };
    fields.into_iter().map(|field| (camel(field.name).to_owned(), of(field))).collect()
}

fn converted(shape: Shape, value: &Value, visible: &Visible) -> Value {
    let may_show = |slug: &Value| slug.as_str().is_some_and(|it| visible.contains(it));
    match (shape, value) {
        (Shape::Group(fields), Value::Object(row)) => Value::Object(outside(fields, row, visible)),
        (Shape::Groups(fields, _), Value::Array(rows)) => {
            let rows = rows.iter().filter_map(Value::as_object);
            rows.map(|row| Value::Object(outside(fields, row, visible))).collect()
        }
        (Shape::Reference(Target::Record), slug) if !may_show(slug) => Value::Null,
        (Shape::References(Target::Record, _), Value::Array(slugs)) => {
            slugs.iter().filter(|it| may_show(it)).cloned().collect()
        }
        (_, value) => value.clone(),
    }
}

fn is_list(shape: Shape) -> bool {
    matches!(
        shape,
        Shape::Lines { .. } | Shape::Slugs { .. } | Shape::Choices(_) | Shape::References(..) | Shape::Groups(..)
    )
}

/// The schema of a table.
fn object(fields: impl IntoIterator<Item = &'static Field>) -> MetaSchema {
    let mut res = MetaSchema::new("object");
    for field in fields {
        let name = camel(field.name);
        res.required.push(name);
        res.properties.push((name, inline(property(field))));
    }
    res
}

/// The schema of one field.
pub fn property_of(field: &'static Field) -> MetaSchemaRef {
    inline(property(field))
}

fn property(field: &'static Field) -> MetaSchema {
    // A hidden document is not named, even where an author must name one.
    let may_lack = field.need == Need::Optional || matches!(field.shape, Shape::Reference(Target::Record));
    MetaSchema {
        title: Some(field.label.to_owned()),
        description: Some(field.help),
        nullable: may_lack && !is_list(field.shape),
        ..schema(field.shape)
    }
}

fn schema(shape: Shape) -> MetaSchema {
    let text = || MetaSchema::new("string");
    let format = |format| MetaSchema::new_with_format("string", format);
    let pattern = |pattern: &str| MetaSchema { pattern: Some(pattern.to_owned()), ..MetaSchema::new("string") };
    match shape {
        Shape::Line { max } => MetaSchema { max_length: Some(max), ..text() },
        Shape::Text { max } => MetaSchema { max_length: Some(max), ..format("markdown") },
        Shape::Lines { most, max } => list(MetaSchema { max_length: Some(max), ..text() }, most),
        Shape::Integer { min, max } => {
            MetaSchema { minimum: Some(min as f64), maximum: Some(max as f64), ..MetaSchema::new("integer") }
        }
        Shape::Number => MetaSchema::new("number"),
        Shape::Day => format("date"),
        Shape::Moment => pattern(MOMENT),
        Shape::Link => format("uri"),
        Shape::File => pattern(HASH),
        Shape::Slug | Shape::Reference(_) => pattern(SLUG),
        Shape::Slugs { most } | Shape::References(_, most) => list(pattern(SLUG), most),
        Shape::Choice(choices) => words(choices),
        Shape::Choices(choices) => list(words(choices), choices.len()),
        Shape::Group(fields) => object(fields),
        Shape::Groups(fields, most) => list(object(fields), most),
    }
}

/// A moment as far as it is known, as a pattern.
pub const MOMENT: &str = r"^\d{4}(-K[1-4]|-\d{2}(-\d{2})?)?$";
/// A SHA-256, as a pattern.
const HASH: &str = "^[0-9a-f]{64}$";
/// The last part of an address, as a pattern.
pub const SLUG: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

pub fn words(choices: &[Choice]) -> MetaSchema {
    MetaSchema { enum_items: choices.iter().map(|it| it.word.into()).collect(), ..MetaSchema::new("string") }
}

pub fn list(items: MetaSchema, most: usize) -> MetaSchema {
    MetaSchema { items: Some(Box::new(inline(items))), max_items: Some(most), ..MetaSchema::new("array") }
}

pub fn inline(schema: MetaSchema) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(schema))
}

/// `herzien_voor` as `herzienVoor`. The OpenAPI document wants names that live for ever: each is made once.
pub fn camel(name: &'static str) -> &'static str {
    static MADE: LazyLock<Mutex<HashMap<&'static str, &'static str>>> = LazyLock::new(Mutex::default);
    if !name.contains('_') {
        return name;
    }
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(name).or_insert_with(|| {
        let mut res = String::with_capacity(name.len());
        for part in name.split('_') {
            let mut letters = part.chars();
            match letters.next() {
                Some(first) if !res.is_empty() => res.extend(first.to_uppercase()),
                Some(first) => res.push(first),
                None => (),
            }
            res.push_str(letters.as_str());
        }
        res.leak()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::part::Output;

    #[test]
    fn names() {
        for (name, outside) in [("titel", "titel"), ("herzien_voor", "herzienVoor"), ("a_b_c", "aBC")] {
            assert_eq!(camel(name), outside);
        }
    }

    #[test]
    fn hidden_documents_are_not_named() {
        let row = json!({"soort": "publicatie", "titel": "Gids", "document": "geheim"});
        let row = row.as_object().unwrap();
        assert_eq!(outside(Output::FIELDS, row, &Visible::new())["document"], Value::Null);
        assert_eq!(outside(Output::FIELDS, row, &Visible::from(["geheim".to_owned()]))["document"], "geheim");
    }

    #[test]
    fn what_is_left_to_the_view_exists() {
        for name in RESOLVED {
            assert!(Common::FIELDS.iter().any(|it| it.name == *name), "{name}");
        }
    }
}
