//! A file that somebody sends: read in a child process, judged, and kept.

use chrono::{DateTime, Utc};

use crate::domain::actor::Actor;
use crate::domain::attachment::{self, Attachment};
use crate::store::attachment::Kept;
use crate::store::blob::{self, Blobs};
use crate::store::{self, Store};
use crate::workflow;
use crate::workflow::attachment::File;

use super::Error;
use super::extract::{self, Extractor};

/// What it takes to receive files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Intake {
    pub blobs: Blobs,
    pub extractor: Extractor,
}

/// Receives a file under the name it came with, and says what a document can hold of it. No document does yet.
pub async fn receive(
    store: &Store,
    intake: &Intake,
    actor: &Actor,
    bytes: Vec<u8>,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Attachment, Error> {
    if let Some(kept) = known(store, intake, &blob::hash(&bytes)).await? {
        return Ok(of(&kept, name));
    }
    let file = read(intake, bytes).await?;
    let kept = workflow::attachment::keep(store, &intake.blobs, actor, file, now).await?;
    Ok(of(&kept, name))
}

/// What is known of bytes that are kept already. They were judged when they came in.
pub(super) async fn known(store: &Store, intake: &Intake, hash: &str) -> Result<Option<Kept>, Error> {
    match store::attachment::get(store, hash).await? {
        Some(kept) if intake.blobs.has(hash) => Ok(Some(kept)),
        _ => Ok(None),
    }
}

/// Reads a file without keeping it.
pub(super) async fn read(intake: &Intake, bytes: Vec<u8>) -> Result<File, extract::Error> {
    let it = intake.extractor.extract(bytes).await?;
    Ok(File { bytes: it.bytes, media: it.media, pages: it.pages, is_cut: it.is_cut, texts: it.texts })
}

/// A kept file as a document holds it, with a first title made of its name.
pub(super) fn of(kept: &Kept, name: &str) -> Attachment {
    let name = attachment::file_name(name, kept.media);
    let stem = name.rsplit_once('.').map_or(name.as_str(), |it| it.0);
    let title = stem.replace(['_', '-'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let title = if title.is_empty() { "Bijlage".to_owned() } else { title };
    Attachment { file: kept.hash.clone(), name, title, alt: None, media: kept.media, size: kept.size }
}
