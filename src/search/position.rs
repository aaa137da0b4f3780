//! Where in their texts the words of a question stand, as the index knows it: without reading those texts.

use std::ops::Range;

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet};

use crate::search::dutch::{self, Span};
use crate::search::marks::{Marks, PART};
use crate::search::query::{BODY, BODY_PARTS, SUMMARY, TITLE, TITLE_PARTS};
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

/// The words to mark in the texts of a document, each in the order of its text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    pub title: Vec<Placed>,
    pub summary: Vec<Placed>,
    pub body: Vec<Placed>,
}

impl Texts {
    /// As the index has them: it knows parts of compounds in the summary by a place after those of the body.
    pub fn split(mut self, body: &Milestones) -> Texts {
        let end = self.body.partition_point(|it| it.at < body.count);
        let parts = self.body.drain(end..);
        self.summary.extend(parts.map(|it| Placed { at: it.at - body.count, ..it }));
        self.summary.sort_by_key(|it| it.at);
        self
    }
}

/// The words to mark in the texts of some documents, in the order of those documents.
pub fn positions(terms: &Terms, marks: &Marks, of: &[DocAddress]) -> tantivy::Result<Vec<Texts>> {
    let stems: Vec<(&str, usize, f32)> = marks.stems().collect();
    let titles = placed(terms, &stems, &[(TITLE, 1.0), (TITLE_PARTS, PART)], of)?;
    let summaries = placed(terms, &stems, &[(SUMMARY, 1.0)], of)?;
    let bodies = placed(terms, &stems, &[(BODY, 1.0), (BODY_PARTS, PART)], of)?;
    let all = titles.into_iter().zip(summaries).zip(bodies);
    Ok(all.map(|((title, summary), body)| Texts { title, summary, body }).collect())
}

/// So many places are from one that is known to the next, about.
const STEP: usize = 32;

/// Where some of the places of a text are, so that no more of it is read than is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Milestones {
    /// How many places there are.
    pub count: u32,
    /// Some places, each with where it begins in the text, in bytes.
    known: Vec<(u32, u32)>,
}

impl Milestones {
    /// Of a text by its spans. Only whole written words count: a text cannot be read from halfway one.
    pub fn of(spans: &[Span]) -> Milestones {
        let mut res = Milestones { count: spans.len() as u32, known: vec![] };
        let mut next = STEP;
        for (at, span) in spans.iter().enumerate() {
            if next <= at && !span.is_joined {
                res.known.push((at as u32, u32::try_from(span.range.start).unwrap_or(u32::MAX)));
                next = at + STEP;
            }
        }
        res
    }

    /// As bytes: all numbers after one another.
    pub fn to_bytes(&self) -> Vec<u8> {
        let known = self.known.iter().flat_map(|it| [it.0, it.1]);
        std::iter::once(self.count).chain(known).flat_map(u32::to_le_bytes).collect()
    }

    pub fn from_bytes(bytes: &[u8]) -> Milestones {
        let mut numbers = bytes.chunks_exact(4).map(|it| it.iter().rev().fold(0, |sum, it| sum << 8 | u32::from(*it)));
        let count = numbers.next().unwrap_or(0);
        let mut known = Vec::with_capacity(bytes.len() / 8);
        while let (Some(place), Some(start)) = (numbers.next(), numbers.next()) {
            known.push((place, start));
        }
        Milestones { count, known }
    }

    /// Where a place is in the text, in bytes.
    pub fn find(&self, text: &str, place: u32) -> Option<Range<usize>> {
        let before = self.known.partition_point(|it| it.0 <= place);
        let (first, start) = before.checked_sub(1).map_or((0, 0), |it| self.known[it]);
        dutch::span_at(text, start as usize, (place - first) as usize)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milestones_lead_to_every_place() {
        let text = "Één e-health-app voor regio's, 24/7; ".repeat(40);
        let spans = dutch::spans(&text);
        let milestones = Milestones::of(&spans);
        assert_eq!((milestones.count, milestones.known.len()), (280, 8));
        assert_eq!(Milestones::from_bytes(&milestones.to_bytes()), milestones);
        for (place, span) in spans.iter().enumerate() {
            assert_eq!(milestones.find(&text, place as u32), Some(span.range.clone()));
            assert_eq!(Milestones::default().find(&text, place as u32), Some(span.range.clone()));
        }
        assert_eq!(milestones.find(&text, 280), None);
        // What is no milestones leads nowhere.
        assert_eq!(Milestones::from_bytes(&[1, 2, 3]), Milestones::default());
        assert_eq!(Milestones { count: 9, known: vec![(0, 9_999)] }.find(&text, 3), None);
        assert_eq!(Milestones { count: 9, known: vec![(0, 1)] }.find(&text, 3), None);
    }

    #[test]
    fn parts_after_the_body_are_of_the_summary() {
        let word = |at| Placed { at, clause: 0, weight: 1.0 };
        let texts = Texts { title: vec![], summary: vec![word(2)], body: vec![word(0), word(9), word(10), word(13)] };
        let body = Milestones { count: 10, known: vec![] };
        let expected = Texts { title: vec![], summary: vec![word(0), word(2), word(3)], body: vec![word(0), word(9)] };
        assert_eq!(texts.split(&body), expected);
    }
}
