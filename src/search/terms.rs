//! Where the words of questions stand in the index, looked up once per view of it: a question asks for each of its
//! words in many places, and other questions ask for the same ones.
//!
//! Invariant: bounded, whatever is asked.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;
use tantivy::index::SegmentId;
use tantivy::postings::{BlockSegmentPostings, SegmentPostings, TermInfo};
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, SegmentReader, Term};

use crate::search::best_of::Lengths;
use crate::search::query::{PLACES, places};

/// The most words, and the most rows of words, that are remembered.
const REMEMBERED: usize = 20_000;

/// The words of one view of the index.
pub struct Terms {
    searcher: Searcher,
    /// By place.
    lengths: Vec<Lengths>,
    /// By place, how many words there are in all texts together.
    tokens: Vec<u64>,
    stems: RwLock<FxHashMap<Box<str>, Arc<Stem>>>,
    /// Whether words stand next to each other anywhere.
    rows: RwLock<FxHashMap<Box<str>, bool>>,
}

/// Where a stem stands.
#[derive(Debug, Default)]
pub struct Stem {
    segments: Vec<(SegmentId, [Option<TermInfo>; PLACES])>,
    /// In how many documents, by place.
    documents: [u64; PLACES],
}

impl Stem {
    fn look_up(searcher: &Searcher, stem: &str) -> tantivy::Result<Stem> {
        let mut res = Stem::default();
        for segment in searcher.segment_readers() {
            let mut infos: [Option<TermInfo>; PLACES] = Default::default();
            for (at, place) in places().iter().enumerate() {
                let term = Term::from_field_text(place.field, stem);
                infos[at] = segment.inverted_index(place.field)?.get_term_info(&term)?;
                res.documents[at] += infos[at].as_ref().map_or(0, |it| u64::from(it.doc_freq));
            }
            res.segments.push((segment.segment_id(), infos));
        }
        Ok(res)
    }

    /// In how many documents it stands, in the place where it is most common.
    pub fn documents(&self) -> u64 {
        self.documents.iter().copied().max().unwrap_or(0)
    }

    /// In how many documents it stands in one place.
    pub fn documents_in(&self, place: usize) -> u64 {
        self.documents[place]
    }

    /// The documents of a segment that have it in a place, with as much of each as is asked for.
    pub fn postings(
        &self,
        segment: &SegmentReader,
        place: usize,
        option: IndexRecordOption,
    ) -> tantivy::Result<Option<SegmentPostings>> {
        let Some(info) = self.info(segment, place) else { return Ok(None) };
        let index = segment.inverted_index(places()[place].field)?;
        Ok(Some(index.read_postings_from_terminfo(info, option)?))
    }

    /// The same block by block, with how often it stands in each: the quickest way to read them all.
    pub fn blocks(&self, segment: &SegmentReader, place: usize) -> tantivy::Result<Option<BlockSegmentPostings>> {
        let Some(info) = self.info(segment, place) else { return Ok(None) };
        let index = segment.inverted_index(places()[place].field)?;
        Ok(Some(index.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?))
    }

    fn info(&self, segment: &SegmentReader, place: usize) -> Option<&TermInfo> {
        let id = segment.segment_id();
        self.segments.iter().find(|it| it.0 == id).and_then(|it| it.1[place].as_ref())
    }
}

impl Terms {
    pub fn of(searcher: &Searcher) -> tantivy::Result<Terms> {
        let lengths = places().iter().map(|it| Lengths::of(searcher, it.field, it.b)).collect::<Result<_, _>>()?;
        let tokens = places().iter().map(|it| searcher.total_num_tokens(it.field)).collect::<Result<_, _>>()?;
        Ok(Terms { searcher: searcher.clone(), lengths, tokens, stems: RwLock::default(), rows: RwLock::default() })
    }

    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// How lengths weigh in a place.
    pub fn lengths(&self, place: usize) -> &Lengths {
        &self.lengths[place]
    }

    /// Where a stem stands. What cannot be read stands nowhere, and is tried again the next time.
    pub fn stem(&self, stem: &str) -> Arc<Stem> {
        if let Some(known) = self.stems.read().unwrap_or_else(PoisonError::into_inner).get(stem) {
            return known.clone();
        }
        let found = match Stem::look_up(&self.searcher, stem) {
            Ok(found) => Arc::new(found),
            Err(error) => {
                tracing::warn!(%error, "word not looked up");
                return Arc::default();
            }
        };
        let mut stems = self.stems.write().unwrap_or_else(PoisonError::into_inner);
        if stems.len() < REMEMBERED {
            stems.insert(stem.into(), found.clone());
        }
        found
    }

    /// Whether stems stand next to each other, as `look` finds out when it is not known.
    pub fn row(&self, stems: &[String], look: impl FnOnce() -> tantivy::Result<bool>) -> tantivy::Result<bool> {
        let key = stems.join(" ");
        if let Some(known) = self.rows.read().unwrap_or_else(PoisonError::into_inner).get(key.as_str()) {
            return Ok(*known);
        }
        let res = look()?;
        let mut rows = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        if rows.len() < REMEMBERED {
            rows.insert(key.into(), res);
        }
        Ok(res)
    }
}

/// What the engine asks to score words in a row, without looking them up again. What cannot be read stands nowhere.
impl Bm25StatisticsProvider for Terms {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        match places().iter().position(|it| it.field == field) {
            Some(place) => Ok(self.tokens[place]),
            None => self.searcher.total_num_tokens(field),
        }
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searcher.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        match (places().iter().position(|it| it.field == term.field()), term.value().as_str()) {
            (Some(place), Some(stem)) => Ok(self.stem(stem).documents_in(place)),
            _ => self.searcher.doc_freq(term),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::schema;
    use crate::search::tests::{filled, library};

    #[test]
    fn the_engine_is_told_what_it_would_find() {
        let (_folder, search) = filled(&library());
        let view = search.view();
        let (terms, searcher) = (&view.terms, &view.searcher);
        let (mut known, id) = (0, schema::fields().id);
        for field in places().iter().map(|it| it.field).chain([id]) {
            assert_eq!(terms.total_num_tokens(field).unwrap(), searcher.total_num_tokens(field).unwrap());
            for text in ["verzuim", "kwaliteit", "dwang", "olifant", "id-wzd"] {
                let term = Term::from_field_text(field, text);
                assert_eq!(terms.doc_freq(&term).unwrap(), searcher.doc_freq(&term).unwrap(), "{text}");
                known += terms.doc_freq(&term).unwrap();
            }
        }
        assert_eq!(terms.total_num_docs().unwrap(), searcher.total_num_docs().unwrap());
        assert!(5 < known);
    }
}
