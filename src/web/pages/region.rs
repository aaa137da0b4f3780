//! Regions: what happens in the area of a care office, its subregions included.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::app::App;
use crate::domain::brief::Brief;
use crate::domain::field::Target;
use crate::search::request::{Facet, Request};
use crate::store;
use crate::store::record::Filter;
use crate::text::{dutch, markdown};
use crate::web::actor::Visitor;
use crate::web::card::{Card, Link};
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::url;

#[derive(Template)]
#[template(path = "regions.html", config = "src/web/askama.toml")]
struct RegionsPage {
    frame: Frame,
    regions: Vec<(Link, &'static str, Option<String>, String)>,
}

#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let counts = super::search::counts(app, &visitor.actor, &Request::new("")).await;
    let regions = catalogue.regions.iter().map(|it| {
        let parent = it.parent.as_deref().map(|it| catalogue.name(Target::Region, it).to_owned());
        let count = counts.count(Facet::Region, &it.slug);
        let documents = count.map_or_else(String::new, |it| dutch::count(it as usize, "document", "documenten"));
        (Link::to(&catalogue, Target::Region, &it.slug), it.kind.label(), parent, documents)
    });
    page::show(&RegionsPage {
        frame: Frame::new(app, &visitor, Section::None, "Regio’s", url::REGIONS)
            .described("De regio’s waar plannen en projecten uit de kennisbank spelen."),
        regions: regions.collect(),
    })
}

#[derive(Template)]
#[template(path = "region.html", config = "src/web/askama.toml")]
struct RegionPage {
    frame: Frame,
    name: String,
    kind: &'static str,
    line: Vec<Link>,
    description: String,
    children: Vec<Link>,
    organisations: Vec<Link>,
    networks: Vec<Link>,
    documents: Vec<Card>,
    search: String,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let region = catalogue.region(&slug).ok_or(Failure::NotFound)?;
    let family = catalogue.region_family(&slug);
    let inside = |it: Option<&str>| it.is_some_and(|it| family.contains(&it));
    let filter = Filter { regions: family.clone(), ..Filter::default() };
    let documents = store::record::list(&app.store, &visitor.actor, &filter).await?;
    let mut organisations: Vec<&crate::domain::organisation::Organisation> =
        catalogue.organisations.iter().filter(|it| inside(it.region.as_deref())).collect();
    organisations.sort_by_key(|it| dutch::sort_key(&it.name));
    let networks = catalogue.networks.iter().filter(|it| inside(it.region.as_deref()));
    let mut line: Vec<Link> =
        catalogue.region_line(&slug).into_iter().skip(1).map(|it| Link::to(&catalogue, Target::Region, it)).collect();
    line.reverse();
    let description = region.description.as_deref().unwrap_or("");
    page::show(&RegionPage {
        frame: Frame::new(app, &visitor, Section::None, &region.name, &url::region(&slug))
            .described(&markdown::first_sentence(description)),
        name: region.name.clone(),
        kind: region.kind.label(),
        line,
        description: markdown::to_html(description, 2),
        children: family.iter().skip(1).map(|it| Link::to(&catalogue, Target::Region, it)).collect(),
        organisations: organisations.iter().map(|it| Link::to(&catalogue, Target::Organisation, &it.slug)).collect(),
        networks: networks.map(|it| Link { url: url::network(&it.slug), name: it.name.clone() }).collect(),
        documents: documents
            .iter()
            .map(|it| Card::new(&catalogue, &Brief::from(&it.record), app.clock.now().date_naive()))
            .collect(),
        search: url::search(&[("regio", &slug)]),
    })
}
