//! Help while typing: names that what was typed so far may become.
//!
//! Titles come from the index, names of themes, organisations and concepts from the catalogue; each group has a few
//! places. The last word may be unfinished; the others may be too, and they may stand in any order. Case and accents
//! do not count. What begins with the typed text goes first, then what has words that begin with it. Typing errors are
//! only supposed when nothing fits, and only in words that begin nothing. Among equals shorter names go first.
//!
//! Invariant: the work is bounded by the words typed, never by the texts: no title is read that is not shown.
//! Invariant: a document that the actor may not see suggests nothing.

mod names;
mod titles;
mod typed;

#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError};

use tantivy::query::{BooleanQuery, EnableScoring, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, TERMINATED, Term};

use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::RecordId;
use crate::domain::visibility;
use crate::domain::vocabulary::vocabulary;
use crate::search::analyzer::FormKind;
use crate::search::error::Error;
use crate::search::stem::stem;
use crate::search::{Search, View, dutch, query};

pub use names::Names;
use typed::Typed;

/// The most suggestions of a kind.
const TITLES: usize = 5;
const OTHERS: usize = 3;
/// The most concepts of which it is found out whether they lead to a document.
const TRIED: usize = 12;

vocabulary! {
    /// What a suggestion leads to.
    Kind {
        Title = "titel" "Titels",
        Theme = "thema" "Thema’s",
        Organisation = "organisatie" "Organisaties",
        Concept = "begrip" "Begrippen",
    }
}

/// What was typed may become one of these; each group the likeliest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggestions {
    pub titles: Vec<RecordId>,
    pub themes: Vec<Suggestion>,
    pub organisations: Vec<Suggestion>,
    /// Each leads to at least one document.
    pub concepts: Vec<Suggestion>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub slug: String,
    pub name: String,
    /// The short form or other name that was typed, when it was not the name.
    pub form: Option<String>,
}

impl Suggestion {
    /// As a reader sees it: "Wzd → Wet zorg en dwang".
    pub fn text(&self) -> String {
        match &self.form {
            Some(form) => format!("{form} → {}", self.name),
            None => self.name.clone(),
        }
    }
}

impl Suggestions {
    pub fn is_empty(&self) -> bool {
        self.titles.is_empty() && self.themes.is_empty() && self.organisations.is_empty() && self.concepts.is_empty()
    }
}

/// How well a name fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Begins with what was typed.
    Begins,
    /// Has words that begin with it.
    Has,
    /// The same, with so many typing errors.
    Nearly(u8),
}

impl Fit {
    fn new(begins: bool, faults: u8) -> Fit {
        match (begins, faults) {
            (true, 0) => Fit::Begins,
            (false, 0) => Fit::Has,
            (_, faults) => Fit::Nearly(faults),
        }
    }
}

impl Search {
    /// What an actor may be about to type. Nothing before the second letter.
    pub fn suggest(&self, q: &str, catalogue: &Arc<Catalogue>, actor: &Actor) -> Result<Suggestions, Error> {
        let view = self.view();
        if view.cursor.is_none() {
            return Err(Error::Unbuilt { folder: view.live.path.clone() });
        }
        let Some(typed) = Typed::read(q) else { return Ok(Suggestions::default()) };
        let names = self.names(catalogue);
        let suggest = |typed: &Typed| view.suggest(typed, &names, actor).map_err(|it| view.live.error(it));
        let found = suggest(&typed)?;
        if !found.is_empty() || !typed.is_tolerable() {
            return Ok(found);
        }
        suggest(&typed.tolerant())
    }

    /// The names of a catalogue, prepared once for as long as it holds.
    fn names(&self, catalogue: &Arc<Catalogue>) -> Arc<Names> {
        let kept = self.shared.names.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = kept.filter(|it| it.is_of(catalogue)) {
            return kept;
        }
        let fresh = Arc::new(Names::new(catalogue));
        *self.shared.names.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh.clone());
        fresh
    }
}

impl View {
    fn suggest(&self, typed: &Typed, names: &Names, actor: &Actor) -> tantivy::Result<Suggestions> {
        let found = names.find(typed);
        let of = |kind: Kind| found.iter().filter(move |it| it.kind == kind).map(|it| names.suggestion(it));
        let mut concepts = Vec::new();
        for it in of(Kind::Concept).take(TRIED) {
            if concepts.len() < OTHERS && self.leads_to_hits(&it.name, actor)? {
                concepts.push(it);
            }
        }
        Ok(Suggestions {
            titles: titles::find(self, typed, actor, TITLES)?,
            themes: of(Kind::Theme).take(OTHERS).collect(),
            organisations: of(Kind::Organisation).take(OTHERS).collect(),
            concepts,
        })
    }

    /// Whether an actor may see a document that has all words of a name of a concept; stops at the first.
    fn leads_to_hits(&self, name: &str, actor: &Actor) -> tantivy::Result<bool> {
        let known = self.live.analyzer.concepts().iter().find(|it| it.name == name);
        let forms: Vec<Vec<String>> = match known {
            Some(it) => it.forms.iter().filter(|it| it.kind != FormKind::Related).map(|it| it.stems.clone()).collect(),
            // The index has yet to learn of it.
            None => vec![dutch::written(name).iter().flat_map(|it| &it.parts).map(|it| stem(&it.text)).collect()],
        };
        for mut stems in forms {
            stems.retain(|it| !dutch::is_stop_word(it));
            let is_there = !stems.is_empty() && stems.iter().all(|it| 0 < self.terms.stem(it).documents());
            if is_there && self.has_all(&stems, actor)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an actor may see a document with all these words, wherever they stand.
    fn has_all(&self, stems: &[String], actor: &Actor) -> tantivy::Result<bool> {
        let word = |field: Field, stem: &str| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_text(field, stem), IndexRecordOption::Basic))
        };
        let anywhere = |stem: &String| -> Box<dyn Query> {
            Box::new(BooleanQuery::union(query::places().iter().map(|it| word(it.field, stem)).collect()))
        };
        let all = BooleanQuery::intersection(stems.iter().map(anywhere).collect());
        let weight = all.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let audiences = visibility::memberships(actor);
        for (segment, columns) in self.segments() {
            let (open, alive) = (columns.open_to(&audiences), segment.alive_bitset());
            let mut scorer = weight.scorer(segment, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                if open[columns.readers(doc)] && alive.is_none_or(|it| it.is_alive(doc)) {
                    return Ok(true);
                }
                doc = scorer.advance();
            }
        }
        Ok(false)
    }
}
