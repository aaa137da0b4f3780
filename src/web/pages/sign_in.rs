//! Signing in and out.

use poem::http::{HeaderValue, StatusCode, header};
use poem::web::Data;
use poem::{IntoResponse, Response, handler};

use crate::accounts::session;
use crate::app::App;
use crate::web::actor::{self, Visitor};
use crate::web::error::Failure;
use crate::web::url;

/// Ends the session here and in the browser, with what the browser kept of it.
#[handler]
pub async fn leave(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    if let Some(it) = &visitor.session {
        session::close(&app.store, &it.session).await?;
    }
    let mut answer = see_other(url::HOME);
    answer.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"cookies\", \"storage\""));
    set_cookie(&mut answer, &actor::ended_cookie(&app.config));
    Ok(answer)
}

/// An answer to a form: look there.
fn see_other(path: &str) -> Response {
    StatusCode::SEE_OTHER.with_header("Location", path).with_header("Cache-Control", "no-store").into_response()
}

fn set_cookie(answer: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
}
