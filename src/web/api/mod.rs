//! The API: the same library as data, by the NL API Design Rules.
//!
//! - what is asked and answered: [`record`], [`catalogue`], [`suggestion`]; what is written: [`mod@write`], [`delivery`]
//! - the shapes of the answers: [`view`] and [`attachment`], with [`value`] and [`own_fields`]
//! - what is said about it: [`openapi`], and [`docs`] as a page
//! - what goes wrong: [`problem`]
//!
//! Invariant: nothing is forgiven. A fault in the query is status 400, with all other faults beside it.
//! Invariant: an answer depends on the address and on who asks. Any site may ask (`Access-Control-Allow-Origin: *`):
//! a browser sends no cookie along for a page of another site, and would not hand it the answer if it did.

use std::sync::Arc;

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, get, handler, post};

use crate::app::App;
use crate::web::cache::CachePolicy;
use crate::web::error::{self, Failure};
use crate::web::log::RequestId;
use crate::web::url;

mod attachment;
mod catalogue;
mod delivery;
mod docs;
mod indicator;
mod openapi;
mod own_fields;
mod problem;
mod query;
mod record;
mod straight;
mod suggestion;
mod value;
mod view;
mod write;

/// The document as it is served.
#[derive(Clone)]
struct Document(Arc<str>);

pub(super) fn routes(app: &App) -> impl Endpoint<Output = Response> + use<> {
    let service = openapi::service(&app.config.public_url);
    let document = service.spec();
    let described = docs::Described::read(&document);
    let first = Route::new()
        .at("/openapi.json", get(show_document))
        .at(attachment::LIST, post(attachment::receive))
        .at(delivery::FILE, post(delivery::receive))
        .nest("/", service);
    Route::new().at("/docs", get(docs::show)).nest("/v1", first).data(Document(document.into())).data(described)
}

#[handler]
fn show_document(
    poem::web::Data(document): poem::web::Data<&Document>,
    request: &Request,
) -> Result<Response, Failure> {
    query::none(request)?;
    Ok(document.0.to_string().with_content_type("application/json; charset=utf-8").into_response())
}

/// What every answer of the API has in common: problems instead of errors, its version, leave for other sites.
pub(super) async fn face<E: Endpoint<Output = Response>>(next: Arc<E>, request: Request) -> poem::Result<Response> {
    let id = request.data::<RequestId>().cloned().unwrap_or_default();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let is_versioned = url::is_below(url::API, &path);
    let mut answer = match next.call(request).await {
        Ok(answer) => answer,
        Err(error) if method == Method::OPTIONS && error.status() == StatusCode::METHOD_NOT_ALLOWED => options(),
        Err(error) => {
            error::log(&error, &id.0);
            problem::Problem::of(&error, &id.0).into_response()
        }
    };
    if method == Method::HEAD {
        answer.set_body(());
    }
    let headers = answer.headers_mut();
    if headers.contains_key(header::ALLOW) {
        headers.insert(header::ALLOW, HeaderValue::from_static(problem::allowed(&path)));
    }
    if headers.contains_key(header::ACCESS_CONTROL_ALLOW_METHODS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(problem::allowed(&path)));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(CachePolicy::Revalidate.header());
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("API-Version, X-Request-Id"));
    if is_versioned {
        headers.insert("api-version", HeaderValue::from_static(openapi::VERSION));
    }
    Ok(answer)
}

/// What may be done at an address: for those who ask, and for browsers that ask first.
fn options() -> Response {
    Response::builder()
        .status(StatusCode::NO_CONTENT)
        .header(header::ALLOW, problem::ALLOWED)
        .header(header::ACCESS_CONTROL_ALLOW_METHODS, problem::ALLOWED)
        .header(header::ACCESS_CONTROL_ALLOW_HEADERS, "*")
        .header(header::ACCESS_CONTROL_MAX_AGE, "86400")
        .finish()
}
