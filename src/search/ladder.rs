//! The ladder: what answers a question by the strictest demand that enough documents meet. When hardly any does, less
//! will do, one step at a time; whoever shows the answer says how far it went.

use crate::domain::actor::Actor;
use crate::search::gather::{self, Gathered};
use crate::search::query::{self, Demand, Masses};
use crate::search::question::Question;
use crate::search::request::{Request, Sort};
use crate::search::{View, passage};

/// With fewer hits than this a question is read more freely.
const FEW: u64 = 15;
/// The same for a question that asks for one thing only.
const FEW_OF_ONE: u64 = 5;
/// How many of the first hits are ordered by words that stand together.
const NEIGHBOURS: usize = 50;

impl View {
    /// What answers a question. When hardly anything does, less will do; says how much had to be met.
    pub(super) fn gather(
        &self,
        question: &Question,
        request: &Request,
        actor: &Actor,
    ) -> tantivy::Result<(Gathered, Demand)> {
        let wanted = request.offset() + request.per_page() as usize;
        if question.is_blank {
            return Ok((gather::gather(self, None, request, actor, wanted)?, Demand::Most));
        }
        let (found, demand) = self.gather_enough(question, request, actor, wanted.max(NEIGHBOURS))?;
        Ok((self.reorder(question, request, found, wanted)?, demand))
    }

    /// What answers a question by the strictest demand that enough documents meet.
    fn gather_enough(
        &self,
        question: &Question,
        request: &Request,
        actor: &Actor,
        most: usize,
    ) -> tantivy::Result<(Gathered, Demand)> {
        let gather = |demand| gather::gather(self, Some(&self.weight(question, demand)?), request, actor, most);
        let mut met = if question.asks_several() { Demand::All } else { Demand::Most };
        let mut found = gather(met)?;
        if met == Demand::All && found.unfiltered < FEW {
            (found, met) = (gather(Demand::Most)?, Demand::Most);
        }
        if found.unfiltered < FEW && question.has_parts() {
            let more = gather(Demand::Apart)?;
            if found.unfiltered < more.unfiltered {
                (found, met) = (more, Demand::Apart);
            }
        }
        // What has the one thing that was asked for is enough of an answer, however little it is.
        let few = if question.asks_several() { FEW } else { FEW_OF_ONE };
        if few <= found.unfiltered || !question.has_more() {
            return Ok((found, met));
        }
        for demand in [Demand::Some, Demand::Any] {
            let more = gather(demand)?;
            if found.unfiltered < more.unfiltered {
                return Ok((more, demand));
            }
        }
        Ok((found, met))
    }

    /// The first hits in a better order: those that have the words of the question together before those that have
    /// them apart.
    fn reorder(
        &self,
        question: &Question,
        request: &Request,
        mut found: Gathered,
        wanted: usize,
    ) -> tantivy::Result<Gathered> {
        if request.sort() != Sort::Relevance {
            return Ok(found);
        }
        let mut neighbours = Vec::new();
        for (factor, query) in query::neighbours(question) {
            neighbours.push((factor, query.weight(self.scoring())?));
        }
        let first = found.top.len().min(NEIGHBOURS);
        gather::reorder(&self.searcher, &neighbours, &mut found.top[..first])?;
        passage::reorder(question, &Masses::new(&self.terms), &mut found.top[..first], wanted.min(first))?;
        Ok(found)
    }
}
