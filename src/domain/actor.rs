//! Who acts: a visitor, somebody who signed in, or the program itself on the order of the person at the command line.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::account::{AccountRole, Grant, Scope};
use crate::domain::id::AccountId;

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
    pub fn has(&self, role: AccountRole, scope: &Scope) -> bool {
        self.grants.iter().any(|it| it.role == role && it.scope == *scope)
    }

    pub fn is_administrator(&self) -> bool {
        self.has(AccountRole::Administrator, &Scope::Everywhere)
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
