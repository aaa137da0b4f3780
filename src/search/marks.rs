//! What to mark in a text: the words that show why it was found.

use rustc_hash::FxHashMap;

use crate::search::analyzer::Analyzer;
use crate::search::dutch;
use crate::search::question::{Clause, Need, Question, What, Why};

/// The stems to mark in a text, with how much each says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    /// By stem: the number of the thing asked for, and the weight.
    stems: FxHashMap<String, (usize, f32)>,
    clauses: usize,
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
            res.push(stem, 1.0);
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
                What::Stem(stem) => self.push(stem, weight),
                What::Phrase(stems) => {
                    // "informele zorg" was looked for along: zorg alone shows nothing.
                    let says = |stem: &str| way.why != Why::Concept || !analyzer.is_light(stem);
                    let shown = stems.iter().filter(|it| says(&it.1));
                    shown.for_each(|(_, it)| self.push_of_many(it, weight, stems.len()));
                }
                What::Parts(stems) => stems.iter().for_each(|it| self.push_of_many(it, weight, stems.len())),
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
    fn push_of_many(&mut self, stem: &str, weight: f32, count: usize) {
        if !dutch::is_stop_word(stem) {
            self.push(stem, weight / count as f32);
        }
    }

    fn push(&mut self, stem: &str, weight: f32) {
        let known = self.stems.entry(stem.to_owned()).or_insert((self.clauses, weight));
        known.1 = known.1.max(weight);
    }

    pub fn is_empty(&self) -> bool {
        self.stems.is_empty()
    }

    /// How many things were asked for.
    pub fn clauses(&self) -> usize {
        self.clauses
    }

    /// Which thing asked for a stem shows, and how much.
    pub fn get(&self, stem: &str) -> Option<(usize, f32)> {
        self.stems.get(stem).copied()
    }
}
