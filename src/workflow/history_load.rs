//! Taking in the released figures of many organisations at once, by the operator: a demonstration, or figures of years
//! before a network came here.
//!
//! Invariant: only for organisations that have no current figure of the same key; nothing is replaced.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::actor::Actor;
use crate::domain::delivery::{Delivery, DeliveryStage};
use crate::domain::id::DeliveryId;
use crate::domain::measurement::Measurement;
use crate::domain::permission::{Action, may};
use crate::store::{self, Store, change_log};

use super::Error;

/// Stores what each organisation delivered, as released. `step` hears how many organisations are done. An organisation
/// that delivered the same before is left out; says how many figures came in.
pub async fn take_in(
    store: &Store,
    actor: &Actor,
    network: Option<&str>,
    deliveries: &[(String, Vec<Measurement>)],
    now: DateTime<Utc>,
    step: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<usize, Error> {
    may(actor, Action::Administer)?;
    let write = store.write().await?;
    let (_, ids) = store::catalogue::get_in(&write).await?;
    let mut released = BTreeSet::new();
    let mut count = 0;
    for (at, (organisation, rows)) in deliveries.iter().enumerate() {
        let hash = store::blob::hash(format!("{organisation}\n{rows:?}").as_bytes());
        if store::delivery::same(&write, &ids, organisation, &hash).await?.is_none() {
            let delivery = Delivery {
                id: DeliveryId::generate(),
                organisation: organisation.clone(),
                network: network.map(str::to_owned),
                stage: DeliveryStage::Released,
                file_name: None,
                hash,
                reason: None,
                made_by: actor.label().to_owned(),
                made_at: now,
                approved_by: None,
                approved_at: None,
                released_at: Some(now),
                embargo_until: None,
                version: 0,
            };
            store::delivery::save(&write, &ids, &delivery).await?;
            store::measurement::insert_released(&write, &ids, &delivery.id, rows, now).await?;
            released.insert(change_log::Subject::Delivery(delivery.id));
            count += rows.len();
        }
        step(at + 1, deliveries.len());
    }
    change_log::append(&write, &released, now).await?;
    write.commit().await?;
    Ok(count)
}
