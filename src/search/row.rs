//! Terms in a row, each at its place, as a document hands them to the index. Words are read once, by
//! `search::reader`; here a term is only a number: of its [`Numbering`], which knows what it is written as.
//!
//! Whoever builds a whole index takes the numbers ([`crate::search::piece`]). The engine itself, which adds single
//! documents, takes the same row as a [text](Row::text) and reads that with a [`RowTokenizer`].

use std::fmt::Write as _;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Terms by number, in the order in which they were first met: common terms have low numbers.
#[derive(Debug, Clone, Default)]
pub struct Numbering {
    terms: IndexSet<Box<str>, FxBuildHasher>,
}

impl Numbering {
    /// The number of a term, from here on if not before.
    pub fn number(&mut self, term: &str) -> u32 {
        let known = self.terms.get_index_of(term);
        let number = known.unwrap_or_else(|| self.terms.insert_full(term.into()).0);
        // More terms than that do not fit in memory.
        u32::try_from(number).unwrap_or(LARGEST).min(LARGEST)
    }

    /// What a number stands for.
    pub fn term(&self, number: u32) -> &str {
        self.terms.get_index(number as usize).map_or("", |it| it)
    }

    pub fn len(&self) -> u32 {
        u32::try_from(self.terms.len()).unwrap_or(LARGEST)
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// A term at the place of the one before has this bit.
const SAME: u32 = 1 << 31;
/// A number with this bit is no term but so many open places.
const GAPS: u32 = 1 << 30;
/// The largest number of a term.
const LARGEST: u32 = GAPS - 1;

/// A number of a term, as it stands in a row at the place of the term before.
pub fn same(number: u32) -> u32 {
    number | SAME
}

/// Terms in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    numbers: Vec<u32>,
    /// How many terms there are.
    terms: u32,
    places: u32,
    /// Open places since the last term.
    gaps: u32,
}

impl Row {
    /// With room for so many terms.
    pub fn sized(room: usize) -> Row {
        Row { numbers: Vec::with_capacity(room), ..Row::default() }
    }

    /// A term at the next place.
    #[inline]
    pub fn push(&mut self, number: u32) {
        self.close_gaps();
        self.places += 1;
        self.terms += 1;
        self.numbers.push(number);
    }

    /// Other terms at the place of the last one; see [`same`].
    #[inline]
    pub fn push_same(&mut self, numbers: &[u32]) {
        if !numbers.is_empty() {
            self.close_gaps();
            self.terms += numbers.len() as u32;
            self.numbers.extend_from_slice(numbers);
        }
    }

    /// Leaves a place open, so that no phrase goes over it.
    pub fn gap(&mut self) {
        self.places += 1;
        self.gaps += 1;
    }

    #[inline]
    fn close_gaps(&mut self) {
        if 0 < self.gaps {
            self.numbers.push(GAPS | self.gaps.min(LARGEST));
            self.gaps = 0;
        }
    }

    /// How many terms there are.
    pub fn terms(&self) -> u32 {
        self.terms
    }

    /// How many places there are, open ones included.
    pub fn places(&self) -> u32 {
        self.places
    }

    /// The number of each term with its place.
    #[inline]
    pub fn each(&self, mut see: impl FnMut(u32, u32)) {
        let mut next = 0_u32;
        for number in &self.numbers {
            if number & SAME != 0 {
                see(number & !SAME, next.saturating_sub(1));
            } else if number & GAPS != 0 {
                next += number & LARGEST;
            } else {
                next += 1;
                see(*number, next - 1);
            }
        }
    }

    /// As a text for [`RowTokenizer`]. A term has no white space and no control character.
    pub fn text(&self, numbering: &Numbering) -> String {
        let mut res = String::with_capacity(8 * self.numbers.len());
        let mut next = 0;
        self.each(|number, place| {
            match place.checked_sub(next) {
                Some(0) => (),
                Some(gaps) => _ = write!(res, "{GAPS_SIGN}{gaps}{END}"),
                None => res.push(SAME_SIGN),
            }
            next = place + 1;
            res.push_str(numbering.term(number));
            res.push(END);
        });
        res
    }
}

/// Before a term that stands at the place of the one before.
const SAME_SIGN: char = '\u{1}';
/// Before a number of places without a term.
const GAPS_SIGN: char = '\u{2}';
const END: char = ' ';

/// Reads a [`Row`] for the engine.
#[derive(Debug, Clone, Default)]
pub struct RowTokenizer {
    token: Token,
}

impl Tokenizer for RowTokenizer {
    type TokenStream<'a> = RowTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> RowTokens<'a> {
        self.token.reset();
        RowTokens { rest: text, token: &mut self.token, next: 0 }
    }
}

/// The terms of one row.
#[derive(Debug)]
pub struct RowTokens<'a> {
    rest: &'a str,
    token: &'a mut Token,
    next: usize,
}

impl TokenStream for RowTokens<'_> {
    fn advance(&mut self) -> bool {
        while let Some(end) = self.rest.bytes().position(|it| it == END as u8) {
            let mut term = &self.rest[..end];
            self.rest = &self.rest[end + 1..];
            if let Some(gaps) = term.strip_prefix(GAPS_SIGN) {
                self.next += gaps.parse().unwrap_or(1);
                continue;
            }
            match term.strip_prefix(SAME_SIGN) {
                Some(same) => term = same,
                None => self.next += 1,
            }
            self.token.text.clear();
            self.token.text.push_str(term);
            self.token.position = self.next.saturating_sub(1);
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_keep_their_places() {
        let (mut numbering, mut row) = (Numbering::default(), Row::default());
        let mut number = |term: &str| numbering.number(term);
        row.push(number("e"));
        row.push_same(&[same(number("ehealth"))]);
        row.push(number("health"));
        row.gap();
        row.push(number("app"));
        row.push_same(&[]);
        row.push_same(&[same(number("ap")), same(number("plicatie"))]);
        (0..12).for_each(|_| row.gap());
        row.push_same(&[same(number("gat"))]);
        row.gap();
        assert_eq!((row.places(), row.terms()), (17, 7));
        let expected = [("e", 0), ("ehealth", 0), ("health", 1), ("app", 3), ("ap", 3), ("plicatie", 3), ("gat", 15)];
        let expected = expected.map(|(term, at)| (term.to_owned(), at));
        let mut seen = Vec::new();
        row.each(|number, place| seen.push((numbering.term(number).to_owned(), place as usize)));
        assert_eq!(seen, expected);
        // The engine reads the same.
        let (text, mut tokenizer) = (row.text(&numbering), RowTokenizer::default());
        let mut stream = tokenizer.token_stream(&text);
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn a_term_keeps_its_number() {
        let mut numbering = Numbering::default();
        assert!(numbering.is_empty());
        assert_eq!(["zorg", "plan", "zorg"].map(|it| numbering.number(it)), [0, 1, 0]);
        assert_eq!((numbering.len(), numbering.term(1), numbering.term(2)), (2, "plan", ""));
    }
}
