//! Whose turn it is: no more searches at a time than there are processors. More would take no less time together, and
//! each would need memory of its own.

use std::sync::Arc;
use std::thread;

use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};

use crate::search::Search;

/// Turns, to wait for in the order of coming.
pub(super) struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Turns {
        // Two, so that a quick one need not wait for a slow one.
        Turns(Arc::new(Semaphore::new(thread::available_parallelism().map_or(2, |it| it.get().max(2)))))
    }
}

impl Search {
    /// Works with the index off the async threads, when its turn has come. Fails when the work panicked.
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Search) -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        // Nobody closes it; should that change, work goes on without turns.
        let turn = self.shared.turns.0.clone().acquire_owned().await.ok();
        let search = self.clone();
        spawn_blocking(move || {
            // Who asked may be gone by now: the turn lasts as long as the work.
            let _turn = turn;
            work(&search)
        })
        .await
    }
}
