//! What a visitor and an operator wait for, measured on the real program with the real content:
//! first start, next start, a search and help while typing through the API, memory, and the weight of the first view.
//!
//! Run with `cargo bench --bench front_door`. It prints; it does not judge.

#![expect(clippy::print_stdout, clippy::expect_used, clippy::panic, reason = "a measurement speaks to a person")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const QUERIES: &[&str] = &[
    "verzuim",
    "familie+betrekken",
    "medewerkers+inwerken",
    "open+deuren+dementie",
    "uitstroom",
    "zorgleefplan",
    "persoonsvolgend+budget",
    "specialist+ouderengeneeskunde",
    "koelkasttemperatuur",
    "werkdruk+meten",
];
/// What is typed, letter by letter from the second; the last ones with a typing error.
const TYPED: &[&str] =
    &["verzuim", "familie betrekken", "zorgleefplan", "specialist oud", "wzd", "opella", "verziumbeleid", "mantlezorg"];
const ROUNDS: usize = 200;

fn main() {
    let folder = std::env::temp_dir().join(format!("leerkring-bench-{}", std::process::id()));
    let address = free_address();
    println!(
        "eerste start, inhoud opnemen en index bouwen: {:>7.0} ms",
        start_and_stop(&folder, address).as_secs_f64() * 1e3
    );
    println!(
        "volgende start:                                {:>7.0} ms",
        start_and_stop(&folder, address).as_secs_f64() * 1e3
    );

    let (mut server, _) = start(&folder, address);
    println!("geheugen in rust:                              {:>7.1} MB", memory(&server));
    let questions: Vec<String> = QUERIES.iter().map(|it| format!("/api/v1/documenten?q={it}")).collect();
    measure("zoeken via de API", address, &questions, ROUNDS);
    let keys = |typed: &str| -> Vec<String> {
        let ends = (2..=typed.len()).map(|it| typed[..it].replace(' ', "+"));
        ends.map(|it| format!("/api/v1/suggesties?q={it}")).collect()
    };
    let typed: Vec<String> = TYPED.iter().flat_map(|it| keys(it)).collect();
    measure("suggesties tijdens het typen", address, &typed, ROUNDS / 10);
    println!("geheugen na het zoeken:                        {:>7.1} MB", memory(&server));

    let plain = get_as(address, "/", "identity");
    let text = String::from_utf8_lossy(&plain).into_owned();
    let assets = text.split('"').filter(|it| it.starts_with("/assets/"));
    let weight: usize = std::iter::once("/").chain(assets).map(|it| get(address, it).len()).sum();
    println!("eerste blik op de voorpagina, ingepakt:        {:>7.1} KB", weight as f64 / 1024.0);
    stop(&mut server);
    let _ = std::fs::remove_dir_all(&folder);
}

/// Asks for addresses, some rounds, and prints how long that took.
fn measure(what: &str, address: SocketAddr, paths: &[String], rounds: usize) {
    let mut times: Vec<Duration> = Vec::new();
    for round in 0..=rounds {
        for path in paths {
            let begin = Instant::now();
            let answer = get(address, path);
            assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
            // The first round warms up.
            if 0 < round {
                times.push(begin.elapsed());
            }
        }
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!("{what}, {} keer: p50 {:.2} ms, p99 {:.2} ms", times.len(), at(0.5), at(0.99));
}

fn start_and_stop(folder: &Path, address: SocketAddr) -> Duration {
    let (mut server, took) = start(folder, address);
    stop(&mut server);
    took
}

/// Starts the program and waits until it can answer.
fn start(folder: &Path, address: SocketAddr) -> (Child, Duration) {
    let begin = Instant::now();
    let mut server = Command::new(env!("CARGO_BIN_EXE_leerkring"))
        .args(["serve", "--log-level", "warn", "--listen", &address.to_string(), "--data"])
        .arg(folder)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    while begin.elapsed() < Duration::from_secs(60) {
        let ready = TcpStream::connect(address).is_ok() && get(address, "/readyz").starts_with(b"HTTP/1.1 200");
        if ready {
            return (server, begin.elapsed());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    stop(&mut server);
    panic!("not ready after a minute");
}

fn stop(server: &mut Child) {
    let _ = Command::new("kill").args(["-TERM", &server.id().to_string()]).status();
    let _ = server.wait();
}

/// Resident memory, in MB (10^6 bytes).
fn memory(server: &Child) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let line = status.lines().find(|it| it.starts_with("VmRSS:")).unwrap_or("VmRSS: 0 kB");
    line.split_whitespace().nth(1).and_then(|it| it.parse::<f64>().ok()).unwrap_or(0.0) * 1024.0 / 1e6
}

/// One request as a browser that takes packed answers, on a connection of its own.
fn get(address: SocketAddr, path: &str) -> Vec<u8> {
    get_as(address, path, "gzip")
}

fn get_as(address: SocketAddr, path: &str, encoding: &str) -> Vec<u8> {
    let mut answer = Vec::new();
    if let Ok(mut stream) = TcpStream::connect(address) {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n"
        );
        let _ = stream.write_all(request.as_bytes());
        let _ = stream.read_to_end(&mut answer);
    }
    answer
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port")
}
