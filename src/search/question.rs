//! What a question asks for: its words, what else would do for each, and how much each matters.
//!
//! Read once, with the lexicon and the words of the index at hand; the query, the marks in the text and the
//! explanation all come from it.
//!
//! Invariant: bounded. No more than [`TERMS_MAX`] words, and some dozens of ways for one of them.

use std::ops::Range;

use crate::search::analyzer::{Among, Analyzer, FormKind, Named};
pub use crate::search::clause::{Clause, Need, Way, What, Why};
use crate::search::clause::{phrase, weight};
use crate::search::dutch::{self, Written};
use crate::search::grammar::{self, Piece};
use crate::search::request::TERMS_MAX;
use crate::search::sentence::{self, Token};
use crate::search::stem::stem;

/// The most other names that are looked for in the place of one.
const WAYS_MAX: usize = 24;
/// The most names that are shown as also looked for.
const SHOWN_MAX: usize = 12;
/// The longest name of a concept, in words.
pub(super) const NAME_MAX: usize = 6;
/// The shortest end or begin of an unknown word that is looked for, in letters.
const KNOWN_END: usize = 4;
/// The most words that may have been one.
const JOINED_MAX: usize = 3;
/// The most words that a typing error is read as.
pub(super) const CORRECTIONS_MAX: usize = 3;
/// The most concepts that are read from words that stand apart.
const SCATTERED_MAX: usize = 3;
/// The most other names of one part of a compound.
const PART_NAMES_MAX: usize = 4;
/// How many times commoner than a part of a compound the others are when it says nearly all.
const COMMONER: u64 = 3;
/// In so many documents a compound is common enough to be looked for as it is.
const WRITTEN_WHOLE: u64 = 200;

/// What the index knows of words; the question needs it to tell a typing error from a word.
pub trait Words {
    /// How many documents have a stem, as a word or as a part of one.
    fn documents(&self, stem: &str) -> u64;
    /// Whether stems stand next to each other anywhere.
    fn stand_together(&self, stems: &[String]) -> bool;
    /// Words of the index that a word may have been meant for, the likeliest first.
    fn near(&self, word: &str) -> Vec<String>;
}

/// What was asked, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    pub clauses: Vec<Clause>,
    /// What must not be there.
    pub without: Vec<Vec<Way>>,
    /// Nothing was typed: every document is a hit.
    pub is_blank: bool,
    /// Names that were looked for along with what was typed.
    pub also: Vec<Also>,
    /// Words that do not occur, and what they were read as.
    pub corrected: Vec<(String, String)>,
    /// Words that no document has, nor anything else that would do.
    pub missing: Vec<String>,
}

/// A name that was looked for along with what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Also {
    /// The words as typed.
    pub typed: String,
    pub name: String,
}

/// How a question is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Names that are not to be looked for along.
    pub without: Vec<String>,
    /// Only the words as typed: nothing corrected, nothing looked for along.
    pub is_literal: bool,
    /// Words between quotes are words like others.
    pub is_unquoted: bool,
}

impl Question {
    pub fn read(q: &str, reading: &Reading, analyzer: &Analyzer, words: &dyn Words) -> Question {
        let mut reader = Reader { reading, analyzer, words, res: Question::default() };
        let mut left = TERMS_MAX;
        for piece in grammar::pieces(q) {
            let (Piece::Words(text) | Piece::Phrase(text) | Piece::Without(text)) = piece;
            let mut written = dutch::written(text);
            written.retain(|it| {
                let fits = it.parts.len() <= left;
                left -= if fits { it.parts.len() } else { 0 };
                fits
            });
            match piece {
                Piece::Words(text) => reader.words(text, &written),
                Piece::Phrase(text) if reading.is_unquoted => reader.words(text, &written),
                Piece::Phrase(text) if !written.is_empty() => {
                    reader.push(Clause { text: text.trim().to_owned(), ways: phrase(&written), need: Need::Always })
                }
                Piece::Without(_) if !written.is_empty() => reader.res.without.push(phrase(&written)),
                Piece::Phrase(_) | Piece::Without(_) => (),
            }
        }
        let missing = reader.missing();
        let mut res = Question { missing, ..reader.res };
        res.is_blank = q.trim().is_empty();
        // A question of light words only is about those words.
        for need in [Need::Lightly, Need::Never] {
            if !res.clauses.iter().any(|it| matches!(it.need, Need::Always | Need::Mostly)) {
                res.clauses.iter_mut().filter(|it| it.need == need).for_each(|it| it.need = Need::Mostly);
            }
        }
        res.also.truncate(SHOWN_MAX);
        res
    }

    /// Whether a compound may also be met by its parts.
    pub fn has_parts(&self) -> bool {
        self.clauses.iter().any(Clause::has_parts)
    }

    /// Whether it asks for more than one thing that says something.
    pub fn asks_several(&self) -> bool {
        1 < self.clauses.iter().filter(|it| matches!(it.need, Need::Always | Need::Mostly)).count()
    }

    /// Whether it asks for words in one order.
    pub fn has_phrase(&self) -> bool {
        self.clauses.iter().any(|it| it.need == Need::Always)
    }

    /// Whether asking for less of it may find more: it is not one plain word.
    pub fn has_more(&self) -> bool {
        1 < self.clauses.len() || self.clauses.iter().any(|it| 1 < it.ways.len())
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }
}

struct Reader<'a> {
    reading: &'a Reading,
    analyzer: &'a Analyzer,
    words: &'a dyn Words,
    res: Question,
}

impl Reader<'_> {
    fn push(&mut self, clause: Clause) {
        if !self.res.clauses.iter().any(|it| it.ways == clause.ways) {
            self.res.clauses.push(clause);
        }
    }

    /// Words outside quotes: the longest row that names a concept, else word by word.
    fn words(&mut self, text: &str, written: &[Written]) {
        let mut tokens: Vec<Token> = Vec::new();
        for it in written {
            for (at, part) in it.parts.iter().enumerate() {
                let raw = text[part.range.clone()].to_owned();
                tokens.push(Token {
                    word: self.analyzer.word(&raw),
                    raw,
                    joined: it.joined.as_ref().filter(|_| at == 0).map(|word| (stem(&word.text), it.parts.len())),
                    is_stop: it.parts.len() == 1 && dutch::is_stop_word(&part.text),
                });
            }
        }
        if !self.reading.is_literal {
            tokens = tokens.into_iter().flat_map(|it| self.apart(it)).collect();
            self.res.corrected.extend(sentence::mend(&mut tokens, self.analyzer, self.words));
            sentence::join_verbs(&mut tokens, self.analyzer, self.words);
        }
        let mut clauses: Vec<(Range<usize>, Clause)> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let (taken, clause) = self.next(&tokens[at..]);
            clauses.push((at..at + taken.max(1), clause));
            at += taken.max(1);
        }
        if !self.reading.is_literal {
            self.scattered(&tokens, &mut clauses);
        }
        clauses.into_iter().for_each(|it| self.push(it.1));
    }

    /// A compound that no document has as the words it is made of: who asks for a dementiecursus asks for a cursus
    /// about dementie, by whatever name.
    fn apart(&self, token: Token) -> Vec<Token> {
        let is_met = 0 < self.words.documents(&token.word.stem) || self.names_something(&token);
        if token.is_stop || token.joined.is_some() || is_met {
            return vec![token];
        }
        let parts = self.analyzer.full_parts(&token.word.folded);
        let is_there = |it: &String| {
            let stem = stem(it);
            0 < self.words.documents(&stem) || !self.analyzer.concepts_at(&[(it, &stem)]).is_empty()
        };
        if parts.is_empty() || !parts.iter().all(is_there) {
            return vec![token];
        }
        let whole = |raw: String| Token { word: self.analyzer.word(&raw), raw, joined: None, is_stop: false };
        parts.into_iter().map(whole).collect()
    }

    /// Adds the other names of concepts whose words are spread over the question: "collega's die vaak ziek zijn" are
    /// zieke collega's. Who writes about the concept has said each of the words.
    fn scattered(&mut self, tokens: &[Token], clauses: &mut [(Range<usize>, Clause)]) {
        let stems: Vec<&str> = tokens.iter().map(|it| if it.is_stop { "" } else { &*it.word.stem }).collect();
        let single = |at: usize| clauses.iter().position(|it| it.0 == (at..at + 1));
        let mut found = self.analyzer.concepts_among(&stems);
        found.retain(|it| it.places.iter().all(|at| single(*at).is_some()));
        for Among { concept, places, share } in found.into_iter().take(SCATTERED_MAX) {
            let typed: Vec<String> = places.iter().map(|at| stems[*at].to_owned()).collect();
            let text = places.iter().map(|at| tokens[*at].raw.as_str()).collect::<Vec<_>>().join(" ");
            for (_, clause) in clauses.iter_mut().filter(|it| it.0.len() == 1 && places.contains(&it.0.start)) {
                let before = clause.ways.len();
                self.concept(clause, concept, &typed, &text);
                let weight = weight::SCATTERED * share;
                clause.ways[before..].iter_mut().for_each(|it| it.weight *= weight);
            }
        }
    }

    /// The clause that opens a row of words, and how many of them it takes.
    fn next(&mut self, tokens: &[Token]) -> (usize, Clause) {
        let hyphenated = tokens[0].joined.as_ref().map_or(1, |it| it.1);
        let row: Vec<(&str, &str)> = tokens.iter().take(NAME_MAX).map(|it| (it.raw.as_str(), &*it.word.stem)).collect();
        let found = if self.reading.is_literal { vec![] } else { self.analyzer.concepts_at(&row) };
        let longest = found.first().map_or(0, |it| it.0);
        let taken = longest.max(hyphenated);
        let concepts: Vec<usize> = found.iter().filter(|it| it.0 == taken).map(|it| it.1).collect();

        let mut clause = match taken {
            1 => self.word(&tokens[0]),
            _ => self.row(&tokens[..taken], hyphenated == taken),
        };
        let typed: Vec<String> = tokens[..taken].iter().map(|it| it.word.stem.to_string()).collect();
        let text = clause.text.clone();
        for concept in concepts {
            self.concept(&mut clause, concept, &typed, &text);
        }
        // mantel zorg, zuid oost zorg: what was written apart may stand as one word.
        if taken == 1 && !self.reading.is_literal {
            for count in (2..=JOINED_MAX.min(tokens.len())).rev() {
                if tokens[..count].iter().any(|it| it.is_stop) {
                    continue;
                }
                let last = &*tokens[count - 1].word.folded;
                let before = tokens[..count - 1].iter().map(|it| &it.word);
                let whole: String = before.clone().map(|it| &*it.folded).chain([last]).collect();
                // "cliënten ervaringen" are cliëntervaringen.
                let bare: String = before.map(|it| &*it.stem).chain([last]).collect();
                let is_known = |it: &String| sentence::is_known(it, self.analyzer, self.words);
                let Some(joined) = [stem(&whole), stem(&bare)].into_iter().find(is_known) else { continue };
                let mut clauses = vec![clause];
                clauses.extend(tokens[1..count].iter().map(|it| self.word(it)));
                let text = clauses.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
                let all = Way { what: What::All(clauses), weight: weight::TYPED, why: Why::Typed };
                let one = Way { what: What::Stem(joined.clone()), weight: weight::TYPED, why: Why::Joined };
                let mut clause = Clause { text: text.clone(), ways: vec![all, one], need: Need::Mostly };
                for (_, concept) in self.analyzer.concepts_at(&[(joined.as_str(), joined.as_str())]) {
                    self.concept(&mut clause, concept, std::slice::from_ref(&joined), &text);
                }
                return (count, clause);
            }
        }
        (taken, clause)
    }

    /// A single word.
    fn word(&mut self, token: &Token) -> Clause {
        let stem = token.word.stem.to_string();
        let need = match (token.is_stop, self.analyzer.is_light(&stem)) {
            (true, _) => Need::Never,
            (_, true) => Need::Lightly,
            _ => Need::Mostly,
        };
        let mut ways = vec![Way { what: What::Stem(stem.clone()), weight: weight::TYPED, why: Why::Typed }];
        if token.is_stop || self.reading.is_literal {
            return Clause { text: token.raw.clone(), ways, need };
        }
        let parts = self.parts(token);
        let is_compound = !parts.is_empty();
        if is_compound {
            if self.words.documents(&stem) == 0 {
                self.other_parts(&parts, &mut ways);
            }
            // Where many write it as one word, the parts add little and cost much.
            if self.words.documents(&stem) < WRITTEN_WHOLE {
                ways.insert(1, Way { what: What::Parts(parts), weight: weight::PARTS, why: Why::Parts });
            }
        }
        let is_known = 0 < self.words.documents(&stem)
            || is_compound
            || self.names_something(token)
            || self.analyzer.is_ordinary(&token.word);
        if !is_known {
            let near = self.words.near(&token.word.folded);
            if near.is_empty() {
                self.known_ends(&token.word.folded, &mut ways);
            }
            if let Some(likeliest) = near.first() {
                self.res.corrected.push((token.raw.clone(), likeliest.clone()));
            }
            let mut meant_ways = Vec::new();
            for word in near.iter().take(CORRECTIONS_MAX) {
                let meant = self.analyzer.word(word);
                let way = |what, weight| Way { what, weight, why: Why::Corrected };
                meant_ways.push(way(What::Stem(meant.stem.to_string()), weight::CORRECTED));
                if meant.is_full && self.words.documents(&meant.stem) == 0 {
                    let parts = meant.parts.iter().map(|it| it.to_string()).collect();
                    meant_ways.push(way(What::Parts(parts), weight::CORRECTED * weight::PARTS));
                }
            }
            // What it was read as comes first, as if it had been typed, and may have other names.
            if let Some(likeliest) = near.first() {
                let meant = self.analyzer.word(likeliest);
                let found = self.analyzer.concepts_at(&[(likeliest.as_str(), &*meant.stem)]);
                let mut names = Clause { text: token.raw.clone(), ways: vec![], need };
                for (_, concept) in found {
                    self.concept(&mut names, concept, &[meant.stem.to_string()], likeliest);
                }
                names.ways.iter_mut().for_each(|it| it.weight *= weight::CORRECTED);
                meant_ways.append(&mut names.ways);
                meant_ways.append(&mut ways);
                return Clause { ways: meant_ways, ..names };
            }
        }
        Clause { text: token.raw.clone(), ways, need }
    }

    /// The parts that make up a compound: those of the lexicon, else ordinary words when no document has it.
    fn parts(&self, token: &Token) -> Vec<String> {
        if token.word.is_full {
            return token.word.parts.iter().map(|it| it.to_string()).collect();
        }
        let is_met = 0 < self.words.documents(&token.word.stem) || self.names_something(token);
        if is_met || self.analyzer.is_ordinary(&token.word) {
            return vec![];
        }
        self.analyzer.ordinary_parts(&token.word.folded)
    }

    /// Whether any document may have what a way asks for.
    fn may_meet(&self, what: &What) -> bool {
        let is_there = |stem: &String| 0 < self.words.documents(stem);
        match what {
            What::Stem(stem) => is_there(stem),
            What::Phrase(stems) => stems.iter().all(|it| is_there(&it.1)),
            What::Parts(stems) => stems.iter().all(is_there),
            What::All(clauses) => clauses.iter().all(|it| it.need == Need::Never || self.meets(it)),
        }
    }

    /// What is asked for and no document has, as it was read.
    fn missing(&self) -> Vec<String> {
        let clauses = self.res.clauses.iter().filter(|it| it.need != Need::Never && !self.meets(it));
        let read = |text: &String| self.res.corrected.iter().find(|it| it.0 == *text).map_or(text, |it| &it.1).clone();
        clauses.map(|it| read(&it.text)).collect()
    }

    fn meets(&self, clause: &Clause) -> bool {
        clause.ways.iter().any(|it| self.may_meet(&it.what))
    }

    /// Adds what a compound that nobody wrote may be called: one of its parts by another name (mantelzorgscholing is a
    /// training for mantelzorgers), and from afar each part alone.
    fn other_parts(&self, parts: &[String], ways: &mut Vec<Way>) {
        for (at, part) in parts.iter().enumerate() {
            let concepts = self.analyzer.concepts_at(&[(part, part)]);
            let forms = concepts.iter().filter_map(|it| self.analyzer.concept(it.1)).flat_map(|it| &it.forms);
            let names = forms.filter_map(|it| match (it.kind, &it.stems[..]) {
                (FormKind::Related | FormKind::Ambiguous, _) => None,
                (_, [stem]) if stem != part && 0 < self.words.documents(stem) => Some(stem),
                _ => None,
            });
            for name in names.take(PART_NAMES_MAX) {
                let mut other = parts.to_vec();
                other[at].clone_from(name);
                let weight = weight::PARTS * weight::SYNONYM;
                ways.push(Way { what: What::Parts(other), weight, why: Why::Parts });
            }
        }
        let documents: Vec<u64> = parts.iter().map(|it| self.words.documents(it)).collect();
        for (at, part) in parts.iter().enumerate() {
            // Of personeelsuitstroom and loopbaanmogelijkheden one part says nearly all.
            let mut others = parts.iter().zip(&documents).enumerate().filter(|it| it.0 != at).map(|it| it.1);
            let says_little = |it: (&String, &u64)| self.analyzer.is_light(it.0) || COMMONER * documents[at] <= *it.1;
            let is_telling = 0 < documents[at] && !self.analyzer.is_light(part) && others.all(says_little);
            let weight = if is_telling { weight::PARTS } else { weight::END };
            if is_telling || !self.analyzer.is_light(part) {
                ways.push(Way { what: What::Stem(part.clone()), weight, why: Why::Parts });
            }
            for concept in self.analyzer.concepts_at(&[(part, part)]).iter().filter(|_| is_telling) {
                let forms = self.analyzer.concept(concept.1).into_iter().flat_map(|it| &it.forms);
                let names = forms.filter(|it| {
                    !matches!(it.kind, FormKind::Related | FormKind::Ambiguous)
                        && it.stems[..] != [part.as_str()]
                        && self.words.stand_together(&it.stems)
                });
                let way = |it: &Named| Way { what: What::of(it), weight: weight * weight::SYNONYM, why: Why::Parts };
                ways.extend(names.take(PART_NAMES_MAX).map(way));
            }
        }
    }

    /// Adds what is known of a word that nobody wrote: the longest words it ends and begins with.
    fn known_ends(&mut self, word: &str, ways: &mut Vec<Way>) {
        let cuts: Vec<usize> = word.char_indices().map(|(at, _)| at).skip(1).collect();
        let is_known = |piece: &&str| KNOWN_END <= piece.len() && 0 < self.words.documents(&stem(piece));
        let end = cuts.iter().map(|at| &word[*at..]).find(is_known);
        let begin = cuts.iter().rev().map(|at| &word[..*at]).find(is_known);
        let found: Vec<&str> = begin.into_iter().chain(end).collect();
        for piece in &found {
            ways.push(Way { what: What::Stem(stem(piece)), weight: weight::END, why: Why::Parts });
        }
        if !found.is_empty() {
            self.res.corrected.push((word.to_owned(), found.join(" ")));
        }
    }

    fn names_something(&self, token: &Token) -> bool {
        !self.analyzer.concepts_at(&[(token.raw.as_str(), &*token.word.stem)]).is_empty()
    }

    /// Several words that belong together: a hyphenated word or the name of a concept.
    fn row(&mut self, tokens: &[Token], is_hyphenated: bool) -> Clause {
        let text =
            tokens.iter().map(|it| it.raw.as_str()).collect::<Vec<_>>().join(if is_hyphenated { "-" } else { " " });
        let stems: Vec<(usize, String)> =
            tokens.iter().enumerate().map(|(at, it)| (at, it.word.stem.to_string())).collect();
        let mut ways = vec![Way { what: What::Phrase(stems), weight: weight::TYPED, why: Why::Typed }];
        if let Some((joined, _)) = tokens[0].joined.as_ref().filter(|it| it.1 == tokens.len()) {
            ways.push(Way { what: What::Stem(joined.clone()), weight: weight::TYPED, why: Why::Joined });
        } else {
            let clauses = tokens.iter().map(|it| self.word(it)).collect();
            // Apart they mean less than together.
            ways.push(Way { what: What::All(clauses), weight: weight::TYPED, why: Why::Typed });
        }
        Clause { text, ways, need: Need::Mostly }
    }

    /// Adds the other names of a concept to the words that name it.
    fn concept(&mut self, clause: &mut Clause, concept: usize, typed: &[String], text: &str) {
        let Some(concept) = self.analyzer.concept(concept) else { return };
        let mut related = 0..;
        for form in concept.forms.iter().filter(|it| it.stems != typed) {
            if WAYS_MAX <= clause.ways.len() {
                break;
            }
            let is_unwanted = self.reading.without.iter().any(|it| it.eq_ignore_ascii_case(&form.text));
            let is_there = match &form.stems[..] {
                [stem] => 0 < self.words.documents(stem),
                stems => self.words.stand_together(stems),
            };
            if is_unwanted || !is_there {
                continue;
            }
            let weight = match form.kind {
                FormKind::Short | FormKind::Ambiguous | FormKind::Name => weight::SHORT,
                FormKind::Synonym => weight::SYNONYM,
                FormKind::Related => weight::related(related.next().unwrap_or_default()),
            };
            // A short form that is also a word would find that word.
            if form.kind == FormKind::Ambiguous {
                continue;
            }
            clause.ways.push(Way { what: What::of(form), weight, why: Why::Concept });
            let also = Also { typed: text.to_owned(), name: form.text.clone() };
            if !self.res.also.contains(&also) {
                self.res.also.push(also);
            }
        }
        if clause.need == Need::Never {
            clause.need = Need::Lightly;
        }
    }
}
