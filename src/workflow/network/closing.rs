//! The end of a period in a network: from then on its comparison keeps the figures of that moment.
//!
//! Invariant: a period is closed once, after its last day to deliver, and never while a figure is under embargo: the
//! closed comparison would lack it for ever.

use serde_json::json;

use crate::domain::catalogue::ItemKind;
use crate::domain::period::PartialDate;
use crate::store::{self, audit, change_log};
use crate::workflow::Error;
use crate::workflow::record::Act;

use super::{coordinated, progress};

/// Closes a period of a network.
pub async fn close(act: &Act<'_>, slug: &str, period: PartialDate) -> Result<(), Error> {
    let write = act.store.write().await?;
    let (catalogue, ids) = store::catalogue::get_in(&write).await?;
    coordinated(act, &catalogue, slug)?;
    if store::comparison_closing::is_closed_in(&write, &ids, slug, &period.to_string()).await? {
        return Err(Error::Stage("deze periode is al afgesloten"));
    }
    let found = progress(act, slug, Some(period)).await?;
    if found.period != period {
        return Err(Error::Stage("deze periode is nog niet voorbij"));
    }
    found.closing(act.now).map_err(Error::Stage)?;
    store::comparison_closing::insert(&write, &ids, slug, &period.to_string(), act.actor.label(), act.now).await?;
    let subject = ids.item(ItemKind::Network, slug).map(|id| change_log::Subject::Item(ItemKind::Network, id));
    change_log::append(&write, &subject.into_iter().collect(), act.now).await?;
    let subject = format!("{}:{slug}", ItemKind::Network.word());
    let detail = json!({ "periode": period.to_string() });
    audit::append(&write, act.actor, "vergelijking afgesloten", &subject, detail, act.from, act.now).await?;
    Ok(write.commit().await?)
}
