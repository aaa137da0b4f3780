//! What to mark in a text: the words that show why it was found.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::search::analyzer::Analyzer;
use crate::search::dutch;
use crate::search::question::{Clause, Need, Question, What, Why};

/// How much a part of a word shows beside a word of its own.
pub const PART: f32 = 0.6;

/// Which thing asked for a word shows, and how much; none when it shows nothing.
type Shown = Option<(usize, f32)>;

/// The stems to mark in a text, with how much each says.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// By stem: the number of the thing asked for, and the weight.
    stems: FxHashMap<String, (usize, f32)>,
    clauses: usize,
    /// What was worked out, by word as written: the texts of one answer have most of their words in common.
    long: RefCell<FxHashMap<Box<str>, Shown>>,
    /// The same for words of no more than eight bytes, which are most of a text.
    short: RefCell<FxHashMap<u64, Shown>>,
}

impl Marks {
    /// The marks of a question.
    pub fn of_question(question: &Question, analyzer: &Analyzer) -> Marks {
        let mut res = Marks::default();
        for clause in question.clauses.iter().filter(|it| it.need != Need::Never) {
            res.add(clause, 1.0, analyzer);
        }
        res
    }

    /// Marks for stems that each are a thing of their own.
    pub fn of<'a>(stems: impl IntoIterator<Item = &'a str>) -> Marks {
        let mut res = Marks::default();
        for stem in stems {
            res.push(res.clauses, stem, 1.0);
            res.clauses += 1;
        }
        res
    }

    fn add(&mut self, clause: &Clause, weight: f32, analyzer: &Analyzer) {
        let weight = weight * if clause.need == Need::Lightly { 0.3 } else { 1.0 };
        let at = self.clauses;
        for way in &clause.ways {
            let weight = weight * way.weight;
            match &way.what {
                What::Stem(stem) => self.push(at, stem, weight),
                What::Phrase(stems) => {
                    // "informele zorg" was looked for along: zorg alone shows nothing.
                    let says = |stem: &str| way.why != Why::Concept || !analyzer.is_light(stem);
                    let shown = stems.iter().filter(|it| says(&it.1));
                    shown.for_each(|(_, it)| self.push_of_many(at, it, weight, stems.len()));
                }
                What::Parts(stems) => stems.iter().for_each(|it| self.push_of_many(at, it, weight, stems.len())),
                What::All(clauses) => {
                    for it in clauses.iter().filter(|it| it.need != Need::Never) {
                        self.add(it, way.weight, analyzer);
                    }
                }
            }
        }
        self.clauses = self.clauses.max(at + 1);
    }

    /// One of several stems that only together mean something: stop words among them are left unmarked.
    fn push_of_many(&mut self, clause: usize, stem: &str, weight: f32, count: usize) {
        if !dutch::is_stop_word(stem) {
            self.push(clause, stem, weight / count as f32);
        }
    }

    fn push(&mut self, clause: usize, stem: &str, weight: f32) {
        let known = self.stems.entry(stem.to_owned()).or_insert((clause, weight));
        known.1 = known.1.max(weight);
    }

    pub fn is_empty(&self) -> bool {
        self.stems.is_empty()
    }

    /// Every stem, with which thing asked for it shows, and how much.
    pub fn stems(&self) -> impl Iterator<Item = (&str, usize, f32)> {
        self.stems.iter().map(|(stem, (clause, weight))| (stem.as_str(), *clause, *weight))
    }

    /// How many things were asked for.
    pub fn clauses(&self) -> usize {
        self.clauses
    }

    /// Which thing asked for a stem shows, and how much.
    pub fn get(&self, stem: &str) -> Shown {
        self.stems.get(stem).copied()
    }

    /// Which thing asked for a word shows as it is written, itself or by its parts, and how much.
    pub fn of_word(&self, raw: &str, analyzer: &Analyzer) -> Shown {
        if let Some(key) = packed(raw) {
            return *self.short.borrow_mut().entry(key).or_insert_with(|| self.work_out(raw, analyzer));
        }
        if let Some(known) = self.long.borrow().get(raw) {
            return *known;
        }
        let res = self.work_out(raw, analyzer);
        self.long.borrow_mut().insert(raw.into(), res);
        res
    }

    fn work_out(&self, raw: &str, analyzer: &Analyzer) -> Shown {
        let word = analyzer.word(raw);
        let parts = word.parts.iter().chain(&word.inner).filter_map(|it| self.get(it)).map(|it| (it.0, PART * it.1));
        self.get(&word.stem).into_iter().chain(parts).max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// A short word as a number. No word has a byte of zero, so no two are alike.
fn packed(word: &str) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u64::from_le_bytes(bytes))
}
