//! The page about the API, made from the OpenAPI document itself: what is not in there is not on the page.

use std::sync::Arc;

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};
use serde_json::Value;

use crate::app::App;
use crate::domain::actor::Actor;
use crate::search::request::{Request as Question, Sort};
use crate::store;
use crate::text::markdown;
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::pages;
use crate::web::url;

/// The document, read once.
#[derive(Clone)]
pub struct Described(Arc<Content>);

struct Content {
    about: String,
    version: String,
    operations: Vec<Operation>,
    shapes: Vec<Shape>,
}

struct Operation {
    /// Its place on the page.
    anchor: String,
    method: String,
    path: String,
    summary: String,
    /// HTML.
    description: String,
    parameters: Vec<Parameter>,
    /// The shape of what is sent along, if it has one.
    sent: Option<String>,
    answers: Vec<Answer>,
}

struct Parameter {
    name: String,
    /// Where it stands, in words.
    place: &'static str,
    what: String,
    allowed: String,
}

struct Answer {
    status: String,
    what: String,
    /// The shape of what comes back, if there is a body.
    shape: Option<String>,
}

/// A shape of the answers with its properties: name, type, meaning.
struct Shape {
    name: String,
    what: String,
    properties: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "api_docs.html", config = "src/web/askama.toml")]
struct DocsPage {
    frame: Frame,
    base: String,
    content: Arc<Content>,
    /// For each operation an address that answers now; empty when there is nothing to show.
    examples: Vec<String>,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Data(described): Data<&Described>,
) -> Result<Response, Failure> {
    let slugs = Slugs::load(app).await?;
    let content = described.0.clone();
    let examples = content
        .operations
        .iter()
        // What changes something is not tried by following a link.
        .map(|it| if it.method == "GET" { slugs.example(&it.path) } else { String::new() })
        .collect();
    page::show(&DocsPage {
        frame: Frame::new(app, &visitor, Section::None, "API", url::API_DOCS)
            .described("De kennisbank als gegevens: adressen, parameters en antwoorden van de API."),
        base: format!("{}{}", app.config.public_url, url::API),
        content,
        examples,
    })
}

/// One slug of each collection, for the examples.
struct Slugs(Vec<(&'static str, Option<String>)>);

impl Slugs {
    async fn load(app: &App) -> Result<Slugs, Failure> {
        let lists = app.store.catalogue().await?;
        Ok(Slugs(vec![
            ("documenten", first_record(app).await?),
            ("themas", lists.themes.first().map(|it| it.slug.clone())),
            ("organisaties", lists.organisations.first().map(|it| it.slug.clone())),
            ("netwerken", lists.networks.first().map(|it| it.slug.clone())),
            ("regios", lists.regions.first().map(|it| it.slug.clone())),
            ("programmas", lists.programmes.first().map(|it| it.slug.clone())),
            ("indicatoren", lists.indicators.first().map(|it| it.slug.clone())),
            ("vergelijkingen", lists.indicators.first().map(|it| it.slug.clone())),
        ]))
    }

    fn example(&self, path: &str) -> String {
        match path.strip_suffix("/{slug}").or_else(|| path.strip_suffix("/{code}")) {
            Some(list) => {
                let known = self.0.iter().find(|it| list.ends_with(it.0)).and_then(|it| it.1.as_deref());
                known.map_or_else(String::new, |slug| format!("{list}/{slug}"))
            }
            None if path.ends_with("/documenten") => {
                url::with_query(path, &[("q", "verzuim"), ("soort", "transitieproject"), ("perPagina", "5")])
            }
            None if path.ends_with("/suggesties") => url::with_query(path, &[("q", "verz")]),
            None => path.to_owned(),
        }
    }
}

/// Some document; none while the search is down, for this page must work without.
async fn first_record(app: &App) -> Result<Option<String>, Failure> {
    let question = Question::new("").sorted(Sort::Title).paged(1, 1);
    let Ok(found) = pages::search::find(app, &Actor::Anonymous, question).await else { return Ok(None) };
    let ids: Vec<_> = found.hits.into_iter().map(|it| it.id).collect();
    let stored = store::record::by_ids(&app.store, &Actor::Anonymous, &ids).await?;
    Ok(stored.into_iter().next().map(|it| it.record.slug))
}

impl Described {
    pub fn read(document: &str) -> Described {
        let document: Value = serde_json::from_str(document).unwrap_or_default();
        let operations = pairs(&document["paths"]).flat_map(|(path, methods)| {
            pairs(methods).map(move |(method, operation)| Operation::read(path, method, operation))
        });
        Described(Arc::new(Content {
            about: text(&document["info"]["description"]),
            version: text(&document["info"]["version"]),
            operations: operations.collect(),
            shapes: pairs(&document["components"]["schemas"]).map(|(name, schema)| Shape::read(name, schema)).collect(),
        }))
    }
}

impl Operation {
    fn read(path: &str, method: &str, operation: &Value) -> Operation {
        let answers = pairs(&operation["responses"]).map(|(status, answer)| Answer {
            status: status.to_owned(),
            what: text(&answer["description"]),
            shape: pairs(&answer["content"]).find_map(|(_, content)| referred(&content["schema"])),
        });
        let form = &operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"];
        let sent = pairs(form).map(|(name, schema)| Parameter {
            name: name.clone(),
            place: "in het formulier",
            what: text(&schema["description"]),
            allowed: if schema["format"] == "binary" { "een bestand".to_owned() } else { allowed(schema) },
        });
        Operation {
            anchor: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path: format!("{}{path}", url::API),
            summary: text(&operation["summary"]),
            description: markdown::to_html(&text(&operation["description"]), 3),
            parameters: items(&operation["parameters"]).map(Parameter::read).chain(sent).collect(),
            sent: pairs(&operation["requestBody"]["content"]).find_map(|(_, content)| referred(&content["schema"])),
            answers: answers.collect(),
        }
    }
}

impl Parameter {
    fn read(parameter: &Value) -> Parameter {
        Parameter {
            name: text(&parameter["name"]),
            place: match parameter["in"].as_str() {
                Some("path") => "in het adres",
                Some("header") => "in de kop",
                _ => "in de vraag",
            },
            what: text(&parameter["description"]),
            allowed: allowed(&parameter["schema"]),
        }
    }
}

impl Shape {
    fn read(name: &str, schema: &Value) -> Shape {
        Shape {
            name: name.to_owned(),
            what: text(&schema["description"]),
            properties: pairs(&schema["properties"])
                .map(|(name, schema)| (name.clone(), kind(schema), meaning(schema)))
                .collect(),
        }
    }
}

/// Which values a parameter takes, in words.
fn allowed(schema: &Value) -> String {
    if schema["type"] == "array" {
        return format!("herhaalbaar, hoogstens {} keer: {}", schema["maxItems"], allowed(&schema["items"]));
    }
    let words: Vec<&str> = items(&schema["enum"]).filter_map(Value::as_str).collect();
    let mut res = if !words.is_empty() {
        words.join(", ")
    } else if let (Some(min), Some(max)) = (schema["minimum"].as_f64(), schema["maximum"].as_f64()) {
        format!("een getal van {min} tot en met {max}")
    } else if let Some(pattern) = schema["pattern"].as_str() {
        format!("volgens {pattern}")
    } else {
        "vrije tekst".to_owned()
    };
    match &schema["default"] {
        Value::Null => (),
        Value::String(word) => res.push_str(&format!("; standaard {word}")),
        other => res.push_str(&format!("; standaard {other}")),
    }
    res
}

/// The type of a property, in words.
fn kind(schema: &Value) -> String {
    let plain = match schema["type"].as_str() {
        Some("array") => format!("lijst van {}", kind(&schema["items"])),
        Some("object") => {
            let names: Vec<&str> = pairs(&schema["properties"]).map(|it| it.0.as_str()).collect();
            format!("{{{}}}", names.join(", "))
        }
        Some("string") if schema["enum"].is_array() => {
            items(&schema["enum"]).filter_map(Value::as_str).collect::<Vec<_>>().join(" | ")
        }
        Some("string") => "tekst".to_owned(),
        Some("integer") => "geheel getal".to_owned(),
        Some("number") => "getal".to_owned(),
        Some("boolean") => "true of false".to_owned(),
        _ => {
            let any = items(&schema["anyOf"]).filter_map(referred).collect::<Vec<_>>().join(" | ");
            referred(schema).unwrap_or(any)
        }
    };
    match schema["nullable"] == true {
        true => format!("{plain} of null"),
        false => plain,
    }
}

fn meaning(schema: &Value) -> String {
    let title = text(&schema["title"]);
    let what = markdown::to_plain(&text(&schema["description"]));
    match (title.is_empty(), what.is_empty()) {
        (false, false) => format!("{title}: {what}"),
        _ => format!("{title}{what}"),
    }
}

/// The name of the shape a schema refers to.
fn referred(schema: &Value) -> Option<String> {
    let direct = schema["$ref"].as_str();
    let inner = || items(&schema["allOf"]).find_map(|it| it["$ref"].as_str());
    direct.or_else(inner)?.rsplit('/').next().map(str::to_owned)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn pairs(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
