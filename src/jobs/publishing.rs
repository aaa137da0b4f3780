//! What happens to documents when its time comes: planned versions are published, owners and reviewers reminded.
//!
//! Safe to run twice: what was done is not due any more.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::oneshot;

use crate::accounts::secret;
use crate::domain::actor::Actor;
use crate::store::Store;
use crate::workflow::delivery;
use crate::workflow::record::{Act, keep, review};

/// How often planned versions are looked for.
const PACE: Duration = Duration::from_secs(15);
/// Reminders are looked for once in so many rounds: hourly.
const ROUNDS: u32 = 240;

/// What the job works with.
#[derive(Clone)]
pub struct Publishing {
    pub store: Store,
    /// The address of the site, for links in mails.
    pub site: String,
}

impl Publishing {
    fn act(&self, now: DateTime<Utc>) -> Act<'_> {
        Act { store: &self.store, actor: &Actor::System, now, from: None, is_four_eyes: true, site: &self.site }
    }

    /// Publishes what is due.
    pub async fn publish(&self, now: DateTime<Utc>) {
        match review::publish_due(&self.act(now)).await {
            Ok(0) => (),
            Ok(count) => tracing::info!(publishing.count = count, "geplande versies gepubliceerd"),
            Err(error) => tracing::error!(error = %error, "geplande versies publiceren mislukt"),
        }
    }

    /// Reminds owners and reviewers, and who is to deliver figures.
    pub async fn remind(&self, now: DateTime<Utc>) {
        let act = self.act(now);
        let token = || secret::generate().ok().map(|it| (it.clone(), secret::hash(&it)));
        if let Err(error) = keep::remind(&act, token).await {
            tracing::error!(error = %error, "eigenaren herinneren mislukt");
        }
        if let Err(error) = review::remind(&act).await {
            tracing::error!(error = %error, "beoordelaars herinneren mislukt");
        }
        if let Err(error) = delivery::remind(&act).await {
            tracing::error!(error = %error, "aan aanleveren herinneren mislukt");
        }
    }

    /// Runs until `stop` rings or is dropped.
    pub async fn run(self, now: impl Fn() -> DateTime<Utc>, mut stop: oneshot::Receiver<()>) {
        for round in 0_u32.. {
            self.publish(now()).await;
            if round.is_multiple_of(ROUNDS) {
                self.remind(now()).await;
            }
            if tokio::time::timeout(PACE, &mut stop).await.is_ok() {
                return;
            }
        }
    }
}
