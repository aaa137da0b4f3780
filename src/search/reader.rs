//! Texts read into terms, for the index. Texts repeat their words, so every word is worked out once and kept as the
//! rows of terms take it: reading a text is then hardly more than finding its words.

use std::ops::Range;
use std::sync::Arc;

use crate::search::analyzer::{Analysed, Analyzer};
use crate::search::dutch::{self, Span};
use crate::search::known::{self, Known, KnownWords, Terms};
use crate::search::row::{self, Numbering, Row};

/// In so many documents that all may read a word is noted as it is written: enough to know that it is there, and that
/// it is common.
pub const SPELLED_OFTEN: u8 = 64;

/// Reads texts into terms.
pub struct Reader<'a> {
    analyzer: &'a Analyzer,
    words: KnownWords,
    /// Which document is read, by number.
    document: u32,
    /// Whether all may read it.
    is_public: bool,
    /// Whether words are noted as they are written.
    is_spelling: bool,
    /// The words of the document at hand as they are written, folded: what is known twice comes twice, which does
    /// no harm.
    spelled: Row,
    spans: Vec<Span>,
    /// What is known of the word of each of those.
    known: Vec<Option<Known>>,
}

impl<'a> Reader<'a> {
    pub fn new(analyzer: &'a Analyzer) -> Reader<'a> {
        Reader {
            analyzer,
            words: KnownWords::default(),
            document: 0,
            is_public: false,
            is_spelling: true,
            spelled: Row::default(),
            spans: vec![],
            known: vec![],
        }
    }

    /// Begins with another document.
    pub fn begin(&mut self, is_public: bool) {
        self.document += 1;
        self.is_public = is_public;
        self.is_spelling = true;
        self.spelled = Row::default();
    }

    /// Goes on with the files of the document: how words are written there says nothing.
    pub fn begin_files(&mut self) {
        self.is_spelling = false;
    }

    /// What the numbers in rows stand for.
    pub fn numbering(&self) -> &Numbering {
        &self.words.numbering
    }

    pub fn numbering_mut(&mut self) -> &mut Numbering {
        &mut self.words.numbering
    }

    /// The words that were read since the begin of the document, as they are written.
    pub fn take_spelled(&mut self) -> Row {
        std::mem::take(&mut self.spelled)
    }

    /// The words of the text that was read last.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Words one after the other; a hyphenated word also as one, at the places of its first and last part, so that
    /// "de ehealth" and "ehealth platform" are phrases of "de e-health" and "e-health platform". Every word takes a
    /// place in both rows; the parts of compounds stand in the second.
    pub fn read(&mut self, text: &str, row: &mut Row, parts: &mut Row) {
        let (mut spans, mut known) = (std::mem::take(&mut self.spans), std::mem::take(&mut self.known));
        dutch::find_spans(text, &mut spans);
        let is_alone = |at: usize, span: &Span| {
            !spans.get(at + 1).is_some_and(|it| it.is_joined) && !text[span.range.end..].starts_with('-')
        };
        // All words are looked up before any is written: looking up is waiting, and so it is done for many at a time.
        known.clear();
        for (at, span) in spans.iter().enumerate() {
            let is_word = !span.is_joined && is_alone(at, span);
            known.push(if is_word { self.look_up(text, &span.range) } else { None });
        }
        let mut at = 0;
        for group in spans.chunk_by(|_, next| next.is_joined) {
            let (first, after) = (at, &spans[at + group.len()..]);
            at += group.len();
            match (group, &known[first]) {
                (_, Some(known)) => {
                    put(&self.words.terms(known), row, parts);
                }
                ([only], None) if is_alone(first, only) => self.unknown(&text[only.range.clone()], row, parts),
                _ => self.group(text, group, after, row, parts),
            }
        }
        (self.spans, self.known) = (spans, known);
    }

    /// What is known of a word, from here on if not before; `None` when there is no room to keep it.
    #[inline]
    fn look_up(&mut self, text: &str, range: &Range<usize>) -> Option<Known> {
        let known = match self.words.get(text, range) {
            Some(known) => known,
            None => self.words.keep(text, range, &self.analyzer.word(&text[range.clone()]))?,
        };
        let is_new = known.document != self.document;
        known.document = self.document;
        // What only some may read must not depend on what others may. Nearly never, and so told beforehand.
        let is_noted = self.is_spelling & is_new & known.is_spelled & (!self.is_public | (known.noted < SPELLED_OFTEN));
        known.noted += u8::from(is_noted & self.is_public);
        let known = *known;
        if is_noted {
            self.words.terms(&known).spelled.into_iter().for_each(|it| self.spelled.push(it));
        }
        Some(known)
    }

    /// A word that there is no room for to keep.
    fn unknown(&mut self, raw: &str, row: &mut Row, parts: &mut Row) {
        let word = self.analyzer.word(raw);
        self.words.once(&word, |terms| {
            put(&terms, row, parts);
            terms.spelled.into_iter().for_each(|it| self.spelled.push(it));
        });
    }

    /// The parts of a hyphenated word, or a word that is cut short before a hyphen.
    fn group(&mut self, text: &str, group: &[Span], after: &[Span], row: &mut Row, parts: &mut Row) {
        let words: Vec<Arc<Analysed>> = group.iter().map(|it| self.analyzer.word(&text[it.range.clone()])).collect();
        let joined = (1 < words.len()).then(|| {
            let joined: String = words.iter().map(|it| &*it.folded).collect();
            self.analyzer.word(&joined)
        });
        let completed = self.completed(text, group, after);
        let numbering = &mut self.words.numbering;
        for (nth, word) in words.iter().enumerate() {
            parts.gap();
            if word.stem.is_empty() || dutch::LONGEST < word.stem.len() {
                row.gap();
                continue;
            }
            row.push(numbering.number(&word.stem));
            if nth == 0 || nth + 1 == words.len() {
                for it in joined.iter().chain(&completed).filter(|it| it.stem.len() <= dutch::LONGEST) {
                    row.push_same(&[row::same(numbering.number(&it.stem))]);
                }
            }
        }
        for word in words.iter().chain(&joined).chain(&completed) {
            for it in word.parts.iter().chain(&word.inner) {
                parts.push_same(&[row::same(numbering.number(it))]);
            }
            if known::is_spelled(&word.folded) {
                self.spelled.push(numbering.number(&word.folded));
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

/// Puts a word in the rows; its parts stand at its place.
#[inline]
fn put(terms: &Terms, row: &mut Row, parts: &mut Row) {
    parts.gap();
    match terms.stem {
        Some(stem) => {
            row.push(stem);
            parts.push_same(terms.parts);
        }
        None => row.gap(),
    }
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
        let spelled = reader.take_spelled();
        [row, parts, spelled].map(|it| it.text(reader.numbering()).replace('\u{1}', "=").replace('\u{2}', "+"))
    }

    #[test]
    fn words_take_their_place_in_each_row() {
        let expected = ["zorgplan of zorgplan ", "zorg =plan +1 zorg =plan ", "zorgplannen "];
        assert_eq!(read("Zorgplannen of Zorgplannen"), expected);
        assert_eq!(read("e-health nu")[0], "e =ehealth health =ehealth nu ");
        let [row, parts, spelled] = read("vrijheids- en zorgplannen");
        assert!(row.starts_with("vrijheid =vrijheidsplan en zorgplan"), "{row}");
        assert!(parts.contains("vrijheid =plan +1 zorg =plan"), "{parts}");
        assert!(spelled.contains("zorgplannen") && spelled.contains("vrijheidsplannen"), "{spelled}");
        assert_eq!(read(""), ["", "", ""]);
    }

    #[test]
    fn a_common_word_is_noted_often_enough() {
        let analyzer = Analyzer::default();
        let mut reader = Reader::new(&analyzer);
        // A word of a file is not noted, and so not counted either.
        reader.begin(true);
        reader.begin_files();
        reader.read("verzuim", &mut Row::default(), &mut Row::default());
        assert_eq!(reader.take_spelled().places(), 0);
        let mut noted = |is_public: bool| {
            reader.begin(is_public);
            reader.read("verzuim en Verzuimbegeleidingsgesprekken", &mut Row::default(), &mut Row::default());
            reader.take_spelled().places()
        };
        for _ in 0..SPELLED_OFTEN {
            assert_eq!(noted(true), 2);
        }
        assert_eq!((noted(true), noted(false), noted(false), noted(true)), (0, 2, 2, 0));
    }
}
