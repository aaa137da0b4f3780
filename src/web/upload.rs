//! A form with a file in it, read as it comes in: each part with a limit, the file to the disk, and all of it within a
//! time. Nothing is held in memory but the short fields.
//!
//! Invariant: whatever is sent, the answer comes, and says what is wrong in Dutch.

use std::time::Duration;

use multer::{Constraints, Field, Multipart, SizeLimit};
use poem::http::StatusCode;
use poem::{Body, Request};
use tokio::time::{Instant, timeout, timeout_at};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::attachment::{Attachment, SIZE_MAX};
use crate::exchange::{self, attachment, extract};
use crate::store::blob::{Blobs, Incoming};
use crate::workflow;

use super::error::Failure;

/// What a form may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub file: usize,
    /// Bytes of all other fields together, and how many there may be.
    pub text: usize,
    pub fields: usize,
    /// How long nothing may come, and how long all of it may take.
    pub idle: Duration,
    pub total: Duration,
}

/// The limits of every form.
pub const LIMITS: Limits = Limits {
    file: SIZE_MAX,
    text: 2 << 20,
    fields: 5_000,
    idle: Duration::from_secs(60),
    total: Duration::from_secs(300),
};

/// The marks between the parts of a form.
const MARKS: usize = 64 << 10;

/// A form that came in whole.
#[derive(Debug, Default)]
pub struct Upload {
    /// Names and values, in their order.
    pub fields: Vec<(String, String)>,
    pub file: Option<UploadedFile>,
}

/// The file of a form: its field, the name it came with, and its bytes.
#[derive(Debug)]
pub struct UploadedFile {
    pub field: String,
    pub name: String,
    pub content: Incoming,
}

impl Upload {
    /// The first value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }
}

/// Reads a form with a file.
pub async fn read(request: &Request, body: Body, blobs: &Blobs) -> Result<Upload, Failure> {
    read_within(request, body, blobs, LIMITS).await
}

/// Reads a form with a file, within other limits than those of every form.
pub async fn read_within(request: &Request, body: Body, blobs: &Blobs, limits: Limits) -> Result<Upload, Failure> {
    let length = request.headers().get("content-length").and_then(|it| it.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|it| (limits.file + limits.text + MARKS) as u64 <= it) {
        return Err(too_large(limits));
    }
    let boundary = request.content_type().and_then(|it| multer::parse_boundary(it).ok()).ok_or_else(|| {
        refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "het formulier is niet als formulier met een bestand verstuurd")
    })?;
    let mut reading = Reading { blobs, limits, until: Instant::now() + limits.total, text: 0, res: Upload::default() };
    // Also what stands between the parts has an end.
    let most = SizeLimit::new().whole_stream((limits.file + limits.text + MARKS) as u64);
    let most = Constraints::new().size_limit(most);
    let mut form = Multipart::with_constraints(body.into_bytes_stream(), boundary, most);
    while let Some(field) = reading.in_time(form.next_field()).await? {
        reading.field(field).await?;
    }
    Ok(reading.res)
}

/// Judges the file of a form and keeps it: what a document can hold of it.
pub async fn receive(app: &App, actor: &Actor, mut file: UploadedFile) -> Result<Attachment, Failure> {
    let read = tokio::task::spawn_blocking(move || file.content.bytes().map(|bytes| (bytes, file.name))).await;
    let (bytes, name) = read.map_err(|error| Failure::Unexpected(Box::new(error)))??;
    let done = attachment::receive(&app.store, &app.intake, actor, bytes, &name, app.clock.now()).await;
    done.map_err(|error| match error {
        exchange::Error::Extract(extract::Error::Refused(reason))
        | exchange::Error::Workflow(workflow::Error::Refused(reason)) => {
            Failure::Upload(StatusCode::BAD_REQUEST, reason)
        }
        exchange::Error::Workflow(workflow::Error::Denied(denied)) => Failure::Denied(denied),
        other => Failure::Unexpected(Box::new(other)),
    })
}

/// A form that is coming in.
struct Reading<'a> {
    blobs: &'a Blobs,
    limits: Limits,
    until: Instant,
    /// Bytes of short fields so far.
    text: usize,
    res: Upload,
}

impl Reading<'_> {
    async fn field(&mut self, mut field: Field<'_>) -> Result<(), Failure> {
        let name = field.name().unwrap_or_default().to_owned();
        if self.limits.fields <= self.res.fields.len() {
            return Err(too_much());
        }
        match field.file_name().map(str::to_owned) {
            Some(file) => {
                let mut content = self.blobs.incoming()?;
                while let Some(piece) = self.in_time(field.chunk()).await? {
                    if self.limits.file < content.size() + piece.len() {
                        return Err(too_large(self.limits));
                    }
                    content.write(&piece)?;
                }
                // A field for a file that was left empty is sent all the same.
                if file.is_empty() && content.size() == 0 {
                    return Ok(());
                }
                if self.res.file.is_some() {
                    return Err(refused(
                        StatusCode::BAD_REQUEST,
                        "er zijn meer bestanden tegelijk verstuurd; stuur er één per keer",
                    ));
                }
                self.res.file = Some(UploadedFile { field: name, name: file, content });
            }
            None => {
                let mut bytes = Vec::new();
                while let Some(piece) = self.in_time(field.chunk()).await? {
                    self.text += piece.len();
                    if self.limits.text < self.text {
                        return Err(too_much());
                    }
                    bytes.extend_from_slice(&piece);
                }
                let value = String::from_utf8(bytes)
                    .map_err(|_| refused(StatusCode::BAD_REQUEST, "de tekst van het formulier is geen UTF-8"))?;
                // Browsers end lines in the old way.
                self.res.fields.push((name, value.replace("\r\n", "\n")));
            }
        }
        Ok(())
    }

    /// The next piece, when it comes in time.
    async fn in_time<T>(&self, next: impl Future<Output = multer::Result<T>>) -> Result<T, Failure> {
        match timeout_at(self.until, timeout(self.limits.idle, next)).await {
            Ok(Ok(Ok(piece))) => Ok(piece),
            Ok(Ok(Err(multer::Error::StreamSizeExceeded { .. }))) => Err(too_large(self.limits)),
            Ok(Ok(Err(error))) => {
                tracing::debug!(%error, "form not read");
                let text = "het formulier kwam niet heel aan; controleer de verbinding en probeer het opnieuw";
                Err(refused(StatusCode::BAD_REQUEST, text))
            }
            Ok(Err(_)) | Err(_) => Err(refused(
                StatusCode::REQUEST_TIMEOUT,
                "het versturen duurde te lang; maak het bestand kleiner of gebruik een snellere verbinding",
            )),
        }
    }
}

fn refused(status: StatusCode, text: &str) -> Failure {
    Failure::Upload(status, text.to_owned())
}

fn too_large(limits: Limits) -> Failure {
    let text = format!("het bestand is te groot; hoogstens {} MB", limits.file >> 20);
    Failure::Upload(StatusCode::PAYLOAD_TOO_LARGE, text)
}

fn too_much() -> Failure {
    refused(StatusCode::PAYLOAD_TOO_LARGE, "het formulier bevat te veel tekst")
}
