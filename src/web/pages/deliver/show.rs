//! One delivery: its figures beside those that stand, what is strange about them, and what can be done with it.

use std::collections::HashMap;

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};

use crate::app::App;
use crate::domain::delivery::DeliveryStage;
use crate::domain::id::DeliveryId;
use crate::domain::indicator::Indicator;
use crate::domain::measurement::{Key, Measurement};
use crate::domain::permission::Denied;
use crate::store;
use crate::text::{dutch, local_time};
use crate::web::act::{act, see};
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::guard::Form;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::deliver::overview::{Shown, organisation};
use crate::web::pages::sign_in::parameter;
use crate::web::url;
use crate::workflow;
use crate::workflow::delivery::{self, Seen};
use crate::workflow::record::notice;

/// Figures on the page; the others are counted.
const SHOWN: usize = 500;

struct FigureLine {
    indicator: String,
    period: String,
    /// Location and part.
    of: String,
    value: String,
    counted: String,
    before: String,
    change: String,
    note: String,
}

#[derive(Template)]
#[template(path = "delivery.html", config = "src/web/askama.toml")]
struct DeliveryPage {
    frame: Frame,
    action: String,
    version: i32,
    organisation: String,
    stage: &'static str,
    story: Vec<String>,
    reason: String,
    needs_reason: bool,
    figures: Vec<FigureLine>,
    count: String,
    more: usize,
    faults: Vec<Shown>,
    warnings: Vec<Shown>,
    is_known: bool,
    error: String,
    may_approve: bool,
    is_own: bool,
    may_release: bool,
    may_withdraw: bool,
    may_explain: bool,
    is_released: bool,
}

#[handler]
pub async fn show(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    request: &Request,
) -> Result<Response, Failure> {
    visitor.user()?;
    let is_known = parameter(request, "al").unwrap_or_default() == "1";
    delivery_page(app, &visitor, &delivery_id(&id)?, is_known, "", StatusCode::OK).await
}

/// The identity of a delivery as it stands in an address.
pub fn delivery_id(text: &str) -> Result<DeliveryId, Failure> {
    let is_formed = text.len() == 26 && text.bytes().all(|it| it.is_ascii_alphanumeric());
    if is_formed { Ok(DeliveryId::stored(text.to_owned())) } else { Err(Failure::NotFound) }
}

async fn delivery_page(
    app: &App,
    visitor: &Visitor,
    id: &DeliveryId,
    is_known: bool,
    error: &str,
    status: StatusCode,
) -> Result<Response, Failure> {
    visitor.user()?;
    let doing = act(app, visitor);
    let seen = delivery::see(&doing, id).await?;
    let catalogue = app.store.catalogue().await?;
    let it = &seen.delivery;
    let is_open = matches!(it.stage, DeliveryStage::Concept | DeliveryStage::Approved);
    let judged = if is_open { delivery::judge_again(&doing, &seen).await? } else { Default::default() };
    let current = store::measurement::current_of(&app.store, &it.organisation).await?;
    let current: HashMap<Key, Measurement> =
        current.into_iter().map(|it| (it.measurement.key(), it.measurement)).collect();
    let line = |row: &Measurement| {
        let indicator = catalogue.indicator(&row.indicator);
        let before = if is_open { current.get(&row.key()) } else { None };
        figure(row, indicator, before)
    };
    let name_of = |row: Option<usize>| match row.and_then(|at| seen.rows.get(at)) {
        Some(row) => {
            let line = line(&row.measurement);
            format!(
                "{}, {}{}",
                line.indicator,
                line.period,
                if line.of.is_empty() { String::new() } else { format!(", {}", line.of) }
            )
        }
        None => "Alle cijfers".to_owned(),
    };
    let may_change = seen.may_deliver || seen.may_approve.is_ok();
    let page = DeliveryPage {
        frame: Frame::new(app, visitor, Section::None, "Aanlevering", ""),
        action: url::delivery(id),
        version: it.version,
        organisation: organisation(&catalogue, &it.organisation),
        stage: it.stage.label(),
        story: story(app, &seen).await?,
        reason: it.reason.clone().unwrap_or_default(),
        // What is wrong with figures that were fine when they came is that their period was closed meanwhile.
        needs_reason: it.stage == DeliveryStage::Concept
            && it.reason.is_none()
            && !(judged.restated.is_empty() && judged.faults.is_empty()),
        figures: seen.rows.iter().take(SHOWN).map(|it| line(&it.measurement)).collect(),
        count: dutch::count(seen.rows.len(), "cijfer", "cijfers"),
        more: seen.rows.len().saturating_sub(SHOWN),
        faults: judged
            .faults
            .iter()
            .take(SHOWN)
            .map(|it| Shown { at: name_of(Some(it.row)), text: dutch::capital(&it.fault.to_string()) })
            .collect(),
        warnings: judged
            .warnings
            .iter()
            .take(SHOWN)
            .map(|it| Shown { at: name_of(it.row), text: it.text.clone() })
            .collect(),
        is_known,
        error: error.to_owned(),
        may_approve: it.stage == DeliveryStage::Concept && seen.may_approve.is_ok(),
        is_own: it.stage == DeliveryStage::Concept && seen.may_approve == Err(Denied::OwnWork),
        may_release: it.stage == DeliveryStage::Approved && may_change,
        may_withdraw: is_open && may_change,
        may_explain: it.stage == DeliveryStage::Concept && seen.may_deliver,
        is_released: it.stage == DeliveryStage::Released,
    };
    page::with_status(&page, status, CachePolicy::NoStore)
}

/// Who did what when.
async fn story(app: &App, seen: &Seen) -> Result<Vec<String>, Failure> {
    let it = &seen.delivery;
    let names = notice::names(&app.store).await?;
    let name = |label: &str| {
        names.get(label).cloned().unwrap_or_else(|| match label.len() {
            26 => "een oud-gebruiker".to_owned(),
            _ => label.to_owned(),
        })
    };
    let from = it.file_name.as_ref().map_or_else(|| "met het formulier".to_owned(), |it| format!("met {it}"));
    let mut res =
        vec![format!("Aangeleverd door {} op {}, {from}.", name(&it.made_by), local_time::date_and_clock(it.made_at))];
    if let Some(at) = it.approved_at {
        let whom = it.approved_by.as_ref().map_or_else(|| "de beheerder".to_owned(), |it| name(it.as_str()));
        res.push(format!("Akkoord van {whom} op {}.", local_time::date_and_clock(at)));
    }
    if let Some(at) = it.released_at {
        res.push(format!("Vrijgegeven op {}.", local_time::date_and_clock(at)));
    }
    if let Some(day) = it.embargo_until {
        res.push(format!("Tot en met {} alleen zichtbaar voor uw eigen organisatie.", dutch::date(day)));
    }
    Ok(res)
}

fn figure(row: &Measurement, indicator: Option<&Indicator>, before: Option<&Measurement>) -> FigureLine {
    let digits = indicator.map_or(1, Indicator::digits);
    let rounded = |it: f64| dutch::number((it * 10f64.powi(digits as i32)).round() / 10f64.powi(digits as i32));
    let value_of = |it: &Measurement| match indicator.and_then(|of| it.derived(of)) {
        Some(value) => rounded(value),
        None => it.state.label().to_lowercase(),
    };
    let unit = indicator.map_or("", |it| it.unit.as_str());
    let counted = match (row.numerator, row.denominator) {
        (Some(one), Some(other)) => format!("{} van {}", dutch::number(one), dutch::number(other)),
        (Some(one), None) => dutch::number(one),
        _ => String::new(),
    };
    let values = |it: &Measurement| indicator.and_then(|of| it.derived(of));
    let change = match before.map(|it| (values(it), values(row))) {
        Some((Some(was), Some(is))) if was != is => {
            format!("{}{}", if was < is { "+" } else { "" }, rounded(is - was))
        }
        _ => String::new(),
    };
    let part =
        row.part.as_ref().map(|code| indicator.and_then(|it| it.part(code)).map_or(code.clone(), |it| it.name.clone()));
    FigureLine {
        indicator: indicator.map_or_else(|| row.indicator.clone(), |it| it.name.clone()),
        period: row.period.map(|it| it.dutch()).unwrap_or_default(),
        of: [row.location.clone(), part].into_iter().flatten().collect::<Vec<_>>().join(", "),
        value: format!("{} {unit}", value_of(row)).trim().to_owned(),
        counted,
        before: before.map(value_of).unwrap_or_default(),
        change,
        note: row.note.clone().unwrap_or_default(),
    }
}

#[handler]
pub async fn decide(
    Data(app): Data<&App>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    visitor.user()?;
    let id = delivery_id(&id)?;
    let doing = act(app, &visitor);
    // Who may not see it learns nothing from what it answers.
    delivery::see(&doing, &id).await?;
    let seen = form.text("versie").parse().ok();
    let done = match form.text("actie") {
        "akkoord" => delivery::approve(&doing, &id, seen).await,
        "vrijgeven" => delivery::release(&doing, &id, seen).await,
        "intrekken" => delivery::withdraw(&doing, &id, seen).await,
        "reden" => delivery::explain(&doing, &id, seen, form.text("reden")).await,
        _ => return Err(Failure::NotFound),
    };
    match done {
        Ok(()) => Ok(see(&url::delivery(&id))),
        Err(workflow::Error::Stage(text)) => {
            let text = format!("{}.", dutch::capital(text));
            delivery_page(app, &visitor, &id, false, &text, StatusCode::CONFLICT).await
        }
        Err(workflow::Error::Figures(_)) => {
            let text = "Er is intussen iets veranderd waardoor deze cijfers niet meer kunnen; zie hieronder.";
            delivery_page(app, &visitor, &id, false, text, StatusCode::CONFLICT).await
        }
        Err(workflow::Error::Invalid(faults)) => {
            let text: Vec<String> = faults.iter().map(|it| dutch::capital(&it.1.to_string())).collect();
            delivery_page(app, &visitor, &id, false, &text.join(". "), StatusCode::BAD_REQUEST).await
        }
        Err(error) => Err(error.into()),
    }
}
