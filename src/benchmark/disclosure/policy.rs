//! The rules of disclosure as numbers, and why something is not shown.

use crate::domain::indicator::{Indicator, Sensitivity};

/// From how many members on what is shown, and how precisely. A change is a decision of the network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// Members with a value, the viewer included. Under this nothing about the group is shown.
    pub members_min: usize,
    /// Members with a value besides the viewer.
    pub others_min: usize,
    pub median_from: usize,
    pub quartiles_from: usize,
    pub deciles_from: usize,
    /// Single values without a name, the lowest and the highest among them; `None` is never.
    pub positions_from: Option<usize>,
    /// The largest share of the denominator that one member may have, 0 to 1.
    pub dominance_max: f64,
    /// The same for money and pay.
    pub dominance_max_finance: f64,
    /// Counts of staff from 1 to this are hidden from others.
    pub small_staff: f64,
    /// Counts of clients and incidents from 1 to this are hidden from others.
    pub small_clients: f64,
    /// Money and pay are shown this long after the end of the period.
    pub embargo_months: u32,
    /// Under this denominator a percentage is shown without decimals.
    pub whole_percents_under: f64,
    /// Who did not deliver a value sees no figures of others.
    pub asks_own_value: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            members_min: 5,
            others_min: 4,
            median_from: 5,
            quartiles_from: 12,
            deciles_from: 30,
            positions_from: Some(20),
            dominance_max: 0.50,
            dominance_max_finance: 0.25,
            small_staff: 4.0,
            small_clients: 7.0,
            embargo_months: 3,
            whole_percents_under: 100.0,
            asks_own_value: false,
        }
    }
}

impl Policy {
    /// With the limits of one indicator, as far as they are stricter.
    pub fn for_indicator(self, indicator: &Indicator) -> Policy {
        let members = indicator.minimum_members.and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
        let dominance = indicator.dominance.map_or(1.0, |it| f64::from(it) / 100.0);
        Policy {
            members_min: self.members_min.max(members),
            dominance_max: self.dominance_max.min(dominance),
            dominance_max_finance: self.dominance_max_finance.min(dominance),
            ..self
        }
    }

    /// The share that one member may have.
    pub fn dominance(&self, sensitivity: Sensitivity) -> f64 {
        if sensitivity == Sensitivity::Finance { self.dominance_max_finance } else { self.dominance_max }
    }

    /// Counts from 1 to this are hidden; zero hides none.
    pub fn small(&self, sensitivity: Sensitivity) -> f64 {
        match sensitivity {
            Sensitivity::Staff => self.small_staff,
            Sensitivity::Client => self.small_clients,
            Sensitivity::Ordinary | Sensitivity::Finance => 0.0,
        }
    }
}

/// Why something is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    TooFewMembers,
    Dominance,
    SmallCount,
    Differencing,
    Embargo,
    NotDelivered,
    /// A rank needs members who agreed to be ranked.
    NoConsent,
    /// Beside more names, a few would be left without one.
    FewNameless,
}

impl Reason {
    /// The word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Reason::TooFewMembers => "too_few_members",
            Reason::Dominance => "dominance",
            Reason::SmallCount => "small_count",
            Reason::Differencing => "differencing",
            Reason::Embargo => "embargo",
            Reason::NotDelivered => "not_delivered",
            Reason::NoConsent => "no_consent",
            Reason::FewNameless => "few_nameless",
        }
    }

    /// The sentence for readers.
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::TooFewMembers => {
                "Er zijn te weinig organisaties met een cijfer. Een cijfer zou dan iets over één organisatie zeggen."
            }
            Reason::Dominance => "Eén organisatie telt zo zwaar mee dat het cijfer vooral over die organisatie gaat.",
            Reason::SmallCount => "Het gaat om zo weinig mensen of meldingen dat iemand herkenbaar kan zijn.",
            Reason::Differencing => {
                "Deze groep lijkt te veel op een groep die u al zag. Uit het verschil is het cijfer van een paar \
                 organisaties af te leiden."
            }
            Reason::Embargo => "Cijfers over geld zijn pas drie maanden na afloop van de periode te zien.",
            Reason::NotDelivered => "Er is geen cijfer aangeleverd.",
            Reason::NoConsent => "De organisaties in deze groep hebben niet afgesproken dat zij een rang zien.",
            Reason::FewNameless => {
                "Met meer namen erbij zou het cijfer van een paar organisaties zonder naam af te leiden zijn."
            }
        }
    }
}

/// What can be hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cell {
    /// All about the group.
    Group,
    Median,
    Quartiles,
    Deciles,
    Reference,
    Names,
    Positions,
    Quarter,
    Rank,
    Own,
}

impl Cell {
    pub fn label(self) -> &'static str {
        match self {
            Cell::Group => "Alle cijfers van de groep",
            Cell::Median => "Mediaan",
            Cell::Quartiles => "Kwartielen",
            Cell::Deciles => "Decielen",
            Cell::Reference => "De anderen samen",
            Cell::Names => "Cijfers met naam",
            Cell::Positions => "Losse cijfers zonder naam",
            Cell::Quarter => "Uw kwart",
            Cell::Rank => "Rang en percentiel",
            Cell::Own => "Uw eigen cijfer",
        }
    }
}

/// Something that is not shown, with the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hidden {
    pub cell: Cell,
    pub reason: Reason,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indicator_can_only_be_stricter() {
        let base = Policy::default();
        let limits = |minimum_members, dominance| Indicator { minimum_members, dominance, ..Indicator::default() };
        let strict = base.for_indicator(&limits(Some(8), Some(30)));
        assert_eq!((strict.members_min, strict.dominance_max, strict.dominance_max_finance), (8, 0.30, 0.25));
        assert_eq!(base.for_indicator(&limits(Some(3), Some(90))), base);
        assert_eq!(base.for_indicator(&limits(None, None)), base);
    }

    #[test]
    fn sensitivity_decides() {
        let policy = Policy::default();
        let found = [Sensitivity::Ordinary, Sensitivity::Staff, Sensitivity::Client, Sensitivity::Finance]
            .map(|it| (policy.dominance(it), policy.small(it)));
        assert_eq!(found, [(0.50, 0.0), (0.50, 4.0), (0.50, 7.0), (0.25, 0.0)]);
    }
}
