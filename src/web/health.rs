//! Whether the program runs, and whether it can answer: for whoever starts and watches it.

use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{IntoResponse, Response, handler};
use serde::Serialize;

use crate::app::App;
use crate::domain::actor::Actor;
use crate::store::change_log;

use crate::search::request::Request;

use super::cache::CachePolicy;
use super::pages;

/// Following takes about a second; a minute means that it fails.
const PATIENCE_S: i64 = 60;

#[handler]
pub fn live() -> Response {
    "ok".with_header("Cache-Control", CachePolicy::NoStore.header()).into_response()
}

/// Says when the index has been behind for longer than following takes.
async fn late(app: &App, cursor: i64) -> Option<String> {
    let since = change_log::first_after(&app.store, cursor).await.ok()??;
    let waits = app.clock.now().signed_duration_since(since).num_seconds();
    (PATIENCE_S < waits).then(|| format!("de zoekindex loopt {waits} seconden achter"))
}

#[derive(Serialize)]
struct Readiness {
    klaar: bool,
    /// What is not ready, in words; empty when all is.
    ontbreekt: Vec<String>,
    /// Changes that are stored and not yet in the index.
    achterstand: Option<i64>,
}

#[handler]
pub async fn ready(Data(app): Data<&App>) -> Response {
    let mut missing = Vec::new();
    let mut behind = None;
    if let Err(error) = app.store.ping().await {
        missing.push(format!("de database antwoordt niet: {error}"));
    }
    match (app.search.cursor(), change_log::head(&app.store).await) {
        (None, _) => missing.push("de zoekindex wordt opgebouwd".to_owned()),
        (Some(cursor), Ok(head)) => {
            behind = Some(head - cursor);
            missing.extend(late(app, cursor).await);
            // A small real search: an index can be there and not be readable.
            if let Err(error) = pages::search::find(app, &Actor::Anonymous, Request::new("zorg").paged(1, 1)).await {
                missing.push(format!("zoeken lukt niet: {error}"));
            }
        }
        (Some(_), Err(error)) => missing.push(format!("het wijzigingslog is niet te lezen: {error}")),
    }
    let status = if missing.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Json(Readiness { klaar: missing.is_empty(), ontbreekt: missing, achterstand: behind })
        .with_header("Cache-Control", CachePolicy::NoStore.header())
        .with_status(status)
        .into_response()
}
