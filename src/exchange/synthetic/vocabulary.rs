//! The words of the synthetic library, the most frequent first. They are the same for every seed, so that a load
//! test can ask for them.

use std::collections::HashSet;

use super::parts;
use super::random::{Random, Zipf};

/// How many different words there are.
const WORDS: usize = 40_000;
/// From this place on compounds come between the plain words, and from the next made-up words as well.
const COMPOUNDS_FROM: usize = 1_000;
const MADE_UP_FROM: usize = 6_000;
/// How far the first words stand out: with 3, "de" is one word in twenty.
const SHIFT: usize = 3;

/// A noun: one, more of them if that is said, and as the first part of a compound.
#[derive(Clone, Copy)]
pub(super) struct Noun {
    pub one: &'static str,
    pub more: Option<&'static str>,
    first: &'static str,
}

pub(super) struct Vocabulary {
    /// The most frequent first.
    pub words: Vec<String>,
    /// How many small words stand at the beginning.
    pub small: usize,
    pub nouns: Vec<Noun>,
    /// To do something.
    pub verbs: Vec<&'static str>,
    /// As before a noun.
    pub adjectives: Vec<&'static str>,
    zipf: Zipf,
}

impl Vocabulary {
    pub fn new() -> Vocabulary {
        let mut random = Random::new(0, 0);
        let nouns: Vec<Noun> = parts::NOUNS.split_whitespace().map(noun).collect();
        let small: Vec<&str> = parts::SMALL.split_whitespace().collect();
        let plain: Vec<&str> = [parts::NOUNS, parts::VERBS, parts::ADJECTIVES]
            .iter()
            .flat_map(|it| it.split_whitespace())
            // The first part of a compound is no word of its own.
            .flat_map(|it| it.split('/').take(if it.matches('/').count() == 2 { 2 } else { 4 }))
            .filter(|it| *it != "-")
            .collect();
        let mut plain = random.shuffled(plain).into_iter();

        let mut words: Vec<String> = small.iter().map(|it| (*it).to_owned()).collect();
        let mut seen: HashSet<String> = words.iter().cloned().collect();
        while words.len() < WORDS {
            let chance = random.below(100);
            let word = match words.len() {
                at if at < COMPOUNDS_FROM || chance < 15 && at < MADE_UP_FROM => plain.next().map(str::to_owned),
                at if at < MADE_UP_FROM || chance < 45 => Some(compound(&nouns, &mut random)),
                _ => Some(made_up(&mut random)),
            };
            let word = word.unwrap_or_else(|| compound(&nouns, &mut random));
            if seen.insert(word.clone()) {
                words.push(word);
            }
        }
        Vocabulary {
            words,
            small: small.len(),
            nouns,
            verbs: firsts(parts::VERBS, 0),
            adjectives: firsts(parts::ADJECTIVES, 1),
            zipf: Zipf::new(WORDS, SHIFT),
        }
    }

    /// A word, as often as its place says.
    pub fn draw(&self, random: &mut Random) -> &str {
        &self.words[self.zipf.draw(random)]
    }

    /// A word that is no small one and not rare either.
    pub fn telling(&self, random: &mut Random) -> &str {
        let last = if random.percent(60) { COMPOUNDS_FROM } else { MADE_UP_FROM } - 1;
        &self.words[random.between(self.small, last)]
    }
}

fn noun(text: &'static str) -> Noun {
    let mut forms = text.split('/');
    let one = forms.next().unwrap_or(text);
    Noun { one, more: forms.next().filter(|it| *it != "-"), first: forms.next().unwrap_or(one) }
}

/// One of the forms of every word of a list.
fn firsts(list: &'static str, form: usize) -> Vec<&'static str> {
    list.split_whitespace().filter_map(|it| it.split('/').nth(form)).collect()
}

/// Two nouns, or now and then three, made one: "bewonersraad", "nachtdienstroosters".
fn compound(nouns: &[Noun], random: &mut Random) -> String {
    let mut res = String::new();
    for _ in 0..if random.percent(10) { 2 } else { 1 } {
        res.push_str(random.pick(nouns).first);
    }
    let last = random.pick(nouns);
    res.push_str(if random.percent(30) { last.more.unwrap_or(last.one) } else { last.one });
    res
}

/// A word that could be Dutch.
fn made_up(random: &mut Random) -> String {
    let of = |list: &'static str, random: &mut Random| {
        let items: Vec<&str> = list.split_whitespace().collect();
        *random.pick(&items)
    };
    let mut res = String::new();
    for _ in 0..random.between(1, 2) {
        for list in [parts::ONSETS, parts::VOWELS, parts::CODAS] {
            res.push_str(of(list, random));
        }
    }
    res + of(parts::ENDINGS, random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_words_small_ones_first() {
        let vocabulary = Vocabulary::new();
        assert_eq!(vocabulary.words.len(), WORDS);
        assert_eq!(vocabulary.words[..4], ["de", "van", "het", "een"]);
        assert_eq!(vocabulary.words.iter().collect::<HashSet<_>>().len(), WORDS);
        let is_word = |it: &String| !it.is_empty() && it.chars().all(|c| c.is_alphabetic() && c.is_lowercase());
        assert_eq!(vocabulary.words.iter().find(|it| !is_word(it)), None);
        for known in ["bewoners", "verbeterd", "veilige", "rooster"] {
            assert!(vocabulary.words.iter().any(|it| it == known), "{known}");
        }
    }
}
