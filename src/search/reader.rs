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

/// In so many documents that all may read a word is noted as it is written: enough to know that it is there, and that
/// it is common.
pub const SPELLED_OFTEN: u32 = 64;

/// Reads texts into terms.
pub struct Reader<'a> {
    analyzer: &'a Analyzer,
    /// Words of no more than sixteen bytes, which are most of a text, as numbers: nothing else is to be looked at.
    short: FxHashMap<u128, Known>,
    long: FxHashMap<Box<str>, Known>,
    /// Which document is read, by number.
    document: u32,
    /// Whether all may read it.
    is_public: bool,
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
    /// In how many public documents it was noted as it is written.
    noted: u32,
}

impl Known {
    fn of(word: &Analysed) -> Known {
        let has_term = !word.stem.is_empty() && word.stem.len() <= dutch::LONGEST;
        Known {
            term: if has_term { Written::term(&word.stem) } else { Written::default() },
            parts: Written::same(word.parts.iter().chain(&word.inner).map(|it| &**it)),
            spelled: if is_spelled(&word.folded) { Written::term(&word.folded) } else { Written::default() },
            document: 0,
            noted: 0,
        }
    }

    /// Puts a word of a document in the rows, its parts at the open place they have.
    fn take(&mut self, document: u32, is_public: bool, row: &mut Row, parts: &mut Row, spelled: &mut Row) {
        if self.term.is_empty() {
            row.gap();
            return;
        }
        row.push_written(&self.term);
        parts.push_all_same(&self.parts);
        if self.document == document {
            return;
        }
        self.document = document;
        // What only some may read must not depend on what others may.
        if !self.spelled.is_empty() && (!is_public || self.noted < SPELLED_OFTEN) {
            self.noted += u32::from(is_public);
            spelled.push_written(&self.spelled);
        }
    }
}

impl<'a> Reader<'a> {
    pub fn new(analyzer: &'a Analyzer) -> Reader<'a> {
        Reader {
            analyzer,
            short: FxHashMap::default(),
            long: FxHashMap::default(),
            document: 0,
            is_public: false,
            spelled: Row::default(),
            spans: vec![],
        }
    }

    /// Begins with another document.
    pub fn begin(&mut self, is_public: bool) {
        self.document += 1;
        self.is_public = is_public;
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
        let key = packed(raw);
        let known = match key {
            Some(key) => self.short.get_mut(&key),
            None => self.long.get_mut(raw),
        };
        if let Some(known) = known {
            known.take(self.document, self.is_public, row, parts, &mut self.spelled);
            return;
        }
        let mut known = Known::of(&self.analyzer.word(raw));
        known.take(self.document, self.is_public, row, parts, &mut self.spelled);
        if self.short.len() + self.long.len() < KEPT && raw.len() <= dutch::LONGEST {
            match key {
                Some(key) => _ = self.short.insert(key, known),
                None => _ = self.long.insert(raw.into(), known),
            }
        }
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

/// A short word as a number. No word has a byte of zero, so no two are alike.
fn packed(word: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u128::from_le_bytes(bytes))
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
        reader.begin(true);
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

    #[test]
    fn a_common_word_is_noted_often_enough() {
        let analyzer = Analyzer::default();
        let mut reader = Reader::new(&analyzer);
        let mut noted = |is_public: bool| {
            reader.begin(is_public);
            reader.read("verzuim en Verzuimbegeleidingsgesprekken", &mut Row::default(), &mut Row::default());
            reader.spelled().places()
        };
        for _ in 0..SPELLED_OFTEN {
            assert_eq!(noted(true), 2);
        }
        assert_eq!((noted(true), noted(false), noted(false), noted(true)), (0, 2, 2, 0));
    }
}
