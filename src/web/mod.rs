//! HTTP: pages and API over the same parts. Everything poem.
//!
//! A request passes, from outside in: an id and one log line, the headers every answer has, who asks, compression,
//! one of two faces that turn an error into a page or into `application/problem+json`, and the guard of changes.
//!
//! Invariant: pages forgive wrong parameters and say so; the API refuses them all at once.

use poem::endpoint::BoxEndpoint;
use poem::middleware::Compression;
use poem::web::CompressionLevel;
use poem::{EndpointExt, Response};

use crate::app::App;

mod act;
mod actor;
mod api;
mod assessment;
mod assets;
mod attachment;
mod cache;
mod card;
mod checks;
mod comparison;
mod error;
mod faults;
mod feeds;
mod figures;
mod form;
mod guard;
mod health;
mod log;
mod measured;
mod page;
mod pages;
mod proposal;
mod routes;
mod search_log;
mod search_query;
mod security;
mod source;
pub mod upload;
pub mod url;

pub use routes::PATHS;

/// The whole site as one endpoint.
pub fn build(app: App) -> BoxEndpoint<'static, Response> {
    routes::routes(&app)
        .with(packed())
        .around(actor::visitors)
        .data(app)
        .around(security::headers)
        .around(log::requests)
        .boxed()
}

/// Answers are made for one reader and read once: a few percent more bytes cost less than the time to save them.
fn packed() -> Compression {
    Compression::new().with_quality(CompressionLevel::Fastest)
}
