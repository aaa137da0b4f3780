//! One pass over the documents that answer a question: who may see them, which filters they meet, how many per value
//! of each facet, and which are the best.
//!
//! Invariant: a document that the actor may not see is not counted anywhere.

use std::cmp::Reverse;

use tantivy::query::{Scorer, Weight};
use tantivy::{DocAddress, DocId, Searcher, SeekDangerResult};

use crate::domain::actor::Actor;
use crate::domain::visibility;
use crate::search::View;
use crate::search::columns::Columns;
use crate::search::coverage::CoverageWeight;
use crate::search::facets::{self, Batch, Count, Filters};
use crate::search::ranking::Signals;
use crate::search::request::{Facet, Request, Sort};
use crate::search::tally::BATCH;

/// What a pass found.
#[derive(Debug)]
pub struct Gathered {
    /// How many documents answer the question and meet the filters.
    pub total: u64,
    /// How many answer the question, whatever the filters.
    pub unfiltered: u64,
    pub counts: Vec<(Facet, Vec<Count>)>,
    /// The first of all, best first, with their scores.
    pub top: Vec<(f32, DocAddress)>,
}

/// A document that may be among the first.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    /// The larger the better. Scores are never negative, and then their bits order as they do.
    key: u64,
    /// Decides between equals, so that pages never overlap.
    slug: u64,
    score: f32,
    doc: DocId,
}

impl Candidate {
    fn order(&self) -> (Reverse<u64>, u64) {
        (Reverse(self.key), self.slug)
    }
}

/// Keeps the best of what it is shown.
struct Best {
    most: usize,
    kept: Vec<Candidate>,
    /// What is worse need not be shown.
    least: u64,
}

impl Best {
    fn new(most: usize) -> Best {
        Best { most, kept: Vec::new(), least: 0 }
    }

    fn add(&mut self, candidate: Candidate) {
        self.kept.push(candidate);
        if self.kept.len() == 2 * self.most.max(32) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.most < self.kept.len() {
            self.kept.select_nth_unstable_by_key(self.most, Candidate::order);
            self.kept.truncate(self.most);
            self.least = self.kept.iter().map(|it| it.key).min().unwrap_or(0);
        }
    }
}

/// Gathers what answers a question; without a weight that is everything. `most` says how many of the first are
/// wanted.
pub(super) fn gather(
    view: &View,
    weight: Option<&CoverageWeight>,
    request: &Request,
    actor: &Actor,
    most: usize,
) -> tantivy::Result<Gathered> {
    let audiences = visibility::memberships(actor);
    let standings = view.standings.on(request.day(), &view.columns, view.newest);
    let mut sums = vec![0; view.values.names().len()];
    let mut res = Gathered { total: 0, unfiltered: 0, counts: vec![], top: vec![] };
    let mut winners: Vec<(u32, Candidate)> = Vec::new();
    let mut tally = view.live.tally();
    let mut batch = Batch::default();
    for (at, (segment, columns)) in view.segments().enumerate() {
        let open = columns.open_to(&audiences);
        let filters = Filters::new(request, columns);
        let standings = &standings[at];
        let mut counts = vec![0; columns.codes()];
        let mut best = Best::new(most);
        let alive = segment.alive_bitset();
        let mut see = |some: &[(DocId, f32)]| {
            batch.clear();
            for (doc, score) in some {
                let is_open = open[standings.readers(*doc, columns)] && alive.is_none_or(|it| it.is_alive(*doc));
                batch.push_if(is_open, *doc, score * standings.factor(*doc));
            }
            res.unfiltered += batch.count();
            filters.sort_out(columns, &mut batch, &mut counts);
            res.total += batch.count();
            if most == 0 {
                return;
            }
            for (doc, score) in batch.iter() {
                let (key, score) = match request.sort() {
                    Sort::Relevance => (u64::from(score.to_bits()), score),
                    Sort::Newest => (columns.recency(doc), 0.0),
                    Sort::Title => (u64::MAX - columns.title_order(doc), 0.0),
                };
                if best.least <= key {
                    best.add(Candidate { key, slug: columns.slug_order(doc), score, doc });
                }
            }
        };
        match weight {
            Some(weight) => weight.each(segment, &mut tally, see)?,
            None => {
                for first in (0..segment.max_doc()).step_by(BATCH) {
                    let some: Vec<_> = (first..segment.max_doc()).take(BATCH).map(|doc| (doc, 0.0)).collect();
                    see(&some);
                }
            }
        }
        best.cut();
        winners.extend(best.kept.into_iter().map(|it| (at as u32, it)));
        view.values.add(at, &counts, &mut sums);
    }
    view.live.keep(tally);
    res.counts = facets::counts(request, &view.values, &sums);
    res.top = merge(view, request.sort(), winners, most)?;
    Ok(res)
}

/// The first of all segments together. Orders within a segment say nothing over segments: there the texts decide.
fn merge(
    view: &View,
    sort: Sort,
    mut winners: Vec<(u32, Candidate)>,
    most: usize,
) -> tantivy::Result<Vec<(f32, DocAddress)>> {
    let columns: Vec<&Columns> = view.segments().map(|it| it.1).collect();
    if sort == Sort::Title {
        let mut titled = Vec::with_capacity(winners.len());
        for (segment, it) in winners {
            titled.push((
                columns[segment as usize].title(it.doc)?,
                columns[segment as usize].slug(it.doc)?,
                segment,
                it,
            ));
        }
        titled.sort_unstable_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        winners = titled.into_iter().map(|(_, _, segment, it)| (segment, it)).collect();
    } else {
        winners.sort_unstable_by_key(|it| Reverse(it.1.key));
        // Slugs are only looked up where they decide.
        let mut sorted = Vec::with_capacity(winners.len());
        for equals in winners.chunk_by(|a, b| a.1.key == b.1.key) {
            if most <= sorted.len() {
                break;
            }
            // Within one segment their order is known.
            if equals.iter().all(|it| it.0 == equals[0].0) {
                let mut slugged = equals.to_vec();
                slugged.sort_unstable_by_key(|it| it.1.slug);
                sorted.append(&mut slugged);
                continue;
            }
            let mut slugged = Vec::with_capacity(equals.len());
            for (segment, it) in equals {
                slugged.push((columns[*segment as usize].slug(it.doc)?, *segment, *it));
            }
            slugged.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            sorted.extend(slugged.into_iter().map(|(_, segment, it)| (segment, it)));
        }
        winners = sorted;
    }
    winners.truncate(most);
    Ok(winners.into_iter().map(|(segment, it)| (it.score, DocAddress::new(segment, it.doc))).collect())
}

impl View {
    /// What counts for a document beside the text.
    pub(crate) fn signals(&self, columns: &Columns, doc: DocId) -> Signals {
        Signals::new(columns.completeness(doc), columns.recency(doc), self.newest)
    }
}

/// Puts documents that have neighbouring words of the question together before those that have them apart. Only the
/// first hits are looked at, and they keep their places among all.
pub fn reorder(
    searcher: &Searcher,
    neighbours: &[(f32, Box<dyn Weight>)],
    top: &mut [(f32, DocAddress)],
) -> tantivy::Result<()> {
    let mut order: Vec<usize> = (0..top.len()).collect();
    order.sort_unstable_by_key(|at| top[*at].1);
    for (factor, weight) in neighbours {
        // Of each document it is only asked whether it has them: the next one that does may be far.
        let mut open: Option<(u32, DocId, Box<dyn Scorer>)> = None;
        for at in &order {
            let DocAddress { segment_ord, doc_id } = top[*at].1;
            let (state, mut scorer) = match open.take() {
                Some((segment, earliest, scorer)) if segment == segment_ord && doc_id < earliest => {
                    open = Some((segment, earliest, scorer));
                    continue;
                }
                Some((segment, _, mut scorer)) if segment == segment_ord => (scorer.seek_danger(doc_id), scorer),
                _ => weight.scorer_danger(searcher.segment_reader(segment_ord), doc_id, 1.0)?,
            };
            let earliest = match state {
                SeekDangerResult::Found => {
                    top[*at].0 += factor * scorer.score();
                    doc_id + 1
                }
                SeekDangerResult::SeekLowerBound(earliest) => earliest,
            };
            open = Some((segment_ord, earliest, scorer));
        }
    }
    // Stable: equals keep the order of their slugs.
    top.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(())
}
