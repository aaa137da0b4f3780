//! The words of the index as one reader sees them: a word that stands only in documents this reader may not see does
//! not occur. Else a corrected spelling would tell what is hidden.

use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term};

use crate::domain::actor::Actor;
use crate::domain::visibility::{self, Audience};
use crate::search::question::Words;
use crate::search::spelling::{self, Near};
use crate::search::{View, query, schema};

/// The index for one reader.
pub struct Seen<'a> {
    view: &'a View,
    audiences: Vec<Audience>,
    /// This reader may see every document there is, as is usual where all are public.
    is_all: bool,
}

impl<'a> Seen<'a> {
    pub fn new(view: &'a View, actor: &Actor) -> Seen<'a> {
        let audiences = visibility::memberships(actor);
        let is_all = view.segments().all(|(_, columns)| columns.open_to(&audiences).into_iter().all(|it| it));
        Seen { view, audiences, is_all }
    }

    /// Words that a folded word may have been meant for, the likeliest first.
    pub fn spellings(&self, word: &str) -> tantivy::Result<Vec<Near>> {
        let analyzer = &self.view.live.analyzer;
        let is_seen = |word: &str| {
            let occurs = || self.has(schema::fields().exact, word).unwrap_or(false);
            self.is_all || analyzer.known().contains(word) || occurs()
        };
        let common = |word: &str| self.view.terms.stem(&analyzer.word(word).stem).documents();
        spelling::near(&self.view.searcher, analyzer, word, &is_seen, &common)
    }

    /// Whether a word stands in a field of a document this reader may see; stops at the first.
    fn has(&self, field: Field, word: &str) -> tantivy::Result<bool> {
        let term = Term::from_field_text(field, word);
        for (segment, columns) in self.view.segments() {
            let index = segment.inverted_index(field)?;
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            let (open, alive) = (columns.open_to(&self.audiences), segment.alive_bitset());
            while postings.doc() != TERMINATED {
                let doc = postings.doc();
                if open[columns.readers(doc)] && alive.is_none_or(|it| it.is_alive(doc)) {
                    return Ok(true);
                }
                postings.advance();
            }
        }
        Ok(false)
    }
}

impl Words for Seen<'_> {
    fn documents(&self, stem: &str) -> u64 {
        let occurs = || query::places().iter().any(|it| self.has(it.field, stem).unwrap_or(false));
        match self.view.terms.stem(stem).documents() {
            0 => 0,
            many if self.is_all || occurs() => many,
            _ => 0,
        }
    }

    fn stand_together(&self, stems: &[String]) -> bool {
        query::stand_together(&self.view.terms, stems).unwrap_or(true)
    }

    fn near(&self, word: &str) -> Vec<String> {
        match self.spellings(word) {
            Ok(near) => near.into_iter().map(|it| it.word).collect(),
            Err(error) => {
                tracing::warn!(%error, "spelling not looked up");
                vec![]
            }
        }
    }
}
