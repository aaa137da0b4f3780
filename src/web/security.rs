//! The headers every answer has: nothing from elsewhere is loaded, no script stands
//! in a page, nobody frames us.

use std::sync::Arc;

use poem::http::HeaderValue;
use poem::{Endpoint, IntoResponse, Request, Response};

const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

pub(super) async fn headers<E: Endpoint>(next: Arc<E>, request: Request) -> poem::Result<Response> {
    let mut answer = match next.call(request).await {
        Ok(answer) => answer.into_response(),
        Err(error) => error.into_response(),
    };
    for (name, value) in HEADERS {
        // A file that is sent along has a stricter policy of its own.
        answer.headers_mut().entry(*name).or_insert(HeaderValue::from_static(value));
    }
    Ok(answer)
}
