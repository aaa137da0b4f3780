//! Where in their texts the words of a question stand, as the index knows it: without reading those texts.

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Searcher, Term};

use crate::search::marks::{Marks, PART};
use crate::search::schema;

/// A word of the question in a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Its place among the words of the text, from 0, as `dutch::spans` counts them.
    pub at: u32,
    /// Which thing asked for it shows, and how much.
    pub clause: usize,
    pub weight: f32,
}

/// The words of the question in the body of one document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Positions {
    /// In order.
    pub words: Vec<Placed>,
    /// Whether a compound shows something better than any of these words; where it stands, only the text tells.
    pub has_better_parts: bool,
}

/// The words to mark in the bodies of some documents, in the order of those documents.
pub fn positions(searcher: &Searcher, marks: &Marks, of: &[DocAddress]) -> tantivy::Result<Vec<Positions>> {
    let fields = schema::fields();
    let mut res = vec![Positions::default(); of.len()];
    // Per document, per thing asked for: the most that a word shows, and that a part of a word shows.
    let mut best = vec![vec![(0.0_f32, 0.0_f32); marks.clauses()]; of.len()];
    let mut order: Vec<usize> = (0..of.len()).collect();
    order.sort_unstable_by_key(|at| of[*at]);
    let mut found = Vec::new();
    for segment in order.chunk_by(|a, b| of[*a].segment_ord == of[*b].segment_ord) {
        let reader = searcher.segment_reader(of[segment[0]].segment_ord);
        let (words, parts) = (reader.inverted_index(fields.body)?, reader.inverted_index(fields.body_parts)?);
        for (stem, clause, weight) in marks.stems() {
            let postings = words
                .read_postings(&Term::from_field_text(fields.body, stem), IndexRecordOption::WithFreqsAndPositions)?;
            if let Some(mut postings) = postings {
                for at in segment {
                    if seek(&mut postings, of[*at]) {
                        postings.positions(&mut found);
                        res[*at].words.extend(found.iter().map(|place| Placed { at: *place, clause, weight }));
                        best[*at][clause].0 = best[*at][clause].0.max(weight);
                    }
                }
            }
            let term = Term::from_field_text(fields.body_parts, stem);
            if let Some(mut postings) = parts.read_postings(&term, IndexRecordOption::Basic)? {
                for at in segment {
                    if seek(&mut postings, of[*at]) {
                        best[*at][clause].1 = best[*at][clause].1.max(weight * PART);
                    }
                }
            }
        }
    }
    for (of, best) in res.iter_mut().zip(best) {
        of.words.sort_unstable_by_key(|it| it.at);
        of.has_better_parts = best.iter().any(|(word, part)| word < part);
    }
    Ok(res)
}

/// Whether a list has a document; documents are asked for in their order.
fn seek(postings: &mut impl DocSet, of: DocAddress) -> bool {
    let doc = postings.doc();
    doc == of.doc_id || (doc < of.doc_id && postings.seek(of.doc_id) == of.doc_id)
}
