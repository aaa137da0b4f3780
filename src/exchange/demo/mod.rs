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
use crate::domain::library::Library;
use crate::domain::measurement::Measurement;

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
    /// Per organisation, by slug, all it delivered.
    pub deliveries: Vec<(String, Vec<Measurement>)>,
    pub people: Vec<Person>,
}

impl Demo {
    /// A demonstration on the indicators of a library, up to the last whole quarter before a day. The same every time.
    pub fn new(catalogue: &Catalogue, today: NaiveDate) -> Demo {
        let members = lists::members();
        let deliveries = members
            .iter()
            .map(|it| {
                let rows = catalogue.indicators.iter().flat_map(|indicator| figures::of(it, indicator, today));
                (it.slug.clone(), rows.collect())
            })
            .collect();
        Demo { library: lists::library(&members, catalogue, today), deliveries, people: people() }
    }
}

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
