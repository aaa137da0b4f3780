//! Who is compared with whom. A group on a past period is made of the facts of that period.
//!
//! Standard groups are the same for everybody; a chosen group is made by one member, always holds that member, and is
//! what the guard of `disclosure` looks at hardest.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::domain::members::Members;
use crate::domain::network::Network;
use crate::domain::organisation::{Organisation, TraitKind};
use crate::domain::period::PartialDate;

/// The most members that can be chosen by hand.
pub const CHOSEN_MAX: usize = 200;

/// A member with what it has in common with others, in one period. All by slug.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peer {
    pub name: Arc<str>,
    pub networks: BTreeSet<String>,
    pub regions: BTreeSet<String>,
    pub sectors: BTreeSet<String>,
    pub care_types: BTreeSet<String>,
    pub size_classes: BTreeSet<String>,
}

impl Peer {
    /// An organisation with the facts at the end of a period.
    pub fn new(organisation: &Organisation, networks: &[Network], period: PartialDate) -> Peer {
        let traits = |kind| organisation.traits_at(kind, period).map(str::to_owned).collect();
        let name = &organisation.slug;
        let is_in = |it: &&Network| it.members.iter().any(|it| it.organisation == *name && it.is_in(period));
        Peer {
            name: Arc::from(name.as_str()),
            networks: networks.iter().filter(is_in).map(|it| it.slug.clone()).collect(),
            regions: organisation.region_at(period).map(str::to_owned).into_iter().collect(),
            sectors: organisation.sectors.iter().map(|it| it.word().to_owned()).collect(),
            care_types: traits(TraitKind::CareType),
            size_classes: traits(TraitKind::SizeClass),
        }
    }
}

/// A group, as addresses write it: `landelijk`, `sector:vv`, `netwerk:…`, `regio:…`, `zorgsoort:…`, `grootte:…` or
/// `keuze:een,twee,drie`. From general to special.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PeerGroup {
    National,
    Sector(String),
    Network(String),
    Region(String),
    CareType(String),
    SizeClass(String),
    /// Chosen by hand.
    Chosen(Members),
}

impl PeerGroup {
    /// Why not is for who typed it; a slug that nobody has gives an empty group.
    pub fn parse(text: &str) -> Result<PeerGroup, &'static str> {
        const FORMS: &str = "Kies landelijk, sector:…, netwerk:…, regio:…, zorgsoort:…, grootte:… of keuze:…, met na de \
                             dubbele punt de naam uit het adres.";
        if text == "landelijk" {
            return Ok(PeerGroup::National);
        }
        let (kind, slug) = text.split_once(':').ok_or(FORMS)?;
        if kind == "keuze" {
            let members: Members = slug.split(',').collect();
            return if !members.iter().all(|it| is_slug(it)) {
                Err(FORMS)
            } else if CHOSEN_MAX < members.len() {
                Err("Kies ten hoogste 200 organisaties.")
            } else {
                Ok(PeerGroup::Chosen(members))
            };
        }
        let make = match kind {
            "sector" => PeerGroup::Sector,
            "netwerk" => PeerGroup::Network,
            "regio" => PeerGroup::Region,
            "zorgsoort" => PeerGroup::CareType,
            "grootte" => PeerGroup::SizeClass,
            _ => return Err(FORMS),
        };
        if is_slug(slug) { Ok(make(slug.to_owned())) } else { Err(FORMS) }
    }

    /// The names of those in the group; a group that `viewer` chose holds the viewer too.
    pub fn members(&self, everybody: &[Peer], viewer: Option<&str>) -> Members {
        let is_in = |it: &&Peer| match self {
            PeerGroup::National => true,
            PeerGroup::Sector(slug) => it.sectors.contains(slug),
            PeerGroup::Network(slug) => it.networks.contains(slug),
            PeerGroup::Region(slug) => it.regions.contains(slug),
            PeerGroup::CareType(slug) => it.care_types.contains(slug),
            PeerGroup::SizeClass(slug) => it.size_classes.contains(slug),
            PeerGroup::Chosen(names) => names.contains(&it.name) || viewer == Some(&*it.name),
        };
        everybody.iter().filter(is_in).map(|it| it.name.clone()).collect()
    }

    /// Whether the group is the same for everybody.
    pub fn is_standard(&self) -> bool {
        !matches!(self, PeerGroup::Chosen(_))
    }
}

impl fmt::Display for PeerGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PeerGroup::National => write!(f, "landelijk"),
            PeerGroup::Sector(slug) => write!(f, "sector:{slug}"),
            PeerGroup::Network(slug) => write!(f, "netwerk:{slug}"),
            PeerGroup::Region(slug) => write!(f, "regio:{slug}"),
            PeerGroup::CareType(slug) => write!(f, "zorgsoort:{slug}"),
            PeerGroup::SizeClass(slug) => write!(f, "grootte:{slug}"),
            PeerGroup::Chosen(names) => {
                write!(f, "keuze:{}", names.iter().map(|it| &**it).collect::<Vec<_>>().join(","))
            }
        }
    }
}

/// All standard groups that somebody is in, with their members: most general first, larger ones before smaller ones of
/// the same kind. In this order the guard decides which are shown.
pub fn standard_groups(everybody: &[Peer]) -> Vec<(PeerGroup, Members)> {
    let mut groups = BTreeSet::from([PeerGroup::National]);
    for it in everybody {
        groups.extend(it.sectors.iter().cloned().map(PeerGroup::Sector));
        groups.extend(it.networks.iter().cloned().map(PeerGroup::Network));
        groups.extend(it.regions.iter().cloned().map(PeerGroup::Region));
        groups.extend(it.care_types.iter().cloned().map(PeerGroup::CareType));
        groups.extend(it.size_classes.iter().cloned().map(PeerGroup::SizeClass));
    }
    let mut res: Vec<(PeerGroup, Members)> = groups
        .into_iter()
        .map(|it| {
            let members = it.members(everybody, None);
            (it, members)
        })
        .collect();
    let generality = |it: &PeerGroup| match it {
        PeerGroup::National => 0,
        PeerGroup::Sector(_) => 1,
        PeerGroup::Network(_) => 2,
        PeerGroup::Region(_) => 3,
        PeerGroup::CareType(_) => 4,
        PeerGroup::SizeClass(_) => 5,
        PeerGroup::Chosen(_) => 6,
    };
    res.sort_by_key(|(group, members)| (generality(group), usize::MAX - members.len()));
    res
}

fn is_slug(text: &str) -> bool {
    let is_fine = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    !text.is_empty() && text.len() <= 100 && text.bytes().all(is_fine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::Member;
    use crate::domain::organisation::Trait;
    use crate::domain::vocabulary::Sector;

    fn peers() -> Vec<Peer> {
        let one = |it: &str| BTreeSet::from([it.to_owned()]);
        ["a", "b", "c", "d", "e"]
            .into_iter()
            .zip(["oost", "oost", "west", "west", "west"])
            .map(|(name, region)| Peer {
                name: Arc::from(name),
                regions: one(region),
                sectors: if name == "e" { one("ghz") } else { one("vv") },
                size_classes: if name < "c" { one("klein") } else { BTreeSet::new() },
                ..Peer::default()
            })
            .collect()
    }

    #[test]
    fn groups_by_what_members_have_in_common() {
        for (text, expected) in [
            ("landelijk", "abcde"),
            ("sector:vv", "abcd"),
            ("regio:oost", "ab"),
            ("grootte:klein", "ab"),
            ("netwerk:onbekend", ""),
            ("keuze:d,e", "ade"),
            ("keuze:a,weg", "a"),
        ] {
            let group = PeerGroup::parse(text).unwrap();
            let found: String = group.members(&peers(), Some("a")).iter().map(|it| &**it).collect();
            assert_eq!((found.as_str(), group.to_string().as_str()), (expected, text));
            assert_eq!(group.is_standard(), !text.starts_with("keuze"));
        }
        let many = (0..201).map(|it| format!("lid-{it}")).collect::<Vec<_>>().join(",");
        for bad in ["", "heel nederland", "regio:", "regio:Oost", "land:nl", "keuze:", "keuze:a,,b"] {
            assert!(PeerGroup::parse(bad).is_err(), "{bad}");
        }
        assert!(PeerGroup::parse(&format!("keuze:{many}")).unwrap_err().contains("200"));
    }

    #[test]
    fn facts_are_those_of_the_period() {
        let moment = PartialDate::parse;
        let size = |value: &str, from, until| Trait {
            kind: TraitKind::SizeClass,
            value: value.to_owned(),
            from: moment(from),
            until: moment(until),
        };
        let organisation = Organisation {
            slug: "zorg-voorbeeld".into(),
            region: Some("arnhem".into()),
            sectors: vec![Sector::CHOICES.first().and_then(|it| Sector::parse(it.word)).unwrap()],
            traits: vec![size("klein", "2020", "2023"), size("middel", "2024", "")],
            ..Organisation::default()
        };
        let member = Member { organisation: "zorg-voorbeeld".into(), from: moment("2024-K3"), ..Member::default() };
        let network = Network { slug: "samen".into(), members: vec![member], ..Network::default() };
        for (period, size, is_in) in
            [("2023-K4", "klein", false), ("2024-K1", "middel", false), ("2025", "middel", true)]
        {
            let found = Peer::new(&organisation, std::slice::from_ref(&network), moment(period).unwrap());
            assert_eq!(found.size_classes, BTreeSet::from([size.to_owned()]), "{period}");
            assert_eq!(found.networks.contains("samen"), is_in, "{period}");
            assert!(found.regions.contains("arnhem") && found.sectors.len() == 1);
        }
    }

    #[test]
    fn general_groups_come_first() {
        let found: Vec<String> = standard_groups(&peers()).iter().map(|it| it.0.to_string()).collect();
        let expected = ["landelijk", "sector:vv", "sector:ghz", "regio:west", "regio:oost", "grootte:klein"];
        assert_eq!(found, expected);
    }
}
