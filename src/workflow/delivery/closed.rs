//! Which periods are closed for an organisation. Figures are delivered once, for every network it is in: a period is
//! closed only when each network that waits for its figures closed it. A closed comparison keeps its figures anyway.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::domain::catalogue::Catalogue;
use crate::domain::measurement::Measurement;
use crate::domain::network::Network;
use crate::domain::period::PartialDate;
use crate::store;
use crate::text::dutch;
use crate::workflow::Error;
use crate::workflow::record::Act;

use super::member_of;

/// What the networks of one organisation closed.
pub(super) struct Closed<'a> {
    organisation: &'a str,
    /// Each network the organisation is in, now or before, with the periods it closed.
    networks: Vec<(&'a Network, BTreeSet<String>)>,
}

impl<'a> Closed<'a> {
    pub(super) async fn of(
        act: &Act<'_>,
        catalogue: &'a Catalogue,
        organisation: &'a str,
    ) -> Result<Closed<'a>, Error> {
        let mut networks = Vec::new();
        for network in member_of(catalogue, organisation) {
            let closed = store::comparison_closing::of(act.store, &network.slug).await?;
            networks.push((network, closed.into_iter().map(|it| it.0).collect()));
        }
        Ok(Closed { organisation, networks })
    }

    /// The closed periods among those of some figures, with the names of the networks that closed them.
    pub(super) fn among(&self, rows: &[Measurement]) -> HashMap<String, String> {
        let periods: HashSet<PartialDate> = rows.iter().filter_map(|it| it.period).collect();
        let closed = |it: PartialDate| {
            let (closed, open) = self.split(it);
            let names: Vec<&str> = closed.iter().map(|it| it.name.as_str()).collect();
            (open.is_empty() && !names.is_empty()).then(|| (it.to_string(), dutch::listed(&names)))
        };
        periods.into_iter().filter_map(closed).collect()
    }

    /// The slug of the network figures are handed in for: the first that is open for all of them, else the first.
    pub(super) fn network(&self, rows: &[Measurement]) -> Option<&'a str> {
        let periods: HashSet<PartialDate> = rows.iter().filter_map(|it| it.period).collect();
        let is_open =
            |it: &Network| periods.iter().all(|period| self.split(*period).1.iter().any(|of| of.slug == it.slug));
        let mut all = self.networks.iter().map(|it| it.0);
        let open = all.clone().find(|it| is_open(it));
        open.or_else(|| all.next()).map(|it| it.slug.as_str())
    }

    /// The networks that closed a period and those that still wait for it, of those the organisation was in then.
    fn split(&self, period: PartialDate) -> (Vec<&'a Network>, Vec<&'a Network>) {
        let word = period.to_string();
        let then = self.networks.iter().filter(|it| {
            let mut members = it.0.members_in(period);
            members.any(|member| member.organisation == self.organisation)
        });
        let (closed, open): (Vec<_>, Vec<_>) = then.partition(|it| it.1.contains(&word));
        let networks = |some: Vec<&(&'a Network, BTreeSet<String>)>| some.into_iter().map(|it| it.0).collect();
        let open: Vec<&'a Network> = networks(open);
        (networks(closed), open.into_iter().filter(|it| it.awaits(period)).collect())
    }
}
