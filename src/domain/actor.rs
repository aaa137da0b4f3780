//! Who acts: a visitor, somebody who signed in, or the program itself on the order of the person at the command line.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::account::{AccountRole, Grant, Scope};
use crate::domain::id::AccountId;
use crate::domain::network::{Member, Network};

/// Who asks or changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A visitor without account.
    Anonymous,
    /// Somebody who signed in.
    User(Arc<User>),
    /// The command line, which belongs to the operator.
    System,
}

/// Somebody who signed in, as it was when the request began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub account: AccountId,
    pub name: String,
    /// Those that hold now. Without a second factor those that need one are left out.
    pub grants: Vec<Grant>,
    /// Slugs of the organisations in the networks this person belongs to, by a role of its own or through its
    /// organisations.
    pub network: BTreeSet<String>,
}

impl User {
    /// Somebody with these roles, as the networks are on a day.
    pub fn new(account: AccountId, name: String, grants: Vec<Grant>, networks: &[Network], today: NaiveDate) -> User {
        let network = reached(&grants, networks, today);
        User { account, name, grants, network }
    }

    pub fn has(&self, role: AccountRole, scope: &Scope) -> bool {
        self.grants.iter().any(|it| it.role == role && it.scope == *scope)
    }

    pub fn is_administrator(&self) -> bool {
        self.has(AccountRole::Administrator, &Scope::Everywhere)
    }

    /// The slug of the organisation this person writes for, when there is one only.
    pub fn writes_for(&self) -> Option<&str> {
        let mut led = self.grants.iter().filter_map(|it| match (&it.scope, it.role) {
            (Scope::Organisation(slug), AccountRole::ProjectLead) => Some(slug.as_str()),
            _ => None,
        });
        led.next().filter(|_| led.next().is_none())
    }

    /// Slugs of the organisations this person belongs to, whatever the role.
    pub fn organisations(&self) -> impl Iterator<Item = &str> {
        self.grants.iter().filter_map(|it| match &it.scope {
            Scope::Organisation(slug) => Some(slug.as_str()),
            _ => None,
        })
    }
}

impl Actor {
    /// How the history names the actor: never a name, which the history would keep after the account is gone.
    pub fn label(&self) -> &str {
        match self {
            Actor::Anonymous => "bezoeker",
            Actor::User(user) => user.account.as_str(),
            Actor::System => "beheer (opdrachtregel)",
        }
    }

    /// Who signed in, if anybody.
    pub fn user(&self) -> Option<&User> {
        match self {
            Actor::User(user) => Some(user),
            Actor::Anonymous | Actor::System => None,
        }
    }
}

/// The organisations in the networks of these roles. Who left a network reads no more in it.
fn reached(grants: &[Grant], networks: &[Network], today: NaiveDate) -> BTreeSet<String> {
    let has = |scope: Scope| grants.iter().any(|it| it.scope == scope);
    let mut res = BTreeSet::new();
    for network in networks.iter().filter(|it| it.until.is_none_or(|until| today <= until.last_day())) {
        let is_member = |it: &&Member| {
            it.from.is_none_or(|from| from.first_day() <= today) && it.until.is_none_or(|it| today <= it.last_day())
        };
        let members: Vec<&str> = network.members.iter().filter(is_member).map(|it| it.organisation.as_str()).collect();
        let is_in = has(Scope::Network(network.slug.clone()))
            || members.iter().any(|it| has(Scope::Organisation((*it).to_owned())));
        if is_in {
            res.extend(members.into_iter().map(str::to_owned));
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn networks_reach_their_members_while_they_are_members() {
        let network = |value: serde_json::Value| serde_json::from_value::<Network>(value).unwrap();
        let networks = [
            network(json!({ "slug": "kring", "naam": "Kring", "leden": [
                { "organisatie": "een" }, { "organisatie": "twee", "van": "2020" },
                { "organisatie": "weg", "tot": "2025" }, { "organisatie": "straks", "van": "2027" },
            ] })),
            network(json!({ "slug": "oud", "naam": "Oud", "tot": "2024", "leden": [
                { "organisatie": "een" }, { "organisatie": "vroeger" },
            ] })),
        ];
        let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        for (scope, expected) in [
            (Scope::Organisation("een".into()), &["een", "twee"][..]),
            (Scope::Network("kring".into()), &["een", "twee"]),
            (Scope::Organisation("weg".into()), &[]),
            (Scope::Organisation("straks".into()), &[]),
            (Scope::Organisation("vreemd".into()), &[]),
            (Scope::Network("oud".into()), &[]),
            (Scope::Everywhere, &[]),
        ] {
            let grants = vec![Grant { role: AccountRole::Reader, scope: scope.clone() }];
            let user = User::new(AccountId::generate(), "Voorbeeld".into(), grants, &networks, today);
            assert_eq!(user.network.iter().map(String::as_str).collect::<Vec<_>>(), expected, "{scope:?}");
        }
    }
}
