//! What can go wrong with the index, said to the operator: the index can always be made again from the store.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    /// Another process, or another writer in this one, holds the index.
    #[error("een ander proces schrijft al in de zoekindex {}; stop dat proces en probeer het opnieuw", folder.display())]
    Locked { folder: PathBuf },
    /// Nothing was ever put in; the follower is about to.
    #[error("de zoekindex {} wordt nog opgebouwd; probeer het over een minuut opnieuw", folder.display())]
    Unbuilt { folder: PathBuf },
    /// Files are missing, cut off or changed.
    #[error("de zoekindex {} is beschadigd ({source}); maak hem opnieuw met \"leerkring reindex\"", folder.display())]
    Damaged { folder: PathBuf, source: TantivyError },
    /// The disk or the rights on it.
    #[error("de zoekindex {} kan niet worden gelezen of geschreven ({source}); controleer de rechten en de vrije ruimte", folder.display())]
    Disk { folder: PathBuf, source: std::io::Error },
    /// The engine stopped halfway a search or a write.
    #[error("de zoekindex {} werkt niet ({source}); start leerkring opnieuw en maak, als dat niet helpt, de index opnieuw met \"leerkring reindex\"", folder.display())]
    Engine { folder: PathBuf, source: TantivyError },
}

impl Error {
    /// What an error of the engine means for the operator.
    pub(crate) fn of(folder: &Path, source: TantivyError) -> Error {
        let folder = folder.to_owned();
        let disk = |source: &std::io::Error| std::io::Error::new(source.kind(), source.to_string());
        // A file that is cut off or holds something else comes as an error of reading, though the disk is fine.
        let damaged = |it: &std::io::Error| matches!(it.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof);
        match &source {
            TantivyError::LockFailure(LockError::LockBusy, _) => Error::Locked { folder },
            TantivyError::IoError(it) if damaged(it) => Error::Damaged { folder, source },
            TantivyError::OpenReadError(OpenReadError::IoError { io_error: it, .. }) if damaged(it) => {
                Error::Damaged { folder, source }
            }
            TantivyError::IoError(it)
            | TantivyError::LockFailure(LockError::IoError(it), _)
            | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: it, .. })
            | TantivyError::OpenReadError(OpenReadError::IoError { io_error: it, .. })
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: it, .. }) => {
                Error::Disk { folder, source: disk(it) }
            }
            TantivyError::DataCorruption(_)
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::OpenDirectoryError(_)
            | TantivyError::OpenReadError(_)
            | TantivyError::DeserializeError(_) => Error::Damaged { folder, source },
            _ => Error::Engine { folder, source },
        }
    }

    pub(crate) fn disk(folder: &Path) -> impl FnOnce(std::io::Error) -> Error {
        let folder = folder.to_owned();
        move |source| Error::Disk { folder, source }
    }
}
