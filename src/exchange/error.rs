//! What can go wrong with files.

use std::fmt;
use std::path::PathBuf;

use crate::exchange::extract;
use crate::workflow;

/// One fault in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// Relative to the content folder.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// What is wrong, and what is allowed.
    pub text: String,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.text)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "de map {0} bestaat niet of is niet te lezen; geef een map met inhoud, bijvoorbeeld: leerkring import content"
    )]
    Folder(PathBuf),
    #[error("{0} is niet te schrijven: {1}")]
    Write(PathBuf, std::io::Error),
    #[error("in {} staan bestanden die niet in de bibliotheek zitten: {}; importeer of verwijder ze, of kies een andere map", .0.display(), names(.1))]
    Occupied(PathBuf, Vec<PathBuf>),
    #[error("de bijlage {0} is niet meer op schijf; herstel een reservekopie van de map met bijlagen")]
    Lost(PathBuf),
    /// Every fault of every file.
    #[error("{} fouten in de inhoud; er is niets opgeslagen", .0.len())]
    Faults(Vec<FileFault>),
    #[error(transparent)]
    Extract(#[from] extract::Error),
    #[error(transparent)]
    Workflow(#[from] workflow::Error),
    #[error(transparent)]
    Store(#[from] crate::store::Error),
}

/// The first few names of a list of files.
fn names(files: &[PathBuf]) -> String {
    let mut res: Vec<String> = files.iter().take(5).map(|it| it.display().to_string()).collect();
    if files.len() > res.len() {
        res.push(format!("en nog {}", files.len() - res.len()));
    }
    res.join(", ")
}
