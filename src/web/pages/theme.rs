//! Themes: the tree, and one theme with who took part, results, outputs and documents.

use askama::Template;
use poem::web::{Data, Path};
use poem::{Response, handler};

use crate::app::App;
use crate::domain::brief::Brief;
use crate::domain::field::Target;
use crate::domain::theme::Reported;
use crate::domain::vocabulary::RecordKind;
use crate::search::request::{Facet, Request};
use crate::store;
use crate::store::record::Filter;
use crate::text::{dutch, markdown};
use crate::web::actor::Visitor;
use crate::web::card::{Card, Link};
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::source::{self, SourceView};
use crate::web::url;

#[derive(Template)]
#[template(path = "themes.html", config = "src/web/askama.toml")]
struct ThemesPage {
    frame: Frame,
    themes: Vec<Node>,
}

/// A theme in the tree, with the narrower ones under it.
struct Node {
    link: Link,
    text: String,
    /// "12 documenten"; empty while counts are missing.
    documents: String,
    /// "68 deelnemers gemeld"; empty outside programmes.
    participants: String,
    children: Vec<Node>,
}

#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let counts = super::search::counts(app, &visitor.actor, &Request::new("")).await;
    let node = |it: &crate::domain::theme::Theme| Node {
        link: Link::to(&catalogue, Target::Theme, &it.slug),
        text: markdown::first_sentence(it.description.as_deref().unwrap_or("")),
        documents: counts
            .count(Facet::Theme, &it.slug)
            .map_or_else(String::new, |it| dutch::count(it as usize, "document", "documenten")),
        participants: match it.reported.participants {
            Some(reported) => format!("{} deelnemers gemeld", dutch::number(f64::from(reported))),
            None => String::new(),
        },
        children: vec![],
    };
    let themes = catalogue
        .themes
        .iter()
        .filter(|it| it.parent.is_none())
        .map(|top| {
            let below = catalogue.theme_family(&top.slug);
            Node {
                children: below.iter().skip(1).filter_map(|it| catalogue.theme(it)).map(node).collect(),
                ..node(top)
            }
        })
        .collect();
    page::show(&ThemesPage {
        frame: Frame::new(app, &visitor, Section::Themes, "Thema’s", url::THEMES)
            .described("Alle thema’s van de kennisbank, met het aantal documenten en deelnemers."),
        themes,
    })
}

#[derive(Template)]
#[template(path = "theme.html", config = "src/web/askama.toml")]
struct ThemePage {
    frame: Frame,
    name: String,
    line: Vec<Link>,
    programme: Option<Link>,
    period: Option<String>,
    description: String,
    results: String,
    children: Vec<Link>,
    participants: Vec<ParticipantView>,
    /// Reported numbers with their labels.
    reported: Vec<(&'static str, String)>,
    notes: Vec<String>,
    outputs: Vec<Card>,
    documents: Vec<Card>,
    search: String,
    sources: Vec<SourceView>,
}

struct ParticipantView {
    link: Link,
    /// The name in the source, when it is another.
    listed_as: Option<String>,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let theme = catalogue.theme(&slug).ok_or(Failure::NotFound)?;
    let family = catalogue.theme_family(&slug);
    let filter = Filter { themes: family.clone(), ..Filter::default() };
    let records = store::record::list(&app.store, &visitor.actor, &filter).await?;
    let (outputs, documents): (Vec<_>, Vec<_>) =
        records.iter().partition(|it| it.record.kind() == RecordKind::Publication);
    let cards = |records: Vec<&store::record::Stored>| -> Vec<Card> {
        records
            .into_iter()
            .map(|it| Card::new(&catalogue, &Brief::from(&it.record), app.clock.now().date_naive()))
            .collect()
    };
    let description = theme.description.as_deref().unwrap_or("");
    let mut line: Vec<Link> =
        catalogue.theme_line(&slug).into_iter().skip(1).map(|it| Link::to(&catalogue, Target::Theme, it)).collect();
    line.reverse();
    page::show(&ThemePage {
        frame: Frame::new(app, &visitor, Section::Themes, &theme.name, &url::theme(&slug))
            .described(&markdown::first_sentence(description)),
        name: theme.name.clone(),
        line,
        programme: theme.programme.as_deref().map(|it| Link::to(&catalogue, Target::Programme, it)),
        period: super::record::period(theme.from, theme.until),
        description: markdown::to_html(description, 2),
        results: markdown::to_html(theme.results.as_deref().unwrap_or(""), 3),
        children: family.iter().skip(1).map(|it| Link::to(&catalogue, Target::Theme, it)).collect(),
        participants: theme
            .participants
            .iter()
            .map(|it| ParticipantView {
                link: Link::to(&catalogue, Target::Organisation, &it.organisation),
                listed_as: it.listed_as.clone(),
            })
            .collect(),
        reported: reported(&theme.reported),
        notes: theme.notes.clone(),
        outputs: cards(outputs),
        documents: cards(documents),
        search: url::search(&[("thema", &slug)]),
        sources: source::views(&theme.sources),
    })
}

/// The reported numbers that are there.
fn reported(it: &Reported) -> Vec<(&'static str, String)> {
    let Reported { participants, finished, realisation, design, stopped } = it;
    [
        ("Deelnemers", participants),
        ("Afgerond", finished),
        ("In realisatie", realisation),
        ("In ontwerp", design),
        ("Gestopt", stopped),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, dutch::number(f64::from((*value)?)))))
    .collect()
}
