//! Style, pictures and script, embedded, under names that change with their content.

use std::sync::LazyLock;

use poem::http::StatusCode;
use poem::web::Path;
use poem::{IntoResponse, Response, handler};
use sha2::{Digest, Sha256};

use crate::benchmark::chart::style::SHEET;
use crate::text::hex::hex;

use super::cache::CachePolicy;
use super::error::Failure;

struct Asset {
    name: String,
    mime: &'static str,
    bytes: &'static [u8],
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    vec![
        asset("stijl", "css", "text/css; charset=utf-8", include_bytes!("assets/stijl.css")),
        asset("grafiek", "css", "text/css; charset=utf-8", SHEET.as_bytes()),
        asset("suggesties", "js", "text/javascript; charset=utf-8", include_bytes!("assets/suggesties.js")),
        asset("schrijven", "js", "text/javascript; charset=utf-8", include_bytes!("assets/schrijven.js")),
        asset("icoon", "svg", "image/svg+xml", include_bytes!("assets/icoon.svg")),
    ]
});

fn asset(stem: &str, ending: &str, mime: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = hex(&Sha256::digest(bytes)[..6]);
    Asset { name: format!("{stem}.{hash}.{ending}"), mime, bytes }
}

/// The address of the style sheet.
pub fn style() -> String {
    address("stijl.")
}

/// The address of the style sheet of charts.
pub fn chart_style() -> String {
    address("grafiek.")
}

/// The address of the script that helps while typing.
pub fn script() -> String {
    address("suggesties.")
}

/// The address of the script that keeps what is typed.
pub fn write_script() -> String {
    address("schrijven.")
}

/// The address of the icon.
pub fn icon() -> String {
    address("icoon.")
}

fn address(stem: &str) -> String {
    ASSETS.iter().find(|it| it.name.starts_with(stem)).map_or_else(String::new, |it| format!("/assets/{}", it.name))
}

#[handler]
pub fn show(Path(name): Path<String>) -> Result<Response, Failure> {
    let asset = ASSETS.iter().find(|it| it.name == name).ok_or(Failure::NotFound)?;
    Ok(asset
        .bytes
        .with_content_type(asset.mime)
        .with_header("Cache-Control", CachePolicy::Immutable.header())
        .with_status(StatusCode::OK)
        .into_response())
}
