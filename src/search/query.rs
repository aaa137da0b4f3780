//! A question as a query of the engine.
//!
//! The engine's own query language is not offered: it would reach any field, and read "Wzd:" or "verzuim AND" as
//! something else than words. Who may see what, and the filters, are no part of the query: see `search::gather`.

use tantivy::query::{BooleanQuery, BoostQuery, EmptyQuery, EnableScoring, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term};

use crate::search::best_of::{BestOf, Word};
use crate::search::coverage::{Coverage, Part};
use crate::search::question::{Clause, Need, Question, Way, What, Why};
use crate::search::schema;
use crate::search::terms::Terms;

/// How much a word says that is met as a part of a compound, beside the word itself.
const PART: f32 = 0.4;
/// How much a word says in a file of a document, beside a word of the document itself.
const ATTACHED_SHARE: f32 = 0.4;
/// How much the parts of a compound say that stand apart in a text, beside parts that stand together.
const APART: f32 = 0.5;
/// How far apart parts that stand together may be, in words.
const TOGETHER: u32 = 6;
/// How much a light word says, beside another word as common.
const LIGHT: f32 = 0.15;
/// Ways of less weight are only akin to what was typed: who writes about activities has not said music.
const CLOSE: f32 = 0.35;
/// How much of a thing asked for a document meets that only has something akin to it.
const AKIN: f32 = 0.25;

/// How much of what a question says a document must meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// Every word that says something.
    All,
    /// Nearly all: both of two words, two of three. Parts of a compound stand together.
    Most,
    /// As much, but the parts of a compound may stand apart.
    Apart,
    /// A good part.
    Some,
    /// Anything.
    Any,
}

impl Demand {
    fn share(self) -> f32 {
        match self {
            Demand::All => 1.0,
            Demand::Most | Demand::Apart => 0.6,
            Demand::Some => 0.3,
            Demand::Any => 0.0,
        }
    }
}

/// A field that words are looked for in, with its weight.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub field: Field,
    pub weight: f32,
    /// How much a long text is held back, from 0 to 1.
    pub b: f32,
    /// Whether it holds parts of compounds instead of words.
    pub is_parts: bool,
    /// What it is called in an explanation.
    pub label: &'static str,
}

/// How many fields words are looked for in.
pub const PLACES: usize = 7;

// Their numbers in `places`.
pub const TITLE: usize = 0;
pub const SUMMARY: usize = 1;
pub const TITLE_PARTS: usize = 2;
pub const BODY: usize = 3;
pub const BODY_PARTS: usize = 4;
pub const ATTACHED: usize = 5;
pub const ATTACHED_PARTS: usize = 6;

/// The fields, the weightiest first.
pub fn places() -> [Place; PLACES] {
    let fields = schema::fields();
    let place = |field, weight, b, is_parts, label| Place { field, weight, b, is_parts, label };
    [
        place(fields.title, 3.0, 0.5, false, "titel"),
        place(fields.summary, 1.5, 0.5, false, "samenvatting en namen"),
        place(fields.title_parts, 3.0 * PART, 0.5, true, "titel, in een samenstelling"),
        place(fields.body, 1.0, 0.3, false, "tekst"),
        place(fields.body_parts, PART, 0.3, true, "tekst, in een samenstelling"),
        place(fields.attached, ATTACHED_SHARE, 0.2, false, "bijlage"),
        place(fields.attached_parts, ATTACHED_SHARE * PART, 0.2, true, "bijlage, in een samenstelling"),
    ]
}

/// How much words say in one library.
pub struct Masses<'a> {
    terms: &'a Terms,
    documents: f32,
}

impl<'a> Masses<'a> {
    pub fn new(terms: &'a Terms) -> Masses<'a> {
        Masses { terms, documents: terms.searcher().num_docs() as f32 }
    }

    pub fn terms(&self) -> &'a Terms {
        self.terms
    }

    /// In how many documents a stem stands, in the field where it is most common.
    pub fn documents(&self, stem: &str) -> u64 {
        self.terms.stem(stem).documents()
    }

    fn word(&self, stem: &str, place: usize, most: f32) -> Word {
        Word { stem: self.terms.stem(stem), place, most, lengths: self.terms.lengths(place).clone() }
    }

    /// The inverse document frequency, as BM25 has it (Robertson and Zaragoza 2009).
    fn of_count(&self, documents: f32) -> f32 {
        let found = documents.min(self.documents);
        (1.0 + (self.documents - found + 0.5) / (found + 0.5)).ln()
    }

    /// How much a stem says.
    pub fn stem(&self, stem: &str) -> f32 {
        self.of_count(self.documents(stem) as f32)
    }

    /// How much a clause says: as much as the commonest of the words that are nearly as good as what was typed. What
    /// takes several words is rarer than any of them, and counts only when there is no single one.
    pub fn clause(&self, clause: &Clause) -> f32 {
        let good = self.commonest(clause.ways.iter().filter(|it| 0.7 <= it.weight));
        let documents = good.or_else(|| self.commonest(clause.ways.iter())).unwrap_or(0);
        let apart = clause.ways.iter().find_map(|it| match &it.what {
            What::All(clauses) => Some(clauses.iter().map(|it| self.clause(it)).sum::<f32>()),
            _ => None,
        });
        let mass = match apart {
            // Words that no document has still have akin ones beside them.
            Some(apart) if 0.0 < apart => apart,
            // What no document has can be met by none: the rest of the question goes on without it.
            _ if documents == 0 => 0.0,
            _ => self.of_count(documents as f32),
        };
        match clause.need {
            Need::Always | Need::Mostly => mass,
            Need::Lightly => mass * LIGHT,
            Need::Never => 0.0,
        }
    }

    /// In how many documents the commonest of some ways is met: a single word, else a row of them.
    fn commonest<'w>(&self, ways: impl Iterator<Item = &'w Way> + Clone) -> Option<u64> {
        let words = ways.clone().filter_map(|it| match &it.what {
            What::Stem(stem) => Some(self.documents(stem)),
            _ => None,
        });
        let row = |stems: &mut dyn Iterator<Item = &String>| stems.map(|it| self.documents(it)).min();
        let rows = ways.filter_map(|it| match &it.what {
            What::Phrase(stems) => row(&mut stems.iter().map(|it| &it.1)),
            What::Parts(stems) => row(&mut stems.iter()),
            _ => None,
        });
        let found = |it: &u64| 0 < *it;
        words.filter(found).max().or_else(|| rows.filter(found).max().map(|it| it.div_ceil(2)))
    }

    /// How much words in a row say, beside what the engine thinks: it looks at one field only, and takes any word of a
    /// title for rare.
    fn share<'s>(&self, place: usize, stems: impl Iterator<Item = &'s String>) -> f32 {
        let (mut ours, mut theirs) = (0.0, 0.0);
        for it in stems {
            ours += self.stem(it);
            theirs += self.of_count(self.terms.stem(it).documents_in(place) as f32);
        }
        if 0.0 < theirs { (ours / theirs).min(1.0) } else { 1.0 }
    }

    /// Whether any document may have what a way asks for.
    fn may_meet(&self, what: &What) -> bool {
        match what {
            What::Stem(stem) => 0 < self.documents(stem),
            What::Phrase(stems) => stems.iter().all(|it| 0 < self.documents(&it.1)),
            What::Parts(stems) => stems.iter().all(|it| 0 < self.documents(it)),
            What::All(clauses) => {
                let needed = clauses.iter().filter(|it| it.need == Need::Mostly);
                needed.into_iter().all(|it| it.ways.iter().any(|way| self.may_meet(&way.what)))
            }
        }
    }

    /// How much a way says at most. A rare synonym says no more than the word that was typed.
    fn most(&self, clause: &Clause, stem: &str) -> f32 {
        match clause.ways.first().map(|it| &it.what) {
            Some(What::Stem(typed)) if 0 < self.documents(typed) => self.stem(stem).min(self.stem(typed)),
            _ => self.stem(stem),
        }
    }
}

/// The fields in which a stem can stand.
pub fn fields() -> impl Iterator<Item = Field> {
    places().into_iter().map(|it| it.field)
}

/// The documents that answer a question, with their score.
pub fn coverage(question: &Question, demand: Demand, masses: &Masses) -> Coverage {
    let mut total = 0.0;
    let mut parts = Vec::with_capacity(question.clauses.len());
    let mut far = Vec::new();
    for clause in &question.clauses {
        let mass = masses.clause(clause);
        total += mass;
        let is_close = |it: &&Way| CLOSE <= it.weight && masses.may_meet(&it.what);
        let (mut close, mut akin): (Vec<&Way>, Vec<&Way>) = clause.ways.iter().partition(is_close);
        // Nothing is closer than what is akin.
        if close.is_empty() {
            close.append(&mut akin);
        }
        let is_required = clause.need == Need::Always;
        parts.push(Part { query: any_of(clause, &close, demand, masses), mass, is_required });
        if !akin.is_empty() {
            far.push(Part { query: any_of(clause, &akin, demand, masses), mass: mass * AKIN, is_required: false });
        }
    }
    // A document that meets nothing, or only words that say little, is no hit; and sums of fractions are never exact.
    let says = |need: Need| matches!(need, Need::Always | Need::Mostly);
    let asked = parts.iter().zip(&question.clauses).filter(|it| says(it.1.need) && 0.0 < it.0.mass);
    let least = asked.map(|it| it.0.mass).fold(f32::INFINITY, f32::min);
    let least = if demand == Demand::Any && !far.is_empty() { least * AKIN } else { least };
    let asked = parts.iter().zip(&question.clauses).filter(|it| says(it.1.need)).map(|it| it.0.mass);
    let enough = match demand {
        Demand::All => asked.sum(),
        _ => (total * demand.share()).max(least.min(total)),
    } - 1e-4;
    parts.append(&mut far);
    let without = question.without.iter().map(|ways| any_way(ways)).collect();
    Coverage { parts, without, enough: enough.max(f32::MIN_POSITIVE) }
}

/// One clause: any of its ways.
pub fn query(clause: &Clause, demand: Demand, masses: &Masses) -> BestOf {
    any_of(clause, &clause.ways.iter().collect::<Vec<_>>(), demand, masses)
}

/// Some of the ways of a clause: any of them.
fn any_of(clause: &Clause, ways: &[&Way], demand: Demand, masses: &Masses) -> BestOf {
    let mut res = BestOf::default();
    for way in ways {
        add_way(&mut res, clause, way, demand, masses);
    }
    res
}

/// Adds one way to meet a clause.
pub fn add_way(res: &mut BestOf, clause: &Clause, way: &Way, demand: Demand, masses: &Masses) {
    let boosted = |query: Box<dyn Query>, weight: f32| Box::new(BoostQuery::new(query, weight)) as Box<dyn Query>;
    match &way.what {
        What::Stem(stem) => {
            let most = way.weight * masses.most(clause, stem);
            for (at, place) in places().iter().enumerate() {
                if !(place.is_parts && clause.need == Need::Always) {
                    res.words.push(masses.word(stem, at, most * place.weight));
                }
            }
        }
        What::Phrase(stems) => {
            for (at, place) in places().iter().enumerate().filter(|it| !it.1.is_parts) {
                // What was typed as it stands there is worth all that the engine gives for it.
                let share = match way.why {
                    Why::Typed => 1.0,
                    _ => masses.share(at, stems.iter().map(|it| &it.1)),
                };
                res.others.push(boosted(row(place.field, stems), way.weight * place.weight * share));
            }
        }
        What::Parts(stems) => {
            if !matches!(demand, Demand::All | Demand::Most) {
                let each = stems.iter().map(|stem| {
                    let mut any = BestOf::default();
                    for (at, place) in places().iter().enumerate() {
                        // A part of another compound says as much here as a word of its own.
                        let weight = if place.is_parts { place.weight / PART } else { place.weight };
                        any.words.push(masses.word(stem, at, weight * masses.stem(stem)));
                    }
                    (Occur::Must, Box::new(any) as Box<dyn Query>)
                });
                let share = way.weight / stems.len() as f32;
                res.others.push(boosted(Box::new(BooleanQuery::new(each.collect())), APART * share));
            }
            // "een gesprek met de familie" is a familiegesprek; the two far apart in a long text hardly are.
            for (at, place) in places().iter().enumerate().filter(|it| !it.1.is_parts) {
                let terms = stems.iter().enumerate().map(|(nth, stem)| (nth, term(place.field, stem)));
                let near = PhraseQuery::new_with_offset_and_slop(terms.collect(), TOGETHER);
                let share = masses.share(at, stems.iter());
                res.others.push(boosted(Box::new(near), place.weight * way.weight * share));
            }
        }
        What::All(clauses) => {
            let needed = clauses.iter().map(|it| {
                let occur = if it.need == Need::Mostly { Occur::Must } else { Occur::Should };
                (occur, Box::new(query(it, demand, masses)) as Box<dyn Query>)
            });
            let mut parts: Vec<_> = needed.collect();
            if !parts.iter().any(|it| it.0 == Occur::Must) {
                parts.iter_mut().for_each(|it| it.0 = Occur::Must);
            }
            res.others.push(boosted(Box::new(BooleanQuery::new(parts)), way.weight));
        }
    }
}

/// Whether stems stand next to each other in any text. Among common words that is not looked up: they may.
pub fn stand_together(terms: &Terms, stems: &[String]) -> tantivy::Result<bool> {
    let rarest = stems.iter().map(|it| terms.stem(it).documents()).min().unwrap_or(0);
    if rarest == 0 || COMMON < rarest {
        return Ok(0 < rarest);
    }
    terms.row(stems, || {
        let searcher = terms.searcher();
        let stems: Vec<(usize, String)> = stems.iter().cloned().enumerate().collect();
        for place in places().iter().filter(|it| !it.is_parts) {
            let schema = searcher.schema();
            let weight = row(place.field, &stems).weight(EnableScoring::disabled_from_schema(schema))?;
            for segment in searcher.segment_readers() {
                if weight.scorer(segment, 1.0)?.doc() != TERMINATED {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    })
}

/// Words in more documents than this stand together somewhere, or take long to look up.
const COMMON: u64 = 2_000;

/// Any of the ways, for what must not be there: without parts, which nobody typed.
fn any_way(ways: &[Way]) -> Box<dyn Query> {
    let fields: Vec<Field> = places().iter().filter(|it| !it.is_parts).map(|it| it.field).collect();
    let all = ways.iter().flat_map(|way| {
        fields.iter().map(move |field| match &way.what {
            What::Stem(stem) => word(*field, stem),
            What::Phrase(stems) => row(*field, stems),
            What::Parts(_) | What::All(_) => Box::new(EmptyQuery) as Box<dyn Query>,
        })
    });
    Box::new(BooleanQuery::union(all.collect()))
}

/// Words that stand together in the text as they do in the question, for the order of the first hits.
pub fn neighbours(question: &Question) -> Vec<(f32, Box<dyn Query>)> {
    let words: Vec<Option<&str>> = question
        .clauses
        .iter()
        .filter(|it| it.need != Need::Never)
        .map(|it| match it.ways.first().map(|it| &it.what) {
            Some(What::Stem(stem)) => Some(stem.as_str()),
            _ => None,
        })
        .collect();
    let mut res: Vec<(f32, Box<dyn Query>)> = Vec::new();
    for pair in words.windows(2) {
        let [Some(first), Some(second)] = pair else { continue };
        for place in places().iter().filter(|it| !it.is_parts) {
            let terms = vec![(0, term(place.field, first)), (1, term(place.field, second))];
            res.push((place.weight, Box::new(PhraseQuery::new_with_offset_and_slop(terms, NEAR))));
        }
    }
    res
}

/// How far apart neighbours may stand: two words between them, or one between them in the other order.
const NEAR: u32 = 3;

fn word(field: Field, stem: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(term(field, stem), IndexRecordOption::WithFreqs))
}

fn row(field: Field, stems: &[(usize, String)]) -> Box<dyn Query> {
    match stems {
        [] => Box::new(EmptyQuery),
        [(_, stem)] => word(field, stem),
        stems => {
            Box::new(PhraseQuery::new_with_offset(stems.iter().map(|(at, stem)| (*at, term(field, stem))).collect()))
        }
    }
}

fn term(field: Field, text: &str) -> Term {
    Term::from_field_text(field, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_places_are_those_of_their_fields() {
        let (places, fields) = (places(), schema::fields());
        for (at, field) in [
            (TITLE, fields.title),
            (SUMMARY, fields.summary),
            (BODY, fields.body),
            (BODY_PARTS, fields.body_parts),
            (ATTACHED, fields.attached),
            (ATTACHED_PARTS, fields.attached_parts),
        ] {
            assert_eq!(places[at].field, field, "{}", places[at].label);
        }
    }
}
