//! Networks: who learns together, and along which lines; for its coordinator how far its members are with figures.

pub mod close;
mod matrix;
pub mod progress;
pub mod share;

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::app::App;
use crate::domain::field::Target;
use crate::domain::network::Network;
use crate::domain::permission::{Action, may};
use crate::text::{dutch, markdown};
use crate::web::actor::Visitor;
use crate::web::card::Link;
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::source::{self, SourceView};
use crate::web::url;
use crate::workflow::network::may_share_for;

#[derive(Template)]
#[template(path = "networks.html", config = "src/web/askama.toml")]
struct NetworksPage {
    frame: Frame,
    networks: Vec<Entry>,
}

struct Entry {
    link: Link,
    text: String,
    members: String,
    region: Option<Link>,
}

#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let networks = catalogue.networks.iter().map(|it| Entry {
        link: Link { url: url::network(&it.slug), name: it.name.clone() },
        text: markdown::first_sentence(it.description.as_deref().unwrap_or("")),
        members: dutch::count(it.members.len(), "lid in deze kennisbank", "leden in deze kennisbank"),
        region: it.region.as_deref().map(|it| Link::to(&catalogue, Target::Region, it)),
    });
    page::show(&NetworksPage {
        frame: Frame::new(app, &visitor, Section::Networks, "Netwerken", url::NETWORKS)
            .described("Lerende netwerken, transitietafels en samenwerkingsverbanden met hun leden en actielijnen."),
        networks: networks.collect(),
    })
}

#[derive(Template)]
#[template(path = "network.html", config = "src/web/askama.toml")]
struct NetworkPage {
    frame: Frame,
    name: String,
    period: Option<String>,
    region: Option<Link>,
    description: String,
    members: Vec<MemberView>,
    lines: Vec<(String, String)>,
    sources: Vec<SourceView>,
    /// Where this visitor can do something for the network: name and address.
    ways: Vec<Link>,
}

struct MemberView {
    link: Link,
    role: Option<String>,
    period: Option<String>,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let network = catalogue.network(&slug).ok_or(Failure::NotFound)?;
    let description = network.description.as_deref().unwrap_or("");
    page::show(&NetworkPage {
        frame: Frame::new(app, &visitor, Section::Networks, &network.name, &url::network(&slug))
            .described(&markdown::first_sentence(description)),
        name: network.name.clone(),
        period: crate::web::pages::record::period(network.from, network.until),
        region: network.region.as_deref().map(|it| Link::to(&catalogue, Target::Region, it)),
        description: markdown::to_html(description, 2),
        members: network
            .members
            .iter()
            .map(|it| MemberView {
                link: Link::to(&catalogue, Target::Organisation, &it.organisation),
                role: it.role.clone(),
                period: crate::web::pages::record::period(it.from, it.until),
            })
            .collect(),
        lines: network
            .action_lines
            .iter()
            .map(|it| (it.name.clone(), markdown::to_html(it.description.as_deref().unwrap_or(""), 4)))
            .collect(),
        sources: source::views(&network.sources),
        ways: ways(&visitor, network),
    })
}

/// What this visitor can do for a network.
fn ways(visitor: &Visitor, network: &Network) -> Vec<Link> {
    let mut res = Vec::new();
    let slug = &network.slug;
    if may(&visitor.actor, Action::Coordinate(slug)).is_ok() {
        res.push(Link { url: url::network_progress(slug), name: "Wie leverde aan, en de cijfers".to_owned() });
    }
    if !may_share_for(&visitor.actor, network).is_empty() {
        res.push(Link { url: url::network_sharing(slug), name: "Wat wij delen".to_owned() });
    }
    res
}
