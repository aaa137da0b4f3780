//! What differs between two versions of a document, field by field, as text that a reader can compare.

use serde_json::{Map, Value};

use crate::domain::draft::{Content, MANAGED};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{Common, Own};

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The outside name; "tekst" for the body, "adres" for the address.
    pub name: &'static str,
    pub label: &'static str,
    pub before: String,
    pub after: String,
}

/// The fields that differ, in the order of the form.
pub fn differences(before: &Content, after: &Content) -> Vec<Difference> {
    let mut res = Vec::new();
    let mut add = |name, label, before: String, after: String| {
        if before != after {
            res.push(Difference { name, label, before, after });
        }
    };
    add("adres", "Adres", before.slug.clone(), after.slug.clone());
    let own_before = Own::fields(before.kind);
    let fields = Common::FIELDS.iter().chain(Own::fields(after.kind));
    for field in fields.filter(|it| !MANAGED.contains(&it.name)) {
        add(field.name, field.label, text(field, &before.fields), text(field, &after.fields));
    }
    // A document keeps its kind; should it not, what only the old kind has is gone.
    for field in own_before.iter().filter(|it| before.kind != after.kind && !after.fields.contains_key(it.name)) {
        add(field.name, field.label, text(field, &before.fields), String::new());
    }
    add("tekst", "Tekst", before.body.clone(), after.body.clone());
    res
}

/// The value of a field as text; empty when there is none.
pub fn text(field: &Field, values: &Map<String, Value>) -> String {
    values.get(field.name).map_or_else(String::new, |it| shown(field.shape, it))
}

fn shown(shape: Shape, value: &Value) -> String {
    match (shape, value) {
        (_, Value::Null) => String::new(),
        (Shape::Choice(choices) | Shape::Choices(choices), Value::String(word)) => {
            choices.iter().find(|it| it.word == word).map_or(word.as_str(), |it| it.label).to_owned()
        }
        (Shape::Group(fields) | Shape::Groups(fields, _), Value::Object(row)) => {
            let parts = fields.iter().filter_map(|field| {
                let text = text(field, row);
                (!text.is_empty()).then(|| format!("{}: {text}", field.label))
            });
            parts.collect::<Vec<_>>().join("\n")
        }
        (Shape::Groups(..), Value::Array(rows)) => {
            rows.iter().map(|it| shown(shape, it)).collect::<Vec<_>>().join("\n\n")
        }
        (_, Value::Array(items)) => items.iter().map(|it| shown(shape, it)).collect::<Vec<_>>().join("\n"),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::vocabulary::RecordKind;

    fn content(fields: Value, body: &str) -> Content {
        let fields = fields.as_object().unwrap().clone();
        Content { fields, body: body.into(), ..Content::new(RecordKind::Publication) }
    }

    #[test]
    fn fields_that_differ() {
        let before = content(
            json!({"titel": "A", "samenvatting": "B", "sectoren": ["vv"], "jaar": 2020, "bronnen": [{"titel": "C"}]}),
            "x",
        );
        let after = content(
            json!({"titel": "A", "samenvatting": "D", "sectoren": ["vv", "ghz"], "bronnen": [{"titel": "C", "jaar": 1}]}),
            "x",
        );
        let found: Vec<(&str, String, String)> =
            differences(&before, &after).into_iter().map(|it| (it.name, it.before, it.after)).collect();
        assert_eq!(
            found,
            [
                ("samenvatting", "B".into(), "D".into()),
                ("sectoren", "Verpleging en verzorging".into(), "Verpleging en verzorging\nGehandicaptenzorg".into()),
                ("bronnen", "Titel: C".into(), "Titel: C\nJaar: 1".into()),
                ("jaar", "2020".into(), String::new()),
            ]
        );
        assert_eq!(differences(&after, &after), []);
    }
}
