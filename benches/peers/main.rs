//! The same work by three engines: our own search, SQLite FTS5 and PostgreSQL 15, on the same invented library. FTS5
//! twice: with its counts in SQL, and with counts by a few lines of Rust around it, which is no search engine any more
//! but the quickest we could make of it.
//!
//! Run with `cargo bench --bench peers`; for a first try `LEERKRING_BENCH_DOCUMENTS=5000 cargo bench --bench peers`.
//! PostgreSQL 15 must be installed (Debian: `postgresql-15`); it runs as a cluster of its own in `target/bench/peers`,
//! as the user `postgres` when we are root. The first run fills both databases. It prints; it does not judge.
//!
//! The work of one search: the first ten documents by relevance, how many there are, the counts of nine facets, each
//! without its own filter, and for each of the ten the title and a fragment with the words marked. All three are
//! asked by one client and take turns; in its turn each is asked all questions twice in a row, and the second time
//! counts: then all are warm, and none has to clear away first what another left in the caches.
//!
//! Where the work is not the same: our own also looks for the parts of compounds, mends typing errors and asks less of
//! a document when little is found; the others want every word as typed. So it is also measured without the first two,
//! as "letterlijk". Stems are ours, Snowball's (PostgreSQL) and none (FTS5). So totals
//! differ, except for words that everybody reads alike: those are compared at the end.

#![expect(clippy::print_stdout, clippy::expect_used, clippy::panic, reason = "a measurement speaks to a person")]

use std::collections::HashMap;
use std::time::Instant;

use leerkring::domain::actor::Actor;
use leerkring::search::Search;
use leerkring::search::follower::Follower;
use leerkring::search::request::{COUNTED_MAX, Facet};
use leerkring::store::Store;

use codes::Codes;
use library::queries::{self, Kind, Query};
use library::{Library, Times};
use postgres::Postgres;
use sqlite::{Counting, Sqlite};

mod codes;
#[path = "../library/mod.rs"]
mod library;
mod postgres;
mod sqlite;

/// How many turns each engine has.
const ROUNDS: usize = 3;
const HITS: usize = 10;
/// The second is our own search that only looks for the words as typed, as the others do.
const ENGINES: [&str; 5] = ["Leerkring", "letterlijk", "FTS5, in SQL", "FTS5, zelf geteld", "PostgreSQL 15"];

/// What every engine answers.
#[derive(Debug, Default)]
struct Answer {
    total: u64,
    /// Title and fragment, with the words marked.
    hits: Vec<(String, String)>,
    /// Per facet the values with the largest counts.
    facets: Vec<(Facet, Vec<(String, u64)>)>,
}

/// A question as the databases take it.
struct Asked<'a> {
    text: &'a str,
    /// The values asked for, as their codes: at most two, of different facets.
    filters: Vec<i32>,
}

fn main() {
    let library = Library::open();
    let runtime = tokio::runtime::Runtime::new().expect("threads for the store");
    runtime.block_on(measure(&library));
}

async fn measure(library: &Library) {
    let store = library.store().await;
    let queries = queries::of(library, &store).await;
    let folder = library::root().join("peers").join(library.name());
    if !library::is_whole(&folder) {
        println!("SQLite en PostgreSQL vullen in {} …", folder.display());
        library::anew(&folder);
        fill(&folder, &store).await;
        library::set_whole(&folder);
    }
    let ours = our_own(library, &store).await;
    let codes = Codes::load(&folder);
    let mut sqlite = Sqlite::open(&folder).await;
    let mut postgres = Postgres::open(&folder).await;
    let mut engines = Engines { ours: &ours, codes: &codes, sqlite: &mut sqlite, postgres: &mut postgres };

    let mut times: HashMap<(Kind, usize), Times> = HashMap::new();
    let mut totals: HashMap<(Kind, usize), u64> = HashMap::new();
    for round in 0..ROUNDS {
        // Each in turn is the first. All questions in a row, as in use: between the questions of one engine no other
        // takes its place in the caches of the processor. What the one before left there is gone after the first time.
        for turn in 0..ENGINES.len() {
            let engine = (turn + round) % ENGINES.len();
            for is_measured in [false, true] {
                for query in &queries {
                    let begin = Instant::now();
                    let answer = engines.ask(engine, &query.text, &query.filters).await;
                    if is_measured {
                        times.entry((query.kind, engine)).or_default().add(begin.elapsed());
                    } else if round == 0 {
                        *totals.entry((query.kind, engine)).or_default() += answer.total;
                    }
                }
            }
        }
    }
    println!("\n{} documenten, {} vragen, {ROUNDS} keer, om beurten", library.documents, queries.len());
    tell(&queries, &times, &totals);
    compare(&mut engines, &queries).await;
    postgres.stop().await;
    sqlite.close().await;
    store.close().await.expect("the store closes");
}

/// Writes every document to both databases.
async fn fill(folder: &std::path::Path, store: &Store) {
    let mut codes = Codes::default();
    let mut sqlite = Sqlite::make(folder).await;
    let mut postgres = Postgres::make(folder).await;
    let mut number = 0;
    library::read(store, async |batch| {
        let rows: Vec<Row> = batch
            .into_iter()
            .map(|it| {
                number += 1;
                let facets = it.facets.iter().map(|(facet, value)| codes.of(*facet, value)).collect();
                let summary = [&[it.summary], &it.names[..]].concat().join(" · ");
                Row { number, title: it.title, summary, body: it.body, facets }
            })
            .collect();
        sqlite.add(&rows).await;
        postgres.add(&rows).await;
    })
    .await;
    sqlite.finish().await;
    postgres.finish().await;
    codes.save(folder);
}

/// A document as the databases hold it.
struct Row {
    number: i32,
    title: String,
    /// With the names it is found by, as in our own index.
    summary: String,
    body: String,
    facets: Vec<i32>,
}

async fn our_own(library: &Library, store: &Store) -> Search {
    let res = Search::open(&library.index()).expect("the index opens");
    let mut follower = Follower::open(store, &res).expect("nobody else writes the index");
    follower.catch_up().await.expect("the index follows");
    follower.unite().await.expect("the index is united");
    res
}

struct Engines<'a> {
    ours: &'a Search,
    codes: &'a Codes,
    sqlite: &'a mut Sqlite,
    postgres: &'a mut Postgres,
}

impl Engines<'_> {
    async fn ask(&mut self, engine: usize, text: &str, filters: &[(Facet, String)]) -> Answer {
        if engine < 2 {
            return self.ask_ours(text, filters, engine == 1);
        }
        let filters = filters.iter().filter_map(|(facet, value)| self.codes.get(*facet, value)).collect();
        let asked = Asked { text, filters };
        match engine {
            2 => self.sqlite.ask(&asked, self.codes, Counting::InSql).await,
            3 => self.sqlite.ask(&asked, self.codes, Counting::ByOurselves).await,
            _ => self.postgres.ask(&asked, self.codes).await,
        }
    }

    fn ask_ours(&self, text: &str, filters: &[(Facet, String)], is_literal: bool) -> Answer {
        let request = library::request(text, filters).literally(is_literal);
        let found = self.ours.find(&request, &Actor::Anonymous).expect("a search succeeds");
        let counts =
            |it: Vec<leerkring::search::facets::Count>| it.into_iter().map(|it| (it.value, it.count)).collect();
        Answer {
            total: found.total,
            hits: found.hits.into_iter().map(|it| (it.title_html, it.fragment_html)).collect(),
            facets: found.facets.into_iter().map(|(facet, it)| (facet, counts(it))).collect(),
        }
    }
}

fn tell(queries: &[Query], times: &HashMap<(Kind, usize), Times>, totals: &HashMap<(Kind, usize), u64>) {
    let row = |label: &str, cells: [Vec<String>; 3]| {
        let [times, ratios, found] = cells.map(|it| it.iter().map(|it| format!("{it:>18}")).collect::<String>());
        println!("{label:<26}{times} |{ratios} |{found}");
    };
    let names = |from: usize| ENGINES[from..].iter().map(|it| (*it).to_owned()).collect();
    println!("{:<26}{:>90} |{:>72} |{:>90}", "", "p50 / p99 in ms", "keer onze p50", "gemiddeld gevonden");
    row("soort vraag, aantal", [names(0), names(1), names(0)]);
    let line = |label: &str, kinds: &[Kind]| {
        let count = queries.iter().filter(|it| kinds.contains(&it.kind)).count();
        let of: Vec<Times> = (0..ENGINES.len())
            .map(|engine| {
                let mut res = Times::default();
                kinds.iter().filter_map(|it| times.get(&(*it, engine))).for_each(|it| res.extend(it));
                res
            })
            .collect();
        let found =
            |engine| kinds.iter().filter_map(|it| totals.get(&(*it, engine))).sum::<u64>() / count.max(1) as u64;
        row(
            &format!("{label}, {count}"),
            [
                of.iter().map(|it| format!("{:.2} / {:.1}", it.at(0.5), it.at(0.99))).collect(),
                of[1..].iter().map(|it| format!("{:.2}", it.at(0.5) / of[0].at(0.5))).collect(),
                (0..ENGINES.len()).map(|it| found(it).to_string()).collect(),
            ],
        );
    };
    Kind::ALL.iter().for_each(|it| line(it.label(), &[*it]));
    line("alle", &Kind::ALL);
}

/// Whether all three count alike where nothing can be read in two ways: years, which have no stem, no parts and no
/// diacritics, with and without filters.
async fn compare(engines: &mut Engines<'_>, queries: &[Query]) {
    println!("\nDezelfde uitkomst? Jaartallen als woord, want die leest iedereen gelijk:");
    let filtered: Vec<&Query> = queries.iter().filter(|it| !it.filters.is_empty()).collect();
    for (at, year) in (2012..2027).enumerate() {
        let filters = if at % 3 == 0 { vec![] } else { filtered[at].filters.clone() };
        let text = year.to_string();
        let mut answers = Vec::new();
        for engine in 0..ENGINES.len() {
            answers.push(engines.ask(engine, &text, &filters).await);
        }
        let totals: Vec<String> = answers.iter().map(|it| it.total.to_string()).collect();
        let verdicts: Vec<String> = answers[2..].iter().map(|it| difference(&answers[1], it)).collect();
        println!(
            "  {year} met {} filters: {} documenten; tellingen en die van \"letterlijk\": {}",
            filters.len(),
            totals.join(" / "),
            verdicts.join(" / ")
        );
    }
}

/// In how many of the nine facets the counts differ.
fn difference(ours: &Answer, other: &Answer) -> String {
    let differing: Vec<&str> = ours
        .facets
        .iter()
        .zip(&other.facets)
        .filter(|(ours, other)| {
            // What was chosen our own tells even when nothing has it, or when it is beyond the most that are told.
            let counted = ours.1.iter().filter(|it| 0 < it.1).take(COUNTED_MAX);
            ours.0 != other.0 || counted.ne(other.1.iter().take(COUNTED_MAX))
        })
        .map(|it| it.0.0.word())
        .collect();
    match (ours.hits.len() == other.hits.len(), &differing[..]) {
        (false, _) => "ander aantal op de bladzijde".to_owned(),
        (true, []) => "gelijk".to_owned(),
        (true, of) => format!("anders in {}", of.join(", ")),
    }
}
