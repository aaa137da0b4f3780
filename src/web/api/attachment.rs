//! The files of documents in the API: what there is, on which page something was found, and sending one. The `///` of
//! a shape is published, in Dutch.

use poem::http::StatusCode;
use poem::web::Data;
use poem::{Body, IntoResponse, Request, Response, handler};
use poem_openapi::Object;
use serde::Serialize;

use crate::app::App;
use crate::domain::attachment::{Attachment, Media};
use crate::domain::field;
use crate::domain::permission::{self, Action};
use crate::domain::record::Record;
use crate::search::attached::PageOf;
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::upload;
use crate::web::url;

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
