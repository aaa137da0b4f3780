//! The other pages: what a reader must find on each, and what holds for all.

use leerkring::exchange::content_dir;
use poem::http::StatusCode;

use crate::harness::{TestApp, content};

/// One page of each sort.
const PAGES: &[&str] = &[
    "/",
    "/zoeken?q=verzuim",
    "/kennisbank/innovatieve-aanpak-verzuim",
    "/themas",
    "/themas/driehoek-client-professional-mantelzorger",
    "/programmas",
    "/programmas/ruimte-voor-verpleeghuizen",
    "/programmas/transitiemiddelen-arnhem",
    "/organisaties",
    "/organisaties/opella",
    "/netwerken",
    "/netwerken/transitietafel-vvt-midden-brabant",
    "/regios",
    "/regios/arnhem",
    "/over",
    "/privacy",
    "/toegankelijkheid",
    "/bestaat-niet",
];

/// Landmarks, one heading of the first rank, labels, no script or style in the markup, nothing from elsewhere.
#[tokio::test]
async fn every_page_is_well_made() {
    let site = TestApp::library().await;
    for path in PAGES {
        let page = site.page(path).await;
        assert_eq!(page.select("h1").len(), 1, "{path}");
        assert_eq!(page.attr("html", "lang"), ["nl"], "{path}");
        for one in ["main#inhoud", "header nav", "footer", "a.skip[href='#inhoud']", "meta[name=viewport]", "title"] {
            assert!(page.has(one), "{path} lacks {one}");
        }
        assert!(
            !page.has("script:not([src])") && !page.has("[style]") && !page.has("img") && !page.has("iframe"),
            "{path}"
        );
        for id in page.attr("input:not([type=hidden]):not([type=checkbox])", "id") {
            assert!(page.has(&format!("label[for='{id}']")), "{path}: no label for {id}");
        }
        let mut ids = page.attr("[id]", "id");
        ids.sort();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{path}: an id stands twice");
        let sheets = page.attr("link[rel=stylesheet], link[rel=icon]", "href");
        for file in sheets.into_iter().chain(page.attr("script", "src")) {
            assert!(file.starts_with("/assets/"), "{path}: {file}");
        }
    }
}

/// Headings go down one rank at a time.
#[tokio::test]
async fn headings_skip_no_rank() {
    let site = TestApp::library().await;
    let records = content_dir::read(&content()).unwrap().library.records;
    let documents = records.iter().map(|it| format!("/kennisbank/{}", it.slug));
    for path in PAGES.iter().map(|it| (*it).to_owned()).chain(documents) {
        let page = site.page(&path).await;
        let mut rank = 1;
        for name in page.names("main h1, main h2, main h3, main h4, main h5, main h6") {
            let next: usize = name[1..].parse().unwrap();
            assert!(next <= rank + 1, "{path}: h{next} after h{rank}");
            rank = next;
        }
    }
}

/// Answers carry the headers that keep others out, errors too.
#[tokio::test]
async fn answers_carry_their_headers() {
    let site = TestApp::library().await;
    for path in ["/", "/bestaat-niet", "/livez", "/api/v1/bestaat-niet"] {
        let answer = site.get(path).await.0;
        let headers = answer.headers();
        assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"), "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["x-request-id"].len(), 26, "{path}");
    }
    let style = site.page("/").await.attr("link[rel=stylesheet]", "href").remove(0);
    let answer = site.get(&style).await.0;
    assert_eq!(answer.headers()["content-type"], "text/css; charset=utf-8");
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
}

/// Every search box has help while typing, from a script of our own, and is a plain form without it.
#[tokio::test]
async fn search_boxes_help_while_typing() {
    let site = TestApp::library().await;
    for path in PAGES {
        let page = site.page(path).await;
        assert_eq!(page.attr("input[type=search]", "data-suggest"), ["/api/v1/suggesties"], "{path}");
        assert_eq!(page.attr("input[data-suggest]", "name"), ["q"], "{path}");
        assert_eq!(page.attr("input[data-suggest]", "autocomplete"), ["off"], "{path}");
        assert!(page.has("form[action='/zoeken'] input[data-suggest] ~ button"), "{path}");
        // What the script adds is not there before: nobody is told of a list that never comes.
        assert!(!page.has("[role=combobox]") && !page.has("[role=listbox]"), "{path}");
    }
    let script = site.page("/").await.attr("script[defer]", "src").remove(0);
    let answer = site.get(&script).await.0;
    assert_eq!(answer.headers()["content-type"], "text/javascript; charset=utf-8");
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self';") && policy.contains("connect-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

/// Reported and listed participants stand side by side, for each theme of the programme and in its own order.
#[tokio::test]
async fn the_programme_shows_reported_beside_counted() {
    let site = TestApp::library().await;
    let page = site.page("/programmas/ruimte-voor-verpleeghuizen").await;
    let rows = "table.overview tbody tr:not(.total)";
    let reported = page.select(&format!("{rows} td:nth-of-type(1)"));
    assert_eq!(reported, ["68", "11", "45", "15", "7", "12", "11", "6", "7", "6", "6", "6", "6"]);
    let listed = page.select(&format!("{rows} td:nth-of-type(2)"));
    assert_eq!(listed, ["66", "11", "45", "15", "7", "12", "11", "6", "7", "6", "6", "6", "6"]);
    let finished = page.select(&format!("{rows} td:nth-of-type(3)"));
    assert_eq!(finished[..8], ["41", "5", "35", "7", "4", "7", "4", "–"]);
    let total = page.select("table.overview tr.total td");
    assert_eq!(total[0], "206", "the sum of what was reported");
    assert_eq!(total[1], "167", "different organisations in the lists");
}

#[tokio::test]
async fn a_theme_says_who_took_part_and_what_came_of_it() {
    let site = TestApp::library().await;
    let page = site.page("/themas/voedselveiligheid-haccp").await;
    assert_eq!(page.select("dl.short dd"), ["7", "4", "1", "2"]);
    assert!(page.attr("aside a", "href").contains(&"/organisaties/wvo-zorg".to_owned()));
    let outputs = page.select("section[aria-labelledby=opbrengsten] h3");
    assert_eq!(outputs.len(), 5, "{outputs:?}");
    assert!(page.select("section[aria-labelledby=resultaten]").concat().contains("masterclass"));
}

#[tokio::test]
async fn organisations_are_found_by_any_name() {
    let site = TestApp::library().await;
    let all = site.page("/organisaties").await;
    assert!(all.has("nav.alphabet a[href='#H']"));
    let heem = all.select("section[aria-labelledby=H] a");
    assert!(heem.iter().any(|it| it.contains("Heem")), "{heem:?}");
    let found = site.page("/organisaties?naam=treamt").await;
    assert_eq!(found.attr("main section a", "href"), ["/organisaties/treant-zorggroep"]);
    assert!(found.select("main section").concat().contains("ook bekend als Treamt"));
    let page = site.page("/organisaties/opella").await;
    let links = page.attr("main a", "href");
    for wanted in [
        "/themas/indicatiestelling",
        "/themas/domeinoverstijgende-bekostiging",
        "/kennisbank/uitstroomonderzoek-met-dashboard",
    ] {
        assert!(links.contains(&wanted.to_owned()), "{wanted}");
    }
}

#[tokio::test]
async fn a_network_shows_members_and_lines() {
    let site = TestApp::library().await;
    let page = site.page("/netwerken/transitietafel-vvt-midden-brabant").await;
    assert_eq!(page.select("section[aria-labelledby=actielijnen] h3").len(), 5);
    let learning = site.page("/netwerken/lerend-netwerk-brabantse-zorgaanbieders").await;
    assert_eq!(learning.select("aside li").len(), 5);
}

#[tokio::test]
async fn what_is_not_there_offers_ways_on() {
    let site = TestApp::library().await;
    let page = site.page("/kennisbank/minder-verzuim").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(page.attr("input[name=q]", "value"), ["minder verzuim"]);
    assert!(page.attr("main a", "href").contains(&"/themas".to_owned()));
    // One slash too many is mended.
    let answer = site.get("/themas/").await.0;
    assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(answer.headers()["location"], "/themas");
    let answer = site.get("/zoeken/?q=verzuim&soort=factsheet").await.0;
    assert_eq!(answer.headers()["location"], "/zoeken?q=verzuim&soort=factsheet");
    let answer = site.client.post("/themas").send().await.0;
    assert_eq!(
        (answer.status(), answer.headers()["allow"].to_str().unwrap()),
        (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD")
    );
    assert_eq!(site.get("//evil.example/").await.0.status(), StatusCode::NOT_FOUND);
}

/// An empty site is no broken one.
#[tokio::test]
async fn an_empty_site_says_so() {
    let site = TestApp::empty().await;
    assert_eq!(site.page("/").await.status, StatusCode::OK);
    assert_eq!(site.page("/zoeken?q=verzuim").await.select("h1"), ["0 documenten voor “verzuim”"]);
    assert_eq!(site.page("/organisaties").await.status, StatusCode::OK);
}

/// Before the index is built, lists work, the search says what is wrong with ways on, and readiness names it.
#[tokio::test]
async fn without_an_index_only_the_search_is_down() {
    let site = TestApp::unindexed().await;
    for path in ["/", "/themas", "/organisaties", "/netwerken", "/regios"] {
        assert_eq!(site.page(path).await.status, StatusCode::OK, "{path}");
    }
    let page = site.page("/zoeken?q=verzuim").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.select("h1"), ["Zoeken kan even niet"]);
    assert!(page.attr("main a", "href").contains(&"/themas".to_owned()));
    let ready = site.get("/readyz").await.0;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(ready.into_body().into_string().await.unwrap().contains("de zoekindex wordt opgebouwd"));
    let answer = site.get("/api/v1/documenten?q=verzuim").await.0;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn files_for_machines() {
    let site = TestApp::library().await;
    let sitemap = site.get("/sitemap.xml").await.0.into_body().into_string().await.unwrap();
    for path in ["/kennisbank/innovatieve-aanpak-verzuim", "/themas/indicatiestelling", "/organisaties/opella"] {
        assert!(sitemap.contains(&format!("<loc>https://leerkring.example{path}</loc>")), "{path}");
    }
    let robots = site.get("/robots.txt").await.0.into_body().into_string().await.unwrap();
    assert!(robots.contains("Sitemap: https://leerkring.example/sitemap.xml"));
    let opensearch = site.get("/opensearch.xml").await.0.into_body().into_string().await.unwrap();
    assert!(opensearch.contains("https://leerkring.example/zoeken?q={searchTerms}"));
    assert_eq!(site.get("/livez").await.0.into_body().into_string().await.unwrap(), "ok");
    let ready = site.get("/readyz").await.0;
    assert_eq!(ready.status(), StatusCode::OK);
    let ready: serde_json::Value = serde_json::from_str(&ready.into_body().into_string().await.unwrap()).unwrap();
    assert_eq!(ready, serde_json::json!({ "klaar": true, "ontbreekt": [], "achterstand": 0 }));
}
