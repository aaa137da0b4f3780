//! The index follows the store: read the change log after the cursor, look at each document again, replace or
//! delete it, commit at the new place. Doing it twice changes nothing, so a crash costs no more than a repeat.
//!
//! Invariant: the cursor never passes a change that is not in the index.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::RecordId;
use crate::search::Search;
use crate::search::attached;
use crate::search::document::Document;
use crate::search::lexicon::{Lexicon, Proof};
use crate::search::reader::Reader;
use crate::search::writer::{Share, Writer};
use crate::store::change_log::{self, Subject};
use crate::store::record::{self, Stored};
use crate::store::{self, Store};

/// Changes per commit: a commit costs about 100 ms, however many it holds.
const BATCH: u64 = 1_000;
/// Documents read from the store at once while rebuilding.
const READ: u64 = 500;
/// How long changes of other programs may stay unseen.
const LOOK: Duration = Duration::from_secs(2);
/// How many indexes of other versions of the program stay after a rebuild: the one that may be put back. Every one
/// takes as much disk as the live one, and holds texts that were withdrawn since.
const VERSIONS: usize = 1;
/// The longest pause between tries after a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the index could not follow.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Search(#[from] crate::search::error::Error),
    #[error("het bijwerken van de zoekindex is afgebroken: {0}")]
    Broken(String),
}

/// The one that writes the index of this program.
pub struct Follower {
    store: Store,
    search: Search,
    /// Out for work on another thread, or given up after an error.
    writer: Option<Writer>,
}

impl Follower {
    /// Becomes the writer of the index; fails when another program is.
    pub fn open(store: &Store, search: &Search) -> Result<Follower, Error> {
        let writer = Writer::open(search)?;
        Ok(Follower { store: store.clone(), search: search.clone(), writer: Some(writer) })
    }

    /// Follows until the end of the program. Failures are logged and tried again.
    pub async fn run(mut self) {
        let mut changed = self.store.changed();
        let mut pause = LOOK;
        loop {
            match self.catch_up().await.and(self.look()) {
                Ok(()) => pause = LOOK,
                Err(error) => {
                    tracing::error!(error = %error, retry_s = pause.as_secs(), "zoekindex bijwerken mislukt");
                    pause = (pause * 2).min(PATIENCE);
                }
            }
            // Whichever comes first: our own commit, or the time to look for those of others.
            let _ = tokio::time::timeout(pause, changed.changed()).await;
        }
    }

    /// Brings the index to the head of the log; says up to where.
    pub async fn catch_up(&mut self) -> Result<i64, Error> {
        loop {
            let head = change_log::head(&self.store).await?;
            // Here, not after a batch: a program that was stopped in between must look again.
            let is_outgrown = self.search.view().live.lexicon.is_outgrown(self.search.count());
            let cursor = match self.search.cursor() {
                Some(cursor) if cursor == head && !is_outgrown => return Ok(head),
                Some(cursor) if cursor == head => {
                    self.rebuild().await?;
                    continue;
                }
                Some(cursor) if cursor < head => cursor,
                // Never filled, or ahead of a store that was put back to an earlier state.
                _ => {
                    self.rebuild().await?;
                    continue;
                }
            };
            let changes = change_log::after(&self.store, cursor, BATCH).await?;
            let Some((last, _)) = changes.last().cloned() else { return Ok(cursor) };
            let mut ids: BTreeSet<RecordId> = BTreeSet::new();
            let mut has_words = false;
            for (_, subject) in changes {
                match subject {
                    Subject::Record(id) => _ = ids.insert(id),
                    Subject::Item(kind, _) => has_words = has_words || kind.is_lexicon(),
                    Subject::Delivery(_) => (),
                }
            }
            // Other words make another index: all documents are read anew.
            if has_words && self.search.view().live.lexicon.differs(&*self.store.catalogue().await?) {
                self.rebuild().await?;
                continue;
            }
            self.replace(ids.into_iter().collect(), last).await?;
        }
    }

    async fn replace(&mut self, ids: Vec<RecordId>, seq: i64) -> Result<(), Error> {
        let stored = record::by_ids(&self.store, &Actor::System, &ids).await?;
        let files = attached::read(&self.store, stored.iter().map(|it| &it.record)).await?;
        let catalogue = self.store.catalogue().await?;
        let live = self.search.view().live.clone();
        self.write(move |writer| {
            let present: BTreeSet<&RecordId> = stored.iter().map(|it| &it.id).collect();
            for id in ids.iter().filter(|id| !present.contains(id)) {
                writer.delete(id);
            }
            let mut reader = Reader::new(&live.analyzer);
            for (Stored { id, record, .. }, files) in stored.iter().zip(&files) {
                let document = Document::of(id, record, &catalogue, &mut reader);
                writer.replace(document.with_files(files, &mut reader), &reader)?;
            }
            writer.commit_at(seq)?;
            tracing::debug!(index.seq = seq, index.documents = stored.len(), "zoekindex bijgewerkt");
            Ok(())
        })
        .await
    }

    /// Builds the index anew beside the old one and switches; says how many documents it holds. It answers from then
    /// on, and becomes quicker once it is [united](Follower::unite), which goes on by itself.
    pub async fn rebuild(&mut self) -> Result<u64, Error> {
        // The log is read first: what changes while we read is looked at again afterwards.
        let seq = change_log::head(&self.store).await?;
        let catalogue = self.store.catalogue().await?;
        let lexicon = lexicon(&self.store, &catalogue).await?;
        let expected = record::count(&self.store).await?;
        let (sender, receiver) = mpsc::sync_channel::<Result<Batch, store::Error>>(2);
        let feed = Arc::new(Feed::new(receiver));
        let reading = tokio::spawn(read_all(self.store.clone(), sender, feed.clone()));
        let count = self
            .write(move |writer| writer.rebuild(&lexicon, seq, expected, |share| take_in(&feed, &catalogue, share)))
            .await;
        reading.abort();
        let count = count?;
        self.search.remove_old(VERSIONS)?;
        tracing::info!(index.seq = seq, index.documents = count, "zoekindex opgebouwd");
        Ok(count)
    }

    /// Waits until the index that was built is at its quickest.
    pub async fn unite(&mut self) -> Result<(), Error> {
        self.write(|writer| Ok(writer.unite()?)).await
    }

    /// Shows searches what was done in the background.
    fn look(&mut self) -> Result<(), Error> {
        self.writer.as_mut().map_or(Ok(()), |it| Ok(it.look()?))
    }

    /// Works with the writer off the async threads. A writer that failed is given up: it may be dead.
    async fn write<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Writer) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => Writer::open(&self.search)?,
        };
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&mut writer)?;
            Ok::<_, Error>((writer, done))
        })
        .await;
        let (writer, done) = done.map_err(|error| Error::Broken(error.to_string()))??;
        self.writer = Some(writer);
        Ok(done)
    }
}

/// The words of the lists, with what the texts prove.
async fn lexicon(store: &Store, catalogue: &Catalogue) -> Result<Lexicon, Error> {
    let mut proof = Proof::default();
    let mut last: Option<RecordId> = None;
    for _ in 0..Proof::ENOUGH.div_ceil(READ) {
        let batch = record::texts_after(store, last.as_ref(), READ).await?;
        let Some((newest, _)) = batch.last() else { break };
        last = Some(newest.clone());
        batch.iter().for_each(|(_, texts)| proof.add(texts.iter().map(String::as_str)));
    }
    Ok(Lexicon::of(catalogue, &proof))
}

/// Documents with the text of their files.
type Batch = Vec<(Stored, Vec<attached::File>)>;

/// What is read of the store, for the threads that build an index of it.
struct Feed {
    /// None when one of them failed.
    batches: Mutex<Option<mpsc::Receiver<Result<Batch, store::Error>>>>,
    /// Whether everything was read. When the program stops, the reading ends before that.
    is_whole: AtomicBool,
}

impl Feed {
    fn new(batches: mpsc::Receiver<Result<Batch, store::Error>>) -> Feed {
        Feed { batches: Mutex::new(Some(batches)), is_whole: AtomicBool::new(false) }
    }

    /// The next documents; none after the last.
    fn next(&self) -> Result<Option<Batch>, Error> {
        let batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        match batches.as_ref().map(mpsc::Receiver::recv) {
            Some(Ok(batch)) => Ok(Some(batch?)),
            Some(Err(_)) if self.is_whole.load(Ordering::Acquire) => Ok(None),
            Some(Err(_)) => Err(Error::Broken("de documenten zijn niet alle gelezen".into())),
            None => Err(Error::Broken("een deel van het werk is mislukt".into())),
        }
    }

    /// No more for anyone.
    fn give_up(&self) {
        *self.batches.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Hands in what is read.
fn take_in(feed: &Feed, catalogue: &Catalogue, share: &mut Share) -> Result<(), Error> {
    let mut work = || {
        while let Some(batch) = feed.next()? {
            for (Stored { id, record, .. }, files) in &batch {
                share.add(id, record, files, catalogue)?;
            }
        }
        Ok(())
    };
    let res = work();
    if let Err(error) = &res {
        tracing::warn!(%error, "zoekindex opbouwen afgebroken");
        feed.give_up();
    }
    res
}

async fn read_batch(store: &Store, after: Option<&RecordId>) -> Result<Batch, store::Error> {
    let stored = record::batch_after(store, after, READ).await?;
    let files = attached::read(store, stored.iter().map(|it| &it.record)).await?;
    Ok(stored.into_iter().zip(files).collect())
}

async fn read_all(store: Store, sender: mpsc::SyncSender<Result<Batch, store::Error>>, feed: Arc<Feed>) {
    let mut last: Option<RecordId> = None;
    loop {
        let batch = read_batch(&store, last.as_ref()).await;
        let go_on = matches!(&batch, Ok(batch) if !batch.is_empty());
        if let Ok(batch) = &batch {
            last = batch.last().map(|it| it.0.id.clone());
            if batch.is_empty() {
                feed.is_whole.store(true, Ordering::Release);
                return;
            }
        }
        // A full channel blocks: that must not hold up an async thread.
        let sender = sender.clone();
        let sent = tokio::task::spawn_blocking(move || sender.send(batch)).await;
        if !go_on || !matches!(sent, Ok(Ok(()))) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_stops_halfway_is_no_whole() {
        let (sender, receiver) = mpsc::sync_channel(2);
        let feed = Feed::new(receiver);
        sender.send(Ok(vec![])).unwrap();
        drop(sender);
        assert!(matches!(feed.next(), Ok(Some(_))));
        assert!(matches!(feed.next(), Err(Error::Broken(_))));
        feed.is_whole.store(true, Ordering::Release);
        assert!(matches!(feed.next(), Ok(None)));
        feed.give_up();
        assert!(matches!(feed.next(), Err(Error::Broken(_))));
    }
}
