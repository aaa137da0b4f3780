//! Many who write at once: each is acknowledged or told in words that it cannot be now, never by a failure; and what
//! was acknowledged is there, once. All organisations and texts are fictitious.

use std::collections::BTreeSet;
use std::thread;

use chrono::TimeDelta;
use leerkring::domain::account::{AccountRole, Scope};
use leerkring::domain::catalogue::Catalogue;
use leerkring::domain::id::DraftId;
use leerkring::domain::library::Library;
use leerkring::domain::organisation::Organisation;
use leerkring::domain::record::Record;
use leerkring::domain::stage::Stage;
use leerkring::domain::theme::Theme;
use leerkring::domain::vocabulary::RecordKind;
use leerkring::store::{Store, draft, record};
use serde_json::{Value, json};

use crate::crash::{assert_whole, store};
use crate::crash_publishing::{member, send, send_as};
use crate::harness::take_in;
use crate::make;
use crate::program::Program;

const WRITERS: usize = 32;
const EACH: usize = 4;
const SHARED: &str = "gedeeld";

/// An organisation, a theme, and one document that all writers want to change.
pub async fn fill(store: &Store) {
    let own = json!({
        "themas": ["thema"], "organisaties": [{"organisatie": "eigen", "rol": "trekker"}],
    });
    let shared: Record = make::record(SHARED, RecordKind::Factsheet, "Gedeeld", own);
    let organisation = Organisation { slug: "eigen".into(), name: "Voorbeeldzorg".into(), ..Default::default() };
    let theme = Theme { slug: "thema".into(), name: "Thema".into(), ..Default::default() };
    let catalogue =
        Catalogue { organisations: vec![organisation].into(), themes: vec![theme].into(), ..Catalogue::default() };
    take_in(store, &Library { catalogue, records: vec![shared], ..Library::default() }).await;
}

/// A factsheet of that organisation.
pub fn document(slug: &str, title: &str) -> Value {
    json!({
        "soort": "factsheet", "titel": title, "slug": slug, "samenvatting": "Een proef.", "themas": ["thema"],
        "organisaties": [{"organisatie": "eigen", "rol": "trekker"}], "tekst": "Tekst.",
    })
}

/// What [`WRITERS`] at once, at one site, were acknowledged: documents handed in, and versions of the shared one.
pub fn write_at_once(address: &str, tokens: &[String], at: &str) -> (BTreeSet<String>, usize) {
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (address, token) = (address.to_owned(), tokens[writer % tokens.len()].clone());
            let at = at.to_owned();
            thread::spawn(move || {
                let mut handed_in = BTreeSet::new();
                let mut versions = 0;
                for n in 0..EACH {
                    let slug = format!("{at}-schrijver-{writer}-nummer-{n}");
                    let sent = document(&slug, &format!("Schrijver {writer} nummer {n}"));
                    match send(&address, "/api/v1/documenten", &token, &sent).unwrap() {
                        (201, _) => assert!(handed_in.insert(slug)),
                        (409 | 429, _) => (),
                        (status, said) => panic!("{status}: {said}"),
                    }
                    let sent = document(SHARED, &format!("Gedeeld, door {writer} voor de {n}e keer"));
                    let path = format!("/api/v1/documenten/{SHARED}");
                    match send_as(&address, "PUT", &path, &token, "If-Match: \"1\"\r\n", &sent).unwrap() {
                        (200, _) => versions += 1,
                        (409 | 412 | 429, _) => (),
                        (status, said) => panic!("{status}: {said}"),
                    }
                }
                (handed_in, versions)
            })
        })
        .collect();
    let mut all = (BTreeSet::new(), 0);
    for (handed_in, versions) in writers.into_iter().map(|it| it.join().unwrap()) {
        all.0.extend(handed_in);
        all.1 += versions;
    }
    all
}

/// What was acknowledged is there, once, and nothing else; the document that all wanted to change is as it was.
pub async fn assert_kept(store: &Store, acknowledged: &BTreeSet<String>, versions: usize, live: &[&str]) {
    let waiting = draft::in_stages(store, &[Stage::InReview]).await.unwrap();
    let mut slugs: Vec<String> =
        waiting.iter().filter(|it| it.of.is_none()).map(|it| it.content.slug.clone()).collect();
    slugs.sort();
    assert_eq!(slugs, acknowledged.iter().cloned().collect::<Vec<_>>());
    // Everybody may hand in a version of their own; which one it becomes, a reviewer says.
    let of_shared: Vec<_> = waiting.iter().filter(|it| it.of.is_some()).collect();
    assert_eq!(of_shared.len(), versions);
    let authors: BTreeSet<&str> = of_shared.iter().map(|it| it.author.as_str()).collect();
    assert_eq!(authors.len(), versions, "nobody has two");
    let found = record::all(store).await.unwrap();
    let slugs: BTreeSet<&str> = found.iter().map(|it| it.record.slug.as_str()).collect();
    assert_eq!(slugs, live.iter().copied().collect());
    assert!(found.iter().all(|it| it.version == 1));
}

/// The list of documents, as who holds a token gets it.
fn read(address: &str, token: &str) -> String {
    let (status, said) = send_as(address, "GET", "/api/v1/documenten", token, "", &Value::Null).unwrap();
    assert_eq!(status, 200, "{said}");
    said
}

/// Another program, such as an import, may hold the turn for long. Whoever would write is told so and when to try
/// again; nothing of it is stored; and who only reads goes on.
#[tokio::test]
async fn who_does_not_get_a_turn_is_told_and_can_try_again() {
    let program = Program::new();
    program.write("content/.keep", "");
    std::fs::create_dir_all(program.path("data")).unwrap();
    let filled = store(&program).await;
    fill(&filled).await;
    let token = member(&filled, AccountRole::ProjectLead, Scope::Organisation("eigen".into())).await.1;
    let site = program.serve(&[]);

    let other = filled.write().await.unwrap();
    let sent = document("te-druk", "Te druk");
    let (status, said) = send(&site.address, "/api/v1/documenten", &token, &sent).unwrap();
    assert_eq!(status, 503, "{said}");
    assert!(said.contains("Er is niets van opgeslagen") && said.contains("over een minuut opnieuw"), "{said}");
    assert!(read(&site.address, &token).contains("\"slug\":\"gedeeld\""));
    drop(other);
    assert!(!read(&site.address, &token).contains("te-druk"));
    let (status, said) = send(&site.address, "/api/v1/documenten", &token, &sent).unwrap();
    assert_eq!(status, 201, "{said}");
    assert_eq!(draft::in_stages(&filled, &[Stage::InReview]).await.unwrap().len(), 1);
    site.stop();
    filled.close().await.unwrap();
    assert_whole(&program).await;
}

#[tokio::test]
async fn many_who_write_at_once_lose_nothing() {
    let program = Program::new();
    program.write("content/.keep", "");
    std::fs::create_dir_all(program.path("data")).unwrap();
    let filled = store(&program).await;
    fill(&filled).await;
    let mut tokens = Vec::new();
    for _ in 0..WRITERS {
        tokens.push(member(&filled, AccountRole::ProjectLead, Scope::Organisation("eigen".into())).await.1);
    }
    filled.close().await.unwrap();

    let site = program.serve(&[]);
    let (handed_in, versions) = write_at_once(&site.address, &tokens, "hier");
    assert_eq!(handed_in.len(), WRITERS * EACH, "nobody was in the way of a document of one's own");
    assert!(0 < versions, "somebody was first");
    let (code, log) = site.stop();
    assert_eq!(code, Some(0));
    assert!(!log.contains("database is locked") && !log.contains("panicked"), "{log}");

    let store = store(&program).await;
    assert_kept(&store, &handed_in, versions, &[SHARED]).await;
    assert_eq!(store.check().await.unwrap(), [] as [String; 0]);
    store.close().await.unwrap();
    assert_whole(&program).await;
}

/// What came in last is published by its address, however much waits before it.
#[tokio::test]
async fn an_address_is_found_among_many_that_wait() {
    let program = Program::new();
    program.write("content/.keep", "");
    std::fs::create_dir_all(program.path("data")).unwrap();
    let store = store(&program).await;
    fill(&store).await;
    let author = member(&store, AccountRole::ProjectLead, Scope::Organisation("eigen".into())).await.1;
    let editor = member(&store, AccountRole::Editor, Scope::Everywhere).await.1;
    let site = program.serve(&[]);
    let (status, said) = send(&site.address, "/api/v1/documenten", &author, &document("laatste", "Laatste")).unwrap();
    assert_eq!(status, 201, "{said}");

    let last = draft::in_stages(&store, &[Stage::InReview]).await.unwrap().remove(0);
    let write = store.write().await.unwrap();
    for n in 0..=draft::LISTED as i64 {
        let mut before = last.clone();
        before.id = DraftId::generate();
        before.content.slug = format!("eerder-{n}");
        before.submitted_at = before.submitted_at.map(|it| it - TimeDelta::minutes(n + 1));
        draft::insert(&write, &before).await.unwrap();
    }
    write.commit_apart().await.unwrap();
    let verdict = json!({ "oordeel": "publiceren" });
    let (status, said) = send(&site.address, "/api/v1/documenten/laatste/beoordelingen", &editor, &verdict).unwrap();
    assert_eq!(status, 200, "{said}");
    site.stop();
    let live: Vec<String> = record::all(&store).await.unwrap().into_iter().map(|it| it.record.slug).collect();
    assert!(live.contains(&"laatste".to_owned()), "{live:?}");
    store.close().await.unwrap();
}
