//! Counting what is searched for: in memory at once, in the store once a minute. Nobody waits for it.
//!
//! Invariant: what is counted points at no person: see [`Asked`]. It is bounded, in memory and per day; what does
//! not fit is dropped and said. After [`KEPT_DAYS`] days it is deleted, also when nothing is counted any more.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use tokio::sync::oneshot;

use crate::domain::asked::{Asked, Counts, RANK_MAX};
use crate::store::{self, Store, search_log};

/// How many days before today are kept.
pub const KEPT_DAYS: u64 = 90;
/// The most different questions in memory.
pub const BUFFER_MAX: usize = 1_000;
/// How long counts stay in memory.
const PACE: Duration = Duration::from_secs(60);

/// Where a search was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Page,
    Api,
}

/// Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct SearchLog {
    is_on: bool,
    buffer: Arc<Mutex<Buffer>>,
}

#[derive(Default)]
struct Buffer {
    days: BTreeMap<NaiveDate, BTreeMap<Asked, Counts>>,
    /// Searches and clicks that found no room.
    dropped: u64,
    /// The day on which old rows were last deleted.
    forgotten: Option<NaiveDate>,
}

impl Buffer {
    fn count(&mut self, day: NaiveDate, asked: Asked, counts: Counts) {
        let is_full = BUFFER_MAX <= self.days.values().map(BTreeMap::len).sum();
        let of_day = self.days.entry(day).or_default();
        match of_day.get_mut(&asked) {
            Some(known) => known.add(counts),
            None if is_full => self.dropped += 1,
            None => _ = of_day.insert(asked, counts),
        }
    }
}

impl SearchLog {
    pub fn new(is_on: bool) -> SearchLog {
        SearchLog { is_on, buffer: Arc::default() }
    }

    /// Whether anything is counted.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Counts a search and what it found.
    pub fn searched(&self, now: DateTime<Utc>, face: Face, asked: Asked, hits: u64) {
        let (searches, api_searches) = match face {
            Face::Page => (1, 0),
            Face::Api => (0, 1),
        };
        self.count(now, asked, Counts { searches, api_searches, hits: Some(hits), ..Counts::default() });
    }

    /// Counts that a hit was opened, by its place in the list.
    pub fn followed(&self, now: DateTime<Utc>, asked: Asked, rank: u32) {
        if (1..=RANK_MAX).contains(&rank) {
            self.count(now, asked, Counts { clicks: BTreeMap::from([(rank, 1)]), ..Counts::default() });
        }
    }

    fn count(&self, now: DateTime<Utc>, asked: Asked, counts: Counts) {
        if self.is_on
            && let Ok(mut buffer) = self.buffer.lock()
        {
            buffer.count(now.date_naive(), asked, counts);
        }
    }

    /// Stores what was counted, and once a day deletes what is too old. After a failure it is counted still.
    pub async fn flush(&self, store: &Store, now: DateTime<Utc>) -> store::Result<()> {
        let today = now.date_naive();
        let Ok((days, dropped, forgets)) = self
            .buffer
            .lock()
            .map(|mut it| (mem::take(&mut it.days), mem::take(&mut it.dropped), it.forgotten != Some(today)))
        else {
            return Ok(());
        };
        if 0 < dropped {
            tracing::warn!(search_log.dropped = dropped, "zoekvragen niet geteld: te veel verschillende tegelijk");
        }
        if days.is_empty() && !forgets {
            return Ok(());
        }
        let done = save(store, &days, forgets.then_some(today)).await;
        if let Ok(mut buffer) = self.buffer.lock() {
            match &done {
                Ok(()) => buffer.forgotten = Some(today),
                Err(_) => {
                    let newer = mem::replace(&mut buffer.days, days);
                    for (day, counted) in newer {
                        counted.into_iter().for_each(|(asked, counts)| buffer.count(day, asked, counts));
                    }
                }
            }
        }
        done
    }

    /// Stores every minute until `stop` rings or is dropped, and then once more.
    pub async fn run(self, store: Store, now: impl Fn() -> DateTime<Utc>, mut stop: oneshot::Receiver<()>) {
        loop {
            // Never cut off halfway: what is being stored is no longer in memory.
            self.flush_or_say(&store, now()).await;
            if tokio::time::timeout(PACE, &mut stop).await.is_ok() {
                return self.flush_or_say(&store, now()).await;
            }
        }
    }

    async fn flush_or_say(&self, store: &Store, now: DateTime<Utc>) {
        if let Err(error) = self.flush(store, now).await {
            tracing::error!(error = %error, "getelde zoekvragen opslaan mislukt");
        }
    }
}

async fn save(
    store: &Store,
    days: &BTreeMap<NaiveDate, BTreeMap<Asked, Counts>>,
    forgets: Option<NaiveDate>,
) -> store::Result<()> {
    let write = store.write().await?;
    let mut dropped = 0;
    for (day, counted) in days {
        dropped += search_log::add(&write, *day, counted).await?;
    }
    if let Some(oldest) = forgets.and_then(|today| today.checked_sub_days(Days::new(KEPT_DAYS))) {
        search_log::forget(&write, oldest).await?;
    }
    write.commit().await?;
    if 0 < dropped {
        tracing::warn!(search_log.dropped = dropped, "zoekvragen niet bewaard: te veel verschillende op één dag");
    }
    Ok(())
}
