//! One thing that a question asks for, with all that would do for it.

use crate::search::analyzer::Named;
use crate::search::dutch::Written;
use crate::search::stem::stem;

/// Words that a phrase may begin with or without.
const ARTICLES: &[&str] = &["de", "een", "het"];

/// One thing asked for: any of its ways will do.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// As typed.
    pub text: String,
    pub ways: Vec<Way>,
    pub need: Need,
}

impl Clause {
    /// Whether a way asks for the parts of a compound.
    pub(super) fn has_parts(&self) -> bool {
        self.ways.iter().any(|it| match &it.what {
            What::Parts(_) => true,
            What::All(clauses) => clauses.iter().any(Clause::has_parts),
            What::Stem(_) | What::Phrase(_) => false,
        })
    }
}

/// How much a clause matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A phrase between quotes: without it there is no hit.
    Always,
    /// A word: counts by how much it says.
    Mostly,
    /// A word that says little by itself: it counts a little.
    Lightly,
    /// A stop word: it only helps.
    Never,
}

/// One way to meet a clause.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    pub what: What,
    /// 1 for what was typed, less for what only resembles it.
    pub weight: f32,
    pub why: Why,
}

/// How much another way counts beside the word that was typed.
pub(super) mod weight {
    pub const TYPED: f32 = 1.0;
    pub const SHORT: f32 = 0.9;
    pub const SYNONYM: f32 = 0.65;
    /// Of the closest related word; each next one counts a step less, down to the least.
    const RELATED: f32 = 0.3;
    const RELATED_STEP: f32 = 0.03;
    const RELATED_LEAST: f32 = 0.15;
    pub const PARTS: f32 = 0.5;
    pub const CORRECTED: f32 = 0.8;
    pub const END: f32 = 0.3;
    pub const SCATTERED: f32 = 0.7;

    /// Of a related word, by its place among those of a concept that any document has.
    pub fn related(nth: usize) -> f32 {
        (RELATED - RELATED_STEP * nth as f32).max(RELATED_LEAST)
    }
}

/// What a way looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A word, also as a part of a compound.
    Stem(String),
    /// Stems at their distance from the first.
    Phrase(Vec<(usize, String)>),
    /// All parts of a compound, wherever they stand.
    Parts(Vec<String>),
    /// All of several clauses.
    All(Vec<Clause>),
}

impl What {
    /// A name of a concept: its words next to each other.
    pub(super) fn of(name: &Named) -> What {
        match &name.stems[..] {
            [stem] => What::Stem(stem.clone()),
            stems => What::Phrase(stems.iter().cloned().enumerate().collect()),
        }
    }
}

/// Why a way is among those of its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Typed,
    /// Written as one word, or apart.
    Joined,
    Parts,
    Corrected,
    Concept,
}

impl Why {
    /// What it is called in an explanation.
    pub fn label(self) -> &'static str {
        match self {
            Why::Typed => "getypt",
            Why::Joined => "anders aaneengeschreven",
            Why::Parts => "delen van de samenstelling",
            Why::Corrected => "waarschijnlijk bedoeld",
            Why::Concept => "zelfde of verwant begrip",
        }
    }
}

/// The ways in which words in a row can be written: with their hyphens or apart, and as one word.
pub(super) fn phrase(written: &[Written]) -> Vec<Way> {
    // "een leven lang leren" is the same without its article.
    let is_article = |it: &Written| matches!(&it.parts[..], [word] if ARTICLES.contains(&word.text.as_str()));
    let written = match written {
        [first, rest @ ..] if !rest.is_empty() && is_article(first) => rest,
        all => all,
    };
    let way = |stems: Vec<(usize, String)>| {
        let what = match &stems[..] {
            [(_, stem)] => What::Stem(stem.clone()),
            _ => What::Phrase(stems),
        };
        Way { what, weight: weight::TYPED, why: Why::Typed }
    };
    // A hyphenated word may begin before its first part that has letters.
    let words = written.iter().flat_map(|it| it.parts.iter().chain(&it.joined));
    let first = words.map(|it| it.position).min().unwrap_or(0);
    let apart = written.iter().flat_map(|it| &it.parts);
    let apart = apart.map(|word| (word.position - first, stem(&word.text))).collect();
    let mut res = vec![way(apart)];
    if written.iter().any(|it| it.joined.is_some()) {
        let mut joined = Vec::new();
        // How many positions the words so far save by being one.
        let mut saved = first;
        for it in written {
            match &it.joined {
                Some(word) => {
                    joined.push((word.position - saved, stem(&word.text)));
                    saved += it.parts.last().map_or(0, |last| last.position - word.position);
                }
                None => joined.extend(it.parts.iter().map(|word| (word.position - saved, stem(&word.text)))),
            }
        }
        res.push(Way { why: Why::Joined, ..way(joined) });
    }
    res
}
