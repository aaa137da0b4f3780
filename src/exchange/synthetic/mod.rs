//! A made-up library for load tests: as large as asked, the same for the same seed, and marked as invented wherever
//! a reader may meet it.
//!
//! Invariant: what is made passes every check of `domain`, so it goes in through `workflow` like any other library.

mod documents;
mod figures;
mod lists;
mod parts;
mod prose;
pub(super) mod random;
mod vocabulary;

use crate::domain::library::Library;

use documents::Maker;
use lists::Lists;
use random::Random;
use vocabulary::Vocabulary;

/// Behind every name and title.
const MARK: &str = "(fictief)";
/// The source of everything.
const SOURCE: &str = "Verzonnen bibliotheek voor belastingproeven";
/// A sentence for places with room for one.
const INVENTED: &str = "Verzonnen voor belastingproeven: namen, getallen en uitkomsten zijn fictief.";
/// The years of the documents.
const FIRST_YEAR: usize = 2012;
const LAST_YEAR: usize = 2026;
/// The stream of the lists; a document has its number as its own.
const LISTS: u64 = 0;

/// A library of so many documents. `step` hears how many are made.
pub fn library(documents: usize, seed: u64, step: &dyn Fn(usize)) -> Library {
    let vocabulary = Vocabulary::new();
    let lists = Lists::new(&vocabulary, &mut Random::new(seed, LISTS));
    let maker = Maker { vocabulary: &vocabulary, lists: &lists };
    let mut records = Vec::with_capacity(documents);
    for number in 1..=documents {
        let record = maker.document(number, &mut Random::new(seed, number as u64), &records);
        records.push(record);
        step(number);
    }
    Library { catalogue: lists.catalogue, records, measurements: vec![] }
}
