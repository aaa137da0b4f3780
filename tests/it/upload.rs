//! Forms with a file, as they come over the network: too large, too slow, cut off.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use leerkring::store::blob::Blobs;
use leerkring::web::upload::{self, LIMITS, Limits};
use poem::endpoint::make;
use poem::http::StatusCode;
use poem::test::TestClient;
use poem::{Body, IntoResponse, Response, Route, post};
use tempfile::TempDir;
use tokio::io::{AsyncRead, ReadBuf};

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
