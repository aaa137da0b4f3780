//! What a member shares with its network, for who decides about it.

use std::collections::BTreeMap;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use crate::app::App;
use crate::domain::field::Target;
use crate::domain::indicator::IndicatorGroup;
use crate::domain::network::{MayBeAsked, Network, Sharing};
use crate::text::local_time;
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::card::Link;
use crate::web::error::Failure;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::sign_in::parameter;
use crate::web::url;
use crate::workflow::network::{self, may_share_for};

#[derive(Template)]
#[template(path = "network_share.html", config = "src/web/askama.toml")]
struct SharePage {
    frame: Frame,
    network: Link,
    action: String,
    /// Slug and name of the members that can be chosen.
    organisations: Vec<(String, String)>,
    chosen: (String, String),
    groups: Vec<GroupLine>,
    may_be_asked: bool,
    changed: Option<String>,
    is_saved: bool,
    error: String,
}

/// A group of indicators with what there is to choose.
struct GroupLine {
    word: &'static str,
    label: &'static str,
    choices: Vec<(&'static str, &'static str, bool)>,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    request: &Request,
) -> Result<Response, Failure> {
    let asked = parameter(request, "organisatie").unwrap_or_default();
    let is_saved = parameter(request, "bewaard").is_some();
    share_page(app, &visitor, &slug, &asked, is_saved, "").await
}

async fn share_page(
    app: &App,
    visitor: &Visitor,
    slug: &str,
    asked: &str,
    is_saved: bool,
    error: &str,
) -> Result<Response, Failure> {
    visitor.user()?;
    let catalogue = app.store.catalogue().await?;
    let network = catalogue.network(slug).ok_or(Failure::NotFound)?;
    let chosen = chosen(visitor, network, asked)?;
    let agreement = network::agreement(&act(app, visitor), slug, &chosen).await?;
    let name = |slug: &str| (slug.to_owned(), catalogue.name(Target::Organisation, slug).to_owned());
    let groups = agreement.sharing.iter().map(|(group, now)| GroupLine {
        word: group.word(),
        label: group.label(),
        choices: Sharing::ALL.iter().map(|it| (it.word(), it.label(), it == now)).collect(),
    });
    let page = SharePage {
        frame: Frame::new(app, visitor, Section::Networks, "Wat wij delen", ""),
        network: Link { url: url::network(slug), name: network.name.clone() },
        action: url::network_sharing(slug),
        organisations: may_share_for(&visitor.actor, network).into_iter().map(name).collect(),
        chosen: name(&chosen),
        groups: groups.collect(),
        may_be_asked: agreement.may_be_asked == MayBeAsked::Yes,
        changed: agreement.changed_at.map(local_time::date_and_clock),
        is_saved,
        error: error.to_owned(),
    };
    let status = if error.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    page::with_status(&page, status, CachePolicy::NoStore)
}

/// The member the page is about: the one that was asked for, else the first.
fn chosen(visitor: &Visitor, network: &Network, asked: &str) -> Result<String, Failure> {
    let own = may_share_for(&visitor.actor, network);
    let found = own.iter().find(|it| **it == asked).or_else(|| own.first());
    found.map(|it| (*it).to_owned()).ok_or(Failure::NotFound)
}

#[handler]
pub async fn save(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let organisation = form.text("organisatie");
    let mut sharing = BTreeMap::new();
    let mut wrong: Vec<&str> = Vec::new();
    for group in IndicatorGroup::ALL {
        match Sharing::parse(form.text(&format!("deelt-{}", group.word()))) {
            Some(it) => _ = sharing.insert(*group, it),
            None => wrong.push(group.label()),
        }
    }
    let asked = MayBeAsked::parse(form.text("vragen"));
    if asked.is_none() {
        wrong.push("Vragen van andere leden");
    }
    // The right first: who may not see the page learns nothing from its faults.
    network::agreement(&act(app, &visitor), &slug, organisation).await?;
    let Some(asked) = asked.filter(|_| wrong.is_empty()) else {
        let text = format!("Kies bij elk onderdeel wat u deelt. Er ontbreekt een keuze bij: {}.", wrong.join(", "));
        return share_page(app, &visitor, &slug, organisation, false, &text).await;
    };
    network::share(&act(app, &visitor), &slug, organisation, &sharing, asked).await?;
    Ok(see(&url::with_query(&url::network_sharing(&slug), &[("organisatie", organisation), ("bewaard", "1")])))
}
