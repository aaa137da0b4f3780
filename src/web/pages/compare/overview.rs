//! All indicators: for a member where it stands on each, what stands out first; for others what there is.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Query};
use poem::{Response, handler};

use crate::app::App;
use crate::benchmark::chart::icon::{Assurance, Variation};
use crate::benchmark::chart::sparkline::Sparkline;
use crate::benchmark::comparison::Comparison;
use crate::benchmark::disclosure::{Extent, Released};
use crate::benchmark::outcome::Outcome;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::indicator::{Indicator, IndicatorGroup, IndicatorKind};
use crate::domain::period::PartialDate;
use crate::domain::permission::{Action, may};
use crate::store;
use crate::store::measurement::Series;
use crate::text::dutch;
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::card::Link;
use crate::web::error::Failure;
use crate::web::measured;
use crate::web::page::{self, Frame, Section};
use crate::web::url;
use crate::workflow::comparison::{self, Ground, Question};
use crate::workflow::delivery;

use super::asked::{self, Asked, Choice};
use super::development::Development;
use super::facts;
use super::position::{Scene, Structural};

/// How many periods a small line shows.
const SPARKLINE: usize = 12;

#[derive(Template)]
#[template(path = "indicators.html", config = "src/web/askama.toml")]
struct IndicatorsPage {
    frame: Frame,
    total: String,
    /// The own organisation and the group it is compared with.
    own: Option<(String, String)>,
    /// Whether they deliver figures or agree with them.
    delivers: bool,
    /// Networks that somebody coordinates: how far their members are.
    coordinated: Vec<Link>,
    rows: Vec<Row>,
    groups: Vec<(&'static str, Vec<Entry>)>,
}

/// One indicator of a member.
struct Row {
    link: Link,
    period: String,
    value: String,
    sparkline: String,
    median: String,
    outcome: &'static str,
    /// For the eye: good, bad or neither.
    tone: &'static str,
    variation: (String, &'static str),
    assurance: Option<(String, &'static str)>,
    /// What stands out comes first.
    weight: u32,
}

struct Entry {
    link: Link,
    unit: String,
    direction: String,
    span: String,
    /// How many organisations have a figure that a visitor may know of.
    organisations: String,
    latest: String,
}

/// All indicators.
#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor, asked: Option<Query<Asked>>) -> Result<Response, Failure> {
    let asked = asked.map(|it| it.0).unwrap_or_default();
    let catalogue = app.store.catalogue().await?;
    let own = asked::organisation(&visitor, &asked.organisatie);
    let all: Vec<&Indicator> = catalogue.indicators.iter().collect();
    let ground = comparison::ground(&app.store, &all, app.clock.now()).await?;
    let (group_name, rows) = match own {
        Some(own) => rows(app, &visitor, &ground, own, &asked).await?,
        None => Default::default(),
    };
    let mut groups = Vec::new();
    for group in IndicatorGroup::ALL {
        let of_group = catalogue.indicators.iter().filter(|it| it.group == *group);
        let entries: Vec<Entry> = of_group.map(|it| entry(it, &ground.series(it), ground.now)).collect();
        if !entries.is_empty() {
            groups.push((group.label(), entries));
        }
    }
    let page = IndicatorsPage {
        frame: Frame::new(app, &visitor, Section::Compare, "Vergelijken", url::COMPARE).described(
            "Indicatoren in de langdurige zorg: wat ze meten, hoe u ze leest, en welke praktijken het cijfer bewegen.",
        ),
        total: dutch::count(catalogue.indicators.len(), "indicator", "indicatoren"),
        own: own.map(|it| (catalogue.name(Target::Organisation, it).to_owned(), group_name)),
        delivers: delivery::takes_part(&visitor.actor),
        coordinated: coordinated(&visitor, &catalogue),
        rows,
        groups,
    };
    let cache = if visitor.actor.user().is_some() { CachePolicy::NoStore } else { CachePolicy::Revalidate };
    page::with_status(&page, StatusCode::OK, cache)
}

/// The networks somebody coordinates, as far as they wait for figures.
fn coordinated(visitor: &Visitor, catalogue: &Catalogue) -> Vec<Link> {
    let of = catalogue
        .networks
        .iter()
        .filter(|it| !it.deadlines.is_empty() && may(&visitor.actor, Action::Coordinate(&it.slug)).is_ok());
    of.map(|it| Link { url: url::network_progress(&it.slug), name: it.name.clone() }).collect()
}

/// The name of the group, and where the own organisation stands in it on each indicator that it has a value of, what
/// stands out first.
async fn rows(
    app: &App,
    visitor: &Visitor,
    ground: &Ground,
    own: &str,
    asked: &Asked,
) -> Result<(String, Vec<Row>), Failure> {
    let catalogue = &ground.catalogue;
    let asked = Asked { periode: String::new(), ..asked.clone() };
    let baselines = store::baseline::of_organisation(&app.store, own).await?;
    let mut candidates = Vec::new();
    for indicator in catalogue.indicators.iter().filter(|it| it.kind != IndicatorKind::Composition) {
        let all = ground.series(indicator);
        let choice = Choice::new(visitor, &asked, catalogue, indicator, &all, ground.now);
        let Some(period) = choice.period else { continue };
        let series = comparison::of_organisation(&all, indicator, own, None);
        let baselines = baselines.get(&indicator.slug).map(Vec::as_slice).unwrap_or_default();
        let Some(development) = Development::new(indicator, &series, baselines) else { continue };
        candidates.push((indicator, period, choice, development));
    }
    let questions: Vec<Question<'_>> = candidates
        .iter()
        .map(|(indicator, period, choice, _)| Question {
            indicator,
            group: &choice.group,
            periods: std::slice::from_ref(period),
            part: None,
            extent: Extent::Figures,
        })
        .collect();
    let Some((_, _, first, _)) = candidates.first() else { return Ok(Default::default()) };
    let answers = comparison::compare(&app.store, &app.comparisons, &first.viewer, ground, &questions).await?;
    let told = candidates.iter().zip(answers).filter_map(|((indicator, period, _, development), compared)| {
        row(catalogue, indicator, *period, development, &compared?)
    });
    let mut rows: Vec<Row> = told.collect();
    rows.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.link.name.cmp(&b.link.name)));
    Ok((asked::name(&first.group, catalogue), rows))
}

/// Where the own organisation stands on an indicator; `None` when it has no value.
fn row(
    catalogue: &Catalogue,
    indicator: &Indicator,
    period: PartialDate,
    development: &Development<'_>,
    compared: &Released<Comparison>,
) -> Option<Row> {
    let figures = compared.get();
    let beside = figures.own?;
    let (variation, assurance) = development.icons();
    let id = &indicator.slug;
    let title = format!("{}, de laatste {SPARKLINE} perioden", indicator.name);
    let sparkline = Sparkline {
        title,
        values: development.latest(SPARKLINE),
        middle_half: figures.quartiles.map(|it| (it[0], it[1])),
        median: figures.median,
    };
    let scene =
        Scene { catalogue, indicator, own_name: None, group_name: "", compared, own_limits: development.limits() };
    let (outcome, tone, weight) = match (beside.outcome, scene.structural()) {
        (Outcome::CannotCompare, Some(Structural::Worse)) => ("structureel minder goed", "bad", 9),
        (Outcome::CannotCompare, Some(Structural::Better)) => ("structureel beter", "good", 2),
        (Outcome::CannotCompare, Some(Structural::Different)) => ("structureel anders", "neutral", 1),
        (Outcome::CannotCompare, Some(Structural::No)) => ("gewone schommeling", "neutral", 0),
        (outcome, _) => told(outcome),
    };
    let weight = weight
        + match variation {
            Variation::Worsening { .. } => 4,
            Variation::Improving { .. } | Variation::High | Variation::Low => 1,
            Variation::Common | Variation::Unknown => 0,
        };
    Some(Row {
        link: Link { url: url::indicator(id), name: indicator.name.clone() },
        period: period.dutch(),
        value: measured::amount(indicator, beside.value),
        sparkline: sparkline.svg(&format!("lijn-{id}"), false),
        median: figures.median.map_or_else(|| "niet te zien".to_owned(), |it| measured::amount(indicator, it)),
        outcome,
        tone,
        variation: (variation.svg(&format!("variatie-{id}"), false), variation.dutch()),
        assurance: (assurance != Assurance::Unknown)
            .then(|| (assurance.svg(&format!("zekerheid-{id}"), false), assurance.dutch())),
        weight,
    })
}

fn told(outcome: Outcome) -> (&'static str, &'static str, u32) {
    match outcome {
        Outcome::Worse => ("minder goed dan de anderen", "bad", 10),
        Outcome::Better => ("beter dan de anderen", "good", 2),
        Outcome::Higher => ("hoger dan de anderen", "neutral", 2),
        Outcome::Lower => ("lager dan de anderen", "neutral", 2),
        Outcome::NotDifferent => ("niet anders dan toeval", "neutral", 0),
        Outcome::CannotCompare => ("zekerheid niet te berekenen", "neutral", 0),
    }
}

fn entry(it: &Indicator, series: &Series, now: chrono::DateTime<chrono::Utc>) -> Entry {
    let (organisations, latest) = series.reach(now);
    Entry {
        link: Link { url: url::indicator(&it.slug), name: it.name.clone() },
        unit: it.unit.clone(),
        direction: facts::direction(it),
        span: format!("per {}", it.span.word()),
        organisations: match organisations {
            0 => "nog geen cijfers".into(),
            n => dutch::count(n, "organisatie", "organisaties"),
        },
        latest: latest.map(PartialDate::dutch).unwrap_or_default(),
    }
}
