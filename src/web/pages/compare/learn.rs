//! Whom to learn from: members that show their name and do significantly better, and the practices behind a figure.

use crate::app::App;
use crate::benchmark::comparison::Comparison;
use crate::benchmark::measure::Measure;
use crate::benchmark::outcome::{Outcome, outcome};
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

/// Members that do better, best first: those outside the viewer's own interval, by name.
pub async fn teachers(
    app: &App,
    visitor: &Visitor,
    catalogue: &Catalogue,
    indicator: &Indicator,
    shown: &Comparison,
) -> Result<Vec<Teacher>, Failure> {
    let actor = &visitor.actor;
    let doing = act(app, visitor);
    let aim = Measure::new(indicator).aim;
    let is_better = |value: f64| -> Option<bool> {
        let badness = aim.badness(value)?;
        Some(match (&shown.own, shown.quartiles) {
            // A better value inside the own interval may be chance.
            (Some(own), _) if own.interval.is_some() => outcome(own.interval, Some(value), aim) == Outcome::Worse,
            (Some(own), _) => badness < aim.badness(own.value)?,
            (None, Some([low, high])) => badness <= aim.badness(low)?.min(aim.badness(high)?),
            (None, None) => false,
        })
    };
    let mut better: Vec<(&str, f64, f64)> = shown
        .named
        .iter()
        .filter(|it| is_better(it.value) == Some(true))
        .filter_map(|it| Some((it.name.as_str(), it.value, aim.badness(it.value)?)))
        .collect();
    better.sort_by(|a, b| a.2.total_cmp(&b.2));
    let mut res = Vec::new();
    for (slug, value, _) in better.into_iter().take(BETTER) {
        let filter = Filter { organisation: Some(slug), indicator: Some(&indicator.slug), ..Filter::default() };
        let records = store::record::list(&app.store, actor, &filter).await?;
        let may_ask = match inquiry::asker(&doing, indicator, slug).await {
            Ok(_) => true,
            Err(workflow::Error::NotFound | workflow::Error::Denied(_)) => false,
            Err(error) => return Err(error.into()),
        };
        res.push(Teacher {
            organisation: Link::to(catalogue, Target::Organisation, slug),
            ask: may_ask.then(|| crate::web::url::ask(&indicator.slug, slug)),
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
