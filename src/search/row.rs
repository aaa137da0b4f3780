//! Terms in a row, as the engine gets them: words are read once, by `search::document`, and the engine only takes
//! them in. Also makes a document cheap: no term is a string of its own on its way.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Before a term that stands at the place of the one before.
const SAME: char = '\u{1}';
/// A place without a term.
const GAP: char = '\u{2}';
const END: char = ' ';

/// Terms in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    text: String,
    places: u32,
}

impl Row {
    /// A term at the next place. A term has no white space and no control character.
    pub fn push(&mut self, term: &str) {
        self.places += 1;
        self.add(term);
    }

    fn add(&mut self, term: &str) {
        self.text.push_str(term);
        self.text.push(END);
    }

    /// Another term at the place of the last one.
    pub fn push_same(&mut self, term: &str) {
        self.text.push(SAME);
        self.add(term);
    }

    /// Leaves a place open, so that no phrase goes over it.
    pub fn gap(&mut self) {
        self.places += 1;
        self.text.push(GAP);
        self.text.push(END);
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
        while let Some((term, rest)) = self.rest.split_once(END) {
            self.rest = rest;
            if term.starts_with(GAP) {
                self.next += 1;
                continue;
            }
            let term = match term.strip_prefix(SAME) {
                Some(term) => term,
                None => {
                    self.next += 1;
                    term
                }
            };
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
        row.push("app");
        assert_eq!(row.places(), 4);
        let mut tokenizer = RowTokenizer::default();
        let mut stream = tokenizer.token_stream(row.as_str());
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        let expected = [("e", 0), ("ehealth", 0), ("health", 1), ("app", 3)];
        assert_eq!(found, expected.map(|(term, at)| (term.to_owned(), at)));
    }
}
