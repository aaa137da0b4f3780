//! The template of an organisation and a period, to save and fill in.

use poem::web::Data;
use poem::{IntoResponse, Request, Response, handler};

use crate::app::App;
use crate::domain::measurement::Measurement;
use crate::domain::period::PartialDate;
use crate::domain::permission::{self, Action, Denied};
use crate::exchange::template;
use crate::store;
use crate::text::dutch;
use crate::web::act::act;
use crate::web::actor::Visitor;
use crate::web::cache::CachePolicy;
use crate::web::error::Failure;
use crate::web::pages::sign_in::parameter;
use crate::workflow::delivery;

/// The media type of an Excel file.
pub const EXCEL: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[handler]
pub async fn download(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    visitor.user()?;
    if !delivery::takes_part(&visitor.actor) {
        return Err(Failure::Denied(Denied::Role));
    }
    let catalogue = app.store.catalogue().await?;
    let slug = parameter(request, "organisatie").unwrap_or_default();
    let organisation = catalogue.organisation(&slug).ok_or(Failure::NotFound)?;
    permission::may(&visitor.actor, Action::Deliver(&slug)).map_err(|_| Failure::NotFound)?;
    let period =
        PartialDate::parse(&parameter(request, "periode").unwrap_or_default()).filter(|it| it.span().is_some());
    let period = period.ok_or(Failure::NotFound)?;
    let due = delivery::due(&act(app, &visitor), &slug).await?;
    let due = due.iter().find(|it| it.period == period).map(|it| dutch::date(it.by));
    let current = store::measurement::current_of(&app.store, &slug).await?;
    let current: Vec<Measurement> = current.into_iter().map(|it| it.measurement).collect();
    let form = template::form(&catalogue, organisation, period, &current, due);
    let name = form.file_name();
    let (bytes, media, name) = match parameter(request, "vorm").unwrap_or_default().as_str() {
        "csv" => (form.csv(), "text/csv; charset=utf-8", format!("{name}.csv")),
        "" | "xlsx" => {
            let bytes = form.xlsx().map_err(|error| Failure::Unexpected(Box::new(error)))?;
            (bytes, EXCEL, format!("{name}.xlsx"))
        }
        _ => return Err(Failure::NotFound),
    };
    Ok(bytes
        .with_content_type(media)
        .with_header("Content-Disposition", format!("attachment; filename=\"{name}\""))
        .with_header("Cache-Control", CachePolicy::NoStore.header())
        .into_response())
}
