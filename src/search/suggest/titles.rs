//! Titles that fit what was typed, from the beginnings of words in the index.

use std::collections::BinaryHeap;

use strsim::osa_distance as distance;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, InvertedIndexReader, TERMINATED, Term};

use crate::domain::actor::Actor;
use crate::domain::id::RecordId;
use crate::domain::visibility::{self, Audience};
use crate::search::columns::Columns;
use crate::search::document::{START_MAX, START_MIN};
use crate::search::kept::Kept;
use crate::search::{View, dutch, schema};

use super::Fit;
use super::typed::{Typed, Word};

/// The most beginnings that a word with typing errors may have been meant for.
const LOOKED_AT: usize = 500;
/// A document whose title lacks a word.
const NONE: u8 = u8::MAX;

/// A title of a segment; the least is the best: how it fits, its length beside its signals, its place among slugs.
type Candidate = (Fit, u32, u64, DocId);

/// The documents whose titles fit, the best first.
pub fn find(view: &View, typed: &Typed, actor: &Actor, most: usize) -> tantivy::Result<Vec<RecordId>> {
    let mut words: Vec<Word> = typed.words.iter().filter(|it| START_MIN <= it.letters).cloned().collect();
    let audiences = visibility::memberships(actor);
    for word in words.iter_mut().filter(|it| 0 < it.faults) {
        if begins_any(view, word, &audiences)? {
            word.faults = 0;
        }
    }
    // The index knows only so many letters of a word: where more were typed, titles are read to make sure.
    let is_cut = words.iter().any(|it| START_MAX < it.letters);
    let wanted = if is_cut { 4 * most } else { most };
    let mut best: Vec<(Candidate, String, DocAddress)> = Vec::new();
    for (at, (segment, columns)) in view.segments().enumerate() {
        let index = segment.inverted_index(schema::fields().title_start)?;
        let Some(faults) = reach(&index, &words, segment.max_doc())? else { continue };
        let (open, alive) = (columns.open_to(&audiences), segment.alive_bitset());
        let begins = columns.titles_beginning(&typed.key)?;
        let mut kept: BinaryHeap<Candidate> = BinaryHeap::new();
        for (doc, faults) in (0..).zip(faults).filter(|it| it.1 != NONE) {
            if !open[columns.readers(doc)] || alive.is_some_and(|it| !it.is_alive(doc)) {
                continue;
            }
            let fit = Fit::new(begins.contains(&columns.title_order(doc)), faults);
            // Most titles of a short beginning fit worse than those kept: their signals need not be known.
            if kept.len() == wanted && kept.peek().is_some_and(|it| it.0 < fit) {
                continue;
            }
            kept.push((fit, cost(view, columns, doc), columns.slug_order(doc), doc));
            if wanted < kept.len() {
                kept.pop();
            }
        }
        for it in kept {
            best.push((it, columns.slug(it.3)?, DocAddress::new(at as u32, it.3)));
        }
    }
    best.sort_unstable_by(|a, b| (a.0.0, a.0.1, &a.1).cmp(&(b.0.0, b.0.1, &b.1)));
    let mut res = Vec::with_capacity(most);
    for (_, _, address) in best {
        let kept: Kept = view.searcher.doc(address)?;
        if !is_cut || holds(&kept.title, &words) {
            res.push(kept.id());
        }
        if res.len() == most {
            break;
        }
    }
    Ok(res)
}

/// Whether a word as it is typed begins one of a title that these audiences may see; stops at the first.
fn begins_any(view: &View, word: &Word, audiences: &[Audience]) -> tantivy::Result<bool> {
    for (segment, columns) in view.segments() {
        let index = segment.inverted_index(schema::fields().title_start)?;
        let Some(mut postings) = index.read_postings(&term(word), IndexRecordOption::Basic)? else { continue };
        let (open, alive) = (columns.open_to(audiences), segment.alive_bitset());
        while postings.doc() != TERMINATED {
            let doc = postings.doc();
            if open[columns.readers(doc)] && alive.is_none_or(|it| it.is_alive(doc)) {
                return Ok(true);
            }
            postings.advance();
        }
    }
    Ok(false)
}

/// The length of a title, made up to a fifth longer by what speaks against the document.
fn cost(view: &View, columns: &Columns, doc: DocId) -> u32 {
    (columns.title_letters(doc) as f32 * 100.0 / view.signals(columns, doc).factor()) as u32
}

/// Whether a title has a word for each of these.
fn holds(title: &str, words: &[Word]) -> bool {
    let own = dutch::words(title);
    words.iter().all(|word| own.iter().any(|it| word.begins(&it.text).is_some()))
}

/// Per document with how many typing errors its title has all words; nothing when no title has.
fn reach(index: &InvertedIndexReader, words: &[Word], documents: u32) -> tantivy::Result<Option<Vec<u8>>> {
    let mut res: Option<Vec<u8>> = None;
    for word in words {
        let beginnings = beginnings(index, word)?;
        if beginnings.is_empty() {
            return Ok(None);
        }
        let mut of_word = vec![NONE; documents as usize];
        for (faults, term) in beginnings {
            let mut postings = index.read_postings_from_terminfo(&term, IndexRecordOption::Basic)?;
            let mut doc = postings.doc();
            while doc != TERMINATED {
                let it = &mut of_word[doc as usize];
                *it = faults.min(*it);
                doc = postings.advance();
            }
        }
        if let Some(before) = res {
            // Sums stay below: a word has two typing errors at most, and there are few words.
            let both = |(a, b): (&mut u8, &u8)| *a = if *a == NONE || *b == NONE { NONE } else { *a + *b };
            of_word.iter_mut().zip(&before).for_each(both);
        }
        res = Some(of_word);
    }
    Ok(res)
}

fn term(word: &Word) -> Term {
    Term::from_field_text(schema::fields().title_start, word.start())
}

/// What a word may be the beginning of, as terms of the index with their typing errors.
fn beginnings(index: &InvertedIndexReader, word: &Word) -> tantivy::Result<Vec<(u8, tantivy::postings::TermInfo)>> {
    let term = term(word);
    if word.faults == 0 {
        return Ok(index.get_term_info(&term)?.map(|it| (0, it)).into_iter().collect());
    }
    let automaton = FuzzyTermQuery::new(term, word.faults, true).automaton()?;
    let mut stream = index.terms().search(&automaton).into_stream()?;
    let mut res = Vec::new();
    while res.len() < LOOKED_AT && stream.advance() {
        let Ok(text) = std::str::from_utf8(stream.key()) else { continue };
        let faults = distance(word.start(), text);
        if faults <= usize::from(word.faults) {
            res.push((faults as u8, stream.value().clone()));
        }
    }
    Ok(res)
}
