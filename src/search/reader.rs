//! Texts read into terms, for the index. Texts repeat their words, so every word is worked out once and kept as the
//! rows of terms take it: reading a text is then hardly more than finding its words.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::search::analyzer::{Analysed, Analyzer};
use crate::search::dutch::{self, Span};
use crate::search::row::{Row, Written};

/// The most words that are kept: a large library has about as many, in all their forms.
const KEPT: usize = 150_000;

/// The shortest and the longest word that is kept as it is written, in letters.
const SPELLED_MIN: usize = 4;
const SPELLED_MAX: usize = 40;

/// Reads texts into terms.
pub struct Reader<'a> {
    analyzer: &'a Analyzer,
    known: FxHashMap<Box<str>, Known>,
    /// Which document is read, by number.
    document: u32,
    /// The words of the document at hand as they are written, folded: what is known twice comes twice, which does
    /// no harm.
    spelled: Row,
    spans: Vec<Span>,
}

/// A word as rows take it.
struct Known {
    /// Its stem; empty when it has none.
    term: Written,
    parts: Written,
    /// As it is written; empty when no typing error is mended into it.
    spelled: Written,
    /// The last document it was seen in.
    document: u32,
}

impl Known {
    fn of(word: &Analysed) -> Known {
        let has_term = !word.stem.is_empty() && word.stem.len() <= dutch::LONGEST;
        Known {
            term: if has_term { Written::term(&word.stem) } else { Written::default() },
            parts: Written::same(word.parts.iter().chain(&word.inner).map(|it| &**it)),
            spelled: if is_spelled(&word.folded) { Written::term(&word.folded) } else { Written::default() },
            document: 0,
        }
    }
}

impl<'a> Reader<'a> {
    pub fn new(analyzer: &'a Analyzer) -> Reader<'a> {
        Reader { analyzer, known: FxHashMap::default(), document: 0, spelled: Row::default(), spans: vec![] }
    }

    /// Begins with another document.
    pub fn begin(&mut self) {
        self.document += 1;
        self.spelled = Row::default();
    }

    /// The words that were read since the begin of the document, as they are written.
    pub fn spelled(&self) -> &Row {
        &self.spelled
    }

    /// Words one after the other; a hyphenated word also as one, at the places of its first and last part, so that
    /// "de ehealth" and "ehealth platform" are phrases of "de e-health" and "e-health platform". Every word takes a
    /// place in both rows; the parts of compounds stand in the second.
    pub fn read(&mut self, text: &str, row: &mut Row, parts: &mut Row) {
        let mut spans = std::mem::take(&mut self.spans);
        dutch::find_spans(text, &mut spans);
        let mut at = 0;
        for group in spans.chunk_by(|_, next| next.is_joined) {
            let after = &spans[at + group.len()..];
            at += group.len();
            match group {
                [only] if !text[only.range.end..].starts_with('-') => {
                    self.word(&text[only.range.clone()], row, parts);
                }
                _ => self.group(text, group, after, row, parts),
            }
        }
        self.spans = spans;
    }

    fn word(&mut self, raw: &str, row: &mut Row, parts: &mut Row) {
        parts.gap();
        let Some(known) = self.known.get_mut(raw) else {
            let mut known = Known::of(&self.analyzer.word(raw));
            take(&mut known, self.document, row, parts, &mut self.spelled);
            if self.known.len() < KEPT && raw.len() <= dutch::LONGEST {
                self.known.insert(raw.into(), known);
            }
            return;
        };
        take(known, self.document, row, parts, &mut self.spelled);
    }

    /// The parts of a hyphenated word, or a word that is cut short before a hyphen.
    fn group(&mut self, text: &str, group: &[Span], after: &[Span], row: &mut Row, parts: &mut Row) {
        let words: Vec<Arc<Analysed>> = group.iter().map(|it| self.analyzer.word(&text[it.range.clone()])).collect();
        let joined = (1 < words.len()).then(|| {
            let joined: String = words.iter().map(|it| &*it.folded).collect();
            self.analyzer.word(&joined)
        });
        let completed = self.completed(text, group, after);
        for (nth, word) in words.iter().enumerate() {
            parts.gap();
            if word.stem.is_empty() || dutch::LONGEST < word.stem.len() {
                row.gap();
                continue;
            }
            row.push(&word.stem);
            if nth == 0 || nth + 1 == words.len() {
                for it in joined.iter().chain(&completed).filter(|it| it.stem.len() <= dutch::LONGEST) {
                    row.push_same(&it.stem);
                }
            }
        }
        for word in words.iter().chain(&joined).chain(&completed) {
            word.parts.iter().chain(&word.inner).for_each(|it| parts.push_same(it));
            if is_spelled(&word.folded) {
                self.spelled.push(&word.folded);
            }
        }
    }

    /// The whole of a word that shares its end with a later one: "vrijheids- en zorgplannen" has vrijheidsplannen.
    fn completed(&self, text: &str, group: &[Span], after: &[Span]) -> Option<Arc<Analysed>> {
        let [first] = group else { return None };
        let [link, second, ..] = after else { return None };
        let is_cut = text[first.range.end..link.range.start] == *"- ";
        if !is_cut || second.is_joined || !matches!(&text[link.range.clone()], "en" | "of") {
            return None;
        }
        let end = self.analyzer.last_part(&text[second.range.clone()])?;
        Some(self.analyzer.word(&format!("{}{end}", dutch::folded(&text[first.range.clone()]))))
    }
}

/// Puts a word of a document in the rows, its parts at the open place they have.
fn take(known: &mut Known, document: u32, row: &mut Row, parts: &mut Row, spelled: &mut Row) {
    if known.term.is_empty() {
        row.gap();
        return;
    }
    row.push_written(&known.term);
    parts.push_all_same(&known.parts);
    if known.document != document {
        known.document = document;
        if !known.spelled.is_empty() {
            spelled.push_written(&known.spelled);
        }
    }
}

/// Words worth mending a typing error into: letters, of some length.
fn is_spelled(word: &str) -> bool {
    (SPELLED_MIN..=SPELLED_MAX).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::lexicon::Lexicon;

    fn read(text: &str) -> [String; 3] {
        let parts = ["zorg", "plan", "vrijheid"].map(str::to_owned).into();
        let analyzer = Analyzer::new(&Lexicon { parts, ..Lexicon::default() });
        let mut reader = Reader::new(&analyzer);
        // A word of an earlier document is no word of this one.
        reader.read("Eerder zorgplan", &mut Row::default(), &mut Row::default());
        reader.begin();
        let (mut row, mut parts) = (Row::default(), Row::default());
        reader.read(text, &mut row, &mut parts);
        let shown = |row: &Row| row.as_str().replace('\u{1}', "=").replace('\u{2}', "+");
        [shown(&row), shown(&parts), shown(reader.spelled())]
    }

    #[test]
    fn words_take_their_place_in_each_row() {
        let expected = ["zorgplan of zorgplan ", "+1 =zorg =plan +2 =zorg =plan ", "zorgplannen "];
        assert_eq!(read("Zorgplannen of Zorgplannen"), expected);
        assert_eq!(read("e-health nu")[0], "e =ehealth health =ehealth nu ");
        let [row, parts, spelled] = read("vrijheids- en zorgplannen");
        assert!(row.starts_with("vrijheid =vrijheidsplan en zorgplan"), "{row}");
        assert!(parts.contains("=vrijheid =plan +2 =zorg =plan"), "{parts}");
        assert!(spelled.contains("zorgplannen") && spelled.contains("vrijheidsplannen"), "{spelled}");
        assert_eq!(read(""), ["", "", ""]);
    }
}
