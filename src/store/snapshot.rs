//! A database in SQLite as a file: copied and looked at as it is, whatever version of the program it is of. Nothing here
//! brings it up to date, so that a copy made before a new version can go back to the old one.

use std::path::Path;

use sea_orm::{EntityTrait, PaginatorTrait};

use super::{Address, Error, Result, connection, record};

/// What a database turned out to be.
#[derive(Debug)]
pub struct Look {
    pub documents: u64,
    /// What its own check found.
    pub faults: Vec<String>,
}

/// Writes a database as it is at one moment to a file that is empty or not there; others go on writing meanwhile.
pub async fn copy(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Err(Error::Missing(from.display().to_string()));
    }
    let unwritable = || Error::File { path: to.display().to_string(), reason: "de naam is geen tekst".to_owned() };
    let name = to.to_str().ok_or_else(unwritable)?;
    let (read, write) = connection::open(&Address::Sqlite(from.to_owned())).await?;
    let copied = connection::copy_to(&write, name).await;
    read.close().await?;
    write.close().await?;
    copied
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
        let documents = if faults.is_empty() { record::table::Entity::find().count(&read).await? } else { 0 };
        Ok(Look { documents, faults })
    };
    let looked = looked.await;
    read.close().await?;
    write.close().await?;
    looked
}
