//! What was typed so far, as words.

use crate::search::document::{START_MAX, START_MIN};
use crate::search::dutch;
use crate::text::dutch::sort_key;

/// What is typed beyond this is not read, in characters.
const LONGEST: usize = 60;

/// The typed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    pub words: Vec<Word>,
    /// As names are sorted by: what begins with this begins with what was typed.
    pub key: String,
}

/// One typed word, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub letters: usize,
    /// The most typing errors it may have.
    pub faults: u8,
}

impl Typed {
    /// Nothing when no word has two letters.
    pub fn read(q: &str) -> Option<Typed> {
        let q: String = q.chars().take(LONGEST).collect();
        let mut words: Vec<Word> = Vec::new();
        for written in dutch::written(&q) {
            // "e-h" says more as the beginning of "ehealth" than as two letters.
            let is_apart = written.parts.iter().all(|it| START_MIN <= it.text.chars().count());
            let texts = match written.joined {
                Some(joined) if !is_apart => vec![joined.text],
                _ => written.parts.into_iter().map(|it| it.text).collect(),
            };
            for text in texts {
                let letters = text.chars().count();
                words.push(Word { text, letters, faults: 0 });
            }
        }
        words.iter().any(|it| START_MIN <= it.letters).then(|| Typed { key: sort_key(&q), words })
    }

    /// Whether any word is long enough to have a typing error.
    pub fn is_tolerable(&self) -> bool {
        self.words.iter().any(|it| 0 < it.tolerable())
    }

    /// The same with room for typing errors.
    pub fn tolerant(&self) -> Typed {
        let mut res = self.clone();
        res.words.iter_mut().for_each(|it| it.faults = it.tolerable());
        res
    }
}

impl Word {
    /// The part of it that the index knows beginnings by.
    pub fn start(&self) -> &str {
        let end = self.text.char_indices().nth(START_MAX).map_or(self.text.len(), |it| it.0);
        &self.text[..end]
    }

    /// One wrong, missing, extra or swapped letter from four letters, two from eight; none in numbers.
    fn tolerable(&self) -> u8 {
        match self.letters {
            _ if self.text.bytes().any(|b| b.is_ascii_digit()) => 0,
            ..4 => 0,
            4..8 => 1,
            _ => 2,
        }
    }

    /// With how few typing errors it is the beginning of a folded word; nothing when there are too many.
    pub fn begins(&self, word: &str) -> Option<u8> {
        match (word.starts_with(&self.text), self.faults) {
            (true, _) => Some(0),
            (false, 0) => None,
            (false, most) => faults(self.text.as_bytes(), word.as_bytes(), most),
        }
    }
}

/// The longest text that typing errors are counted in, in bytes: no more is typed.
const ROW: usize = 4 * LONGEST + 1;

/// The fewest changes that make `typed` a beginning of `word`, if they are no more than `most`: the optimal string
/// alignment distance to the nearest of its beginnings, row by row over the word.
fn faults(typed: &[u8], word: &[u8], most: u8) -> Option<u8> {
    let (n, most) = (typed.len(), usize::from(most));
    if ROW <= n || word.len() + most < n {
        return None;
    }
    let (mut a, mut b, mut c) = ([0u8; ROW], [0u8; ROW], [0u8; ROW]);
    let (mut older, mut old, mut new) = (&mut a, &mut b, &mut c);
    for (at, it) in old[..=n].iter_mut().enumerate() {
        *it = at as u8;
    }
    let mut best = old[n];
    for (at, letter) in word.iter().enumerate().take(n + most) {
        new[0] = at as u8 + 1;
        let mut least = new[0];
        for i in 1..=n {
            let changed = old[i - 1] + u8::from(typed[i - 1] != *letter);
            new[i] = changed.min(old[i] + 1).min(new[i - 1] + 1);
            if 0 < at && 1 < i && typed[i - 1] == word[at - 1] && typed[i - 2] == *letter {
                new[i] = new[i].min(older[i - 2] + 1);
            }
            least = least.min(new[i]);
        }
        best = best.min(new[n]);
        if most < usize::from(least) {
            break;
        }
        (older, old, new) = (old, new, older);
    }
    (usize::from(best) <= most).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_as_words() {
        for (q, words, key) in [
            ("ve", "ve", "ve"),
            ("  Zórg   VERZ", "zorg verz", "zorg   verz"),
            ("e-h", "eh", "eh"),
            ("wet-lang", "wet lang", "wetlang"),
            ("de z", "de z", "z"),
            ("’t Heem", "t heem", "heem"),
        ] {
            let typed = Typed::read(q).unwrap();
            let texts: Vec<&str> = typed.words.iter().map(|it| it.text.as_str()).collect();
            assert_eq!((texts.join(" ").as_str(), typed.key.as_str()), (words, key), "{q}");
        }
        for q in ["", " ", "v", "é", "a b", "-", "\"", "\0"] {
            assert_eq!(Typed::read(q), None, "{q}");
        }
        assert_eq!(Typed::read(&"zorg ".repeat(1_000)).unwrap().words.len(), 12);
        assert_eq!(Typed::read("kwaliteitsverbetering").unwrap().words[0].start(), "kwaliteitsverbe");
    }

    #[test]
    fn beginnings_with_typing_errors() {
        for (typed, word, expected) in [
            ("verz", "verzuim", Some(0)),
            ("vrez", "verzuim", Some(1)),
            ("vezuim", "verzuim", Some(1)),
            ("verrzuim", "verzuimbeleid", Some(1)),
            ("verziumbleid", "verzuimbeleid", Some(2)),
            ("mantlezrog", "mantelzorg", Some(2)),
            ("ver", "zorg", None),
            ("vre", "verzuim", None),
            ("zorgg", "zorg", Some(1)),
            ("2024", "2023", None),
            ("dementi", "verzuim", None),
            ("vreziumm", "verzuim", None),
            ("vreizum", "verzuim", None),
            ("personeel", "pers", None),
        ] {
            let typed = Typed::read(typed).unwrap().tolerant();
            assert_eq!(typed.words[0].begins(word), expected, "{typed:?} {word}");
        }
    }
}
