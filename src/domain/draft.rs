//! What somebody is writing or has submitted: a whole version of a document that readers do not see yet.
//!
//! Invariant: a draft may be incomplete and wrong; only [`Content::to_record`] makes a document of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::catalogue::Catalogue;
use crate::domain::citizen_number;
use crate::domain::fault::{Fault, Place};
use crate::domain::field;
use crate::domain::id::{AccountId, CommentId, DraftId, RecordId};
use crate::domain::record::{Common, Own, Record};
use crate::domain::stage::Stage;
use crate::domain::vocabulary::{RecordKind, Role};
use crate::text::slug;

/// Fields that follow from what happens to a document; nobody writes them in a form.
pub const MANAGED: &[&str] = &["status", "oude_slugs", "bevestigd_op"];
/// The most a draft may hold, in bytes of its stored form.
pub const BYTES_MAX: usize = 600_000;
/// The most drafts one person may have open.
pub const OPEN_MAX: u64 = 200;

/// The text of a version: the same parts as a document, in any state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    pub kind: RecordKind,
    /// The address it gets; empty until it is chosen or made from the title.
    pub slug: String,
    /// By their Dutch names; what was typed, also where it does not fit.
    pub fields: Map<String, Value>,
    /// Markdown.
    pub body: String,
}

/// A version that is being written or reviewed.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub id: DraftId,
    /// The document it is a new version of, and the version it began from.
    pub of: Option<(RecordId, i32)>,
    pub content: Content,
    pub author: AccountId,
    pub stage: Stage,
    pub submitted_at: Option<DateTime<Utc>>,
    /// Who approved it or asked for changes last.
    pub reviewer: Option<AccountId>,
    pub publish_at: Option<DateTime<Utc>>,
    /// What the author says to who reviews it.
    pub note: Option<String>,
    /// Why changes were asked for.
    pub reason: Option<String>,
    /// From 1, one more with every change.
    pub version: i32,
    pub created_at: DateTime<Utc>,
    /// Of the last change, whoever made it.
    pub updated_at: DateTime<Utc>,
}

/// A remark on a field of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    pub id: CommentId,
    /// The Dutch name of the field; "tekst" for the body; empty for the whole.
    pub field: String,
    pub text: String,
    pub author: AccountId,
    pub made_at: DateTime<Utc>,
    pub is_done: bool,
}

/// The longest remark, note or reason, in characters.
pub const REMARK_MAX: usize = 2_000;

impl Content {
    pub fn new(kind: RecordKind) -> Content {
        Content { kind, slug: String::new(), fields: Map::new(), body: String::new() }
    }

    /// Led by an organisation.
    pub fn led_by(mut self, organisation: &str) -> Content {
        let lead = serde_json::json!([{ "organisatie": organisation, "rol": Role::Lead.word() }]);
        self.fields.insert("organisaties".into(), lead);
        self
    }

    /// The text of a document, to write a new version of it.
    pub fn of(record: &Record) -> Content {
        let mut fields = record.to_value();
        MANAGED.iter().for_each(|it| _ = fields.remove(*it));
        Content { kind: record.kind(), slug: record.slug.clone(), fields, body: record.body.clone() }
    }

    /// The text of a document as the ground for another one: without what belongs to that one alone.
    pub fn copy_of(record: &Record) -> Content {
        let mut res = Content::of(record);
        res.slug = String::new();
        for own in ["relaties", "herzien_voor", "bijlagen"] {
            res.fields.remove(own);
        }
        let title = format!("{} (kopie)", record.common.title);
        res.fields.insert("titel".into(), title.chars().take(90).collect::<String>().into());
        res
    }

    /// What was typed as the title; "Zonder titel" before that.
    pub fn title(&self) -> &str {
        match self.fields.get("titel").and_then(Value::as_str).map(str::trim) {
            Some(title) if !title.is_empty() => title,
            _ => "Zonder titel",
        }
    }

    /// Slugs of the organisations that lead the work, as far as they can be read.
    pub fn leads(&self) -> Vec<&str> {
        let rows = self.fields.get("organisaties").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let is_lead = |row: &&Value| row.get("rol").and_then(Value::as_str) == Some(Role::Lead.word());
        rows.iter().filter(is_lead).filter_map(|row| row.get("organisatie")?.as_str()).collect()
    }

    /// Slugs of the themes, as far as they can be read.
    pub fn themes(&self) -> Vec<&str> {
        let themes = self.fields.get("themas").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        themes.iter().filter_map(Value::as_str).collect()
    }

    /// The themes and the wider ones above them.
    pub fn theme_lines<'a>(&'a self, catalogue: &'a Catalogue) -> Vec<&'a str> {
        self.themes().into_iter().flat_map(|it| catalogue.theme_line(it)).collect()
    }

    /// Leaves out what says nothing: empty texts, lists and rows, and fields that are not for a form.
    pub fn tidy(&mut self) {
        MANAGED.iter().for_each(|it| _ = self.fields.remove(*it));
        self.fields = std::mem::take(&mut self.fields).into_iter().filter_map(|(k, it)| Some((k, tidy(it)?))).collect();
        self.body = plain(&self.body);
        self.slug = self.slug.trim().to_owned();
    }

    /// Everything wrong with it as a document, as far as it can be seen without other documents.
    pub fn faults(&self) -> Vec<Fault> {
        self.to_record().err().unwrap_or_default()
    }

    /// The document this is, published; or everything wrong with it.
    pub fn to_record(&self) -> Result<Record, Vec<Fault>> {
        let mut faults = Record::check(self.kind, &self.fields);
        if !self.slug.is_empty() && !slug::is_slug(&self.slug) {
            let allowed = format!("kleine letters en cijfers, woorden verbonden door \"-\", hoogstens {}", slug::MAX);
            faults.push(Fault::new(&Place::root().key("adres"), format!("\"{}\" is geen adres", self.slug), allowed));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let record = Record::from_value(&self.slug, self.kind, self.fields.clone(), &self.body)
            .map_err(|it| vec![Fault::new(&Place::root(), it, "")])?;
        let faults = record.check_rules();
        if faults.is_empty() { Ok(record) } else { Err(faults) }
    }

    /// The document as far as it fits, to look at: what is wrong is left out. What still does not fit comes back as
    /// text.
    pub fn shown(&self) -> Result<Record, String> {
        let mut fields = self.fields.clone();
        for fault in Record::check(self.kind, &self.fields) {
            if let Some(crate::domain::fault::Step::Key(key)) = fault.place.steps().first() {
                fields.remove(key);
            }
        }
        fields.entry("titel").or_insert_with(|| self.title().chars().take(90).collect::<String>().into());
        Record::from_value(&self.slug, self.kind, fields, &self.body)
    }

    /// What may not even be kept in a draft: numbers that look like those of clients, and more than fits.
    pub fn refused(&self) -> Vec<Fault> {
        let mut res = Vec::new();
        let mut look = |text: &str, place: &Place| {
            if let Some(number) = citizen_number::find(text) {
                res.push(Fault::new(
                    place,
                    format!("\"{number}\" heeft de vorm van een burgerservicenummer en wordt niet bewaard"),
                    "gegevens van cliënten mogen hier niet staan; haal het nummer weg",
                ));
            }
        };
        for (name, value) in &self.fields {
            each_text(value, &Place::root().key(name), &mut look);
        }
        look(&self.body, &Place::root().key("tekst"));
        let size = serde_json::to_string(self).map_or(0, |it| it.len());
        if BYTES_MAX < size {
            let wrong = format!("het document is te groot: {} KB", size / 1_000);
            res.push(Fault::new(&Place::root(), wrong, format!("hoogstens {} KB", BYTES_MAX / 1_000)));
        }
        res
    }

    /// Every text an author wrote, with its field: Markdown and lines alike, the body last.
    pub fn texts(&self) -> Vec<(&'static str, String)> {
        let mut res = Vec::new();
        for fields in [Common::FIELDS, Own::fields(self.kind)] {
            for field in fields {
                let words = field::words(std::slice::from_ref(field), &self.fields);
                res.extend(words.into_iter().map(|it| (field.name, it)));
            }
        }
        res.push(("tekst", self.body.clone()));
        res.retain(|it| !it.1.trim().is_empty());
        res
    }
}

impl Draft {
    /// Whether it is a new version of something that is there.
    pub fn is_new_version(&self) -> bool {
        self.of.is_some()
    }
}

/// Line ends of one kind, and nothing around.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim_start_matches('\n').trim_end().to_owned()
}

fn tidy(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(plain(&text)).filter(|it| !it.trim().is_empty()).map(Value::String),
        Value::Array(items) => {
            let items: Vec<Value> = items.into_iter().filter_map(tidy).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(row) => {
            let row: Map<String, Value> = row.into_iter().filter_map(|(k, it)| Some((k, tidy(it)?))).collect();
            (!row.is_empty()).then_some(Value::Object(row))
        }
        other => Some(other),
    }
}

fn each_text(value: &Value, place: &Place, look: &mut impl FnMut(&str, &Place)) {
    match value {
        Value::String(text) => look(text, place),
        Value::Number(number) => look(&number.to_string(), place),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, it)| each_text(it, &place.at(at), look)),
        Value::Object(row) => row.iter().for_each(|(name, it)| each_text(it, &place.key(name), look)),
        Value::Null | Value::Bool(_) => (),
    }
}

/// An address made from a title: "Minder verzuim door rust" -> "minder-verzuim-door-rust".
pub fn slug_of(title: &str) -> String {
    let folded = slug::fold(title);
    let words: Vec<&str> = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).collect();
    let mut res = String::new();
    for word in words {
        if slug::MAX - 10 < res.len() + 1 + word.len() {
            break;
        }
        if !res.is_empty() {
            res.push('-');
        }
        res.push_str(word);
    }
    if res.is_empty() { "document".to_owned() } else { res }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content(fields: Value) -> Content {
        Content { fields: fields.as_object().unwrap().clone(), ..Content::new(RecordKind::Factsheet) }
    }

    #[test]
    fn addresses_from_titles() {
        for (title, slug) in [
            ("Minder verzuim: hoe dan?", "minder-verzuim-hoe-dan"),
            ("Cliëntenraad & ’t Heem", "clientenraad-t-heem"),
            ("日本", "document"),
        ] {
            assert_eq!(slug_of(title), slug);
        }
        assert!(slug::is_slug(&slug_of(&"woord ".repeat(90))));
    }

    #[test]
    fn what_says_nothing_is_left_out() {
        let mut it = content(json!({
            "titel": " A\r\n", "samenvatting": "  ", "themas": ["", "b"], "organisaties": [{"rol": ""}, {"rol": "x"}],
            "status": "gepubliceerd", "regio": null,
        }));
        it.tidy();
        assert_eq!(Value::Object(it.fields), json!({"titel": " A", "themas": ["b"], "organisaties": [{"rol": "x"}]}));
    }

    #[test]
    fn numbers_of_clients_are_refused_wherever_they_stand() {
        for fields in [
            json!({"titel": "bsn 111222333"}),
            json!({"organisaties": [{"organisatie": "111222333"}]}),
            json!({"kernpunten": ["a", "1112.22.333"]}),
        ] {
            assert_eq!(content(fields).refused().len(), 1);
        }
        assert!(content(json!({"titel": "in 2016"})).refused().is_empty());
    }

    #[test]
    fn a_complete_draft_is_a_document() {
        let mut it = content(json!({"titel": "A", "samenvatting": "B"}));
        assert_eq!(it.to_record().unwrap().common.title, "A");
        it.fields.insert("herzien_voor".into(), "morgen".into());
        assert_eq!(it.faults().len(), 1);
        assert_eq!(Content::of(&content(json!({"titel": "A", "samenvatting": "B"})).to_record().unwrap()).title(), "A");
    }
}
