//! People who sign in, and what they are to an organisation, a network or a theme.

use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// What somebody may do, from little to much. What each role may do stands in `domain::permission`.
    AccountRole {
        Reader = "lezer" "Lezer",
        ProjectLead = "projectleider" "Projectleider",
        Editor = "redacteur" "Redacteur",
        NetworkCoordinator = "netwerkcoordinator" "Netwerkcoördinator",
        Administrator = "beheerder" "Beheerder",
    }
}

/// Where a role holds. Items are named by slug.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    Everywhere,
    Organisation(String),
    Network(String),
    /// Also the themes below it.
    Theme(String),
}

/// A role somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Grant {
    pub role: AccountRole,
    pub scope: Scope,
}

impl AccountRole {
    /// Whether who has this role must sign in with a second factor.
    pub fn needs_second_factor(self) -> bool {
        matches!(self, AccountRole::Editor | AccountRole::Administrator)
    }

    /// Where this role can be given.
    pub fn fits(self, scope: &Scope) -> bool {
        match self {
            AccountRole::Reader | AccountRole::ProjectLead => matches!(scope, Scope::Organisation(_)),
            AccountRole::Editor => matches!(scope, Scope::Theme(_) | Scope::Everywhere),
            AccountRole::NetworkCoordinator => matches!(scope, Scope::Network(_)),
            AccountRole::Administrator => matches!(scope, Scope::Everywhere),
        }
    }
}
