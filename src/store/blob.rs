//! The bytes of attachments on disk, each file named by its hash: `bijlagen/3f/a9/3fa9…`.
//!
//! Invariant: a file under its own name is whole. It is written under another name, brought to the disk, and then
//! renamed; a program that is killed before that leaves a file that nobody reads and [`Blobs::sweep`] removes.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::domain::attachment::is_hash;

use super::{Error, Result};

/// Where what is still coming in is written.
const COMING: &str = "inkomend";

/// The folder of the files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    pub fn new(folder: PathBuf) -> Blobs {
        Blobs { folder }
    }

    /// A file to write to while something comes in. It is gone when dropped.
    pub fn incoming(&self) -> Result<Incoming> {
        let folder = self.folder.join(COMING);
        let path = folder.join(ulid::Ulid::generate().to_string());
        let made = fs::create_dir_all(&folder)
            .and_then(|()| File::options().read(true).write(true).create_new(true).open(&path));
        let file = made.map_err(|it| failed(&path, it))?;
        Ok(Incoming { path, file, size: 0 })
    }

    /// Keeps bytes and says their hash. What is kept already is left as it is.
    pub fn keep(&self, bytes: &[u8]) -> Result<String> {
        let hash = hash(bytes);
        let path = self.path(&hash).ok_or_else(|| failed(&self.folder, io::ErrorKind::InvalidInput.into()))?;
        if path.metadata().is_ok_and(|it| it.len() == bytes.len() as u64) {
            return Ok(hash);
        }
        let mut incoming = self.incoming()?;
        incoming.write(bytes)?;
        incoming.file.sync_all().map_err(|it| failed(&incoming.path, it))?;
        let folder = path.parent().unwrap_or(&self.folder);
        let moved = fs::create_dir_all(folder)
            .and_then(|()| fs::rename(&incoming.path, &path))
            // The names of the file and of its folders must be on the disk too.
            .and_then(|()| folder.ancestors().take(3).try_for_each(sync_folder));
        moved.map_err(|it| failed(&path, it))?;
        Ok(hash)
    }

    /// Whether the bytes of a hash are here.
    pub fn has(&self, hash: &str) -> bool {
        self.path(hash).is_some_and(|it| it.is_file())
    }

    /// The bytes of a hash; `None` when they are not here.
    pub fn read(&self, hash: &str) -> Result<Option<Vec<u8>>> {
        let Some(path) = self.path(hash) else { return Ok(None) };
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path, error)),
        }
    }

    /// The file of a hash to read from, and its size; `None` when it is not here.
    pub fn open(&self, hash: &str) -> Result<Option<(File, u64)>> {
        let Some(path) = self.path(hash) else { return Ok(None) };
        match File::open(&path).and_then(|file| file.metadata().map(|it| (file, it.len()))) {
            Ok(opened) => Ok(Some(opened)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path, error)),
        }
    }

    /// Every kept hash with the moment it was written, in order.
    pub fn list(&self) -> Result<Vec<(String, DateTime<Utc>)>> {
        let mut res = Vec::new();
        for outer in entries(&self.folder)?.into_iter().filter(|it| it.file_name().is_some_and(|it| it != COMING)) {
            for inner in entries(&outer)? {
                for path in entries(&inner)? {
                    let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
                    if is_hash(name) {
                        match path.metadata() {
                            // Swept away meanwhile.
                            Err(error) if error.kind() == io::ErrorKind::NotFound => (),
                            _ => res.push((name.to_owned(), written_at(&path)?)),
                        }
                    }
                }
            }
        }
        res.sort();
        Ok(res)
    }

    pub fn remove(&self, hash: &str) -> Result<()> {
        let Some(path) = self.path(hash) else { return Ok(()) };
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(&path, error)),
            _ => Ok(()),
        }
    }

    /// What came in halfway before a moment.
    pub fn halves(&self, before: DateTime<Utc>) -> Result<Vec<PathBuf>> {
        let mut res = Vec::new();
        for path in entries(&self.folder.join(COMING))? {
            if written_at(&path)? < before {
                res.push(path);
            }
        }
        Ok(res)
    }

    /// Removes what came in halfway before a moment; says how many files that were.
    pub fn sweep(&self, before: DateTime<Utc>) -> Result<usize> {
        let halves = self.halves(before)?;
        for path in &halves {
            fs::remove_file(path).map_err(|it| failed(path, it))?;
        }
        Ok(halves.len())
    }

    /// Nothing but a hash becomes part of a path.
    fn path(&self, hash: &str) -> Option<PathBuf> {
        is_hash(hash).then(|| self.folder.join(&hash[..2]).join(&hash[2..4]).join(hash))
    }
}

/// Bytes that are coming in, in a file of their own.
#[derive(Debug)]
pub struct Incoming {
    path: PathBuf,
    file: File,
    size: usize,
}

impl Incoming {
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len();
        self.file.write_all(bytes).map_err(|it| failed(&self.path, it))
    }

    /// How many bytes came in.
    pub fn size(&self) -> usize {
        self.size
    }

    /// All that came in.
    pub fn bytes(&mut self) -> Result<Vec<u8>> {
        let mut res = Vec::with_capacity(self.size);
        let read = self.file.rewind().and_then(|()| self.file.read_to_end(&mut res));
        read.map_err(|it| failed(&self.path, it))?;
        Ok(res)
    }
}

impl Drop for Incoming {
    /// After a rename there is nothing left to remove.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// The SHA-256 of bytes in hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The paths in a folder; none when it is not there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries.flatten().map(|it| it.path()).collect()),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(vec![]),
        Err(error) => Err(failed(folder, error)),
    }
}

fn written_at(path: &Path) -> Result<DateTime<Utc>> {
    Ok(fs::metadata(path).and_then(|it| it.modified()).map_err(|it| failed(path, it))?.into())
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    // Only unix lets a folder be opened.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn failed(path: &Path, error: io::Error) -> Error {
    Error::File { path: path.display().to_string(), reason: error.to_string() }
}
