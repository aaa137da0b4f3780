//! What is asked of a comparison: the group, the period, for which organisation; and what there is to choose from.

use serde::Deserialize;

use crate::benchmark::peer_group::PeerGroup;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::indicator::Indicator;
use crate::domain::network::Network;
use crate::domain::organisation::TraitKind;
use crate::domain::period::PartialDate;
use crate::domain::vocabulary::Sector;
use crate::store::measurement::{Figure, Series};
use crate::text::dutch;
use crate::web::actor::Visitor;
use crate::workflow::comparison::{Viewer, may_see};

/// The query of a comparison. Lenient: what is no choice is as if it were not there.
#[derive(Debug, Deserialize, Default, Clone)]
pub struct Asked {
    #[serde(default)]
    pub groep: String,
    #[serde(default)]
    pub periode: String,
    /// Slugs of a choice of one's own, separated by commas or spaces.
    #[serde(default)]
    pub keuze: String,
    #[serde(default)]
    pub organisatie: String,
}

/// What was asked, made definite.
pub struct Choice<'a> {
    pub viewer: Viewer<'a>,
    pub group: PeerGroup,
    pub period: Option<PartialDate>,
    /// The periods there are figures of, newest first.
    pub periods: Vec<PartialDate>,
    /// The groups this viewer may choose, as address words with names.
    pub groups: Vec<(String, String)>,
}

/// The organisation somebody looks for: the one asked for if it is theirs, else their first.
pub fn organisation<'a>(visitor: &'a Visitor, asked: &str) -> Option<&'a str> {
    let user = visitor.actor.user()?;
    user.organisations().find(|it| *it == asked).or_else(|| user.organisations().next())
}

impl<'a> Choice<'a> {
    pub fn new(
        visitor: &'a Visitor,
        asked: &Asked,
        catalogue: &Catalogue,
        indicator: &Indicator,
        series: &Series,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Choice<'a> {
        let viewer = Viewer { actor: &visitor.actor, organisation: organisation(visitor, &asked.organisatie) };
        let place = viewer.organisation.and_then(|it| series.place(it));
        let is_shown = |it: &Figure| it.state.is_value() && (it.visible_from <= now || Some(it.organisation) == place);
        let mut periods = series.periods();
        periods.retain(|it| series.of(*it).iter().any(is_shown));
        periods.reverse();
        let own_latest = place.and_then(|place| {
            let has_value = |it: &(PartialDate, &[Figure])| it.1.iter().any(|it| it.state.is_value());
            series.of_organisation(place).rev().find(has_value).map(|it| it.0)
        });
        let period = PartialDate::parse(&asked.periode)
            .filter(|it| it.span() == Some(indicator.span))
            .or(own_latest)
            .or(periods.first().copied());
        let at = period.unwrap_or_else(|| PartialDate::holding(now.date_naive(), indicator.span));
        let offered = offered(&viewer, catalogue, at);
        let chosen = match asked.groep.as_str() {
            "eigen" => {
                let typed = asked.keuze.split([',', ' ', '\n']).map(str::trim).filter(|it| !it.is_empty());
                PeerGroup::parse(&format!("keuze:{}", typed.collect::<Vec<_>>().join(","))).ok()
            }
            word => PeerGroup::parse(word).ok(),
        };
        let group = chosen
            .filter(|it| may_see(&viewer, it, catalogue))
            .or_else(|| offered.iter().find(|it| matches!(it, PeerGroup::Network(_))).cloned())
            .unwrap_or(PeerGroup::National);
        let groups = offered.iter().map(|it| (it.to_string(), dutch::capital(&name(it, catalogue)))).collect();
        Choice { viewer, group, period, periods, groups }
    }
}

/// A group as a sentence calls it.
pub fn name(group: &PeerGroup, catalogue: &Catalogue) -> String {
    match group {
        PeerGroup::National => "alle organisaties".to_owned(),
        PeerGroup::Sector(word) => Sector::parse(word).map_or(word.clone(), |it| it.label().to_lowercase()),
        PeerGroup::Region(slug) => catalogue.name(Target::Region, slug).to_owned(),
        PeerGroup::SizeClass(it) => format!("grootte {it}"),
        PeerGroup::CareType(it) => it.replace('-', " "),
        PeerGroup::Network(slug) => catalogue.network(slug).map_or(slug.as_str(), |it| &it.name).to_owned(),
        PeerGroup::Chosen(slugs) => format!("eigen keuze van {} organisaties", slugs.len()),
    }
}

/// The groups on offer: own networks first, then the country, and what the own organisation is like.
fn offered(viewer: &Viewer<'_>, catalogue: &Catalogue, period: PartialDate) -> Vec<PeerGroup> {
    let mut res = Vec::new();
    let networks = catalogue.networks.iter().map(|it: &Network| PeerGroup::Network(it.slug.clone()));
    res.extend(networks.filter(|it| viewer.actor.user().is_some() && may_see(viewer, it, catalogue)));
    res.push(PeerGroup::National);
    if let Some(own) = viewer.organisation.and_then(|it| catalogue.organisation(it)) {
        res.extend(own.sectors.iter().map(|it| PeerGroup::Sector(it.word().to_owned())));
        res.extend(own.region_at(period).map(|it| PeerGroup::Region(it.to_owned())));
        res.extend(own.traits_at(TraitKind::SizeClass, period).map(|it| PeerGroup::SizeClass(it.to_owned())));
        res.extend(own.traits_at(TraitKind::CareType, period).map(|it| PeerGroup::CareType(it.to_owned())));
    } else {
        res.extend(Sector::ALL.iter().map(|it| PeerGroup::Sector(it.word().to_owned())));
    }
    res
}
