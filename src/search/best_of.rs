//! Documents that have any of several words, in any of several fields: the place that says most counts, the others
//! add a little. One pass over plain posting lists, because this is where a search spends its time.
//!
//! The weight of a word in a field is BM25 (Robertson and Zaragoza 2009, equation 3.15), with two differences: a word
//! is as rare as it is in the whole library, whatever the field; and long texts are held back less than usual, for a
//! yearly report is not worse than a leaflet because it says more.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED};

use crate::search::query::places;
use crate::search::tally::{BLOCK, STRETCH, TIE_BREAKER, Tally};
use crate::search::terms::Stem;

/// How soon more of the same word stops to count.
const K1: f32 = 1.2;

/// How a field's length weighs: what to add to the count of a word, by the code of the length.
#[derive(Debug, Clone)]
pub struct Lengths(Arc<[f32; 256]>);

impl Lengths {
    /// For a field of a library; `b` from 0 (length does not matter) to 1.
    pub fn of(searcher: &Searcher, field: Field, b: f32) -> tantivy::Result<Lengths> {
        let mut tokens = 0;
        for segment in searcher.segment_readers() {
            tokens += segment.inverted_index(field)?.total_num_tokens();
        }
        let average = (tokens as f32 / searcher.num_docs().max(1) as f32).max(1.0);
        let of = |code: usize| {
            let length = FieldNormReader::id_to_fieldnorm(u8::try_from(code).unwrap_or(u8::MAX)) as f32;
            K1 * (1.0 - b + b * length / average)
        };
        Ok(Lengths(Arc::new(std::array::from_fn(of))))
    }
}

/// A word in a field.
#[derive(Debug, Clone)]
pub struct Word {
    pub stem: Arc<Stem>,
    /// Which of `query::places`.
    pub place: usize,
    /// The most it can count: its rarity times its weight.
    pub most: f32,
    pub lengths: Lengths,
}

/// Any of several words or other queries.
#[derive(Debug, Default)]
pub struct BestOf {
    pub words: Vec<Word>,
    /// Their scores count as they are.
    pub others: Vec<Box<dyn Query>>,
}

impl Clone for BestOf {
    fn clone(&self) -> BestOf {
        BestOf { words: self.words.clone(), others: self.others.iter().map(|it| it.box_clone()).collect() }
    }
}

impl BestOf {
    /// As [`Query::weight`], for who adds scores up.
    pub fn weigh(&self, scoring: EnableScoring<'_>) -> tantivy::Result<BestOfWeight> {
        let mut others = Vec::with_capacity(self.others.len());
        for query in &self.others {
            others.push(query.weight(scoring)?);
        }
        Ok(BestOfWeight { words: self.words.clone(), others })
    }
}

impl Query for BestOf {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.weigh(scoring)?))
    }
}

/// Any of several words or other queries, ready to be looked for in segments.
pub struct BestOfWeight {
    words: Vec<Word>,
    others: Vec<Box<dyn Weight>>,
}

impl BestOfWeight {
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<BestOfScorer> {
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            if let Some(postings) = word.stem.postings(reader, word.place, IndexRecordOption::WithFreqs)? {
                let norms = reader.get_fieldnorms_reader(places()[word.place].field)?;
                let scale = Scale { most: word.most * boost, norms, lengths: word.lengths.0.clone() };
                words.push(Head { postings, scale });
            }
        }
        let mut others = Vec::with_capacity(self.others.len());
        for weight in &self.others {
            let scorer = weight.scorer(reader, boost)?;
            if scorer.doc() != TERMINATED {
                others.push(scorer);
            }
        }
        let docs = words.iter().map(|it| it.postings.doc()).chain(others.iter().map(|it| it.doc()));
        let doc = docs.min().unwrap_or(TERMINATED);
        Ok(BestOfScorer { words, others, doc })
    }
}

impl BestOfWeight {
    /// The lists of a segment, to be read from its first document to its last.
    pub fn lists(&self, reader: &SegmentReader) -> tantivy::Result<Lists> {
        // A list is taken to be spread evenly over them.
        let stretches = reader.max_doc().div_ceil(STRETCH as u32).max(1);
        let mut words = Vec::with_capacity(self.words.len());
        for word in &self.words {
            let Some(block) = word.stem.blocks(reader, word.place)? else { continue };
            let norms = reader.get_fieldnorms_reader(places()[word.place].field)?;
            let scale = Scale { most: word.most, norms, lengths: word.lengths.0.clone() };
            words.push(List { length: block.doc_freq() / stretches, block, at: 0, scale });
        }
        let mut others = Vec::with_capacity(self.others.len());
        for weight in &self.others {
            let scorer = weight.scorer(reader, 1.0)?;
            others.push((scorer.size_hint() / stretches, scorer));
        }
        Ok(Lists { words, others })
    }
}

/// Any of several words or other queries in one segment, read once from begin to end.
pub struct Lists {
    words: Vec<List>,
    /// With about how many documents each has in a stretch.
    others: Vec<(u32, Box<dyn Scorer>)>,
}

impl Lists {
    /// Adds up where the documents of a stretch meet it; the stretches come in their order, and some may be left out.
    pub fn tally(&mut self, tally: &mut Tally) {
        for list in &mut self.words {
            list.tally(tally);
        }
        let stretch = tally.stretch();
        for (length, scorer) in &mut self.others {
            if let Some(few) = tally.few(*length) {
                for doc in few {
                    if scorer.doc() < doc {
                        scorer.seek(doc);
                    }
                    if scorer.doc() == doc {
                        tally.add(doc, scorer.score());
                    }
                }
                continue;
            }
            let mut doc = scorer.doc();
            if doc < stretch.start {
                doc = scorer.seek(stretch.start);
            }
            while doc < stretch.end {
                if tally.is_open(doc) {
                    tally.add(doc, scorer.score());
                }
                doc = scorer.advance();
            }
        }
    }
}

/// A word in a field of one segment, read block by block.
struct List {
    block: BlockSegmentPostings,
    /// Where the next document stands in the block, when it stands there.
    at: usize,
    /// About how many documents it has in a stretch.
    length: u32,
    scale: Scale,
}

impl List {
    fn tally(&mut self, tally: &mut Tally) {
        let stretch = tally.stretch();
        if let Some(few) = tally.few(self.length) {
            for doc in few {
                self.at = self.block.seek(doc);
                if self.block.doc(self.at) == doc {
                    tally.add(doc, self.scale.score(doc, self.block.freq(self.at)));
                }
            }
            return;
        }
        // Stretches may have been left out, and of others not all was read.
        if self.block.docs().get(self.at).is_some_and(|it| *it < stretch.start) {
            self.at = self.block.seek(stretch.start);
        }
        let mut room = [0; BLOCK];
        while let Some(last) = self.block.docs().last().copied() {
            let docs = &self.block.docs()[self.at..];
            let here = if last < stretch.end { docs.len() } else { docs.partition_point(|it| *it < stretch.end) };
            let (docs, counts) = (&docs[..here], &self.block.freqs()[self.at..self.at + here]);
            match tally.open_among(docs, &mut room) {
                Some(some) => some.iter().map(|it| usize::from(*it)).for_each(|it| {
                    tally.add(docs[it], self.scale.score(docs[it], counts[it]));
                }),
                None => docs.iter().zip(counts).for_each(|(doc, count)| {
                    tally.add(*doc, self.scale.score(*doc, *count));
                }),
            }
            if stretch.end <= last {
                self.at += here;
                return;
            }
            self.block.advance();
            self.at = 0;
        }
    }
}

impl Weight for BestOfWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(self.open(reader, boost)?))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let is_hit = scorer.doc() == doc || (scorer.doc() < doc && scorer.seek(doc) == doc);
        Ok(Explanation::new("best of", if is_hit { scorer.score() } else { 0.0 }))
    }
}

/// A word in a field of one segment.
struct Head {
    postings: SegmentPostings,
    scale: Scale,
}

impl Head {
    #[inline]
    fn score(&self, doc: DocId) -> f32 {
        self.scale.score(doc, self.postings.term_freq())
    }
}

/// What it counts that a word stands in a field of a document.
struct Scale {
    most: f32,
    norms: FieldNormReader,
    lengths: Arc<[f32; 256]>,
}

impl Scale {
    #[inline]
    fn score(&self, doc: DocId, count: u32) -> f32 {
        let count = count as f32;
        self.most * count * (K1 + 1.0) / (count + self.lengths[usize::from(self.norms.fieldnorm_id(doc))])
    }
}

struct BestOfScorer {
    words: Vec<Head>,
    others: Vec<Box<dyn Scorer>>,
    doc: DocId,
}

impl DocSet for BestOfScorer {
    fn advance(&mut self) -> DocId {
        let mut next = TERMINATED;
        for head in &mut self.words {
            let doc = head.postings.doc();
            next = next.min(if doc == self.doc { head.postings.advance() } else { doc });
        }
        for scorer in &mut self.others {
            let doc = scorer.doc();
            next = next.min(if doc == self.doc { scorer.advance() } else { doc });
        }
        self.doc = next;
        next
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let mut next = TERMINATED;
        for head in &mut self.words {
            let doc = head.postings.doc();
            next = next.min(if doc < target { head.postings.seek(target) } else { doc });
        }
        for scorer in &mut self.others {
            let doc = scorer.doc();
            next = next.min(if doc < target { scorer.seek(target) } else { doc });
        }
        self.doc = next;
        next
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let words = self.words.iter().map(|it| it.postings.size_hint());
        words.chain(self.others.iter().map(|it| it.size_hint())).fold(0, u32::saturating_add)
    }
}

impl Scorer for BestOfScorer {
    fn score(&mut self) -> Score {
        let (mut best, mut sum) = (0.0_f32, 0.0);
        let mut add = |score: f32| {
            best = best.max(score);
            sum += score;
        };
        self.words.iter().filter(|it| it.postings.doc() == self.doc).for_each(|it| add(it.score(self.doc)));
        self.others.iter_mut().filter(|it| it.doc() == self.doc).for_each(|it| add(it.score()));
        best + TIE_BREAKER * (sum - best)
    }
}
