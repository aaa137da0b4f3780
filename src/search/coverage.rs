//! Documents that answer enough of a question. Each thing asked for has a mass, which is how much it says; a document
//! must meet things of a certain mass together. So a document may lack a common word, but not the rare one.
//!
//! Things that by themselves cannot reach that mass are only looked up in documents that have one of the others:
//! common words cost little.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

/// One thing asked for.
#[derive(Debug)]
pub struct Part {
    pub query: Box<dyn Query>,
    /// How much it says; 0 when it only helps the order.
    pub mass: f32,
    /// Without it there is no hit, whatever the mass of the others.
    pub is_required: bool,
}

/// The whole question.
#[derive(Debug)]
pub struct Coverage {
    pub parts: Vec<Part>,
    /// What no document may have.
    pub without: Vec<Box<dyn Query>>,
    /// The mass a document must meet.
    pub enough: f32,
}

impl Clone for Coverage {
    fn clone(&self) -> Coverage {
        let part = |it: &Part| Part { query: it.query.box_clone(), mass: it.mass, is_required: it.is_required };
        Coverage {
            parts: self.parts.iter().map(part).collect(),
            without: self.without.iter().map(|it| it.box_clone()).collect(),
            enough: self.enough,
        }
    }
}

impl Query for Coverage {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            parts.push((part.query.weight(scoring)?, part.mass, part.is_required));
        }
        let mut without = Vec::with_capacity(self.without.len());
        for query in &self.without {
            let schema = scoring.schema();
            without.push(query.weight(EnableScoring::disabled_from_schema(schema))?);
        }
        Ok(Box::new(CoverageWeight { parts, without, enough: self.enough }))
    }
}

struct CoverageWeight {
    parts: Vec<(Box<dyn Weight>, f32, bool)>,
    without: Vec<Box<dyn Weight>>,
    enough: f32,
}

impl Weight for CoverageWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut heads = Vec::with_capacity(self.parts.len());
        for (weight, mass, is_required) in &self.parts {
            let scorer = weight.scorer(reader, boost)?;
            if *is_required && scorer.doc() == TERMINATED {
                return Ok(Box::new(EmptyScorer));
            }
            heads.push(Head { scorer, mass: *mass, is_required: *is_required });
        }
        let mut without = Vec::with_capacity(self.without.len());
        for weight in &self.without {
            without.push(weight.scorer(reader, 1.0)?);
        }
        Ok(Box::new(CoverageScorer::new(heads, without, self.enough)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let score = if scorer.doc() <= doc && scorer.seek(doc) == doc { scorer.score() } else { 0.0 };
        Ok(Explanation::new("coverage", score))
    }
}

struct Head {
    scorer: Box<dyn Scorer>,
    mass: f32,
    is_required: bool,
}

struct CoverageScorer {
    /// Those that lead first, then those that are looked up, each group by falling mass.
    heads: Vec<Head>,
    /// How many lead: every hit has one of them.
    leading: usize,
    /// Per head the mass of it and all after it.
    left: Vec<f32>,
    without: Vec<Box<dyn Scorer>>,
    enough: f32,
    /// Of all heads.
    total: f32,
    doc: DocId,
    score: Score,
}

impl CoverageScorer {
    fn new(mut heads: Vec<Head>, without: Vec<Box<dyn Scorer>>, enough: f32) -> CoverageScorer {
        heads.sort_by(|a, b| b.is_required.cmp(&a.is_required).then(b.mass.total_cmp(&a.mass)));
        let mut left: Vec<f32> = heads
            .iter()
            .rev()
            .scan(0.0, |sum, it| {
                *sum += it.mass;
                Some(*sum)
            })
            .collect();
        left.reverse();
        // What comes after the leaders must be too little by itself. A required one leads alone.
        let leading = match heads.first() {
            Some(first) if first.is_required => 1,
            _ => left.iter().position(|it| *it < enough).unwrap_or(heads.len()),
        };
        let total = left.first().copied().unwrap_or(0.0).max(f32::MIN_POSITIVE);
        let mut res = CoverageScorer { heads, leading, left, without, enough, total, doc: 0, score: 0.0 };
        res.go_on();
        res
    }

    /// Stands at the first hit among what the leaders point at.
    fn go_on(&mut self) {
        loop {
            let doc = self.heads[..self.leading].iter().map(|it| it.scorer.doc()).min().unwrap_or(TERMINATED);
            self.doc = doc;
            if doc == TERMINATED || self.is_hit(doc) {
                return;
            }
            self.pass(doc);
        }
    }

    /// Moves the leaders beyond a document.
    fn pass(&mut self, doc: DocId) {
        for head in &mut self.heads[..self.leading] {
            if head.scorer.doc() == doc {
                head.scorer.advance();
            }
        }
    }

    fn is_hit(&mut self, doc: DocId) -> bool {
        let (mut mass, mut score) = (0.0, 0.0);
        for at in 0..self.heads.len() {
            if mass + self.left[at] < self.enough {
                return false;
            }
            let head = &mut self.heads[at];
            if self.leading <= at && head.scorer.doc() < doc {
                head.scorer.seek(doc);
            }
            if head.scorer.doc() == doc {
                mass += head.mass;
                score += head.scorer.score();
            } else if head.is_required {
                return false;
            }
        }
        if mass < self.enough {
            return false;
        }
        for scorer in &mut self.without {
            if scorer.doc() < doc {
                scorer.seek(doc);
            }
            if scorer.doc() == doc {
                return false;
            }
        }
        // A document that answers more of the question goes before one that answers a part of it often.
        self.score = score * (mass / self.total).sqrt();
        true
    }
}

impl DocSet for CoverageScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.pass(self.doc);
            self.go_on();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            for head in &mut self.heads[..self.leading] {
                if head.scorer.doc() < target {
                    head.scorer.seek(target);
                }
            }
            self.go_on();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.heads[..self.leading].iter().map(|it| it.scorer.size_hint()).fold(0, u32::saturating_add)
    }
}

impl Scorer for CoverageScorer {
    fn score(&mut self) -> Score {
        self.score
    }
}
