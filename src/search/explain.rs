//! Why a document stands where it stands: how the question was read, and what each thing asked for gave.

use tantivy::query::Query;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use crate::domain::actor::Actor;
use crate::domain::id::RecordId;
use crate::search::best_of::BestOf;
use crate::search::error::Error;
use crate::search::query::{self, Demand, Masses};
use crate::search::question::{Clause, Question, What};
use crate::search::ranking::{self, Signals};
use crate::search::request::{REACH, Request};
use crate::search::{Answer, Search, View, passage, schema};

/// How a question was read, and why a document answers it.
#[derive(Debug, Clone)]
pub struct Explanation {
    pub question: Question,
    pub asked: Vec<Asked>,
    /// How much of the question a document had to meet.
    pub demand: Demand,
    pub total: u64,
    /// From 1; `None` when the document is no hit.
    pub rank: Option<usize>,
    /// As in the list of hits; words that stand together and the signals included.
    pub score: f32,
    /// Which share of the question its best passage answers, from 0 to 1; `None` for a question about one thing.
    pub passage: Option<f32>,
    pub signals: Signals,
}

/// One thing asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub text: String,
    /// How much it says in this library: its inverse document frequency.
    pub mass: f32,
    /// What it gave the document.
    pub score: f32,
    /// Each way with what it would give alone: why it is looked for, and which words.
    pub ways: Vec<(&'static str, String, f32)>,
}

impl Search {
    /// Explains the place of a document among the hits of a request; `None` when it is not in the index.
    pub fn explain(&self, request: &Request, actor: &Actor, id: &RecordId) -> Result<Option<Explanation>, Error> {
        let view = self.view();
        view.explain(request, actor, id).map_err(|it| view.live.error(it))
    }
}

impl View {
    fn explain(&self, request: &Request, actor: &Actor, id: &RecordId) -> tantivy::Result<Option<Explanation>> {
        let Some(address) = self.address(id)? else { return Ok(None) };
        let Answer { question, found, demand, .. } = self.answer(&request.clone().paged(1, REACH), actor)?;
        let at = found.top.iter().position(|it| it.1 == address);
        let masses = Masses::new(&self.terms);
        let mut asked = Vec::new();
        for clause in &question.clauses {
            asked.push(self.asked(clause, demand, &masses, address)?);
        }
        let columns = self.segments().nth(address.segment_ord as usize).map(|it| it.1);
        Ok(Some(Explanation {
            asked,
            demand,
            total: found.total,
            rank: at.map(|it| it + 1),
            score: at.map_or(0.0, |it| found.top[it].0),
            passage: passage::share(&question, &masses, address)?,
            signals: columns.map_or(Signals::new(100, 0, 0), |it| {
                let signals = self.signals(it, address.doc_id);
                if ranking::is_unconfirmed(it.review_by(address.doc_id), request.day()) {
                    signals.unconfirmed()
                } else {
                    signals
                }
            }),
            question,
        }))
    }

    fn asked(&self, clause: &Clause, demand: Demand, masses: &Masses, address: DocAddress) -> tantivy::Result<Asked> {
        let mut ways = Vec::new();
        for way in &clause.ways {
            let mut alone = BestOf::default();
            query::add_way(&mut alone, clause, way, demand, masses);
            ways.push((way.why.label(), words(&way.what), self.score(&alone, address)?));
        }
        Ok(Asked {
            text: clause.text.clone(),
            mass: masses.clause(clause),
            score: self.score(&query::query(clause, demand, masses), address)?,
            ways,
        })
    }

    /// What a query gives a document; 0 when it is no hit.
    fn score(&self, query: &dyn Query, address: DocAddress) -> tantivy::Result<f32> {
        let weight = query.weight(self.scoring())?;
        let mut scorer = weight.scorer(self.searcher.segment_reader(address.segment_ord), 1.0)?;
        if scorer.doc() < address.doc_id {
            scorer.seek(address.doc_id);
        }
        Ok(if scorer.doc() == address.doc_id { scorer.score() } else { 0.0 })
    }

    /// Where a document stands in the index.
    pub(crate) fn address(&self, id: &RecordId) -> tantivy::Result<Option<DocAddress>> {
        let term = Term::from_field_text(schema::fields().id, id.as_str());
        for (at, segment) in self.searcher.segment_readers().iter().enumerate() {
            let postings = segment.inverted_index(term.field())?.read_postings(&term, IndexRecordOption::Basic)?;
            let Some(mut postings) = postings else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if segment.alive_bitset().is_none_or(|it| it.is_alive(doc)) {
                    return Ok(Some(DocAddress::new(at as u32, doc)));
                }
                doc = postings.advance();
            }
        }
        Ok(None)
    }
}

/// The words of a way, as stems.
fn words(what: &What) -> String {
    match what {
        What::Stem(stem) => stem.clone(),
        What::Phrase(stems) => {
            format!("\"{}\"", stems.iter().map(|it| it.1.as_str()).collect::<Vec<_>>().join(" "))
        }
        What::Parts(stems) => stems.join(" + "),
        What::All(clauses) => {
            let each = clauses.iter().map(|it| it.ways.first().map_or(String::new(), |way| words(&way.what)));
            each.collect::<Vec<_>>().join(" + ")
        }
    }
}
