//! What the search knows about words beside the texts: parts of compounds, words of little weight, words that are
//! rightly spelled, and concepts with the words people use for them.
//!
//! It stands in the directory of the index that was made with it: parts shape the index, and a question must be
//! read by the same words. A changed lexicon is a new index.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use tantivy::TantivyError;

use crate::domain::catalogue::Catalogue;
use crate::domain::concept::Concept;
use crate::domain::word_list::WordUse;
use crate::search::compound::SHORTEST_PROVEN;
use crate::search::dutch;
use crate::search::error::Error;
use crate::text::slug::fold;

const FILE: &str = "lexicon.json";

/// In how many documents a word must stand by itself before it counts as a part of others.
const PROOFS: u32 = 3;

/// Beginnings of words that prove nothing: samenwerking is no werking, overzicht no zicht.
const PREFIXES: &[&str] = &[
    "achter", "binnen", "boven", "buiten", "onder", "samen", "tegen", "terug", "tussen", "verder", "vooraf", "waarvan",
    "zonder",
];

/// The words of one index.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lexicon {
    /// Parts of compounds, folded.
    pub parts: BTreeSet<String>,
    /// Words that the texts prove to be parts, folded.
    pub proven: BTreeSet<String>,
    /// Words that are never taken apart, folded.
    pub whole: BTreeSet<String>,
    /// Words that are no question by themselves, folded.
    pub light: BTreeSet<String>,
    /// Words of everyday language, folded: rightly spelled, whether a document has them or not.
    #[serde(default)]
    pub ordinary: BTreeSet<String>,
    pub concepts: Vec<Concept>,
    /// How many documents the proofs come from: all, or as many as are enough.
    pub documents: u64,
}

impl Lexicon {
    /// The lexicon of the lists, with what the texts prove.
    pub fn of(catalogue: &Catalogue, proof: &Proof) -> Lexicon {
        let words = |of: WordUse| -> BTreeSet<String> {
            let lists = catalogue.word_lists.iter().filter(|it| it.purpose == of);
            lists.flat_map(|it| &it.words).map(|it| dutch::folded(it)).collect()
        };
        let (parts, whole) = (words(WordUse::Part), words(WordUse::Whole));
        let proven = proof.words().filter(|it| !parts.contains(*it) && !whole.contains(*it)).map(str::to_owned);
        Lexicon {
            proven: proven.collect(),
            light: words(WordUse::Light),
            ordinary: words(WordUse::Ordinary),
            concepts: catalogue.concepts.to_vec(),
            documents: proof.documents,
            parts,
            whole,
        }
    }

    /// The words that are rightly spelled by any list.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        [&self.parts, &self.whole, &self.light, &self.ordinary].into_iter().flatten()
    }

    /// The lexicon beside an index; an index without one knows no words.
    pub(super) fn load(folder: &Path) -> Result<Lexicon, Error> {
        let path = folder.join(FILE);
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|it| {
                let source = std::io::Error::new(ErrorKind::InvalidData, it);
                Error::of(folder, TantivyError::IoError(source.into()))
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Lexicon::default()),
            Err(error) => Err(Error::disk(&path)(error)),
        }
    }

    /// Puts the lexicon beside an index, for good.
    pub(super) fn save(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(FILE);
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(&serde_json::to_vec(self)?)?;
            file.sync_all()
        };
        write().map_err(Error::disk(&path))
    }

    /// Whether the lists say something else than when this was made. What the texts prove does not count.
    pub fn differs(&self, catalogue: &Catalogue) -> bool {
        let now = Lexicon::of(catalogue, &Proof::default());
        (&now.parts, &now.whole, &now.light, &now.ordinary, &now.concepts)
            != (&self.parts, &self.whole, &self.light, &self.ordinary, &self.concepts)
    }

    /// Whether so many documents came since that they may prove other words. Once enough were read, more change nothing.
    pub fn is_outgrown(&self, documents: u64) -> bool {
        self.documents < Proof::ENOUGH && 2 * self.documents + 50 < documents
    }
}

/// Counts in how many documents each word stands by itself.
#[derive(Debug, Default)]
pub struct Proof {
    counts: HashMap<Box<str>, u32>,
    documents: u64,
}

impl Proof {
    /// Documents that are read for proofs: a word that is rare in so many is no part worth knowing.
    pub const ENOUGH: u64 = 5_000;

    /// Takes the texts of one document.
    pub fn add<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) {
        // As written first: most words of a text come back, and folding each of them anew would take the longest.
        let mut written: FxHashSet<&str> = FxHashSet::default();
        for text in texts {
            written.extend(dutch::spans(text).into_iter().filter(|it| !it.is_joined).map(|it| &text[it.range]));
        }
        self.documents += 1;
        let seen: FxHashSet<String> = written.into_iter().map(fold).filter(|it| is_candidate(it)).collect();
        for word in seen {
            *self.counts.entry(word.into()).or_default() += 1;
        }
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.counts.iter().filter(|(_, count)| PROOFS <= **count).map(|(word, _)| &**word)
    }
}

fn is_candidate(word: &str) -> bool {
    (SHORTEST_PROVEN..=20).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_lowercase())
        && !dutch::is_stop_word(word)
        && !PREFIXES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_prove_parts_by_words_that_stand_alone() {
        let mut proof = Proof::default();
        for text in
            ["Het dashboard werkt.", "een Dashboard en e-mail", "dashboards; dashboard samen", "samen samen samen"]
        {
            proof.add([text]);
        }
        assert_eq!(proof.words().collect::<Vec<_>>(), ["dashboard"]);
        let lexicon = Lexicon::of(&Catalogue::default(), &proof);
        assert_eq!((lexicon.documents, lexicon.proven.len()), (4, 1));
        assert!(!lexicon.differs(&Catalogue::default()));
        assert!(lexicon.is_outgrown(59) && !lexicon.is_outgrown(58));
        let large = Lexicon { documents: Proof::ENOUGH, ..Lexicon::default() };
        assert!(!large.is_outgrown(100_000));
    }

    #[test]
    fn it_is_kept_beside_the_index() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Lexicon::load(folder.path()).unwrap(), Lexicon::default());
        let lexicon = Lexicon { parts: ["zorg".to_owned()].into(), documents: 3, ..Lexicon::default() };
        lexicon.save(folder.path()).unwrap();
        assert_eq!(Lexicon::load(folder.path()).unwrap(), lexicon);
        fs::write(folder.path().join(FILE), "{").unwrap();
        assert!(Lexicon::load(folder.path()).is_err());
    }
}
