//! Whom to learn from: members that show their name and do significantly better, and the practices behind a figure.

use crate::app::App;
use crate::benchmark::better::better;
use crate::benchmark::measure::Measure;
use crate::domain::actor::Actor;
use crate::domain::brief::Brief;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::indicator::Indicator;
use crate::search::request::{Facet, Request};
use crate::store;
use crate::store::record::Filter;
use crate::web::act::act;
use crate::web::actor::Visitor;
use crate::web::card::{Card, Link};
use crate::web::error::Failure;
use crate::web::measured;
use crate::web::pages::search::find;
use crate::workflow;
use crate::workflow::inquiry;

use super::Shown;

/// The most practices beside a figure.
const PRACTICES: usize = 8;
/// The most members to learn from.
const BETTER: usize = 5;

/// A member that does better and says who it is.
pub struct Teacher {
    pub organisation: Link,
    pub value: String,
    /// Where it is asked how it does it, if it lets this viewer ask.
    pub ask: Option<String>,
    /// What it wrote that names this indicator.
    pub records: Vec<Link>,
}

/// Members that do better in what is shown, best first.
pub async fn teachers(app: &App, visitor: &Visitor, shown: &Shown<'_>) -> Result<Vec<Teacher>, Failure> {
    let Some(compared) = shown.latest() else { return Ok(vec![]) };
    let indicator = shown.indicator;
    let actor = &visitor.actor;
    let doing = act(app, visitor);
    let mut res = Vec::new();
    for (slug, value) in better(compared.get(), Measure::new(indicator).aim).into_iter().take(BETTER) {
        let filter = Filter { organisation: Some(slug), indicator: Some(&indicator.slug), ..Filter::default() };
        let records = store::record::list(&app.store, actor, &filter).await?;
        let may_ask = match inquiry::asker(&doing, indicator, slug).await {
            Ok(_) => true,
            Err(workflow::Error::NotFound | workflow::Error::Denied(_)) => false,
            Err(error) => return Err(error.into()),
        };
        res.push(Teacher {
            organisation: Link::to(shown.catalogue, Target::Organisation, slug),
            ask: may_ask.then(|| shown.address(&crate::web::url::ask(&indicator.slug, slug))),
            value: measured::amount(indicator, value),
            records: records
                .iter()
                .take(3)
                .map(|it| Link { url: crate::web::url::record(&it.record.slug), name: it.record.common.title.clone() })
                .collect(),
        });
    }
    Ok(res)
}

/// Documents that name the indicator first, then what the search finds for it within its themes.
pub async fn practices(
    app: &App,
    actor: &Actor,
    catalogue: &Catalogue,
    indicator: &Indicator,
) -> Result<Vec<Card>, Failure> {
    let filter = Filter { indicator: Some(&indicator.slug), ..Filter::default() };
    let naming = store::record::list(&app.store, actor, &filter).await?;
    let today = app.clock.now().date_naive();
    let mut slugs: Vec<String> = Vec::new();
    let mut cards = Vec::new();
    for stored in naming.iter().take(PRACTICES) {
        slugs.push(stored.record.slug.clone());
        cards.push(Card::new(catalogue, &Brief::from(&stored.record), today));
    }
    if cards.len() < PRACTICES {
        let mut request = Request::new(&indicator.name).paged(1, PRACTICES as u32);
        for theme in &indicator.themes {
            request = request.filter(Facet::Theme, theme);
        }
        // The page stands without the search.
        if let Ok(found) = find(app, actor, request).await {
            let ids: Vec<_> = found.hits.iter().map(|it| it.id.clone()).collect();
            for (_, brief) in store::record::briefs(&app.store, actor, &ids).await? {
                if cards.len() < PRACTICES && !slugs.contains(&brief.slug) {
                    cards.push(Card::new(catalogue, &brief, today));
                }
            }
        }
    }
    Ok(cards)
}
