//! Closed periods of networks: their comparison computes with the figures that stood when they were closed.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::benchmark::peer_group::PeerGroup;
use crate::domain::period::PartialDate;
use crate::store::measurement::Series;
use crate::store::{self, Store};
use crate::workflow::Error;

use super::{Ground, Memory, Question};

/// The figures of closed periods, by network, indicator and period.
#[derive(Default)]
pub(super) struct Closed(HashMap<(String, String, PartialDate), Arc<Series>>);

impl Closed {
    /// What is closed of questions about networks; of other groups nothing is.
    pub(super) async fn of(
        store: &Store,
        memory: &Memory,
        ground: &Ground,
        questions: &[Question<'_>],
    ) -> Result<Closed, Error> {
        let mut res = Closed::default();
        let mut closings: HashMap<&str, Vec<(String, DateTime<Utc>)>> = HashMap::new();
        for question in questions {
            let PeerGroup::Network(network) = question.group else { continue };
            if !closings.contains_key(network.as_str()) {
                closings.insert(network, store::comparison_closing::of(store, network).await?);
            }
            for (period, at) in closings.get(network.as_str()).into_iter().flatten() {
                if let Some(period) = question.periods.iter().find(|it| it.to_string() == *period) {
                    let indicator = &question.indicator.slug;
                    let series = then(store, memory, ground, indicator, *at).await?;
                    res.0.insert((network.clone(), indicator.clone(), *period), series);
                }
            }
        }
        Ok(res)
    }

    /// The figures that count in a period, when it is closed for this question.
    pub(super) fn series(&self, question: &Question<'_>, period: PartialDate) -> Option<&Series> {
        let PeerGroup::Network(network) = question.group else { return None };
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(network.clone(), question.indicator.slug.clone(), period)).map(Arc::as_ref)
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
