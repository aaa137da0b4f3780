//! Programmes: the overview of themes, counted from the data and beside what the programme reported itself.

use std::collections::BTreeSet;

use askama::Template;
use chrono::NaiveDate;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::app::App;
use crate::domain::brief::Brief;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::theme::Theme;
use crate::domain::vocabulary::{Outcome, Phase, RecordKind, Role};
use crate::store;
use crate::store::record::{Filter, Stored};
use crate::text::{dutch, markdown};
use crate::web::actor::Visitor;
use crate::web::card::{Card, Link};
use crate::web::error::Failure;
use crate::web::figures::{self, FigureTable};
use crate::web::page::{self, Frame, Section};
use crate::web::source::{self, SourceView};
use crate::web::url;

#[derive(Template)]
#[template(path = "programmes.html", config = "src/web/askama.toml")]
struct ProgrammesPage {
    frame: Frame,
    programmes: Vec<(Link, String, Option<String>)>,
}

#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let programmes = catalogue.programmes.iter().map(|it| {
        let text = markdown::first_sentence(it.description.as_deref().unwrap_or(""));
        (Link::to(&catalogue, Target::Programme, &it.slug), text, super::record::period(it.from, it.until))
    });
    page::show(&ProgrammesPage {
        frame: Frame::new(app, &visitor, Section::Programmes, "Programma’s", url::PROGRAMMES)
            .described("De programma’s waarvan plannen, projecten en publicaties in de kennisbank staan."),
        programmes: programmes.collect(),
    })
}

#[derive(Template)]
#[template(path = "programme.html", config = "src/web/askama.toml")]
struct ProgrammePage {
    frame: Frame,
    name: String,
    period: Option<String>,
    region: Option<Link>,
    description: String,
    roles: Vec<(&'static str, Vec<Link>)>,
    rows: Vec<Row>,
    total: Option<Row>,
    categories: Vec<(String, Vec<Card>)>,
    documents: Vec<Card>,
    figures: Vec<FigureTable>,
    notes: Vec<String>,
    sources: Vec<SourceView>,
    search: String,
}

/// A line of the overview. Each number stands twice: as reported, and as counted here.
struct Row {
    link: Link,
    participants: Pair,
    finished: Pair,
    realisation: Pair,
    design: Pair,
    stopped: Pair,
    outputs: usize,
    plans: usize,
}

/// A reported number and a counted one; `None` is "not known", which is not zero.
#[derive(Default, Clone, Copy)]
struct Pair {
    reported: Option<i32>,
    counted: Option<usize>,
}

impl Pair {
    fn reported(&self) -> String {
        self.reported.map_or_else(|| "–".to_owned(), |it| dutch::number(f64::from(it)))
    }

    fn counted(&self) -> String {
        self.counted.map_or_else(|| "–".to_owned(), |it| dutch::number(it as f64))
    }

    fn differs(&self) -> bool {
        matches!((self.reported, self.counted), (Some(a), Some(b)) if i64::from(a) != b as i64)
    }
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let programme = catalogue.programme(&slug).ok_or(Failure::NotFound)?;
    let filter = Filter { programme: Some(&slug), ..Filter::default() };
    let records = store::record::list(&app.store, &visitor.actor, &filter).await?;
    let themes: Vec<&Theme> =
        catalogue.themes.iter().filter(|it| it.programme.as_deref() == Some(slug.as_str())).collect();
    let rows: Vec<Row> = themes.iter().map(|it| row(it, &records, &catalogue)).collect();
    let total = (1 < rows.len()).then(|| total(&rows, &themes, &records, programme));
    let roles = Role::ALL.iter().filter_map(|role| {
        let links: Vec<Link> = programme
            .organisations
            .iter()
            .filter(|it| it.role == *role)
            .map(|it| Link::to(&catalogue, Target::Organisation, &it.organisation))
            .collect();
        (!links.is_empty()).then_some((role.label(), links))
    });
    let (categories, documents) = by_category(&records, &catalogue, app.clock.now().date_naive());
    let description = programme.description.as_deref().unwrap_or("");
    page::show(&ProgrammePage {
        frame: Frame::new(app, &visitor, Section::Programmes, &programme.name, &url::programme(&slug))
            .described(&markdown::first_sentence(description)),
        name: programme.name.clone(),
        period: super::record::period(programme.from, programme.until),
        region: programme.region.as_deref().map(|it| Link::to(&catalogue, Target::Region, it)),
        description: markdown::to_html(description, 2),
        roles: roles.collect(),
        rows,
        total,
        categories,
        documents,
        figures: figures::tables(&programme.figures),
        notes: programme.notes.clone(),
        sources: source::views(&programme.sources),
        search: url::search(&[("programma", &slug)]),
    })
}

fn row(theme: &Theme, records: &[Stored], catalogue: &Catalogue) -> Row {
    let of_theme: Vec<&Stored> = records.iter().filter(|it| it.record.common.themes.contains(&theme.slug)).collect();
    let plans: Vec<&&Stored> = of_theme.iter().filter(|it| it.record.kind() == RecordKind::ImprovementPlan).collect();
    let count = |holds: &dyn Fn(&Stored) -> bool| Some(plans.iter().filter(|it| holds(it)).count());
    let in_phase = |phase| count(&move |it: &Stored| it.record.own.phase() == Some(phase));
    let ended = |outcome| count(&move |it: &Stored| it.record.common.outcome == Some(outcome));
    let reported = &theme.reported;
    Row {
        link: Link::to(catalogue, Target::Theme, &theme.slug),
        participants: Pair { reported: reported.participants, counted: Some(theme.participants.len()) },
        finished: Pair { reported: reported.finished, counted: ended(Outcome::Finished) },
        realisation: Pair { reported: reported.realisation, counted: in_phase(Phase::Realisation) },
        design: Pair { reported: reported.design, counted: in_phase(Phase::Design) },
        stopped: Pair { reported: reported.stopped, counted: ended(Outcome::Stopped) },
        outputs: of_theme.iter().filter(|it| it.record.kind() == RecordKind::Publication).count(),
        plans: plans.len(),
    }
}

/// The sums. Organisations and documents in several themes count once; reported numbers are added as they are.
fn total(rows: &[Row], themes: &[&Theme], records: &[Stored], programme: &crate::domain::programme::Programme) -> Row {
    let different: BTreeSet<&str> =
        themes.iter().flat_map(|it| &it.participants).map(|it| it.organisation.as_str()).collect();
    let in_themes = |it: &&Stored| it.record.common.themes.iter().any(|slug| themes.iter().any(|it| it.slug == *slug));
    let of_kind = |kind| records.iter().filter(in_themes).filter(|it| it.record.kind() == kind).count();
    let plans = || records.iter().filter(in_themes).filter(|it| it.record.kind() == RecordKind::ImprovementPlan);
    let sum = |pick: fn(&Row) -> Pair, counted: usize| Pair {
        reported: rows.iter().filter_map(|it| pick(it).reported).reduce(|a, b| a + b),
        counted: Some(counted),
    };
    let ended = |outcome| plans().filter(|it| it.record.common.outcome == Some(outcome)).count();
    let in_phase = |phase| plans().filter(|it| it.record.own.phase() == Some(phase)).count();
    Row {
        link: Link { url: url::programme(&programme.slug), name: "Alle thema’s samen".to_owned() },
        participants: sum(|it| it.participants, different.len()),
        finished: sum(|it| it.finished, ended(Outcome::Finished)),
        realisation: sum(|it| it.realisation, in_phase(Phase::Realisation)),
        design: sum(|it| it.design, in_phase(Phase::Design)),
        stopped: sum(|it| it.stopped, ended(Outcome::Stopped)),
        outputs: of_kind(RecordKind::Publication),
        plans: of_kind(RecordKind::ImprovementPlan),
    }
}

/// Projects under the headings of their programme; the other documents together.
fn by_category(records: &[Stored], catalogue: &Catalogue, today: NaiveDate) -> (Vec<(String, Vec<Card>)>, Vec<Card>) {
    let mut categories: Vec<(String, Vec<Card>)> = Vec::new();
    let mut others = Vec::new();
    for stored in records {
        let card = Card::new(catalogue, &Brief::from(&stored.record), today);
        let category = match &stored.record.own {
            crate::domain::record::Own::TransitionProject(project) => project.category.clone(),
            _ => None,
        };
        match category {
            Some(name) => match categories.iter_mut().find(|it| it.0 == name) {
                Some((_, cards)) => cards.push(card),
                None => categories.push((name, vec![card])),
            },
            None if stored.record.kind() != RecordKind::Publication => others.push(card),
            None => (),
        }
    }
    categories.sort_by(|a, b| a.0.cmp(&b.0));
    (categories, others)
}
