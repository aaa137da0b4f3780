//! One thing that a question asks for, with all that would do for it.

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
