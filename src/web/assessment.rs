//! The checks of a draft, with what only the library can tell: whether references and links lead somewhere for its
//! author, and which documents look much like it.

use std::collections::BTreeSet;

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::assessment::{self, Advice, AdviceKind, Assessment};
use crate::domain::catalogue::Catalogue;
use crate::domain::draft::{Content, Draft};
use crate::domain::fault::{Fault, Place};
use crate::domain::field::{self, Target};
use crate::domain::record::{Common, Own};
use crate::search::request::Request;
use crate::store;
use crate::text::markdown;

use super::error::Failure;
use super::url;

/// How much the words of two titles must agree to say so.
const ALIKE: f64 = 0.6;

/// Looks a draft over for somebody who may see it.
pub async fn of(app: &App, actor: &Actor, draft: &Draft) -> Result<Assessment, Failure> {
    let content = &draft.content;
    let catalogue = app.store.catalogue().await?;
    let faults = missing_references(app, actor, content, &catalogue).await?;
    let dead = dead_links(app, actor, content, &catalogue).await?;
    let mut res = assessment::assess(content, &|path| !dead.contains(path), faults);
    res.advice.extend(duplicates(app, actor, draft).await?);
    Ok(res)
}

async fn missing_references(
    app: &App,
    actor: &Actor,
    content: &Content,
    catalogue: &Catalogue,
) -> Result<Vec<Fault>, Failure> {
    let mut res = Vec::new();
    for fields in [Common::FIELDS, Own::fields(content.kind)] {
        for (target, slug, place) in field::references(fields, &content.fields, &Place::root()) {
            let is_there = match target {
                Target::Record => is_document(app, actor, &slug).await?,
                _ => is_item(catalogue, target, &slug),
            };
            // What is no slug at all is a fault of its own.
            if !is_there && crate::text::slug::is_slug(&slug) {
                let wrong = format!("{} \"{slug}\" bestaat niet", target.label());
                res.push(Fault::new(&place, wrong, "kies een voorstel uit de lijst of verbeter de naam"));
            }
        }
    }
    Ok(res)
}

async fn is_document(app: &App, actor: &Actor, slug: &str) -> Result<bool, Failure> {
    Ok(store::record::get(&app.store, actor, slug).await?.is_some())
}

fn is_item(catalogue: &Catalogue, target: Target, slug: &str) -> bool {
    match target {
        Target::Record => false,
        Target::BuildingBlock => catalogue.building_block(slug).is_some(),
        Target::Region => catalogue.region(slug).is_some(),
        Target::Organisation => catalogue.organisation(slug).is_some(),
        Target::Programme => catalogue.programme(slug).is_some(),
        Target::Theme => catalogue.theme(slug).is_some(),
        Target::Indicator => catalogue.indicator(slug).is_some(),
    }
}

/// The paths of this site that a draft links to and that lead nowhere.
async fn dead_links(
    app: &App,
    actor: &Actor,
    content: &Content,
    catalogue: &Catalogue,
) -> Result<BTreeSet<String>, Failure> {
    let mut res = BTreeSet::new();
    for link in content.texts().iter().flat_map(|it| markdown::links(&it.1)) {
        let path = link.split(['?', '#']).next().unwrap_or(&link).to_owned();
        let Some((list, slug)) = path.strip_prefix('/').and_then(|it| it.split_once('/')) else { continue };
        let leads = match list {
            "kennisbank" if !slug.contains('/') => is_document(app, actor, slug).await?,
            "themas" => catalogue.theme(slug).is_some(),
            "organisaties" => catalogue.organisation(slug).is_some(),
            "programmas" => catalogue.programme(slug).is_some(),
            "regios" => catalogue.region(slug).is_some(),
            "netwerken" => catalogue.network(slug).is_some(),
            _ => true,
        };
        if !leads {
            res.insert(path);
        }
    }
    Ok(res)
}

/// Documents with nearly the same title. Without the search nothing is said.
async fn duplicates(app: &App, actor: &Actor, draft: &Draft) -> Result<Vec<Advice>, Failure> {
    let title = draft.content.title().to_owned();
    if title.split_whitespace().count() < 2 {
        return Ok(vec![]);
    }
    let (reader, q) = (actor.clone(), title.clone());
    let found = app.search.ask(move |search| search.find(&Request::new(&q), &reader)).await;
    let Ok(Ok(found)) = found else { return Ok(vec![]) };
    let own = draft.of.as_ref().map(|it| &it.0);
    let ids: Vec<_> = found.hits.iter().map(|it| it.id.clone()).filter(|it| Some(it) != own).collect();
    let titles = store::record::titles(&app.store, actor, &ids).await?;
    let alike = titles.into_iter().filter(|it| ALIKE <= assessment::likeness(&title, &it.1)).take(3);
    let advice = alike.map(|(slug, other)| Advice {
        kind: AdviceKind::Duplicate,
        field: "titel".to_owned(),
        text: format!("\"{other}\" ({}) lijkt hetzelfde onderwerp; bestaat dit al?", url::record(&slug)),
    });
    Ok(advice.collect())
}
