//! Where the index stands on disk, and how one index takes the place of another.
//!
//! In the folder stands one directory per rebuild, named by fingerprint and number: `3f9a0c41d2e7-4`. The highest
//! number is the live one. A new one is made as `….building` and gets its name when it is whole: that rename is the
//! switch, so a crash at any moment leaves either the old index live or the new one. Whoever writes holds
//! `3f9a0c41d2e7.lock`; the operating system lets go of it when the process ends, however it ends.
//!
//! Invariant: directories are made, named and removed only by the holder of the lock of their fingerprint.

use std::cmp::Reverse;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::search::error::Error;
use crate::search::schema;

const BUILDING: &str = ".building";
const LOCK: &str = ".lock";

/// The folder with the indexes.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// The right to write. Ends when dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Folder {
    /// Opens the folder, and makes it when absent.
    pub fn open(root: &Path) -> Result<Folder, Error> {
        fs::create_dir_all(root).map_err(Error::disk(root))?;
        Ok(Folder { root: root.to_owned() })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The directory of an index that is whole.
    pub fn live(&self, number: u64) -> PathBuf {
        self.root.join(format!("{}-{number}", schema::fingerprint()))
    }

    /// The directory of an index that is being made.
    pub fn building(&self, number: u64) -> PathBuf {
        self.root.join(format!("{}-{number}{BUILDING}", schema::fingerprint()))
    }

    /// The number of the live index, if there is one.
    pub fn newest(&self) -> Result<Option<u64>, Error> {
        let names = self.names()?;
        Ok(names.iter().filter(|it| it.fingerprint == schema::fingerprint() && it.is_whole).map(|it| it.number).max())
    }

    /// The right to write; an error when someone else has it.
    pub fn lock(&self) -> Result<Lock, Error> {
        match self.try_lock(schema::fingerprint())? {
            Some(lock) => Ok(lock),
            None => Err(Error::Locked { folder: self.root.clone() }),
        }
    }

    /// Gives a whole index its name: from here on it is the live one.
    pub fn publish(&self, number: u64, _: &Lock) -> Result<(), Error> {
        fs::rename(self.building(number), self.live(number)).map_err(Error::disk(&self.root))?;
        // The name must outlive a power cut, as the files in the directory do.
        #[cfg(unix)]
        File::open(&self.root).and_then(|it| it.sync_all()).map_err(Error::disk(&self.root))?;
        Ok(())
    }

    /// Removes what a crash left half made, and what came before the live index.
    pub fn clean(&self, live: Option<u64>, _: &Lock) -> Result<(), Error> {
        for name in self.names()?.iter().filter(|it| it.fingerprint == schema::fingerprint()) {
            if !name.is_whole || live.is_some_and(|live| name.number < live) {
                remove(&name.path);
            }
        }
        Ok(())
    }

    /// Removes the indexes of other fingerprints that nobody writes to, except so many that were written last, and
    /// says which.
    pub fn remove_old(&self, kept: usize) -> Result<Vec<PathBuf>, Error> {
        let mut names = self.names()?;
        names.retain(|it| it.fingerprint != schema::fingerprint());
        let written = |it: &Name| fs::metadata(&it.path).and_then(|it| it.modified()).ok();
        names.sort_by_cached_key(|it| Reverse((it.is_whole, written(it))));
        let mut removed = Vec::new();
        for name in names.into_iter().skip(kept) {
            if let Some(_lock) = self.try_lock(&name.fingerprint)? {
                remove(&name.path);
                removed.push(name.path);
            }
        }
        Ok(removed)
    }

    fn try_lock(&self, fingerprint: &str) -> Result<Option<Lock>, Error> {
        let path = self.root.join(format!("{fingerprint}{LOCK}"));
        // The file stays when the lock goes: removing it would let two processes lock two files of one name.
        let file = File::options().create(true).write(true).truncate(false).open(path);
        let file = file.map_err(Error::disk(&self.root))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Lock { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(source)) => Err(Error::Disk { folder: self.root.clone(), source }),
        }
    }

    fn names(&self) -> Result<Vec<Name>, Error> {
        let mut res = Vec::new();
        for entry in fs::read_dir(&self.root).map_err(Error::disk(&self.root))? {
            res.extend(Name::of(entry.map_err(Error::disk(&self.root))?.path()));
        }
        Ok(res)
    }
}

/// A directory of ours, by its name. Anything else in the folder is none of our business.
struct Name {
    path: PathBuf,
    fingerprint: String,
    number: u64,
    is_whole: bool,
}

impl Name {
    fn of(path: PathBuf) -> Option<Name> {
        let name = path.file_name()?.to_str()?;
        let (name, is_whole) = name.strip_suffix(BUILDING).map_or((name, true), |name| (name, false));
        let (fingerprint, number) = name.split_once('-')?;
        let is_ours =
            fingerprint.len() == schema::fingerprint().len() && fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
        let (fingerprint, number) = (fingerprint.to_owned(), number.parse().ok().filter(|_| is_ours)?);
        Some(Name { path, fingerprint, number, is_whole })
    }
}

/// A directory that stays behind costs room only, and the next cleaning tries again.
pub fn remove(path: &Path) {
    if let Err(error) = fs::remove_dir_all(path) {
        tracing::warn!(index.path = %path.display(), %error, "old index not removed");
    }
}
