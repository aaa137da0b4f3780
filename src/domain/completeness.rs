//! How complete a document is: the meter an author sees, and one of the signals of the search.

use serde_json::{Map, Value};

use crate::domain::field::Field;
use crate::domain::record::{Common, Own};
use crate::domain::vocabulary::RecordKind;

/// Common fields that most good documents do without.
const BESIDE: &[&str] = &[
    "zichtbaarheid",
    "status",
    "oude_slugs",
    "programma",
    "bevestigd_op",
    "herzien_voor",
    "bronopmerkingen",
    "relaties",
    "bijlagen",
];

/// What is filled of what a reader would like to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// 0 to 100.
    pub percent: u32,
    /// Outside name and label of what is missing, in the order of the form.
    pub missing: Vec<(&'static str, &'static str)>,
}

/// How complete the fields of a kind with their body are.
pub fn of(kind: RecordKind, values: &Map<String, Value>, body: &str) -> Completeness {
    let expected = |it: &&Field| !BESIDE.contains(&it.name);
    let mut missing = Vec::new();
    let mut all = 1;
    for field in Common::FIELDS.iter().filter(expected).chain(Own::fields(kind)) {
        all += 1;
        if !values.get(field.name).is_some_and(is_filled) {
            missing.push((field.name, field.label));
        }
    }
    if body.trim().is_empty() {
        missing.push(("tekst", "Tekst"));
    }
    Completeness { percent: (100 * (all - missing.len()) / all) as u32, missing }
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn percent_and_what_is_missing() {
        let kind = RecordKind::Publication;
        let none = of(kind, &Map::new(), " ");
        assert_eq!(none.percent, 0);
        let values = json!({"titel": "A", "samenvatting": "", "themas": ["a"]});
        let some = of(kind, values.as_object().unwrap(), "Tekst");
        assert_eq!(some.missing.len() + 3, none.missing.len());
        assert!(some.missing.contains(&("samenvatting", "Samenvatting")));
        assert!(0 < some.percent && some.percent < 100);
    }
}
