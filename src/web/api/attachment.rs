//! The files of documents in the API: what there is, and on which page something was found. The `///` of a shape is
//! published, in Dutch.

use poem_openapi::Object;
use serde::Serialize;

use crate::domain::attachment::{Attachment, Media};
use crate::domain::record::Record;
use crate::search::attached::PageOf;
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
