//! One line per request, with an id that the visitor can name.
//!
//! Invariant: no line holds a search term, an address of a person or anything else the visitor typed.

use std::sync::Arc;
use std::time::Instant;

use poem::http::HeaderValue;
use poem::{Endpoint, IntoResponse, Request, Response};

/// The id of a request: random, only for finding it in the log.
#[derive(Debug, Clone, Default)]
pub struct RequestId(pub String);

pub(super) async fn requests<E: Endpoint>(next: Arc<E>, mut request: Request) -> poem::Result<Response> {
    let id = ulid::Ulid::generate().to_string().to_lowercase();
    request.set_data(RequestId(id.clone()));
    let method = request.method().clone();
    let path = shown(request.uri().path());
    let start = Instant::now();
    let mut answer = match next.call(request).await {
        Ok(answer) => answer.into_response(),
        Err(error) => {
            super::error::log(&error, &id);
            error.into_response()
        }
    };
    if let Ok(value) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert("x-request-id", value);
    }
    tracing::info!(
        request.id = id,
        http.method = %method,
        http.path = path,
        http.status = answer.status().as_u16(),
        took_ms = start.elapsed().as_micros() as f64 / 1000.0,
        "aanvraag"
    );
    Ok(answer)
}

/// The path as the log may hold it: a link that opens a door is cut off.
fn shown(path: &str) -> String {
    const SECRET_BELOW: &[&str] = &["/uitnodiging/", "/wachtwoord/", "/voorbeeld/"];
    match SECRET_BELOW.iter().find(|it| path.starts_with(**it)) {
        Some(start) => format!("{start}…"),
        None => path.to_owned(),
    }
}
