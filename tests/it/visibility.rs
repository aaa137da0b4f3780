//! What is for a network or an organisation is read by those people only, on every face; for the others it is not
//! there. All organisations and people are fictitious.

use leerkring::domain::account::{AccountRole, Grant, Scope, TokenScope};
use leerkring::domain::library::Library;
use leerkring::domain::record::Record;
use leerkring::domain::vocabulary::RecordKind;
use poem::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{SignedIn, TestApp, grant};
use crate::make;

/// A word that only the hidden documents have, and a misspelling of it.
const WORD: &str = "wibbelstaafmethode";
const MISSPELLED: &str = "wibbelstafmethode";

fn plan(slug: &str, title: &str, visibility: &str, theme: &str, more: Value) -> Record {
    let mut values = json!({
        "zichtbaarheid": visibility,
        "themas": [theme],
        "trefwoorden": ["voorbeeld"],
        "organisaties": [{ "organisatie": "voorbeeldhuis", "rol": "trekker" }],
        "samenvatting": format!("Wat {title} opleverde in het voorbeeld."),
    });
    values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    make::record(slug, RecordKind::ImprovementPlan, title, values)
}

/// Three organisations, of which two are in a network; one document for each audience, all led by the first.
pub async fn site() -> TestApp {
    let site = TestApp::empty().await;
    let item = |kind: &str, value: Value| {
        let kind = leerkring::domain::catalogue::ItemKind::parse(kind).unwrap();
        leerkring::domain::catalogue::Item::from_value(kind, value.as_object().unwrap().clone()).unwrap()
    };
    let mut library = Library::default();
    for (slug, name) in [("voorbeeldhuis", "Voorbeeldhuis"), ("buurhuis", "Buurhuis"), ("verhuis", "Verhuis")] {
        library.catalogue.push(item("organisatie", json!({ "slug": slug, "naam": name, "soort": "zorgaanbieder" })));
    }
    for slug in ["open-thema", "netwerk-thema", "eigen-thema"] {
        library.catalogue.push(item("thema", json!({ "slug": slug, "naam": slug })));
    }
    let members = json!([{ "organisatie": "voorbeeldhuis" }, { "organisatie": "buurhuis" }]);
    library.catalogue.push(item("netwerk", json!({ "slug": "kring", "naam": "Voorbeeldkring", "leden": members })));
    let to = |slug: &str| json!({ "relaties": [{ "soort": "leidt_tot", "document": slug }] });
    library.records = vec![
        plan("open-plan", "Open voorbeeldplan", "openbaar", "open-thema", to("netwerk-plan")),
        plan("netwerk-plan", &format!("Netwerkplan met {WORD}"), "netwerk", "netwerk-thema", json!({})),
        plan("eigen-plan", &format!("Eigen plan met {WORD}"), "organisatie", "eigen-thema", to("open-plan")),
    ];
    site.take_in(&library).await;
    site.settle().await;
    site
}

fn reader(organisation: &str) -> Grant {
    grant(AccountRole::Reader, Scope::Organisation(organisation.into()))
}

/// Who asks: nobody, or a browser, or a program with a token.
enum Asker<'a> {
    Nobody(&'a TestApp),
    Browser(SignedIn<'a>),
    Program(&'a TestApp, String),
}

impl Asker<'_> {
    async fn text(&self, path: &str) -> (StatusCode, String) {
        let answer = match self {
            Asker::Nobody(site) => site.get(path).await,
            Asker::Browser(it) => it.get(path).await,
            Asker::Program(site, token) => {
                site.client.get(path).header("authorization", format!("Bearer {token}")).send().await
            }
        };
        (answer.0.status(), answer.0.into_body().into_string().await.unwrap())
    }

    fn is_program(&self) -> bool {
        matches!(self, Asker::Program(..))
    }
}

/// Every face that could show a document, by what shows of it there. `{}` is the slug of the document.
const FACES: &[&str] = &[
    "/",
    "/zoeken",
    "/zoeken?q=wibbelstaafmethode",
    "/themas/{thema}",
    "/organisaties/voorbeeldhuis",
    "/api/v1/documenten",
    "/api/v1/documenten?q=wibbelstaafmethode",
    "/api/v1/suggesties?q=wibbelstaaf",
];

/// Faces with counts: a hidden document must not be counted.
const COUNTS: &[(&str, &str)] = &[("/api/v1/themas", "themas"), ("/api/v1/organisaties", "organisaties")];

#[tokio::test]
async fn every_face_shows_what_its_reader_may_see() {
    let site = site().await;
    let admin = grant(AccountRole::Administrator, Scope::Everywhere);
    let program = site.account(&[reader("buurhuis")]).await;
    let coordinator = grant(AccountRole::NetworkCoordinator, Scope::Network("kring".into()));
    let askers = [
        ("nobody", Asker::Nobody(&site), 1),
        ("a stranger", Asker::Browser(site.as_user(&[reader("verhuis")]).await), 1),
        ("somebody without a role", Asker::Browser(site.as_user(&[]).await), 1),
        ("a neighbour in the network", Asker::Browser(site.as_user(&[reader("buurhuis")]).await), 2),
        ("a coordinator", Asker::Browser(site.as_user(&[coordinator]).await), 2),
        ("a program of a neighbour", Asker::Program(&site, site.api_token(&program, TokenScope::Read).await), 2),
        ("a reader of the organisation", Asker::Browser(site.as_user(&[reader("voorbeeldhuis")]).await), 3),
        ("an administrator", Asker::Browser(site.as_user(&[admin]).await), 3),
    ];
    let documents = [
        ("open-plan", "Open voorbeeldplan", "open-thema"),
        ("netwerk-plan", "Netwerkplan", "netwerk-thema"),
        ("eigen-plan", "Eigen plan", "eigen-thema"),
    ];
    for (who, asker, sees) in &askers {
        for (at, (slug, title, theme)) in documents.iter().enumerate() {
            let may = at < *sees;
            for path in [format!("/kennisbank/{slug}"), format!("/api/v1/documenten/{slug}")] {
                if asker.is_program() && !path.starts_with("/api") {
                    continue;
                }
                let (status, body) = asker.text(&path).await;
                let expected = if may { StatusCode::OK } else { StatusCode::NOT_FOUND };
                assert_eq!(status, expected, "{who}: {path}");
                assert_eq!(body.contains(title), may, "{who}: {path}");
            }
            for face in FACES {
                if asker.is_program() && !face.starts_with("/api") {
                    continue;
                }
                let path = face.replace("{thema}", theme);
                let (status, body) = asker.text(&path).await;
                assert_eq!(status, StatusCode::OK, "{who}: {path}");
                let is_shown = body.contains(slug);
                let is_asked = !path.contains("wibbel") || at > 0;
                assert_eq!(is_shown, may && is_asked, "{who}: {path} and {slug}");
            }
        }
        let (_, body) = asker.text("/api/v1/documenten").await;
        let found: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(found["totaal"], *sees, "{who}");
        for (facet, filled) in [("thema", *sees), ("organisatie", 1), ("soort", 1)] {
            let counts = found["facetten"][facet].as_array().unwrap();
            assert_eq!(counts.len(), filled, "{who}: {facet} {counts:?}");
            let sum: i64 = counts.iter().map(|it| it["aantal"].as_i64().unwrap()).sum();
            assert_eq!(sum, *sees as i64, "{who}: {facet} {counts:?}");
        }
        for (path, list) in COUNTS {
            let (_, body) = asker.text(path).await;
            let found: Value = serde_json::from_str(&body).unwrap();
            let items = found[list].as_array().unwrap();
            let sum: i64 = items.iter().map(|it| it["aantalDocumenten"].as_i64().unwrap()).sum();
            assert_eq!(sum, *sees as i64, "{who}: {path}");
        }
        // What leads to a hidden document does not name it.
        if !asker.is_program() {
            let (_, body) = asker.text("/kennisbank/open-plan").await;
            assert_eq!(body.contains("Netwerkplan"), 2 <= *sees, "{who}: relations");
            assert_eq!(body.contains("Eigen plan"), 3 <= *sees, "{who}: relations the other way");
        }
        let (_, body) = asker.text("/api/v1/documenten/open-plan").await;
        assert_eq!(body.contains("netwerk-plan"), 2 <= *sees, "{who}: relations in the API");
        // A word of hidden documents is no spelling to offer.
        let (_, body) = asker.text(&format!("/api/v1/documenten?q={MISSPELLED}")).await;
        assert_eq!(body.contains(WORD), 2 <= *sees, "{who}: {body}");
    }
    // Files for machines are the same for everybody.
    for (who, asker, _) in &askers {
        if !asker.is_program() {
            let (_, body) = asker.text("/sitemap.xml").await;
            assert!(body.contains("open-plan") && !body.contains("netwerk-plan"), "{who}");
        }
    }
}

/// A hidden document answers exactly as one that does not exist.
#[tokio::test]
async fn hidden_is_the_same_as_missing() {
    let site = site().await;
    let stranger = site.as_user(&[reader("verhuis")]).await;
    for base in ["/kennisbank/", "/api/v1/documenten/"] {
        let missing = stranger.get(&format!("{base}bestaat-niet")).await.0;
        let hidden = stranger.get(&format!("{base}eigen-plan")).await.0;
        assert_eq!(missing.status(), hidden.status());
        let names = |it: &poem::Response| {
            let mut names: Vec<String> = it.headers().keys().map(|it| it.to_string()).collect();
            names.sort();
            names
        };
        assert_eq!(names(&missing), names(&hidden));
        let missing = missing.into_body().into_string().await.unwrap().replace("bestaat niet", "X");
        let hidden = hidden.into_body().into_string().await.unwrap().replace("eigen plan", "X");
        assert_eq!(missing, hidden);
    }
}

/// Rights are looked up with each request: what was taken away is gone at once.
#[tokio::test]
async fn rights_that_were_taken_away_are_gone_at_once() {
    let site = site().await;
    let reader = site.as_user(&[reader("voorbeeldhuis")]).await;
    assert_eq!(reader.get("/kennisbank/eigen-plan").await.0.status(), StatusCode::OK);
    let write = site.store().write().await.unwrap();
    leerkring::store::account::save_grants(&write, &reader.account, &[], crate::harness::now()).await.unwrap();
    write.commit_apart().await.unwrap();
    assert_eq!(reader.get("/kennisbank/eigen-plan").await.0.status(), StatusCode::NOT_FOUND);
}

/// Without a second factor the roles that ask for one do not hold.
#[tokio::test]
async fn an_administrator_without_second_factor_has_no_rights() {
    let site = site().await;
    let account = site.account(&[grant(AccountRole::Administrator, Scope::Everywhere)]).await;
    let half = site.signed_in(&account, false).await;
    let sent_on = half.get("/kennisbank/eigen-plan").await.0;
    assert_eq!(sent_on.headers()["location"], "/mijn/account/tweede-factor");
    assert_eq!(half.get("/api/v1/documenten/eigen-plan").await.0.status(), StatusCode::NOT_FOUND);
    let whole = site.signed_in(&account, true).await;
    assert_eq!(whole.get("/kennisbank/eigen-plan").await.0.status(), StatusCode::OK);
}
