//! Terms in a row, as the engine gets them: words are read once, by `search::document`, and the engine only takes
//! them in. Also makes a document cheap: no term is a string of its own on its way.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Before a term that stands at the place of the one before.
const SAME: u8 = 1;
/// Before a number of places without a term.
const GAPS: u8 = 2;
const END: u8 = b' ';

/// Terms in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    text: String,
    places: u32,
    /// Open places since the last term.
    gaps: u32,
}

impl Row {
    /// With room for the terms of so much text, in bytes.
    pub fn sized(room: usize) -> Row {
        Row { text: String::with_capacity(room), ..Row::default() }
    }

    /// A term at the next place. A term has no white space and no control character.
    pub fn push(&mut self, term: &str) {
        self.close_gaps();
        self.places += 1;
        self.add(term);
    }

    /// A term at the next place, as another row has it.
    #[inline]
    pub fn push_written(&mut self, term: &str) {
        self.close_gaps();
        self.places += 1;
        self.text.push_str(term);
    }

    /// Another term at the place of the last one.
    pub fn push_same(&mut self, term: &str) {
        self.close_gaps();
        self.text.push(char::from(SAME));
        self.add(term);
    }

    /// Terms at the place of the last one, as another row has them.
    #[inline]
    pub fn push_all_same(&mut self, terms: &str) {
        if !terms.is_empty() {
            self.close_gaps();
            self.text.push_str(terms);
        }
    }

    /// Leaves a place open, so that no phrase goes over it.
    pub fn gap(&mut self) {
        self.places += 1;
        self.gaps += 1;
    }

    fn add(&mut self, term: &str) {
        self.text.push_str(term);
        self.text.push(char::from(END));
    }

    #[inline]
    fn close_gaps(&mut self) {
        if 0 < self.gaps {
            self.text.push(char::from(GAPS));
            self.push_number(self.gaps);
            self.text.push(char::from(END));
            self.gaps = 0;
        }
    }

    /// Without a string of its own: every compound comes here.
    fn push_number(&mut self, number: u32) {
        if 9 < number {
            self.push_number(number / 10);
        }
        self.text.extend(char::from_digit(number % 10, 10));
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many places there are, open ones included.
    pub fn places(&self) -> u32 {
        self.places
    }
}

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
        while let Some(end) = self.rest.bytes().position(|it| it == END) {
            let mut term = &self.rest[..end];
            self.rest = &self.rest[end + 1..];
            match term.as_bytes().first() {
                Some(&GAPS) => {
                    self.next += term[1..].parse().unwrap_or(1);
                    continue;
                }
                Some(&SAME) => term = &term[1..],
                _ => self.next += 1,
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
        let mut row = Row::default();
        row.push("e");
        row.push_same("ehealth");
        row.push("health");
        row.gap();
        row.push_written("app ");
        row.push_all_same("");
        row.push_all_same("\u{1}ap \u{1}plicatie ");
        (0..12).for_each(|_| row.gap());
        row.push_same("gat");
        row.gap();
        assert_eq!(row.places(), 17);
        let mut tokenizer = RowTokenizer::default();
        let mut stream = tokenizer.token_stream(row.as_str());
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        let expected = [("e", 0), ("ehealth", 0), ("health", 1), ("app", 3), ("ap", 3), ("plicatie", 3), ("gat", 15)];
        assert_eq!(found, expected.map(|(term, at)| (term.to_owned(), at)));
    }
}
