//! Help while typing, as a search box asks for it: kinds, addresses that exist, and nothing that is hidden.

use leerkring::domain::visibility::Visibility;
use serde_json::Value;

use super::{data, get, keys, library, problem, search, send};
use crate::harness::TestApp;

async fn suggestions(app: &TestApp, q: &str) -> Vec<Value> {
    let answer = data(app, &search(&[("q", q)]).replace("documenten", "suggesties")).await;
    assert_eq!(keys(&answer), ["suggesties"]);
    answer["suggesties"].as_array().unwrap().clone()
}

fn texts<'a>(found: &'a [Value], kind: &str) -> Vec<&'a str> {
    found.iter().filter(|it| it["soort"] == kind).map(|it| it["tekst"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_suggestion_leads_to_a_page() {
    let app = TestApp::library().await;
    for q in ["zorg", "verz", "in", "opel", "heem", "kwaliteit", "mantelzorg", "pesoneel"] {
        let found = suggestions(&app, q).await;
        assert!(!found.is_empty(), "{q}");
        let mut order = Vec::new();
        for it in &found {
            assert_eq!(keys(it), ["tekst", "soort", "url"]);
            let place = ["titel", "thema", "organisatie", "begrip"].iter().position(|kind| it["soort"] == *kind);
            order.push(place.unwrap());
            let page = app.page(it["url"].as_str().unwrap()).await;
            assert_eq!(page.status, 200, "{q}: {it}");
            assert_eq!(page.select("h1").len(), 1);
        }
        assert!(order.is_sorted(), "{q}: the kinds stand together");
        for (kind, most) in [("titel", 5), ("thema", 3), ("organisatie", 3), ("begrip", 3)] {
            assert!(texts(&found, kind).len() <= most, "{q}: {kind}");
        }
    }
}

#[tokio::test]
async fn titles_are_found_by_words_in_any_order() {
    let app = TestApp::library().await;
    for (q, title) in [
        ("basis verz", "Innovatieve aanpak van verzuim"),
        ("VERZUIM innov", "Innovatieve aanpak van verzuim"),
        ("innovateve aanpk", "Innovatieve aanpak van verzuim"),
    ] {
        let found = suggestions(&app, q).await;
        assert!(texts(&found, "titel").iter().any(|it| it.starts_with(title)), "{q}: {found:?}");
    }
    for q in ["", "v", " v ", "!"] {
        assert!(suggestions(&app, q).await.is_empty(), "{q}");
    }
    // What is typed beyond sixty characters does not count.
    let long = format!("verz{}", " ".repeat(60));
    assert_eq!(suggestions(&app, &format!("{long}xyzzy")).await, suggestions(&app, "verz").await);
}

#[tokio::test]
async fn a_hidden_document_is_not_suggested() {
    let app = TestApp::library().await;
    let mut library = library();
    let record = library.records.iter_mut().find(|it| it.slug == "innovatieve-aanpak-verzuim").unwrap();
    let title = record.common.title.clone();
    assert!(texts(&suggestions(&app, &title).await, "titel").contains(&title.as_str()));
    record.common.visibility = Visibility::Network;
    app.take_in(&library).await;
    // Also before the index knows.
    assert!(!texts(&suggestions(&app, &title).await, "titel").contains(&title.as_str()));
    app.settle().await;
    assert!(!texts(&suggestions(&app, &title).await, "titel").contains(&title.as_str()));
}

#[tokio::test]
async fn what_is_not_known_is_refused() {
    let app = TestApp::library().await;
    let faults = problem(&get(&app, "/suggesties?q=a&q=b&soort=titel").await, 400);
    assert_eq!(faults["fouten"].as_array().unwrap().len(), 2);
    let unindexed = TestApp::unindexed().await;
    problem(&send(&unindexed, poem::http::Method::GET, "/api/v1/suggesties?q=zorg").await, 503);
}
