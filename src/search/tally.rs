//! Scores of the documents of one segment, added up one thing asked for after the other ("term at a time", Turtle and
//! Flood 1995). Counts per facet need every hit, so there is nothing to skip, and plain additions over whole posting
//! lists beat a merge of many lists.
//!
//! Invariant: between two questions everything is zero, so that it can be used again without being made again.

use tantivy::DocId;

/// How much a word in another place adds to the place where it says most.
pub const TIE_BREAKER: f32 = 0.3;

/// So many documents are told of at a time, or a few more.
pub const BATCH: usize = 64;

/// A set of documents, as bits.
#[derive(Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    #[inline]
    fn insert(&mut self, doc: DocId) {
        self.0[doc as usize / 64] |= 1 << (doc % 64);
    }

    #[inline]
    fn has(&self, doc: DocId) -> bool {
        self.0[doc as usize / 64] >> (doc % 64) & 1 == 1
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|it| it.count_ones()).sum()
    }

    fn iter(&self) -> impl Iterator<Item = DocId> {
        self.0.iter().enumerate().flat_map(|(at, word)| documents(at, *word))
    }
}

/// The documents of a word of bits, by its place.
fn documents(at: usize, mut word: u64) -> impl Iterator<Item = DocId> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros();
            word &= word - 1;
            at as DocId * 64 + bit
        })
    })
}

/// Where a document meets one thing.
#[derive(Debug, Clone, Copy, Default)]
struct Places {
    best: f32,
    /// All places together.
    sum: f32,
}

impl Places {
    fn score(self) -> f32 {
        self.best + TIE_BREAKER * (self.sum - self.best)
    }
}

/// How a document answers all things so far.
#[derive(Debug, Clone, Copy, Default)]
struct Things {
    score: f32,
    /// Of the things it meets.
    mass: f32,
}

/// What was added up so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// Of the thing at hand.
    places: Vec<Places>,
    part: Bits,
    /// Of all things so far.
    things: Vec<Things>,
    all: Bits,
    /// Whether what was not met so far can be no hit any more, and then how many can be.
    open: Option<u32>,
}

impl Tally {
    /// Makes room for the documents of a segment.
    pub fn begin(&mut self, documents: u32) {
        let documents = documents as usize;
        if self.places.len() < documents {
            self.places.resize(documents, Places::default());
            self.things.resize(documents, Things::default());
            for bits in [&mut self.part, &mut self.all] {
                bits.0.resize(documents.div_ceil(64), 0);
            }
        }
        self.open = None;
    }

    /// From here on only what was met before can be a hit.
    pub fn close(&mut self) {
        self.open = Some(self.all.count());
    }

    /// The documents that still can be hits, in order, when they are so few that it pays to look each of them up in a
    /// list of this length.
    pub fn few(&self, length: u32) -> Option<impl Iterator<Item = DocId> + use<>> {
        let few = self.open.filter(|it| it.saturating_mul(16) < length)?;
        let mut res = Vec::with_capacity(few as usize);
        res.extend(self.all.iter());
        Some(res.into_iter())
    }

    /// Whether a document can still be a hit.
    #[inline]
    pub fn is_open(&self, doc: DocId) -> bool {
        self.open.is_none() || self.all.has(doc)
    }

    /// A document that can still be a hit meets the thing at hand in one place.
    #[inline]
    pub fn add(&mut self, doc: DocId, score: f32) {
        let places = &mut self.places[doc as usize];
        places.best = places.best.max(score);
        places.sum += score;
        self.part.insert(doc);
    }

    /// That was all for the thing at hand, which says this much. Without it there is no hit when it is required.
    pub fn end_part(&mut self, mass: f32, is_required: bool) {
        for at in 0..self.part.0.len() {
            let word = std::mem::take(&mut self.part.0[at]);
            for doc in documents(at, word) {
                let score = std::mem::take(&mut self.places[doc as usize]).score();
                let things = &mut self.things[doc as usize];
                things.score += score;
                things.mass += mass;
            }
            if self.open.is_none() {
                self.all.0[at] |= word;
            }
            if is_required {
                self.drop_word(at, !word);
            }
        }
    }

    /// A document is no hit, whatever it meets.
    pub fn drop(&mut self, doc: DocId) {
        self.drop_word(doc as usize / 64, 1 << (doc % 64));
    }

    fn drop_word(&mut self, at: usize, dropped: u64) {
        for doc in documents(at, self.all.0[at] & dropped) {
            self.things[doc as usize] = Things::default();
        }
        self.all.0[at] &= !dropped;
    }

    /// The documents that meet enough, in order and some at a time, each with its score; forgets everything. A document
    /// that answers more of the question goes before one that answers a part of it often.
    pub fn finish(&mut self, enough: f32, total: f32, mut see: impl FnMut(&[(DocId, f32)])) {
        let mut batch = Vec::with_capacity(BATCH + 64);
        for at in 0..self.all.0.len() {
            for doc in documents(at, std::mem::take(&mut self.all.0[at])) {
                let Things { score, mass } = std::mem::take(&mut self.things[doc as usize]);
                if enough <= mass {
                    batch.push((doc, score * (mass / total).sqrt()));
                }
            }
            if BATCH <= batch.len() {
                see(&batch);
                batch.clear();
            }
        }
        see(&batch);
    }

    /// The same for a question about one thing, right after its words: every document that meets it is a hit.
    pub fn finish_only(&mut self, mut see: impl FnMut(&[(DocId, f32)])) {
        let mut batch = Vec::with_capacity(BATCH + 64);
        for at in 0..self.part.0.len() {
            for doc in documents(at, std::mem::take(&mut self.part.0[at])) {
                batch.push((doc, std::mem::take(&mut self.places[doc as usize]).score()));
            }
            if BATCH <= batch.len() {
                see(&batch);
                batch.clear();
            }
        }
        see(&batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(tally: &mut Tally, enough: f32, total: f32) -> Vec<(DocId, f32)> {
        let mut res = Vec::new();
        tally.finish(enough, total, |some| res.extend_from_slice(some));
        res
    }

    #[test]
    fn places_add_a_little_and_things_add_up() {
        let mut tally = Tally::default();
        // Twice: nothing of the first question is left.
        for _ in 0..2 {
            tally.begin(200);
            for (doc, score) in [(3, 2.0), (3, 1.0), (70, 1.0), (199, 4.0)] {
                tally.add(doc, score);
            }
            tally.end_part(1.0, false);
            tally.close();
            assert!(tally.is_open(3) && !tally.is_open(4));
            tally.add(3, 1.0);
            tally.end_part(1.0, false);
            tally.drop(199);
            assert_eq!(found(&mut tally, 1.0, 2.0), [(3, 3.3), (70, 0.5_f32.sqrt())]);
        }
    }

    #[test]
    fn what_lacks_a_required_thing_is_no_hit() {
        let mut tally = Tally::default();
        tally.begin(10);
        (1..4).for_each(|doc| tally.add(doc, 1.0));
        tally.end_part(1.0, false);
        tally.add(2, 1.0);
        tally.end_part(0.0, true);
        assert_eq!(found(&mut tally, 1.0, 1.0), [(2, 2.0)]);
        tally.begin(10);
        tally.add(1, 1.0);
        tally.end_part(1.0, false);
        assert_eq!(found(&mut tally, 1.0, 1.0), [(1, 1.0)]);
    }

    #[test]
    fn few_are_looked_up_one_by_one() {
        let mut tally = Tally::default();
        tally.begin(1_000);
        tally.add(7, 1.0);
        tally.add(900, 1.0);
        assert!(tally.few(1_000).is_none());
        tally.end_part(1.0, false);
        tally.close();
        assert_eq!(tally.few(1_000).map(|it| it.collect::<Vec<_>>()), Some(vec![7, 900]));
        assert!(tally.few(20).is_none());
        assert_eq!(found(&mut tally, 0.5, 1.0).len(), 2);
    }
}
