//! What those who write wait for, measured on the real program with the real content: a page of somebody who is signed
//! in, the time from publishing to being found, and how many documents per second are acknowledged when 32 hand in at
//! once through the API.
//!
//! Run with `cargo bench --bench writers`. It prints; it does not judge. Aims: a page within 15 ms (median), found
//! within 1 s, 150 acknowledged per second, and never "database is locked". All accounts and texts are fictitious.

#![expect(clippy::print_stdout, clippy::expect_used, clippy::panic, reason = "a measurement speaks to a person")]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use leerkring::app::Clock;
use leerkring::domain::account::{AccountRole, Scope};
use leerkring::store::{Address, Store};

mod program;

use program::{ask, free_address, member, session, start, stop, tell};

const WRITERS: usize = 32;
/// How long they write.
const LOAD: Duration = Duration::from_secs(10);
const PAGES: usize = 300;
const PUBLISHED: usize = 30;
/// An organisation and a theme of the content.
const ORGANISATION: &str = "opella";
const THEME: &str = "leiderschap";

#[tokio::main]
async fn main() {
    let folder = std::env::temp_dir().join(format!("leerkring-writers-{}", std::process::id()));
    let address = free_address();
    // The first start takes the content in.
    let mut server = start(&folder, address);
    stop(&mut server);

    let file = Address::Sqlite(folder.join("leerkring.db"));
    let store = Store::open(&file).await.expect("the database opens");
    let now = Clock::System.now();
    let own = Scope::Organisation(ORGANISATION.into());
    let mut authors = Vec::new();
    let mut head = String::new();
    for _ in 0..WRITERS {
        let (id, secret) = member(&store, AccountRole::ProjectLead, own.clone(), now).await;
        if authors.is_empty() {
            head = session(&store, &id, now).await;
        }
        authors.push(secret);
    }
    let (_, editor) = member(&store, AccountRole::Editor, Scope::Everywhere, now).await;
    store.close().await.expect("the database closes");

    let mut server = start(&folder, address);
    let (status, said) = hand_in(address, &authors[0], "meting-pagina", "Meting pagina");
    assert!(status == 201, "{said}");
    let draft = text_of(&said, "concept");
    for (what, path) in [
        ("mijn werk", "/mijn".to_owned()),
        ("formulier", format!("/schrijven/{draft}")),
        ("zoeken", "/zoeken?q=verzuim".to_owned()),
    ] {
        let times = (0..=PAGES).map(|_| {
            let begin = Instant::now();
            let (status, body) = ask(address, "GET", &path, &head, "");
            assert!(status == 200, "{path}: {status}: {body}");
            begin.elapsed()
        });
        // The first warms up.
        tell(&format!("ingelogd: {what}"), times.skip(1).collect());
    }

    let first = (0..PUBLISHED).map(|at| published_and_found(address, &authors[0], &editor, "leeg", at)).collect();
    tell("gepubliceerd tot gevonden", first);
    let (acknowledged, took) = write_at_once(address, &authors);
    println!(
        "{WRITERS} schrijvers tegelijk: {acknowledged} bevestigd in {:.1} s = {:.0} per seconde",
        took.as_secs_f64(),
        acknowledged as f64 / took.as_secs_f64()
    );
    let second = (0..PUBLISHED).map(|at| published_and_found(address, &authors[0], &editor, "vol", at)).collect();
    tell(&format!("gepubliceerd tot gevonden, met {acknowledged} in de wachtrij"), second);
    stop(&mut server);
    let log = std::fs::read_to_string(folder.with_extension("log")).expect("the log can be read");
    println!("\"database is locked\" in het logboek: {} keer", log.matches("database is locked").count());
    let _ = std::fs::remove_dir_all(&folder);
    let _ = std::fs::remove_file(folder.with_extension("log"));
}

/// All hand documents in, one after the other each; how many were acknowledged, and in which time.
fn write_at_once(address: SocketAddr, authors: &[String]) -> (usize, Duration) {
    let acknowledged = AtomicUsize::new(0);
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for (writer, token) in authors.iter().enumerate() {
            let acknowledged = &acknowledged;
            scope.spawn(move || {
                for n in 0.. {
                    if LOAD < begin.elapsed() {
                        return;
                    }
                    let slug = format!("meting-{writer}-{n}");
                    let (status, said) = hand_in(address, token, &slug, &format!("Meting {writer} {n}"));
                    assert!(status == 201, "{status}: {said}");
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    (acknowledged.load(Ordering::Relaxed), begin.elapsed())
}

/// From the acknowledgement of publishing until a search gives it.
fn published_and_found(address: SocketAddr, author: &str, editor: &str, round: &str, at: usize) -> Duration {
    let word =
        format!("vindwoord{round}{}", "abcdefghijklmnopqrstuvwxyzabcdefgh".get(at..=at).unwrap_or("z").repeat(4));
    let slug = format!("{round}-{at}");
    let (status, said) = hand_in(address, author, &slug, &format!("Over {word}"));
    assert!(status == 201, "{status}: {said}");
    let head = format!("Authorization: Bearer {editor}\r\nContent-Type: application/json\r\n");
    let path = format!("/api/v1/documenten/{slug}/beoordelingen");
    let (status, said) = ask(address, "POST", &path, &head, r#"{"oordeel":"publiceren"}"#);
    assert!(status == 200, "{status}: {said}");
    let begin = Instant::now();
    loop {
        let (_, body) = ask(address, "GET", &format!("/api/v1/documenten?letterlijk=ja&q={word}"), "", "");
        if body.contains(&format!("\"slug\":\"{slug}\"")) {
            return begin.elapsed();
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "{word} is never found: {body}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn hand_in(address: SocketAddr, token: &str, slug: &str, title: &str) -> (u16, String) {
    let head = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
    let body = format!(
        r#"{{"soort":"factsheet","titel":"{title}","slug":"{slug}","samenvatting":"Een verzonnen meting.","themas":["{THEME}"],"organisaties":[{{"organisatie":"{ORGANISATION}","rol":"trekker"}}],"tekst":"Een verzonnen tekst."}}"#
    );
    ask(address, "POST", "/api/v1/documenten", &head, &body)
}

/// A text in an answer in JSON.
fn text_of(said: &str, name: &str) -> String {
    let after = said.split_once(&format!("\"{name}\":\"")).map_or("", |it| it.1);
    after.split('"').next().unwrap_or_default().to_owned()
}
