//! A demonstration network: sixty invented organisations with six years of figures on every indicator of the library,
//! a practice that explains what one of them did, and somebody to sign in as for every role.
//!
//! Everything is marked as fictitious wherever a reader meets it. The figures hang together: an organisation with much
//! absence has more turnover and hired staff and less happy staff; winters are worse; a few stand out on purpose.

mod figures;
mod lists;

use chrono::NaiveDate;

use crate::domain::account::{AccountRole, Grant, Scope};
use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::Indicator;
use crate::domain::library::Library;
use crate::domain::measurement::Measurement;

use lists::Member;

/// Behind every name.
pub const MARK: &str = "(fictief)";
/// The network of the demonstration.
pub const NETWORK: &str = "voorbeeldnetwerk";
/// How many organisations there are.
pub const ORGANISATIONS: usize = 60;

/// Somebody to sign in as.
pub struct Person {
    pub mail: &'static str,
    pub name: &'static str,
    pub grant: Grant,
}

/// All that the demonstration adds.
pub struct Demo {
    /// Regions, organisations, the network and its practices.
    pub library: Library,
    pub people: Vec<Person>,
    members: Vec<Member>,
    quarters: usize,
    today: NaiveDate,
}

impl Demo {
    /// A demonstration on the indicators of a library, up to the last whole quarter before a day. The same every time.
    pub fn new(catalogue: &Catalogue, today: NaiveDate) -> Demo {
        Demo::sized(catalogue, today, ORGANISATIONS, QUARTERS)
    }

    /// The same with another number of organisations and quarters, to measure with. Only the first [`ORGANISATIONS`]
    /// are in the network.
    pub fn sized(catalogue: &Catalogue, today: NaiveDate, organisations: usize, quarters: usize) -> Demo {
        let members = lists::members(organisations);
        Demo { library: lists::library(&members, catalogue, today), people: people(), members, quarters, today }
    }

    /// Per organisation, by slug, all it delivers on these indicators.
    pub fn deliveries<'a>(
        &'a self,
        indicators: impl IntoIterator<Item = &'a Indicator> + Clone + 'a,
    ) -> impl Iterator<Item = (String, Vec<Measurement>)> + 'a {
        self.members.iter().map(move |it| {
            let of = |indicator| figures::of(it, indicator, self.today, self.quarters);
            (it.slug.clone(), indicators.clone().into_iter().flat_map(of).collect())
        })
    }
}

/// Six years.
const QUARTERS: usize = 24;

/// The slug of an organisation of the demonstration, from 1.
pub fn organisation(number: usize) -> String {
    format!("voorbeeldzorg-{number:02}")
}

fn people() -> Vec<Person> {
    let at = |number| Scope::Organisation(organisation(number));
    let person = |mail, name, role, scope| Person { mail, name, grant: Grant { role, scope } };
    vec![
        person("beheerder@demo.example", "Beheerder (fictief)", AccountRole::Administrator, Scope::Everywhere),
        person("beheerder2@demo.example", "Tweede beheerder (fictief)", AccountRole::Administrator, Scope::Everywhere),
        person("redacteur@demo.example", "Redacteur (fictief)", AccountRole::Editor, Scope::Everywhere),
        person(
            "coordinator@demo.example",
            "Netwerkcoördinator (fictief)",
            AccountRole::NetworkCoordinator,
            Scope::Network(NETWORK.to_owned()),
        ),
        person("projectleider@demo.example", "Projectleider (fictief)", AccountRole::ProjectLead, at(7)),
        person("collega@demo.example", "Collega-projectleider (fictief)", AccountRole::ProjectLead, at(7)),
        person("verbeteraar@demo.example", "Projectleider elders (fictief)", AccountRole::ProjectLead, at(17)),
        person("lezer@demo.example", "Lezer (fictief)", AccountRole::Reader, at(23)),
    ]
}

#[cfg(test)]
mod tests;
