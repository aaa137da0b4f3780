//! What can be said of a draft without reading it: faults, gaps, hard language, and signs of trouble. Author and
//! reviewer see the same.
//!
//! Invariant: only [`Assessment::faults`] keep a document from being submitted; the rest is advice.

use crate::domain::completeness::{self, Completeness};
use crate::domain::draft::Content;
use crate::domain::fault::Fault;
use crate::domain::field::{self, Field, Shape};
use crate::domain::person_data;
use crate::domain::record::{Common, Own};
use crate::text::markdown;
use crate::text::reading::Reading;

/// What a draft looks like today.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    pub faults: Vec<Fault>,
    pub completeness: Completeness,
    /// `None` while there is too little text.
    pub reading: Option<Reading>,
    pub advice: Vec<Advice>,
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    pub kind: AdviceKind,
    /// The outside name of the field; "tekst" for the body.
    pub field: String,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdviceKind {
    PersonData,
    DeadLink,
    ImageText,
    PlainLanguage,
    Duplicate,
}

impl AdviceKind {
    pub fn label(self) -> &'static str {
        match self {
            AdviceKind::PersonData => "Persoonsgegevens",
            AdviceKind::DeadLink => "Verwijzing",
            AdviceKind::ImageText => "Afbeelding",
            AdviceKind::PlainLanguage => "Gewone taal",
            AdviceKind::Duplicate => "Lijkt op",
        }
    }
}

/// Looks a draft over. `leads_somewhere` says whether a path of this site exists; `more` are faults that need the
/// library to see.
pub fn assess(content: &Content, leads_somewhere: &dyn Fn(&str) -> bool, more: Vec<Fault>) -> Assessment {
    let mut faults = content.faults();
    faults.extend(more);
    let texts = content.texts();
    let mut advice = Vec::new();
    for (name, text) in &texts {
        let mut add = |kind, text: String| {
            let it = Advice { kind, field: (*name).to_owned(), text };
            if !advice.contains(&it) {
                advice.push(it);
            }
        };
        for trace in person_data::traces(text) {
            add(AdviceKind::PersonData, format!("{}; noem een rol of afdeling", trace.describe()));
        }
        if !is_markdown(content, name) {
            continue;
        }
        for link in markdown::links(text) {
            if let Some(path) = own_path(&link)
                && !leads_somewhere(path)
            {
                add(AdviceKind::DeadLink, format!("\"{link}\" leidt nergens heen"));
            }
        }
        for (address, alternative) in markdown::images(text) {
            if alternative.trim().is_empty() {
                add(AdviceKind::ImageText, format!("de afbeelding {address} heeft geen tekst voor wie haar niet ziet"));
            }
        }
    }
    let prose: Vec<String> = texts
        .iter()
        .filter(|it| it.0 == "samenvatting" || is_markdown(content, it.0))
        .map(|it| markdown::to_plain(&it.1))
        .collect();
    let reading = Reading::of(&prose.join("\n"));
    if let Some(reading) = reading.as_ref().filter(|it| !it.is_plain()) {
        let text = format!("de tekst leest {}; kortere zinnen en gewone woorden helpen", reading.level());
        advice.push(Advice { kind: AdviceKind::PlainLanguage, field: "tekst".to_owned(), text });
    }
    let completeness = completeness::of(content.kind, &content.fields, &content.body);
    Assessment { faults, completeness, reading, advice }
}

fn is_markdown(content: &Content, name: &str) -> bool {
    let field = Common::FIELDS.iter().chain(Own::fields(content.kind)).find(|it| it.name == name);
    let is_text = |it: &Field| matches!(it.shape, Shape::Text { .. } | Shape::Groups(..));
    name == "tekst" || field.is_some_and(is_text)
}

/// The path of a link within this site, without what comes after it.
fn own_path(link: &str) -> Option<&str> {
    let path = link.split(['?', '#']).next().unwrap_or(link);
    (path.starts_with('/') && !path.starts_with("//")).then_some(path)
}

/// The field of a fault: the first key of its place; "tekst" for the whole.
pub fn field_of(fault: &Fault) -> &str {
    match fault.place.steps().first() {
        Some(crate::domain::fault::Step::Key(key)) => key,
        _ => "tekst",
    }
}

/// The label of a field of a kind by its outside name.
pub fn label_of(content: &Content, name: &str) -> &'static str {
    let own = Own::fields(content.kind);
    match name {
        "tekst" => "Tekst",
        "adres" => "Adres",
        "" => "Het geheel",
        name => Common::FIELDS.iter().chain(own).find(|it| it.name == name).map_or("", |it| it.label),
    }
}

/// Titles that say nearly the same: how many of the words of both they share, 0 to 1.
pub fn likeness(one: &str, other: &str) -> f64 {
    let words = |text: &str| -> std::collections::BTreeSet<String> {
        let folded = crate::text::slug::fold(text);
        folded.split(|c: char| !c.is_alphanumeric()).filter(|it| 2 < it.len()).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let all = one.union(&other).count();
    if all == 0 { 0.0 } else { one.intersection(&other).count() as f64 / all as f64 }
}

/// The words of a field, for a comparison of drafts.
pub fn words_of(field: &Field, content: &Content) -> Vec<String> {
    field::words(std::slice::from_ref(field), &content.fields)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::vocabulary::RecordKind;

    #[test]
    fn what_is_seen() {
        let mut content = Content::new(RecordKind::Factsheet);
        content.fields = json!({
            "titel": "Minder verzuim",
            "effecten_clienten": "Vraag mevrouw Voorbeeld. Zie [dit](/kennisbank/weg) en [dat](/kennisbank/daar?a#b).",
        })
        .as_object()
        .unwrap()
        .clone();
        content.body = "![](plaatje.png) ![Een tafel](tafel.png) [uit](https://elders.example/x)".into();
        let found = assess(&content, &|path| path == "/kennisbank/daar", vec![]);
        let kinds: Vec<AdviceKind> = found.advice.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [AdviceKind::PersonData, AdviceKind::DeadLink, AdviceKind::ImageText]);
        assert_eq!(found.advice[1].field, "effecten_clienten");
        assert_eq!(found.faults.len(), 1, "{:?}", found.faults);
        assert_eq!(field_of(&found.faults[0]), "samenvatting");
        assert_eq!(found.reading, None);
    }

    #[test]
    fn like_titles() {
        assert!(0.7 < likeness("Minder verzuim in het team", "Minder verzuim in ’t team"));
        assert!(likeness("Minder verzuim", "Meer vrijwilligers") < 0.1);
    }
}
