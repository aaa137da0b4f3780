//! Forms with a file, as they come over the network: too large, too slow, cut off; and the address that takes them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use leerkring::accounts::token;
use leerkring::domain::account::{Account, AccountRole, AccountStatus, Scope, TokenScope};
use leerkring::domain::id::AccountId;
use leerkring::store::blob::Blobs;
use leerkring::store::{Address, Store, account};
use leerkring::web::upload::{self, LIMITS, Limits};
use poem::endpoint::make;
use poem::http::StatusCode;
use poem::test::TestClient;
use poem::{Body, IntoResponse, Response, Route, post};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncRead, ReadBuf};

use crate::files;
use crate::harness::{self, TestApp, grant, now};
use crate::program::Program;

const EDGE: &str = "grens";

/// A site with one form: it answers with what it understood.
struct Site {
    folder: TempDir,
    limits: Limits,
}

impl Site {
    fn new(limits: Limits) -> Site {
        Site { folder: tempfile::tempdir().unwrap(), limits }
    }

    async fn send(&self, body: Body, length: Option<u64>) -> (StatusCode, String) {
        let (blobs, limits) = (Blobs::new(self.folder.path().to_owned()), self.limits);
        let form = make(move |mut request: poem::Request| {
            let blobs = blobs.clone();
            async move {
                let body = request.take_body();
                let mut form = upload::read_within(&request, body, &blobs, limits).await?;
                let file = form.file.take().map(|mut it| {
                    let bytes = it.content.bytes().unwrap();
                    format!(
                        "{}={} ({} bytes, {} met \"a\")",
                        it.field,
                        it.name,
                        bytes.len(),
                        bytes.iter().filter(|it| **it == b'a').count()
                    )
                });
                Ok::<Response, poem::Error>(format!("{:?} {file:?}", form.fields).into_response())
            }
        });
        let client = TestClient::new(Route::new().at("/", post(form)));
        let mut request = client.post("/").content_type(format!("multipart/form-data; boundary={EDGE}")).body(body);
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        let answer = request.send().await.0;
        let status = answer.status();
        (status, answer.into_body().into_string().await.unwrap())
    }

    /// What still lies where files come in.
    fn left(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("inkomend")).map_or(0, Iterator::count)
    }
}

fn field(name: &str, value: &str) -> String {
    format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

fn file(name: &str, content: &str) -> String {
    format!(
        "--{EDGE}\r\nContent-Disposition: form-data; name=\"bestand\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n{content}\r\n"
    )
}

fn end() -> String {
    format!("--{EDGE}--\r\n")
}

/// Bytes that come one after the other, without end, each after a while.
struct Slow {
    head: Vec<u8>,
    pause: Duration,
    next: Option<Pin<Box<tokio::time::Sleep>>>,
    sent: Arc<AtomicUsize>,
}

impl AsyncRead for Slow {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        if !self.head.is_empty() {
            let head = std::mem::take(&mut self.head);
            to.put_slice(&head);
            return Poll::Ready(Ok(()));
        }
        let pause = self.pause;
        let mut next = self.next.take().unwrap_or_else(|| Box::pin(tokio::time::sleep(pause)));
        match next.as_mut().poll(cx) {
            Poll::Pending => {
                self.next = Some(next);
                Poll::Pending
            }
            Poll::Ready(()) => {
                let room = if pause.is_zero() { to.remaining().min(8_192) } else { 1 };
                to.put_slice(&vec![b'a'; room]);
                self.sent.fetch_add(room, Ordering::SeqCst);
                Poll::Ready(Ok(()))
            }
        }
    }
}

fn endless(head: String, pause: Duration) -> (Body, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let reader = Slow { head: head.into_bytes(), pause, next: None, sent: sent.clone() };
    (Body::from_async_read(reader), sent)
}

#[tokio::test]
async fn a_form_is_read() {
    let site = Site::new(LIMITS);
    let body = [field("titel", "Een\r\ntwee"), file("plan.pdf", "%PDF-a"), field("titel", ""), end()].concat();
    let (status, text) = site.send(Body::from_string(body), None).await;
    assert_eq!(status, StatusCode::OK, "{text}");
    assert_eq!(
        text,
        "[(\"titel\", \"Een\\ntwee\"), (\"titel\", \"\")] Some(\"bestand=plan.pdf (6 bytes, 1 met \\\"a\\\")\")"
    );
    // A file that was not chosen is no file.
    let (status, text) = site.send(Body::from_string([file("", ""), end()].concat()), None).await;
    assert_eq!((status, text.as_str()), (StatusCode::OK, "[] None"));
    assert_eq!(site.left(), 0);
}

#[tokio::test]
async fn a_gigabyte_is_refused_before_it_comes() {
    let site = Site::new(LIMITS);
    let (body, sent) = endless(file("groot.pdf", ""), Duration::ZERO);
    let (status, text) = site.send(body, Some(1 << 30)).await;
    assert_eq!((status, text.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "het bestand is te groot; hoogstens 25 MB"));
    assert_eq!(sent.load(Ordering::SeqCst), 0, "it was read all the same");
}

/// Who does not say how much comes, is heard until it is too much.
#[tokio::test]
async fn a_file_without_end_is_cut_off() {
    let site = Site::new(LIMITS);
    let head = file("groot.pdf", "");
    let (body, sent) = endless(head.trim_end().to_owned() + "\r\n\r\n", Duration::ZERO);
    let (status, text) = site.send(body, None).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{text}");
    assert!(sent.load(Ordering::SeqCst) < 30 << 20, "{sent:?}");
    assert_eq!(site.left(), 0);
}

#[tokio::test]
async fn too_much_text_is_refused() {
    let site = Site::new(Limits { text: 1_000, fields: 5, ..LIMITS });
    for body in [field("a", &"x".repeat(1_001)), field("a", "").repeat(6), field("a", &"x".repeat(600)).repeat(2)] {
        let (status, text) = site.send(Body::from_string(body + &end()), None).await;
        assert_eq!((status, text.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "het formulier bevat te veel tekst"));
    }
}

#[tokio::test]
async fn who_sends_a_byte_at_a_time_is_cut_off() {
    let quick = Limits { idle: Duration::from_millis(400), total: Duration::from_millis(900), ..LIMITS };
    let site = Site::new(quick);
    for (pause, longest) in [(50, 2_000), (100_000, 1_500)] {
        let (body, _) = endless(file("a.pdf", ""), Duration::from_millis(pause));
        let start = Instant::now();
        let (status, text) = site.send(body, None).await;
        assert_eq!(status, StatusCode::REQUEST_TIMEOUT, "{text}");
        assert!(text.contains("het versturen duurde te lang"), "{text}");
        assert!(start.elapsed() < Duration::from_millis(longest), "{:?}", start.elapsed());
        assert_eq!(site.left(), 0);
    }
}

#[tokio::test]
async fn broken_forms_are_refused() {
    let site = Site::new(LIMITS);
    for (body, expected) in [
        (file("a.pdf", "tekst"), "kwam niet heel aan"),
        (field("a", "b"), "kwam niet heel aan"),
        ("zomaar".to_owned(), "kwam niet heel aan"),
        ([file("a.pdf", "a"), file("b.pdf", "b"), end()].concat(), "meer bestanden tegelijk"),
    ] {
        let (status, text) = site.send(Body::from_string(body), None).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{text}");
        assert!(text.contains(expected), "{text}");
        assert_eq!(site.left(), 0);
    }
    let bad = [field("a", "b").into_bytes(), b"\xff\xfe".to_vec()].concat();
    let (status, _) = site.send(Body::from_vec(bad), None).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

/// A form with one file, whole.
fn form(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = file(name, "");
    [head.trim_end().as_bytes(), b"\r\n\r\n", bytes, b"\r\n", end().as_bytes()].concat()
}

async fn sent(site: &TestApp, token: Option<&str>, body: Vec<u8>) -> (StatusCode, Value) {
    let mut request =
        site.client.post("/api/v1/bijlagen").content_type(format!("multipart/form-data; boundary={EDGE}"));
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let answer = request.body(body).send().await.0;
    let status = answer.status();
    (status, serde_json::from_str(&answer.into_body().into_string().await.unwrap()).unwrap())
}

#[tokio::test]
async fn a_file_is_sent_by_who_may_write() {
    let site = TestApp::empty().await;
    let own = || Scope::Organisation("voorbeeldzorg".into());
    let writer = site.account(&[grant(AccountRole::ProjectLead, own())]).await;
    let token = site.api_token(&writer, TokenScope::Write).await;
    let pdf = files::pdf(&["Het rooster"]);
    let (status, answer) = sent(&site, Some(&token), form("rooster_2026.PDF", &pdf)).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    assert_eq!((&answer["naam"], &answer["titel"]), (&"rooster_2026.pdf".into(), &"rooster 2026".into()));
    let hash = answer["bestand"].as_str().unwrap();
    assert_eq!(site.app.intake.blobs.read(hash).unwrap(), Some(pdf.clone()));
    // Sent again, it is the same file.
    assert_eq!(sent(&site, Some(&token), form("rooster_2026.PDF", &pdf)).await, (StatusCode::CREATED, answer.clone()));

    for (name, bytes, expected) in [
        ("a.svg", b"<svg/>".to_vec(), "SVG"),
        ("a.pdf", files::pdf(&["nummer 111222333"]), "burgerservicenummer"),
        ("a.pdf", vec![b'a'; (25 << 20) + 10], "hoogstens 25 MB"),
    ] {
        let (status, answer) = sent(&site, Some(&token), form(name, &bytes)).await;
        assert!(status.is_client_error(), "{answer}");
        assert_eq!(answer["title"], "Het bestand is niet opgenomen");
        assert!(answer["detail"].as_str().unwrap().contains(expected), "{answer}");
    }
    let (status, answer) = sent(&site, Some(&token), field("titel", "a").into_bytes()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");

    let reader = site.account(&[grant(AccountRole::Reader, own())]).await;
    let reads = site.api_token(&reader, TokenScope::Write).await;
    let only_read = site.api_token(&writer, TokenScope::Read).await;
    for (token, expected) in [
        (None, StatusCode::UNAUTHORIZED),
        (Some("lk_onzin"), StatusCode::UNAUTHORIZED),
        (Some(reads.as_str()), StatusCode::FORBIDDEN),
        (Some(only_read.as_str()), StatusCode::FORBIDDEN),
    ] {
        assert_eq!(sent(&site, token, form("b.pdf", &files::pdf(&["Ander"]))).await.0, expected, "{token:?}");
    }
    assert_eq!(site.app.intake.blobs.list().unwrap().len(), 1);
}

/// A token of somebody who writes, in the database of a program that does not run yet.
async fn token_in(program: &Program) -> String {
    let address = format!("sqlite:{}", program.path("data/leerkring.db").display());
    let store = Store::open(&Address::from_str(&address).unwrap()).await.unwrap();
    let id = AccountId::generate();
    let account = Account {
        id: id.clone(),
        mail: "schrijver@voorbeeld.example".into(),
        name: "Voorbeeld Schrijver".into(),
        status: AccountStatus::Active,
        grants: vec![grant(AccountRole::Editor, Scope::Everywhere)],
        version: 1,
        created_at: now(),
        signed_in_at: None,
    };
    let write = store.write().await.unwrap();
    account::insert(&write, &account::Entry { account, secrets: account::Secrets::default() }, now()).await.unwrap();
    let days = chrono::TimeDelta::days(300);
    let (_, token) = token::open(&write, &id, "proef", TokenScope::Write, days, now()).await.unwrap();
    write.commit_apart().await.unwrap();
    store.close().await.unwrap();
    token
}

/// Begins to send a file to the real program, and says it is so long.
fn begin(address: &str, token: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(
        stream,
        "POST /api/v1/bijlagen HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary={EDGE}\r\nContent-Length: {length}\r\n\r\n"
    )
    .unwrap();
    stream
}

/// The first bytes of an answer, as far as they come.
fn answer(mut stream: TcpStream) -> String {
    let mut res = Vec::new();
    let mut piece = [0; 4_096];
    while let Ok(length @ 1..) = stream.read(&mut piece) {
        res.extend(&piece[..length]);
    }
    String::from_utf8_lossy(&res).into_owned()
}

/// Killed in the middle of an upload, the program leaves no file under its name and no row; the next start is fine, and
/// a file of a gigabyte is refused before it comes.
#[tokio::test]
async fn the_real_program_is_killed_while_a_file_comes() {
    let program = Program::new();
    program.write("content/README.md", "leeg");
    assert_eq!(program.serve(&[]).stop().0, Some(0));
    let token = token_in(&program).await;
    let pdf = files::pdf(&["Een stuk dat heel aankomt"]);
    let whole = form("stuk.pdf", &pdf);
    let large = form("groot.pdf", &vec![b'a'; 20 << 20]);
    for part in [200, 100_000, 10 << 20, large.len() - 1] {
        let site = program.serve(&[]);
        let mut stream = begin(&site.address, &token, large.len());
        stream.write_all(&large[..part]).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        site.kill();
        drop(stream);
        let kept: Vec<_> = harness::files(&program.path("data/bijlagen"));
        assert!(
            kept.iter().all(|it| it.0.starts_with("inkomend")),
            "{:?}",
            kept.iter().map(|it| &it.0).collect::<Vec<_>>()
        );
        assert_eq!(program.run(&["check"]).code, Some(0));
    }
    let site = program.serve(&[]);
    let start = Instant::now();
    let refused = answer(begin(&site.address, &token, 1 << 30));
    assert!(refused.starts_with("HTTP/1.1 413 ") && refused.contains("hoogstens 25 MB"), "{refused}");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let mut stream = begin(&site.address, &token, whole.len());
    stream.write_all(&whole).unwrap();
    let done = answer(stream);
    assert!(done.starts_with("HTTP/1.1 201 ") && done.contains("\"naam\":\"stuk.pdf\""), "{done}");
    assert_eq!(site.stop().0, Some(0));
    let kept = harness::files(&program.path("data/bijlagen"));
    assert_eq!(kept.iter().filter(|it| !it.0.starts_with("inkomend")).map(|it| &it.1).collect::<Vec<_>>(), [&pdf]);
}
