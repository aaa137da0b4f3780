//! What every chart says in words: about itself, whose figures it shows, which way is better.

use crate::benchmark::chart::number;

/// What a chart says about itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct About {
    /// What is shown, of whom, when: "Ziekteverzuim, 2e kwartaal 2026".
    pub title: String,
    /// The main finding in a sentence or two, for who does not see the drawing.
    pub summary: String,
    /// "%" or "per 1.000 cliëntdagen"; may be empty.
    pub unit: String,
    /// Of every value in text, 0 to 6.
    pub decimals: usize,
    /// What values can be at all, such as 0 to 100; axes go no further.
    pub possible: Option<(f64, f64)>,
    /// How the figures came about, under a drawing that is a file of its own: a page says it elsewhere.
    pub notes: Vec<String>,
}

impl About {
    /// A value with its unit: "6,1 %".
    pub fn value(&self, value: f64) -> String {
        format!("{} {}", number::fixed(value, self.decimals), self.unit).trim_end().to_owned()
    }

    /// A value without its unit.
    pub fn number(&self, value: f64) -> String {
        number::fixed(value, self.decimals)
    }

    /// A number for a cell of a table; empty cells are hard to hear.
    pub fn cell(&self, value: Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |it| self.number(it))
    }

    /// "Waarde (%)".
    pub fn head(&self, name: &str) -> String {
        if self.unit.is_empty() { name.to_owned() } else { format!("{name} ({})", self.unit) }
    }
}

/// The figures of a chart for the table under it; every row is as long as the head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Whose figure it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Of who looks.
    Own(String),
    /// A member that shows its name.
    Named(String),
    /// A position without a name.
    Nameless,
}

impl Who {
    /// As tables and tips name it.
    pub fn name(&self) -> String {
        match self {
            Who::Own(name) => format!("{name} (u)"),
            Who::Named(name) => name.clone(),
            Who::Nameless => "Deelnemer zonder naam".to_owned(),
        }
    }

    /// Of who looks.
    pub fn is_own(&self) -> bool {
        matches!(self, Who::Own(_))
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    Lower,
    Higher,
    /// Within the band of the target.
    Within,
    Neither,
}

impl Better {
    /// Beside an axis; with an arrow along it.
    pub fn hint(self, is_upright: bool) -> Option<&'static str> {
        Some(match (self, is_upright) {
            (Better::Lower, false) => "← lager is beter",
            (Better::Lower, true) => "↓ lager is beter",
            (Better::Higher, false) => "hoger is beter →",
            (Better::Higher, true) => "↑ hoger is beter",
            (Better::Within, _) => "in de streefzone is beter",
            (Better::Neither, _) => return None,
        })
    }
}

/// Where a value should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    At(f64),
    /// From the first to the second, both included.
    Between(f64, f64),
}
