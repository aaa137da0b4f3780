//! The shapes of the answers. Property names are Dutch; poem-openapi publishes the `///` of a shape and of its
//! properties, so those are Dutch too.
//!
//! Invariant: every property is always in the answer; what is not known is null.

use poem_openapi::Object;
use serde::Serialize;

use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::organisation::Organisation as Listed;
use crate::domain::part::{Figure, Participation, Source};
use crate::domain::record::Record;
use crate::domain::status::Status;
use crate::domain::visibility::Visibility;
use crate::domain::vocabulary::{OrganisationKind, RecordKind, RegionKind, RelationKind, Role, Sector};
use crate::search::suggest::Kind;
use crate::text::markdown;
use crate::web::url;

use super::attachment::{AttachedFile, FoundIn};
use super::own_fields::{OwnFields, Plain, Table};
use super::value::{Facets, Moment, Period, Word};

/// Een naam met het laatste deel van het adres.
#[derive(Object, Serialize)]
#[oai(rename = "Verwijzing")]
pub struct Named {
    pub slug: String,
    pub naam: String,
}

impl Named {
    pub fn to(catalogue: &Catalogue, target: Target, slug: &str) -> Named {
        Named { slug: slug.to_owned(), naam: catalogue.name(target, slug).to_owned() }
    }

    pub fn all(catalogue: &Catalogue, target: Target, slugs: &[String]) -> Vec<Named> {
        slugs.iter().map(|it| Named::to(catalogue, target, it)).collect()
    }

    pub fn maybe(catalogue: &Catalogue, target: Target, slug: Option<&str>) -> Option<Named> {
        slug.map(|it| Named::to(catalogue, target, it))
    }
}

/// Een organisatie en wat zij doet.
#[derive(Object, Serialize)]
#[oai(rename = "Deelname")]
pub struct TakesPart {
    pub slug: String,
    pub naam: String,
    pub rol: Word<Role>,
}

impl TakesPart {
    pub fn all(catalogue: &Catalogue, organisations: &[Participation]) -> Vec<TakesPart> {
        let one = |it: &Participation| TakesPart {
            slug: it.organisation.clone(),
            naam: catalogue.name(Target::Organisation, &it.organisation).to_owned(),
            rol: Word(it.role),
        };
        organisations.iter().map(one).collect()
    }
}

/// Een bladzijde van wat gevonden is, met tellingen per filter.
#[derive(Object, Serialize)]
#[oai(rename = "Documenten", rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct Records {
    /// Hoeveel documenten er op alle bladzijden samen zijn.
    pub totaal: u64,
    /// De bladzijde, vanaf 1.
    pub pagina: u32,
    /// Hoeveel documenten er op een bladzijde staan.
    pub per_pagina: u32,
    pub documenten: Vec<RecordRow>,
    pub facetten: Facets,
    /// Een andere schrijfwijze die wel iets vindt.
    #[oai(nullable)]
    pub suggestie: Option<String>,
    /// Andere woorden waarop ook is gezocht.
    pub ook_gezocht_op: Vec<String>,
    /// Waar als wat tussen aanhalingstekens staat nergens letterlijk zo voorkomt, en daarom als losse woorden is gezocht.
    pub frase_los: bool,
}

/// Een document in een lijst.
#[derive(Object, Serialize)]
#[oai(rename = "DocumentInLijst", rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct RecordRow {
    /// Blijft gelijk, ook als het adres verandert.
    pub id: String,
    pub slug: String,
    pub soort: Word<RecordKind>,
    pub titel: String,
    pub samenvatting: String,
    /// Het deel van de tekst dat bij de vraag past: HTML met alleen `<mark>`; leeg zonder vraag.
    pub fragment: String,
    /// De bijlage waar het fragment uit komt; leeg als het uit het document zelf komt.
    #[oai(nullable)]
    pub vindplaats: Option<FoundIn>,
    pub themas: Vec<Named>,
    pub organisaties: Vec<TakesPart>,
    #[oai(nullable)]
    pub regio: Option<Named>,
    #[oai(nullable)]
    pub jaar: Option<i32>,
    /// Het adres van de pagina op deze site.
    pub url: String,
    /// Hoe goed het document bij de vraag past; 0 bij een andere volgorde dan relevantie.
    pub score: f64,
}

/// Wat iemand misschien wil typen.
#[derive(Object)]
#[oai(rename = "Suggesties")]
pub struct Suggestions {
    /// Per soort bij elkaar: titels, thema's, organisaties, begrippen. De waarschijnlijkste van een soort eerst.
    pub suggesties: Vec<Suggestion>,
}

/// Een suggestie bij wat er is getypt.
#[derive(Object)]
#[oai(rename = "Suggestie")]
pub struct Suggestion {
    /// De naam of titel; bij een afkorting of andere naam ook waar die voor staat: "Wzd → Wet zorg en dwang".
    pub tekst: String,
    pub soort: Word<Kind>,
    /// Het adres van de pagina op deze site; bij een begrip dat van de zoekvraag.
    pub url: String,
}

/// Een document met alles wat erin staat.
#[derive(Object)]
#[oai(rename = "Document", rename_all = "camelCase")]
pub struct WholeRecord {
    /// Blijft gelijk, ook als het adres verandert.
    pub id: String,
    pub slug: String,
    pub soort: Word<RecordKind>,
    #[oai(flatten)]
    pub algemeen: Table<Plain>,
    pub zichtbaarheid: Word<Visibility>,
    pub status: Word<Status>,
    pub themas: Vec<Named>,
    pub bouwstenen: Vec<Named>,
    pub organisaties: Vec<TakesPart>,
    #[oai(nullable)]
    pub regio: Option<Named>,
    #[oai(nullable)]
    pub programma: Option<Named>,
    /// Openbare documenten waar dit document naar verwijst.
    pub relaties: Vec<Related>,
    /// Bestanden bij dit document.
    pub bijlagen: Vec<AttachedFile>,
    /// Het jaar waarop een lezer zoekt: van het verslag of de uitgave, anders van het einde of het begin.
    #[oai(nullable)]
    pub jaar: Option<i32>,
    /// De velden van deze soort.
    pub velden: OwnFields,
    /// De tekst in Markdown.
    pub tekst: String,
    /// Dezelfde tekst als veilige HTML.
    pub tekst_html: String,
    /// Vanaf 1, één meer bij elke wijziging.
    pub versie: i32,
    pub gewijzigd_op: Moment,
    /// Het adres van de pagina op deze site.
    pub url: String,
}

/// Een ander document en hoe dit ermee samenhangt.
#[derive(Object)]
#[oai(rename = "Relatie")]
pub struct Related {
    pub soort: Word<RelationKind>,
    pub slug: String,
    pub titel: String,
    pub url: String,
}

/// Alle thema's, in de volgorde van de lijst.
#[derive(Object)]
#[oai(rename = "Themas")]
pub struct Themes {
    pub themas: Vec<Theme>,
}

/// Een thema.
#[derive(Object)]
#[oai(rename = "Thema", rename_all = "camelCase")]
pub struct Theme {
    pub slug: String,
    pub naam: String,
    /// Platte tekst.
    pub omschrijving: String,
    /// De slug van het bredere thema.
    #[oai(nullable)]
    pub boven: Option<String>,
    #[oai(nullable)]
    pub programma: Option<Named>,
    #[oai(nullable)]
    pub van: Option<Period>,
    #[oai(nullable)]
    pub tot: Option<Period>,
    /// Documenten over dit thema en over de smallere thema's eronder.
    pub aantal_documenten: u64,
    /// Organisaties in de lijst van deelnemers.
    pub aantal_organisaties: u64,
    /// Het aantal deelnemers dat het programma meldde.
    #[oai(nullable)]
    pub gemelde_deelnemers: Option<i32>,
    pub gemeld: Reported,
    pub organisaties: Vec<Participant>,
    /// Waar de bron zwijgt of zichzelf tegenspreekt.
    pub opmerkingen: Vec<String>,
    /// Platte tekst; leeg als er niets gemeld is.
    pub resultaten: String,
    pub bronnen: Vec<Table<Source>>,
    pub url: String,
}

/// Aantallen deelnemers zoals het programma ze meldde.
#[derive(Object)]
#[oai(rename = "Gemeld")]
pub struct Reported {
    #[oai(nullable)]
    pub deelnemers: Option<i32>,
    #[oai(nullable)]
    pub afgerond: Option<i32>,
    #[oai(nullable)]
    pub realisatie: Option<i32>,
    #[oai(nullable)]
    pub ontwerp: Option<i32>,
    #[oai(nullable)]
    pub gestopt: Option<i32>,
}

impl From<&crate::domain::theme::Reported> for Reported {
    fn from(it: &crate::domain::theme::Reported) -> Reported {
        Reported {
            deelnemers: it.participants,
            afgerond: it.finished,
            realisatie: it.realisation,
            ontwerp: it.design,
            gestopt: it.stopped,
        }
    }
}

/// Een organisatie die aan een thema meedeed.
#[derive(Object)]
#[oai(rename = "Deelnemer", rename_all = "camelCase")]
pub struct Participant {
    pub slug: String,
    pub naam: String,
    /// De naam in de bron, als die anders is.
    #[oai(nullable)]
    pub vermeld_als: Option<String>,
}

/// Organisaties op naam.
#[derive(Object)]
#[oai(rename = "Organisaties")]
pub struct Organisations {
    pub organisaties: Vec<Organisation>,
}

/// Een organisatie.
#[derive(Object)]
#[oai(rename = "Organisatie", rename_all = "camelCase")]
pub struct Organisation {
    pub slug: String,
    pub naam: String,
    pub soort: Word<OrganisationKind>,
    pub sectoren: Vec<Word<Sector>>,
    #[oai(nullable)]
    pub regio: Option<Named>,
    #[oai(nullable)]
    pub plaats: Option<String>,
    #[oai(nullable)]
    pub website: Option<String>,
    #[oai(nullable)]
    pub toelichting: Option<String>,
    pub aliassen: Vec<Alias>,
    /// Documenten waarin de organisatie een rol heeft.
    pub aantal_documenten: u64,
    pub url: String,
}

impl Organisation {
    pub fn new(it: &Listed, catalogue: &Catalogue, documents: u64) -> Organisation {
        let alias = |it: &crate::domain::organisation::Alias| Alias { naam: it.name.clone(), reden: it.reason.clone() };
        Organisation {
            slug: it.slug.clone(),
            naam: it.name.clone(),
            soort: Word(it.kind),
            sectoren: it.sectors.iter().copied().map(Word).collect(),
            regio: Named::maybe(catalogue, Target::Region, it.region.as_deref()),
            plaats: it.place.clone(),
            website: it.website.clone(),
            toelichting: it.note.clone(),
            aliassen: it.aliases.iter().map(alias).collect(),
            aantal_documenten: documents,
            url: url::organisation(&it.slug),
        }
    }
}

/// Een andere naam van dezelfde organisatie.
#[derive(Object)]
#[oai(rename = "Alias")]
pub struct Alias {
    pub naam: String,
    /// Waaruit blijkt dat het dezelfde organisatie is.
    #[oai(nullable)]
    pub reden: Option<String>,
}

/// Een organisatie met alles waaraan zij meedoet.
#[derive(Object)]
#[oai(rename = "OrganisatieMetRollen", rename_all = "camelCase")]
pub struct WholeOrganisation {
    #[oai(flatten)]
    pub organisatie: Organisation,
    pub documenten: Vec<RoleInRecord>,
    pub themas: Vec<RoleInTheme>,
    pub programmas: Vec<RoleInProgramme>,
    pub netwerken: Vec<RoleInNetwork>,
}

/// Wat een organisatie in een document doet.
#[derive(Object)]
#[oai(rename = "RolInDocument")]
pub struct RoleInRecord {
    pub slug: String,
    pub titel: String,
    pub soort: Word<RecordKind>,
    #[oai(nullable)]
    pub jaar: Option<i32>,
    pub rollen: Vec<Word<Role>>,
    pub url: String,
}

impl RoleInRecord {
    pub fn new(record: &Record, organisation: &str) -> RoleInRecord {
        let of = record.common.organisations.iter().filter(|it| it.organisation == organisation);
        RoleInRecord {
            slug: record.slug.clone(),
            titel: record.common.title.clone(),
            soort: Word(record.kind()),
            jaar: record.year(),
            rollen: of.map(|it| Word(it.role)).collect(),
            url: url::record(&record.slug),
        }
    }
}

/// Een thema waaraan een organisatie meedeed.
#[derive(Object)]
#[oai(rename = "RolInThema", rename_all = "camelCase")]
pub struct RoleInTheme {
    pub slug: String,
    pub naam: String,
    #[oai(nullable)]
    pub programma: Option<Named>,
    /// De naam in de bron, als die anders is.
    #[oai(nullable)]
    pub vermeld_als: Option<String>,
    pub url: String,
}

/// Wat een organisatie in een programma doet.
#[derive(Object)]
#[oai(rename = "RolInProgramma")]
pub struct RoleInProgramme {
    pub slug: String,
    pub naam: String,
    pub rol: Word<Role>,
    pub url: String,
}

/// Een netwerk waarvan een organisatie lid is.
#[derive(Object)]
#[oai(rename = "RolInNetwerk")]
pub struct RoleInNetwork {
    pub slug: String,
    pub naam: String,
    #[oai(nullable)]
    pub rol: Option<String>,
    #[oai(nullable)]
    pub van: Option<Period>,
    #[oai(nullable)]
    pub tot: Option<Period>,
    pub url: String,
}

/// Alle netwerken.
#[derive(Object)]
#[oai(rename = "Netwerken")]
pub struct Networks {
    pub netwerken: Vec<Network>,
}

/// Een netwerk met zijn leden en actielijnen.
#[derive(Object)]
#[oai(rename = "Netwerk", rename_all = "camelCase")]
pub struct Network {
    pub slug: String,
    pub naam: String,
    /// Platte tekst.
    pub omschrijving: String,
    #[oai(nullable)]
    pub regio: Option<Named>,
    #[oai(nullable)]
    pub van: Option<Period>,
    #[oai(nullable)]
    pub tot: Option<Period>,
    pub aantal_leden: u64,
    pub leden: Vec<Member>,
    pub actielijnen: Vec<ActionLine>,
    pub bronnen: Vec<Table<Source>>,
    pub url: String,
}

/// Een lid van een netwerk.
#[derive(Object)]
#[oai(rename = "Lid")]
pub struct Member {
    pub slug: String,
    pub naam: String,
    #[oai(nullable)]
    pub rol: Option<String>,
    #[oai(nullable)]
    pub van: Option<Period>,
    #[oai(nullable)]
    pub tot: Option<Period>,
}

/// Een lijn waarlangs de leden samenwerken.
#[derive(Object)]
#[oai(rename = "Actielijn")]
pub struct ActionLine {
    pub naam: String,
    /// Platte tekst.
    pub omschrijving: String,
}

/// Alle regio's.
#[derive(Object)]
#[oai(rename = "Regios")]
pub struct Regions {
    pub regios: Vec<Region>,
}

/// Een regio.
#[derive(Object)]
#[oai(rename = "Regio", rename_all = "camelCase")]
pub struct Region {
    pub slug: String,
    pub naam: String,
    pub soort: Word<RegionKind>,
    /// De slug van de grotere regio.
    #[oai(nullable)]
    pub boven: Option<String>,
    /// Platte tekst.
    pub omschrijving: String,
    /// Documenten uit deze regio en uit de kleinere erin.
    pub aantal_documenten: u64,
    pub url: String,
}

/// Een regio met wat erin ligt.
#[derive(Object)]
#[oai(rename = "RegioMetInhoud", rename_all = "camelCase")]
pub struct WholeRegion {
    #[oai(flatten)]
    pub regio: Region,
    /// De kleinere regio's erin.
    pub regios: Vec<Named>,
    pub organisaties: Vec<Named>,
    pub netwerken: Vec<Named>,
}

/// Alle programma's.
#[derive(Object)]
#[oai(rename = "Programmas")]
pub struct Programmes {
    pub programmas: Vec<Programme>,
}

/// Een programma.
#[derive(Object)]
#[oai(rename = "Programma", rename_all = "camelCase")]
pub struct Programme {
    pub slug: String,
    pub naam: String,
    /// Platte tekst.
    pub omschrijving: String,
    #[oai(nullable)]
    pub regio: Option<Named>,
    #[oai(nullable)]
    pub van: Option<Period>,
    #[oai(nullable)]
    pub tot: Option<Period>,
    /// Documenten van dit programma.
    pub aantal_documenten: u64,
    /// Wie het programma draagt.
    pub organisaties: Vec<TakesPart>,
    pub url: String,
}

/// Een programma met zijn thema's en de cijfers die het zelf meldde.
#[derive(Object)]
#[oai(rename = "ProgrammaMetCijfers", rename_all = "camelCase")]
pub struct WholeProgramme {
    #[oai(flatten)]
    pub programma: Programme,
    pub themas: Vec<ThemeOfProgramme>,
    /// Getallen zoals het programma ze meldde.
    pub cijfers: Vec<Table<Figure>>,
    /// Waar de bron zwijgt of zichzelf tegenspreekt.
    pub opmerkingen: Vec<String>,
    pub bronnen: Vec<Table<Source>>,
}

/// Een thema van een programma: gemeld en geteld.
#[derive(Object)]
#[oai(rename = "ThemaVanProgramma", rename_all = "camelCase")]
pub struct ThemeOfProgramme {
    pub slug: String,
    pub naam: String,
    pub gemeld: Reported,
    /// Organisaties in de lijst van deelnemers.
    pub aantal_organisaties: u64,
    pub url: String,
}

/// Markdown as the plain text of an answer; nothing is an empty text.
pub fn plain(text: Option<&str>) -> String {
    markdown::to_plain(text.unwrap_or(""))
}
