//! Comparing in a large country, measured on the real program: 2,500 invented organisations with 40 quarters on 40
//! indicators, some four million figures.
//!
//! Run with `cargo bench --bench compare`; filling takes some minutes and 2 GB of disk. `COMPARE_DATA=FOLDER` keeps what
//! was filled there and begins from it the next time. It prints; it does not judge.
//! Aims: the page of an indicator within 20 ms (median) and 80 ms (99 %), the own overview of 40 indicators within
//! 60 ms, a file of 10,000 figures checked and stored within 3 s, and a delivery of one does not slow the others.

#![expect(clippy::print_stdout, clippy::expect_used, clippy::panic, reason = "a measurement speaks to a person")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use leerkring::app::Clock;
use leerkring::domain::account::{AccountRole, Scope};
use leerkring::domain::actor::Actor;
use leerkring::domain::catalogue::{Catalogue, Item};
use leerkring::domain::indicator::{Indicator, IndicatorKind};
use leerkring::domain::measurement::Measurement;
use leerkring::domain::period::Span;
use leerkring::exchange::demo::{self, Demo};
use leerkring::store::{Address, Store};
use leerkring::workflow::{history_load, library};

mod program;

use program::{ask, free_address, member, session, start, stop, tell};

const ORGANISATIONS: usize = 2_500;
const QUARTERS: usize = 40;
const INDICATORS: usize = 40;
/// How often each page is asked for.
const ROUNDS: usize = 5;
/// Figures in one file.
const ROWS: usize = 10_000;
/// Organisations per transaction while filling.
const BATCH: usize = 100;

#[tokio::main]
async fn main() {
    let kept = std::env::var_os("COMPARE_DATA").map(PathBuf::from);
    let own = || std::env::temp_dir().join(format!("leerkring-compare-{}", std::process::id()));
    let folder = kept.clone().unwrap_or_else(own);
    let address = free_address();
    let is_filled = folder.exists();
    // The first start takes the content in.
    stop(&mut start(&folder, address));
    let store = Store::open(&Address::Sqlite(folder.join("leerkring.db"))).await.expect("the database opens");
    let all = store.catalogue().await.expect("the lists can be read");
    let some = chosen(&all);
    if !is_filled {
        fill(&store, &some).await;
    }
    let now = Clock::System.now();
    let mine = Scope::Organisation(demo::organisation(7));
    let (account, _) = member(&store, AccountRole::ProjectLead, mine, now).await;
    let head = session(&store, &account, now).await;
    let other = Scope::Organisation(demo::organisation(1_008));
    let (_, author) = member(&store, AccountRole::ProjectLead, other.clone(), now).await;
    let (_, second) = member(&store, AccountRole::ProjectLead, other, now).await;
    store.close().await.expect("the database closes");

    let mut server = start(&folder, address);
    let pages: Vec<String> = some.indicators.iter().map(|it| format!("/vergelijken/{}", it.slug)).collect();
    let national: Vec<String> = pages.iter().map(|it| format!("{it}?groep=landelijk")).collect();
    tell("overzicht, eerste keer", vec![time(address, "/vergelijken", &head)]);
    tell("overzicht", (0..20).map(|_| time(address, "/vergelijken", &head)).collect());
    for (what, paths) in [("indicator, eigen netwerk", &pages), ("indicator, landelijk", &national)] {
        tell(&format!("{what}, eerste keer"), paths.iter().map(|it| time(address, it, &head)).collect());
        let rounds = (0..ROUNDS).flat_map(|_| paths);
        tell(what, rounds.map(|it| time(address, it, &head)).collect());
    }
    tell("overzicht, landelijk", (0..20).map(|_| time(address, "/vergelijken?groep=landelijk", &head)).collect());

    println!("{ROWS} cijfers in een bestand:");
    deliver(address, &author, &second, &file(&some, now.timestamp()));
    tell("overzicht, eerste keer na een aanlevering van een ander", vec![time(address, "/vergelijken", &head)]);
    let again = national.iter().map(|it| time(address, it, &head)).collect();
    tell("indicator, landelijk, eerste keer na een aanlevering van een ander", again);
    stop(&mut server);
    if kept.is_none() {
        let _ = std::fs::remove_dir_all(&folder);
    }
    let _ = std::fs::remove_file(folder.with_extension("log"));
}

/// Indicators of a quarter first, none of which is a composition.
fn chosen(all: &Catalogue) -> Catalogue {
    let mut some: Vec<&Indicator> = all.indicators.iter().filter(|it| it.kind != IndicatorKind::Composition).collect();
    some.sort_by_key(|it| it.span != Span::Quarter);
    let mut res = Catalogue::default();
    for it in some.into_iter().take(INDICATORS) {
        // All by the quarter: forty periods each.
        res.push(Item::Indicator(Indicator { span: Span::Quarter, ..it.clone() }));
    }
    res
}

async fn fill(store: &Store, some: &Catalogue) {
    let begin = Instant::now();
    let now = Clock::System.now();
    let demo = Demo::sized(some, now.date_naive(), ORGANISATIONS, QUARTERS);
    let mut lists = demo.library.clone();
    for it in some.indicators.iter() {
        lists.catalogue.push(Item::Indicator(it.clone()));
    }
    library::take_in(store, &Actor::System, &lists, now, false, &|_, _| ()).await.expect("the lists are taken in");
    let mut deliveries = demo.deliveries(some.indicators.iter());
    let mut count = 0;
    loop {
        let batch: Vec<(String, Vec<Measurement>)> = deliveries.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let taken = history_load::take_in(store, &Actor::System, Some(demo::NETWORK), &batch, now, &|_, _| ());
        count += taken.await.expect("the figures are taken in");
    }
    println!("{count} cijfers van {ORGANISATIONS} organisaties in {:.0} s", begin.elapsed().as_secs_f64());
}

/// Figures of locations in quarters that are long past, so that nothing of them was there.
fn file(some: &Catalogue, moment: i64) -> String {
    let mut res = "indicator;periode;locatie;teller;noemer\n".to_owned();
    let plain = |it: &&Indicator| it.kind == IndicatorKind::Ratio && it.definitions.iter().all(|it| it.from.is_none());
    let ratios: Vec<&Indicator> = some.indicators.iter().filter(plain).collect();
    for n in 0..ROWS {
        let it = ratios[n % ratios.len()];
        let rest = n / ratios.len();
        let middle = it.plausible_from.unwrap_or(0.0).midpoint(it.plausible_until.unwrap_or(10.0));
        let numerator = (middle / it.factor.unwrap_or(1.0) * 100_000.0).round();
        res.push_str(&format!("{};2014-K{};Huis {moment}-{};{numerator};100000\n", it.slug, rest % 4 + 1, rest / 4));
    }
    res
}

fn deliver(address: SocketAddr, author: &str, second: &str, csv: &str) {
    const EDGE: &str = "grens";
    let part = |name: &str, more: &str, value: &str| {
        format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
    };
    let body = part("organisatie", "", &demo::organisation(1_008))
        + &part("bestand", "; filename=\"a.csv\"\r\nContent-Type: text/csv", csv)
        + &format!("--{EDGE}--\r\n");
    let send = |what: &str, path: &str, token: &str, kind: &str, body: &str| {
        let head = format!("Authorization: Bearer {token}\r\nContent-Type: {kind}\r\n");
        let begin = Instant::now();
        let (status, said) = ask(address, "POST", path, &head, body);
        assert!((200..300).contains(&status), "{status}: {}", said.chars().take(600).collect::<String>());
        println!("  {what}: {:.2} s", begin.elapsed().as_secs_f64());
        said
    };
    let kind = format!("multipart/form-data; boundary={EDGE}");
    let said = send("gecontroleerd en bewaard", "/api/v1/aanleveringen/bestand", author, &kind, &body);
    let id = said.split_once("\"id\":\"").map_or("", |it| it.1).split('"').next().unwrap_or_default().to_owned();
    let one = format!("/api/v1/aanleveringen/{id}");
    send("akkoord", &format!("{one}/akkoord"), second, "application/json", "{}");
    send("vrijgegeven", &format!("{one}/vrijgave"), author, "application/json", "{}");
}

fn time(address: SocketAddr, path: &str, head: &str) -> Duration {
    let begin = Instant::now();
    let (status, body) = ask(address, "GET", path, head, "");
    assert!(status == 200, "{path}: {status}: {body}");
    begin.elapsed()
}
