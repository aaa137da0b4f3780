//! The organisations of the demonstration, their network, and the practices behind their figures.

use chrono::{Datelike, NaiveDate};

use crate::domain::catalogue::Catalogue;
use crate::domain::improvement_plan::ImprovementPlan;
use crate::domain::indicator::IndicatorGroup;
use crate::domain::library::Library;
use crate::domain::network::{Consent, Deadline, MayBeAsked, Member as NetworkMember, Network, Sharing};
use crate::domain::organisation::{Organisation, Trait, TraitKind};
use crate::domain::part::{IndicatorAim, Participation, Source};
use crate::domain::period::{PartialDate, Span};
use crate::domain::record::{Common, Own, Record};
use crate::domain::region::Region;
use crate::domain::vocabulary::{OrganisationKind, Outcome, Phase, RegionKind, Role, Sector, Success};
use crate::exchange::synthetic::random::Random;

use super::{MARK, NETWORK, ORGANISATIONS, organisation};

const REGIONS: usize = 5;
/// The organisation that got better, and when it began.
pub(super) const IMPROVER: usize = 17;
pub(super) const BEGAN: (i32, u32) = (2024, 4);

const NOTE: &str = "Verzonnen organisatie voor de demonstratie; namen en cijfers zijn fictief.";

/// One organisation, with what its figures follow from.
pub(super) struct Member {
    /// From 1.
    pub number: usize,
    pub slug: String,
    pub region: String,
    /// Employees.
    pub staff: f64,
    /// Clients with a stay.
    pub clients: f64,
    /// How well it is run, from about -2 to 2; 0 is usual.
    pub quality: f64,
    pub care_type: &'static str,
}

/// All organisations, the same every time.
pub(super) fn members(count: usize) -> Vec<Member> {
    (1..=count)
        .map(|number| {
            let mut random = Random::new(60, number as u64);
            let staff = 70.0 * (1.0 + random.below(100) as f64 / 12.0).powf(1.3);
            let quality = (0..4).map(|_| random.below(1_000) as f64 / 1_000.0 - 0.5).sum::<f64>() * 1.6;
            Member {
                number,
                slug: organisation(number),
                region: region_slug(number % REGIONS + 1),
                clients: (staff * (0.30 + random.below(20) as f64 / 100.0)).round(),
                staff: staff.round(),
                quality,
                care_type: if number % 4 == 0 { "wijkverpleging" } else { "verblijf" },
            }
        })
        .collect()
}

fn region_slug(number: usize) -> String {
    format!("voorbeeldregio-{number}")
}

/// The lists and documents.
pub(super) fn library(members: &[Member], catalogue: &Catalogue, today: NaiveDate) -> Library {
    let mut res = Library::default();
    for number in 1..=REGIONS {
        res.catalogue.regions.push(Region {
            slug: region_slug(number),
            name: format!("Voorbeeldregio {number} {MARK}"),
            kind: RegionKind::Region,
            parent: None,
            description: Some("Verzonnen regio voor de demonstratie.".to_owned()),
        });
    }
    for it in members {
        res.catalogue.organisations.push(Organisation {
            slug: it.slug.clone(),
            name: format!("Voorbeeldzorg {:02} {MARK}", it.number),
            kind: OrganisationKind::CareProvider,
            sectors: vec![if it.care_type == "verblijf" { Sector::NursingAndCare } else { Sector::HomeCare }],
            region: Some(it.region.clone()),
            note: Some(NOTE.to_owned()),
            traits: vec![fact(TraitKind::SizeClass, size_class(it.staff)), fact(TraitKind::CareType, it.care_type)],
            ..Organisation::default()
        });
    }
    res.catalogue.networks.push(network(&members[..members.len().min(ORGANISATIONS)]));
    let known = |slug: &str| catalogue.indicator(slug).is_some();
    res.records = practices()
        .into_iter()
        .filter(|it| it.2.iter().all(|it| known(it)))
        .map(|it| plan(it, catalogue, today))
        .collect();
    res
}

fn fact(kind: TraitKind, value: &str) -> Trait {
    Trait { kind, value: value.to_owned(), from: None, until: None }
}

fn size_class(staff: f64) -> &'static str {
    match staff {
        it if it < 300.0 => "klein",
        it if it < 800.0 => "middel",
        _ => "groot",
    }
}

fn network(members: &[Member]) -> Network {
    let member = |it: &Member| {
        // One in three shows its name; the better ones a little more often. A few keep money to themselves.
        let is_named = it.number % 3 == 2 || [IMPROVER, 23].contains(&it.number);
        let mut consents = Vec::new();
        for group in IndicatorGroup::ALL {
            let sharing = match group {
                IndicatorGroup::Finance if it.number % 10 == 1 => Sharing::Withheld,
                IndicatorGroup::Finance => Sharing::Anonymous,
                _ if is_named => Sharing::Named,
                _ => Sharing::Anonymous,
            };
            if sharing != Sharing::Anonymous {
                consents.push(Consent { group: *group, sharing });
            }
        }
        NetworkMember {
            organisation: it.slug.clone(),
            from: PartialDate::parse("2020"),
            consents,
            may_be_asked: Some(if is_named { MayBeAsked::Yes } else { MayBeAsked::No }),
            ..NetworkMember::default()
        }
    };
    let deadline = |span, days| Deadline { span, days, embargo: None };
    Network {
        slug: NETWORK.to_owned(),
        name: format!("Voorbeeldnetwerk {MARK}"),
        description: Some(
            "Verzonnen netwerk van zestig verzonnen organisaties, om te laten zien hoe vergelijken werkt. Alle namen \
             en cijfers zijn fictief."
                .to_owned(),
        ),
        members: members.iter().map(member).collect(),
        deadlines: vec![deadline(Span::Month, 20), deadline(Span::Quarter, 30), deadline(Span::Year, 90)],
        ..Network::default()
    }
}

/// Slug, title, the indicators it moves, who leads it, summary, motive, approach, results.
type Practice = (
    &'static str,
    &'static str,
    &'static [&'static str],
    usize,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

fn practices() -> Vec<Practice> {
    vec![
        (
            "voorbeeld-teams-roosteren-zelf",
            "Teams roosteren zelf: minder verzuim",
            &["ziekteverzuim-kwartaal", "ziekteverzuim"],
            IMPROVER,
            "Verzonnen voorbeeld: teams maken hun eigen rooster en de leidinggevende belt op de eerste ziektedag. Het verzuim daalde van ruim 9 naar ruim 6 procent.",
            "Het verzuim lag jaren boven dat van vergelijkbare organisaties. Medewerkers zeiden dat zij geen invloed hadden op hun rooster en te weinig rust tussen diensten hadden.",
            "Elk team kreeg twee roostermakers uit het eigen team, een paar vaste regels (rust, nachten, weekenden) en een dagdeel scholing. De leidinggevende belt op de eerste ziektedag en spreekt af wat nog wel kan. Na drie maanden keek elk team zijn eigen cijfers terug.",
            "Na twee kwartalen daalde het verzuim en het bleef laag. Ook de uitstroom nam af.",
        ),
        (
            "voorbeeld-vaste-flexpool",
            "Een eigen flexpool in plaats van inhuur",
            &["pnil-uren-kwartaal"],
            23,
            "Verzonnen voorbeeld: een regionale flexpool met vaste contracten verving de inhuur via bureaus.",
            "De inhuur kostte veel en bewoners zagen steeds andere gezichten.",
            "Vier locaties maakten samen een pool met vaste contracten, een app voor open diensten en een opslag voor wie kort van tevoren komt.",
            "De inhuur zakte naar een paar procent van de uren.",
        ),
        (
            "voorbeeld-vallen-samen-bespreken",
            "Elke val dezelfde week bespreken",
            &["mic-letsel", "mic-vallen"],
            35,
            "Verzonnen voorbeeld: het team bespreekt elke val binnen een week met fysiotherapeut en familie.",
            "Meldingen bleven liggen tot de maandrapportage.",
            "De aandachtsvelder zet elke val op het bord; binnen een week kijkt het team met de fysiotherapeut naar medicatie, schoenen, licht en toiletgang.",
            "Er wordt meer gemeld en minder vaak met letsel.",
        ),
    ]
}

fn plan(it: Practice, catalogue: &Catalogue, today: NaiveDate) -> Record {
    let (slug, title, indicators, lead, summary, motive, approach, effects) = it;
    let mut themes: Vec<String> = Vec::new();
    for theme in indicators.iter().filter_map(|it| catalogue.indicator(it)).flat_map(|it| &it.themes) {
        if !themes.contains(theme) && themes.len() < 4 {
            themes.push(theme.clone());
        }
    }
    let aim = |it: &&str| IndicatorAim {
        indicator: (*it).to_owned(),
        note: Some("Verzonnen verband, voor de demonstratie.".to_owned()),
        ..IndicatorAim::default()
    };
    let common = Common {
        title: format!("{title} {MARK}"),
        summary: summary.to_owned(),
        themes,
        sectors: vec![Sector::NursingAndCare],
        from: PartialDate::parse(&format!("{:04}-{:02}", BEGAN.0, BEGAN.1)),
        outcome: Some(Outcome::Finished),
        success: Some(Success::Achieved),
        keywords: vec!["fictief".to_owned(), "voorbeeld".to_owned()],
        contact: Some("afdeling kwaliteit (fictief)".to_owned()),
        review_by: NaiveDate::from_ymd_opt(today.year() + 1, 12, 31),
        organisations: vec![Participation { organisation: organisation(lead), role: Role::Lead }],
        sources: vec![Source {
            title: "Verzonnen voor de demonstratie van Leerkring".to_owned(),
            year: Some(today.year()),
            ..Source::default()
        }],
        ..Common::default()
    };
    let own = ImprovementPlan {
        motive: Some(motive.to_owned()),
        goal: Some("Verzonnen doel: het cijfer binnen een jaar zichtbaar en blijvend verbeteren.".to_owned()),
        approach: Some(approach.to_owned()),
        phase: Some(Phase::Embedding),
        effects_professionals: Some(effects.to_owned()),
        tips: vec!["Begin met één team dat wil.".to_owned(), "Laat het team zelf zijn cijfers zien.".to_owned()],
        indicators: indicators.iter().map(aim).collect(),
        ..ImprovementPlan::default()
    };
    Record {
        slug: slug.to_owned(),
        common,
        own: Own::ImprovementPlan(own),
        body: "Dit document is verzonnen, net als de organisatie en haar cijfers.".to_owned(),
    }
}
