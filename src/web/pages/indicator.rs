//! Indicators: all of them, and one with its definition, what organisations published, and the practices behind it.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::brief::Brief;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::indicator::{Indicator, IndicatorGroup};
use crate::domain::period::PartialDate;
use crate::search::request::{Facet, Request};
use crate::store;
use crate::store::measurement::Series;
use crate::store::record::Filter;
use crate::text::{dutch, markdown};
use crate::web::actor::Visitor;
use crate::web::card::{Card, Link};
use crate::web::error::Failure;
use crate::web::measured;
use crate::web::page::{self, Frame, Section};
use crate::web::source::{self, SourceView};
use crate::web::url;

/// The most practices beside a figure.
const PRACTICES: usize = 8;

#[derive(Template)]
#[template(path = "indicators.html", config = "src/web/askama.toml")]
struct IndicatorsPage {
    frame: Frame,
    total: String,
    groups: Vec<(&'static str, Vec<Entry>)>,
}

struct Entry {
    link: Link,
    unit: String,
    direction: &'static str,
    span: String,
    /// How many organisations have a figure that a visitor may know of.
    organisations: String,
    latest: String,
}

/// All indicators by group, with how much there is of each.
#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let mut groups = Vec::new();
    for group in IndicatorGroup::ALL {
        let mut entries = Vec::new();
        for it in catalogue.indicators.iter().filter(|it| it.group == *group) {
            let series = store::measurement::series(&app.store, &it.slug, None).await?;
            let (organisations, latest) = reach(&series, app.clock.now());
            entries.push(Entry {
                link: Link { url: url::indicator(&it.slug), name: it.name.clone() },
                unit: it.unit.clone(),
                direction: it.direction.label(),
                span: format!("per {}", it.span.word()),
                organisations: match organisations {
                    0 => "nog geen cijfers".into(),
                    n => dutch::count(n, "organisatie", "organisaties"),
                },
                latest: latest.map(PartialDate::dutch).unwrap_or_default(),
            });
        }
        if !entries.is_empty() {
            groups.push((group.label(), entries));
        }
    }
    page::show(&IndicatorsPage {
        frame: Frame::new(app, &visitor, Section::Compare, "Vergelijken", url::COMPARE).described(
            "Indicatoren in de langdurige zorg: wat ze meten, hoe u ze leest, en welke praktijken het cijfer bewegen.",
        ),
        total: dutch::count(catalogue.indicators.len(), "indicator", "indicatoren"),
        groups,
    })
}

/// How many organisations have a figure, and the latest period with one. Figures under embargo do not count.
fn reach(series: &Series, now: chrono::DateTime<chrono::Utc>) -> (usize, Option<PartialDate>) {
    let shown = || series.figures.iter().filter(|it| it.visible_from <= now && it.state.is_value());
    let mut places: Vec<u32> = shown().map(|it| it.organisation).collect();
    places.sort_unstable();
    places.dedup();
    (places.len(), shown().next_back().map(|it| it.period))
}

/// A definition as a reader sees it.
struct DefinitionView {
    version: String,
    validity: String,
    numerator: String,
    denominator: Option<String>,
    profile: Option<String>,
    note: Option<String>,
}

/// A figure that an organisation published itself.
struct PublishedView {
    organisation: Link,
    part: Option<String>,
    period: String,
    value: String,
    note: Option<String>,
    source: String,
    record: Option<String>,
}

#[derive(Template)]
#[template(path = "indicator.html", config = "src/web/askama.toml")]
struct IndicatorPage {
    frame: Frame,
    name: String,
    group: &'static str,
    facts: Vec<(&'static str, String)>,
    why: String,
    reading: Option<String>,
    definitions: Vec<DefinitionView>,
    published: Vec<PublishedView>,
    published_more: usize,
    practices: Vec<Card>,
    search: String,
    themes: Vec<Link>,
    sources: Vec<SourceView>,
}

/// The most published figures on the page of an indicator; the page of an organisation has all of its own.
const PUBLISHED: usize = 60;

/// One indicator.
#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let indicator = catalogue.indicator(&slug).ok_or(Failure::NotFound)?;
    let published = store::measurement::published_on(&app.store, &slug, PUBLISHED as u64 + 1).await?;
    let views = published.iter().take(PUBLISHED).map(|it| PublishedView {
        organisation: Link::to(&catalogue, Target::Organisation, &it.organisation),
        part: measured::part(indicator, it),
        period: it.period.map(PartialDate::dutch).unwrap_or_default(),
        value: measured::value(indicator, it),
        note: it.note.clone(),
        source: it.source.clone().unwrap_or_default(),
        record: it.record.as_deref().map(url::record),
    });
    page::show(&IndicatorPage {
        frame: Frame::new(app, &visitor, Section::Compare, &indicator.name, &url::indicator(&slug))
            .described(&markdown::first_sentence(&indicator.why)),
        name: indicator.name.clone(),
        group: indicator.group.label(),
        facts: facts(indicator),
        why: markdown::to_html(&indicator.why, 3),
        reading: indicator.reading.as_deref().map(|it| markdown::to_html(it, 3)),
        definitions: indicator.definitions.iter().rev().map(definition).collect(),
        published: views.collect(),
        published_more: published.len().saturating_sub(PUBLISHED),
        practices: practices(app, &visitor.actor, &catalogue, indicator).await?,
        search: search(indicator),
        themes: indicator.themes.iter().map(|it| Link::to(&catalogue, Target::Theme, it)).collect(),
        sources: source::views(&indicator.sources),
    })
}

fn facts(it: &Indicator) -> Vec<(&'static str, String)> {
    let mut res = vec![
        ("Eenheid", it.unit.clone()),
        ("Soort", it.kind.label().to_owned()),
        ("Richting", direction(it)),
        ("Periode", it.span.label().to_owned()),
        ("Niveau", it.level.label().to_owned()),
    ];
    if let Some(target) = it.target {
        let source = it.target_source.as_deref().map(|it| format!(" ({it})")).unwrap_or_default();
        res.push(("Norm", format!("{}{source}", measured::amount(it, target))));
    }
    if let Some(effort) = &it.effort {
        res.push(("Moeite", effort.clone()));
    }
    if let Some(owner) = &it.owner {
        res.push(("Eigenaar", owner.clone()));
    }
    if let Some(day) = it.review_by {
        res.push(("Herzien vóór", dutch::date(day)));
    }
    res
}

/// "Lager is beter", "Tussen 95% en 102% is goed".
fn direction(it: &Indicator) -> String {
    match (it.band_from, it.band_until) {
        (Some(low), Some(high)) => {
            format!("Tussen {} en {} is goed", measured::amount(it, low), measured::amount(it, high))
        }
        _ => it.direction.label().to_owned(),
    }
}

fn definition(it: &crate::domain::indicator::Definition) -> DefinitionView {
    let validity = match (it.from, it.until) {
        (None, None) => String::new(),
        (Some(from), None) => format!("vanaf {}", from.dutch()),
        (None, Some(until)) => format!("tot en met {}", until.dutch()),
        (Some(from), Some(until)) => format!("van {} tot en met {}", from.dutch(), until.dutch()),
    };
    let profile = it.profile.as_ref().map(|name| match &it.profile_version {
        Some(version) => format!("{name}, versie {version}"),
        None => name.clone(),
    });
    DefinitionView {
        version: it.version.clone(),
        validity,
        numerator: it.numerator.clone(),
        denominator: it.denominator.clone(),
        profile,
        note: it.note.clone(),
    }
}

/// Documents that name the indicator first, then what the search finds for it within its themes.
pub(super) async fn practices(
    app: &App,
    actor: &Actor,
    catalogue: &Catalogue,
    indicator: &Indicator,
) -> Result<Vec<Card>, Failure> {
    let filter = Filter { indicator: Some(&indicator.slug), ..Filter::default() };
    let naming = store::record::list(&app.store, actor, &filter).await?;
    let mut slugs: Vec<String> = Vec::new();
    let mut cards = Vec::new();
    for stored in naming.iter().take(PRACTICES) {
        slugs.push(stored.record.slug.clone());
        cards.push(Card::new(catalogue, &Brief::from(&stored.record)));
    }
    if cards.len() < PRACTICES {
        let mut request = Request::new(&indicator.name).paged(1, PRACTICES as u32);
        for theme in &indicator.themes {
            request = request.filter(Facet::Theme, theme);
        }
        // The page stands without the search.
        if let Ok(found) = super::search::find(app, actor, request).await {
            let ids: Vec<_> = found.hits.iter().map(|it| it.id.clone()).collect();
            for (_, brief) in store::record::briefs(&app.store, actor, &ids).await? {
                if cards.len() < PRACTICES && !slugs.contains(&brief.slug) {
                    cards.push(Card::new(catalogue, &brief));
                }
            }
        }
    }
    Ok(cards)
}

/// The search for practices of an indicator.
fn search(it: &Indicator) -> String {
    let themes = it.themes.iter().map(|theme| ("thema", theme.as_str()));
    url::search(&std::iter::once(("q", it.name.as_str())).chain(themes).collect::<Vec<_>>())
}
