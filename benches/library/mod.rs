//! What the measurements of the search share: the invented library, the questions, and how times are told.
//!
//! The library is made once, by the program itself, in `target/bench/{documents}-{seed}`, and used again by every
//! later run; remove the folder to have it made anew. `LEERKRING_BENCH_DOCUMENTS` says how many documents (100,000).
//!
//! Invariant: the same library gives the same questions.

#![allow(dead_code, reason = "each measurement uses its share")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::time::Duration;

use leerkring::domain::catalogue::Catalogue;
use leerkring::domain::record::Record;
use leerkring::search::document;
use leerkring::search::request::{Facet, Request};
use leerkring::store::record::{self, Stored};
use leerkring::store::{Address, Store};

pub mod queries;

const DOCUMENTS: usize = 100_000;
const SEED: u64 = 1;
/// Documents read at once.
const READ: u64 = 500;
/// The file that says that a folder is whole.
const WHOLE: &str = "whole";

/// The data folder of an invented library.
pub struct Library {
    pub documents: usize,
    pub folder: PathBuf,
}

impl Library {
    /// The library to measure on; made when it is not there.
    pub fn open() -> Library {
        let asked = std::env::var("LEERKRING_BENCH_DOCUMENTS").ok();
        let documents = asked.map_or(DOCUMENTS, |it| it.parse().expect("LEERKRING_BENCH_DOCUMENTS is a number"));
        let mut res = Library { documents, folder: PathBuf::new() };
        res.folder = root().join(res.name());
        if !is_whole(&res.folder) {
            println!("Een bibliotheek van {documents} documenten maken in {} …", res.folder.display());
            anew(&res.folder);
            res.run(&["generate", "--documents", &documents.to_string(), "--seed", &SEED.to_string()]);
            res.run(&["reindex"]);
            set_whole(&res.folder);
        }
        res
    }

    /// The name of its folder, for what is made from it.
    pub fn name(&self) -> String {
        format!("{}-{SEED}", self.documents)
    }

    pub fn index(&self) -> PathBuf {
        self.folder.join("index")
    }

    pub async fn store(&self) -> Store {
        let path = self.folder.join("leerkring.db");
        let address = Address::from_str(&format!("sqlite:{}", path.display())).expect("an address");
        Store::open(&address).await.expect("the store opens")
    }

    /// The program with its data here.
    pub fn program(&self) -> Command {
        let mut res = Command::new(env!("CARGO_BIN_EXE_leerkring"));
        // Settings of the person who measures must not change what is measured.
        std::env::vars().filter(|it| it.0.starts_with("LEERKRING_")).for_each(|it| _ = res.env_remove(it.0));
        res.current_dir(&self.folder).arg("--data").arg(&self.folder).args(["--log-level", "warn"]);
        res
    }

    fn run(&self, arguments: &[&str]) {
        let done = self.program().args(arguments).stdout(Stdio::null()).status().expect("the program runs");
        assert!(done.success(), "leerkring {arguments:?}: {done}");
    }
}

/// The folder of everything that is kept between measurements.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench")
}

pub fn is_whole(folder: &Path) -> bool {
    folder.join(WHOLE).exists()
}

pub fn set_whole(folder: &Path) {
    std::fs::write(folder.join(WHOLE), "").expect("the folder can be written");
}

/// An empty folder, whatever was there.
pub fn anew(folder: &Path) {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("the folder can be made");
}

/// A document as a search sees it, in plain text.
pub struct Document {
    pub slug: String,
    pub title: String,
    pub summary: String,
    /// Names it is found by that stand in none of the texts.
    pub names: Vec<String>,
    pub body: String,
    pub facets: Vec<(Facet, String)>,
}

impl Document {
    fn of(stored: &Stored, catalogue: &Catalogue) -> Document {
        let (record, common) = (&stored.record, &stored.record.common);
        Document {
            slug: record.slug.clone(),
            title: common.title.clone(),
            summary: common.summary.clone(),
            names: document::names(record, catalogue).into_iter().map(str::to_owned).collect(),
            body: document::text(record, catalogue),
            facets: facets(record, catalogue),
        }
    }

    /// How long its texts are, in bytes.
    pub fn length(&self) -> usize {
        self.title.len() + self.summary.len() + self.body.len()
    }
}

/// Every value a document counts for, once.
fn facets(record: &Record, catalogue: &Catalogue) -> Vec<(Facet, String)> {
    let common = &record.common;
    let mut res: Vec<(Facet, String)> = Vec::new();
    let mut add = |facet: Facet, value: &str| {
        if !res.iter().any(|it| it.0 == facet && it.1 == value) {
            res.push((facet, value.to_owned()));
        }
    };
    add(Facet::Kind, record.kind().word());
    common.themes.iter().flat_map(|it| catalogue.theme_line(it)).for_each(|it| add(Facet::Theme, it));
    common.organisations.iter().for_each(|it| add(Facet::Organisation, &it.organisation));
    common.region.iter().flat_map(|it| catalogue.region_line(it)).for_each(|it| add(Facet::Region, it));
    common.sectors.iter().for_each(|it| add(Facet::Sector, it.word()));
    common.programme.iter().for_each(|it| add(Facet::Programme, it));
    record.own.phase().iter().for_each(|it| add(Facet::Phase, it.word()));
    common.building_blocks.iter().for_each(|it| add(Facet::BuildingBlock, it));
    record.year().iter().for_each(|it| add(Facet::Year, &it.to_string()));
    res
}

/// All documents of a library, a batch at a time.
pub async fn read(store: &Store, mut each: impl AsyncFnMut(Vec<Document>)) {
    let catalogue = store.catalogue().await.expect("the lists can be read");
    let mut last = None;
    loop {
        let batch = record::batch_after(store, last.as_ref(), READ).await.expect("documents can be read");
        let Some(newest) = batch.last() else { return };
        last = Some(newest.id.clone());
        each(batch.iter().map(|it| Document::of(it, &catalogue)).collect()).await;
    }
}

/// A question with its filters, as our own search takes it.
pub fn request(text: &str, filters: &[(Facet, String)]) -> Request {
    filters.iter().fold(Request::new(text), |res, (facet, value)| res.filter(*facet, value))
}

/// Times of single searches.
#[derive(Default, Clone)]
pub struct Times {
    taken: Vec<Duration>,
}

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.taken.push(time);
    }

    pub fn extend(&mut self, other: &Times) {
        self.taken.extend(&other.taken);
    }

    pub fn count(&self) -> usize {
        self.taken.len()
    }

    /// The time that this share of the searches did not exceed, in milliseconds.
    pub fn at(&self, share: f64) -> f64 {
        let mut sorted = self.taken.clone();
        sorted.sort_unstable();
        // The nearest rank: a time that was really measured.
        let rank = (share * sorted.len() as f64).ceil().max(1.0) as usize;
        sorted.get(rank - 1).map_or(f64::NAN, |it| it.as_secs_f64() * 1e3)
    }
}
