//! Reads ahead what comparisons compute with, after the start and after each change: the first who looks at an
//! indicator does not wait for what is the same for everybody.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::store::Store;
use crate::workflow::comparison::{self, Memory};

/// Changes often come together.
const PAUSE: Duration = Duration::from_secs(1);

/// Goes on until it is stopped, which it may be anywhere.
pub async fn run(store: Store, memory: Memory, now: impl Fn() -> DateTime<Utc>) {
    let mut changed = store.changed();
    loop {
        changed.borrow_and_update();
        // Whoever asks reads it then, and hears what is wrong.
        if let Err(error) = comparison::read_ahead(&store, &memory, now()).await {
            tracing::warn!(error = %error, "vooruit lezen van cijfers mislukt");
        }
        if changed.changed().await.is_err() {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
