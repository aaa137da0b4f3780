//! Every route: the table of contents of the site.

use poem::{EndpointExt, IntoEndpoint, Request, Response, Route, get};

use crate::app::App;

use super::log::RequestId;
use super::pages::{about, home, network, organisation, programme, record, region, search, theme};
use super::{api, assets, feeds, health, page, url};

/// The addresses of the site with what they show; the README lists the same ones.
pub const PATHS: &[(&str, &str)] = &[
    ("/", "voorpagina met zoekvak"),
    ("/zoeken", "zoeken met filters"),
    ("/kennisbank/{slug}", "een document"),
    ("/themas", "alle thema's"),
    ("/themas/{slug}", "een thema"),
    ("/programmas", "alle programma's"),
    ("/programmas/{slug}", "een programma"),
    ("/organisaties", "organisaties van A tot Z"),
    ("/organisaties/{slug}", "een organisatie"),
    ("/netwerken", "alle netwerken"),
    ("/netwerken/{slug}", "een netwerk"),
    ("/regios", "alle regio's"),
    ("/regios/{slug}", "een regio"),
    ("/over", "over de site"),
    ("/privacy", "privacy"),
    ("/toegankelijkheid", "toegankelijkheid"),
    ("/api/docs", "beschrijving van de API"),
    ("/api/v1/…", "de API"),
    ("/assets/{name}", "stijl en pictogram"),
    ("/sitemap.xml", "alle adressen voor zoekmachines"),
    ("/robots.txt", "regels voor zoekmachines"),
    ("/opensearch.xml", "Leerkring als zoekmachine in de browser"),
    ("/livez", "of het programma draait"),
    ("/readyz", "of het kan antwoorden, en zo niet wat ontbreekt"),
];

pub(super) fn routes(app: &App) -> impl IntoEndpoint<Endpoint: poem::Endpoint<Output = Response> + 'static> + use<> {
    Route::new().nest("/api", api::routes(app)).nest("/", pages()).around(faces)
}

/// Chooses the face by the address, before anything reads it: also an address that no route can read has one.
async fn faces<E: poem::Endpoint<Output = Response>>(
    next: std::sync::Arc<E>,
    request: Request,
) -> poem::Result<Response> {
    match url::is_below("/api", request.uri().path()) {
        true => api::face(next, request).await,
        false => page_face(next, request).await,
    }
}

fn pages() -> impl poem::Endpoint<Output = Response> {
    Route::new()
        .at("/", get(home::show))
        .at(url::SEARCH, get(search::show))
        .at("/kennisbank/:slug", get(record::show))
        .at(url::THEMES, get(theme::list))
        .at("/themas/:slug", get(theme::show))
        .at(url::PROGRAMMES, get(programme::list))
        .at("/programmas/:slug", get(programme::show))
        .at(url::ORGANISATIONS, get(organisation::list))
        .at("/organisaties/:slug", get(organisation::show))
        .at(url::NETWORKS, get(network::list))
        .at("/netwerken/:slug", get(network::show))
        .at(url::REGIONS, get(region::list))
        .at("/regios/:slug", get(region::show))
        .at(url::ABOUT, get(about::about))
        .at(url::PRIVACY, get(about::privacy))
        .at(url::ACCESSIBILITY, get(about::accessibility))
        .at("/assets/:name", get(assets::show))
        .at(url::SITEMAP, get(feeds::sitemap))
        .at("/robots.txt", get(feeds::robots))
        .at(url::OPENSEARCH, get(feeds::opensearch))
        .at("/livez", get(health::live))
        .at("/readyz", get(health::ready))
}

/// Shows errors as pages. An address with a slash too many is sent on to the one without.
async fn page_face<E: poem::Endpoint<Output = Response>>(
    next: std::sync::Arc<E>,
    request: Request,
) -> poem::Result<Response> {
    let app = request.data::<App>().cloned();
    let id = request.data::<RequestId>().cloned().unwrap_or_default();
    let path = request.uri().path().to_owned();
    match next.call(request).await {
        Ok(answer) => Ok(answer),
        Err(error) => match (app, path.trim_end_matches('/')) {
            (_, trimmed)
                if error.status() == 404
                    && trimmed.len() < path.len()
                    && trimmed.starts_with('/')
                    && !trimmed.starts_with("//") =>
            {
                Ok(record::moved(trimmed))
            }
            (Some(app), _) => {
                super::error::log(&error, &id.0);
                Ok(page::error(&app, &error, &path, &id.0))
            }
            (None, _) => Err(error),
        },
    }
}
