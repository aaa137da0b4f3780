//! Documents that meet enough of what was asked, each thing weighed by how much it says, with their score.
//!
//! Not the engine's boolean query: that counts clauses, and then "de" weighs as much as "ziekteverzuim".

use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{DocId, SegmentReader};

use crate::search::best_of::{BestOf, BestOfWeight};
use crate::search::tally::{STRETCH, Tally};

/// One thing asked for.
#[derive(Debug)]
pub struct Part {
    pub query: BestOf,
    /// How much it says; 0 when it only helps the order.
    pub mass: f32,
    /// Without it there is no hit, whatever the mass of the others.
    pub is_required: bool,
}

/// Documents with enough of the parts, and nothing of `without`.
#[derive(Debug)]
pub struct Coverage {
    pub parts: Vec<Part>,
    pub without: Vec<Box<dyn Query>>,
    /// The mass that a document must have at least.
    pub enough: f32,
}

impl Coverage {
    /// Ready to be looked for in segments.
    pub fn weigh(&self, scoring: EnableScoring<'_>) -> tantivy::Result<CoverageWeight> {
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            parts.push((part.query.weigh(scoring)?, part.mass, part.is_required));
        }
        parts.sort_by(|a, b| b.2.cmp(&a.2).then(b.1.total_cmp(&a.1)));
        let mut without = Vec::with_capacity(self.without.len());
        for query in &self.without {
            without.push(query.weight(EnableScoring::disabled_from_schema(scoring.schema()))?);
        }
        let total = parts.iter().map(|it| it.1).sum::<f32>().max(f32::MIN_POSITIVE);
        Ok(CoverageWeight { parts, without, enough: self.enough, total })
    }
}

/// A question, ready to be looked for in segments.
pub struct CoverageWeight {
    /// With mass, and whether it is required; those first, then by falling mass.
    parts: Vec<(BestOfWeight, f32, bool)>,
    without: Vec<Box<dyn Weight>>,
    enough: f32,
    /// The mass of all parts.
    total: f32,
}

impl CoverageWeight {
    /// Shows every hit of a segment with its score, in order, some at a time.
    pub fn each(
        &self,
        reader: &SegmentReader,
        tally: &mut Tally,
        mut see: impl FnMut(&[(DocId, f32)]),
    ) -> tantivy::Result<()> {
        let mut parts = Vec::with_capacity(self.parts.len());
        for (part, mass, is_required) in &self.parts {
            parts.push((part.lists(reader)?, *mass, *is_required));
        }
        let mut without = Vec::with_capacity(self.without.len());
        for weight in &self.without {
            without.push(weight.scorer(reader, 1.0)?);
        }
        // Of one thing every document that meets it is a hit, unless it says nothing.
        let is_one = matches!(self.parts[..], [(_, mass, _)] if self.enough <= mass) && without.is_empty();
        for first in (0..reader.max_doc()).step_by(STRETCH) {
            tally.begin(first);
            if let ([(only, ..)], true) = (&mut parts[..], is_one) {
                only.tally(tally);
                tally.finish_only(&mut see);
                continue;
            }
            let mut left = self.total;
            for (lists, mass, is_required) in &mut parts {
                // What was not met yet could only meet what is left.
                if left < self.enough {
                    tally.close();
                }
                if tally.is_over() {
                    break;
                }
                lists.tally(tally);
                tally.end_part(*mass, *is_required);
                left -= *mass;
            }
            let stretch = tally.stretch();
            for scorer in &mut without {
                let mut doc = scorer.doc();
                while doc < stretch.end {
                    tally.drop(doc);
                    doc = scorer.advance();
                }
            }
            tally.finish(self.enough, self.total, &mut see);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tantivy::{DocSet, TERMINATED};

    use super::*;
    use crate::domain::actor::Actor;
    use crate::search::query::{self, Demand, Masses};
    use crate::search::request::Request;
    use crate::search::seen::Seen;
    use crate::search::tests::{filled, plan};

    /// What a coverage should find in a segment: every document asked on its own, without a tally.
    fn expected(coverage: &Coverage, scoring: EnableScoring<'_>, reader: &SegmentReader) -> BTreeMap<DocId, f32> {
        let mut parts: Vec<&Part> = coverage.parts.iter().collect();
        parts.sort_by(|a, b| b.is_required.cmp(&a.is_required).then(b.mass.total_cmp(&a.mass)));
        let total: f32 = parts.iter().map(|it| it.mass).sum();
        let at = |query: &dyn Query, doc: DocId| {
            let mut scorer = query.weight(scoring).unwrap().scorer(reader, 1.0).unwrap();
            let found = if scorer.doc() < doc { scorer.seek(doc) } else { scorer.doc() };
            (found == doc && doc != TERMINATED).then(|| scorer.score())
        };
        let mut res = BTreeMap::new();
        for doc in 0..reader.max_doc() {
            let (mut score, mut mass, mut is_hit) = (0.0, 0.0, true);
            for part in &parts {
                match at(&part.query, doc) {
                    Some(more) => (score, mass) = (score + more, mass + part.mass),
                    None => is_hit &= !part.is_required,
                }
            }
            is_hit &= coverage.without.iter().all(|it| at(&**it, doc).is_none());
            if is_hit && coverage.enough <= mass {
                res.insert(doc, score * (mass / total).sqrt());
            }
        }
        res
    }

    #[test]
    fn reading_in_stretches_finds_what_asking_each_document_finds() {
        // More stretches than one, words of every rarity, and the rarest not in every stretch.
        let words = ["fiets", "tafel", "stoel", "lamp", "vloer", "fietstafel", "gordijn", "deken"];
        let records: Vec<_> = (0..STRETCH * 3 + 17)
            .map(|at| {
                let has = |word: usize| match words[word] {
                    // Few in the first stretch, none in the next, and then many.
                    "gordijn" => at == 5 || at / STRETCH == 2,
                    // As many as the engine packs together.
                    "deken" => (STRETCH..STRETCH + 128).contains(&at),
                    _ => at % [2, 3, 7, 19, 150, 11][word] == 1,
                };
                let some: Vec<&str> = (0..words.len()).filter(|it| has(*it)).map(|it| words[it]).collect();
                plan(&format!("p{at}"), "Een plan", &format!("Iets {} en {}.", some.join(" "), some.join(" of ")))
            })
            .collect();
        let (_folder, search) = filled(&records);
        let view = search.view();
        let seen = Seen::new(&view, &Actor::Anonymous);
        let mut found = 0;
        for text in [
            "fiets",
            "vloer",
            "vloer fiets",
            "fiets tafel lamp",
            "tafel -fiets",
            "\"fiets tafel\"",
            "\"stoel lamp\" vloer",
            "fietstafel",
            "tafelfiets lamp",
            "de fiets van vloer",
            "gordijn",
            "gordijn fiets",
            "gordijn tafel stoel",
            "deken fiets",
            "gordijn deken",
            "\"fiets gordijn\" tafel",
        ] {
            let question = view.read(&Request::new(text), &seen);
            for demand in [Demand::All, Demand::Most, Demand::Apart, Demand::Some, Demand::Any] {
                let coverage = query::coverage(&question, demand, &Masses::new(&view.terms));
                let weight = coverage.weigh(view.scoring()).unwrap();
                let mut tally = Tally::default();
                assert!(view.segments().any(|it| 2 * STRETCH < it.0.max_doc() as usize));
                for (reader, _) in view.segments() {
                    let expected = expected(&coverage, view.scoring(), reader);
                    let mut told = BTreeMap::new();
                    weight.each(reader, &mut tally, |some| told.extend(some.iter().copied())).unwrap();
                    assert_eq!(
                        told.keys().collect::<Vec<_>>(),
                        expected.keys().collect::<Vec<_>>(),
                        "{text} {demand:?}"
                    );
                    for (doc, score) in &told {
                        assert!((score - expected[doc]).abs() < 1e-4 * score.max(1.0), "{text} {demand:?} {doc}");
                    }
                    found += told.len();
                }
            }
        }
        assert!(1_000 < found);
    }
}
