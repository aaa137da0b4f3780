//! What an organisation is to deliver and what it delivered, and the two ways to hand figures in: a file, or a few
//! figures in a form.

use std::time::Duration;

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Body, Request, Response, handler};

use crate::app::App;
use crate::domain::catalogue::Catalogue;
use crate::domain::permission::Denied;
use crate::exchange::delivery::{self as receiving, Outcome, Sent};
use crate::exchange::delivery_sheet::{FAULTS_MAX, Remark};
use crate::exchange::table::{self, Cell, Row, Sheet, Table};
use crate::exchange::{self, extract};
use crate::store::{self, blob};
use crate::text::{dutch, local_time};
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::guard;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::sign_in::parameter;
use crate::web::upload::{self, Limits, Upload};
use crate::web::url;
use crate::workflow;
use crate::workflow::delivery;

/// What a form with figures may be.
const LIMITS: Limits = Limits {
    file: table::SIZE_MAX,
    text: 64 << 10,
    fields: 200,
    idle: Duration::from_secs(60),
    total: Duration::from_secs(300),
};
/// Deliveries in the list.
const LISTED: u64 = 50;
/// Rows of the form for a few figures, and its columns with their labels.
const FORM_ROWS: usize = 3;
const FORM_COLUMNS: &[(&str, &str)] = &[
    ("indicator", "Indicator"),
    ("periode", "Periode"),
    ("deel", "Deel"),
    ("teller", "Teller"),
    ("noemer", "Noemer"),
    ("waarde", "Waarde"),
    ("toelichting", "Toelichting"),
];

/// A line of what is due.
struct DueLine {
    network: String,
    period: String,
    by: String,
    state: String,
    missing: String,
    templates: Vec<(&'static str, String)>,
}

struct DeliveryLine {
    url: String,
    organisation: String,
    name: String,
    stage: &'static str,
    when: String,
}

/// A fault or warning as the page shows it.
pub struct Shown {
    pub at: String,
    pub text: String,
}

/// One row of the form for a few figures, as typed.
struct FormRow {
    number: usize,
    cells: Vec<(&'static str, &'static str, String)>,
}

#[derive(Template)]
#[template(path = "deliver.html", config = "src/web/askama.toml")]
struct OverviewPage {
    frame: Frame,
    /// Slug and name of the organisations that can be chosen, and the chosen one.
    organisations: Vec<(String, String)>,
    chosen: String,
    chosen_name: String,
    due: Vec<DueLine>,
    deliveries: Vec<DeliveryLine>,
    /// Code and name.
    indicators: Vec<(String, String)>,
    rows: Vec<FormRow>,
    reason: String,
    faults: Vec<Shown>,
    warnings: Vec<Shown>,
    more: usize,
    limit: usize,
}

/// What is shown again after something was sent.
#[derive(Default)]
struct Typed {
    organisation: String,
    reason: String,
    /// The cells of the form, row by row.
    rows: Vec<Vec<String>>,
    faults: Vec<Shown>,
    warnings: Vec<Shown>,
    more: usize,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    let typed = Typed { organisation: parameter(request, "organisatie").unwrap_or_default(), ..Typed::default() };
    overview(app, &visitor, typed).await
}

async fn overview(app: &App, visitor: &Visitor, typed: Typed) -> Result<Response, Failure> {
    visitor.user()?;
    if !delivery::takes_part(&visitor.actor) {
        return Err(Failure::Denied(Denied::Role));
    }
    let catalogue = app.store.catalogue().await?;
    let doing = act(app, visitor);
    let own = delivery::organisations(&visitor.actor, &catalogue);
    let chosen = chosen(&own, &typed.organisation);
    let mut due = Vec::new();
    if let Some(slug) = chosen {
        due = delivery::due(&doing, slug).await?.into_iter().map(|it| due_line(slug, &it)).collect();
    }
    let visible = delivery::visible(&visitor.actor, &catalogue);
    let shown: Vec<&str> = match chosen {
        Some(slug) if !typed.organisation.is_empty() => vec![slug],
        _ => visible,
    };
    let deliveries = store::delivery::of(&app.store, &shown, LISTED).await?;
    let rows = (0..FORM_ROWS).map(|at| FormRow {
        number: at + 1,
        cells: FORM_COLUMNS
            .iter()
            .enumerate()
            .map(|(column, (name, label))| {
                let value = typed.rows.get(at).and_then(|it| it.get(column)).cloned().unwrap_or_default();
                (*name, *label, value)
            })
            .collect(),
    });
    let title = if typed.faults.is_empty() { "Cijfers aanleveren" } else { "Fout: Cijfers aanleveren" };
    let status = if typed.faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let page = OverviewPage {
        frame: Frame::new(app, visitor, Section::None, title, ""),
        organisations: own.iter().map(|it| ((*it).to_owned(), organisation(&catalogue, it))).collect(),
        chosen: chosen.unwrap_or("").to_owned(),
        chosen_name: chosen.map(|it| organisation(&catalogue, it)).unwrap_or_default(),
        due,
        deliveries: deliveries
            .into_iter()
            .map(|it| DeliveryLine {
                url: url::delivery(&it.id),
                organisation: organisation(&catalogue, &it.organisation),
                name: it.file_name.unwrap_or_else(|| "formulier".to_owned()),
                stage: it.stage.label(),
                when: local_time::date_and_clock(it.made_at),
            })
            .collect(),
        indicators: catalogue.indicators.iter().map(|it| (it.slug.clone(), it.name.clone())).collect(),
        rows: rows.collect(),
        reason: typed.reason,
        faults: typed.faults,
        warnings: typed.warnings,
        more: typed.more,
        limit: table::SIZE_MAX >> 20,
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

/// The organisation the page is about: the one that was asked for, or the only one.
fn chosen<'a>(own: &[&'a str], asked: &str) -> Option<&'a str> {
    own.iter().find(|it| **it == asked).copied().or_else(|| if own.len() == 1 { own.first().copied() } else { None })
}

/// The name of an organisation.
pub fn organisation(catalogue: &Catalogue, slug: &str) -> String {
    catalogue.organisation(slug).map_or_else(|| slug.to_owned(), |it| it.name.clone())
}

fn due_line(slug: &str, it: &delivery::Due) -> DueLine {
    let period = it.period.to_string();
    let template = |form: &'static str| {
        (form, url::with_query(url::TEMPLATE, &[("organisatie", slug), ("periode", &period), ("vorm", form)]))
    };
    let state = match (it.is_closed, it.delivered) {
        (true, _) => "afgesloten; aanleveren kan nog met een reden".to_owned(),
        (false, 0) => "nog niets aangeleverd".to_owned(),
        (false, count) => format!("{count} van {} indicatoren aangeleverd", it.applies),
    };
    let missing = match it.missing.len() {
        0 => String::new(),
        count if 5 < count => format!("{} en nog {}", it.missing[..5].join(", "), count - 5),
        _ => it.missing.join(", "),
    };
    DueLine {
        network: it.network.1.clone(),
        period: it.period.dutch(),
        by: dutch::date(it.by),
        state,
        missing,
        templates: vec![template("xlsx"), template("csv")],
    }
}

#[handler]
pub async fn receive(
    Data(app): Data<&App>,
    visitor: Visitor,
    request: &Request,
    body: Body,
) -> Result<Response, Failure> {
    visitor.user()?;
    // Before anything is read: who may not deliver sends no file.
    if !delivery::takes_part(&visitor.actor) {
        return Err(Failure::Denied(Denied::Role));
    }
    let upload = upload::read_within(request, body, &app.intake.blobs, LIMITS).await?;
    guard::check_mark(&visitor, upload.value(guard::MARK).unwrap_or_default())?;
    let catalogue = app.store.catalogue().await?;
    let own = delivery::organisations(&visitor.actor, &catalogue);
    let mut typed = Typed {
        organisation: upload.value("organisatie").unwrap_or_default().to_owned(),
        reason: upload.value("reden").unwrap_or_default().to_owned(),
        rows: rows_of(&upload),
        ..Typed::default()
    };
    let Some(organisation) = chosen(&own, &typed.organisation) else {
        typed.faults.push(Shown { at: "Organisatie".into(), text: "Kies voor welke organisatie u aanlevert.".into() });
        return overview(app, &visitor, typed).await;
    };
    let doing = act(app, &visitor);
    let is_form = upload.value("wat") == Some("cijfers");
    let name = upload.file.as_ref().map(|it| it.name.clone());
    let reason = Some(typed.reason.as_str()).filter(|it| !it.is_empty());
    let sent = Sent { organisation, file_name: name.as_deref(), reason, is_trial: false };
    let done = if is_form {
        let table = table_of(&typed.rows);
        let text = typed.rows.iter().map(|it| it.join("\t")).collect::<Vec<_>>().join("\n");
        receiving::receive_table(&doing, &table, blob::hash(text.as_bytes()), sent).await
    } else {
        let Some(mut file) = upload.file else {
            typed.faults.push(Shown { at: "Bestand".into(), text: "Kies eerst een bestand.".into() });
            return overview(app, &visitor, typed).await;
        };
        let read = tokio::task::spawn_blocking(move || file.content.bytes()).await;
        let bytes = read.map_err(|error| Failure::Unexpected(Box::new(error)))??;
        receiving::receive(&doing, &app.intake.extractor, bytes, sent).await
    };
    match done {
        Ok(Outcome::Stored(id, _)) => Ok(see(&url::delivery(&id))),
        Ok(Outcome::Known(id)) => Ok(see(&url::with_query(&url::delivery(&id), &[("al", "1")]))),
        Ok(Outcome::Faulty(read) | Outcome::Tried(read)) => {
            typed.more = read.faults.len().saturating_sub(FAULTS_MAX);
            typed.faults = read.faults.iter().take(FAULTS_MAX).map(|it| shown(it, is_form)).collect();
            typed.warnings = read.warnings.iter().take(FAULTS_MAX).map(|it| shown(it, is_form)).collect();
            overview(app, &visitor, typed).await
        }
        Err(error) => {
            typed.faults.push(Shown { at: "Bestand".into(), text: refused(error)? });
            overview(app, &visitor, typed).await
        }
    }
}

/// Why a file is not taken in, for who sent it; what is no fault of theirs is a failure.
pub fn refused(error: exchange::Error) -> Result<String, Failure> {
    let text = match error {
        exchange::Error::Extract(extract::Error::Refused(text))
        | exchange::Error::Workflow(workflow::Error::Refused(text)) => text,
        exchange::Error::Workflow(workflow::Error::Invalid(faults)) => {
            faults.iter().map(|it| it.1.to_string()).collect::<Vec<_>>().join("; ")
        }
        exchange::Error::Workflow(error) => return Err(error.into()),
        other => return Err(Failure::Unexpected(Box::new(other))),
    };
    Ok(format!("{}.", dutch::capital(&text)))
}

/// A remark with its place; a cell of the form is named as the form does.
fn shown(it: &Remark, is_form: bool) -> Shown {
    let at = match (&it.at, is_form) {
        (None, _) => "Hele bestand".to_owned(),
        (Some(at), false) => dutch::capital(&at.to_string()),
        (Some(at), true) => {
            let column = at.column.and_then(|it| FORM_COLUMNS.get(it)).map_or("", |it| it.1);
            format!("Regel {}, {}", at.row.saturating_sub(1), column.to_lowercase())
        }
    };
    Shown { at, text: it.text.clone() }
}

/// What was typed in the form, row by row.
fn rows_of(upload: &Upload) -> Vec<Vec<String>> {
    let value = |name: &str, row: usize| upload.value(&format!("{name}-{row}")).unwrap_or_default().trim().to_owned();
    (1..=FORM_ROWS).map(|row| FORM_COLUMNS.iter().map(|it| value(it.0, row)).collect()).collect()
}

/// The form as a sheet: it is read as a file is.
fn table_of(rows: &[Vec<String>]) -> Table {
    let cell = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    let heading = Row { number: 1, cells: FORM_COLUMNS.iter().map(|it| cell(it.0)).collect() };
    let filled = rows.iter().zip(2..).filter(|it| it.0.iter().any(|it| !it.is_empty()));
    let rows = filled.map(|(row, number)| Row { number, cells: row.iter().map(|it| cell(it)).collect() });
    let sheet = Sheet { name: String::new(), rows: std::iter::once(heading).chain(rows).collect() };
    Table { sheets: vec![sheet], hidden: vec![] }
}
