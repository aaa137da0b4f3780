//! A database in SQLite as a file: copied and looked at as it is, whatever version of the program it is of. Nothing here
//! brings it up to date, so that a copy made before a new version can go back to the old one.

use std::path::Path;

use sea_orm::{EntityTrait, PaginatorTrait, QuerySelect};

use super::{Address, Error, Result, attachment, connection, error, record};

/// What a database turned out to be.
#[derive(Debug)]
pub struct Look {
    pub documents: u64,
    /// The hashes of the files it knows.
    pub attachments: Vec<String>,
    /// What its own check found.
    pub faults: Vec<String>,
}

/// Why a database was not copied.
#[derive(Debug)]
pub enum Uncopied {
    /// The database itself is damaged; how.
    Broken(String),
    /// The copy could not be written; why.
    Unwritten(String),
    Other(Error),
}

/// Writes a database as it is at one moment to a file that is empty or not there; others go on writing meanwhile.
pub async fn copy(from: &Path, to: &Path) -> Result<(), Uncopied> {
    if !from.exists() {
        return Err(Uncopied::Other(Error::Missing(from.display().to_string())));
    }
    let name = to.to_str().ok_or_else(|| Uncopied::Unwritten("de naam is geen tekst".to_owned()))?;
    let (read, write) = connection::open(&Address::Sqlite(from.to_owned())).await.map_err(failed)?;
    let copied = connection::copy_to(&write, name).await;
    let closed = [read.close().await, write.close().await];
    copied.map_err(failed)?;
    closed.into_iter().collect::<Result<(), _>>().map_err(|it| Uncopied::Other(it.into()))
}

fn failed(error: Error) -> Uncopied {
    match error {
        Error::Broken { reason, .. } => Uncopied::Broken(reason),
        Error::Database(it) if error::is_broken(&it) => Uncopied::Broken(it.to_string()),
        Error::Database(it) => Uncopied::Unwritten(it.to_string()),
        other => Uncopied::Other(other),
    }
}

/// Looks into a database that nobody else uses. Fails when it is of a newer version of the program.
pub async fn look(path: &Path) -> Result<Look> {
    let (read, write) = connection::open(&Address::Sqlite(path.to_owned())).await?;
    let looked = async {
        connection::pending(&write).await?;
        let mut faults = connection::check(&read).await?;
        if faults.is_empty() && connection::applied(&write).await?.is_empty() {
            faults.push("zij is niet van Leerkring".to_owned());
        }
        if !faults.is_empty() {
            return Ok(Look { documents: 0, attachments: vec![], faults });
        }
        let documents = record::table::Entity::find().count(&read).await?;
        let hashes = attachment::Entity::find().select_only().column(attachment::Column::Hash);
        Ok(Look { documents, attachments: hashes.into_tuple().all(&read).await?, faults })
    };
    let looked = looked.await;
    read.close().await?;
    write.close().await?;
    looked
}
