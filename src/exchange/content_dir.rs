//! A content folder: read whole, checked whole, then taken in through `workflow`.
//!
//! Invariant: one fault anywhere and nothing is stored; all faults come back together, each with file and line.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::domain::actor::Actor;
use crate::domain::attachment::{self, ALLOWED, Attachment, Media};
use crate::domain::catalogue::{Item, ItemKind};
use crate::domain::fault;
use crate::domain::library::{Library, Subject};
use crate::domain::record::Record;
use crate::store::Store;
use crate::store::attachment::{Kept, State};
use crate::store::blob;
use crate::workflow;
use crate::workflow::library::Plan;

use super::attachment::{self as files, Intake};
use super::layout::{self, Place};
use super::toml::Lines;
use super::{Error, FileFault, front_matter, list_file, measurement_file};

/// What a folder holds.
#[derive(Debug, Default)]
pub struct Content {
    pub library: Library,
    /// Faults of single files; references are checked when the content is taken in.
    pub faults: Vec<FileFault>,
    folder: PathBuf,
    /// The files that documents name, by the hash that their bytes have now: an image is kept under another.
    files: BTreeMap<String, PathBuf>,
    /// Every path that a document names, fit or not.
    named: BTreeSet<PathBuf>,
    homes: HashMap<Subject, (PathBuf, Lines)>,
    /// How a message names items and lists that had faults and are missing here for that reason.
    unread: Vec<String>,
}

/// Reads a folder. Files are read in the order of their names.
pub fn read(folder: &Path) -> Result<Content, Error> {
    let mut res = Content { folder: folder.to_owned(), ..Content::default() };
    let (mut files, mut present) = (Vec::new(), BTreeSet::new());
    walk(folder, Path::new(""), &mut files).map_err(|_| Error::Folder(folder.to_owned()))?;
    files.sort();
    if layout::FILES_MAX < files.len() {
        res.fault(
            Path::new("."),
            1,
            format!("{} bestanden zijn te veel; hoogstens {}", files.len(), layout::FILES_MAX),
        );
        return Ok(res);
    }
    for file in files {
        match layout::place(&file) {
            Place::Ignored => (),
            Place::Attachment => _ = present.insert(file),
            Place::Unknown => res.fault(&file, 1, format!("onbekend bestand; toegestaan: {}", layout::allowed())),
            Place::List(kind) => {
                if let Some(text) = res.text(folder, &file) {
                    res.list(kind, &file, &text);
                }
            }
            Place::Measurements(organisation) => {
                if let Some(text) = res.text(folder, &file) {
                    res.measurements(&organisation, &file, &text);
                }
            }
            Place::Record(kind, slug) => {
                if let Some(text) = res.text(folder, &file) {
                    let read = front_matter::read(kind, &slug, &text, &mut |path| res.attach(path));
                    for (line, text) in read.faults {
                        res.fault(&file, line, text);
                    }
                    match read.record {
                        Some(record) => res.record(record, &file, read.lines),
                        None => res.unread.push(format!("document \"{slug}\"")),
                    }
                }
            }
        }
    }
    let strangers: Vec<PathBuf> = present.difference(&res.named).cloned().collect();
    for file in strangers {
        let text = "geen document noemt dit bestand; noem het onder [[bijlagen]] of haal het weg";
        res.fault(&file, 1, text.into());
    }
    Ok(res)
}

/// Receives the files that documents name: before the documents themselves are taken in. What is wrong with a file
/// becomes a fault of the content. With `dry_run`, or when there are faults, nothing is kept.
pub async fn receive(
    content: &mut Content,
    store: &Store,
    intake: &Intake,
    actor: &Actor,
    now: DateTime<Utc>,
    dry_run: bool,
) -> Result<(), Error> {
    let is_trial = dry_run || !content.faults.is_empty();
    let mut received: HashMap<String, Attachment> = HashMap::new();
    for (hash, path) in content.files.clone() {
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default().to_owned();
        let bytes = match fs::read(content.folder.join(&path)) {
            Ok(bytes) if blob::hash(&bytes) == hash => bytes,
            _ => {
                content.fault(&path, 1, "het bestand veranderde tijdens het lezen; probeer het opnieuw".into());
                continue;
            }
        };
        let done = match is_trial {
            true => try_out(store, intake, bytes, &name, now).await,
            false => files::receive(store, intake, actor, bytes, &name, now).await,
        };
        match done {
            Ok(file) => _ = received.insert(hash, file),
            Err(
                Error::Extract(super::extract::Error::Refused(reason))
                | Error::Workflow(workflow::Error::Refused(reason)),
            ) => content.fault(&path, 1, reason),
            Err(error) => return Err(error),
        }
    }
    for it in content.library.records.iter_mut().flat_map(|it| &mut it.common.attachments) {
        let Some(file) = received.get(&it.file) else { continue };
        it.file.clone_from(&file.file);
        it.name = attachment::file_name(&it.name, file.media);
        (it.media, it.size) = (file.media, file.size);
    }
    Ok(())
}

/// What a file would be kept as.
async fn try_out(
    store: &Store,
    intake: &Intake,
    bytes: Vec<u8>,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Attachment, Error> {
    if let Some(kept) = files::known(store, intake, &blob::hash(&bytes)).await? {
        return Ok(files::of(&kept, name));
    }
    let file = files::read(intake, bytes).await?;
    match file.refused() {
        Some(reason) => Err(workflow::Error::Refused(reason).into()),
        None => {
            let (hash, size) = (blob::hash(&file.bytes), file.bytes.len() as i64);
            let kept = Kept { hash, media: file.media, size, pages: file.pages, state: State::Whole, received_at: now };
            Ok(files::of(&kept, name))
        }
    }
}

/// Takes a read folder in, or with `dry_run` only says what that would do.
pub async fn take_in(
    store: &Store,
    actor: &Actor,
    content: Content,
    now: DateTime<Utc>,
    dry_run: bool,
    step: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<Plan, Error> {
    if !content.faults.is_empty() {
        // References can be judged as well, as far as files could be read: all faults at once.
        let mut faults = content.faults.clone();
        let between = workflow::library::take_in(store, actor, &content.library, now, true, &|_, _| ()).await;
        if let Err(workflow::Error::Invalid(found)) = between {
            // What points at an item that could not be read is no fault of its own.
            let real = |it: &FileFault| !content.unread.iter().any(|unread| it.text.contains(unread));
            faults.extend(content.located(found).into_iter().filter(real));
        }
        return Err(Error::Faults(sorted(faults)));
    }
    match workflow::library::take_in(store, actor, &content.library, now, dry_run, step).await {
        Err(workflow::Error::Invalid(faults)) => Err(Error::Faults(sorted(content.located(faults)))),
        other => Ok(other?),
    }
}

impl Content {
    fn list(&mut self, kind: ItemKind, file: &Path, text: &str) {
        let read = list_file::read(kind, text);
        if !read.faults.is_empty() {
            // Any item of this list may be among the faulty ones.
            self.unread.push(format!("{} \"", kind.word()));
        }
        for (line, text) in read.faults {
            self.fault(file, line, text);
        }
        for (item, lines) in read.items {
            self.item(item, file, lines);
        }
    }

    fn item(&mut self, item: Item, file: &Path, lines: Lines) {
        let subject = layout::item_subject(item.kind(), item.slug());
        let line = lines.of(&fault::Place::root());
        if let Some((other, _)) = self.homes.insert(subject, (file.to_owned(), lines)) {
            let text = format!("slug \"{}\" is al van {}", item.slug(), other.display());
            self.fault(file, line, text);
            return;
        }
        self.library.catalogue.push(item);
    }

    fn measurements(&mut self, organisation: &str, file: &Path, text: &str) {
        let read = measurement_file::read(organisation, text);
        for (line, text) in read.faults {
            self.fault(file, line, text);
        }
        for (measurement, lines) in read.measurements {
            let line = lines.of(&fault::Place::root());
            let subject = Subject::Measurement(measurement.key());
            if let Some((_, first)) = self.homes.insert(subject, (file.to_owned(), lines)) {
                let first = first.of(&fault::Place::root());
                self.fault(file, line, format!("dit getal staat er al op regel {first}; noem elk getal één keer"));
                continue;
            }
            self.library.measurements.push(measurement);
        }
    }

    fn record(&mut self, record: Record, file: &Path, lines: Lines) {
        let subject = Subject::Record(record.slug.clone());
        if let Some((other, _)) = self.homes.insert(subject, (file.to_owned(), lines)) {
            let text =
                format!("slug \"{}\" is al van {}; elk document heeft een eigen adres", record.slug, other.display());
            self.fault(file, 1, text);
            return;
        }
        self.library.records.push(record);
    }

    /// What a document holds of a file that it names by its path, as far as its bytes show at once.
    fn attach(&mut self, path: &str) -> Result<Attachment, String> {
        let file = PathBuf::from(path);
        let steps: Vec<&str> = path.split('/').collect();
        if steps.len() < 2
            || steps[0] != layout::ATTACHMENTS
            || steps.iter().any(|it| it.is_empty() || it.starts_with('.'))
        {
            return Err(format!(
                "\"{path}\" is geen pad vanaf de map met inhoud; bijvoorbeeld {}",
                layout::attachment_file("mijn-document", "rooster.pdf")
            ));
        }
        self.named.insert(file.clone());
        let end = file.extension().and_then(|it| it.to_str()).unwrap_or_default().to_lowercase();
        let media = Media::ALL.iter().find(|it| it.extensions().contains(&end.as_str()));
        let media = *media.ok_or_else(|| format!("\"{path}\" kan geen bijlage zijn; toegestaan: {ALLOWED}"))?;
        let whole = self.folder.join(&file);
        let size = fs::metadata(&whole).map_err(|_| format!("het bestand \"{path}\" is er niet"))?.len();
        match size {
            0 => return Err(format!("het bestand \"{path}\" is leeg")),
            _ if attachment::SIZE_MAX as u64 >= size => (),
            _ => return Err(format!("\"{path}\": {}", super::extract::too_large())),
        }
        let bytes = fs::read(&whole).map_err(|error| format!("het bestand \"{path}\" is niet te lezen ({error})"))?;
        let hash = blob::hash(&bytes);
        self.files.insert(hash.clone(), file);
        let name = attachment::file_name(steps.last().copied().unwrap_or_default(), media);
        Ok(Attachment { file: hash, name, media, size: bytes.len() as i64, ..Attachment::default() })
    }

    fn text(&mut self, folder: &Path, file: &Path) -> Option<String> {
        let path = folder.join(file);
        let size = fs::metadata(&path).map(|it| it.len());
        if size.is_ok_and(|it| layout::FILE_MAX < it) {
            self.fault(file, 1, format!("het bestand is te groot; hoogstens {} MB", layout::FILE_MAX >> 20));
            return None;
        }
        match fs::read(&path).map(String::from_utf8) {
            Ok(Ok(text)) => Some(text),
            Ok(Err(error)) => {
                let good = error.utf8_error().valid_up_to();
                let line = 1 + error.as_bytes()[..good].iter().filter(|it| **it == b'\n').count();
                self.fault(file, line, "de tekst is geen UTF-8; bewaar het bestand als UTF-8".into());
                None
            }
            Err(error) => {
                self.fault(file, 1, format!("het bestand is niet te lezen ({error})"));
                None
            }
        }
    }

    fn fault(&mut self, file: &Path, line: usize, text: String) {
        self.faults.push(FileFault { file: file.to_owned(), line, text });
    }

    /// Faults between items, at the file and line of the item that has them.
    fn located(&self, faults: Vec<(Subject, crate::domain::fault::Fault)>) -> Vec<FileFault> {
        faults
            .into_iter()
            .map(|(subject, fault)| match self.homes.get(&subject) {
                Some((file, lines)) => {
                    let text = match &subject {
                        Subject::Item(kind, slug) => format!("{} {slug}: {fault}", kind.word()),
                        Subject::Record(_) => fault.to_string(),
                        Subject::Measurement(key) => format!("{} {}: {fault}", key.indicator, key.period),
                    };
                    FileFault { file: file.clone(), line: lines.of(&fault.place), text }
                }
                // The other side of the clash is in the store, not in this folder.
                None => {
                    FileFault { file: PathBuf::from("(al opgeslagen)"), line: 1, text: format!("{subject:?}: {fault}") }
                }
            })
            .collect()
    }
}

fn sorted(mut faults: Vec<FileFault>) -> Vec<FileFault> {
    faults.sort_by(|a, b| (&a.file, a.line, &a.text).cmp(&(&b.file, b.line, &b.text)));
    faults.dedup();
    faults
}

fn walk(root: &Path, below: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => walk(root, &path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
