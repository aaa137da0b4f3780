//! The small values of the answers: words of a closed list, moments, and the counts per filter.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Map, Value};

use crate::domain::attachment::Media;
use crate::domain::period::PartialDate;
use crate::domain::status::Status;
use crate::domain::visibility::Visibility;
use crate::domain::vocabulary::{Choice, OrganisationKind, RecordKind, RegionKind, RelationKind, Role, Sector};
use crate::search::request::Facet;
use crate::search::suggest::Kind;

use super::own_fields::{MOMENT, inline, words};

/// A word of a closed list.
pub struct Word<T>(pub T);

/// A moment as far as known: a year, quarter, month or day.
pub struct Period(pub PartialDate);

/// A point in time, in UTC.
pub struct Moment(pub DateTime<Utc>);

/// The counts per filter, one list for each filter there is.
pub struct Facets(pub Vec<(Facet, Vec<FacetValue>)>);

/// Een waarde van een filter met het aantal documenten dat zij zou geven.
#[derive(Object, Serialize)]
#[oai(rename = "FacetWaarde")]
pub struct FacetValue {
    /// De waarde om mee te filteren.
    pub waarde: String,
    /// De naam voor een lezer.
    pub naam: String,
    pub aantal: u64,
    /// Of er nu op deze waarde wordt gefilterd.
    pub actief: bool,
}

/// A closed list whose words go out.
pub trait Vocabulary: Copy + Send + Sync + 'static {
    const CHOICES: &'static [Choice];

    fn word(self) -> &'static str;
    fn of(word: &str) -> Option<Self>;
}

macro_rules! vocabularies {
    ($($name:ident)+) => {$(
        impl Vocabulary for $name {
            const CHOICES: &'static [Choice] = $name::CHOICES;

            fn word(self) -> &'static str {
                $name::word(self)
            }

            fn of(word: &str) -> Option<$name> {
                $name::parse(word)
            }
        }
    )+};
}

vocabularies! { Kind Media OrganisationKind RecordKind RegionKind RelationKind Role Sector Status Visibility }

/// The parts of a type of the API that are the same for every small one.
macro_rules! own_type {
    ($name:ty, $schema:expr $(, register $register:path)? $(, for $generic:ident: $bound:ident)?) => {
        impl $(<$generic: $bound>)? Type for $name {
            const IS_REQUIRED: bool = true;

            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_ref() -> MetaSchemaRef {
                inline($schema)
            }

            $(fn register(registry: &mut Registry) {
                $register(registry);
            })?

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }
    };
}

own_type! { Word<T>, words(T::CHOICES), for T: Vocabulary }
own_type! { Period, MetaSchema { pattern: Some(MOMENT.to_owned()), ..MetaSchema::new("string") } }
own_type! { Moment, MetaSchema::new_with_format("string", "date-time") }
own_type! { Facets, facets(), register FacetValue::register }

fn facets() -> MetaSchema {
    let values = || MetaSchema { items: Some(Box::new(FacetValue::schema_ref())), ..MetaSchema::new("array") };
    MetaSchema {
        required: Facet::CHOICES.iter().map(|it| it.word).collect(),
        properties: Facet::CHOICES.iter().map(|it| (it.word, inline(values()))).collect(),
        ..MetaSchema::new("object")
    }
}

impl<T: Vocabulary> ToJSON for Word<T> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.word().into())
    }
}

impl<T: Vocabulary> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.word())
    }
}

impl<T: Vocabulary> ParseFromJSON for Word<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let word = value.as_ref().and_then(Value::as_str).and_then(T::of);
        word.map(Word).ok_or_else(|| ParseError::expected_type(value.unwrap_or_default()))
    }
}

impl ToJSON for Period {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.to_string().into())
    }
}

impl ParseFromJSON for Period {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let date = value.as_ref().and_then(Value::as_str).and_then(PartialDate::parse);
        date.map(Period).ok_or_else(|| ParseError::expected_type(value.unwrap_or_default()))
    }
}

impl ToJSON for Moment {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.to_rfc3339_opts(SecondsFormat::Secs, true).into())
    }
}

impl ParseFromJSON for Moment {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let moment = value.as_ref().and_then(Value::as_str).and_then(|it| DateTime::parse_from_rfc3339(it).ok());
        moment.map(|it| Moment(it.to_utc())).ok_or_else(|| ParseError::expected_type(value.unwrap_or_default()))
    }
}

impl ToJSON for Facets {
    fn to_json(&self) -> Option<Value> {
        let lists =
            self.0.iter().map(|(facet, values)| (facet.word().to_owned(), values.to_json().unwrap_or_default()));
        Some(Value::Object(lists.collect::<Map<String, Value>>()))
    }
}

impl Serialize for Facets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(facet, values)| map.serialize_entry(facet.word(), values))?;
        map.end()
    }
}

impl ParseFromJSON for Facets {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        // Answers only: nobody sends counts.
        Err(ParseError::expected_type(value.unwrap_or_default()))
    }
}
