//! Comparing: all indicators at a glance, and one indicator: where one stands, how it moves, and whom to learn from.

mod amount;
pub mod asked;
pub mod change;
pub mod choose;
pub mod development;
pub mod download;
mod facts;
pub mod learn;
pub mod new_start;
pub mod overview;
pub mod position;
mod sheet;
mod versions;

use askama::Template;
use chrono::{DateTime, Utc};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};

use crate::app::App;
use crate::benchmark::chart::about::Who;
use crate::benchmark::chart::composition::{Bar, Composition};
use crate::benchmark::chart::frame;
use crate::benchmark::comparison::Comparison;
use crate::benchmark::disclosure::{Extent, Released};
use crate::benchmark::peer_group::PeerGroup;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::period::PartialDate;
use crate::store;
use crate::store::baseline::Baseline;
use crate::text::{local_time, markdown};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::card::{Card, Link};
use crate::web::error::Failure;
use crate::web::measured;
use crate::web::page::{self, Frame, Section};
use crate::web::proposal::Sent;
use crate::web::source::{self, SourceView};
use crate::web::url;
use crate::workflow::comparison::{self, Ground, Question};

use asked::{Asked, Choice};
use development::Development;
use new_start::Refused;
use position::{ChartView, Scene};

/// How many periods the bands of the group reach back.
const BANDS: usize = 12;
/// The most published figures on the page of an indicator; the page of an organisation has all of its own.
const PUBLISHED: usize = 60;

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

/// A chart on the page, with its table.
struct Drawn {
    id: &'static str,
    heading: &'static str,
    chart: ChartView,
    /// The addresses of the drawing as a file: its kind and where.
    files: [(&'static str, String); 2],
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
    definitions: Vec<facts::DefinitionView>,
    /// What there is to choose: address word, name, whether it is chosen.
    groups: Vec<(String, String, bool)>,
    periods: Vec<(String, String, bool)>,
    /// A choice of one's own: where it is made, and the slugs of the present one; for who has an organisation.
    choice: Option<(String, String)>,
    /// What changed between definitions, and which periods use which; empty with one definition.
    steps: Vec<versions::Step>,
    uses: Vec<versions::Use>,
    group_name: String,
    period: Option<String>,
    members: usize,
    /// How many delivered after the group was fixed, in words.
    late: Option<String>,
    /// When the network closed this period.
    closed: Option<String>,
    sentences: Vec<String>,
    drawings: Vec<Drawn>,
    variation: Option<(String, String)>,
    assurance: Option<(String, String)>,
    starts: Option<new_start::NewStarts>,
    /// What was sent about them and refused.
    sent: Sent,
    hidden: Vec<(&'static str, &'static str)>,
    teachers: Vec<learn::Teacher>,
    method: Vec<(&'static str, String)>,
    /// The figures as a file: its kind and where.
    files: [(&'static str, String); 2],
    published: Vec<PublishedView>,
    published_more: usize,
    practices: Vec<Card>,
    search: String,
    themes: Vec<Link>,
    sources: Vec<SourceView>,
}

/// One indicator.
#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    asked: Option<Query<Asked>>,
) -> Result<Response, Failure> {
    let asked = asked.map(|it| it.0).unwrap_or_default();
    indicator_page(app, &visitor, &slug, &asked, Refused::default()).await
}

/// The page; with what was sent about a new start and refused.
async fn indicator_page(
    app: &App,
    visitor: &Visitor,
    slug: &str,
    asked: &Asked,
    refused: Refused,
) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let indicator = catalogue.indicator(slug).ok_or(Failure::NotFound)?;
    // A form comes back for the organisation it was sent for.
    let asked = Asked { organisatie: format!("{}{}", asked.organisatie, refused.organisation), ..asked.clone() };
    let shown = Shown::new(app, visitor, &catalogue, indicator, &asked).await?;
    let published = store::measurement::published_on(&app.store, slug).await?;
    let views = published.iter().take(PUBLISHED).map(|it| PublishedView {
        organisation: Link::to(&catalogue, Target::Organisation, &it.organisation),
        part: measured::part(indicator, it),
        period: it.period.map(PartialDate::dutch).unwrap_or_default(),
        value: measured::value(indicator, it),
        note: it.note.clone(),
        source: it.source.clone().unwrap_or_default(),
        record: it.record.as_deref().map(url::record),
    });
    let icons = shown.development.as_ref().map(Development::icons);
    let scene = shown.scene();
    let steps = versions::steps(indicator);
    let file = |name: &str| shown.address(&format!("{}/{name}", url::indicator(slug)));
    let status = refused.sent.status;
    let page = IndicatorPage {
        frame: Frame::new(
            app,
            visitor,
            Section::Compare,
            &refused.sent.faults.title(&indicator.name),
            &url::indicator(slug),
        )
        .described(&markdown::first_sentence(&indicator.why)),
        name: indicator.name.clone(),
        group: indicator.group.label(),
        facts: facts::of(indicator),
        why: markdown::to_html(&indicator.why, 3),
        reading: indicator.reading.as_deref().map(|it| markdown::to_html(it, 3)),
        definitions: indicator.definitions.iter().rev().map(facts::definition).collect(),
        groups: shown.groups(),
        periods: shown.periods(),
        choice: visitor.actor.user().and(shown.choice.viewer.organisation).map(|_| shown.own_choice()),
        uses: if steps.is_empty() { vec![] } else { versions::uses(indicator, &shown.choice.periods) },
        steps,
        group_name: shown.group_name.clone(),
        period: shown.choice.period.map(PartialDate::dutch),
        members: shown.latest().map_or(0, |it| it.get().members),
        late: shown.late(),
        closed: shown.closed.map(local_time::date),
        sentences: scene.as_ref().map(Scene::sentences).unwrap_or_default(),
        drawings: shown.drawings(&file),
        variation: icons.map(|it| (it.0.svg("variatie", false), it.0.dutch().to_owned())),
        assurance: icons
            .filter(|it| it.1 != crate::benchmark::chart::icon::Assurance::Unknown)
            .map(|it| (it.1.svg("zekerheid", false), it.1.dutch().to_owned())),
        starts: new_start::of(app, visitor, &shown, &refused).await?,
        hidden: shown.hidden(),
        teachers: learn::teachers(app, visitor, &shown).await?,
        method: shown.methods(),
        files: [("Excel", file("cijfers.xlsx")), ("CSV", file("cijfers.csv"))],
        published: views.collect(),
        published_more: published.len().saturating_sub(PUBLISHED),
        practices: learn::practices(app, &visitor.actor, &catalogue, indicator).await?,
        search: facts::search(indicator),
        themes: indicator.themes.iter().map(|it| Link::to(&catalogue, Target::Theme, it)).collect(),
        sources: source::views(&indicator.sources),
        sent: refused.sent,
    };
    let cache = if visitor.actor.user().is_some() { CachePolicy::NoStore } else { CachePolicy::Revalidate };
    page::with_status(&page, status, cache)
}

/// All that was compared for one page; the page, the files and the API take it from here.
pub struct Shown<'a> {
    pub catalogue: &'a Catalogue,
    pub indicator: &'a Indicator,
    pub choice: Choice<'a>,
    pub group_name: String,
    own_name: Option<String>,
    /// One comparison; of a composition one per part, in the order of its parts.
    pub compared: Vec<Released<Comparison>>,
    pub development: Option<Development<'a>>,
    /// The new starts of the chart of the own organisation, also those that ended.
    pub baselines: Vec<Baseline>,
    /// When the network closed the period that was asked for.
    pub closed: Option<DateTime<Utc>>,
}

impl<'a> Shown<'a> {
    /// Compares as asked. What the guard lets through is remembered for this viewer.
    pub async fn new(
        app: &App,
        visitor: &'a Visitor,
        catalogue: &'a Catalogue,
        indicator: &'a Indicator,
        asked: &Asked,
    ) -> Result<Shown<'a>, Failure> {
        let ground = comparison::ground(&app.store, &[indicator], app.clock.now()).await?;
        let all = ground.series(indicator);
        let choice = Choice::new(visitor, asked, catalogue, indicator, &all, app.clock.now());
        let compared = compare(app, &ground, indicator, &choice).await?;
        let mut baselines = Vec::new();
        let development = match choice.viewer.organisation {
            Some(own) if indicator.kind != IndicatorKind::Composition => {
                let series = comparison::of_organisation(&all, indicator, own, None);
                baselines = store::baseline::of(&app.store, own, &indicator.slug).await?;
                Development::new(indicator, &series, &baselines)
            }
            _ => None,
        };
        let own_name = choice.viewer.organisation.map(|it| catalogue.name(Target::Organisation, it).to_owned());
        Ok(Shown {
            group_name: asked::name(&choice.group, catalogue),
            catalogue,
            indicator,
            closed: closed(app, &choice).await?,
            choice,
            own_name,
            compared,
            development,
            baselines,
        })
    }

    /// The comparison in the period that was asked for.
    pub fn latest(&self) -> Option<&Released<Comparison>> {
        self.compared.first()
    }

    pub fn scene(&self) -> Option<Scene<'_>> {
        Some(Scene {
            catalogue: self.catalogue,
            indicator: self.indicator,
            own_name: self.own_name.as_deref(),
            group_name: &self.group_name,
            compared: self.latest()?,
            own_limits: self.development.as_ref().and_then(Development::limits),
        })
    }

    pub fn own_name(&self) -> &str {
        self.own_name.as_deref().unwrap_or("uw organisatie")
    }

    /// Own parts beside those of the others together.
    pub fn composition(&self) -> Option<Composition> {
        if self.indicator.kind != IndicatorKind::Composition {
            return None;
        }
        let own: Vec<Option<f64>> = self.compared.iter().map(|it| it.get().own.map(|it| it.value)).collect();
        let others: Vec<Option<f64>> = self.compared.iter().map(|it| it.get().reference).collect();
        let mut bars = Vec::new();
        if own.iter().any(Option::is_some) {
            bars.push(Bar { who: Who::Own(self.own_name().to_owned()), amounts: own });
        }
        if others.iter().any(Option::is_some) {
            bars.push(Bar { who: Who::Named("De anderen samen".to_owned()), amounts: others });
        }
        let title = format!("Samenstelling: {}", self.indicator.name);
        (!bars.is_empty()).then(|| Composition {
            about: position::about(self.indicator, title, "De delen naast die van de anderen.".to_owned()),
            parts: self.indicator.parts.iter().map(|it| it.name.clone()).collect(),
            bars,
        })
    }

    fn drawings(&self, file: &dyn Fn(&str) -> String) -> Vec<Drawn> {
        let mut res = Vec::new();
        let mut add = |id, heading, chart: Option<ChartView>| {
            if let Some(chart) = chart {
                let files = [("PNG", file(&format!("{id}.png"))), ("SVG", file(&format!("{id}.svg")))];
                res.push(Drawn { id, heading, chart, files });
            }
        };
        if let Some(chart) = self.composition() {
            let svg = frame::both("samenstelling", |view| chart.svg(view));
            add("samenstelling", "Samenstelling", Some(ChartView { svg, table: chart.table() }));
            return res;
        }
        let scene = self.scene();
        add("positie", "Waar u staat", scene.as_ref().and_then(|it| it.dots("positie")));
        add("trechter", "Is het verschil toeval?", scene.as_ref().and_then(|it| it.funnel("trechter")));
        let control = self.development.as_ref().map(|it| it.control("ontwikkeling", self.own_name()));
        add("ontwikkeling", "Hoe het zich ontwikkelt", control);
        let bands = self.latest().and_then(|it| development::bands(self.indicator, &self.group_name, it, "groep"));
        add("groep", "De groep over de tijd", bands);
        res
    }

    /// How many organisations delivered after the group was fixed, and when they count; `None` when nobody did.
    pub fn late(&self) -> Option<String> {
        let late = self.latest().map_or(0, |it| it.get().late);
        let who = match late {
            0 => return None,
            1 => "Eén organisatie leverde later en telt nog niet mee".to_owned(),
            n => format!("{n} organisaties leverden later en tellen nog niet mee"),
        };
        Some(format!(
            "{who}. De groep blijft zoals zij eerder is bekeken, tot er genoeg bij komen, meestal zes: anders is uit \
             het verschil een cijfer af te leiden."
        ))
    }

    /// What is not shown, each once with its reason.
    pub fn hidden(&self) -> Vec<(&'static str, &'static str)> {
        let mut res: Vec<(&'static str, &'static str)> = Vec::new();
        for it in &self.compared {
            for hidden in &it.get().hidden {
                let line = (hidden.cell.label(), hidden.reason.sentence());
                if !res.contains(&line) {
                    res.push(line);
                }
            }
        }
        res
    }

    /// How the figures came about, each once.
    pub fn methods(&self) -> Vec<(&'static str, String)> {
        let mut res: Vec<(&'static str, String)> = Vec::new();
        for it in self.compared.iter().flat_map(|it| &it.get().methods) {
            if !res.iter().any(|known| known.0 == it.name) {
                res.push((it.name, it.text.clone()));
            }
        }
        if self.development.is_some() {
            let text =
                "XmR-kaart met de regels van NHS Making Data Count; onder twaalf waarden zijn de grenzen op proef.";
            res.push(("Ontwikkeling", text.to_owned()));
        }
        res
    }

    fn groups(&self) -> Vec<(String, String, bool)> {
        let chosen = self.choice.group.to_string();
        self.choice.groups.iter().map(|it| (it.0.clone(), it.1.clone(), it.0 == chosen)).collect()
    }

    fn periods(&self) -> Vec<(String, String, bool)> {
        let of = self.choice.periods.iter();
        of.map(|it| (it.to_string(), it.dutch(), Some(*it) == self.choice.period)).collect()
    }

    /// The organisations of a choice of one's own; empty for another group.
    fn chosen(&self) -> String {
        match &self.choice.group {
            PeerGroup::Chosen(slugs) => slugs.iter().cloned().collect::<Vec<_>>().join(","),
            _ => String::new(),
        }
    }

    /// Where a choice of one's own is made, beginning with the present one; and that one.
    fn own_choice(&self) -> (String, String) {
        let period = self.choice.period.map(|it| it.to_string()).unwrap_or_default();
        let chosen = self.chosen();
        let query = [("keuze", chosen.as_str()), ("periode", &period)];
        let filled: Vec<(&str, &str)> = query.into_iter().filter(|it| !it.1.is_empty()).collect();
        (url::with_query(&url::choose(&self.indicator.slug), &filled), chosen.clone())
    }

    /// An address below this comparison, with the same question.
    fn address(&self, path: &str) -> String {
        let period = self.choice.period.map(|it| it.to_string()).unwrap_or_default();
        let group = self.choice.group.to_string();
        url::with_query(path, &[("groep", &group), ("periode", &period)])
    }
}

/// When the period was closed in the network that is compared with.
async fn closed(app: &App, choice: &Choice<'_>) -> Result<Option<DateTime<Utc>>, Failure> {
    let (PeerGroup::Network(slug), Some(period)) = (&choice.group, choice.period) else { return Ok(None) };
    let all = store::comparison_closing::of(&app.store, slug).await?;
    Ok(all.into_iter().find(|it| it.0 == period.to_string()).map(|it| it.1))
}

/// The period that was asked for and those before it; of a composition each part in that period.
async fn compare(
    app: &App,
    ground: &Ground,
    indicator: &Indicator,
    choice: &Choice<'_>,
) -> Result<Vec<Released<Comparison>>, Failure> {
    let Some(period) = choice.period else { return Ok(vec![]) };
    let reach = if indicator.parts.is_empty() { BANDS } else { 1 };
    let before = choice.periods.iter().copied().filter(|it| it.first_day() < period.first_day());
    let mut periods: Vec<PartialDate> = std::iter::once(period).chain(before).take(reach).collect();
    periods.reverse();
    let parts: Vec<Option<&str>> = match indicator.parts.is_empty() {
        true => vec![None],
        false => indicator.parts.iter().map(|it| Some(it.code.as_str())).collect(),
    };
    let question = |part| Question { indicator, group: &choice.group, periods: &periods, part, extent: Extent::All };
    let questions: Vec<Question<'_>> = parts.into_iter().map(question).collect();
    let answers = comparison::compare(&app.store, &app.comparisons, &choice.viewer, ground, &questions).await?;
    Ok(answers.into_iter().flatten().collect())
}
