//! The words that were read before, packed. Reading a text is looking its words up, and looking up is waiting for
//! memory: what is known of a word takes one line of a table and one stretch of numbers.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::search::analyzer::Analysed;
use crate::search::dutch;
use crate::search::row::{self, Numbering};

/// The most words that are kept: a large library has about as many, in all their forms.
const KEPT: usize = 150_000;

/// The shortest and the longest word that is kept as it is written, in letters.
const SPELLED_MIN: usize = 4;
const SPELLED_MAX: usize = 40;

/// Known words.
#[derive(Debug, Default)]
pub(super) struct KnownWords {
    /// Words of no more than sixteen bytes, which are most of a text, as numbers: nothing else is to be looked at.
    short: FxHashMap<[u128; 1], Known>,
    /// Compounds, the same way.
    middle: FxHashMap<[u128; 2], Known>,
    long: FxHashMap<Box<str>, Known>,
    pub numbering: Numbering,
    /// Of each word the numbers of its stem, of how it is spelled, and of its parts, as rows have them.
    numbers: Vec<u32>,
}

/// A known word. Small on purpose.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Where its numbers begin.
    at: u32,
    has_stem: bool,
    /// Whether a typing error may be mended into it.
    pub is_spelled: bool,
    parts: u8,
    /// In how many public documents it was noted as it is written.
    pub noted: u8,
    /// The last document it was seen in.
    pub document: u32,
}

/// What rows take of a known word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'a> {
    pub stem: Option<u32>,
    pub spelled: Option<u32>,
    pub parts: &'a [u32],
}

impl KnownWords {
    /// A word of a text, when it is known.
    #[inline]
    pub fn get(&mut self, text: &str, range: &Range<usize>) -> Option<&mut Known> {
        if let Some(key) = packed(text, range) {
            self.short.get_mut(&key)
        } else if let Some(key) = packed(text, range) {
            self.middle.get_mut(&key)
        } else {
            self.long.get_mut(&text[range.clone()])
        }
    }

    /// Makes a word known from here on, when there is room.
    pub fn keep(&mut self, text: &str, range: &Range<usize>, word: &Analysed) -> Option<&mut Known> {
        if KEPT <= self.short.len() + self.middle.len() + self.long.len() || dutch::LONGEST < range.len() {
            return None;
        }
        let known = self.write(word);
        Some(if let Some(key) = packed(text, range) {
            self.short.entry(key).or_insert(known)
        } else if let Some(key) = packed(text, range) {
            self.middle.entry(key).or_insert(known)
        } else {
            self.long.entry(text[range.clone()].into()).or_insert(known)
        })
    }

    /// What rows take of a word that stays unknown.
    pub fn once<T>(&mut self, word: &Analysed, take: impl FnOnce(Terms<'_>) -> T) -> T {
        let known = self.write(word);
        let res = take(self.terms(&known));
        self.numbers.truncate(known.at as usize);
        res
    }

    #[inline]
    pub fn terms(&self, known: &Known) -> Terms<'_> {
        let mut numbers = self.numbers.get(known.at as usize..).unwrap_or_default();
        let mut next = |is_there: bool| {
            let (first, rest) = numbers.split_first().filter(|_| is_there)?;
            numbers = rest;
            Some(*first)
        };
        let (stem, spelled) = (next(known.has_stem), next(known.is_spelled));
        Terms { stem, spelled, parts: numbers.get(..usize::from(known.parts)).unwrap_or_default() }
    }

    fn write(&mut self, word: &Analysed) -> Known {
        let at = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let has_stem = !word.stem.is_empty() && word.stem.len() <= dutch::LONGEST;
        let is_spelled = is_spelled(&word.folded);
        if has_stem {
            self.numbers.push(self.numbering.number(&word.stem));
        }
        if is_spelled {
            self.numbers.push(self.numbering.number(&word.folded));
        }
        let mut parts = 0;
        for it in word.parts.iter().chain(&word.inner).take(usize::from(u8::MAX)) {
            self.numbers.push(row::same(self.numbering.number(it)));
            parts += 1;
        }
        Known { at, has_stem, is_spelled, parts, noted: 0, document: 0 }
    }
}

/// A word of a text as numbers, when it fits. No word has a byte of zero, so no two are alike.
#[inline]
fn packed<const N: usize>(text: &str, range: &Range<usize>) -> Option<[u128; N]> {
    const EACH: usize = size_of::<u128>();
    let mut res = [0; N];
    if N * EACH < range.len() {
        return None;
    }
    for (at, number) in res.iter_mut().enumerate() {
        let start = range.start + at * EACH;
        let length = range.end.saturating_sub(start).min(EACH);
        let bytes = text.as_bytes().get(start..).unwrap_or_default();
        // In one go with what stands after it, which is wiped out: quicker than copying so few bytes.
        let whole = bytes.first_chunk::<EACH>().map_or_else(|| few(bytes), |it| u128::from_le_bytes(*it));
        let unwanted = u32::try_from(8 * (EACH - length)).unwrap_or_default();
        *number = whole & u128::MAX.checked_shr(unwanted).unwrap_or_default();
    }
    Some(res)
}

/// The last bytes of a text as a number.
#[cold]
fn few(bytes: &[u8]) -> u128 {
    bytes.iter().rev().fold(0, |res, byte| res << 8 | u128::from(*byte))
}

/// Words worth mending a typing error into: letters, of some length.
pub(super) fn is_spelled(word: &str) -> bool {
    (SPELLED_MIN..=SPELLED_MAX).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_small() {
        assert_eq!(size_of::<([u128; 1], Known)>(), 32);
    }

    #[test]
    fn a_word_is_the_same_wherever_it_stands() {
        let (text, word) = ("zorg voor ouderen, en zorg", "zorg");
        let all: Vec<Range<usize>> = text.match_indices(word).map(|it| it.0..it.0 + word.len()).collect();
        assert_eq!(packed::<1>(text, &all[0]), packed(text, &all[1]));
        assert_eq!(packed::<1>(text, &all[0]), packed(word, &(0..4)));
        assert_eq!(packed::<1>(text, &(0..4)), Some([u128::from(u32::from_le_bytes(*b"zorg"))]));
        assert_ne!(packed::<1>(text, &(0..4)), packed(text, &(0..3)));
        assert_eq!((packed::<1>(text, &(0..0)), packed::<2>("", &(0..0))), (Some([0]), Some([0, 0])));
        assert_eq!((packed::<1>(text, &(0..16)).is_some(), packed::<1>(text, &(0..17))), (true, None));
        assert_eq!(packed::<2>(text, &(5..22)), packed("voor ouderen, en", &(0..16)).map(|[it]| [it, 0x20]));
    }

    #[test]
    fn what_is_kept_is_known() {
        let (mut words, text) = (KnownWords::default(), "zorgplannen verantwoordingsplichten, enz.");
        let word = |stem: &str, parts: &[&str]| Analysed {
            folded: stem.into(),
            stem: stem.into(),
            parts: parts.iter().map(|it| (*it).into()).collect(),
            is_full: true,
            inner: vec![],
        };
        let (short, long) = (0..11, 12..35);
        let shown = |words: &KnownWords, terms: Terms| {
            let term = |it: u32| words.numbering.term(it).to_owned();
            let part = |it: &u32| term(it & !row::same(0));
            (terms.stem.map(term), terms.spelled.map(term), terms.parts.iter().map(part).collect::<Vec<_>>().join(" "))
        };
        assert!(words.get(text, &short).is_none());
        words.keep(text, &short, &word("zorgplan", &["zorg", "plan"])).unwrap().document = 3;
        assert_eq!(words.once(&word("een", &["plan"]), |it| (it.spelled, it.parts.len())), (None, 1));
        words.keep(text, &long, &word("plicht", &[])).unwrap();
        let known = *words.get(text, &short).unwrap();
        assert_eq!(known.document, 3);
        let zorgplan = Some("zorgplan".to_owned());
        assert_eq!(shown(&words, words.terms(&known)), (zorgplan.clone(), zorgplan, "zorg plan".into()));
        let known = *words.get(text, &long).unwrap();
        assert_eq!(shown(&words, words.terms(&known)).2, "");
    }
}
