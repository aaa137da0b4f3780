//! A changed lexicon makes another index, while the site goes on answering from the old one.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::program::{Program, Serving};

const PATIENCE: Duration = Duration::from_secs(60);

/// How many documents answer a question; an answer other than 200 is a gap in service.
fn total(site: &Serving, q: &str) -> u64 {
    let answer = site.get(&format!("/api/v1/documenten?q={q}"));
    assert_eq!(answer.status, 200, "{answer:?}");
    let found: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    found["totaal"].as_u64().unwrap()
}

#[test]
fn a_changed_lexicon_rebuilds_the_index_without_a_gap() {
    let program = Program::with_content();
    let site = program.serve(&[]);
    let builds = || fs::read_to_string(program.path("serve.log")).unwrap().matches("zoekindex opgebouwd").count();
    let (built, known) = (builds(), total(&site, "zelfroosteren"));
    assert!(0 < known);
    assert_eq!(total(&site, "xylofonist"), 0, "nobody knows this word yet");

    let lexicon = program.path("content/lexicon/begrippen.toml");
    let concept = "\n[[begrip]]\nslug = \"verzonnen\"\nnaam = \"xylofonist\"\nsynoniemen = [\"zelfroosteren\"]\n";
    fs::write(&lexicon, fs::read_to_string(&lexicon).unwrap() + concept).unwrap();
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        // Someone goes on searching: the same answer all the while, on the page and through the API.
        let asking = scope.spawn(|| {
            let mut asked = 0;
            while !is_done.load(Ordering::Relaxed) {
                assert_eq!(total(&site, "zelfroosteren"), known, "after {asked} questions");
                assert_eq!(site.get("/zoeken?q=zelfroosteren").status, 200);
                assert_eq!(site.get("/readyz").status, 200);
                asked += 1;
            }
            asked
        });
        let import = program.run(&["import"]);
        let start = Instant::now();
        while import.code == Some(0) && total(&site, "xylofonist") == 0 && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(20));
        }
        is_done.store(true, Ordering::Relaxed);
        assert_eq!(import.code, Some(0), "{import:?}");
        assert!(10 < asking.join().unwrap());
    });
    let (new, old) =
        ["xylofonist", "zelfroosteren"].map(|q| site.get(&format!("/api/v1/documenten?q={q}")).body).into();
    let first = |body: &str| {
        let found: serde_json::Value = serde_json::from_str(body).unwrap();
        found["documenten"][0]["slug"].as_str().map(str::to_owned)
    };
    assert!(first(&new).is_some() && first(&new) == first(&old), "the new word finds what the old one does");
    assert_eq!(builds(), built + 1, "the index was not built anew once");
}
