//! Closed periods of a network: its comparison computes with the figures that stood when it was closed.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::benchmark::peer_group::PeerGroup;
use crate::domain::period::PartialDate;
use crate::store::measurement::Series;
use crate::store::{self, Store};
use crate::workflow::Error;

use super::{Ground, Memory, Question};

/// The figures of the closed periods of one question.
#[derive(Default)]
pub(super) struct Closed(HashMap<PartialDate, Arc<Series>>);

impl Closed {
    /// What is closed of a question about a network; of another group nothing is.
    pub(super) async fn of(
        store: &Store,
        memory: &Memory,
        ground: &Ground,
        question: &Question<'_>,
    ) -> Result<Closed, Error> {
        let PeerGroup::Network(network) = question.group else { return Ok(Closed::default()) };
        let mut res = Closed::default();
        for (period, at) in store::comparison_closing::of(store, network).await? {
            if let Some(period) = question.periods.iter().find(|it| it.to_string() == period) {
                let series = then(store, memory, ground, &question.indicator.slug, at).await?;
                res.0.insert(*period, series);
            }
        }
        Ok(res)
    }

    /// The figures that count in a period.
    pub(super) fn series<'a>(&'a self, period: PartialDate, ground: &'a Ground) -> &'a Series {
        self.0.get(&period).unwrap_or(&ground.series)
    }
}

/// The figures of an indicator at a moment: read once, they do not change any more.
async fn then(
    store: &Store,
    memory: &Memory,
    ground: &Ground,
    indicator: &str,
    at: DateTime<Utc>,
) -> Result<Arc<Series>, Error> {
    if let Some(known) = memory.then(&ground.catalogue, indicator, at) {
        return Ok(known);
    }
    let fresh = store::measurement::series(store, indicator, Some(at)).await?;
    memory.keep_then(&ground.catalogue, indicator, at, &fresh);
    Ok(fresh)
}
