//! Documents: each is found by its own words and stands complete on its own page.

use std::collections::BTreeSet;

use leerkring::domain::record::{Own, Record};
use leerkring::domain::status::Status;
use leerkring::domain::visibility::Visibility;
use leerkring::domain::vocabulary::RecordKind;
use leerkring::domain::{field, library::Library};
use leerkring::exchange::content_dir;
use leerkring::text::markdown;
use poem::http::StatusCode;

use crate::harness::{TestApp, content};
use crate::make;

fn library() -> Library {
    let content = content_dir::read(&content()).unwrap();
    assert_eq!(content.faults, []);
    content.library
}

/// A published plan that nothing else is needed for.
fn plan(slug: &str) -> Record {
    make::record(slug, RecordKind::ImprovementPlan, slug, serde_json::json!({}))
}

fn of_kind(library: &Library, kind: RecordKind) -> Vec<&Record> {
    library.records.iter().filter(|it| it.kind() == kind).collect()
}

/// The documents that the sources hold, by kind and by name.
#[test]
fn the_library_holds_what_its_sources_hold() {
    let library = library();
    assert_eq!(of_kind(&library, RecordKind::TransitionProject).len(), 22);
    assert_eq!(of_kind(&library, RecordKind::QualityReport).len(), 2);
    let led: BTreeSet<&str> = of_kind(&library, RecordKind::ImprovementPlan).iter().flat_map(|it| it.leads()).collect();
    for illustrated in [
        "wvo-zorg",
        "azora",
        "pieter-van-foreest",
        "zorggroep-ter-weel",
        "joris-zorg",
        "zorgverlening-het-baken",
        "zuidoostzorg",
        "archipel-zorggroep",
        "opella",
        "maria-oord",
        "warmthuis",
        "kalorama",
        "alrijne-zorggroep",
        "sensire",
    ] {
        assert!(led.contains(illustrated), "{illustrated}");
    }
    // Every theme of the programme has outputs.
    for theme in library.catalogue.themes.iter().filter(|it| it.programme.is_some()) {
        let has = |it: &&&Record| it.common.themes.contains(&theme.slug);
        assert!(of_kind(&library, RecordKind::Publication).iter().filter(has).count() > 0, "{}", theme.slug);
    }
}

/// Every word an author wrote in a field stands on the page of the document, marks taken away.
#[tokio::test]
async fn every_document_is_complete_on_its_page() {
    let site = TestApp::library().await;
    for record in library().records {
        let page = site.page(&format!("/kennisbank/{}", record.slug)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", record.slug);
        assert_eq!(page.select("h1"), [record.common.title.as_str()]);
        let shown = letters(&page.select("body").join(" "));
        let own = field::words(Own::fields(record.kind()), &record.own.to_value());
        let common = [record.common.summary.clone(), record.body.clone()];
        let notes = record.common.source_notes.iter().cloned();
        let sources = record.common.sources.iter().map(|it| it.title.clone());
        for text in own.into_iter().chain(common).chain(notes).chain(sources) {
            for line in markdown::to_plain(&text).lines() {
                assert!(shown.contains(&letters(line)), "{}: \"{line}\" is not on the page", record.slug);
            }
        }
        for figure in record.own.figures() {
            let number = leerkring::text::dutch::number(figure.value);
            assert!(shown.contains(&letters(&number)), "{}: {} {number}", record.slug, figure.name);
        }
    }
}

/// Letters and digits only: how a browser sets spaces and quotes does not matter here.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A document is the first hit for its own title, and among the first for its lead and first keyword.
#[tokio::test]
async fn every_document_is_found_by_its_obvious_words() {
    let site = TestApp::library().await;
    let library = library();
    for record in &library.records {
        let hits = hits(&site, &record.common.title).await;
        assert_eq!(hits.first(), Some(&record.slug), "{}", record.common.title);
        let Some(lead) = record.leads().next().and_then(|it| library.catalogue.organisation(it)) else { continue };
        let Some(word) = record.common.keywords.first() else { continue };
        let question = format!("{} {word}", lead.name);
        let hits = self::hits(&site, &question).await;
        assert!(hits.contains(&record.slug), "{question}: {hits:?} without {}", record.slug);
    }
}

/// The slugs on the first page of a search.
async fn hits(site: &TestApp, q: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
    let page = site.page(&format!("/zoeken?{query}")).await;
    let links = page.attr(".hits h2 a", "href");
    links.into_iter().map(|it| it.trim_start_matches("/kennisbank/").to_owned()).collect()
}

/// What may not be seen is the same as what is not there: on its page, in lists, hits, counts and the sitemap.
#[tokio::test]
async fn hidden_documents_leave_no_trace() {
    let site = TestApp::empty().await;
    let mut records = Vec::new();
    for (slug, visibility, status) in [
        ("verborgen-netwerk", Visibility::Network, Status::Published),
        ("verborgen-organisatie", Visibility::Organisation, Status::Published),
        ("verborgen-concept", Visibility::Public, Status::Draft),
        ("verborgen-ingetrokken", Visibility::Organisation, Status::Withdrawn),
    ] {
        let mut record = plan(slug);
        record.common.title = format!("Geheimzinnig {slug}");
        record.common.visibility = visibility;
        record.common.status = status;
        records.push(record);
    }
    let mut open = plan("open-plan");
    open.common.title = "Geheimzinnig maar openbaar".into();
    records.push(open);
    site.take_in(&make::documents(records)).await;
    site.settle().await;

    let page = site.page("/zoeken?q=geheimzinnig").await;
    assert_eq!(page.attr(".hits h2 a", "href"), ["/kennisbank/open-plan"]);
    let missing = site.get("/kennisbank/bestaat-niet").await.0.into_body().into_string().await.unwrap();
    for slug in ["verborgen-netwerk", "verborgen-organisatie", "verborgen-concept", "verborgen-ingetrokken"] {
        let answer = site.get(&format!("/kennisbank/{slug}")).await.0;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        let body = answer.into_body().into_string().await.unwrap();
        assert_eq!(body.replace(&slug.replace('-', " "), "X"), missing.replace("bestaat niet", "X"), "{slug}");
    }
    for path in ["/", "/zoeken", "/sitemap.xml", "/themas", "/organisaties", "/api/v1/documenten"] {
        let body = site.get(path).await.0.into_body().into_string().await.unwrap();
        assert!(!body.contains("verborgen-"), "{path}");
    }
}

/// An address that a document had before leads to it for good.
#[tokio::test]
async fn former_addresses_redirect() {
    let site = TestApp::empty().await;
    let mut record = plan("nieuw-adres");
    record.common.former_slugs = vec!["oud-adres".into()];
    site.take_in(&make::documents(vec![record])).await;
    site.settle().await;
    let answer = site.get("/kennisbank/oud-adres").await.0;
    assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(answer.headers()["location"], "/kennisbank/nieuw-adres");
}

/// The monthly table of a quality report is a matrix with a column per month.
#[tokio::test]
async fn series_over_months_stand_in_a_matrix() {
    let site = TestApp::library().await;
    let page = site.page("/kennisbank/kwaliteitsbeeld-2024-t-heem").await;
    let captions = page.select("caption");
    assert!(captions.iter().any(|it| it.starts_with("Bezetting appartementen")), "{captions:?}");
    let columns = page.select("table.numeric thead th");
    assert_eq!(columns.len(), 13, "{columns:?}");
    assert_eq!(columns[1..3], ["jan 2024", "feb 2024"]);
    assert_eq!(page.select("table.numeric tbody tr").len(), 14);
}

/// The time of every test is 22 November 2026.
#[tokio::test]
async fn what_nobody_confirmed_in_time_says_so_in_lists_and_on_its_page() {
    let due = |slug: &str, day: &str| {
        make::record(slug, RecordKind::Factsheet, "Rooster", serde_json::json!({ "herzien_voor": day }))
    };
    let app = TestApp::empty().await;
    app.take_in(&make::documents(vec![due("een-verlopen", "2026-11-21"), due("vandaag", "2026-11-22")])).await;
    app.settle().await;
    let found = app.page("/zoeken?q=rooster").await;
    // What holds stands first, though its name is later in the alphabet.
    assert_eq!(found.attr(".hits h2 a", "href"), ["/kennisbank/vandaag", "/kennisbank/een-verlopen"]);
    assert_eq!(found.select(".hits .overdue"), ["Niet bevestigd sinds 21 november 2026"]);
    let page = app.page("/kennisbank/een-verlopen").await;
    let said = "Dit document is niet bevestigd sinds 21 november 2026. Het kan verouderd zijn.";
    assert_eq!(page.select(".notice p"), [said]);
    assert_eq!(app.page("/kennisbank/vandaag").await.select(".notice p"), Vec::<String>::new());
}
