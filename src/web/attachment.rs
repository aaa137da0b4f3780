//! The files of a document: how a page names them, and how they are sent. Never to be shown in the browser: only to
//! be saved, under a policy that lets nothing in them run.

use poem::http::header;
use poem::web::{Data, Path};
use poem::{Body, IntoResponse, Response, handler};

use crate::app::App;
use crate::domain::attachment::{Attachment, Media};
use crate::domain::record::Record;
use crate::domain::visibility::Visibility;
use crate::store::Store;
use crate::store::attachment::Kept;
use crate::store::blob::Blobs;
use crate::store::record::Found;
use crate::store::{self, Error};
use crate::text::dutch;

use super::actor::Visitor;
use super::cache::CachePolicy;
use super::error::Failure;
use super::{pages, url};

/// A file of a document, as a page names it.
pub struct AttachmentView {
    pub url: String,
    pub title: String,
    /// "PDF, 1,2 MB, 14 pagina's".
    pub about: String,
    pub alt: String,
}

/// The files of a document.
pub async fn views(store: &Store, record: &Record) -> Result<Vec<AttachmentView>, Failure> {
    let named = &record.common.attachments;
    if named.is_empty() {
        return Ok(vec![]);
    }
    let hashes: Vec<&str> = named.iter().map(|it| it.file.as_str()).collect();
    let kept = store::attachment::by_hashes(store, &hashes).await?;
    let view = |it: &Attachment| AttachmentView {
        url: url::attachment(&record.slug, &it.name),
        title: it.title.clone(),
        about: about(it, kept.get(&it.file)),
        alt: it.alt.clone().unwrap_or_default(),
    };
    Ok(named.iter().map(view).collect())
}

/// Kind, size and, where it is known, how many pages.
pub fn about(file: &Attachment, kept: Option<&Kept>) -> String {
    let kb = file.size as f64 / 1_024.0;
    let size = match kb / 1_024.0 {
        mb if 1.0 <= mb => format!("{} MB", dutch::number((mb * 10.0).round() / 10.0)),
        _ => format!("{} kB", dutch::number(kb.ceil())),
    };
    let mut res = format!("{}, {size}", file.media.label());
    if let Some(pages) = kept.and_then(|it| usize::try_from(it.pages).ok()).filter(|it| 0 < *it) {
        let (one, more) = match file.media {
            Media::Pptx => ("dia", "dia’s"),
            Media::Xlsx => ("werkblad", "werkbladen"),
            _ => ("pagina", "pagina’s"),
        };
        res.push_str(&format!(", {}", dutch::count(pages, one, more)));
    }
    res
}

/// Sends a file of a document that a visitor may read, as far as its live version names it.
#[handler]
pub async fn download(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path((slug, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let stored = match store::record::get(&app.store, &visitor.actor, &slug).await? {
        Some(Found::Here(stored)) => stored,
        Some(Found::Moved(slug)) => return Ok(pages::record::moved(&url::attachment(&slug, &name))),
        None => return Err(Failure::NotFound),
    };
    let common = &stored.record.common;
    let file = common.attachments.iter().find(|it| it.name == name).ok_or(Failure::NotFound)?;
    let is_public = common.visibility == Visibility::Public;
    let cache = if is_public { CachePolicy::Revalidate } else { CachePolicy::NoStore };
    send(&app.intake.blobs, file, cache).await
}

/// A file as an answer: sent as it is read, so that many large ones take no memory.
pub async fn send(blobs: &Blobs, file: &Attachment, cache: CachePolicy) -> Result<Response, Failure> {
    let (blobs, hash) = (blobs.clone(), file.file.clone());
    let opened = tokio::task::spawn_blocking(move || blobs.open(&hash)).await;
    let opened = opened.map_err(|it| Failure::Unexpected(Box::new(it)))??;
    let lost = || Error::File { path: file.file.clone(), reason: "niet op schijf".into() };
    let (content, size) = opened.ok_or_else(lost)?;
    Ok(Body::from_async_read(tokio::fs::File::from_std(content))
        .with_content_type(file.media.word())
        .with_header(header::CONTENT_LENGTH, size)
        .with_header(header::CONTENT_DISPOSITION, disposition(&file.name))
        .with_header(header::CACHE_CONTROL, cache.header())
        .with_header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox")
        .with_header("cross-origin-resource-policy", "same-origin")
        .into_response())
}

/// To be saved under a name: once in plain letters for old programs, once whole (RFC 5987).
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", url::encoded(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("één \"plan\"; x.pdf"),
            "attachment; filename=\"__n _plan__ x.pdf\"; filename*=UTF-8''%C3%A9%C3%A9n%20%22plan%22%3B%20x.pdf"
        );
    }

    #[test]
    fn files_are_described() {
        let file = |media, size| Attachment { media, size, ..Attachment::default() };
        for (file, expected) in [
            (file(Media::Pdf, 900), "PDF, 1 kB"),
            (file(Media::Docx, 1_300_000), "Word, 1,2 MB"),
            (file(Media::Png, 300_000), "PNG, 293 kB"),
        ] {
            assert_eq!(about(&file, None), expected);
        }
    }
}
