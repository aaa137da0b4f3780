//! Tables, queries and transactions: the only SQL.
//!
//! Invariant: [`Store::write`] is the only begin. It takes the write lock at once (IMMEDIATE on SQLite, an advisory
//! lock on PostgreSQL), so writers queue instead of failing and change-log numbers commit in order.
//! Invariant: who reads for an actor gets only what that actor may see.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    IntoActiveModel, TransactionOptions, TransactionTrait,
};
use tokio::sync::watch;

use crate::domain::catalogue::Catalogue;
use crate::domain::period::PartialDate;

pub mod account;
pub mod api_token;
pub mod attachment;
pub mod audit;
pub mod baseline;
pub mod blob;
mod building_block;
pub mod catalogue;
pub mod change_log;
pub mod comparison_closing;
mod concept;
mod connection;
pub mod delivery;
pub mod disclosure_policy;
pub mod draft;
pub mod draft_comment;
mod error;
pub mod identity;
mod ids;
mod indicator;
pub mod inquiry;
pub mod item_slug;
pub mod keeping;
pub mod link;
pub mod mail;
pub mod measurement;
mod network;
pub mod organisation;
pub mod preview_link;
mod programme;
mod proposal;
pub mod record;
pub mod recovery_code;
mod region;
pub mod revision;
pub mod search_log;
pub mod seen_group;
pub mod session;
pub mod snapshot;
mod theme;
pub mod theme_reviewer;
pub mod throttle;
mod word_list;

pub use connection::Address;
pub use error::Error;
pub use ids::Ids;

/// The result of every store function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The one database of a Leerkring. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    read: DatabaseConnection,
    write: DatabaseConnection,
    changed: watch::Sender<()>,
    /// The lists and the log number they were read at.
    lists: RwLock<Option<(i64, Lists)>>,
    briefs: record::Memory,
    figures: measurement::Memory,
    seen: seen_group::Memory,
    /// Commits of this program.
    commits: AtomicU64,
    head: RwLock<Option<Head>>,
}

/// The number of the latest change, as it was read.
#[derive(Debug, Clone, Copy)]
struct Head {
    seq: i64,
    at: Instant,
    /// How many commits this program had made before.
    commits: u64,
}

/// How long the number of the latest change holds, as far as other programs are concerned: one answer asks for it
/// several times.
const HEAD: Duration = Duration::from_millis(10);

impl Store {
    /// Opens or makes the database and brings SQLite up to date. PostgreSQL is brought up to date by
    /// `leerkring migrate` only, because two starting programs could do it at once.
    pub async fn open(address: &Address) -> Result<Store> {
        let (read, write) = connection::open(address).await?;
        let store = Store {
            shared: Arc::new(Shared {
                read,
                write,
                changed: watch::Sender::new(()),
                lists: RwLock::new(None),
                briefs: record::Memory::default(),
                figures: measurement::Memory::default(),
                seen: seen_group::Memory::default(),
                commits: AtomicU64::new(0),
                head: RwLock::new(None),
            }),
        };
        let pending = connection::pending(&store.shared.write).await?;
        match address {
            Address::Sqlite(_) => connection::migrate(&store.shared.write).await?,
            Address::Postgres(_) if pending == 0 => (),
            Address::Postgres(_) => return Err(Error::Behind),
        }
        Ok(store)
    }

    /// Brings the tables up to date and says how many steps that took.
    pub async fn migrate(address: &Address) -> Result<u32> {
        let (_, write) = connection::open(address).await?;
        let pending = connection::pending(&write).await?;
        connection::migrate(&write).await?;
        write.close().await?;
        Ok(pending)
    }

    /// Begins the one write transaction; waits for its turn.
    #[expect(clippy::disallowed_methods, reason = "the one home of begin")]
    pub async fn write(&self) -> Result<Write> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = self.shared.write.begin_with_options(options).await?;
        connection::take_write_lock(&tx).await?;
        Ok(Write { tx, shared: self.shared.clone(), has_new_lists: AtomicBool::new(false) })
    }

    /// Rings after every commit of this program. Other programs' commits are seen by asking the change log.
    pub fn changed(&self) -> watch::Receiver<()> {
        self.shared.changed.subscribe()
    }

    /// The lists as they are now. Kept between calls until the change log tells of one.
    pub async fn catalogue(&self) -> Result<Arc<Catalogue>> {
        Ok(self.lists().await?.catalogue)
    }

    /// Whether nothing was ever taken in: no document and no list.
    pub async fn is_empty(&self) -> Result<bool> {
        Ok(record::count(self).await? == 0 && self.catalogue().await?.items().is_empty())
    }

    async fn ids(&self) -> Result<Arc<Ids>> {
        Ok(self.lists().await?.ids)
    }

    async fn lists(&self) -> Result<Lists> {
        let head = self.head().await?;
        let kept = self.shared.lists();
        let fresh = match kept {
            Some((seq, lists)) if seq == head => return Ok(lists),
            // Documents come and go; the lists seldom change.
            Some((seq, lists)) if !change_log::tells_of_lists(self.read(), seq).await? => lists,
            kept => {
                let fresh = Lists::load(self.read()).await?;
                // What was computed from lists that are the same after all still holds.
                kept.map(|it| it.1).filter(|it| *it == fresh).unwrap_or(fresh)
            }
        };
        if let Ok(mut kept) = self.shared.lists.write() {
            *kept = Some((head, fresh.clone()));
        }
        Ok(fresh)
    }

    /// The number of the latest change. What this program committed is always in it, what others did within
    /// [`HEAD`].
    async fn head(&self) -> Result<i64> {
        let commits = self.shared.commits.load(Ordering::SeqCst);
        if let Ok(kept) = self.shared.head.read()
            && let Some(head) = *kept
            && head.commits == commits
            && head.at.elapsed() < HEAD
        {
            return Ok(head.seq);
        }
        let at = Instant::now();
        let seq = change_log::head(self).await?;
        if let Ok(mut kept) = self.shared.head.write() {
            *kept = Some(Head { seq, at, commits });
        }
        Ok(seq)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.shared.read.ping().await?)
    }

    /// What is wrong inside the database file, by its own check; empty when all is well.
    pub async fn check(&self) -> Result<Vec<String>> {
        connection::check(&self.shared.read).await
    }

    /// Ends all connections after the running statements.
    pub async fn close(&self) -> Result<()> {
        self.shared.read.clone().close().await?;
        Ok(self.shared.write.clone().close().await?)
    }

    fn read(&self) -> &DatabaseConnection {
        &self.shared.read
    }

    fn briefs(&self) -> &record::Memory {
        &self.shared.briefs
    }

    fn figures(&self) -> &measurement::Memory {
        &self.shared.figures
    }
}

/// The lists and their identities, read together.
#[derive(Clone, PartialEq)]
struct Lists {
    catalogue: Arc<Catalogue>,
    ids: Arc<Ids>,
}

impl Lists {
    async fn load(connection: &impl ConnectionTrait) -> Result<Lists> {
        let (catalogue, ids) = catalogue::load(connection).await?;
        Ok(Lists { catalogue: Arc::new(catalogue), ids: Arc::new(ids) })
    }
}

impl Shared {
    fn lists(&self) -> Option<(i64, Lists)> {
        self.lists.read().ok().and_then(|it| it.clone())
    }
}

/// A running write. Dropped without commit, nothing of it stays.
pub struct Write {
    tx: DatabaseTransaction,
    shared: Arc<Shared>,
    /// Whether this write changed a list itself.
    has_new_lists: AtomicBool,
}

impl Write {
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await?;
        self.shared.commits.fetch_add(1, Ordering::SeqCst);
        self.shared.changed.send_replace(());
        Ok(())
    }

    /// Commits what the change log does not tell of: nothing that is searched or listed.
    pub async fn commit_apart(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }

    fn connection(&self) -> &impl ConnectionTrait {
        &self.tx
    }

    /// The lists as this write sees them. Nobody else writes now, so what is kept holds when the log tells of no list
    /// since: reading all of them again would make every writer wait.
    async fn lists(&self) -> Result<Lists> {
        if !self.has_new_lists.load(Ordering::SeqCst)
            && let Some((seq, lists)) = self.shared.lists()
            && !change_log::tells_of_lists(&self.tx, seq).await?
        {
            return Ok(lists);
        }
        Lists::load(&self.tx).await
    }

    /// The identities of the lists, as this write sees them.
    async fn ids(&self) -> Result<Arc<Ids>> {
        Ok(self.lists().await?.ids)
    }

    /// Says that this write changes a list.
    fn renew_lists(&self) {
        self.has_new_lists.store(true, Ordering::SeqCst);
    }
}

/// Updates a row that is known and inserts one that is not.
async fn put<A>(tx: &impl ConnectionTrait, known: bool, row: A) -> Result<()>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    match known {
        true => row.update(tx).await.map(drop)?,
        false => A::Entity::insert(row).exec_without_returning(tx).await.map(drop)?,
    }
    Ok(())
}

/// Inserts rows, a batch at a time.
async fn insert_all<A>(tx: &impl ConnectionTrait, rows: Vec<A>) -> Result<()>
where
    A: ActiveModelTrait + Send,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        A::Entity::insert_many(rows.by_ref().take(BATCH / 4)).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Rows per statement: below the limit on bound values of every database we use.
const BATCH: usize = 500;

/// A JSON column as the value it holds.
fn from_json<T: serde::de::DeserializeOwned>(what: &str, value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(|it| corrupt(what, it))
}

/// A value as its JSON column.
fn to_json(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or(serde_json::Value::Null)
}

/// A moment column as the moment it holds.
fn moment(text: Option<String>) -> Result<Option<PartialDate>> {
    text.map(|it| PartialDate::parse(&it).ok_or_else(|| corrupt("datum", it))).transpose()
}

fn corrupt(what: &str, value: impl std::fmt::Display) -> Error {
    Error::Corrupt(format!("{what}: {value}"))
}

/// Rows by the row they belong to, their order kept.
fn grouped<T>(rows: Vec<T>, owner: impl Fn(&T) -> String) -> HashMap<String, Vec<T>> {
    let mut res: HashMap<String, Vec<T>> = HashMap::new();
    for row in rows {
        res.entry(owner(&row)).or_default().push(row);
    }
    res
}
