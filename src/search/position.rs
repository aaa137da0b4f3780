//! Where in their texts the words of a question stand, as the index knows it: without reading those texts.

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet};

use crate::search::marks::{Marks, PART};
use crate::search::query::{BODY, BODY_PARTS};
use crate::search::terms::Terms;

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
pub fn positions(terms: &Terms, marks: &Marks, of: &[DocAddress]) -> tantivy::Result<Vec<Vec<Placed>>> {
    let stems: Vec<(&str, usize, f32)> = marks.stems().collect();
    placed(terms, &stems, &[(BODY, 1.0), (BODY_PARTS, PART)], of)
}

/// Where stems stand in one text of some documents, each with the thing it shows and how much; the text is in several
/// of `query::places`, each with how much it counts.
pub(super) fn placed(
    terms: &Terms,
    stems: &[(&str, usize, f32)],
    text: &[(usize, f32)],
    of: &[DocAddress],
) -> tantivy::Result<Vec<Vec<Placed>>> {
    let mut res = vec![vec![]; of.len()];
    let mut order: Vec<usize> = (0..of.len()).collect();
    order.sort_unstable_by_key(|at| of[*at]);
    let mut found = Vec::new();
    for (stem, clause, weight) in stems {
        let stem = terms.stem(stem);
        for segment in order.chunk_by(|a, b| of[*a].segment_ord == of[*b].segment_ord) {
            let reader = terms.searcher().segment_reader(of[segment[0]].segment_ord);
            for (place, share) in text {
                let postings = stem.postings(reader, *place, IndexRecordOption::WithFreqsAndPositions)?;
                let Some(mut postings) = postings else { continue };
                for at in segment {
                    if seek(&mut postings, of[*at]) {
                        postings.positions(&mut found);
                        let (clause, weight) = (*clause, weight * share);
                        res[*at].extend(found.iter().map(|it| Placed { at: *it, clause, weight }));
                    }
                }
            }
        }
    }
    res.iter_mut().for_each(|it| it.sort_by_key(|it| it.at));
    Ok(res)
}

/// Whether a list has a document; documents are asked for in their order.
fn seek(postings: &mut impl DocSet, of: DocAddress) -> bool {
    let doc = postings.doc();
    doc == of.doc_id || (doc < of.doc_id && postings.seek(of.doc_id) == of.doc_id)
}
