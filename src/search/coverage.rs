//! Documents that meet enough of what was asked, each thing weighed by how much it says, with their score.
//!
//! Not the engine's boolean query: that counts clauses, and then "de" weighs as much as "ziekteverzuim".

use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::{DocId, SegmentReader, TERMINATED};

use crate::search::best_of::{BestOf, BestOfWeight};
use crate::search::tally::Tally;

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
        see: impl FnMut(&[(DocId, f32)]),
    ) -> tantivy::Result<()> {
        tally.begin(reader.max_doc());
        if let ([(only, mass, _)], []) = (&self.parts[..], &self.without[..])
            && self.enough <= *mass
        {
            only.tally(reader, tally)?;
            tally.finish_only(see);
            return Ok(());
        }
        let mut left = self.total;
        for (part, mass, is_required) in &self.parts {
            // What was not met yet could only meet what is left.
            if left < self.enough {
                tally.close();
            }
            part.tally(reader, tally)?;
            tally.end_part(*mass, *is_required);
            left -= mass;
        }
        for weight in &self.without {
            let mut scorer = weight.scorer(reader, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                tally.drop(doc);
                doc = scorer.advance();
            }
        }
        tally.finish(self.enough, self.total, see);
        Ok(())
    }
}
