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

/// The words to mark in the bodies of some documents, in the order of those documents; of each in the order of its
/// text.
pub fn positions(searcher: &Searcher, marks: &Marks, of: &[DocAddress]) -> tantivy::Result<Vec<Vec<Placed>>> {
    let fields = schema::fields();
    let mut res = vec![vec![]; of.len()];
    let mut order: Vec<usize> = (0..of.len()).collect();
    order.sort_unstable_by_key(|at| of[*at]);
    let mut found = Vec::new();
    for segment in order.chunk_by(|a, b| of[*a].segment_ord == of[*b].segment_ord) {
        let reader = searcher.segment_reader(of[segment[0]].segment_ord);
        for (field, share) in [(fields.body, 1.0), (fields.body_parts, PART)] {
            let index = reader.inverted_index(field)?;
            for (stem, clause, weight) in marks.stems() {
                let term = Term::from_field_text(field, stem);
                let postings = index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?;
                let Some(mut postings) = postings else { continue };
                for at in segment {
                    if seek(&mut postings, of[*at]) {
                        postings.positions(&mut found);
                        res[*at].extend(found.iter().map(|it| Placed { at: *it, clause, weight: weight * share }));
                    }
                }
            }
        }
    }
    res.iter_mut().for_each(|it| it.sort_unstable_by_key(|it| it.at));
    Ok(res)
}

/// Whether a list has a document; documents are asked for in their order.
pub(super) fn seek(postings: &mut impl DocSet, of: DocAddress) -> bool {
    let doc = postings.doc();
    doc == of.doc_id || (doc < of.doc_id && postings.seek(of.doc_id) == of.doc_id)
}
