//! How the members of a network share an indicator and who has a value, for who keeps an overview of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::Indicator;
use crate::domain::network::Sharing;
use crate::domain::period::PartialDate;

use super::{Ground, Shared, Values};

/// By member how it shares an indicator in a network, as a comparison applies it: what a member keeps to itself in one
/// network it keeps everywhere.
pub fn in_network<'a>(
    catalogue: &'a Catalogue,
    indicator: &Indicator,
    period: PartialDate,
    network: &str,
) -> BTreeMap<&'a str, Sharing> {
    let shared = Shared::new(catalogue, indicator, period);
    let members = shared.networks.get(network).into_iter().flatten();
    let sharing = |member: &str| match shared.named.get(member) {
        _ if shared.withheld.contains(member) => Sharing::Withheld,
        Some(networks) if networks.contains(&network) => Sharing::Named,
        _ => Sharing::Anonymous,
    };
    members.map(|it| (*it, sharing(it))).collect()
}

/// Slugs of the organisations with a number that others may count with; never the number.
pub fn present(ground: &Ground, indicator: &Indicator, period: PartialDate) -> BTreeSet<String> {
    let values = Values::new(&ground.series, indicator, period, None, None, ground.now);
    ground.series.organisations.iter().filter(|it| values.of(it).is_some()).cloned().collect()
}
