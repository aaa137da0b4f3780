//! The API.
use crate::app::App;
use poem::{Endpoint, EndpointExt, Response, Route};
pub(super) fn routes(_app: &App) -> impl Endpoint<Output = Response> + use<> {
    Route::new().map_to_response()
}
