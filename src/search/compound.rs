//! Compounds: which words a long Dutch word is made of. "ziekteverzuimbeleid" is ziekte, verzuim and beleid.
//!
//! A word is split into the fewest known parts, with a linking s, e, n, en or er between them. The last part may
//! have any form (zorgplannen), the others stand as the list has them. When no split covers the whole word, a long
//! known part at its end or begin still says what it is about (koelkasttemperatuur is a temperatuur), unless what
//! stands before it only makes another word of it (verplicht is no licht).
//!
//! Invariant: the input is folded; a part is never the whole word.

use std::collections::HashSet;

use crate::search::stem::stem;

/// The shortest part, in letters.
const SHORTEST: usize = 3;
/// The shortest part that the texts prove by themselves: shorter words stand in too many others by chance.
pub const SHORTEST_PROVEN: usize = 5;
/// The shortest known part that is taken from a word whose rest is unknown.
const SHORTEST_ALONE: usize = 5;
/// The shortest rest of such a word.
const SHORTEST_REST: usize = 4;
/// Before a longer part the rest may be as short as an abbreviation without vowels: pgafdeling, wlzclienten.
const LONG: usize = 8;
const SHORTEST_ABBREVIATION: usize = 2;
/// Longer words are no words.
const LONGEST: usize = 60;

/// Letters that join two parts; the empty one first.
const LINKS: &[&str] = &["", "s", "n", "en", "e", "er"];

/// Beginnings that make another word of what follows them.
const BEGINNINGS: &[&str] = &[
    "aan", "achter", "af", "be", "bij", "binnen", "boven", "buiten", "door", "er", "ge", "her", "in", "mee", "mis",
    "na", "om", "on", "onder", "ont", "op", "over", "samen", "tegen", "terug", "toe", "tussen", "uit", "vast", "ver",
    "voor", "weg",
];

/// What a part costs: the fewest parts win, and a part of the list goes before one that only the texts prove.
const LISTED: u32 = 10;
const PROVEN: u32 = 13;
/// A link is a small thing to suppose.
const LINK: u32 = 1;

/// Knows the parts.
#[derive(Debug, Default, Clone)]
pub struct Splitter {
    listed: HashSet<Box<str>>,
    proven: HashSet<Box<str>>,
    /// The stems of the parts, for the last part of a word.
    listed_stems: HashSet<Box<str>>,
    proven_stems: HashSet<Box<str>>,
    /// Stems of words that stay whole.
    whole: HashSet<Box<str>>,
}

/// A word taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Split {
    /// The parts as they stand in the word, in order; empty when there are none.
    pub parts: Vec<String>,
    /// Whether the parts make up the whole word.
    pub is_full: bool,
}

impl Splitter {
    /// Takes folded words: listed parts, parts proven by texts, and words that stay whole.
    pub fn new<'a>(
        listed: impl IntoIterator<Item = &'a str>,
        proven: impl IntoIterator<Item = &'a str>,
        whole: impl IntoIterator<Item = &'a str>,
    ) -> Splitter {
        let mut res = Splitter::default();
        for word in listed {
            res.listed_stems.insert(stem(word).into());
            res.listed.insert(word.into());
        }
        for word in proven {
            res.proven_stems.insert(stem(word).into());
            res.proven.insert(word.into());
        }
        res.whole.extend(whole.into_iter().map(|it| stem(it).into()));
        res
    }

    /// Takes a folded word apart.
    pub fn split(&self, word: &str) -> Split {
        let is_word = word.len() <= LONGEST && word.bytes().all(|b| b.is_ascii_lowercase());
        if !is_word || word.len() < 2 * SHORTEST || self.whole.contains(stem(word).as_str()) {
            return Split::default();
        }
        match self.full(word) {
            // A form of a short word is no compound: rolletje is no rol with something after it.
            Some(parts) if stem(word).len() <= parts[0].len() => Split::default(),
            Some(parts) => Split { parts, is_full: true },
            None => Split { parts: self.alone(word).into_iter().map(str::to_owned).collect(), is_full: false },
        }
    }

    /// The cheapest way to make up the whole word.
    fn full(&self, word: &str) -> Option<Vec<String>> {
        // Per end of a part: the cost so far, and where that part begins and what stands before it.
        let mut best: Vec<Option<(u32, usize, usize)>> = vec![None; word.len() + 1];
        best[0] = Some((0, 0, 0));
        for end in SHORTEST..=word.len() {
            for start in (0..=end - SHORTEST).rev() {
                // The whole word is no part of itself.
                if start == 0 && end == word.len() {
                    continue;
                }
                let Some(cost) = self.cost(&word[start..end], end == word.len()) else { continue };
                for link in LINKS {
                    if start < link.len() || !word[..start].ends_with(link) || (start == link.len() && !link.is_empty())
                    {
                        continue;
                    }
                    let before = start - link.len();
                    let Some((sum, ..)) = best[before] else { continue };
                    let sum = sum + cost + if link.is_empty() { 0 } else { LINK };
                    if best[end].is_none_or(|(least, ..)| sum < least) {
                        best[end] = Some((sum, start, before));
                    }
                }
            }
        }
        let mut parts = Vec::new();
        let mut at = word.len();
        while 0 < at {
            let (_, start, before) = best[at]?;
            parts.push(word[start..at].to_owned());
            at = before;
        }
        parts.reverse();
        (1 < parts.len()).then_some(parts)
    }

    fn cost(&self, piece: &str, is_last: bool) -> Option<u32> {
        let long = SHORTEST_PROVEN <= piece.len();
        if self.listed.contains(piece) {
            return Some(LISTED);
        }
        if long && self.proven.contains(piece) {
            return Some(PROVEN);
        }
        // Only the last part has endings; those of short words are too often other words.
        if !is_last || piece.len() < 4 {
            return None;
        }
        let stem = stem(piece);
        if self.listed_stems.contains(stem.as_str()) {
            Some(LISTED)
        } else {
            (long && self.proven_stems.contains(stem.as_str())).then_some(PROVEN)
        }
    }

    /// A long listed part at the end of a word, else at its begin.
    fn alone<'a>(&self, word: &'a str) -> Option<&'a str> {
        let most = word.len().checked_sub(SHORTEST_REST).filter(|it| SHORTEST_ALONE <= *it)?;
        let is_short_form = |rest: &str| !rest.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        let may_stand =
            |start: &usize| SHORTEST_REST <= *start || (LONG <= word.len() - *start && is_short_form(&word[..*start]));
        let head = (SHORTEST_ABBREVIATION..=word.len() - SHORTEST_ALONE)
            .filter(may_stand)
            .find(|start| !is_short_verb(&word[*start..]) && self.is_known(&word[*start..]))
            .filter(|start| !is_beginning(&word[..*start]))
            .map(|start| &word[start..]);
        head.or_else(|| (SHORTEST_ALONE..=most).rev().map(|end| &word[..end]).find(|it| self.listed.contains(*it)))
    }

    /// Whether a long piece is listed, or surely a form of one that is: artikelen ends in no keel, coordinatie in no
    /// diner.
    fn is_known(&self, piece: &str) -> bool {
        let is_form = || {
            let stem = stem(piece);
            let same = stem.bytes().zip(piece.bytes()).take_while(|(a, b)| a == b).count();
            SHORTEST_ALONE <= same && self.listed_stems.contains(stem.as_str())
        };
        self.listed.contains(piece) || is_form()
    }
}

/// Words end in it by chance: signaleren is no leren.
fn is_short_verb(piece: &str) -> bool {
    piece.len() == SHORTEST_ALONE && piece.ends_with("en")
}

/// Whether something is only what words begin with, or little more: verplicht is no licht, bijvoorbeeld no beeld and
/// behandeling no deling.
fn is_beginning(rest: &str) -> bool {
    let after = |it: &&str| rest.strip_prefix(*it).is_some_and(|more| more.len() <= 3 || is_beginning(more));
    BEGINNINGS.iter().any(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splitter() -> Splitter {
        Splitter::new(
            [
                "ziekte",
                "verzuim",
                "beleid",
                "client",
                "raad",
                "bewoner",
                "kinder",
                "opvang",
                "zorg",
                "plan",
                "leef",
                "temperatuur",
                "huis",
                "verpleeg",
                "kwart",
                "aal",
            ],
            ["dashboard"],
            ["kwartaal"],
        )
    }

    #[test]
    fn compounds_fall_apart() {
        for (word, expected) in [
            ("ziekteverzuim", "ziekte verzuim"),
            ("ziekteverzuimbeleid", "ziekte verzuim beleid"),
            ("clientenraad", "client raad"),
            ("bewonersraad", "bewoner raad"),
            ("zorgleefplannen", "zorg leef plannen"),
            ("verpleeghuizen", "verpleeg huizen"),
            ("verzuimdashboard", "verzuim dashboard"),
            ("kinderopvang", "kinder opvang"),
        ] {
            assert_eq!(
                splitter().split(word),
                Split { parts: expected.split(' ').map(str::to_owned).collect(), is_full: true },
                "{word}"
            );
        }
    }

    #[test]
    fn a_known_end_or_begin_says_something() {
        for (word, expected) in
            [("koelkasttemperatuur", "temperatuur"), ("verzuimxyzzy", "verzuim"), ("xyzzyplan", ""), ("zorgen", "")]
        {
            let split = splitter().split(word);
            assert_eq!((split.parts.join(" ").as_str(), split.is_full), (expected, false), "{word}");
        }
    }

    #[test]
    fn words_that_stay_whole() {
        for word in ["kwartaal", "kwartalen", "zorg", "plannen", "", "24/7", "e"] {
            assert_eq!(splitter().split(word), Split::default(), "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_word_is_its_parts_and_links(word in "(ziekte|verzuim|s|en|raad|client|zorg|x){1,8}") {
            let split = splitter().split(&word);
            let mut rest = word.as_str();
            for part in &split.parts {
                proptest::prop_assert!(part.len() < word.len());
                let at = rest.find(part.as_str());
                proptest::prop_assert!(at.is_some());
                rest = &rest[at.unwrap() + part.len()..];
            }
            proptest::prop_assert!(!split.is_full || rest.is_empty());
        }
    }
}
