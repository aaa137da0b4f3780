//! The lists around the documents, and one item of each. The `///` of an operation is published, in Dutch.

use std::collections::{BTreeSet, HashMap};

use poem::Request;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{OpenApi, Tags};
use serde_json::{Map, Value};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::{self, Target};
use crate::domain::{network, organisation, programme, region, theme};
use crate::search::request::{Facet, Request as Question};
use crate::store;
use crate::store::record::Filter;
use crate::text::{dutch, slug};
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::pages::search::{Counts, counts};
use crate::web::url;

use super::own_fields::{Described, Table, Visible};
use super::query;
use super::value::{Period, Word};
use super::view::{
    ActionLine, Member, Named, Network, Networks, Organisation, Organisations, Participant, Programme, Programmes,
    Region, Regions, Reported, RoleInNetwork, RoleInProgramme, RoleInRecord, RoleInTheme, TakesPart, Theme,
    ThemeOfProgramme, Themes, WholeOrganisation, WholeProgramme, WholeRegion, plain,
};

/// The address of the organisations below that of the API.
pub const ORGANISATIONS: &str = "/organisaties";

#[derive(Tags)]
enum Tag {
    /// Thema's, organisaties, netwerken, regio's en programma's.
    #[oai(rename = "Lijsten")]
    Lists,
}

pub struct CatalogueApi;

#[OpenApi(tag = "Tag::Lists")]
impl CatalogueApi {
    /// Alle thema's
    #[oai(path = "/themas", method = "get", operation_id = "themas")]
    async fn themes(&self, app: Data<&App>, visitor: Visitor, request: &Request) -> poem::Result<Json<Themes>> {
        query::none(request)?;
        let lists = Lists::load(&app, &visitor.actor).await?;
        Ok(Json(Themes { themas: lists.catalogue.themes.iter().map(|it| lists.theme(it)).collect() }))
    }

    /// Eén thema
    #[oai(path = "/themas/:slug", method = "get", operation_id = "thema")]
    async fn theme(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De slug van het thema.
        slug: Path<String>,
    ) -> poem::Result<Json<Theme>> {
        query::none(request)?;
        let lists = Lists::load(&app, &visitor.actor).await?;
        let theme = lists.catalogue.theme(&slug).ok_or(Failure::NotFound)?;
        Ok(Json(lists.theme(theme)))
    }

    /// Alle organisaties, op naam
    #[oai(path = "/organisaties", method = "get", operation_id = "organisaties")]
    async fn organisations(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
    ) -> poem::Result<Json<Organisations>> {
        let name = query::one(request, Some("naam"))?.unwrap_or_default();
        let lists = Lists::load(&app, &visitor.actor).await?;
        let mut found: Vec<&organisation::Organisation> =
            lists.catalogue.organisations.iter().filter(|it| is_called(it, &name)).collect();
        found.sort_by_cached_key(|it| dutch::sort_key(&it.name));
        Ok(Json(Organisations { organisaties: found.into_iter().map(|it| lists.organisation(it)).collect() }))
    }

    /// Eén organisatie met haar rollen
    #[oai(path = "/organisaties/:slug", method = "get", operation_id = "organisatie")]
    async fn organisation(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De slug van de organisatie.
        slug: Path<String>,
    ) -> poem::Result<Json<WholeOrganisation>> {
        query::none(request)?;
        Ok(Json(whole_organisation(&app, &visitor.actor, &slug).await?))
    }

    /// Alle netwerken met hun leden
    #[oai(path = "/netwerken", method = "get", operation_id = "netwerken")]
    async fn networks(&self, app: Data<&App>, request: &Request) -> poem::Result<Json<Networks>> {
        query::none(request)?;
        let catalogue = app.store.catalogue().await.map_err(Failure::from)?;
        Ok(Json(Networks { netwerken: catalogue.networks.iter().map(|it| network(it, &catalogue)).collect() }))
    }

    /// Eén netwerk
    #[oai(path = "/netwerken/:slug", method = "get", operation_id = "netwerk")]
    async fn network(
        &self,
        app: Data<&App>,
        request: &Request,
        /// De slug van het netwerk.
        slug: Path<String>,
    ) -> poem::Result<Json<Network>> {
        query::none(request)?;
        let catalogue = app.store.catalogue().await.map_err(Failure::from)?;
        let found = catalogue.network(&slug).ok_or(Failure::NotFound)?;
        Ok(Json(network(found, &catalogue)))
    }

    /// Alle regio's
    #[oai(path = "/regios", method = "get", operation_id = "regios")]
    async fn regions(&self, app: Data<&App>, visitor: Visitor, request: &Request) -> poem::Result<Json<Regions>> {
        query::none(request)?;
        let lists = Lists::load(&app, &visitor.actor).await?;
        Ok(Json(Regions { regios: lists.catalogue.regions.iter().map(|it| lists.region(it)).collect() }))
    }

    /// Eén regio met wat erin ligt
    #[oai(path = "/regios/:slug", method = "get", operation_id = "regio")]
    async fn region(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De slug van de regio.
        slug: Path<String>,
    ) -> poem::Result<Json<WholeRegion>> {
        query::none(request)?;
        let lists = Lists::load(&app, &visitor.actor).await?;
        let region = lists.catalogue.region(&slug).ok_or(Failure::NotFound)?;
        Ok(Json(lists.whole_region(region)))
    }

    /// Alle programma's
    #[oai(path = "/programmas", method = "get", operation_id = "programmas")]
    async fn programmes(&self, app: Data<&App>, visitor: Visitor, request: &Request) -> poem::Result<Json<Programmes>> {
        query::none(request)?;
        let lists = Lists::load(&app, &visitor.actor).await?;
        Ok(Json(Programmes { programmas: lists.catalogue.programmes.iter().map(|it| lists.programme(it)).collect() }))
    }

    /// Eén programma met zijn thema's en gemelde cijfers
    #[oai(path = "/programmas/:slug", method = "get", operation_id = "programma")]
    async fn programme(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De slug van het programma.
        slug: Path<String>,
    ) -> poem::Result<Json<WholeProgramme>> {
        query::none(request)?;
        let lists = Lists::load(&app, &visitor.actor).await?;
        let programme = lists.catalogue.programme(&slug).ok_or(Failure::NotFound)?;
        Ok(Json(lists.whole_programme(programme)))
    }
}

/// Whether an organisation has a name that contains this, as the page of organisations searches.
fn is_called(it: &organisation::Organisation, name: &str) -> bool {
    let folded = slug::fold(name.trim());
    let mut names = std::iter::once(&it.name).chain(it.aliases.iter().map(|it| &it.name));
    names.any(|it| slug::fold(it).contains(&folded))
}

/// The lists with the number of documents of each item.
struct Lists {
    catalogue: std::sync::Arc<Catalogue>,
    documents: Documents,
}

/// Where the numbers come from: the search, or the store while the search is down.
enum Documents {
    Found(Counts),
    Counted(HashMap<(Facet, String), u64>),
}

impl Lists {
    async fn load(app: &App, actor: &Actor) -> Result<Lists, Failure> {
        let catalogue = app.store.catalogue().await?;
        let found = counts(app, actor, &Question::new("")).await;
        let documents = match found.count(Facet::Theme, "") {
            Some(_) => Documents::Found(found),
            None => Documents::Counted(count(app, actor, &catalogue).await?),
        };
        Ok(Lists { catalogue, documents })
    }

    fn count(&self, facet: Facet, slug: &str) -> u64 {
        match &self.documents {
            Documents::Found(counts) => counts.count(facet, slug).unwrap_or(0),
            Documents::Counted(counts) => counts.get(&(facet, slug.to_owned())).copied().unwrap_or(0),
        }
    }

    fn theme(&self, it: &theme::Theme) -> Theme {
        let participant = |it: &theme::Participant| Participant {
            slug: it.organisation.clone(),
            naam: self.catalogue.name(Target::Organisation, &it.organisation).to_owned(),
            vermeld_als: it.listed_as.clone(),
        };
        Theme {
            slug: it.slug.clone(),
            naam: it.name.clone(),
            omschrijving: plain(it.description.as_deref()),
            boven: it.parent.clone(),
            programma: Named::maybe(&self.catalogue, Target::Programme, it.programme.as_deref()),
            van: it.from.map(Period),
            tot: it.until.map(Period),
            aantal_documenten: self.count(Facet::Theme, &it.slug),
            aantal_organisaties: it.participants.len() as u64,
            gemelde_deelnemers: it.reported.participants,
            gemeld: Reported::from(&it.reported),
            organisaties: it.participants.iter().map(participant).collect(),
            opmerkingen: it.notes.clone(),
            resultaten: plain(it.results.as_deref()),
            bronnen: tables(&it.sources),
            url: url::theme(&it.slug),
        }
    }

    fn organisation(&self, it: &organisation::Organisation) -> Organisation {
        Organisation::new(it, &self.catalogue, self.count(Facet::Organisation, &it.slug))
    }

    fn region(&self, it: &region::Region) -> Region {
        Region {
            slug: it.slug.clone(),
            naam: it.name.clone(),
            soort: Word(it.kind),
            boven: it.parent.clone(),
            omschrijving: plain(it.description.as_deref()),
            aantal_documenten: self.count(Facet::Region, &it.slug),
            url: url::region(&it.slug),
        }
    }

    fn whole_region(&self, it: &region::Region) -> WholeRegion {
        let lists = &self.catalogue;
        let family = lists.region_family(&it.slug);
        let inside = |it: Option<&str>| it.is_some_and(|it| family.contains(&it));
        let mut organisations: Vec<&organisation::Organisation> =
            lists.organisations.iter().filter(|it| inside(it.region.as_deref())).collect();
        organisations.sort_by_cached_key(|it| dutch::sort_key(&it.name));
        let networks = lists.networks.iter().filter(|it| inside(it.region.as_deref()));
        WholeRegion {
            regio: self.region(it),
            regios: family.iter().skip(1).map(|it| Named::to(lists, Target::Region, it)).collect(),
            organisaties: organisations
                .iter()
                .map(|it| Named { slug: it.slug.clone(), naam: it.name.clone() })
                .collect(),
            netwerken: networks.map(|it| Named { slug: it.slug.clone(), naam: it.name.clone() }).collect(),
        }
    }

    fn programme(&self, it: &programme::Programme) -> Programme {
        Programme {
            slug: it.slug.clone(),
            naam: it.name.clone(),
            omschrijving: plain(it.description.as_deref()),
            regio: Named::maybe(&self.catalogue, Target::Region, it.region.as_deref()),
            van: it.from.map(Period),
            tot: it.until.map(Period),
            aantal_documenten: self.count(Facet::Programme, &it.slug),
            organisaties: TakesPart::all(&self.catalogue, &it.organisations),
            url: url::programme(&it.slug),
        }
    }

    fn whole_programme(&self, it: &programme::Programme) -> WholeProgramme {
        let of = self.catalogue.themes.iter().filter(|theme| theme.programme.as_ref() == Some(&it.slug));
        let theme = |it: &theme::Theme| ThemeOfProgramme {
            slug: it.slug.clone(),
            naam: it.name.clone(),
            gemeld: Reported::from(&it.reported),
            aantal_organisaties: it.participants.len() as u64,
            url: url::theme(&it.slug),
        };
        WholeProgramme {
            programma: self.programme(it),
            themas: of.map(theme).collect(),
            cijfers: tables(&it.figures),
            opmerkingen: it.notes.clone(),
            bronnen: tables(&it.sources),
        }
    }
}

/// Counts in the store what the search would have counted.
async fn count(app: &App, actor: &Actor, catalogue: &Catalogue) -> Result<HashMap<(Facet, String), u64>, Failure> {
    let mut res = HashMap::new();
    for stored in store::record::list(&app.store, actor, &Filter::default()).await? {
        let common = &stored.record.common;
        let mut of: BTreeSet<(Facet, &str)> = BTreeSet::new();
        for slug in common.themes.iter().flat_map(|it| catalogue.theme_line(it)) {
            of.insert((Facet::Theme, slug));
        }
        for slug in common.region.iter().flat_map(|it| catalogue.region_line(it)) {
            of.insert((Facet::Region, slug));
        }
        of.extend(common.organisations.iter().map(|it| (Facet::Organisation, it.organisation.as_str())));
        of.extend(common.programme.iter().map(|it| (Facet::Programme, it.as_str())));
        for (facet, slug) in of {
            *res.entry((facet, slug.to_owned())).or_default() += 1;
        }
    }
    Ok(res)
}

async fn whole_organisation(app: &App, actor: &Actor, slug: &str) -> Result<WholeOrganisation, Failure> {
    let catalogue = app.store.catalogue().await?;
    let found = catalogue.organisation(slug).ok_or(Failure::NotFound)?;
    let filter = Filter { organisation: Some(slug), ..Filter::default() };
    let records = store::record::list(&app.store, actor, &filter).await?;
    let themes = catalogue.themes.iter().filter_map(|theme| {
        let participant = theme.participants.iter().find(|it| it.organisation == slug)?;
        Some(RoleInTheme {
            slug: theme.slug.clone(),
            naam: theme.name.clone(),
            programma: Named::maybe(&catalogue, Target::Programme, theme.programme.as_deref()),
            vermeld_als: participant.listed_as.clone(),
            url: url::theme(&theme.slug),
        })
    });
    let programmes = catalogue.programmes.iter().flat_map(|programme| {
        let of = programme.organisations.iter().filter(|it| it.organisation == slug);
        of.map(|it| RoleInProgramme {
            slug: programme.slug.clone(),
            naam: programme.name.clone(),
            rol: Word(it.role),
            url: url::programme(&programme.slug),
        })
    });
    let networks = catalogue.networks.iter().flat_map(|network| {
        let of = network.members.iter().filter(|it| it.organisation == slug);
        of.map(|it| RoleInNetwork {
            slug: network.slug.clone(),
            naam: network.name.clone(),
            rol: it.role.clone(),
            van: it.from.map(Period),
            tot: it.until.map(Period),
            url: url::network(&network.slug),
        })
    });
    Ok(WholeOrganisation {
        organisatie: Organisation::new(found, &catalogue, records.len() as u64),
        documenten: records.iter().map(|it| RoleInRecord::new(&it.record, slug)).collect(),
        themas: themes.collect(),
        programmas: programmes.collect(),
        netwerken: networks.collect(),
    })
}

fn network(it: &network::Network, catalogue: &Catalogue) -> Network {
    let member = |it: &network::Member| Member {
        slug: it.organisation.clone(),
        naam: catalogue.name(Target::Organisation, &it.organisation).to_owned(),
        rol: it.role.clone(),
        van: it.from.map(Period),
        tot: it.until.map(Period),
    };
    let line =
        |it: &network::ActionLine| ActionLine { naam: it.name.clone(), omschrijving: plain(it.description.as_deref()) };
    Network {
        slug: it.slug.clone(),
        naam: it.name.clone(),
        omschrijving: plain(it.description.as_deref()),
        regio: Named::maybe(catalogue, Target::Region, it.region.as_deref()),
        van: it.from.map(Period),
        tot: it.until.map(Period),
        aantal_leden: it.members.len() as u64,
        leden: it.members.iter().map(member).collect(),
        actielijnen: it.action_lines.iter().map(line).collect(),
        bronnen: tables(&it.sources),
        url: url::network(&it.slug),
    }
}

/// Items by their table. Those of a list name no documents.
fn tables<T: Described + serde::Serialize>(items: &[T]) -> Vec<Table<T>> {
    let values = |it: &T| -> Map<String, Value> { field::to_value(it) };
    items.iter().map(|it| Table::new(&values(it), &Visible::new())).collect()
}
