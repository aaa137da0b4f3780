//! Delivering figures through the API: as a list or as a file, then agreed with and released. The same workflow as the
//! pages, with all faults of a request at once. The `///` of an operation is published, in Dutch.

use poem::http::{Method, StatusCode};
use poem::web::Data;
use poem::{Body, IntoResponse, Request, Response, handler};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::registry::{
    MetaMediaType, MetaOperation, MetaPath, MetaRequest, MetaResponse, MetaResponses, MetaSchema,
};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object, OpenApi, Tags};
use serde_json::{Map, Value};

use crate::app::App;
use crate::domain::fault::{Fault, Place, Step};
use crate::domain::field;
use crate::domain::id::DeliveryId;
use crate::domain::measurement::Measurement;
use crate::domain::permission::{self, Action};
use crate::exchange::delivery::{self as receiving, Outcome, Sent};
use crate::exchange::delivery_sheet::Remark;
use crate::exchange::{self, extract, table};
use crate::store::blob;
use crate::text::dutch;
use crate::web::act::act;
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::pages::deliver::show::delivery_id;
use crate::web::upload::{self, LIMITS, Limits};
use crate::web::url;
use crate::workflow;
use crate::workflow::delivery::{self, Incoming, Submitted};

use super::own_fields::inline;
use super::query;

/// Where figures are sent, below the API.
pub const LIST: &str = "/aanleveringen";
/// Where a file with figures is sent, below the API.
pub const FILE: &str = "/aanleveringen/bestand";
/// Figures of one request.
const ROWS_MAX: usize = 10_000;

#[derive(Tags)]
enum Tag {
    /// Cijfers aanleveren, akkoord geven en vrijgeven, met een token.
    #[oai(rename = "Aanleveren")]
    Deliver,
}

/// Cijfers van een organisatie.
#[derive(Debug, Object)]
#[oai(rename = "NieuweAanlevering")]
pub struct Delivered {
    /// De slug van de organisatie.
    pub organisatie: String,
    /// Waarom eerdere cijfers nu anders zijn; nodig voor het akkoord als dat zo is.
    #[oai(default)]
    pub reden: Option<String>,
    /// De cijfers: per cijfer een object met `indicator`, `periode`, en `teller` en `noemer` of `waarde`; ook `deel`, `locatie`, `definitie`, `toestand`, `spreiding`, `criticasters` en `toelichting` kunnen.
    pub metingen: Vec<Value>,
}

/// Hoe een aanlevering ervoor staat.
#[derive(Debug, Object)]
#[oai(rename = "Aanlevering")]
pub struct State {
    pub id: String,
    /// concept, akkoord, vrijgegeven of ingetrokken.
    pub stand: String,
    pub versie: i32,
    /// Hoeveel cijfers erin staan; wat al precies zo stond, telt niet mee.
    pub cijfers: usize,
    /// Wat opvalt; wie akkoord geeft, ziet dit ook.
    pub waarschuwingen: Vec<String>,
    /// Het adres van de pagina.
    pub url: String,
}

#[derive(ApiResponse)]
pub enum Done {
    /// Opgeslagen als concept; een tweede persoon moet akkoord geven.
    #[oai(status = 201)]
    Created(Json<State>, #[oai(header = "Location")] String),
    /// Gedaan, of al eerder aangeleverd.
    #[oai(status = 200)]
    Fine(Json<State>),
}

pub struct DeliveryApi;

#[OpenApi(tag = "Tag::Deliver")]
impl DeliveryApi {
    /// Cijfers aanleveren
    ///
    /// De cijfers worden een concept. Met één fout wordt niets opgeslagen; alle fouten komen tegelijk terug. Dezelfde
    /// cijfers nog eens sturen verandert niets. Een bestand stuurt u naar `/aanleveringen/bestand`.
    #[oai(path = "/aanleveringen", method = "post", operation_id = "aanleveren")]
    async fn create(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        sent: Json<Delivered>,
    ) -> poem::Result<Done> {
        query::none(request)?;
        Ok(create(&app, &visitor, sent.0).await?)
    }

    /// Akkoord geven
    ///
    /// Door een ander dan wie aanleverde.
    #[oai(path = "/aanleveringen/:id/akkoord", method = "post", operation_id = "aanleveringAkkoord")]
    async fn approve(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De identiteit van de aanlevering.
        id: Path<String>,
    ) -> poem::Result<Done> {
        query::none(request)?;
        visitor.user()?;
        let id = delivery_id(&id.0)?;
        delivery::approve(&act(&app, &visitor), &id, None).await.map_err(Failure::from)?;
        Ok(Done::Fine(Json(state(&app, &visitor, &id).await?)))
    }

    /// Vrijgeven
    ///
    /// Vanaf dan tellen de cijfers mee; anderen zien ze na het embargo van het netwerk.
    #[oai(path = "/aanleveringen/:id/vrijgave", method = "post", operation_id = "aanleveringVrijgeven")]
    async fn release(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De identiteit van de aanlevering.
        id: Path<String>,
    ) -> poem::Result<Done> {
        query::none(request)?;
        visitor.user()?;
        let id = delivery_id(&id.0)?;
        delivery::release(&act(&app, &visitor), &id, None).await.map_err(Failure::from)?;
        Ok(Done::Fine(Json(state(&app, &visitor, &id).await?)))
    }
}

async fn create(app: &App, visitor: &Visitor, sent: Delivered) -> Result<Done, Failure> {
    visitor.user()?;
    permission::may(&visitor.actor, Action::Deliver(&sent.organisatie))?;
    if ROWS_MAX < sent.metingen.len() {
        return Err(Failure::Invalid(vec![format!("metingen: hoogstens {ROWS_MAX} per keer; stuur een bestand")]));
    }
    let hash = blob::hash(Value::Array(sent.metingen.clone()).to_string().as_bytes());
    let place = |at: usize| Place::root().key("metingen").at(at);
    let mut faults: Vec<Fault> = Vec::new();
    let mut rows: Vec<(usize, Measurement)> = Vec::new();
    for (at, value) in sent.metingen.into_iter().enumerate() {
        match read(value, &sent.organisatie, &place(at)) {
            Ok(row) => rows.push((at, row)),
            Err(wrong) => faults.extend(wrong),
        }
    }
    let doing = act(app, visitor);
    let places: Vec<usize> = rows.iter().map(|it| it.0).collect();
    let rows: Vec<Measurement> = rows.into_iter().map(|it| it.1).collect();
    let judged = delivery::judge(&doing, &sent.organisatie, &rows, sent.reden.as_deref()).await?;
    for it in judged.faults {
        let field = match it.fault.place.steps().first() {
            Some(Step::Key(key)) => place(places[it.row]).key(key),
            _ => place(places[it.row]),
        };
        faults.push(Fault { place: field, ..it.fault });
    }
    if faults.is_empty() && rows.is_empty() {
        faults.push(Fault::new(
            &Place::root().key("metingen"),
            "er staat geen enkel cijfer in",
            "stuur er een of meer",
        ));
    }
    if !faults.is_empty() {
        faults.sort_by(|a, b| a.place.cmp(&b.place));
        return Err(Failure::Invalid(faults.iter().map(Fault::to_string).collect()));
    }
    let incoming =
        Incoming { organisation: &sent.organisatie, rows, file_name: Some("API".to_owned()), hash, reason: sent.reden };
    match delivery::submit(&doing, incoming).await? {
        Submitted::New(id) => Ok(Done::Created(Json(state(app, visitor, &id).await?), url::delivery(&id))),
        Submitted::Known(id) => Ok(Done::Fine(Json(state(app, visitor, &id).await?))),
    }
}

/// One figure as it was sent, or all that is wrong with it by itself.
fn read(value: Value, organisation: &str, place: &Place) -> Result<Measurement, Vec<Fault>> {
    let Value::Object(mut row) = value else {
        return Err(vec![Fault::new(place, "dit is geen object", "stuur een object met indicator en periode")]);
    };
    row.retain(|_, it| !it.is_null());
    row.entry("organisatie").or_insert_with(|| organisation.into());
    let faults = field::check(Measurement::FIELDS, &row, place);
    if !faults.is_empty() {
        return Err(faults);
    }
    whole(row).map_err(|error| vec![Fault::new(place, error.to_string(), "")])
}

fn whole(row: Map<String, Value>) -> serde_json::Result<Measurement> {
    serde_json::from_value(Value::Object(row))
}

async fn state(app: &App, visitor: &Visitor, id: &DeliveryId) -> Result<State, Failure> {
    let doing = act(app, visitor);
    let seen = delivery::see(&doing, id).await?;
    let is_open = seen.delivery.released_at.is_none();
    let warnings = if is_open { delivery::judge_again(&doing, &seen).await?.warnings } else { vec![] };
    Ok(State {
        id: id.to_string(),
        stand: seen.delivery.stage.word().to_owned(),
        versie: seen.delivery.version,
        cijfers: seen.rows.len(),
        waarschuwingen: warnings.into_iter().map(|it| it.text).collect(),
        url: url::delivery(id),
    })
}

/// What the document says about [`receive`], which reads its form itself to keep to its limits.
pub fn described() -> MetaPath {
    let text = |description| inline(MetaSchema { description: Some(description), ..MetaSchema::new("string") });
    let file = MetaSchema {
        description: Some("Excel (.xlsx), OpenDocument (.ods) of CSV; hoogstens 10 MB"),
        ..MetaSchema::new_with_format("string", "binary")
    };
    let form = MetaSchema {
        required: vec!["organisatie", "bestand"],
        properties: vec![
            ("organisatie", text("De slug van de organisatie.")),
            ("bestand", inline(file)),
            ("reden", text("Waarom eerdere cijfers nu anders zijn.")),
        ],
        ..MetaSchema::new("object")
    };
    let answer = |status, description| MetaResponse {
        description,
        status: Some(status),
        status_range: None,
        content: vec![MetaMediaType { content_type: "application/json; charset=utf-8", schema: State::schema_ref() }],
        headers: vec![],
    };
    MetaPath {
        path: FILE.to_owned(),
        operations: vec![MetaOperation {
            method: Method::POST,
            tags: vec!["Aanleveren"],
            summary: Some("Een bestand met cijfers versturen"),
            description: Some(
                "Het bestand gaat als formulier (`multipart/form-data`). Met één fout wordt niets opgeslagen; alle fouten \
                 komen tegelijk terug, elk met zijn cel.",
            ),
            external_docs: None,
            params: vec![],
            request: Some(MetaRequest {
                description: None,
                content: vec![MetaMediaType { content_type: "multipart/form-data", schema: inline(form) }],
                required: true,
            }),
            responses: MetaResponses {
                responses: vec![
                    answer(201, "Opgeslagen als concept; een tweede persoon moet akkoord geven."),
                    answer(200, "Dit bestand was al aangeleverd."),
                ],
            },
            deprecated: false,
            security: vec![],
            operation_id: Some("bestandAanleveren"),
            code_samples: vec![],
        }],
    }
}

const FILE_LIMITS: Limits = Limits { file: table::SIZE_MAX, text: 64 << 10, fields: 20, ..LIMITS };

/// Takes a file with figures in, as a form with the fields `organisatie`, `bestand` and, where figures change, `reden`.
#[handler]
pub async fn receive(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    body: Body,
) -> Result<Response, Failure> {
    query::none(request)?;
    visitor.user()?;
    if !delivery::takes_part(&visitor.actor) {
        return Err(Failure::Denied(permission::Denied::Role));
    }
    let form = upload::read_within(request, body, &app.intake.blobs, FILE_LIMITS).await?;
    let organisation = form.value("organisatie").unwrap_or_default().to_owned();
    permission::may(&visitor.actor, Action::Deliver(&organisation))?;
    let reason = form.value("reden").map(str::to_owned);
    let missing = "er is geen bestand verstuurd; stuur het als formulier in het veld \"bestand\"";
    let mut file = form.file.ok_or_else(|| Failure::Upload(StatusCode::BAD_REQUEST, missing.to_owned()))?;
    let name = file.name.clone();
    let bytes = tokio::task::spawn_blocking(move || file.content.bytes()).await;
    let bytes = bytes.map_err(|error| Failure::Unexpected(Box::new(error)))??;
    let sent = Sent { organisation: &organisation, file_name: Some(&name), reason: reason.as_deref(), is_trial: false };
    let (id, status) = match receiving::receive(&act(app, &visitor), &app.intake.extractor, bytes, sent).await {
        Ok(Outcome::Stored(id, _)) => (id, StatusCode::CREATED),
        Ok(Outcome::Known(id)) => (id, StatusCode::OK),
        Ok(Outcome::Faulty(read) | Outcome::Tried(read)) => {
            return Err(Failure::Invalid(read.faults.iter().map(said).collect()));
        }
        Err(exchange::Error::Extract(extract::Error::Refused(text))) => {
            return Err(Failure::Upload(StatusCode::BAD_REQUEST, text));
        }
        Err(exchange::Error::Workflow(error)) => return Err(told(error)),
        Err(error) => return Err(Failure::Unexpected(Box::new(error))),
    };
    let text = state(app, &visitor, &id).await?.to_json_string();
    Ok(text.with_content_type("application/json; charset=utf-8").with_status(status).into_response())
}

fn told(error: workflow::Error) -> Failure {
    error.into()
}

fn said(it: &Remark) -> String {
    match &it.at {
        Some(at) => format!("{}: {}", dutch::capital(&at.to_string()), it.text),
        None => it.text.clone(),
    }
}
