//! One document, each kind with its own fields. The field tables of `domain` drive the page: a new field shows
//! without a change here.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{IntoResponse, Response, handler};
use serde_json::{Map, Value};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::draft::Content;
use crate::domain::field::{self, Field, Shape, Target};
use crate::domain::part::{Figure, Output};
use crate::domain::period::PartialDate;
use crate::domain::quality_report::BlockReview;
use crate::domain::record::{Own, Record};
use crate::domain::stage::{self, Stage};
use crate::domain::vocabulary::{RelationKind, Role};
use crate::store::record::{Filter, Found, Stored};
use crate::store::{self, Store};
use crate::text::{dutch, markdown};
use crate::web::actor::Visitor;
use crate::web::attachment::{self, AttachmentView};
use crate::web::card::{Card, Link};
use crate::web::error::Failure;
use crate::web::figures::{self, FigureTable};
use crate::web::page::{self, Frame, Section};
use crate::web::pages::compare::change::{self, ChangeView};
use crate::web::source::{self, SourceView};
use crate::web::url;
use crate::workflow::record::Rights;

/// Documents that are shown as like this one.
const SIMILAR: usize = 3;

#[derive(Template)]
#[template(path = "record.html", config = "src/web/askama.toml")]
struct RecordPage {
    frame: Frame,
    view: RecordView,
    changes: Vec<ChangeView>,
    similar: Vec<Card>,
    /// What this visitor may do with it; empty for most.
    tools: Tools,
    /// Said above the document: that nobody confirmed it in time.
    overdue: String,
}

/// What somebody may do with a document.
#[derive(Default)]
struct Tools {
    slug: String,
    may_write: bool,
    may_keep: bool,
    /// New versions that are being written or reviewed: address and what to say.
    open: Vec<(String, String)>,
}

/// A document as it is read, live or not.
#[derive(Template)]
#[template(path = "record_view.html", config = "src/web/askama.toml")]
pub struct RecordView {
    kind: &'static str,
    kind_word: &'static str,
    kind_url: String,
    title: String,
    summary: String,
    facts: Vec<Fact>,
    blocks: Vec<Block>,
    contents: Vec<(String, String)>,
    themes: Vec<Link>,
    keywords: Vec<Link>,
    attachments: Vec<AttachmentView>,
    source_notes: Vec<String>,
    sources: Vec<SourceView>,
    relations: Vec<RelationView>,
    /// Of a live document: when it was changed, its version, all versions, and its address in the API.
    live: Option<Live>,
}

struct Live {
    updated: String,
    version: i32,
    versions: String,
    api: String,
    confirmed: String,
}

/// A short field: label and values, each with or without a link.
struct Fact {
    label: &'static str,
    values: Vec<(String, Option<String>)>,
}

/// A section of the page: an anchor, a heading, and what stands under it.
struct Block {
    anchor: String,
    heading: String,
    body: Body,
}

enum Body {
    Html(String),
    Lines(Vec<String>),
    Outputs(Vec<OutputView>),
    Figures(Vec<FigureTable>),
    /// Sections of a section: heading with address, and labelled texts.
    Reviews(Vec<(Link, Vec<(&'static str, String)>)>),
    /// Any other list of tables: column labels and rows of cells.
    Table(Vec<&'static str>, Vec<Vec<Cell>>),
}

/// A text, and where it leads if it names something that has a page.
struct Cell {
    text: String,
    url: Option<String>,
}

struct OutputView {
    kind: &'static str,
    title: String,
    note: String,
    url: Option<String>,
}

struct RelationView {
    label: &'static str,
    link: Link,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Failure> {
    let stored = match store::record::get(&app.store, &visitor.actor, &slug).await? {
        Some(Found::Here(stored)) => stored,
        Some(Found::Moved(slug)) => return Ok(moved(&url::record(&slug))),
        None => return super::history::gone(app, &visitor, &slug).await?.ok_or(Failure::NotFound),
    };
    let catalogue = app.store.catalogue().await?;
    let record = &stored.record;
    let mut view = RecordView::of(app, &visitor.actor, record).await?;
    view.relations = relations(&app.store, &visitor.actor, &stored).await?;
    view.live = Some(Live {
        updated: dutch::date(stored.updated_at.date_naive()),
        version: stored.version,
        versions: url::versions(&record.slug),
        api: url::api_record(&record.slug),
        confirmed: record.common.last_confirmed.map(dutch::date).unwrap_or_default(),
    });
    let is_overdue = stage::of_live(record, app.clock.now().date_naive()) == Stage::RevisionDue;
    page::show(&RecordPage {
        frame: Frame::new(app, &visitor, Section::Search, &record.common.title, &url::record(&record.slug))
            .described(&record.common.summary),
        changes: change::of_record(app, &visitor, &catalogue, record).await?,
        similar: similar(app, &visitor.actor, &catalogue, &stored).await?,
        tools: tools(app, &visitor, &catalogue, &stored).await?,
        overdue: match record.common.review_by.filter(|_| is_overdue) {
            Some(day) => format!("Dit document is niet bevestigd sinds {}. Het kan verouderd zijn.", dutch::date(day)),
            None => String::new(),
        },
        view,
    })
}

impl RecordView {
    /// Without what hangs on its place in the library.
    pub async fn of(app: &App, actor: &Actor, record: &Record) -> Result<RecordView, Failure> {
        let catalogue = app.store.catalogue().await?;
        let blocks = blocks(record, &catalogue, &titles(&app.store, actor, record).await?);
        Ok(RecordView {
            kind: record.kind().label(),
            kind_word: record.kind().word(),
            kind_url: url::search(&[("soort", record.kind().word())]),
            title: record.common.title.clone(),
            summary: record.common.summary.clone(),
            facts: facts(record, &catalogue),
            contents: match blocks.len() {
                0..=3 => vec![],
                _ => blocks.iter().flat_map(contents).collect(),
            },
            blocks,
            themes: record.common.themes.iter().map(|it| Link::to(&catalogue, Target::Theme, it)).collect(),
            keywords: record
                .common
                .keywords
                .iter()
                .map(|it| Link { url: url::search(&[("q", it)]), name: it.clone() })
                .collect(),
            attachments: attachment::views(&app.store, record).await?,
            source_notes: record.common.source_notes.clone(),
            sources: source::views(&record.common.sources),
            relations: vec![],
            live: None,
        })
    }

    /// A draft as it would look; what does not fit yet is left out.
    pub async fn of_draft(app: &App, actor: &Actor, content: &Content) -> Result<RecordView, Failure> {
        let record = content.shown().map_err(|it| Failure::Unexpected(it.into()))?;
        let mut res = RecordView::of(app, actor, &record).await?;
        for relation in &record.common.relations {
            if let Some(Found::Here(other)) = store::record::get(&app.store, actor, &relation.record).await? {
                res.relations.push(RelationView { label: relation.kind.label(), link: to(&other) });
            }
        }
        Ok(res)
    }
}

async fn tools(app: &App, visitor: &Visitor, catalogue: &Catalogue, stored: &Stored) -> Result<Tools, Failure> {
    if visitor.actor.user().is_none() {
        return Ok(Tools::default());
    }
    let rights = Rights::of_live(&stored.record, catalogue);
    let may_write = rights.may_write(&visitor.actor).is_ok();
    let mut open = Vec::new();
    for draft in store::draft::of_record(&app.store, &stored.id).await? {
        let rights = Rights::of_draft(&draft, Some(&stored.record), catalogue, app.config.four_eyes);
        if rights.may_see(&visitor.actor) {
            let since = crate::text::local_time::date(draft.updated_at);
            open.push((url::draft(&draft.id), format!("{}, {since}", draft.stage.label())));
        }
    }
    let may_keep = rights.may_keep(&visitor.actor).is_ok();
    Ok(Tools { slug: stored.record.slug.clone(), may_write, may_keep, open })
}

/// The documents together are the search without a question.
#[handler]
pub fn index() -> Response {
    moved(url::SEARCH)
}

/// An answer that sends on for good.
pub fn moved(url: &str) -> Response {
    StatusCode::PERMANENT_REDIRECT.with_header("Location", url).into_response()
}

/// The entries of a section in the list of contents; the parts of a long one each have their own.
fn contents(block: &Block) -> Vec<(String, String)> {
    match &block.body {
        Body::Reviews(reviews) => reviews.iter().map(|(link, _)| (link.anchor(), link.name.clone())).collect(),
        _ => vec![(block.anchor.clone(), block.heading.clone())],
    }
}

fn facts(record: &Record, catalogue: &Catalogue) -> Vec<Fact> {
    let common = &record.common;
    let mut res = Vec::new();
    for role in Role::ALL {
        let values: Vec<_> = common
            .organisations
            .iter()
            .filter(|it| it.role == *role)
            .map(|it| {
                let link = Link::to(catalogue, Target::Organisation, &it.organisation);
                (link.name, Some(link.url))
            })
            .collect();
        let label = match (role, values.len()) {
            (_, 0) => continue,
            (Role::Lead, 1) => "Trekker",
            (Role::Lead, _) => "Trekkers",
            (Role::Partner, 1) => "Partner",
            (Role::Partner, _) => "Partners",
            (Role::Funder, _) => "Financier",
            (Role::KnowledgePartner, 1) => "Kennispartner",
            (Role::KnowledgePartner, _) => "Kennispartners",
        };
        res.push(Fact { label, values });
    }
    if let Some(slug) = &common.programme {
        let link = Link::to(catalogue, Target::Programme, slug);
        res.push(Fact { label: "Programma", values: vec![(link.name, Some(link.url))] });
    }
    if let Some(slug) = &common.region {
        let link = Link::to(catalogue, Target::Region, slug);
        res.push(Fact { label: "Regio", values: vec![(link.name, Some(link.url))] });
    }
    let one = |label, value: String| Fact { label, values: vec![(value, None)] };
    let sectors: Vec<_> =
        common.sectors.iter().map(|it| (it.label().to_owned(), Some(url::search(&[("sector", it.word())])))).collect();
    if !sectors.is_empty() {
        res.push(Fact { label: "Sector", values: sectors });
    }
    res.extend(period(common.from, common.until).map(|it| one("Periode", it)));
    res.extend(common.outcome.map(|it| one("Stand", it.label().to_owned())));
    res.extend(common.success.map(|it| one("Resultaat", it.label().to_owned())));
    let own = record.own.to_value();
    for field in Own::fields(record.kind()) {
        let Some(value) = own.get(field.name) else { continue };
        let fact = match field.shape {
            Shape::Line { .. }
            | Shape::Integer { .. }
            | Shape::Number
            | Shape::Day
            | Shape::Moment
            | Shape::Choice(_) => one(field.label, plain(field.shape, value)),
            Shape::Link => {
                let address = value.as_str().unwrap_or_default().to_owned();
                let shown = address.trim_start_matches("https://").trim_start_matches("http://");
                let host = shown.split('/').next().unwrap_or(shown).to_owned();
                Fact { label: field.label, values: vec![(format!("Bekijk op {host}"), Some(address))] }
            }
            _ => continue,
        };
        res.push(fact);
    }
    let blocks: Vec<_> = common
        .building_blocks
        .iter()
        .map(|it| {
            let link = Link::to(catalogue, Target::BuildingBlock, it);
            (link.name, Some(link.url))
        })
        .collect();
    if !blocks.is_empty() {
        res.push(Fact { label: "Bouwstenen", values: blocks });
    }
    res.extend(common.contact.clone().map(|it| {
        let url = field::is_link(&it).then(|| it.clone());
        Fact { label: "Contact", values: vec![(it, url)] }
    }));
    res
}

/// "2016 tot en met januari 2018", "vanaf 2016", "tot en met 2018", "2024".
pub fn period(from: Option<PartialDate>, until: Option<PartialDate>) -> Option<String> {
    Some(match (from, until) {
        (Some(from), Some(until)) if from == until => from.dutch(),
        (Some(from), Some(until)) => format!("{} tot en met {}", from.dutch(), until.dutch()),
        (Some(from), None) => format!("vanaf {}", from.dutch()),
        (None, Some(until)) => format!("tot en met {}", until.dutch()),
        (None, None) => return None,
    })
}

/// The longer fields of the kind as sections, then the body.
fn blocks(record: &Record, catalogue: &Catalogue, titles: &Map<String, Value>) -> Vec<Block> {
    let own = record.own.to_value();
    let mut res = Vec::new();
    let block =
        |field: &Field, body| Block { anchor: field.name.replace('_', "-"), heading: field.label.to_owned(), body };
    let body_text = (!record.body.is_empty()).then(|| Block {
        anchor: "tekst".to_owned(),
        heading: String::new(),
        body: Body::Html(markdown::to_html(&record.body, 2)),
    });
    for field in Own::fields(record.kind()) {
        let Some(value) = own.get(field.name) else { continue };
        let body = match (field.shape, value) {
            (Shape::Text { .. }, Value::String(text)) => Body::Html(markdown::to_html(text, 3)),
            (Shape::Lines { .. }, Value::Array(lines)) => {
                Body::Lines(lines.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            }
            (Shape::Groups(fields, _), Value::Array(rows)) => {
                let rows: Vec<&Map<String, Value>> = rows.iter().filter_map(Value::as_object).collect();
                if field::same(fields, Figure::FIELDS) {
                    Body::Figures(figures::tables(record.own.figures()))
                } else if field::same(fields, Output::FIELDS) {
                    Body::Outputs(rows.iter().map(|row| output(row, titles)).collect())
                } else if field::same(fields, BlockReview::FIELDS) {
                    Body::Reviews(rows.iter().map(|row| review(row, catalogue)).collect())
                } else {
                    table(fields, &rows, catalogue)
                }
            }
            _ => continue,
        };
        res.push(block(field, body));
    }
    // The body tells the story around the texts; lists to look things up in come after it.
    let is_list =
        |it: &Block| matches!(it.body, Body::Figures(_) | Body::Outputs(_) | Body::Reviews(_) | Body::Table(..));
    let at = res.iter().position(is_list).unwrap_or(res.len());
    if let Some(body) = body_text {
        res.insert(at, body);
    }
    res
}

fn output(row: &Map<String, Value>, titles: &Map<String, Value>) -> OutputView {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let slug = text("document");
    OutputView {
        kind: crate::domain::vocabulary::OutputKind::parse(&text("soort")).map_or("", |it| it.label()),
        title: text("titel"),
        note: markdown::to_html(&text("toelichting"), 4),
        url: titles.contains_key(&slug).then(|| url::record(&slug)),
    }
}

fn review(row: &Map<String, Value>, catalogue: &Catalogue) -> (Link, Vec<(&'static str, String)>) {
    let slug = row.get("bouwsteen").and_then(Value::as_str).unwrap_or_default();
    let texts = BlockReview::FIELDS
        .iter()
        .filter(|field| matches!(field.shape, Shape::Text { .. }))
        .filter_map(|field| Some((field.label, markdown::to_html(row.get(field.name)?.as_str()?, 5))))
        .collect();
    (Link::to(catalogue, Target::BuildingBlock, slug), texts)
}

/// A list of tables without a view of its own: the filled columns.
fn table(fields: &'static [Field], rows: &[&Map<String, Value>], catalogue: &Catalogue) -> Body {
    let filled: Vec<&Field> =
        fields.iter().filter(|field| rows.iter().any(|row| row.contains_key(field.name))).collect();
    let text = |text: String| Cell { text, url: None };
    let cell = |field: &Field, row: &Map<String, Value>| match (field.shape, row.get(field.name)) {
        (_, None) => text(String::new()),
        (Shape::Reference(target), Some(Value::String(slug))) => {
            let Link { url, name } = Link::to(catalogue, target, slug);
            Cell { text: name, url: Some(url) }
        }
        (shape, Some(value)) => text(plain(shape, value)),
    };
    Body::Table(
        filled.iter().map(|field| field.label).collect(),
        rows.iter().map(|row| filled.iter().map(|field| cell(field, row)).collect()).collect(),
    )
}

/// A short value as a reader writes it.
fn plain(shape: Shape, value: &Value) -> String {
    match (shape, value) {
        (Shape::Choice(choices), Value::String(word)) => {
            choices.iter().find(|it| it.word == word).map_or(word.as_str(), |it| it.label).to_owned()
        }
        (Shape::Moment | Shape::Day, Value::String(text)) => {
            PartialDate::parse(text).map_or_else(|| text.clone(), PartialDate::dutch)
        }
        // A year is no quantity: it has no thousand point.
        (Shape::Integer { min: 1000.., .. }, Value::Number(number)) => number.to_string(),
        (_, Value::Number(number)) => dutch::number(number.as_f64().unwrap_or_default()),
        (_, Value::Array(items)) => items.iter().map(|it| plain(shape, it)).collect::<Vec<_>>().join("; "),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// The documents this one names in its fields and that a visitor may see: slug to title.
async fn titles(store: &Store, actor: &Actor, record: &Record) -> Result<Map<String, Value>, Failure> {
    let mut res = Map::new();
    let wanted = field::references(Own::fields(record.kind()), &record.own.to_value(), &Default::default());
    for (target, slug, _) in wanted {
        if target == Target::Record
            && let Some(Found::Here(stored)) = store::record::get(store, actor, &slug).await?
        {
            res.insert(slug, stored.record.common.title.into());
        }
    }
    Ok(res)
}

/// What this document points at, and what points at it.
async fn relations(store: &Store, actor: &Actor, stored: &Stored) -> Result<Vec<RelationView>, Failure> {
    let mut res = Vec::new();
    for relation in &stored.record.common.relations {
        if let Some(Found::Here(other)) = store::record::get(store, actor, &relation.record).await? {
            res.push(RelationView { label: relation.kind.label(), link: to(&other) });
        }
    }
    let filter = Filter { related_to: Some(&stored.id), ..Filter::default() };
    for other in store::record::list(store, actor, &filter).await? {
        for relation in other.record.common.relations.iter().filter(|it| it.record == stored.record.slug) {
            let label = match relation.kind {
                RelationKind::LeadsTo => "Komt voort uit",
                RelationKind::BuildsOn => "Hierop bouwt voort",
                RelationKind::Replaces => "Vervangen door",
                RelationKind::PartOf => "Omvat",
            };
            res.push(RelationView { label, link: to(&other) });
        }
    }
    Ok(res)
}

fn to(stored: &Stored) -> Link {
    Link { url: url::record(&stored.record.slug), name: stored.record.common.title.clone() }
}

/// Documents like this one: what a reader may want next. The page does without when the search is down.
async fn similar(app: &App, actor: &Actor, catalogue: &Catalogue, stored: &Stored) -> Result<Vec<Card>, Failure> {
    let (id, reader) = (stored.id.clone(), actor.clone());
    let found = app.search.ask(move |search| search.similar(&id, &reader, SIMILAR)).await;
    let ids = match found {
        Ok(Ok(ids)) => ids,
        Ok(Err(error)) => {
            tracing::warn!(error = %error, "verwante documenten ontbreken");
            vec![]
        }
        Err(error) => return Err(Failure::Unexpected(Box::new(error))),
    };
    let briefs = store::record::briefs(&app.store, actor, &ids).await?;
    Ok(briefs.iter().map(|(_, brief)| Card::new(catalogue, brief, app.clock.now().date_naive())).collect())
}
