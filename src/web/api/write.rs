//! Writing through the API: hand a document in, hand a new version in, and review. The same workflow as the pages, with
//! all faults of a request at once. The `///` of an operation is published, in Dutch.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use poem::Request;
use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi, Tags};
use serde_json::{Map, Value};

use crate::app::App;
use crate::domain::draft::{Content, Draft, MANAGED};
use crate::domain::fault::{Fault, Step};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{Common, Own};
use crate::domain::stage::Stage;
use crate::domain::vocabulary::RecordKind;
use crate::store;
use crate::store::record::Found;
use crate::web::act::act;
use crate::web::actor::Visitor;
use crate::web::error::{Failure, Refusal};
use crate::web::url;
use crate::workflow;
use crate::workflow::record::review::{self, Published};
use crate::workflow::record::write::{self, Origin};
use crate::workflow::record::{self};

use super::own_fields::{camel, property_of};
use super::query;

#[derive(Tags)]
enum Tag {
    /// Documenten indienen en beoordelen, met een token.
    #[oai(rename = "Schrijven")]
    Write,
}

/// A document as somebody sends it: the properties of an answer, with slugs where an answer has names.
pub struct Sent(Map<String, Value>);

impl Type for Sent {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "NieuwDocument".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference("NieuwDocument".to_owned())
    }

    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>("NieuwDocument".to_owned(), |_| {
            let text = |description| {
                let schema = MetaSchema { description: Some(description), ..MetaSchema::new("string") };
                MetaSchemaRef::Inline(Box::new(schema))
            };
            let mut res = MetaSchema::new("object");
            res.required = vec!["soort", "titel", "samenvatting"];
            let kinds = MetaSchemaRef::Inline(Box::new(super::own_fields::words(RecordKind::CHOICES)));
            res.properties.push(("soort", kinds));
            res.properties.push(("slug", text("het adres; leeg maken wij het van de titel")));
            for field in Common::FIELDS.iter().filter(|it| !MANAGED.contains(&it.name)) {
                res.properties.push((camel(field.name), property_of(field)));
            }
            let own = MetaSchema {
                description: Some("de velden van de soort, zoals bij het opvragen van een document"),
                ..MetaSchema::new("object")
            };
            res.properties.push(("velden", MetaSchemaRef::Inline(Box::new(own))));
            res.properties.push(("tekst", text("Markdown")));
            res.properties.push(("toelichting", text("voor wie beoordeelt")));
            res
        });
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for Sent {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::Object(values)) => Ok(Sent(values)),
            other => Err(ParseError::expected_type(other.unwrap_or_default())),
        }
    }
}

impl ToJSON for Sent {
    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.0.clone()))
    }
}

/// Wat er met een ingediende versie gebeurt.
#[derive(Debug, Clone, Copy, Enum)]
#[oai(rename = "Oordeel", rename_all = "lowercase")]
pub enum Verdict {
    Publiceren,
    Wijzigingen,
}

/// Een oordeel over een ingediende versie.
#[derive(Debug, Object)]
#[oai(rename = "Beoordeling")]
pub struct Review {
    pub oordeel: Verdict,
    /// Waarom er wijzigingen nodig zijn; dan verplicht.
    #[oai(default)]
    pub reden: Option<String>,
    /// Publiceer op dit moment in plaats van nu: 2027-01-31T09:00:00Z.
    #[oai(default)]
    pub moment: Option<String>,
    /// De versie van het concept die u zag; zonder geldt wat er nu staat.
    #[oai(default)]
    pub versie: Option<i32>,
}

/// Hoe een versie er nu voor staat.
#[derive(Debug, Object)]
#[oai(rename = "Concept")]
pub struct State {
    /// De identiteit van deze versie.
    pub concept: String,
    pub slug: String,
    pub stand: String,
    pub versie: i32,
    /// Het adres van de pagina.
    pub url: String,
}

#[derive(ApiResponse)]
pub enum Done {
    /// Ingediend ter beoordeling.
    #[oai(status = 201)]
    Created(Json<State>, #[oai(header = "Location")] String),
    /// Gedaan.
    #[oai(status = 200)]
    Fine(Json<State>),
}

pub struct WriteApi;

#[OpenApi(tag = "Tag::Write")]
impl WriteApi {
    /// Een document indienen
    ///
    /// Het document gaat ter beoordeling en verschijnt na goedkeuring. Wat niet klopt, komt alles tegelijk terug.
    #[oai(path = "/documenten", method = "post", operation_id = "documentIndienen")]
    async fn create(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        sent: Json<Sent>,
    ) -> poem::Result<Done> {
        query::none(request)?;
        Ok(create(&app, &visitor, sent.0).await?)
    }

    /// Een nieuwe versie van een document indienen
    ///
    /// De gepubliceerde versie blijft staan tot de nieuwe is goedgekeurd. `If-Match` noemt de versie waar u van uitging;
    /// is er intussen een nieuwere, dan is de status 412.
    #[oai(path = "/documenten/:slug", method = "put", operation_id = "versieIndienen")]
    async fn update(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De slug van het document.
        slug: Path<String>,
        /// De versie waar u van uitging.
        #[oai(name = "If-Match")]
        seen: Header<Option<String>>,
        sent: Json<Sent>,
    ) -> poem::Result<Done> {
        query::none(request)?;
        Ok(update(&app, &visitor, &slug.0, seen.0.as_deref(), sent.0).await?)
    }

    /// Een ingediende versie beoordelen
    #[oai(path = "/documenten/:slug/beoordelingen", method = "post", operation_id = "beoordelen")]
    async fn review(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De slug van het document, of het adres dat de ingediende versie krijgt.
        slug: Path<String>,
        verdict: Json<Review>,
    ) -> poem::Result<Done> {
        query::none(request)?;
        Ok(judge(&app, &visitor, &slug.0, verdict.0).await?)
    }
}

async fn create(app: &App, visitor: &Visitor, sent: Sent) -> Result<Done, Failure> {
    visitor.user()?;
    let (content, note) = read(sent, None)?;
    // Faults first: a refused document leaves no draft behind.
    refuse(&content)?;
    let draft = write::begin_and_submit(&act(app, visitor), content, note).await.map_err(told)?;
    Ok(Done::Created(Json(state(&draft)), url::draft(&draft.id)))
}

const PRECONDITION: Refusal = Refusal {
    status: StatusCode::PRECONDITION_FAILED,
    heading: "Er is een nieuwere versie",
    text: "Het document is gewijzigd na de versie in If-Match. Vraag het opnieuw op en pas uw wijziging daarop toe.",
};

const NO_VERSION: Refusal = Refusal {
    status: StatusCode::PRECONDITION_REQUIRED,
    heading: "If-Match ontbreekt",
    text: "Noem in If-Match de versie waar u van uitging: het veld versie van het opgevraagde document.",
};

const BUSY: Refusal = Refusal {
    status: StatusCode::CONFLICT,
    heading: "Er ligt al een versie ter beoordeling",
    text: "Wacht op het oordeel of trek de ingediende versie op de site terug.",
};

async fn update(app: &App, visitor: &Visitor, slug: &str, seen: Option<&str>, sent: Sent) -> Result<Done, Failure> {
    visitor.user()?;
    let stored = match store::record::get(&app.store, &visitor.actor, slug).await? {
        Some(Found::Here(stored)) => stored,
        _ => return Err(Failure::NotFound),
    };
    let seen = seen.ok_or(Failure::Refused(NO_VERSION))?.trim_start_matches("W/").trim_matches('"');
    if seen != "*" && seen.parse() != Ok(stored.version) {
        return Err(Failure::Refused(PRECONDITION));
    }
    let (mut content, note) = read(sent, Some(stored.record.kind()))?;
    if content.slug.is_empty() {
        content.slug = stored.record.slug.clone();
    }
    crate::web::form::read::keep_hidden(&mut content, &Content::of(&stored.record));
    refuse(&content)?;
    let draft = write::start(&act(app, visitor), Origin::VersionOf(stored.id.clone())).await?;
    if !draft.stage.is_open() {
        return Err(Failure::Refused(BUSY));
    }
    let draft = hand_in(app, visitor, &draft, content, note).await?;
    Ok(Done::Fine(Json(state(&draft))))
}

async fn hand_in(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    content: Content,
    note: Option<String>,
) -> Result<Draft, Failure> {
    let doing = act(app, visitor);
    let draft = write::save(&doing, &draft.id, draft.version, content).await.map_err(told)?;
    write::submit(&doing, &draft.id, draft.version, note).await.map_err(told)
}

async fn judge(app: &App, visitor: &Visitor, slug: &str, verdict: Review) -> Result<Done, Failure> {
    visitor.user()?;
    let doing = act(app, visitor);
    let live = store::record::any(&app.store, slug).await?.map(|it| it.id);
    let mut found = None;
    let stages = [Stage::InReview, Stage::Planned];
    for draft in store::draft::at_address(&app.store, &stages, slug, live.as_ref()).await? {
        if let Ok((draft, _)) = record::see(&doing, &draft.id).await {
            found = Some(draft);
            break;
        }
    }
    let draft = found.ok_or(Failure::NotFound)?;
    let seen = verdict.versie.unwrap_or(draft.version);
    let moment = verdict.moment.as_deref().map(|it| match DateTime::parse_from_rfc3339(it) {
        Ok(at) if app.clock.now() < at => Ok(at.with_timezone(&Utc)),
        Ok(_) => Err(Failure::Invalid(vec!["moment: dit is al geweest; laat het weg om nu te publiceren".to_owned()])),
        Err(_) => Err(Failure::Invalid(vec!["moment: schrijf bijvoorbeeld 2027-01-31T09:00:00Z".to_owned()])),
    });
    let moment = moment.transpose()?;
    let slug = match verdict.oordeel {
        Verdict::Wijzigingen => {
            let reason = verdict.reden.unwrap_or_default();
            review::request_changes(&doing, &draft.id, seen, &reason).await.map_err(told)?;
            draft.content.slug.clone()
        }
        Verdict::Publiceren => match review::publish(&doing, &draft.id, seen, moment).await.map_err(told)? {
            Published::Now { slug, .. } => slug,
            Published::Planned(_) => draft.content.slug.clone(),
        },
    };
    let now = store::draft::get(&app.store, &draft.id).await?.ok_or(Failure::NotFound)?;
    Ok(Done::Fine(Json(State { slug, ..state(&now) })))
}

fn state(draft: &Draft) -> State {
    State {
        concept: draft.id.to_string(),
        slug: draft.content.slug.clone(),
        stand: draft.stage.word().to_owned(),
        versie: draft.version,
        url: url::draft(&draft.id),
    }
}

/// All that is wrong with a document before anything is stored of it.
fn refuse(content: &Content) -> Result<(), Failure> {
    let mut faults = content.refused();
    if faults.is_empty() {
        faults = content.faults();
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Failure::Invalid(faults.iter().map(said).collect())),
    }
}

/// Faults with the names of the API.
fn told(error: workflow::Error) -> Failure {
    match error {
        workflow::Error::Invalid(faults) => Failure::Invalid(faults.iter().map(|it| said(&it.1)).collect()),
        other => other.into(),
    }
}

fn said(fault: &Fault) -> String {
    let known = RecordKind::ALL.iter().flat_map(|it| Own::fields(*it)).chain(Common::FIELDS);
    let mut names: Vec<&'static str> = known.map(|it| it.name).filter(|it| it.contains('_')).collect();
    names.dedup();
    let mut text = fault.to_string();
    if let Some(Step::Key(key)) = fault.place.steps().first()
        && let Some(name) = names.into_iter().find(|it| it == key)
    {
        text = text.replacen(name, camel(name), 1);
    }
    text
}

/// The content of what was sent, with the note to who reviews. Unknown properties are faults.
fn read(sent: Sent, kind: Option<RecordKind>) -> Result<(Content, Option<String>), Failure> {
    let mut values = sent.0;
    let mut faults = Vec::new();
    let mut text = |values: &mut Map<String, Value>, name: &str| match values.remove(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text),
        Some(_) => {
            faults.push(format!("{name}: dit is geen tekst"));
            None
        }
    };
    let word = text(&mut values, "soort");
    let slug = text(&mut values, "slug").unwrap_or_default();
    let body = text(&mut values, "tekst").unwrap_or_default();
    let note = text(&mut values, "toelichting");
    let named = word.as_deref().and_then(RecordKind::parse);
    let kind = match (named, kind) {
        (Some(named), Some(kind)) if named != kind => {
            faults.push(format!("soort: een document houdt zijn soort; hier is dat {}", kind.word()));
            kind
        }
        (None, Some(kind)) if word.is_none() => kind,
        (Some(kind), _) => kind,
        (None, _) => {
            let words: Vec<&str> = RecordKind::ALL.iter().map(|it| it.word()).collect();
            return Err(Failure::Invalid(vec![format!("soort: kies uit {}", words.join(", "))]));
        }
    };
    let own = match values.remove("velden") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(own)) => own,
        Some(_) => {
            faults.push("velden: dit is geen object".to_owned());
            Map::new()
        }
    };
    let common: Vec<&'static Field> = Common::FIELDS.iter().filter(|it| !MANAGED.contains(&it.name)).collect();
    let mut fields = inside(&common, values, "", &mut faults);
    fields.extend(inside(&Own::fields(kind).iter().collect::<Vec<_>>(), own, "velden.", &mut faults));
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    let mut content = Content { kind, slug, fields, body };
    content.tidy();
    Ok((content, note))
}

/// Properties of the API by the names they have inside.
fn inside(
    fields: &[&'static Field],
    values: Map<String, Value>,
    before: &str,
    faults: &mut Vec<String>,
) -> Map<String, Value> {
    let mut res = Map::new();
    for (name, value) in values {
        let Some(field) = fields.iter().find(|it| camel(it.name) == name) else {
            let names: Vec<&str> = fields.iter().map(|it| camel(it.name)).collect();
            faults.push(format!("{before}{name}: onbekend veld; toegestaan: {}", names.join(", ")));
            continue;
        };
        let value = match (field.shape, value) {
            (Shape::Group(fields), Value::Object(row)) => {
                Value::Object(inside(&fields.iter().collect::<Vec<_>>(), row, &format!("{before}{name}."), faults))
            }
            (Shape::Groups(fields, _), Value::Array(rows)) => {
                let fields: Vec<&'static Field> = fields.iter().collect();
                let row = |it| match it {
                    Value::Object(row) => Value::Object(inside(&fields, row, &format!("{before}{name}."), faults)),
                    other => other,
                };
                Value::Array(rows.into_iter().map(row).collect())
            }
            (_, value) => value,
        };
        res.insert(field.name.to_owned(), value);
    }
    res
}
