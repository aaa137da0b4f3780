//! A list of words with one thing to say about them: parts of compounds, words that stay whole, words of little weight,
//! words that are rightly spelled.

use std::collections::HashMap;

use crate::domain::fault::{Fault, Place};
use crate::domain::field::{NAME, Shape, fields};
use crate::domain::vocabulary::vocabulary;
use crate::text::slug;

/// The most words in one list.
const WORDS_MAX: usize = 3_000;
/// Shorter pieces stand in too many words to say anything about them.
const PART_MIN: usize = 3;

vocabulary! {
    /// What a search does with the words of a list.
    WordUse {
        Part = "deel" "Deel van samenstellingen",
        Whole = "heel" "Blijft heel",
        Light = "licht" "Weegt licht",
        Ordinary = "gewoon" "Gewoon woord",
    }
}

fields! {
    /// One list of words, each in the form it has inside a compound.
    WordList {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de naam in het adres";
        name: String = "naam" "Naam", NAME, Required, "waar de woorden vandaan komen of over gaan";
        purpose: WordUse = "gebruik" "Gebruik", Shape::Choice(WordUse::CHOICES), Required, "deel: een deel van samenstellingen; heel: nooit in delen lezen; licht: alleen is het geen vraag; gewoon: goed gespeld, ook als geen document het heeft";
        words: Vec<String> = "woorden" "Woorden", Shape::Lines { most: WORDS_MAX, max: 60 }, Required, "de woorden, in kleine letters";
    }
}

impl WordList {
    /// Each entry is one word that a search can meet, and stands once.
    pub fn check_rules(&self) -> Vec<Fault> {
        let mut seen: HashMap<String, &str> = HashMap::new();
        let mut faults = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            let mut fault = |wrong: String, allowed: String| {
                faults.push(Fault::new(&Place::root().key("woorden").at(at), wrong, allowed));
            };
            let folded = slug::fold(word);
            if word.chars().any(char::is_uppercase) || !is_letters(&folded) {
                let allowed = "één woord in kleine letters, zonder spaties, cijfers en leestekens";
                fault(format!("\"{word}\" is hier niet mogelijk"), allowed.into());
                continue;
            }
            if self.purpose == WordUse::Part && folded.len() < PART_MIN {
                let allowed = format!("een deel van samenstellingen telt minstens {PART_MIN} letters");
                fault(format!("\"{word}\" is te kort"), allowed);
            }
            if let Some(first) = seen.insert(folded, word) {
                let allowed = "noem elk woord één keer; accenten tellen niet mee";
                fault(format!("\"{word}\" staat er al als \"{first}\""), allowed.into());
            }
        }
        faults
    }
}

fn is_letters(folded: &str) -> bool {
    !folded.is_empty() && folded.bytes().all(|it| it.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(purpose: WordUse, words: &[&str]) -> Vec<String> {
        let words = words.iter().map(|it| (*it).to_owned()).collect();
        let list = WordList { slug: "a".into(), name: "A".into(), purpose, words };
        list.check_rules().iter().map(Fault::to_string).collect()
    }

    #[test]
    fn words_that_a_search_can_meet_pass() {
        assert_eq!(faults(WordUse::Part, &["zorg", "cliënten", "één", "cafe\u{301}"]), [] as [String; 0]);
        assert_eq!(faults(WordUse::Light, &["in", "u"]), [] as [String; 0]);
    }

    #[test]
    fn other_entries_are_named() {
        for word in ["Zorg", "zorg plan", "e-health", "regio's", "24uur", "בית", "zorg.", "👩‍⚕️", "\u{301}"]
        {
            let found = faults(WordUse::Whole, &["zorg", word]);
            let expected = format!("woorden 2: \"{word}\" is hier niet mogelijk; één woord in kleine letters");
            assert!(found.len() == 1 && found[0].starts_with(&expected), "{word}: {found:?}");
        }
        assert_eq!(
            faults(WordUse::Part, &["zorg", "ei", "cliënt", "client"]),
            [
                "woorden 2: \"ei\" is te kort; een deel van samenstellingen telt minstens 3 letters",
                "woorden 4: \"client\" staat er al als \"cliënt\"; noem elk woord één keer; accenten tellen niet mee",
            ]
        );
    }
}
