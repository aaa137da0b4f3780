//! The addresses of the site: each answers, no link is dead, what is not there is a page with a way on.

use poem::http::StatusCode;

use crate::harness::TestApp;

/// An address of each route that takes no name.
#[tokio::test]
async fn every_plain_address_answers() {
    let site = TestApp::library().await;
    let plain = leerkring::web::PATHS.iter().map(|it| it.0).filter(|it| !it.contains(['{', '…']));
    for path in plain.filter(|it| !it.starts_with("/api")) {
        let expected = match path {
            "/kennisbank" => StatusCode::PERMANENT_REDIRECT,
            // Only a browser goes there, by itself.
            "/zoeken/gevolgd" => StatusCode::METHOD_NOT_ALLOWED,
            // Forms only.
            "/uitloggen" => StatusCode::METHOD_NOT_ALLOWED,
            // Who is not signed in is sent to the page for it.
            it if ["/mijn", "/beheer", "/schrijven", "/beoordelen", "/aanleveren"]
                .iter()
                .any(|of| it.starts_with(of)) =>
            {
                StatusCode::SEE_OTHER
            }
            "/inloggen/code" => StatusCode::SEE_OTHER,
            // No provider is set here.
            "/inloggen/aanbieder" | "/inloggen/aanbieder/terug" => StatusCode::NOT_FOUND,
            _ => StatusCode::OK,
        };
        assert_eq!(site.get(path).await.0.status(), expected, "{path}");
    }
}

/// Links inside the site lead somewhere, from the home page and from one page of every sort.
#[tokio::test]
async fn no_link_is_dead() {
    let site = TestApp::library().await;
    let mut open = vec!["/".to_owned()];
    let mut seen = std::collections::BTreeSet::from(["/".to_owned()]);
    while let Some(path) = open.pop() {
        let page = site.page(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for link in page.attr("a[href]", "href") {
            let link = link.split('#').next().unwrap_or_default().to_owned();
            // Filters of the search multiply without end.
            if link.starts_with('/') && !link.contains('?') && !link.starts_with("/api") && seen.insert(link.clone()) {
                open.push(link);
            }
        }
    }
    let documents = seen.iter().filter(|it| it.starts_with("/kennisbank/") && it.matches('/').count() == 2).count();
    assert_eq!(documents, leerkring::store::record::count(site.store()).await.unwrap() as usize);
}

#[tokio::test]
async fn what_is_not_there_says_so() {
    let site = TestApp::library().await;
    for path in ["/kennisbank/bestaat-niet", "/themas/bestaat-niet", "/nergens", "/assets/geheim"] {
        let page = site.page(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(page.select("h1").len(), 1, "{path}");
        assert!(page.has("a[href=\"/zoeken\"]"), "{path} offers no way on");
    }
}
