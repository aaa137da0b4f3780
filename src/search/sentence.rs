//! The words of a question as they belong together, before they are looked for: a typing error that makes sense in its
//! place is mended, and a verb that a sentence takes apart is put together.

use std::sync::Arc;

use crate::search::analyzer::{Analysed, Analyzer};
use crate::search::question::{CORRECTIONS_MAX, NAME_MAX, Words};
use crate::search::stem::stem;

/// How far before its particle a verb may stand, in words.
const VERB_REACH: usize = 6;
/// The shortest verb, in letters.
const VERB_MIN: usize = 3;

/// What comes loose of a verb (waarom gaan mensen weg) and is nothing else.
const PARTICLES: &[&str] = &["af", "mee", "terug", "weg"];
/// What comes loose of a verb, but only at the end of what was typed: elsewhere it is a preposition.
const LAST_PARTICLES: &[&str] = &["aan", "door", "in", "na", "om", "op", "over", "toe", "uit", "vast", "voor"];
/// Endings of words that are no verbs: a leiding op is no opleiding.
const NO_VERBS: &[&str] = &["heden", "heid", "eringen", "deringen", "ing", "lingen", "tie", "ties"];

/// A typed word.
pub(super) struct Token {
    pub raw: String,
    pub word: Arc<Analysed>,
    /// The stem of the hyphenated word it opens, and how many tokens that takes.
    pub joined: Option<(String, usize)>,
    pub is_stop: bool,
}

/// Whether a stem occurs, or names a concept by itself.
pub(super) fn is_known(stem: &str, analyzer: &Analyzer, words: &dyn Words) -> bool {
    0 < words.documents(stem) || !analyzer.concepts_at(&[(stem, stem)]).is_empty()
}

/// Mends words that nobody knows but that, spelled another way, are part of a name of several words: "wet zorg en
/// dwagn". Says what was read as what. Other typing errors are left for later: there more readings are tried.
pub(super) fn mend(tokens: &mut [Token], analyzer: &Analyzer, words: &dyn Words) -> Vec<(String, String)> {
    let mut res = Vec::new();
    for at in 0..tokens.len() {
        let token = &tokens[at];
        let is_right = token.is_stop || token.word.is_full || analyzer.is_ordinary(&token.word);
        if tokens.len() < 2 || is_right || is_known(&token.word.stem, analyzer, words) {
            continue;
        }
        let near = words.near(&token.word.folded);
        let fits = |it: &&String| fits(tokens, at, it, analyzer, words);
        if let Some(meant) = near.iter().take(CORRECTIONS_MAX).find(fits) {
            res.push((token.raw.clone(), meant.clone()));
            tokens[at].word = analyzer.word(meant);
            tokens[at].raw.clone_from(meant);
        }
    }
    res
}

/// Whether a word in the place of another completes a name, or is one word with its neighbour.
fn fits(tokens: &[Token], place: usize, word: &str, analyzer: &Analyzer, words: &dyn Words) -> bool {
    let meant = analyzer.word(word);
    let read = |at: usize| match at == place {
        true => (word, &*meant.stem),
        false => (tokens[at].raw.as_str(), &*tokens[at].word.stem),
    };
    let names = |start: usize| {
        let row: Vec<(&str, &str)> = (start..tokens.len()).take(NAME_MAX).map(read).collect();
        let longest = analyzer.concepts_at(&row).first().map_or(0, |it| it.0);
        2 <= longest && place < start + longest
    };
    let joins = |before: &str, after: &str| is_known(&stem(&format!("{before}{after}")), analyzer, words);
    let neighbour = |at: usize| tokens.get(at).filter(|it| !it.is_stop).map(|it| &*it.word.folded);
    (place.saturating_sub(NAME_MAX - 1)..=place).any(names)
        || place.checked_sub(1).and_then(neighbour).is_some_and(|it| joins(it, &meant.folded))
        || neighbour(place + 1).is_some_and(|it| joins(&meant.folded, it))
}

/// Puts verbs together that a sentence takes apart: "waarom gaan mensen weg" asks for weggaan, and "nieuwe mensen in
/// te werken" for inwerken. Only verbs that the index or the lexicon knows.
pub(super) fn join_verbs(tokens: &mut Vec<Token>, analyzer: &Analyzer, words: &dyn Words) {
    // Words joined by hyphens stay as they stand.
    if tokens.iter().any(|it| it.joined.is_some()) {
        return;
    }
    let mut at = 1;
    while at < tokens.len() {
        let found = match verb_of(tokens, at, analyzer, words) {
            Some((place, word)) => Some((place, word, at..at + 1)),
            None => verb_after(tokens, at, analyzer, words).map(|word| (at + 1, word, at - 1..at + 1)),
        };
        let Some((place, raw, taken)) = found else {
            at += 1;
            continue;
        };
        tokens[place] = Token { word: analyzer.word(&raw), raw, joined: None, is_stop: false };
        at = taken.start.max(1);
        tokens.drain(taken);
    }
}

/// The verb before a particle: where it stands, and both as one word.
fn verb_of(tokens: &[Token], at: usize, analyzer: &Analyzer, words: &dyn Words) -> Option<(usize, String)> {
    let particle = &*tokens[at].word.folded;
    let is_last = at + 1 == tokens.len();
    let is_loose = PARTICLES.contains(&particle) || (is_last && LAST_PARTICLES.contains(&particle));
    if !is_loose {
        return None;
    }
    let mut places = (at.saturating_sub(VERB_REACH)..at).rev();
    places.find_map(|place| joined(particle, &tokens[place], analyzer, words).map(|word| (place, word)))
}

/// The verb that "in te werken" is, by the place of "te".
fn verb_after(tokens: &[Token], at: usize, analyzer: &Analyzer, words: &dyn Words) -> Option<String> {
    let particle = &*tokens[at - 1].word.folded;
    let is_split = &*tokens[at].word.folded == "te" && at + 1 < tokens.len();
    let is_particle = PARTICLES.contains(&particle) || LAST_PARTICLES.contains(&particle);
    if !(is_split && is_particle) {
        return None;
    }
    joined(particle, &tokens[at + 1], analyzer, words)
}

/// A particle and a verb as one word, if that is a verb anyone knows.
fn joined(particle: &str, verb: &Token, analyzer: &Analyzer, words: &dyn Words) -> Option<String> {
    let folded = &*verb.word.folded;
    let is_verb = !verb.is_stop && verb.joined.is_none() && VERB_MIN <= folded.len();
    if !is_verb || NO_VERBS.iter().any(|it| folded.ends_with(it)) {
        return None;
    }
    let word = format!("{particle}{folded}");
    is_known(&stem(&word), analyzer, words).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::concept::Concept;
    use crate::search::dutch;
    use crate::search::lexicon::Lexicon;

    /// An index with a few words.
    struct Few(&'static [&'static str]);

    impl Words for Few {
        fn documents(&self, it: &str) -> u64 {
            u64::from(self.0.iter().any(|word| stem(word) == it))
        }

        fn stand_together(&self, _: &[String]) -> bool {
            true
        }

        fn near(&self, word: &str) -> Vec<String> {
            let near = [("dwagn", "dwang"), ("tevredenhijd", "tevredenheid"), ("verzium", "verzuim")];
            near.iter().filter(|it| it.0 == word).map(|it| it.1.to_owned()).collect()
        }
    }

    fn read(q: &str) -> String {
        let concept = |name: &str, synonyms: &[&str]| Concept {
            name: name.to_owned(),
            synonyms: synonyms.iter().map(|it| (*it).to_owned()).collect(),
            ..Concept::default()
        };
        let analyzer = Analyzer::new(&Lexicon {
            concepts: vec![
                concept("Wet zorg en dwang", &[]),
                concept("Uitstroom", &["weggaan"]),
                concept("Verminderen", &["terugdringen"]),
            ],
            ..Lexicon::default()
        });
        let words =
            Few(&["mensen", "inwerken", "opleiden", "medewerkerstevredenheid", "verzuim", "opleiding", "leiding"]);
        let mut tokens = Vec::new();
        for it in dutch::written(q) {
            for (at, part) in it.parts.iter().enumerate() {
                tokens.push(Token {
                    raw: part.text.clone(),
                    word: analyzer.word(&part.text),
                    joined: it.joined.as_ref().filter(|_| at == 0).map(|word| (word.text.clone(), it.parts.len())),
                    is_stop: dutch::is_stop_word(&part.text),
                });
            }
        }
        mend(&mut tokens, &analyzer, &words);
        join_verbs(&mut tokens, &analyzer, &words);
        tokens.iter().map(|it| it.raw.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_that_belong_together_stand_together() {
        for (q, expected) in [
            ("waarom gaan mensen weg", "waarom weggaan mensen"),
            ("waarom gaan zij weg uit de zorg", "waarom weggaan zij uit de zorg"),
            ("hoe dringen we verzuim terug", "hoe terugdringen we verzuim"),
            ("hoe werken wij mensen goed in", "hoe inwerken wij mensen goed"),
            ("mensen in te werken", "mensen inwerken"),
            ("mensen op te leiden en in te werken", "mensen opleiden en inwerken"),
            // A preposition is no particle, and a noun no verb.
            ("werken in de zorg", "werken in de zorg"),
            ("daar let de leiding op", "daar let de leiding op"),
            ("werken inwerken-in", "werken inwerken in"),
            ("wet zorg en dwagn", "wet zorg en dwang"),
            ("medewerkers tevredenhijd", "medewerkers tevredenheid"),
            // By itself it has more readings than one.
            ("verzium meten", "verzium meten"),
            ("in", "in"),
            ("weg te", "weg te"),
            ("", ""),
        ] {
            assert_eq!(read(q), expected, "{q}");
        }
    }
}
