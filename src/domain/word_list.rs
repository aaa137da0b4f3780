//! A list of words with one thing to say about them: parts of compounds, words that stay whole, words of little weight.

use crate::domain::field::{NAME, Shape, fields};
use crate::domain::vocabulary::vocabulary;

/// The most words in one list.
const WORDS_MAX: usize = 3_000;

vocabulary! {
    /// What a search does with the words of a list.
    WordUse {
        Part = "deel" "Deel van samenstellingen",
        Whole = "heel" "Blijft heel",
        Light = "licht" "Weegt licht",
    }
}

fields! {
    /// One list of words, each in the form it has inside a compound.
    WordList {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de naam in het adres";
        name: String = "naam" "Naam", NAME, Required, "waar de woorden vandaan komen of over gaan";
        purpose: WordUse = "gebruik" "Gebruik", Shape::Choice(WordUse::CHOICES), Required, "deel: een deel van samenstellingen; heel: nooit in delen lezen; licht: alleen is het geen vraag";
        words: Vec<String> = "woorden" "Woorden", Shape::Lines { most: WORDS_MAX, max: 60 }, Required, "de woorden, in kleine letters";
    }
}
