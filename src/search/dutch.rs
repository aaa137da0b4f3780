//! Words as a Dutch reader sees them, for the index and for what is typed alike.
//!
//! A word is a run of letters and digits. An apostrophe inside belongs to it (regio's), and a point, comma or slash
//! between digits (7,9 and 24/7). Words joined by hyphens are found by their parts and as one: e-health gives e,
//! health and ehealth. An apostrophe before a word is dropped, so "'s Heeren Loo" is found without it too.
//!
//! Invariant: offsets are byte offsets of the original text, on character boundaries.

use std::ops::Range;

use crate::text::slug::{fold, is_mark};

/// Longer runs are addresses or noise, not words; in bytes, folded.
pub const LONGEST: usize = 100;

/// Words that say nothing by themselves, folded and sorted. They stay in the index, for phrases; a search only does
/// not insist on them. Words that turn a meaning (niet, geen, zonder) are no stop words.
const STOP_WORDS: &[&str] = &[
    "aan", "al", "als", "bij", "dan", "dat", "de", "der", "des", "deze", "die", "dit", "door", "dus", "een", "en",
    "er", "haar", "hem", "hen", "het", "hoe", "hun", "ik", "in", "is", "je", "jij", "jou", "jouw", "jullie", "maar",
    "me", "met", "mij", "mijn", "na", "naar", "nog", "of", "om", "onder", "ons", "onze", "ook", "op", "over", "s", "t",
    "te", "ten", "ter", "tot", "u", "uit", "uw", "van", "voor", "waar", "want", "wat", "we", "wie", "wij", "worden",
    "wordt", "ze", "zich", "zij", "zijn",
];

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Folded: lower case, no diacritics.
    pub text: String,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// Its place among the words of the text, from 0.
    pub position: usize,
}

/// One written word: usually a single [`Word`], with hyphens its parts and the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub parts: Vec<Word>,
    /// The parts as one word, when there is more than one.
    pub joined: Option<Word>,
}

/// Where a word stands in a text, as [`spans`] finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// In bytes.
    pub range: Range<usize>,
    /// Whether a hyphen joins it to the span before.
    pub is_joined: bool,
}

/// The places of the words of a text, in order.
pub fn spans(text: &str) -> Vec<Span> {
    let mut res = Vec::with_capacity(text.len() / 7);
    find_spans(text, &mut res);
    res
}

/// The same, in the room of earlier ones.
pub fn find_spans(text: &str, res: &mut Vec<Span>) {
    res.clear();
    let mut chars = Chars { text, at: 0 };
    while let Some(first) = chars.next_word() {
        res.push(Span { range: first, is_joined: false });
        while let Some(range) = chars.next_part() {
            res.push(Span { range, is_joined: true });
        }
    }
}

/// Where a word stands in a text, in bytes: so many [`spans`] after the written word that begins at `start`.
pub fn span_at(text: &str, start: usize, after: usize) -> Option<Range<usize>> {
    if !text.is_char_boundary(start) {
        return None;
    }
    let mut chars = Chars { text, at: start };
    let mut left = after;
    let mut next = chars.next_word();
    while let Some(range) = next {
        if left == 0 {
            return Some(range);
        }
        left -= 1;
        next = chars.next_part().or_else(|| chars.next_word());
    }
    None
}

/// The written words of a text, in order.
pub fn written(text: &str) -> Vec<Written> {
    let mut res = Vec::new();
    let mut position = 0;
    for group in spans(text).chunk_by(|_, next| next.is_joined) {
        let whole = group[0].range.start..group[group.len() - 1].range.end;
        let mut parts: Vec<Word> = group
            .iter()
            .enumerate()
            .map(|(at, it)| Word {
                text: folded(&text[it.range.clone()]),
                range: it.range.clone(),
                position: position + at,
            })
            .collect();
        let joined = (1 < parts.len()).then(|| Word {
            text: parts.iter().map(|it| it.text.as_str()).collect(),
            range: whole,
            position,
        });
        position += parts.len();
        let fits = |it: &Word| !it.text.is_empty() && it.text.len() <= LONGEST;
        parts.retain(fits);
        if !parts.is_empty() {
            res.push(Written { parts, joined: joined.filter(fits) });
        }
    }
    res
}

/// The words of a text, in order: the parts of a hyphenated word before the whole.
pub fn words(text: &str) -> Vec<Word> {
    let mut res = Vec::new();
    for it in written(text) {
        res.extend(it.parts);
        res.extend(it.joined);
    }
    res
}

/// Whether a folded word says nothing by itself.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// A word as the index knows it: lower case, no diacritics, no sign that is no part of it.
pub fn folded(word: &str) -> String {
    let mut res = fold(word);
    res.retain(|c| c.is_alphanumeric() || matches!(c, '\'' | '.' | ',' | '/'));
    res
}

/// Soft hyphens and joiners, which texts from a PDF keep in the middle of words.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Walks over a text, word by word.
struct Chars<'a> {
    text: &'a str,
    at: usize,
}

impl Chars<'_> {
    /// The next run of letters and digits.
    fn next_word(&mut self) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        loop {
            let byte = *bytes.get(start)?;
            if byte.is_ascii_alphanumeric() {
                break;
            }
            if byte.is_ascii() {
                start += 1;
                continue;
            }
            let c = self.text[start..].chars().next()?;
            if c.is_alphanumeric() {
                break;
            }
            start += c.len_utf8();
        }
        self.at = self.end_of(start);
        Some(start..self.at)
    }

    /// The next part of the same written word, if a single hyphen and a letter or digit follow.
    fn next_part(&mut self) -> Option<Range<usize>> {
        let mut rest = self.text[self.at..].char_indices();
        rest.next().filter(|(_, c)| is_hyphen(*c))?;
        let (offset, _) = rest.next().filter(|(_, c)| c.is_alphanumeric())?;
        let start = self.at + offset;
        self.at = self.end_of(start);
        Some(start..self.at)
    }

    /// Where the word that starts here ends.
    fn end_of(&self, start: usize) -> usize {
        // Nearly all of a text is plain letters: those need no decoding.
        let bytes = self.text.as_bytes();
        let mut end = start + bytes[start..].iter().take_while(|it| it.is_ascii_alphanumeric()).count();
        let is_over = match bytes.get(end) {
            None => true,
            // Within a word only where more follows.
            Some(b'\'' | b'`' | b'.' | b',' | b'/') => {
                bytes.get(end + 1).is_none_or(|it| it.is_ascii() && !it.is_ascii_alphanumeric())
            }
            Some(other) => other.is_ascii(),
        };
        if is_over {
            return end;
        }
        let mut before = self.text[start..end].chars().next_back().unwrap_or(' ');
        let mut rest = self.text[end..].chars().peekable();
        while let Some(c) = rest.next() {
            let next = rest.peek().copied().unwrap_or(' ');
            let is_inside = c.is_alphanumeric()
                || (!c.is_ascii() && is_mark(c))
                || (is_invisible(c) && next.is_alphanumeric())
                || (is_apostrophe(c) && next.is_alphanumeric())
                || (matches!(c, '.' | ',' | '/') && before.is_ascii_digit() && next.is_ascii_digit());
            if !is_inside {
                break;
            }
            end += c.len_utf8();
            before = c;
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::stem::stem;

    #[test]
    fn words_of_a_text() {
        for (text, expected) in [
            ("De regio's", "de regio's"),
            ("PNIL’ers, zzp´ers", "pnil'ers zzp'ers"),
            ("'s Heeren Loo en 't Heem", "s heeren loo en t heem"),
            ("‘zorg’ en \"rust\"", "zorg en rust"),
            ("e-health", "e health ehealth"),
            ("'s-Hertogenbosch", "s hertogenbosch shertogenbosch"),
            ("zorg- en behandelplan", "zorg en behandelplan"),
            ("24/7, 7,9 en 1.234,5.", "24/7 7,9 en 1.234,5"),
            ("en/of ERAI1", "en of erai1"),
            ("Cliënten e\u{301}\u{e9}n zieken\u{ad}huis", "clienten een ziekenhuis"),
            ("covid-19--test", "covid 19 covid19 test"),
            ("a_b@c.nl", "a b c nl"),
            ("-- … 🙂 ''", ""),
        ] {
            let found: Vec<String> = words(text).into_iter().map(|it| it.text).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn offsets_and_positions() {
        let text = "Één e‑health-app, morgen";
        let found: Vec<(String, &str, usize)> =
            words(text).into_iter().map(|it| (it.text, &text[it.range], it.position)).collect();
        let expected = [
            ("een", "Één", 0),
            ("e", "e", 1),
            ("health", "health", 2),
            ("app", "app", 3),
            ("ehealthapp", "e‑health-app", 1),
            ("morgen", "morgen", 4),
        ];
        assert_eq!(found, expected.map(|(word, piece, at)| (word.to_owned(), piece, at)));
    }

    #[test]
    fn noise_is_no_word() {
        assert_eq!(words(&"x".repeat(101)), []);
        assert_eq!(words(&format!("a {} b", "x".repeat(500))).iter().map(|it| it.position).collect::<Vec<_>>(), [0, 2]);
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("de") && !is_stop_word("niet"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_words_within_it(text in "\\PC{0,80}") {
            for word in words(&text) {
                proptest::prop_assert!(text.get(word.range.clone()).is_some_and(|it| !it.is_empty()));
                proptest::prop_assert!(!word.text.contains(char::is_whitespace) && !stem(&word.text).contains(char::is_whitespace));
            }
        }
    }
}
