//! From a practice to the figure it changed: the development of its owner and of who took part, around its start.
//!
//! Whose figures: one's own, those an organisation published itself, and in a network those of members that show their
//! name; the last come through the guard of disclosure, period by period.

use crate::app::App;
use crate::benchmark::chart::about::Who;
use crate::benchmark::chart::change::{Change, Panel, Role as Part};
use crate::benchmark::chart::frame;
use crate::benchmark::disclosure::Extent;
use crate::benchmark::peer_group::PeerGroup;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::period::PartialDate;
use crate::domain::record::{Own, Record};
use crate::domain::vocabulary::Role;
use crate::web::actor::Visitor;
use crate::web::card::Link;
use crate::web::error::Failure;
use crate::web::url;
use crate::workflow::comparison::{self, Ground, Question, Viewer};

use super::asked;
use super::development::short;
use super::position::{ChartView, about, better};

/// How many periods are shown.
const PERIODS: usize = 16;
/// The most indicators and organisations of one document.
const INDICATORS: usize = 3;
const ORGANISATIONS: usize = 6;

/// The chart of one indicator that a document means to move.
pub struct ChangeView {
    pub id: String,
    pub indicator: Link,
    pub chart: ChartView,
}

/// What the indicators a document aims at did, as far as the viewer may see.
pub async fn of_record(
    app: &App,
    visitor: &Visitor,
    catalogue: &Catalogue,
    record: &Record,
) -> Result<Vec<ChangeView>, Failure> {
    let aims = match &record.own {
        Own::ImprovementPlan(it) => &it.indicators,
        Own::TransitionProject(it) => &it.indicators,
        Own::Factsheet(_) | Own::QualityReport(_) | Own::Publication(_) => return Ok(vec![]),
    };
    let named = aims.iter().filter_map(|it| catalogue.indicator(&it.indicator));
    let mut res = Vec::new();
    for indicator in named.filter(|it| it.kind != IndicatorKind::Composition).take(INDICATORS) {
        let ground = comparison::ground(&app.store, &[indicator], app.clock.now()).await?;
        if let Some(chart) = chart(app, visitor, catalogue, &ground, indicator, record).await? {
            let id = format!("verandering-{}", indicator.slug);
            let svg = frame::both(&id, |view| chart.svg(view));
            res.push(ChangeView {
                indicator: Link { url: url::indicator(&indicator.slug), name: indicator.name.clone() },
                chart: ChartView { svg, table: chart.table() },
                id,
            });
        }
    }
    Ok(res)
}

async fn chart(
    app: &App,
    visitor: &Visitor,
    catalogue: &Catalogue,
    ground: &Ground,
    indicator: &Indicator,
    record: &Record,
) -> Result<Option<Change>, Failure> {
    let periods = ground.series(indicator).periods();
    let periods = &periods[periods.len().saturating_sub(PERIODS)..];
    if periods.len() < 2 {
        return Ok(None);
    }
    let viewer = Viewer { actor: &visitor.actor, organisation: asked::organisation(visitor, "") };
    let start = record.common.from.and_then(|from| periods.iter().position(|it| from.first_day() <= it.last_day()));
    // Begun before the first period that is shown: there is nothing to compare with.
    let start = start.filter(|at| 0 < *at);
    let mut panels = Vec::new();
    for it in record.common.organisations.iter().take(ORGANISATIONS) {
        let part = match it.role {
            Role::Lead => Part::Owner,
            Role::Partner => Part::Adopter,
            Role::Funder | Role::KnowledgePartner => continue,
        };
        let values = values(app, &viewer, catalogue, ground, indicator, &it.organisation, periods).await?;
        if values.iter().flatten().count() < 2 {
            continue;
        }
        let name = catalogue.name(Target::Organisation, &it.organisation).to_owned();
        panels.push(Panel {
            who: if viewer.organisation == Some(&it.organisation) { Who::Own(name) } else { Who::Named(name) },
            role: part,
            before: start.and_then(|at| mean(&values[..at])),
            after: start.and_then(|at| mean(&values[at..])),
            values,
            start,
        });
    }
    if panels.is_empty() {
        return Ok(None);
    }
    let summary =
        "Hoe het cijfer liep voor en na het begin van deze praktijk. Een verandering is een signaal, geen bewijs.";
    Ok(Some(Change {
        about: about(indicator, format!("{} rond deze praktijk", indicator.name), summary.to_owned()),
        better: better(indicator),
        periods: periods.iter().map(|it| short(*it)).collect(),
        panels,
    }))
}

/// The values of one organisation that this viewer may see.
async fn values(
    app: &App,
    viewer: &Viewer<'_>,
    catalogue: &Catalogue,
    ground: &Ground,
    indicator: &Indicator,
    organisation: &str,
    periods: &[PartialDate],
) -> Result<Vec<Option<f64>>, Failure> {
    let all = ground.series(indicator);
    let series = comparison::of_organisation(&all, indicator, organisation, None);
    let own = |period: &PartialDate| series.iter().find(|it| it.0 == *period).and_then(|it| it.1).map(|it| it.0.value);
    if viewer.organisation == Some(organisation) {
        return Ok(periods.iter().map(own).collect());
    }
    let place = all.place(organisation);
    let is_published =
        |period: &PartialDate| all.of(*period).iter().any(|it| Some(it.organisation) == place && it.is_published);
    let shared = catalogue.networks.iter().find(|network| {
        let is_member = |slug: &str| network.members.iter().any(|it| it.organisation == slug);
        is_member(organisation)
            && viewer.organisation.is_some_and(is_member)
            && network.members.iter().any(|it| {
                it.organisation == organisation && it.sharing(indicator.group) == crate::domain::network::Sharing::Named
            })
    });
    let mut res = Vec::new();
    for period in periods {
        let value = match shared {
            _ if is_published(period) => own(period),
            Some(network) => {
                let group = PeerGroup::Network(network.slug.clone());
                let question =
                    Question { indicator, group: &group, periods: &[*period], part: None, extent: Extent::All };
                let found = comparison::compare_one(&app.store, &app.comparisons, viewer, ground, question).await?;
                found.and_then(|it| it.get().named.iter().find(|it| it.name == organisation).map(|it| it.value))
            }
            None => None,
        };
        res.push(value);
    }
    Ok(res)
}

fn mean(values: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}
