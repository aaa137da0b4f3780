//! The files of documents in the API: what there is, on which page something was found, and sending one. The `///` of
//! a shape is published, in Dutch.

use poem::http::{Method, StatusCode};
use poem::web::Data;
use poem::{Body, IntoResponse, Request, Response, handler};
use poem_openapi::Object;
use poem_openapi::registry::{
    MetaMediaType, MetaOperation, MetaPath, MetaRequest, MetaResponse, MetaResponses, MetaSchema,
};
use serde::Serialize;

use crate::app::App;
use crate::domain::attachment::{Attachment, Media};
use crate::domain::field::{self, Need};
use crate::domain::permission::{self, Action};
use crate::domain::record::Record;
use crate::search::attached::PageOf;
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::upload;
use crate::web::url;

use super::own_fields::{inline, property_of};
use super::value::Word;

/// Een bladzijde van een bijlage waarin iets gevonden is.
#[derive(Object, Serialize)]
#[oai(rename = "Vindplaats")]
pub struct FoundIn {
    /// De titel van de bijlage.
    pub bijlage: String,
    /// Waar daarin: bladzijde, dia of werkblad; leeg als dat niet bekend is.
    pub plaats: String,
    /// Het adres van het bestand op deze site.
    pub url: String,
}

impl FoundIn {
    pub fn of(slug: &str, page: &PageOf) -> FoundIn {
        let url = url::attachment(slug, &page.name);
        FoundIn { bijlage: page.title.clone(), plaats: page.label.clone(), url }
    }
}

/// Een bestand bij een document.
#[derive(Object)]
#[oai(rename = "Bijlage")]
pub struct AttachedFile {
    pub titel: String,
    /// De naam waaronder het bewaard wordt.
    pub naam: String,
    pub soort: Word<Media>,
    /// In bytes.
    pub omvang: i64,
    /// Bij een afbeelding: wat er te zien is.
    #[oai(nullable)]
    pub tekstalternatief: Option<String>,
    /// De SHA-256 van het bestand.
    pub bestand: String,
    /// Het adres van het bestand op deze site.
    pub url: String,
}

impl AttachedFile {
    pub fn all(record: &Record) -> Vec<AttachedFile> {
        let one = |it: &Attachment| AttachedFile {
            titel: it.title.clone(),
            naam: it.name.clone(),
            soort: Word(it.media),
            omvang: it.size,
            tekstalternatief: it.alt.clone(),
            bestand: it.file.clone(),
            url: url::attachment(&record.slug, &it.name),
        };
        record.common.attachments.iter().map(one).collect()
    }
}

/// The address for sending a file below that of the API.
pub const LIST: &str = "/bijlagen";

/// What sending a file can answer beside what every address can.
pub const PROBLEMS: &[(u16, &str)] = &[
    (400, "Er is geen bestand, of het is van een soort die hier niet kan, of stuk; erbij staat waarom."),
    (408, "Het versturen duurde te lang."),
    (413, "Het bestand is te groot."),
    (415, "Het is niet als formulier met een bestand verstuurd."),
];

/// What the document says about [`receive`], which reads its form itself to keep to its limits.
pub fn described() -> MetaPath {
    let file = MetaSchema {
        description: Some("PDF, Word, Excel, PowerPoint, PNG, JPEG of WebP; hoogstens 25 MB"),
        ..MetaSchema::new_with_format("string", "binary")
    };
    let form = MetaSchema { required: vec![FILE], properties: vec![(FILE, inline(file))], ..MetaSchema::new("object") };
    let answer = MetaSchema {
        required: Attachment::FIELDS.iter().filter(|it| it.need == Need::Required).map(|it| it.name).collect(),
        properties: Attachment::FIELDS.iter().map(|it| (it.name, property_of(it))).collect(),
        ..MetaSchema::new("object")
    };
    MetaPath {
        path: LIST.to_owned(),
        operations: vec![MetaOperation {
            method: Method::POST,
            tags: vec!["Schrijven"],
            summary: Some("Een bestand versturen"),
            description: Some(
                "Het bestand gaat als formulier (`multipart/form-data`) in het veld `bestand`. Het antwoord hoort daarna \
                 bij de `bijlagen` van een document dat u indient; wat geen document noemt, verdwijnt na een week.",
            ),
            external_docs: None,
            params: vec![],
            request: Some(MetaRequest {
                description: None,
                content: vec![MetaMediaType { content_type: "multipart/form-data", schema: inline(form) }],
                required: true,
            }),
            responses: MetaResponses {
                responses: vec![MetaResponse {
                    description: "Het bestand is ontvangen.",
                    status: Some(201),
                    status_range: None,
                    content: vec![MetaMediaType {
                        content_type: "application/json; charset=utf-8",
                        schema: inline(answer),
                    }],
                    headers: vec![],
                }],
            },
            deprecated: false,
            security: vec![],
            operation_id: Some("bijlageVersturen"),
            code_samples: vec![],
        }],
    }
}

/// The field of the form that holds the file.
const FILE: &str = "bestand";

/// Takes a file in, as a form with the file in the field `bestand`. A document can name it afterwards, by what is
/// answered.
#[handler]
pub async fn receive(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    body: Body,
) -> Result<Response, Failure> {
    permission::may(&visitor.actor, Action::Attach).map_err(Failure::Denied)?;
    let form = upload::read(request, body, &app.intake.blobs).await?;
    let missing = "er is geen bestand verstuurd; stuur het als formulier in het veld \"bestand\"";
    let file = form.file.ok_or_else(|| Failure::Upload(StatusCode::BAD_REQUEST, missing.to_owned()))?;
    let received = upload::receive(app, &visitor.actor, file).await?;
    let text = serde_json::Value::Object(field::to_value(&received)).to_string();
    Ok(text.with_content_type("application/json; charset=utf-8").with_status(StatusCode::CREATED).into_response())
}
