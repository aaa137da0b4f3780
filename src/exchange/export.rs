//! The store as a content folder: the same files `import` reads, in their fixed form.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::catalogue::ItemKind;
use crate::domain::library::Library;
use crate::domain::measurement::Measurement;
use crate::store::blob::Blobs;
use crate::store::{self, Store};

use super::layout::{self, Place};
use super::{Error, front_matter, list_file, measurement_file};

/// Everything the store holds, hidden documents included.
pub async fn library(store: &Store) -> Result<Library, Error> {
    let records = store::record::all(store).await?.into_iter().map(|it| it.record).collect();
    let measurements = store::measurement::published(store).await?;
    Ok(Library { catalogue: (*store.catalogue().await?).clone(), records, measurements })
}

/// The files of a library: path inside the folder, and text. Empty lists have no file.
pub fn files(library: &Library) -> BTreeMap<PathBuf, String> {
    let mut res = BTreeMap::new();
    let items = library.catalogue.items();
    for kind in ItemKind::ALL {
        let items: Vec<_> = items.iter().filter(|it| it.kind() == *kind).cloned().collect();
        let (own, shared): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|it| layout::item_file(*kind, it.slug()).is_some());
        for item in own {
            if let Some(file) = layout::item_file(*kind, item.slug()) {
                res.insert(file, list_file::write(*kind, &[item]));
            }
        }
        if !shared.is_empty() {
            res.insert(layout::list_file(*kind), list_file::write(*kind, &shared));
        }
    }
    let mut measurements: BTreeMap<&str, Vec<&Measurement>> = BTreeMap::new();
    for it in &library.measurements {
        measurements.entry(&it.organisation).or_default().push(it);
    }
    for (organisation, of) in measurements {
        res.insert(layout::measurement_file(organisation), measurement_file::write(&of));
    }
    for record in &library.records {
        res.insert(layout::record_file(record.kind(), &record.slug), front_matter::write(record));
    }
    res
}

/// The files that the documents of a library name: path inside the folder, and hash.
pub fn attachments(library: &Library) -> BTreeMap<PathBuf, String> {
    let named = library.records.iter().flat_map(|record| record.common.attachments.iter().map(move |it| (record, it)));
    named.map(|(record, it)| (layout::attachment_file(&record.slug, &it.name).into(), it.file.clone())).collect()
}

/// Writes the files of a library into a folder that is empty or holds an earlier export, and says how many.
/// Nothing is removed: a folder with files that the library does not know is refused.
pub fn write(library: &Library, blobs: &Blobs, folder: &Path) -> Result<usize, Error> {
    let (files, attachments) = (files(library), attachments(library));
    let is_known = |it: &PathBuf| files.contains_key(it) || attachments.contains_key(it);
    let strangers: Vec<PathBuf> = present(folder).into_iter().filter(|it| !is_known(it)).collect();
    if !strangers.is_empty() {
        return Err(Error::Occupied(folder.to_owned(), strangers));
    }
    for (file, text) in &files {
        put(&folder.join(file), text.as_bytes())?;
    }
    for (file, hash) in &attachments {
        let bytes = blobs.read(hash)?.ok_or_else(|| Error::Lost(file.clone()))?;
        put(&folder.join(file), &bytes)?;
    }
    Ok(files.len() + attachments.len())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, bytes));
    made.map_err(|error| Error::Write(path.to_owned(), error))
}

/// The visible files in a folder, relative to it.
fn present(folder: &Path) -> Vec<PathBuf> {
    let mut res = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(below) = open.pop() {
        for entry in fs::read_dir(folder.join(&below)).into_iter().flatten().flatten() {
            let path = below.join(entry.file_name());
            if matches!(layout::place(&path), Place::Ignored) {
                continue;
            }
            match entry.file_type().is_ok_and(|it| it.is_dir()) {
                true => open.push(path),
                false => res.push(path),
            }
        }
    }
    res.sort();
    res
}
