//! Who sees what. The one place that decides it.
//!
//! A document that is not public belongs to the organisations that lead it. What is for the network is read by
//! everybody in a network with one of them.
//!
//! Invariant: a document that an actor may not see is, for that actor, the same as one that does not exist.

use super::actor::Actor;
use super::status::Status;
use super::vocabulary::vocabulary;

vocabulary! {
    /// For whom a document is meant.
    Visibility, silent {
        Public = "openbaar" "Openbaar",
        Network = "netwerk" "Alleen voor het netwerk",
        Organisation = "organisatie" "Alleen voor de organisatie",
    }
}

/// A set of readers, as a word: documents carry the audiences that may read them, an actor those it belongs to.
pub type Audience = String;

/// Everybody.
const EVERYBODY: &str = "openbaar";
/// The operator at the command line, and administrators.
const OPERATOR: &str = "beheer";

/// Which of the documents of one visibility and status an actor may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach<'a> {
    All,
    /// Those that one of these organisations leads, by slug. May be empty.
    Of(Vec<&'a str>),
}

/// Which of the documents of this visibility and status an actor may read.
pub fn reach(actor: &Actor, visibility: Visibility, status: Status) -> Reach<'_> {
    let is_open = status == Status::Published;
    match (actor, visibility) {
        (Actor::System, _) => Reach::All,
        (Actor::User(user), _) if user.is_administrator() => Reach::All,
        (_, Visibility::Public) if is_open => Reach::All,
        (Actor::User(user), Visibility::Organisation) if is_open => Reach::Of(user.organisations().collect()),
        (Actor::User(user), Visibility::Network) if is_open => {
            Reach::Of(user.organisations().chain(user.network.iter().map(String::as_str)).collect())
        }
        _ => Reach::Of(vec![]),
    }
}

/// Whether an actor may read a document that these organisations lead.
pub fn may_read<'a>(
    actor: &Actor,
    visibility: Visibility,
    status: Status,
    mut leads: impl Iterator<Item = &'a str>,
) -> bool {
    match reach(actor, visibility, status) {
        Reach::All => true,
        Reach::Of(own) => leads.any(|it| own.contains(&it)),
    }
}

/// The audiences that may read a document that these organisations lead.
pub fn audiences<'a>(visibility: Visibility, status: Status, leads: impl Iterator<Item = &'a str>) -> Vec<Audience> {
    let mut res = vec![OPERATOR.to_owned()];
    match (visibility, status) {
        (Visibility::Public, Status::Published) => res.push(EVERYBODY.to_owned()),
        (_, Status::Published) => res.extend(leads.map(|it| of_organisation(visibility, it))),
        _ => (),
    }
    res
}

/// The audiences an actor belongs to.
pub fn memberships(actor: &Actor) -> Vec<Audience> {
    let mut res = vec![EVERYBODY.to_owned()];
    match actor {
        Actor::Anonymous => (),
        Actor::System => res.push(OPERATOR.to_owned()),
        Actor::User(user) if user.is_administrator() => res.push(OPERATOR.to_owned()),
        Actor::User(_) => {
            for visibility in [Visibility::Network, Visibility::Organisation] {
                if let Reach::Of(own) = reach(actor, visibility, Status::Published) {
                    res.extend(own.into_iter().map(|it| of_organisation(visibility, it)));
                }
            }
        }
    }
    res
}

fn of_organisation(visibility: Visibility, slug: &str) -> Audience {
    format!("{}:{slug}", visibility.word())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::account::{AccountRole, Grant, Scope};
    use crate::domain::actor::User;
    use crate::domain::id::AccountId;

    fn user(grants: &[(AccountRole, Scope)], network: &[&str]) -> Actor {
        Actor::User(Arc::new(User {
            account: AccountId::generate(),
            name: "Voorbeeld".into(),
            grants: grants.iter().map(|(role, scope)| Grant { role: *role, scope: scope.clone() }).collect(),
            network: network.iter().map(|it| (*it).to_owned()).collect(),
        }))
    }

    #[test]
    fn who_reads_what() {
        use Visibility::{Network, Organisation, Public};
        let own = [(AccountRole::Reader, Scope::Organisation("eigen".into()))];
        let all = [(AccountRole::Administrator, Scope::Everywhere)];
        let cases = [
            (Actor::Anonymous, [true, false, false]),
            (Actor::System, [true, true, true]),
            (user(&all, &[]), [true, true, true]),
            (user(&own, &[]), [true, true, true]),
            (user(&[], &["eigen"]), [true, true, false]),
            (user(&[(AccountRole::Reader, Scope::Organisation("ander".into()))], &["derde"]), [true, false, false]),
            (user(&[(AccountRole::Editor, Scope::Everywhere)], &[]), [true, false, false]),
        ];
        for (actor, expected) in cases {
            for (visibility, expected) in [Public, Network, Organisation].into_iter().zip(expected) {
                for status in Status::ALL {
                    let sees_all = reach(&actor, Organisation, Status::Draft) == Reach::All;
                    let expected = expected && (*status == Status::Published || sees_all);
                    let leads = ["eigen"];
                    assert_eq!(may_read(&actor, visibility, *status, leads.into_iter()), expected);
                    // The index says the same.
                    let readers = audiences(visibility, *status, leads.into_iter());
                    assert_eq!(memberships(&actor).iter().any(|it| readers.contains(it)), expected);
                }
            }
        }
    }
}
