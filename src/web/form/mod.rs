//! The form of a document, made from the field tables of its kind, and what comes back from it.
//!
//! - from a draft to fields of a form: [`view`]
//! - from the fields that were sent to a draft: [`read`]
//!
//! A field inside a group is named by the way to it: `organisaties.0.rol`. Everything works without script: a row more
//! or less is a button that sends the form.
//!
//! Invariant: what is read from an unchanged form is the draft it was made from.

pub mod read;
pub mod view;

use crate::domain::fault::{Place, Step};
use crate::domain::field::{Field, Target};

/// The name of the field at a place.
pub fn name_of(place: &Place) -> String {
    let steps = place.steps().iter().map(|step| match step {
        Step::Key(key) => key.clone(),
        Step::At(at) => at.to_string(),
    });
    steps.collect::<Vec<_>>().join(".")
}

/// The id of the element of a field.
pub fn id_of(name: &str) -> String {
    format!("veld-{}", name.replace(['.', '_'], "-"))
}

/// The id of the list of suggestions for a reference.
pub fn list_of(target: Target) -> Option<&'static str> {
    match target {
        Target::Organisation => Some("lijst-organisaties"),
        _ => None,
    }
}

/// Fields that nobody fills in by hand here: they follow from what happens, or have a page of their own.
pub fn is_hidden(field: &Field) -> bool {
    crate::domain::draft::MANAGED.contains(&field.name) || field.name == "bijlagen"
}

/// The parts of the form, in order: what comes first, then the fields of the kind, then the rest.
pub const FIRST: &[&str] = &["titel", "samenvatting", "organisaties", "themas"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::catalogue::Catalogue;
    use crate::domain::draft::Content;
    use crate::domain::organisation::Organisation;
    use crate::domain::theme::Theme;
    use crate::domain::vocabulary::RecordKind;
    use crate::web::form::view::{FieldView, Input};

    fn catalogue() -> Catalogue {
        let organisation =
            Organisation { slug: "eigen".into(), name: "Voorbeeldzorg Éen".into(), ..Organisation::default() };
        let theme = Theme { slug: "thema".into(), name: "Een thema".into(), ..Theme::default() };
        Catalogue { organisations: vec![organisation].into(), themes: vec![theme].into(), ..Catalogue::default() }
    }

    /// What a browser sends of fields nobody touched.
    fn sent(fields: &[FieldView], pairs: &mut Vec<(String, String)>) {
        for field in fields {
            let mut add = |value: &str| pairs.push((field.name.clone(), value.to_owned()));
            match &field.input {
                Input::Line { value, .. } | Input::Area { value, .. } => add(&value.replace('\n', "\r\n")),
                Input::Select(options) => options.iter().filter(|it| it.2).for_each(|it| add(&it.0)),
                Input::Checks(options) => options.iter().filter(|it| it.2).for_each(|it| add(&it.0)),
                Input::Parts(parts) => {
                    let chosen = parts.iter().flat_map(|it| &it.options).filter(|it| it.2);
                    chosen.for_each(|it| add(&it.0));
                }
                Input::Group(fields) => sent(fields, pairs),
                Input::Rows { rows, .. } => rows.iter().for_each(|it| sent(&it.fields, pairs)),
            }
        }
    }

    #[test]
    fn an_unchanged_form_changes_nothing() {
        let catalogue = catalogue();
        let mut content = Content::new(RecordKind::ImprovementPlan);
        content.fields = json!({
            "titel": "A", "samenvatting": "B\nC", "themas": ["thema"], "sectoren": ["vv", "ghz"], "van": "2024-K1",
            "organisaties": [{"organisatie": "eigen", "rol": "trekker"}, {"organisatie": "onbekend", "rol": "x"}],
            "trefwoorden": ["een", "twee"], "regio": "weg", "zichtbaarheid": "netwerk", "herzien_voor": "morgen",
            "doel": "**x**\n\ny", "cijfers": [{"naam": "n", "waarde": 7.5, "eenheid": "%"}],
            "indicatoren": [{"indicator": "i", "gemeten": ["1", "2"]}],
            "relaties": [{"soort": "bouwt_op", "document": "iets"}],
        })
        .as_object()
        .unwrap()
        .clone();
        content.body = "De *tekst*".into();
        content.slug = "een-adres".into();
        let form = view::form(&content, &catalogue, &view::Around::default());
        let mut pairs = Vec::new();
        form.iter().for_each(|it| sent(&it.fields, &mut pairs));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        let mut back = read::content(RecordKind::ImprovementPlan, &pairs, &catalogue);
        back.tidy();
        content.tidy();
        assert_eq!(serde_json::to_value(&back.fields).unwrap(), serde_json::to_value(&content.fields).unwrap());
        assert_eq!((back.slug, back.body), (content.slug, content.body));
    }

    #[test]
    fn names_are_understood() {
        let catalogue = catalogue();
        let pairs = [
            ("organisaties.0.organisatie", "voorbeeldzorg een"),
            ("organisaties.3.organisatie", "Voorbeeldzorg Éen "),
            ("organisaties.3.rol", "partner"),
            ("relaties.0.document", "https://leerkring.example/kennisbank/een-plan?x"),
            ("cijfers.0.waarde", "7,5"),
            ("organisaties.999999999.rol", "partner"),
        ];
        let content = read::content(RecordKind::Factsheet, &pairs, &catalogue);
        assert_eq!(content.fields["organisaties"][0]["organisatie"], "eigen");
        assert_eq!(content.fields["organisaties"][1], json!({"organisatie": "eigen", "rol": "partner"}));
        assert_eq!(content.fields["relaties"][0]["document"], "een-plan");
        assert_eq!(content.fields["cijfers"][0]["waarde"], 7.5);
    }
}
