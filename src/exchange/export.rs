//! The store as a content folder: the same files `import` reads, in their fixed form.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::catalogue::ItemKind;
use crate::domain::library::Library;
use crate::store::{self, Store};

use super::layout::{self, Place};
use super::{Error, front_matter, list_file};

/// Everything the store holds, hidden documents included.
pub async fn library(store: &Store) -> Result<Library, Error> {
    let records = store::record::all(store).await?.into_iter().map(|it| it.record).collect();
    Ok(Library { catalogue: (*store.catalogue().await?).clone(), records })
}

/// The files of a library: path inside the folder, and text. Empty lists have no file.
pub fn files(library: &Library) -> BTreeMap<PathBuf, String> {
    let mut res = BTreeMap::new();
    let items = library.catalogue.items();
    for kind in ItemKind::ALL {
        let items: Vec<_> = items.iter().filter(|it| it.kind() == *kind).cloned().collect();
        if !items.is_empty() {
            res.insert(layout::list_file(*kind), list_file::write(*kind, &items));
        }
    }
    for record in &library.records {
        res.insert(layout::record_file(record.kind(), &record.slug), front_matter::write(record));
    }
    res
}

/// Writes the files of a library into a folder that is empty or holds an earlier export, and says how many.
/// Nothing is removed: a folder with files that the library does not know is refused.
pub fn write(library: &Library, folder: &Path) -> Result<usize, Error> {
    let files = files(library);
    let strangers: Vec<PathBuf> = present(folder).into_iter().filter(|it| !files.contains_key(it)).collect();
    if !strangers.is_empty() {
        return Err(Error::Occupied(folder.to_owned(), strangers));
    }
    for (file, text) in &files {
        let path = folder.join(file);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        made.map_err(|error| Error::Write(path.clone(), error))?;
    }
    Ok(files.len())
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
