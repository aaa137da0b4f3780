//! The lists of the synthetic library: as many of each as a country has.

use crate::domain::building_block::BuildingBlock;
use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::{Definition, Indicator, IndicatorGroup, IndicatorKind};
use crate::domain::network::{ActionLine, Member, Network};
use crate::domain::organisation::{Alias, Organisation};
use crate::domain::part::{Participation, Source};
use crate::domain::period::{PartialDate, Span};
use crate::domain::programme::Programme;
use crate::domain::region::Region;
use crate::domain::theme::{Participant, Reported, Theme};
use crate::domain::vocabulary::{OrganisationKind, RegionKind, Role, Sector};

use super::figures;
use super::prose::{Prose, address, capital};
use super::random::{Random, Zipf};
use super::vocabulary::Vocabulary;
use super::{INVENTED, LAST_YEAR, MARK, SOURCE};

const REGIONS: usize = 31;
const ORGANISATIONS: usize = 2_000;
/// Words that belong to one theme.
const WORDS_PER_THEME: usize = 40;

const BUILDING_BLOCKS: [&str; 5] =
    ["Weten wie iemand is", "Samen om iemand heen", "Het werk verdelen", "Blijven leren", "Zien hoe het gaat"];

const PROGRAMMES: [&str; 12] = [
    "Thuis in de wijk",
    "Tijd voor aandacht",
    "Sterk aan het werk",
    "Samen leren",
    "Gezond ouder worden",
    "Slim geregeld",
    "Ruimte voor regie",
    "De nacht op orde",
    "Veilig vooruit",
    "Wonen met waarde",
    "Zorg om de hoek",
    "Kracht van de streek",
];

/// A wide theme and the narrower ones in it.
const THEMES: [(&str, [&str; 4]); 12] = [
    ("Veilige zorg", ["Valpreventie", "Medicatieveiligheid", "Infectiepreventie", "Onvrijwillige zorg"]),
    ("Personeel", ["Ziekteverzuim", "Duurzame inzetbaarheid", "Inwerken", "Werkdruk"]),
    ("Leren", ["Leren op de werkvloer", "Stages", "Zij-instroom", "Lerende netwerken"]),
    ("Familie en naasten", ["Mantelzorg", "Familieparticipatie", "Vrijwilligers", "Rouw en afscheid"]),
    ("Wonen", ["Kleinschalig wonen", "Open deuren", "Verhuizen", "Huiselijke sfeer"]),
    ("Dementie", ["Onbegrepen gedrag", "Dagbesteding", "Levensloop", "Jonge mensen met dementie"]),
    ("Gezond leven", ["Voeding", "Bewegen", "Mondzorg", "Slaap"]),
    ("Techniek", ["Sensoren", "Zorg op afstand", "Digitaal dossier", "Sociale robots"]),
    ("Organiseren", ["Roosteren", "Zelfstandige teams", "Taakverdeling", "Capaciteit"]),
    ("Samen in de regio", ["Crisiszorg", "Wachtlijsten", "Regionale behandeldienst", "Nachtzorg"]),
    ("Kwaliteit", ["Cliëntervaringen", "Incidenten", "Audits", "Indicatoren"]),
    ("Zeggenschap", ["Cliëntenraad", "Eigen regie", "Medezeggenschap", "Klachten"]),
];

/// Of a hundred organisations, how many are of a kind, and what such a one is called.
const KINDS: [(usize, OrganisationKind, &str); 13] = [
    (40, OrganisationKind::CareProvider, "Zorggroep"),
    (12, OrganisationKind::CareProvider, "Thuiszorg"),
    (12, OrganisationKind::CareProvider, "Begeleid wonen"),
    (5, OrganisationKind::CareProvider, "GGZ-groep"),
    (2, OrganisationKind::CareOffice, "Zorgkantoor"),
    (2, OrganisationKind::Insurer, "Zorgverzekeraar"),
    (10, OrganisationKind::Municipality, "Gemeente"),
    (4, OrganisationKind::KnowledgeInstitute, "Kennisinstituut"),
    (5, OrganisationKind::Education, "Zorgschool"),
    (2, OrganisationKind::TradeBody, "Branchevereniging"),
    (3, OrganisationKind::Alliance, "Samenwerkingsverband"),
    (2, OrganisationKind::Company, "Zorgtechniek"),
    (1, OrganisationKind::Other, "Cliëntenvereniging"),
];

/// The indicators that documents name: code, name and group.
pub(super) const INDICATORS: [(&str, &str, IndicatorGroup); 4] = [
    ("ziekteverzuim", "Ziekteverzuim", IndicatorGroup::Absence),
    ("uitstroom", "Uitstroom", IndicatorGroup::Turnover),
    ("valincidenten", "Valincidenten", IndicatorGroup::Safety),
    ("clienttevredenheid", "Cliënttevredenheid", IndicatorGroup::Experience),
];

/// The lists, and what a document needs to draw from them.
pub(super) struct Lists {
    pub catalogue: Catalogue,
    /// By theme the words that belong to it, its own name first.
    pub subjects: Vec<Vec<String>>,
    leads: Pool,
    partners: Pool,
    funders: Pool,
    knowledge: Pool,
}

/// Organisations that can have one role, a few of them far more often than the rest.
struct Pool {
    at: Vec<usize>,
    zipf: Zipf,
}

impl Pool {
    fn of(organisations: &[Organisation], kinds: &[OrganisationKind]) -> Pool {
        let at: Vec<usize> = (0..organisations.len()).filter(|it| kinds.contains(&organisations[*it].kind)).collect();
        Pool { zipf: Zipf::new(at.len(), 10), at }
    }
}

impl Lists {
    pub fn new(vocabulary: &Vocabulary, random: &mut Random) -> Lists {
        let subjects = subjects(vocabulary, random);
        let prose = Prose { vocabulary, subjects: vec![] };
        let regions = regions(random);
        let organisations = organisations(&regions, random);
        use OrganisationKind::{
            Alliance, CareOffice, CareProvider, Company, Education, Insurer, KnowledgeInstitute, Municipality,
            TradeBody,
        };
        let mut res = Lists {
            leads: Pool::of(&organisations, &[CareProvider, Alliance]),
            partners: Pool::of(&organisations, &[CareProvider, Municipality, Company, Alliance, Education]),
            funders: Pool::of(&organisations, &[CareOffice, Insurer, Municipality]),
            knowledge: Pool::of(&organisations, &[KnowledgeInstitute, Education, TradeBody]),
            catalogue: Catalogue {
                building_blocks: building_blocks(&prose, random).into(),
                regions: regions.into(),
                organisations: organisations.into(),
                ..Catalogue::default()
            },
            subjects,
        };
        res.catalogue.programmes = res.programmes(&prose, random).into();
        res.catalogue.themes = res.themes(vocabulary, random).into();
        res.catalogue.networks = res.networks(&prose, random).into();
        res.catalogue.indicators = INDICATORS.map(indicator).to_vec().into();
        res
    }

    /// An organisation that can have this role.
    pub fn organisation(&self, role: Role, random: &mut Random) -> &Organisation {
        let pool = match role {
            Role::Lead => &self.leads,
            Role::Partner => &self.partners,
            Role::Funder => &self.funders,
            Role::KnowledgePartner => &self.knowledge,
        };
        &self.catalogue.organisations[pool.at[pool.zipf.draw(random)]]
    }

    /// So many organisations with their roles, none twice; the first leads.
    pub fn participations(&self, count: usize, random: &mut Random) -> Vec<Participation> {
        let mut res: Vec<Participation> = Vec::with_capacity(count);
        for at in 0..count {
            let role = match random.below(100) {
                _ if at == 0 => Role::Lead,
                it if it < 75 => Role::Partner,
                it if it < 88 => Role::KnowledgePartner,
                _ => Role::Funder,
            };
            let organisation = self.organisation(role, random).slug.clone();
            if !res.iter().any(|it| it.organisation == organisation) {
                res.push(Participation { organisation, role });
            }
        }
        res
    }

    fn programmes(&self, prose: &Prose, random: &mut Random) -> Vec<Programme> {
        let make = |name: &&str| {
            let from = random.between(2012, 2022);
            let organisations = random.between(5, 40);
            Programme {
                slug: address(&format!("programma {name}")),
                name: format!("Programma {name} {MARK}"),
                description: Some(invented(prose, random)),
                from: PartialDate::parse(&from.to_string()),
                until: PartialDate::parse(&(from + random.between(2, 4)).to_string()),
                notes: vec![INVENTED.to_owned()],
                organisations: self.participations(organisations, random),
                figures: figures::some(8, from, random),
                sources: vec![source(from)],
                ..Programme::default()
            }
        };
        PROGRAMMES.iter().map(make).collect()
    }

    fn themes(&self, vocabulary: &Vocabulary, random: &mut Random) -> Vec<Theme> {
        let make = |(at, (name, parent)): (usize, (&str, Option<&str>))| {
            let prose = Prose { vocabulary, subjects: vec![&self.subjects[at]] };
            let programme = random.percent(40).then(|| random.pick(&self.catalogue.programmes).slug.clone());
            let wanted = if parent.is_some() { random.below(60) } else { 0 };
            let mut participants: Vec<Participant> = Vec::new();
            for _ in 0..wanted {
                let organisation = self.organisation(Role::Lead, random).slug.clone();
                if !participants.iter().any(|it| it.organisation == organisation) {
                    participants.push(Participant { organisation, listed_as: None });
                }
            }
            let count = participants.len() as i32;
            Theme {
                slug: address(name),
                name: format!("{name} {MARK}"),
                parent: parent.map(address),
                programme,
                description: Some(invented(&prose, random)),
                results: random.percent(60).then(|| prose.paragraph(random)),
                notes: vec![INVENTED.to_owned()],
                reported: Reported {
                    participants: (0 < count).then_some(count),
                    finished: (0 < count).then_some(count / 2),
                    ..Reported::default()
                },
                participants,
                sources: vec![source(LAST_YEAR)],
                ..Theme::default()
            }
        };
        theme_names().enumerate().map(make).collect()
    }

    fn networks(&self, prose: &Prose, random: &mut Random) -> Vec<Network> {
        let make = |at: usize| {
            let members = random.between(5, 30);
            let members = self.participations(members, random).into_iter();
            let lines = (0..random.between(2, 5)).map(|_| ActionLine {
                name: capital(&prose.heading(random)),
                description: Some(prose.paragraph(random)),
            });
            let action_lines = lines.collect();
            Network {
                slug: format!("lerend-netwerk-voorbeeld-{at:02}"),
                name: format!("Lerend netwerk Voorbeeld {at:02} {MARK}"),
                description: Some(invented(prose, random)),
                region: Some(region_slug(at)),
                from: PartialDate::parse(&random.between(2012, 2024).to_string()),
                until: None,
                members: members.map(|it| Member { organisation: it.organisation, ..Member::default() }).collect(),
                action_lines,
                deadlines: vec![],
                sources: vec![source(LAST_YEAR)],
            }
        };
        (1..=REGIONS).map(make).collect()
    }
}

/// All themes, each after the wider one it belongs to.
fn theme_names() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    THEMES.iter().flat_map(|(wide, narrow)| {
        std::iter::once((*wide, None)).chain(narrow.iter().map(move |name| (*name, Some(*wide))))
    })
}

fn subjects(vocabulary: &Vocabulary, random: &mut Random) -> Vec<Vec<String>> {
    let make = |(name, _): (&str, Option<&str>)| {
        let mut words = vec![name.to_lowercase()];
        words.extend((1..WORDS_PER_THEME).map(|_| vocabulary.telling(random).to_owned()));
        words
    };
    theme_names().map(make).collect()
}

fn building_blocks(prose: &Prose, random: &mut Random) -> Vec<BuildingBlock> {
    let make = |name: &&str| BuildingBlock {
        slug: address(name),
        name: format!("{name} {MARK}"),
        description: Some(invented(prose, random)),
    };
    BUILDING_BLOCKS.iter().map(make).collect()
}

fn region_slug(at: usize) -> String {
    format!("zorgregio-voorbeeld-{at:02}")
}

/// Every region with up to four parts.
fn regions(random: &mut Random) -> Vec<Region> {
    let mut res = Vec::new();
    for at in 1..=REGIONS {
        res.push(Region {
            slug: region_slug(at),
            name: format!("Zorgregio Voorbeeld {at:02} {MARK}"),
            kind: RegionKind::CareOfficeRegion,
            parent: None,
            description: Some(INVENTED.to_owned()),
        });
        let parts = random.below(5);
        for part in ["Noord", "Oost", "Zuid", "West"].iter().take(parts) {
            res.push(Region {
                slug: format!("{}-{}", region_slug(at), address(part)),
                name: format!("Voorbeeld {at:02} {part} {MARK}"),
                kind: RegionKind::Subregion,
                parent: Some(region_slug(at)),
                description: Some(INVENTED.to_owned()),
            });
        }
    }
    res
}

fn organisations(regions: &[Region], random: &mut Random) -> Vec<Organisation> {
    let make = |at: usize| {
        let mut left = random.below(100);
        let passed = |it: &&(usize, OrganisationKind, &str)| {
            let is_here = left < it.0;
            left = left.saturating_sub(it.0);
            is_here
        };
        let (_, kind, word) = KINDS.iter().find(passed).unwrap_or(&KINDS[0]);
        let sector = match *word {
            "Zorggroep" => Some(Sector::NursingAndCare),
            "Thuiszorg" => Some(Sector::HomeCare),
            "Begeleid wonen" => Some(Sector::DisabilityCare),
            "GGZ-groep" => Some(Sector::MentalHealthCare),
            _ => None,
        };
        let mut sectors: Vec<Sector> = sector.into_iter().collect();
        if sector == Some(Sector::NursingAndCare) && random.percent(40) {
            sectors.push(Sector::HomeCare);
        }
        let alias = random.percent(10).then(|| Alias {
            name: format!("{word} Vb{at:04} {MARK}"),
            reason: Some("Verzonnen: een kortere naam van dezelfde organisatie.".to_owned()),
        });
        Organisation {
            slug: address(&format!("{word} voorbeeld {at:04}")),
            name: format!("{word} Voorbeeld {at:04} {MARK}"),
            kind: *kind,
            sectors,
            region: Some(random.pick(regions).slug.clone()),
            place: Some(format!("Voorbeeldplaats {:03} {MARK}", random.between(1, 400))),
            website: random.percent(70).then(|| format!("https://voorbeeld-{at:04}.example/")),
            note: Some(INVENTED.to_owned()),
            aliases: alias.into_iter().collect(),
            traits: vec![],
        }
    };
    (1..=ORGANISATIONS).map(make).collect()
}

/// An indicator that the invented documents name.
fn indicator((slug, name, group): (&str, &str, IndicatorGroup)) -> Indicator {
    Indicator {
        slug: slug.to_owned(),
        name: format!("{name} {MARK}"),
        group,
        kind: IndicatorKind::Ratio,
        unit: "%".to_owned(),
        factor: Some(100.0),
        span: Span::Year,
        why: INVENTED.to_owned(),
        definitions: vec![Definition {
            version: "1".to_owned(),
            numerator: "verzonnen".to_owned(),
            denominator: Some("verzonnen".to_owned()),
            ..Definition::default()
        }],
        ..Indicator::default()
    }
}

/// A description that says it is invented.
fn invented(prose: &Prose, random: &mut Random) -> String {
    format!("{INVENTED} {}", prose.paragraph(random))
}

/// Where all this stands: nowhere.
pub(super) fn source(year: usize) -> Source {
    Source { title: SOURCE.to_owned(), year: Some(year as i32), page: None, url: None }
}
