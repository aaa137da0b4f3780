//! Which file of a content folder holds what.

use std::path::{Path, PathBuf};

use crate::domain::catalogue::ItemKind;
use crate::domain::library::Subject;
use crate::domain::vocabulary::RecordKind;

/// The line before and after the fields of a document.
pub(super) const FENCE: &str = "+++";
/// The largest file that is read, in bytes.
pub(super) const FILE_MAX: u64 = 4 << 20;
/// The most files that are read.
pub(super) const FILES_MAX: usize = 200_000;

/// The folder of the lists that say how words are read.
const LEXICON: &str = "lexicon";
/// The folder of the files that documents name.
pub(super) const ATTACHMENTS: &str = "bijlagen";

/// The folder of the indicators, a file each.
const INDICATORS: &str = "indicatoren";
/// The folder of published measurements, a file per organisation.
const MEASUREMENTS: &str = "metingen";

/// The file of an item that has one of its own.
pub(super) fn item_file(kind: ItemKind, slug: &str) -> Option<PathBuf> {
    (kind == ItemKind::Indicator).then(|| Path::new(INDICATORS).join(format!("{slug}.toml")))
}

/// The file of what an organisation published of itself.
pub(super) fn measurement_file(organisation: &str) -> PathBuf {
    Path::new(MEASUREMENTS).join(format!("{organisation}.toml"))
}

/// The file of a list whose items have none of their own.
pub(super) fn list_file(kind: ItemKind) -> PathBuf {
    let folder = if kind.is_lexicon() { LEXICON } else { "" };
    Path::new(folder).join(format!("{}.toml", kind.plural()))
}

pub(super) fn record_file(kind: RecordKind, slug: &str) -> PathBuf {
    Path::new(kind.plural()).join(format!("{slug}.md"))
}

/// The path of a file of a document, as its front matter names it.
pub(super) fn attachment_file(slug: &str, name: &str) -> String {
    format!("{ATTACHMENTS}/{slug}/{name}")
}

/// What a path inside a content folder is.
pub(super) enum Place {
    List(ItemKind),
    /// A document with the slug of its file name.
    Record(RecordKind, String),
    /// What an organisation of this slug published of itself.
    Measurements(String),
    /// A file that a document names.
    Attachment,
    /// Not ours to read: hidden files and a README.
    Ignored,
    Unknown,
}

pub(super) fn place(path: &Path) -> Place {
    let Some(text) = path.to_str() else { return Place::Unknown };
    let name = text.rsplit('/').next().unwrap_or(text);
    if text.split('/').any(|part| part.starts_with('.')) || name == "README.md" {
        return Place::Ignored;
    }
    let shared = ItemKind::ALL.iter().find(|it| item_file(**it, "").is_none() && list_file(**it) == path);
    if let Some(kind) = shared {
        return Place::List(*kind);
    }
    let Some((folder, name)) = text.split_once('/') else { return Place::Unknown };
    match (folder, name.strip_suffix(".toml")) {
        (ATTACHMENTS, _) => return Place::Attachment,
        (INDICATORS, Some(slug)) if !slug.contains('/') => return Place::List(ItemKind::Indicator),
        (MEASUREMENTS, Some(slug)) if !slug.contains('/') => return Place::Measurements(slug.to_owned()),
        _ => (),
    }
    let kind = RecordKind::ALL.iter().find(|it| it.plural() == folder);
    match (kind, name.strip_suffix(".md")) {
        (Some(kind), Some(slug)) => Place::Record(*kind, slug.to_owned()),
        _ => Place::Unknown,
    }
}

/// All that a folder may hold, for a message.
pub(super) fn allowed() -> String {
    let own = [item_file(ItemKind::Indicator, "SLUG"), Some(measurement_file("ORGANISATIE"))];
    let shared = ItemKind::ALL.iter().filter(|it| item_file(**it, "").is_none()).map(|it| Some(list_file(*it)));
    let lists = shared.chain(own).flatten().map(|it| it.display().to_string());
    let folders = RecordKind::ALL.iter().map(|it| format!("{}/SLUG.md", it.plural()));
    let files = std::iter::once(attachment_file("SLUG", "BESTAND"));
    lists.chain(folders).chain(files).collect::<Vec<_>>().join(", ")
}

/// The key of an item of the library, to find its file and line again.
pub(super) fn item_subject(kind: ItemKind, slug: &str) -> Subject {
    Subject::Item(kind, slug.to_owned())
}
