//! One thing wrong in an input: where, what, and what would be right.

use std::fmt;

/// The place inside one item: keys and positions, outermost first.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Key(String),
    /// Position in a list, from 0.
    At(usize),
}

impl Place {
    pub fn root() -> Place {
        Place::default()
    }

    pub fn key(&self, key: &str) -> Place {
        self.with(Step::Key(key.to_owned()))
    }

    pub fn at(&self, position: usize) -> Place {
        self.with(Step::At(position))
    }

    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The place one step further out; `None` at the root.
    pub fn outer(&self) -> Option<Place> {
        let (_, outer) = self.0.split_last()?;
        Some(Place(outer.to_vec()))
    }

    fn with(&self, step: Step) -> Place {
        let mut res = self.clone();
        res.0.push(step);
        res
    }
}

/// As a Dutch reader counts: `cijfers 3, waarde`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if n == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ", {key}")?,
                Step::At(at) => write!(f, " {}", at + 1)?,
            }
        }
        Ok(())
    }
}

/// One fault, in Dutch, for the person who wrote the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    /// What is wrong: a sentence without full stop.
    pub wrong: String,
    /// What is allowed or how to mend it: a sentence without full stop; empty when nothing can be added.
    pub allowed: String,
}

impl Fault {
    pub fn new(place: &Place, wrong: impl Into<String>, allowed: impl Into<String>) -> Fault {
        Fault { place: place.clone(), wrong: wrong.into(), allowed: allowed.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.steps().is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}", self.wrong)?;
        if !self.allowed.is_empty() {
            write!(f, "; {}", self.allowed)?;
        }
        Ok(())
    }
}
