//! The real program with a folder of its own, asked over HTTP: what the benches of pages and writers share.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use leerkring::accounts::{session, token};
use leerkring::domain::account::{Account, AccountRole, AccountStatus, Grant, Scope, TokenScope};
use leerkring::domain::id::AccountId;
use leerkring::store::{Store, account};

/// The cookie of a session where there is no HTTPS.
const COOKIE: &str = "leerkring";

/// An address nobody listens at.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port")
}

/// Says the median and the 99th percentile.
pub fn tell(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!("{what}, {} keer: p50 {:.1} ms, p99 {:.1} ms", times.len(), at(0.5), at(0.99));
}

/// One request on a connection of its own: status and body.
pub fn ask(address: SocketAddr, method: &str, path: &str, head: &str, body: &str) -> (u16, String) {
    let mut answer = Vec::new();
    let mut stream = TcpStream::connect(address).expect("the program listens");
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{head}Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("it is sent");
    stream.read_to_end(&mut answer).expect("it is answered");
    let text = String::from_utf8_lossy(&answer);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    (head.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0), body.to_owned())
}

/// Starts the program and waits until it can answer.
pub fn start(folder: &Path, address: SocketAddr) -> Server {
    let log = std::fs::File::create(folder.with_extension("log")).expect("the log can be made");
    let server = Command::new(env!("CARGO_BIN_EXE_leerkring"))
        .args(["serve", "--log-level", "warn", "--listen", &address.to_string(), "--data"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("the program starts");
    let mut server = Server(server);
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(60) {
        if TcpStream::connect(address).is_ok() && ask(address, "GET", "/readyz", "", "").0 == 200 {
            return server;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    stop(&mut server);
    panic!("not ready after a minute");
}

/// Stops it and waits for its end.
pub fn stop(server: &mut Server) {
    let _ = Command::new("kill").args(["-TERM", &server.0.id().to_string()]).status();
    let _ = server.0.wait();
}

/// The running program; it ends with the measurement, also when that breaks off.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Makes an account with one role: its identity, and a token to write with.
pub async fn member(store: &Store, role: AccountRole, scope: Scope, now: DateTime<Utc>) -> (AccountId, String) {
    let id = AccountId::generate();
    let account = Account {
        id: id.clone(),
        mail: format!("{}@voorbeeld.example", id.as_str().to_lowercase()),
        name: "Voorbeeld Persoon".into(),
        status: AccountStatus::Active,
        grants: vec![Grant { role, scope }],
        version: 1,
        created_at: now,
        signed_in_at: None,
    };
    let write = store.write().await.expect("a transaction");
    // With a second factor: without one a token gives no editor's rights.
    let secrets = account::Secrets { totp: Some("JBSWY3DPEHPK3PXP".into()), ..Default::default() };
    account::insert(&write, &account::Entry { account, secrets }, now).await.expect("an account");
    let opened = token::open(&write, &id, "meting", TokenScope::Write, TimeDelta::days(1), now).await;
    let (_, secret) = opened.expect("a token");
    write.commit_apart().await.expect("it is kept");
    (id, secret)
}

/// A session of an account: the line of the head that shows it.
pub async fn session(store: &Store, id: &AccountId, now: DateTime<Utc>) -> String {
    let write = store.write().await.expect("a transaction");
    let from = session::From { agent: "bench".into(), address: "127.0.0.0".into() };
    let cookie = session::open(&write, id, true, &from, now).await.expect("a session").1;
    write.commit_apart().await.expect("it is kept");
    format!("Cookie: {COOKIE}={cookie}\r\n")
}
