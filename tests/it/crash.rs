//! Killed without warning at any moment, the program finds everything whole at its next start: an import is in or
//! not, and the index equals one that is made anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

use leerkring::domain::actor::Actor;
use leerkring::domain::vocabulary::RecordKind;
use leerkring::search::Search;
use leerkring::search::follower::Follower;
use leerkring::search::request::{Facet, Request, Sort};
use leerkring::store::{Address, Store, record};

use crate::program::Program;

/// Moments that look random and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    /// A part of a duration.
    pub fn part(&mut self, of: Duration) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        of.mul_f64((self.0 >> 33) as f64 / (1_u64 << 31) as f64)
    }
}

/// How long a command takes here when nobody disturbs it: the moments to kill it are spread over that.
fn length(program: &Program, arguments: &[&str]) -> Duration {
    let start = Instant::now();
    let ended = program.run(arguments);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    start.elapsed()
}

/// Runs a command and kills it after a while; it may have ended before.
fn kill_after(program: &Program, arguments: &[&str], wait: Duration) {
    let mut child = program.command(arguments).stdout(std::process::Stdio::null()).spawn().unwrap();
    thread::sleep(wait);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Starts the site and lets it stop, then looks at everything.
pub async fn assert_whole(program: &Program) {
    assert_eq!(program.serve(&[]).stop().0, Some(0));
    let check = program.run(&["check"]);
    assert_eq!(check.code, Some(0), "{check:?}");
    let leftover = |name: &str| name.ends_with(".building");
    let names = fs::read_dir(program.path("data/index")).unwrap().map(|it| it.unwrap().file_name());
    let left: Vec<_> = names.filter(|it| leftover(&it.to_string_lossy())).collect();
    assert!(left.is_empty(), "{left:?}");

    let store = store(program).await;
    let followed = answers(&Search::open(&program.path("data/index")).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let fresh = Search::open(folder.path()).unwrap();
    // A process that another test is just starting may hold a copy of the lock for a moment.
    let opened = (0..100).find_map(|_| {
        let opened = Follower::open(&store, &fresh);
        opened.inspect_err(|_| thread::sleep(Duration::from_millis(20))).ok()
    });
    opened.unwrap().rebuild().await.unwrap();
    assert_eq!(followed, answers(&fresh));
    store.close().await.unwrap();
}

pub async fn store(program: &Program) -> Store {
    let address = format!("sqlite:{}", program.path("data/leerkring.db").display());
    Store::open(&Address::from_str(&address).unwrap()).await.unwrap()
}

/// What an index answers to some questions: documents, and counts per facet.
fn answers(search: &Search) -> Vec<(BTreeSet<String>, String)> {
    let questions = ["", "dementie", "verzuim", "familie mantelzorg", "\"zorg\"", "ronde"];
    let mut requests: Vec<Request> = questions.iter().map(|it| Request::new(it)).collect();
    requests.push(Request::new("").filter(Facet::Kind, RecordKind::Factsheet.word()));
    let answer = |request: Request| {
        let mut ids = BTreeSet::new();
        let mut counts = String::new();
        for page in 1..=3 {
            let found = search.find(&request.clone().sorted(Sort::Title).paged(page, 100), &Actor::System).unwrap();
            ids.extend(found.hits.iter().map(|it| format!("{} {}", it.id, it.title_html)));
            counts = format!("{} {:?} {:?}", found.total, found.facets, found.cursor);
        }
        (ids, counts)
    };
    requests.into_iter().map(answer).collect()
}

#[tokio::test]
async fn an_import_that_is_killed_is_in_or_not() {
    let program = Program::with_content();
    let whole = length(&program, &["import"]);
    let all = record::count(&store(&program).await).await.unwrap();
    let mut dice = Dice(1);
    for _ in 0..8 {
        fs::remove_dir_all(program.path("data")).unwrap();
        kill_after(&program, &["import"], dice.part(whole));
        if program.path("data/leerkring.db").exists() {
            let store = store(&program).await;
            let count = record::count(&store).await.unwrap();
            assert!(count == 0 || count == all, "{count} of {all}");
            assert_eq!(store.check().await.unwrap(), [] as [String; 0]);
            store.close().await.unwrap();
        }
        // The site takes the content in when it is not there.
        assert_whole(&program).await;
        let store = store(&program).await;
        assert_eq!(record::count(&store).await.unwrap(), all);
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn an_index_that_is_killed_is_made_again() {
    let program = Program::with_content();
    length(&program, &["import"]);
    let whole = length(&program, &["reindex"]);
    let mut dice = Dice(2);
    for round in 0..6 {
        if round % 2 == 0 {
            fs::remove_dir_all(program.path("data/index")).unwrap();
        }
        kill_after(&program, &["reindex"], dice.part(whole));
        assert_whole(&program).await;
    }
}

/// The number of the round in the titles of the changed documents.
const CHANGED: [&str; 3] = [
    "content/verbeterplannen/activite-mentaal-welbevinden.md",
    "content/publicaties/ken-je-client.md",
    "content/transitieprojecten/forto-formatietool.md",
];

fn change(file: &Path, round: usize) {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().map(|line| match line.starts_with("titel = ") {
        true => format!("titel = \"Ronde {round}\""),
        false => line.to_owned(),
    });
    // Only the first title is that of the document.
    let first = lines.clone().position(|it| it.starts_with("titel = ")).unwrap();
    let changed = lines.zip(text.lines()).enumerate().map(|(at, (new, old))| match at == first {
        true => new,
        false => old.to_owned(),
    });
    fs::write(file, changed.collect::<Vec<_>>().join("\n") + "\n").unwrap();
}

async fn rounds(program: &Program) -> BTreeSet<String> {
    let store = store(program).await;
    let slugs: Vec<&str> = CHANGED.iter().map(|it| Path::new(it).file_stem().unwrap().to_str().unwrap()).collect();
    let all = record::all(&store).await.unwrap();
    store.close().await.unwrap();
    let changed = all.into_iter().filter(|it| slugs.contains(&it.record.slug.as_str()));
    changed.map(|it| it.record.common.title).collect()
}

#[tokio::test]
async fn a_site_and_an_import_that_are_killed_agree_afterwards() {
    let program = Program::with_content();
    let whole = length(&program, &["import"]);
    for file in CHANGED {
        change(&program.path(file), 0);
    }
    length(&program, &["import"]);
    let mut dice = Dice(3);
    let mut before = "Ronde 0".to_owned();
    for round in 1..=6 {
        let site = program.serve(&[]);
        assert_eq!(site.get("/readyz").status, 200);
        for file in CHANGED {
            change(&program.path(file), round);
        }
        match round % 2 {
            0 => {
                kill_after(&program, &["import"], dice.part(whole));
                assert_eq!(site.get("/zoeken?q=ronde").status, 200);
                site.kill();
            }
            _ => {
                // The site dies while it follows, or just before.
                assert_eq!(program.run(&["import"]).code, Some(0));
                thread::sleep(dice.part(Duration::from_millis(2_500)));
                site.kill();
            }
        }
        let after = rounds(&program).await;
        assert_eq!(after.len(), 1, "half an import: {after:?}");
        let after = after.into_iter().next().unwrap();
        assert!(after == before || after == format!("Ronde {round}"), "{before} -> {after}");
        before = after;
        assert_whole(&program).await;
    }
}
