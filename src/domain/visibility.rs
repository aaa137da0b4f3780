//! Who sees what. The one place that decides it.
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
pub type Audience = &'static str;

/// Everybody.
pub const EVERYBODY: Audience = "openbaar";
/// The operator at the command line.
const OPERATOR: Audience = "beheer";

/// The audiences that may read a document.
pub fn audiences(visibility: Visibility, status: Status) -> Vec<Audience> {
    match (visibility, status) {
        (Visibility::Public, Status::Published) => vec![EVERYBODY, OPERATOR],
        _ => vec![OPERATOR],
    }
}

/// The audiences an actor belongs to.
pub fn memberships(actor: &Actor) -> Vec<Audience> {
    match actor {
        Actor::Anonymous => vec![EVERYBODY],
        Actor::System => vec![EVERYBODY, OPERATOR],
    }
}

/// Whether an actor may read a document.
pub fn may_read(actor: &Actor, visibility: Visibility, status: Status) -> bool {
    let readers = audiences(visibility, status);
    memberships(actor).iter().any(|it| readers.contains(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitors_read_only_what_is_public_and_published() {
        for visibility in Visibility::ALL {
            for status in Status::ALL {
                let open = *visibility == Visibility::Public && *status == Status::Published;
                assert_eq!(may_read(&Actor::Anonymous, *visibility, *status), open);
                assert!(may_read(&Actor::System, *visibility, *status));
            }
        }
    }
}
