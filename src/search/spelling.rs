//! Words of the index that a typed word may have been meant for.
//!
//! One wrong, missing, extra or swapped letter in words of four letters or more, two in words of eight or more, and
//! two in shorter words that keep their first letter. Words with digits are never mended.

use std::collections::HashMap;

use strsim::osa_distance as distance;
use tantivy::query::FuzzyTermQuery;
use tantivy::{Searcher, Term};

use crate::search::analyzer::Analyzer;
use crate::search::{reader, schema};

/// The shortest word that is mended, and the shortest that may have two faults wherever they are.
const SHORTEST: usize = 4;
const LONG: usize = 8;
/// The shortest word with two faults that keeps its first letter.
const MIDDLE: usize = 6;
/// The longest word that is mended: longer ones cost too much, and are noise.
const LONGEST: usize = 40;
/// The most words that are looked at.
const LOOKED_AT: usize = 2_000;

/// A word that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    pub word: String,
    pub distance: usize,
    /// In how many documents it stands.
    pub documents: u64,
}

/// The words that a folded word may have been meant for, the likeliest first. Only words that are `seen` count. `common`
/// says in how many documents a word stands in any of its forms: it decides between words that are noted often.
pub fn near(
    searcher: &Searcher,
    analyzer: &Analyzer,
    word: &str,
    seen: &dyn Fn(&str) -> bool,
    common: &dyn Fn(&str) -> u64,
) -> tantivy::Result<Vec<Near>> {
    let length = word.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) || word.bytes().any(|b| b.is_ascii_digit()) {
        return Ok(vec![]);
    }
    let most = if length < MIDDLE { 1 } else { 2 };
    let mut found: HashMap<String, u64> = HashMap::new();
    for it in analyzer.known().iter().filter(|it| it.chars().count().abs_diff(length) <= most) {
        if distance(word, it) <= most {
            found.insert(it.clone(), 0);
        }
    }
    let term = Term::from_field_text(schema::fields().exact, word);
    let automaton = FuzzyTermQuery::new(term, most as u8, true).automaton()?;
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(schema::fields().exact)?;
        let mut stream = index.terms().search(&automaton).into_stream()?;
        let mut left = LOOKED_AT;
        while 0 < left && stream.advance() {
            left -= 1;
            if let Ok(text) = std::str::from_utf8(stream.key()) {
                *found.entry(text.to_owned()).or_default() += u64::from(stream.value().doc_freq);
            }
        }
    }
    let first = |text: &str| text.chars().next();
    let mut res: Vec<Near> = found
        .into_iter()
        .map(|(it, documents)| Near { distance: distance(word, &it), word: it, documents })
        .filter(|it| 0 < it.distance && it.distance <= most)
        .filter(|it| it.distance < 2 || LONG <= length || first(&it.word) == first(word))
        .filter(|it| seen(&it.word))
        .collect();
    let often = u64::from(reader::SPELLED_OFTEN);
    for it in res.iter_mut().filter(|it| often <= it.documents) {
        it.documents = it.documents.max(common(&it.word));
    }
    // Fewer faults first; then a word that keeps the first letter, then the commoner one.
    res.sort_by(|a, b| {
        let key = |it: &Near| (it.distance, first(&it.word) != first(word), std::cmp::Reverse(it.documents));
        key(a).cmp(&key(b)).then_with(|| a.word.cmp(&b.word))
    });
    // Two faults are only supposed when one is not enough.
    let least = res.first().map_or(0, |it| it.distance);
    res.retain(|it| it.distance == least);
    Ok(res)
}
