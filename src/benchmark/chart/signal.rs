//! Points of a control chart that are more than chance: why, and what that means.

use crate::benchmark::chart::canvas::Shape;

/// More than chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    pub rule: Rule,
    pub tone: Tone,
    pub is_high: bool,
}

/// Why a point is a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    Outside,
    Trend,
    TwoOfThree,
    Shift,
}

impl Rule {
    /// In words, for who reads or hears.
    pub fn dutch(self) -> &'static str {
        match self {
            Rule::Outside => "buiten de grenzen",
            Rule::Trend => "deel van zeven of meer stijgende of dalende waarden op rij",
            Rule::TwoOfThree => "twee van drie waarden dicht bij de grens",
            Rule::Shift => "deel van zeven of meer waarden op rij aan dezelfde kant van het gemiddelde",
        }
    }
}

/// What a signal means, by the direction of the indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    /// Neither way is better.
    Neutral,
}

impl Tone {
    /// Shape, class and name.
    pub(in crate::benchmark::chart) fn looks(self, is_high: bool) -> (Shape, &'static str, &'static str) {
        match self {
            Tone::Good => (Shape::Square, "good", "gunstig signaal"),
            Tone::Bad if is_high => (Shape::Up, "bad", "ongunstig signaal"),
            Tone::Bad => (Shape::Down, "bad", "ongunstig signaal"),
            Tone::Neutral => (Shape::Diamond, "neutral", "signaal"),
        }
    }
}
