//! What can go wrong with the store.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

/// A failure of the store. The messages are for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("het adres van de database is niet bruikbaar: {0}; schrijf sqlite:PAD of postgres://…")]
    Address(String),
    #[error(
        "de datamap {folder} is niet te beschrijven ({reason}); geef de gebruiker van leerkring schrijfrecht of kies een andere map met --data"
    )]
    Folder { folder: String, reason: String },
    #[error("er is geen database in {0}; geef met --data de map van de site, of begin een nieuwe met: leerkring")]
    Missing(String),
    #[error(
        "de database {address} is niet te openen ({reason}); controleer het adres, de rechten en of de server draait"
    )]
    Closed { address: String, reason: String },
    #[error("de database {address} is beschadigd ({reason}); zet een reservekopie terug met \"leerkring restore\"")]
    Broken { address: String, reason: String },
    #[error(
        "de database is gemaakt door een nieuwere versie van leerkring (onbekende stap {step}); gebruik die versie of herstel een oudere reservekopie"
    )]
    Newer { step: String },
    #[error("de database is nog niet bijgewerkt voor deze versie; voer eerst \"leerkring migrate\" uit")]
    Behind,
    #[error("bestand {path} is niet te lezen of te schrijven ({reason}); controleer de rechten en of de schijf vol is")]
    File { path: String, reason: String },
    #[error("een opgeslagen waarde is niet te lezen: {0}")]
    Corrupt(String),
    /// So many wait to write that this one did not get its turn in time. Nothing was stored.
    #[error("de database heeft het te druk: een wijziging kreeg haar beurt niet binnen de tijd")]
    Busy,
    #[error(transparent)]
    Database(sea_orm::DbErr),
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Error {
        if is_late(&error) { Error::Busy } else { Error::Database(error) }
    }
}

/// Whether the turn did not come: within this program, or because another program writes.
fn is_late(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))
        || code(error).is_some_and(|it| it == SQLITE_BUSY || it == LOCK_NOT_AVAILABLE)
}

/// What the database itself calls a failure.
fn code(error: &DbErr) -> Option<String> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(it))
        | DbErr::Exec(RuntimeErr::SqlxError(it))
        | DbErr::Query(RuntimeErr::SqlxError(it)) => Some(it.as_database_error()?.code()?.into_owned()),
        _ => None,
    }
}

/// Whether SQLite found its file damaged, or no database.
pub(super) fn is_broken(error: &DbErr) -> bool {
    let primary = code(error).and_then(|it| it.parse::<u32>().ok()).map(|it| it & 0xff);
    matches!(primary, Some(SQLITE_CORRUPT | SQLITE_NOTADB))
}

const SQLITE_CORRUPT: u32 = 11;
const SQLITE_NOTADB: u32 = 26;

const SQLITE_BUSY: &str = "5";
/// Of PostgreSQL.
const LOCK_NOT_AVAILABLE: &str = "55P03";
