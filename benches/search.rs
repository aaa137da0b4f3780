//! The search at the size of a whole sector: 100,000 invented documents, 200 questions drawn from them.
//!
//! Run with `cargo bench --bench search`; for a first try `LEERKRING_BENCH_DOCUMENTS=5000 cargo bench --bench search`.
//! The first run makes the library (see `library`). On a busy machine the numbers say little. It prints, beside what
//! we aim for; it does not judge. A word behind `--` keeps the criterion groups to those with that word in the name.

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a measurement speaks to a person")]

use std::collections::HashMap;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::Criterion;
use leerkring::app::Clock;
use leerkring::domain::actor::Actor;
use leerkring::domain::catalogue::Catalogue;
use leerkring::search::Search;
use leerkring::search::follower::Follower;
use leerkring::search::request::Request;
use leerkring::store::change_log::{self, Subject};
use leerkring::store::record::{self, Change, Stored};
use leerkring::store::{self, Store};

use library::queries::{self, Kind, Query};
use library::{Library, Times};

mod library;

/// How often every question is asked, after once to warm up.
const ROUNDS: usize = 5;
/// How many changes are waited for.
const CHANGES: usize = 9;
/// How long at most for one.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many letters of a question are typed.
const LETTERS: usize = 12;
const CLIENTS: usize = 32;
/// How long the clients ask.
const LOAD: Duration = Duration::from_secs(15);

fn main() {
    let library = Library::open();
    let runtime = tokio::runtime::Runtime::new().expect("threads for the store");
    let store = runtime.block_on(library.store());
    let queries = runtime.block_on(queries::of(&library, &store));
    println!("\n{} documenten, {} vragen", library.documents, queries.len());
    tell_head();

    let search = Search::open(&library.index()).expect("the index opens");
    let mut follower = Follower::open(&store, &search).expect("nobody else writes the index");
    let begin = Instant::now();
    let count = runtime.block_on(follower.rebuild()).expect("the index is built");
    let per_second = |it: Duration| format!("{:.0} documenten/s", count as f64 / it.as_secs_f64());
    tell("index bouwen uit de database, tot hij antwoordt", per_second(begin.elapsed()), "≥ 5.000/s");
    runtime.block_on(follower.unite()).expect("the index is united");
    tell("  en tot hij op zijn snelst is", per_second(begin.elapsed()), "");
    // The server will write it.
    drop(follower);
    // What earlier versions of the program left is no part of what is measured.
    search.remove_old(0).expect("old indexes can be removed");

    single_searches(&search, &queries);
    suggestions(&search, &queries, &runtime.block_on(store.catalogue()).expect("the lists can be read"));
    let index = size(&library.index()) as f64;
    let mut text = 0;
    runtime.block_on(library::read(&store, async |batch| {
        text += batch.iter().map(library::Document::length).sum::<usize>();
    }));
    let megabytes = |it: f64| it / 1e6;
    tell(
        "index op schijf, en de tekst zelf",
        format!("{:.0} MB van {:.0} MB = {:.2}×", megabytes(index), megabytes(text as f64), index / text as f64),
        "≤ 1,2×",
    );
    under_load(&library, &queries);

    let follower = Follower::open(&store, &search).expect("the server is gone");
    let changes = runtime.block_on(changes(&store, &search, follower));
    let note = format!("≤ 1.000 ms; {} wijzigingen", changes.count());
    tell("een wijziging vindbaar na vastleggen, p50", format!("{:.0} ms", changes.at(0.5)), &note);
    tell("een wijziging vindbaar na vastleggen, langste", format!("{:.0} ms", changes.at(1.0)), "≤ 1.000 ms");
    runtime.block_on(store.close()).expect("the store closes");

    println!("\nPer soort vraag, gemiddeld over vele malen (criterion):");
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    by_kind(&mut criterion, &library.name(), &search, &queries);
    criterion.final_summary();
}

/// One client, one search after the other, in this process.
fn single_searches(search: &Search, queries: &[Query]) {
    let requests: Vec<(Kind, Request)> =
        queries.iter().map(|it| (it.kind, library::request(&it.text, &it.filters))).collect();
    let mut times: HashMap<Kind, Times> = HashMap::new();
    let mut totals: HashMap<Kind, u64> = HashMap::new();
    for round in 0..=ROUNDS {
        for (kind, request) in &requests {
            let begin = Instant::now();
            let found = black_box(search.find(request, &Actor::Anonymous).expect("a search succeeds"));
            // The first round warms up.
            match round {
                0 => *totals.entry(*kind).or_default() += found.total,
                _ => times.entry(*kind).or_default().add(begin.elapsed()),
            }
        }
    }
    let mut all = Times::default();
    times.values().for_each(|it| all.extend(it));
    tell("zoeken in het programma, p50", format!("{:.2} ms", all.at(0.5)), "≤ 5 ms");
    tell("zoeken in het programma, p99", format!("{:.2} ms", all.at(0.99)), "≤ 20 ms");
    tell("zoeken in het programma, langste", format!("{:.2} ms", all.at(1.0)), "");
    for kind in Kind::ALL {
        let (Some(of), Some(total)) = (times.get(&kind), totals.get(&kind)) else { continue };
        let asked = of.count() / ROUNDS;
        tell(
            &format!("  {}: p50 en p99", kind.label()),
            format!("{:.2} en {:.2} ms", of.at(0.5), of.at(0.99)),
            &format!("{asked} vragen, gemiddeld {} gevonden", total / asked.max(1) as u64),
        );
    }
}

/// Help at every letter that is typed of the first words of each question.
fn suggestions(search: &Search, queries: &[Query], catalogue: &Arc<Catalogue>) {
    let mut times = Times::default();
    for round in 0..=1 {
        for query in queries {
            let text = query.text.trim_matches('"');
            for end in text.char_indices().map(|it| it.0).skip(2).take(LETTERS) {
                let begin = Instant::now();
                black_box(search.suggest(&text[..end], catalogue, &Actor::Anonymous).expect("help succeeds"));
                if round == 1 {
                    times.add(begin.elapsed());
                }
            }
        }
    }
    let measured = format!("{:.2} en {:.2} ms", times.at(0.5), times.at(0.99));
    tell("hulp bij het typen, p50 en p99", measured, &format!("{} beginnen van vragen", times.count()));
}

/// Under the name of the library, so that criterion compares runs on the same one.
fn by_kind(criterion: &mut Criterion, library: &str, search: &Search, queries: &[Query]) {
    let mut group = criterion.benchmark_group(format!("find {library}"));
    for kind in Kind::ALL {
        let of = queries.iter().filter(|it| it.kind == kind);
        let requests: Vec<Request> = of.map(|it| library::request(&it.text, &it.filters)).collect();
        let mut next = requests.iter().cycle();
        group.bench_function(kind.label(), |bencher| {
            bencher.iter(|| next.next().map(|it| search.find(it, &Actor::Anonymous).expect("a search succeeds")));
        });
    }
    group.finish();
}

/// How long after its commit a change is found, with the follower at work as it is in the site.
async fn changes(store: &Store, search: &Search, follower: Follower) -> Times {
    let following = tokio::spawn(follower.run());
    let before = record::batch_after(store, None, CHANGES as u64).await.expect("documents can be read");
    let mut res = Times::default();
    for mut stored in before {
        // New in every run, and with digits: never taken for a typing error of something else.
        let word = format!("meetwoord{}zq", change_log::head(store).await.expect("the log can be read"));
        let mut changed = stored.clone();
        changed.record.body.push_str(&format!("\n{word}\n"));
        write(store, &changed).await;
        let begin = Instant::now();
        let request = Request::new(&word).literally(true);
        let is_found = || 0 < search.find(&request, &Actor::Anonymous).expect("a search succeeds").total;
        while !is_found() && begin.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        res.add(begin.elapsed());
        stored.version += 1;
        write(store, &stored).await;
        if PATIENCE <= begin.elapsed() {
            break;
        }
    }
    following.abort();
    let _ = following.await;
    // The last of it, before anything else is measured.
    while Follower::open(store, search).is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    res
}

/// Writes a document as the workflow would, without looking at all others first.
async fn write(store: &Store, changed: &Stored) {
    let now = Clock::System.now();
    let write = store.write().await.expect("a write begins");
    let ids = store::catalogue::get_in(&write).await.expect("the lists can be read").1;
    let change = [Change::update(changed, &changed.record)];
    record::save(&write, &ids, &change, &Actor::System, now, &|_| ()).await.expect("a document is written");
    let subjects = [Subject::Record(changed.id.clone())].into();
    change_log::append(&write, &subjects, now).await.expect("the log is written");
    write.commit().await.expect("a write is committed");
}

/// The real server, asked by many clients at once. They share the processors of this machine with it.
fn under_load(library: &Library, queries: &[Query]) {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port");
    let mut server = Server::start(library, address);
    for (what, path) in [("de API", "/api/v1/documenten"), ("de zoekpagina", "/zoeken")] {
        let paths: Vec<String> = queries.iter().map(|it| target(path, it)).collect();
        // Once through by one client to warm up.
        paths.iter().for_each(|it| _ = Client::new(address).get(it));
        let begin = Instant::now();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let paths = paths.clone();
                std::thread::spawn(move || {
                    let mut client = Client::new(address);
                    let mut times = Times::default();
                    // Each begins somewhere else.
                    let mut paths = paths.iter().cycle().skip(number * 31);
                    while begin.elapsed() < LOAD {
                        let Some(path) = paths.next() else { break };
                        let asked = Instant::now();
                        assert!(client.get(path), "{path}");
                        times.add(asked.elapsed());
                    }
                    times
                })
            })
            .collect();
        let mut times = Times::default();
        for client in clients {
            times.extend(&client.join().expect("a client goes on to the end"));
        }
        let per_second = times.count() as f64 / begin.elapsed().as_secs_f64();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        tell(
            &format!("{CLIENTS} klanten op {what}"),
            format!("{per_second:.0} zoekvragen/s, p50 {:.0} en p99 {:.0} ms", times.at(0.5), times.at(0.99)),
            &format!("≥ 400/s; klanten en server delen {processors} processors"),
        );
    }
    let note = format!("≤ 400 MB; waarvan {:.0} MB niet de bestanden van de index", server.memory("RssAnon:"));
    tell("geheugen van de server onder belasting", format!("{:.0} MB", server.memory("VmRSS:")), &note);
    server.stop();
}

fn target(path: &str, query: &Query) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("q", &query.text);
    for (facet, value) in &query.filters {
        pairs.append_pair(facet.word(), value);
    }
    format!("{path}?{}", pairs.finish())
}

struct Server(Child);

impl Server {
    /// Starts the program and waits until it can answer.
    fn start(library: &Library, address: SocketAddr) -> Server {
        let mut program = library.program();
        program.args(["serve", "--listen", &address.to_string()]).stdout(Stdio::null());
        let server = Server(program.spawn().expect("the program starts"));
        let begin = Instant::now();
        while TcpStream::connect(address).is_err() || !Client::new(address).get("/readyz") {
            assert!(begin.elapsed() < Duration::from_secs(600), "not ready after ten minutes");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// A line of its status, in MB (10^6 bytes).
    fn memory(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap_or_default();
        let value = status.lines().find_map(|it| it.strip_prefix(name)?.split_whitespace().next()?.parse::<f64>().ok());
        value.unwrap_or(f64::NAN) * 1024.0 / 1e6
    }

    fn stop(&mut self) {
        let _ = std::process::Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A client that keeps its connection.
struct Client {
    address: SocketAddr,
    stream: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Client {
    fn new(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a plain connection");
        Client { address, stream: BufReader::new(stream), body: vec![] }
    }

    /// Asks for a path and reads the answer to its end; says whether it was a good one.
    fn get(&mut self, path: &str) -> bool {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: identity\r\n\r\n", self.address);
        self.stream.get_mut().write_all(request.as_bytes()).expect("the server reads");
        let is_good = self.line().starts_with("HTTP/1.1 200");
        let (mut length, mut is_chunked) = (0, false);
        loop {
            let line = self.line().to_ascii_lowercase();
            match line.split_once(':').map(|(name, value)| (name, value.trim())) {
                Some(("content-length", value)) => length = value.parse().unwrap_or(0),
                Some(("transfer-encoding", "chunked")) => is_chunked = true,
                Some(_) => (),
                None => break,
            }
        }
        loop {
            if is_chunked {
                length = usize::from_str_radix(&self.line(), 16).expect("the length of a piece");
            }
            self.body.resize(length, 0);
            self.stream.read_exact(&mut self.body).expect("the server answers");
            if is_chunked {
                self.line();
            }
            if !is_chunked || length == 0 {
                return is_good;
            }
        }
    }

    fn line(&mut self) -> String {
        let mut res = String::new();
        self.stream.read_line(&mut res).expect("the server answers");
        res.truncate(res.trim_end().len());
        res
    }
}

/// What a folder takes on disk, in bytes.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let of = |it: std::fs::DirEntry| match it.metadata() {
        Ok(data) if data.is_dir() => size(&it.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    };
    entries.flatten().map(of).sum()
}

fn tell_head() {
    tell("wat", "gemeten".to_owned(), "doel, of wat erbij hoort");
    println!("{}", "-".repeat(110));
}

fn tell(what: &str, measured: String, aim: &str) {
    println!("{what:<48} {measured:<40} {aim}");
}
