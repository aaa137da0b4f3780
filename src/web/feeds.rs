//! Files for machines: addresses for search engines, and Leerkring as a search engine of the browser.

use poem::web::Data;
use poem::{IntoResponse, Response, handler};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::store;

use super::cache::CachePolicy;
use super::card::escape;
use super::error::Failure;
use super::url;

/// The most addresses one sitemap may hold, by its protocol.
const ADDRESSES: usize = 50_000;

#[handler]
pub async fn sitemap(Data(app): Data<&App>) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let mut addresses: Vec<(String, Option<String>)> = [
        url::HOME,
        url::THEMES,
        url::PROGRAMMES,
        url::ORGANISATIONS,
        url::NETWORKS,
        url::REGIONS,
        url::ABOUT,
        url::PRIVACY,
        url::ACCESSIBILITY,
    ]
    .iter()
    .map(|it| ((*it).to_owned(), None))
    .collect();
    addresses.extend(catalogue.themes.iter().map(|it| (url::theme(&it.slug), None)));
    addresses.extend(catalogue.programmes.iter().map(|it| (url::programme(&it.slug), None)));
    addresses.extend(catalogue.organisations.iter().map(|it| (url::organisation(&it.slug), None)));
    addresses.extend(catalogue.networks.iter().map(|it| (url::network(&it.slug), None)));
    addresses.extend(catalogue.regions.iter().map(|it| (url::region(&it.slug), None)));
    let records = store::record::addresses(&app.store, &Actor::Anonymous).await?;
    addresses.extend(
        records.into_iter().map(|(slug, updated)| (url::record(&slug), Some(updated.format("%Y-%m-%d").to_string()))),
    );
    addresses.truncate(ADDRESSES);

    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for (path, updated) in addresses {
        let changed = updated.map_or_else(String::new, |it| format!("<lastmod>{it}</lastmod>"));
        xml.push_str(&format!("<url><loc>{}{}</loc>{changed}</url>\n", escape(&app.config.public_url), escape(&path)));
    }
    xml.push_str("</urlset>\n");
    Ok(file(xml, "application/xml; charset=utf-8"))
}

#[handler]
pub async fn robots(Data(app): Data<&App>) -> Response {
    let text = format!(
        "User-agent: *\nDisallow: {}?\nDisallow: /api/\n\nSitemap: {}{}\n",
        url::SEARCH,
        app.config.public_url,
        url::SITEMAP
    );
    file(text, "text/plain; charset=utf-8")
}

#[handler]
pub async fn opensearch(Data(app): Data<&App>) -> Response {
    let site = escape(&app.config.public_url);
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>Leerkring</ShortName>
<Description>Zoek in de kennisbank van een lerend netwerk in de langdurige zorg</Description>
<InputEncoding>UTF-8</InputEncoding>
<Language>nl</Language>
<Image height="16" width="16" type="image/svg+xml">{site}{}</Image>
<Url type="text/html" method="get" template="{site}{}?q={{searchTerms}}"/>
<Url type="application/opensearchdescription+xml" rel="self" template="{site}{}"/>
</OpenSearchDescription>
"#,
        super::assets::icon(),
        url::SEARCH,
        url::OPENSEARCH
    );
    file(xml, "application/opensearchdescription+xml; charset=utf-8")
}

fn file(text: String, mime: &str) -> Response {
    text.with_content_type(mime).with_header("Cache-Control", CachePolicy::Hour.header()).into_response()
}
