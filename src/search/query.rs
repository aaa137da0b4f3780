//! What was typed, as a query of the engine. Words and "phrases" are the whole grammar; every other sign is text.
//!
//! The engine's own query language is not offered: it would reach any field, and read "Wzd:" or "verzuim AND" as
//! something else than words.
//!
//! Invariant: every query carries the audiences of its actor.

use std::collections::BTreeSet;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::domain::actor::Actor;
use crate::domain::visibility;
use crate::search::dutch::{self, Written};
use crate::search::request::{Facet, Request, TERMS_MAX};
use crate::search::schema;
use crate::search::stem::stem;

/// How much a word in another field adds to the field where it weighs most.
const TIE_BREAKER: f32 = 0.1;

/// What a question asks for, read once: the query and the marks in the text both come from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    clauses: Vec<Clause>,
    /// Nothing was typed: every document is a hit.
    is_blank: bool,
}

/// One thing asked for: any of its ways will do.
#[derive(Debug, Clone, PartialEq)]
struct Clause {
    ways: Vec<Way>,
    need: Need,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// A phrase between quotes: without it there is no hit.
    Always,
    /// A word: of many, some may be missing.
    Mostly,
    /// A stop word: it only helps.
    Never,
}

/// One way to meet a clause: a stem, or stems at their distance from the first.
///
/// A synonym or a compound can be one more way, with a lower weight.
#[derive(Debug, Clone, PartialEq)]
struct Way {
    stems: Vec<(usize, String)>,
    weight: f32,
}

impl Question {
    /// Reads what was typed. Quotes without a partner are text.
    pub fn read(q: &str) -> Question {
        let mut clauses: Vec<Clause> = Vec::new();
        let mut left = TERMS_MAX;
        for (is_phrase, piece) in pieces(q) {
            let mut written = dutch::written(piece);
            written.retain_mut(|it| {
                let fits = it.parts.len() <= left;
                left -= if fits { it.parts.len() } else { 0 };
                fits
            });
            if is_phrase {
                clauses.extend(Clause::phrase(&written));
            } else {
                clauses.extend(written.iter().map(Clause::word));
            }
        }
        let mut res: Vec<Clause> = Vec::new();
        for clause in clauses {
            if !res.contains(&clause) {
                res.push(clause);
            }
        }
        if res.iter().all(|it| it.need == Need::Never) {
            res.iter_mut().for_each(|it| it.need = Need::Mostly);
        }
        Question { clauses: res, is_blank: q.trim().is_empty() }
    }

    /// Whether there is no word to look for.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// The stems to mark in a text.
    pub fn terms(&self) -> BTreeSet<&str> {
        let asked = self.clauses.iter().filter(|it| it.need != Need::Never);
        asked.flat_map(|it| &it.ways).flat_map(|it| &it.stems).map(|(_, stem)| stem.as_str()).collect()
    }

    /// The documents that answer it and that the actor may read, the best first.
    pub fn query(&self, actor: &Actor) -> Box<dyn Query> {
        let mut parts = vec![(Occur::Must, audience(actor))];
        let of = |need: Need| self.clauses.iter().filter(move |it| it.need == need).map(Clause::query);
        let words: Vec<_> = of(Need::Mostly).map(|it| (Occur::Should, it)).collect();
        match (self.is_empty(), self.is_blank) {
            (true, true) => parts.push((Occur::Must, Box::new(AllQuery))),
            // Something was typed, but nothing that stands in a text.
            (true, false) => parts.push((Occur::Must, Box::new(EmptyQuery))),
            _ => (),
        }
        if !words.is_empty() {
            let required = required(words.len());
            parts.push((Occur::Must, Box::new(BooleanQuery::with_minimum_required_clauses(words, required))));
        }
        parts.extend(of(Need::Always).map(|it| (Occur::Must, it)));
        parts.extend(of(Need::Never).map(|it| (Occur::Should, it)));
        Box::new(BooleanQuery::with_minimum_required_clauses(parts, 0))
    }
}

/// The same query, narrowed by the filters of a request. They do not count for the score.
pub fn narrowed(query: Box<dyn Query>, request: &Request) -> Box<dyn Query> {
    let filters = request.filters().iter().filter(|(_, values)| !values.is_empty());
    let mut parts: Vec<(Occur, Box<dyn Query>)> = filters
        .map(|(facet, values)| (Occur::Must, any(values.iter().map(|value| term(field_of(*facet, value), value)))))
        .collect();
    if parts.is_empty() {
        return query;
    }
    parts.push((Occur::Must, query));
    Box::new(BooleanQuery::new(parts))
}

/// Where a value of a filter stands: an organisation with a role has a field of its own.
fn field_of(facet: Facet, value: &str) -> Field {
    match facet {
        Facet::Organisation if value.contains(':') => schema::fields().organisation_role,
        _ => schema::fields().facet(facet),
    }
}

/// How many of so many words a document must have: all of one or two, three quarters of more.
fn required(words: usize) -> usize {
    if words <= 2 { words } else { words * 3 / 4 }
}

fn audience(actor: &Actor) -> Box<dyn Query> {
    any(visibility::memberships(actor).into_iter().map(|it| term(schema::fields().audience, it)))
}

/// Documents with at least one of the terms, without a score.
fn any(terms: impl Iterator<Item = Term>) -> Box<dyn Query> {
    let terms = terms.map(|it| Box::new(TermQuery::new(it, IndexRecordOption::Basic)) as Box<dyn Query>);
    Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::union(terms.collect())), 0.0))
}

fn term(field: Field, text: &str) -> Term {
    Term::from_field_text(field, text)
}

impl Clause {
    fn word(written: &Written) -> Clause {
        let is_stop = matches!(&written.parts[..], [word] if dutch::is_stop_word(&word.text));
        Clause { ways: ways(std::slice::from_ref(written)), need: if is_stop { Need::Never } else { Need::Mostly } }
    }

    /// Words in this order; one word between quotes is that word, and must be there.
    fn phrase(written: &[Written]) -> Option<Clause> {
        (!written.is_empty()).then(|| Clause { ways: ways(written), need: Need::Always })
    }

    fn query(&self) -> Box<dyn Query> {
        let fields = schema::fields();
        let weights = [(fields.title, 3.0), (fields.names, 2.0), (fields.summary, 2.0), (fields.body, 1.0)];
        let queries = self.ways.iter().flat_map(|way| {
            weights.map(|(field, weight)| {
                Box::new(BoostQuery::new(way.query(field), weight * way.weight)) as Box<dyn Query>
            })
        });
        Box::new(DisjunctionMaxQuery::with_tie_breaker(queries.collect(), TIE_BREAKER))
    }
}

impl Way {
    fn query(&self, field: Field) -> Box<dyn Query> {
        match &self.stems[..] {
            [(_, stem)] => Box::new(TermQuery::new(term(field, stem), IndexRecordOption::WithFreqs)),
            stems => Box::new(PhraseQuery::new_with_offset(
                stems.iter().map(|(at, stem)| (*at, term(field, stem))).collect(),
            )),
        }
    }
}

/// The ways in which words in a row can be written: with their hyphens or apart, and as one word.
fn ways(written: &[Written]) -> Vec<Way> {
    let first = written.iter().flat_map(|it| &it.parts).map(|it| it.position).min().unwrap_or(0);
    let apart = written.iter().flat_map(|it| &it.parts);
    let apart = apart.map(|word| (word.position - first, stem(&word.text))).collect();
    let mut res = vec![Way { stems: apart, weight: 1.0 }];
    if written.iter().any(|it| it.joined.is_some()) {
        let mut joined = Vec::new();
        // How many positions the words so far save by being one.
        let mut saved = first;
        for it in written {
            match &it.joined {
                Some(word) => {
                    joined.push((word.position - saved, stem(&word.text)));
                    saved += it.parts.len() - 1;
                }
                None => joined.extend(it.parts.iter().map(|word| (word.position - saved, stem(&word.text)))),
            }
        }
        res.push(Way { stems: joined, weight: 1.0 });
    }
    res
}

/// The text outside quotes and inside, in order: (is a phrase, text).
fn pieces(q: &str) -> Vec<(bool, &str)> {
    let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
    let mut quotes: Vec<(usize, usize)> =
        q.char_indices().filter(|(_, c)| is_quote(*c)).map(|(at, c)| (at, at + c.len_utf8())).collect();
    if quotes.len() % 2 == 1 {
        quotes.pop();
    }
    let mut res = Vec::new();
    let mut from = 0;
    for (at, (start, end)) in quotes.into_iter().enumerate() {
        res.push((at % 2 == 1, &q[from..start]));
        from = end;
    }
    res.push((false, &q[from..]));
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(q: &str) -> String {
        let clause = |it: &Clause| {
            let ways: Vec<String> = it
                .ways
                .iter()
                .map(|way| way.stems.iter().map(|(at, stem)| format!("{at}{stem}")).collect::<Vec<_>>().join(" "))
                .collect();
            let mark = match it.need {
                Need::Always => "+",
                Need::Mostly => "",
                Need::Never => "?",
            };
            format!("{mark}[{}]", ways.join("|"))
        };
        Question::read(q).clauses.iter().map(clause).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn grammar() {
        for (q, expected) in [
            ("", ""),
            ("  !! -- ", ""),
            ("plannen", "[0plan]"),
            ("plan PLANNEN", "[0plan]"),
            ("minder verzuim", "[0minder] [0verzuim]"),
            ("de zorg", "?[0de] [0zorg]"),
            ("de het", "[0de] [0het]"),
            ("e-health", "[0e 1health|0ehealth]"),
            ("\"wet zorg en dwang\" thuis", "+[0wet 1zorg 2en 3dwang] [0thuis]"),
            ("“twee woorden”", "+[0twee 1woord]"),
            ("\"e-health platform\"", "+[0e 1health 2platform|0ehealth 1platform]"),
            ("\"los", "[0los]"),
            ("\"\" zorg \"", "[0zorg]"),
            ("thema:v3 AND title:*", "[0thema] [0v3] [0and] [0titl]"),
            ("' OR 1=1", "[0or] [01]"),
            ("<b>vet</b>", "[0b] [0vet]"),
        ] {
            assert_eq!(shape(q), expected, "{q}");
        }
    }

    #[test]
    fn no_more_words_than_the_limit() {
        let words: Vec<String> = (0..100).map(|n| format!("woord{n}")).collect();
        assert_eq!(Question::read(&words.join(" ")).clauses.len(), TERMS_MAX);
        assert!(Question::read(&words.join("-")).is_empty());
        assert_eq!(Question::read(&format!("\"{}\"", words.join(" "))).terms().len(), TERMS_MAX);
    }

    #[test]
    fn stop_words_are_not_marked() {
        assert_eq!(
            Question::read("het verzuim in de zorg").terms().into_iter().collect::<Vec<_>>(),
            ["verzuim", "zorg"]
        );
        assert_eq!([1, 2, 3, 4, 5, 6, 8].map(required), [1, 2, 2, 3, 3, 4, 6]);
    }
}
