//! Scores of documents, added up one thing asked for after the other ("term at a time", Turtle and Flood 1995). Counts
//! per facet need every hit, so there is nothing to skip, and plain additions over whole posting lists beat a merge of
//! many lists. A segment is read in stretches, so that what is added up stays near the processor.
//!
//! Invariant: between two stretches everything is zero, so that it can be used again without being made again.

use std::ops::Range;

use tantivy::DocId;

/// How much a word in another place adds to the place where it says most.
pub const TIE_BREAKER: f32 = 0.3;

/// So many documents are told of at a time, or a few more.
pub const BATCH: usize = 64;
/// They are always fewer than this.
pub const BATCH_MAX: usize = BATCH + 64;

/// The most documents that are looked at together: as many as the engine packs together.
pub const BLOCK: usize = 128;

/// How many documents a stretch has; it begins at a multiple of that. Tests have few documents, and many stretches too.
pub const STRETCH: usize = if cfg!(test) { 320 } else { 16_384 };
const WORDS: usize = STRETCH / 64;

/// Where in its stretch a document is.
#[inline]
fn slot(doc: DocId) -> usize {
    doc as usize % STRETCH
}

/// A set of documents of a stretch, as bits.
#[derive(Debug)]
struct Bits(Box<[u64; WORDS]>);

impl Bits {
    fn new() -> Bits {
        Bits(Box::new([0; WORDS]))
    }

    #[inline]
    fn insert(&mut self, doc: DocId) {
        self.0[slot(doc) / 64] |= 1 << (doc % 64);
    }

    #[inline]
    fn has(&self, doc: DocId) -> bool {
        self.0[slot(doc) / 64] >> (doc % 64) & 1 == 1
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|it| it.count_ones()).sum()
    }
}

/// The documents of a word of bits, as where in their stretch they are.
fn slots(at: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            (at * 64 + bit) % STRETCH
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

/// What was added up so far in a stretch.
#[derive(Debug)]
pub struct Tally {
    /// The first document of the stretch.
    first: DocId,
    /// Of the thing at hand.
    places: Box<[Places; STRETCH]>,
    part: Bits,
    /// Of all things so far.
    things: Box<[Things; STRETCH]>,
    all: Bits,
    /// Whether what was not met so far can be no hit any more, and then how many can be.
    open: Option<u32>,
}

impl Default for Tally {
    fn default() -> Tally {
        Tally {
            first: 0,
            places: Box::new([Places::default(); STRETCH]),
            part: Bits::new(),
            things: Box::new([Things::default(); STRETCH]),
            all: Bits::new(),
            open: None,
        }
    }
}

impl Tally {
    /// Begins with the stretch that has this as its first document.
    pub fn begin(&mut self, first: DocId) {
        self.first = first;
        self.open = None;
    }

    /// The documents of the stretch.
    pub fn stretch(&self) -> Range<DocId> {
        self.first..self.first.saturating_add(STRETCH as DocId)
    }

    /// From here on only what was met before can be a hit.
    pub fn close(&mut self) {
        self.open = Some(self.all.count());
    }

    /// Whether no document of the stretch can be a hit any more.
    pub fn is_over(&self) -> bool {
        self.open == Some(0)
    }

    /// The documents that still can be hits, in order, when they are so few that it pays to look each of them up in a
    /// list that has about so many documents in the stretch.
    pub fn few(&self, length: u32) -> Option<impl Iterator<Item = DocId> + use<>> {
        let few = self.open.filter(|it| it.saturating_mul(16) < length)?;
        let mut res = Vec::with_capacity(few as usize);
        for (at, word) in self.all.0.iter().enumerate() {
            res.extend(slots(at, *word).map(|it| self.first + it as DocId));
        }
        Some(res.into_iter())
    }

    /// Whether a document can still be a hit.
    #[inline]
    pub fn is_open(&self, doc: DocId) -> bool {
        self.open.is_none() || self.all.has(doc)
    }

    /// Which of some documents of the stretch can still be hits, by their places among them, at most [`BLOCK`]; `None`
    /// when all can.
    #[inline]
    pub fn open_among<'r>(&self, docs: &[DocId], room: &'r mut [u8; BLOCK]) -> Option<&'r [u8]> {
        self.open?;
        debug_assert!(docs.len() <= BLOCK);
        // Which ones is not to be foreseen: all are written, and those that cannot are written over.
        let mut some = 0;
        for (at, doc) in docs.iter().enumerate().take(BLOCK) {
            room[some % BLOCK] = at as u8;
            some += usize::from(self.all.has(*doc));
        }
        Some(&room[..some])
    }

    /// A document that can still be a hit meets the thing at hand in one place.
    #[inline]
    pub fn add(&mut self, doc: DocId, score: f32) {
        let places = &mut self.places[slot(doc)];
        places.best = places.best.max(score);
        places.sum += score;
        self.part.insert(doc);
    }

    /// That was all for the thing at hand, which says this much. Without it there is no hit when it is required.
    pub fn end_part(&mut self, mass: f32, is_required: bool) {
        for at in 0..WORDS {
            let word = std::mem::take(&mut self.part.0[at]);
            for slot in slots(at, word) {
                let score = std::mem::take(&mut self.places[slot]).score();
                let things = &mut self.things[slot];
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
        // What lacks it does not become a hit by what comes after it.
        if is_required {
            self.close();
        }
    }

    /// A document is no hit, whatever it meets.
    pub fn drop(&mut self, doc: DocId) {
        self.drop_word(slot(doc) / 64, 1 << (doc % 64));
    }

    fn drop_word(&mut self, at: usize, dropped: u64) {
        for slot in slots(at, self.all.0[at] & dropped) {
            self.things[slot] = Things::default();
        }
        self.all.0[at] &= !dropped;
    }

    /// The documents that meet enough, in order and some at a time, each with its score; forgets everything. A document
    /// that answers more of the question goes before one that answers a part of it often.
    pub fn finish(&mut self, enough: f32, total: f32, mut see: impl FnMut(&[(DocId, f32)])) {
        let mut batch = [(0, 0.0); BATCH_MAX];
        let mut some = 0;
        for at in 0..WORDS {
            for slot in slots(at, std::mem::take(&mut self.all.0[at])) {
                let Things { score, mass } = std::mem::take(&mut self.things[slot]);
                // Which ones meet enough is not to be foreseen: all are written, and the others are written over.
                batch[some] = (self.first + slot as DocId, score * (mass / total).sqrt());
                some += usize::from(enough <= mass);
            }
            if BATCH <= some {
                see(&batch[..some]);
                some = 0;
            }
        }
        see(&batch[..some]);
    }

    /// The same for a question about one thing, right after its words: every document that meets it is a hit.
    pub fn finish_only(&mut self, mut see: impl FnMut(&[(DocId, f32)])) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        for at in 0..WORDS {
            for slot in slots(at, std::mem::take(&mut self.part.0[at])) {
                batch.push((self.first + slot as DocId, std::mem::take(&mut self.places[slot]).score()));
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
            let first = 3 * STRETCH as DocId;
            tally.begin(first);
            for (doc, score) in [(3, 2.0), (3, 1.0), (70, 1.0), (99, 4.0)] {
                tally.add(first + doc, score);
            }
            tally.end_part(1.0, false);
            tally.close();
            assert!(tally.is_open(first + 3) && !tally.is_open(first + 4));
            assert_eq!(tally.open_among(&[first + 2, first + 3], &mut [0; BLOCK]), Some(&[1][..]));
            tally.add(first + 3, 1.0);
            tally.end_part(1.0, false);
            tally.drop(first + 99);
            assert_eq!(found(&mut tally, 1.0, 2.0), [(first + 3, 3.3), (first + 70, 0.5_f32.sqrt())]);
        }
    }

    #[test]
    fn what_lacks_a_required_thing_is_no_hit() {
        let mut tally = Tally::default();
        tally.begin(0);
        (1..4).for_each(|doc| tally.add(doc, 1.0));
        tally.end_part(1.0, false);
        tally.add(2, 1.0);
        tally.end_part(0.0, true);
        assert_eq!(found(&mut tally, 1.0, 1.0), [(2, 2.0)]);
        tally.begin(0);
        tally.add(1, 1.0);
        tally.end_part(1.0, false);
        assert_eq!(found(&mut tally, 1.0, 1.0), [(1, 1.0)]);
    }

    #[test]
    fn few_are_looked_up_one_by_one() {
        let mut tally = Tally::default();
        tally.begin(0);
        tally.add(7, 1.0);
        tally.add(90, 1.0);
        assert!(tally.few(1_000).is_none());
        tally.end_part(1.0, false);
        tally.close();
        assert_eq!(tally.few(1_000).map(|it| it.collect::<Vec<_>>()), Some(vec![7, 90]));
        assert!(tally.few(20).is_none());
        assert_eq!(found(&mut tally, 0.5, 1.0).len(), 2);
    }
}
