//! The two databases we know, and what each needs to be safe: all SQL that differs between them.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;

use crate::migrations::Migrator;

use super::error::is_broken;
use super::{Error, Result};

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file on a local disk.
    Sqlite(PathBuf),
    /// A `postgres://` address.
    Postgres(String),
}

impl Address {
    /// For messages: without what may be a password.
    fn shown(&self) -> String {
        match self {
            Address::Sqlite(path) => path.display().to_string(),
            Address::Postgres(address) => address.rsplit('@').next().unwrap_or("").to_owned(),
        }
    }
}

impl FromStr for Address {
    type Err = Error;

    fn from_str(text: &str) -> Result<Address> {
        if let Some(path) = text.strip_prefix("sqlite:").map(|it| it.trim_start_matches("//"))
            && !path.is_empty()
        {
            return Ok(Address::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Address::Postgres(text.to_owned()));
        }
        Err(Error::Address(text.to_owned()))
    }
}

/// How long a statement waits for another program that writes.
const BUSY: Duration = Duration::from_secs(10);
/// How long a writer waits for the writers before it; longer than anybody looks at a page that does not come.
const TURN: Duration = Duration::from_secs(30);
/// How many reads run at once.
const READERS: u32 = 4;
/// Memory for pages of SQLite, in KiB behind a minus sign. A large import that does not fit writes pages twice.
const READER_CACHE: &str = "-2000";
const WRITER_CACHE: &str = "-64000";
/// Any fixed number: our writers' advisory lock on PostgreSQL.
const WRITE_LOCK: i64 = 0x4c65_6572;

/// Connections for reading and for writing.
pub(super) async fn open(address: &Address) -> Result<(DatabaseConnection, DatabaseConnection)> {
    let options = |most: u32, readonly: bool| {
        let mut options = match address {
            // The path is handed over below: in an address its spaces and signs would need escaping.
            Address::Sqlite(_) => ConnectOptions::new("sqlite::memory:"),
            Address::Postgres(address) => ConnectOptions::new(address),
        };
        options.max_connections(most).min_connections(1).sqlx_logging(false).test_before_acquire(false);
        // Writers wait for their turn: many at once are slow, not refused.
        options.connect_timeout(BUSY).acquire_timeout(if readonly { BUSY } else { TURN });
        // SQLite connections are files: closing idle ones gains nothing.
        options.idle_timeout(None).max_lifetime(None);
        if let Address::Sqlite(path) = address {
            let path = path.clone();
            options.map_sqlx_sqlite_opts(move |sqlite| {
                sqlite
                    .filename(&path)
                    .in_memory(false)
                    .shared_cache(false)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(BUSY)
                    .pragma("query_only", if readonly { "on" } else { "off" })
                    .pragma("cache_size", if readonly { READER_CACHE } else { WRITER_CACHE })
            });
        }
        options
    };
    // The writer first: it makes the file and sets its journal mode.
    let closed = |error: sea_orm::DbErr| {
        let (address, reason) = (address.shown(), error.to_string());
        if is_broken(&error) { Error::Broken { address, reason } } else { Error::Closed { address, reason } }
    };
    let write = Database::connect(options(1, false)).await.map_err(closed)?;
    let read = Database::connect(options(READERS, true)).await.map_err(closed)?;
    Ok((read, write))
}

/// How many steps are still to do. A step the program does not know means the database is newer.
pub(super) async fn pending(connection: &DatabaseConnection) -> Result<u32> {
    let known: Vec<String> = Migrator::migrations().iter().map(|it| it.name().to_owned()).collect();
    let done = applied(connection).await?;
    if let Some(step) = done.iter().find(|it| !known.contains(it)) {
        return Err(Error::Newer { step: step.clone() });
    }
    Ok((known.len() - done.len()) as u32)
}

/// The steps that were done.
pub(super) async fn applied(connection: &DatabaseConnection) -> Result<Vec<String>> {
    let exists = match connection.get_database_backend() {
        DbBackend::Sqlite => "SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations'",
        _ => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
    };
    if connection.query_one_raw(statement(connection, exists)).await?.is_none() {
        return Ok(vec![]);
    }
    let rows = connection
        .query_all_raw(statement(connection, "SELECT version FROM seaql_migrations ORDER BY version"))
        .await?;
    rows.iter().map(|row| Ok(row.try_get::<String>("", "version")?)).collect()
}

pub(super) async fn migrate(connection: &DatabaseConnection) -> Result<()> {
    Ok(Migrator::up(connection, None).await?)
}

/// On PostgreSQL numbers of a sequence can commit out of order; one lock for all writers keeps the log in order.
/// On SQLite the immediate transaction already is that lock.
pub(super) async fn take_write_lock(connection: &impl ConnectionTrait) -> Result<()> {
    if connection.get_database_backend() == DbBackend::Postgres {
        let turn = TURN.as_secs();
        let lock = format!("SET LOCAL lock_timeout = '{turn}s'; SELECT pg_advisory_xact_lock({WRITE_LOCK})");
        connection.execute_unprepared(&lock).await?;
    }
    Ok(())
}

/// SQLite's own copy, which sees one moment and leaves out what was removed.
pub(super) async fn copy_to(connection: &DatabaseConnection, path: &str) -> Result<()> {
    let copy = Statement::from_sql_and_values(connection.get_database_backend(), "VACUUM INTO ?", [path.into()]);
    connection.execute_raw(copy).await?;
    Ok(())
}

/// The database's own check of its file and of its references.
pub(super) async fn check(connection: &DatabaseConnection) -> Result<Vec<String>> {
    if connection.get_database_backend() != DbBackend::Sqlite {
        return Ok(vec![]);
    }
    let mut faults = Vec::new();
    for row in connection.query_all_raw(statement(connection, "PRAGMA integrity_check")).await? {
        let line: String = row.try_get_by_index(0)?;
        if line != "ok" {
            faults.push(line);
        }
    }
    for row in connection.query_all_raw(statement(connection, "PRAGMA foreign_key_check")).await? {
        let table: String = row.try_get_by_index(0)?;
        faults.push(format!("een rij van {table} verwijst naar niets"));
    }
    Ok(faults)
}

fn statement(connection: &impl ConnectionTrait, sql: &str) -> Statement {
    Statement::from_string(connection.get_database_backend(), sql)
}
