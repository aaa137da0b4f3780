//! Killed in the middle of writing and reviewing, the program has lost nothing that it acknowledged and holds nothing
//! half: a document is handed in or not, live or not, with its revision, its log entry and its mails.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use chrono::TimeDelta;
use leerkring::accounts::token;
use leerkring::domain::account::{Account, AccountRole, AccountStatus, Grant, Scope, TokenScope};
use leerkring::domain::catalogue::Catalogue;
use leerkring::domain::id::AccountId;
use leerkring::domain::library::Library;
use leerkring::domain::organisation::Organisation;
use leerkring::domain::stage::Stage;
use leerkring::domain::theme::Theme;
use leerkring::store::{Store, account, audit, draft, mail, record, revision};
use serde_json::json;

use crate::crash::{Dice, assert_whole, store};
use crate::harness::{now, take_in};
use crate::program::Program;

/// An account with a token that may write.
pub async fn member(store: &Store, role: AccountRole, scope: Scope) -> (AccountId, String) {
    let id = AccountId::generate();
    let account = Account {
        id: id.clone(),
        mail: format!("{}@voorbeeld.example", id.as_str().to_lowercase()),
        name: "Voorbeeld Persoon".into(),
        status: AccountStatus::Active,
        grants: vec![Grant { role, scope }],
        version: 1,
        created_at: now(),
        signed_in_at: None,
    };
    let write = store.write().await.unwrap();
    // With a second factor: without one a token gives no editor's rights.
    let secrets = account::Secrets { totp: Some("JBSWY3DPEHPK3PXP".into()), ..Default::default() };
    let entry = account::Entry { account, secrets };
    account::insert(&write, &entry, now()).await.unwrap();
    // Tokens hold by the clock of the program, which is the real one.
    let (_, secret) =
        token::open(&write, &id, "proef", TokenScope::Write, TimeDelta::days(36_500), now()).await.unwrap();
    write.commit_apart().await.unwrap();
    (id, secret)
}

/// Sends JSON; the status, or nothing when the program died.
pub fn send(address: &str, path: &str, token: &str, body: &serde_json::Value) -> Option<(u16, String)> {
    send_as(address, "POST", path, token, "", body)
}

/// The same by another method, with lines more in the head that each end in CRLF.
pub fn send_as(
    address: &str,
    method: &str,
    path: &str,
    token: &str,
    head: &str,
    body: &serde_json::Value,
) -> Option<(u16, String)> {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address).ok()?;
    // Longer than anybody waits for a turn to write.
    stream.set_read_timeout(Some(Duration::from_secs(90))).ok()?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{head}Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

#[tokio::test]
async fn writing_and_reviewing_that_are_killed_are_whole() {
    let program = Program::new();
    program.write("content/.keep", "");
    std::fs::create_dir_all(program.path("data")).unwrap();
    let filled = store(&program).await;
    let catalogue = Catalogue {
        organisations: vec![Organisation { slug: "eigen".into(), name: "Voorbeeldzorg".into(), ..Default::default() }]
            .into(),
        themes: vec![Theme { slug: "thema".into(), name: "Thema".into(), ..Default::default() }].into(),
        ..Catalogue::default()
    };
    take_in(&filled, &Library { catalogue, ..Library::default() }).await;
    let (_, author) = member(&filled, AccountRole::ProjectLead, Scope::Organisation("eigen".into())).await;
    let (_, editor) = member(&filled, AccountRole::Editor, Scope::Theme("thema".into())).await;
    filled.close().await.unwrap();

    let handed_in: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let published: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    let mut dice = Dice(7);
    for round in 0..5 {
        let site = program.serve(&[]);
        let writers: Vec<_> = (0..3)
            .map(|writer| {
                let (address, author, editor) = (site.address.clone(), author.clone(), editor.clone());
                let (handed_in, published) = (handed_in.clone(), published.clone());
                thread::spawn(move || {
                    for n in 0.. {
                        let slug = format!("ronde-{round}-schrijver-{writer}-nummer-{n}");
                        let document = json!({
                            "soort": "factsheet", "titel": format!("Ronde {round} {writer} {n}"), "slug": slug,
                            "samenvatting": "Een proef.", "themas": ["thema"],
                            "organisaties": [{"organisatie": "eigen", "rol": "trekker"}], "tekst": "Tekst.",
                        });
                        let Some((status, said)) = send(&address, "/api/v1/documenten", &author, &document) else {
                            return;
                        };
                        assert_eq!(status, 201, "{said}");
                        handed_in.lock().unwrap().insert(slug.clone());
                        let path = format!("/api/v1/documenten/{slug}/beoordelingen");
                        let verdict = json!({ "oordeel": "publiceren" });
                        let Some((status, said)) = send(&address, &path, &editor, &verdict) else { return };
                        assert_eq!(status, 200, "{said}");
                        published.lock().unwrap().insert(slug);
                    }
                })
            })
            .collect();
        thread::sleep(Duration::from_millis(300) + dice.part(Duration::from_millis(900)));
        site.kill();
        writers.into_iter().for_each(|it| it.join().unwrap());

        let store = store(&program).await;
        assert_eq!(store.check().await.unwrap(), [] as [String; 0]);
        let live = record::all(&store).await.unwrap();
        let slugs: BTreeSet<String> = live.iter().map(|it| it.record.slug.clone()).collect();
        let waiting = draft::in_stages(&store, &[Stage::InReview]).await.unwrap();
        let in_review: BTreeSet<String> = waiting.into_iter().map(|it| it.content.slug).collect();
        for slug in handed_in.lock().unwrap().iter() {
            assert!(slugs.contains(slug) != in_review.contains(slug), "{slug} is lost or half");
        }
        for slug in published.lock().unwrap().iter() {
            assert!(slugs.contains(slug), "{slug} was published and is lost");
        }
        let log = audit::latest(&store, None, None, 100_000).await.unwrap();
        for it in &live {
            let versions = revision::list(&store, &it.id).await.unwrap();
            assert_eq!(versions.len() as i32, it.version);
            let subject = format!("document:{}", it.id);
            let entries = log.iter().filter(|entry| entry.subject == subject && entry.action == "gepubliceerd");
            assert_eq!(entries.count(), 1, "{}", it.record.slug);
        }
        let mails = mail::latest(&store, 100_000).await.unwrap();
        let told = |word: &str| mails.iter().filter(|it| it.subject.starts_with(word)).count();
        assert_eq!(told("Gepubliceerd: "), live.len());
        assert_eq!(told("Ter beoordeling: "), live.len() + in_review.len());
        store.close().await.unwrap();
        assert_whole(&program).await;
    }
    assert!(5 < published.lock().unwrap().len(), "hardly anything was published: the test shows nothing");
}
