//! For who coordinates a network: who delivered the figures of a period and what is missing, with the figures that
//! members show by name. The same as a file, without the figures.

use askama::Template;
use poem::web::{Data, Path, Query};
use poem::{IntoResponse, Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::domain::catalogue::Catalogue;
use crate::domain::delivery::DeliveryStage;
use crate::domain::field::Target;
use crate::domain::indicator::{Indicator, IndicatorGroup};
use crate::domain::period::PartialDate;
use crate::exchange::csv_table;
use crate::store::baseline::Baseline;
use crate::text::{dutch, local_time};
use crate::web::act::act;
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::card::Link;
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::proposal::{Rejecting, Sent};
use crate::web::url;
use crate::workflow::baseline;
use crate::workflow::network::{self, MemberProgress, Progress};

use super::matrix::{self, CellView, Matrix};

/// The query of the page. Lenient: what is no choice is as if it were not there.
#[derive(Debug, Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    periode: String,
    #[serde(default)]
    groep: String,
}

/// The word for all groups of indicators at once.
const ALL: &str = "alle";

#[derive(Template)]
#[template(path = "network_progress.html", config = "src/web/askama.toml")]
struct ProgressPage {
    frame: Frame,
    network: Link,
    slug: String,
    action: String,
    period: String,
    /// What there is to choose: address word, name, whether it is chosen.
    periods: Vec<(String, String, bool)>,
    groups: Vec<(&'static str, &'static str, bool)>,
    group: &'static str,
    /// Which periods were passed over to open on this one.
    opened: Option<String>,
    summary: String,
    closed: Option<String>,
    /// Where the period is closed, or why that cannot be now.
    close: Result<String, &'static str>,
    /// Members with something to do, who delivered least first.
    members: Vec<MemberLine>,
    /// Those that delivered all.
    complete: Vec<MemberLine>,
    indicators: Vec<IndicatorLine>,
    csv: String,
    matrix: Matrix,
    /// New starts of control charts that wait for this visitor.
    starts: Vec<WaitingStart>,
    /// What was wrong with what was sent about one.
    summary_of_faults: Vec<(String, String)>,
    error: String,
}

struct WaitingStart {
    id: String,
    action: String,
    title: String,
    reason: String,
    rejecting: Rejecting,
}

struct MemberLine {
    link: Link,
    state: String,
    /// The delivery that waits.
    waiting: Option<String>,
    delivered: String,
    share: usize,
}

struct IndicatorLine {
    link: Link,
    delivered: String,
    share: usize,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    asked: Option<Query<Asked>>,
) -> Result<Response, Failure> {
    progress_page(app, &visitor, &slug, &asked.map(|it| it.0).unwrap_or_default(), &Sent::default()).await
}

/// The page with what was sent about a new start that waits, and refused.
pub async fn waiting_page(app: &App, visitor: &Visitor, slug: &str, sent: &Sent) -> Result<Response, Failure> {
    progress_page(app, visitor, slug, &Asked::default(), sent).await
}

async fn progress_page(
    app: &App,
    visitor: &Visitor,
    slug: &str,
    asked: &Asked,
    sent: &Sent,
) -> Result<Response, Failure> {
    let progress = network::progress(&act(app, visitor), slug, PartialDate::parse(&asked.periode)).await?;
    let catalogue = app.store.catalogue().await?;
    let network = catalogue.network(slug).ok_or(Failure::NotFound)?;
    let today = local_time::of(app.clock.now()).date();
    let of_period: Vec<&Indicator> = progress.asked.iter().filter_map(|it| catalogue.indicator(it)).collect();
    let group = group(&asked.groep, &of_period);
    let indicators: Vec<&Indicator> =
        of_period.iter().copied().filter(|it| group.is_none_or(|group| it.group == group)).collect();
    let (complete, members): (Vec<MemberLine>, Vec<MemberLine>) =
        member_lines(&progress, &catalogue).into_iter().partition(|it| it.share == 100 && it.waiting.is_none());
    let here = [("periode", &*progress.period.to_string())];
    let title = format!("Wie leverde aan: {}", network.name);
    let waiting = baseline::waiting(&act(app, visitor)).await?.into_iter();
    let starts = waiting.filter(|it| progress.members.iter().any(|member| member.organisation == it.organisation));
    let page = ProgressPage {
        frame: Frame::new(app, visitor, Section::Networks, &sent.faults.title(&title), ""),
        network: Link { url: url::network(slug), name: network.name.clone() },
        slug: slug.to_owned(),
        action: url::network_progress(slug),
        period: progress.period.dutch(),
        periods: choices(network::periods(&catalogue, network, today), progress.period),
        groups: groups(&of_period, group),
        group: group.map_or("alle groepen", IndicatorGroup::label),
        opened: opened(&progress),
        summary: summary(&progress, today),
        closed: progress.closed_at.map(local_time::date),
        close: progress.closing(app.clock.now()).map(|()| url::with_query(&url::network_closing(slug), &here)),
        members,
        complete,
        indicators: indicators.iter().map(|it| indicator_line(it, &progress)).collect(),
        starts: starts.map(|it| waiting_start(&it, &catalogue, sent)).collect(),
        csv: url::with_query(&url::network_completeness(slug), &here),
        summary_of_faults: sent.summary(),
        error: sent.error.clone(),
        matrix: matrix::of(app, visitor, &catalogue, slug, &progress, &indicators).await?,
    };
    page::with_status(&page, sent.status, CachePolicy::NoStore)
}

fn waiting_start(it: &Baseline, catalogue: &Catalogue, sent: &Sent) -> WaitingStart {
    let indicator = catalogue.indicator(&it.indicator).map_or(it.indicator.as_str(), |it| &it.name);
    let organisation = catalogue.name(Target::Organisation, &it.organisation);
    WaitingStart {
        id: it.id.to_string(),
        action: url::indicator(&it.indicator),
        title: format!("{organisation}, {indicator}, vanaf {}", it.period.dutch()),
        reason: it.proposal.reason.clone(),
        rejecting: sent.rejecting(it.id.as_str()),
    }
}

/// The group that was asked for; without one the first that has an indicator. `None` is all of them.
fn group(asked: &str, indicators: &[&Indicator]) -> Option<IndicatorGroup> {
    let has = |group: &IndicatorGroup| indicators.iter().any(|it| it.group == *group);
    match IndicatorGroup::parse(asked) {
        _ if asked == ALL => None,
        Some(group) if has(&group) => Some(group),
        _ => IndicatorGroup::ALL.iter().copied().find(has),
    }
}

fn groups(indicators: &[&Indicator], chosen: Option<IndicatorGroup>) -> Vec<(&'static str, &'static str, bool)> {
    let some = IndicatorGroup::ALL.iter().filter(|group| indicators.iter().any(|it| it.group == **group));
    let mut res: Vec<_> = some.map(|it| (it.word(), it.label(), Some(*it) == chosen)).collect();
    res.push((ALL, "Alle groepen", chosen.is_none()));
    res
}

/// What there is to choose, with the chosen period even when it lies further back.
fn choices(mut periods: Vec<PartialDate>, chosen: PartialDate) -> Vec<(String, String, bool)> {
    if !periods.contains(&chosen) {
        periods.push(chosen);
    }
    periods.into_iter().map(|it| (it.to_string(), it.dutch(), it == chosen)).collect()
}

/// The most periods that are called by name.
const NAMED: usize = 3;

/// Says that newer periods are still empty.
fn opened(progress: &Progress) -> Option<String> {
    let names: Vec<String> = progress.skipped.iter().take(NAMED).map(|it| it.dutch()).collect();
    let more = progress.skipped.len().saturating_sub(NAMED);
    let more = (0 < more).then(|| dutch::count(more, "andere periode", "andere perioden"));
    let empty = dutch::listed(&names.iter().cloned().chain(more).collect::<Vec<_>>());
    let text = format!("Dit is de laatste periode waarover cijfers binnenkwamen. Over {empty} kwam nog niets binnen.");
    (!names.is_empty()).then_some(text)
}

fn summary(progress: &Progress, today: chrono::NaiveDate) -> String {
    let count = |fits: &dyn Fn(&&MemberProgress) -> bool| progress.members.iter().filter(fits).count();
    let delivered = count(&|it| !it.delivered.is_empty());
    let waiting = count(&|it| it.waiting().is_some());
    let mut res =
        format!("Cijfers binnen van {delivered} van de {}", dutch::count(progress.members.len(), "lid", "leden"));
    if 0 < waiting {
        res += &format!("; bij {waiting} wacht er een aanlevering");
    }
    match progress.by {
        Some(by) if by < today => res += &format!(". De laatste dag was {}.", dutch::date(by)),
        Some(by) => res += &format!(". De laatste dag is {}.", dutch::date(by)),
        None => res += ". Het netwerk heeft voor deze periode geen laatste dag afgesproken.",
    }
    res
}

/// Who delivered least comes first: that is who needs a reminder.
fn member_lines(progress: &Progress, catalogue: &Catalogue) -> Vec<MemberLine> {
    let asked = progress.asked.len();
    let mut lines: Vec<MemberLine> = progress
        .members
        .iter()
        .map(|it| MemberLine {
            link: Link::to(catalogue, Target::Organisation, &it.organisation),
            state: state(it),
            waiting: it.waiting().map(|it| url::delivery(&it.0)),
            delivered: format!("{} van {asked}", it.delivered.len()),
            share: share(it.delivered.len(), asked),
        })
        .collect();
    lines.sort_by_key(|it| (it.share, dutch::sort_key(&it.link.name)));
    lines
}

fn state(it: &MemberProgress) -> String {
    match it.waiting().map(|it| it.1) {
        Some(DeliveryStage::Concept) => "concept: wacht op akkoord",
        Some(DeliveryStage::Approved) => "akkoord: wacht op vrijgave",
        _ if it.is_silent() => "nog niets",
        _ if it.deliveries.is_empty() => "zelf gepubliceerd",
        _ => "vrijgegeven",
    }
    .to_owned()
}

fn indicator_line(it: &Indicator, progress: &Progress) -> IndicatorLine {
    let delivered = progress.members.iter().filter(|member| member.delivered.contains_key(&it.slug)).count();
    IndicatorLine {
        link: Link { url: url::indicator(&it.slug), name: it.name.clone() },
        delivered: format!("{delivered} van {}", progress.members.len()),
        share: share(delivered, progress.members.len()),
    }
}

/// In whole percents, rounded down: all is 100 only when it is all.
fn share(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(0)
}

/// Who delivered what, as a file: a row per member, a column per indicator.
#[handler]
pub async fn file(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    asked: Option<Query<Asked>>,
) -> Result<Response, Failure> {
    let asked = asked.map(|it| it.0).unwrap_or_default();
    let progress = network::progress(&act(app, &visitor), &slug, PartialDate::parse(&asked.periode)).await?;
    let catalogue = app.store.catalogue().await?;
    let name = format!("{slug}-{}-volledigheid.csv", progress.period);
    Ok(csv_table::write(&table(&progress, &catalogue))
        .with_content_type("text/csv; charset=utf-8")
        .with_header("Content-Disposition", format!("attachment; filename=\"{name}\""))
        .with_header("Cache-Control", CachePolicy::NoStore.header())
        .into_response())
}

fn table(progress: &Progress, catalogue: &Catalogue) -> Vec<Vec<String>> {
    let asked = progress.asked.len();
    let mut head: Vec<String> =
        ["Lid", "Periode", "Stand", "Aangeleverd", "Gevraagd", "Volledig (%)"].map(str::to_owned).into();
    head.extend(
        progress.asked.iter().map(|it| catalogue.indicator(it).map_or_else(|| it.clone(), |it| it.name.clone())),
    );
    let row = |it: &MemberProgress| {
        let mut row = vec![
            catalogue.name(Target::Organisation, &it.organisation).to_owned(),
            progress.period.to_string(),
            state(it),
            it.delivered.len().to_string(),
            asked.to_string(),
            share(it.delivered.len(), asked).to_string(),
        ];
        let is_there = |slug: &String| if it.delivered.contains_key(slug) { "ja" } else { "nee" };
        row.extend(progress.asked.iter().map(|slug| is_there(slug).to_owned()));
        row
    };
    let mut res = vec![head];
    res.extend(progress.members.iter().map(row));
    res
}
