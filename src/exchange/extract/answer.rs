//! What the child says to its parent: one JSON value per line, and after the last line the bytes of an image.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::domain::attachment::Media;
use crate::exchange::table::Table;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Line {
    /// Always first, unless the file is refused.
    Media(Media),
    /// The text of a page.
    Page { number: i32, label: String, text: String },
    /// Always last, unless the file is refused. So many bytes follow.
    Done { pages: i32, is_cut: bool, bytes: usize },
    /// In Dutch: a sentence without capital and full stop.
    Refused(String),
}

/// The whole answer of a child that reads cells.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum TableAnswer {
    Table(Table),
    /// In Dutch: a sentence without capital and full stop.
    Refused(String),
}

/// The longest text of one page, and of all pages together, in bytes.
const PAGE_MAX: usize = 100_000;
const TEXT_MAX: usize = 4_000_000;

/// Writes lines, and keeps count of how much text may still come.
pub(super) struct Answer<W> {
    to: W,
    left: usize,
    /// Whether text was left out.
    pub(super) is_cut: bool,
}

impl<W: Write> Answer<W> {
    pub(super) fn new(to: W) -> Answer<W> {
        Answer { to, left: TEXT_MAX, is_cut: false }
    }

    pub(super) fn line(&mut self, line: &Line) -> io::Result<()> {
        serde_json::to_writer(&mut self.to, line)?;
        self.to.write_all(b"\n")
    }

    /// Writes the text of a page, as much of it as there is room for. Blank pages are left out.
    pub(super) fn page(&mut self, number: i32, label: &str, text: &str) -> io::Result<()> {
        let text = tidy(text);
        let room = self.left.min(PAGE_MAX);
        let end = (0..=room.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        self.is_cut |= end < text.len();
        self.left -= end;
        if end == 0 {
            return Ok(());
        }
        self.line(&Line::Page { number, label: label.chars().take(60).collect(), text: text[..end].to_owned() })
    }

    /// Whether there is room for more text.
    pub(super) fn has_room(&self) -> bool {
        0 < self.left
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.to.write_all(bytes)?;
        self.to.flush()
    }
}

/// Letters that a printer joins.
const LIGATURES: &[(char, &str)] =
    &[('ﬀ', "ff"), ('ﬁ', "fi"), ('ﬂ', "fl"), ('ﬃ', "ffi"), ('ﬄ', "ffl"), ('ĳ', "ij"), ('Ĳ', "IJ")];

/// Text as it is kept: spaces folded within a line, no empty lines, no marks that do not show; words that were
/// broken off at the end of a line made whole.
fn tidy(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for line in text.lines() {
        let shown = |c: &char| !matches!(c, '\u{ad}' | '\u{feff}' | '\u{fffd}') && (!c.is_control() || *c == '\t');
        let line: String = line.chars().filter(shown).collect();
        let line = LIGATURES.iter().fold(line, |line, (one, letters)| line.replace(*one, letters));
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_none() {
            continue;
        }
        let starts_small = words.peek().is_some_and(|it| it.starts_with(char::is_lowercase));
        let breaks_off = res.strip_suffix('-').is_some_and(|it| it.ends_with(char::is_lowercase));
        if breaks_off && starts_small && !words.peek().is_some_and(|it| matches!(*it, "en" | "of")) {
            res.pop();
        } else if !res.is_empty() {
            res.push('\n');
        }
        for (at, word) in words.enumerate() {
            if 0 < at {
                res.push(' ');
            }
            res.push_str(word);
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_tidied() {
        for (text, expected) in [
            ("  Het   rooster \n\n\t is  klaar\u{0}.", "Het rooster\nis klaar."),
            ("de medewer-\nkers van\nzorg-\nen welzijn", "de medewerkers van\nzorg-\nen welzijn"),
            ("zie A-\nb", "zie A-\nb"),
            ("eﬀect en ﬁets", "effect en fiets"),
            ("\u{feff}\n \n", ""),
        ] {
            assert_eq!(tidy(text), expected);
        }
    }

    #[test]
    fn text_has_an_end() {
        let mut out = Vec::new();
        let mut answer = Answer::new(&mut out);
        for number in 1..100 {
            answer.page(number, "p.", &"é".repeat(60_000)).unwrap();
        }
        assert!(answer.is_cut && !answer.has_room());
        assert!(out.len() < TEXT_MAX + 100_000);
    }
}
