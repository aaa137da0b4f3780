//! How members share a group of indicators in a period, and with whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::benchmark::peer_group::PeerGroup;
use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::{Indicator, IndicatorGroup};
use crate::domain::members::Members;
use crate::domain::network::Sharing;
use crate::domain::period::PartialDate;

use super::{Ground, Values, Viewer};

/// Per member the networks it shares its name in. By slug.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Members that keep it to themselves in any network keep it to themselves everywhere.
    withheld: BTreeSet<String>,
    named: BTreeMap<String, Vec<String>>,
    /// Members by network.
    networks: BTreeMap<String, Members>,
}

impl Shared {
    pub(super) fn new(catalogue: &Catalogue, group: IndicatorGroup, period: PartialDate) -> Shared {
        let mut res = Shared::default();
        for network in catalogue.networks.iter() {
            let members = || network.members.iter().filter(|it| it.is_in(period));
            let names: BTreeSet<&str> = members().map(|it| it.organisation.as_str()).collect();
            res.networks.insert(network.slug.clone(), names.into_iter().collect());
            for it in members() {
                match it.sharing(group) {
                    Sharing::Withheld => _ = res.withheld.insert(it.organisation.clone()),
                    Sharing::Named => {
                        res.named.entry(it.organisation.clone()).or_default().push(network.slug.clone());
                    }
                    Sharing::Anonymous => (),
                }
            }
        }
        res
    }

    /// Whether a member keeps it to itself.
    pub(super) fn is_withheld(&self, member: &str) -> bool {
        !self.withheld.is_empty() && self.withheld.contains(member)
    }

    /// A name is shown in the network it was given to, and in a choice of one's own to who is in that network too.
    pub(super) fn to<'a>(&'a self, viewer: &Viewer<'_>, group: &'a PeerGroup) -> SharedTo<'a> {
        let in_networks: Vec<&str> = match group {
            PeerGroup::Network(slug) => vec![slug],
            PeerGroup::Chosen(_) => {
                let is_in = |it: &(&String, &Members)| viewer.organisation.is_some_and(|own| it.1.contains(own));
                self.networks.iter().filter(is_in).map(|it| it.0.as_str()).collect()
            }
            _ => vec![],
        };
        SharedTo { shared: self, in_networks }
    }
}

/// What one viewer gets of it in one group.
pub(super) struct SharedTo<'a> {
    shared: &'a Shared,
    /// The networks whose members show their names here.
    in_networks: Vec<&'a str>,
}

impl SharedTo<'_> {
    pub(super) fn of(&self, member: &str) -> Sharing {
        if self.shared.is_withheld(member) {
            return Sharing::Withheld;
        }
        let is_shown = !self.in_networks.is_empty()
            && self
                .shared
                .named
                .get(member)
                .is_some_and(|it| it.iter().any(|it| self.in_networks.contains(&it.as_str())));
        if is_shown { Sharing::Named } else { Sharing::Anonymous }
    }
}

/// By member how it shares an indicator in a network, as a comparison applies it: what a member keeps to itself in one
/// network it keeps everywhere.
pub fn in_network(
    catalogue: &Catalogue,
    indicator: &Indicator,
    period: PartialDate,
    network: &str,
) -> BTreeMap<Arc<str>, Sharing> {
    let shared = Shared::new(catalogue, indicator.group, period);
    let to = SharedTo { shared: &shared, in_networks: vec![network] };
    shared.networks.get(network).into_iter().flatten().map(|it| (it.clone(), to.of(it))).collect()
}

/// Slugs of the organisations with a number that others may count with; never the number.
pub fn present(ground: &Ground, indicator: &Indicator, period: PartialDate) -> BTreeSet<String> {
    let series = ground.series(indicator);
    let values = Values::new(&series, indicator, period, None, None, ground.now);
    series.organisations.iter().filter(|it| values.of(it).is_some()).cloned().collect()
}
