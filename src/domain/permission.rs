//! Who may do what. Every right there is stands in this file; who may *read* stands in `domain::visibility`.

use std::collections::BTreeSet;

use crate::domain::account::{AccountRole, Grant, Scope};
use crate::domain::actor::{Actor, User};
use crate::domain::id::AccountId;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy)]
pub enum Action<'a> {
    /// Write a new document, or a new version of one, and see, change, submit and discard what is being written.
    Write(Work<'a>),
    /// See what was submitted, comment on it, and ask for changes.
    Comment(Work<'a>),
    /// Publish what somebody submitted.
    Approve(Work<'a>),
    /// Say that a published document still holds, withdraw it, or put an older version back.
    Keep(Work<'a>),
    /// Send a file that a document may name afterwards.
    Attach,
    /// Deliver figures of an organisation, by its slug; and see, correct and withdraw what was delivered.
    Deliver(&'a str),
    /// Agree with figures that somebody delivered.
    ApproveDelivery(Figures<'a>),
    /// Ask a member how it does it; by the slugs of the organisations it lets itself be asked by.
    Ask(&'a BTreeSet<&'a str>),
    /// Answer what others ask an organisation, by its slug.
    Answer(&'a str),
    /// See how far the members of a network are, by its slug, with what they share; and close a period.
    Coordinate(&'a str),
    /// Say what an organisation shares in its networks, by its slug.
    Share(&'a str),
    /// Change the lists: organisations, themes, programmes, regions, networks, building blocks, lexicon.
    EditLists,
    /// Invite somebody with this role, give it or take it.
    Give(&'a Grant),
    /// See and manage accounts, jobs and mails, and the log of all changes.
    Administer,
}

/// A document, or one that is being written, as far as rights depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// Slugs of the organisations that lead it.
    pub leads: &'a [&'a str],
    /// Slugs of its themes, and of the wider ones above them.
    pub themes: &'a [&'a str],
    /// Who began to write this version; `None` for what came in by the command line, and for what is published.
    pub author: Option<&'a AccountId>,
    /// Whether the author of a version may not approve it.
    pub is_four_eyes: bool,
}

/// A delivery, as far as rights depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Figures<'a> {
    /// The slug of the organisation they are of.
    pub organisation: &'a str,
    /// Slugs of the networks it is in.
    pub networks: &'a [&'a str],
    /// [`Actor::label`] of who made it.
    pub author: &'a str,
    /// Whether who made it may not agree with it.
    pub is_four_eyes: bool,
}

/// It may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in.
    #[error("hiervoor moet u inloggen")]
    SignIn,
    #[error("hiervoor hebt u geen rechten")]
    Role,
    /// The right is there, but not for one's own work.
    #[error("een ander moet beoordelen wat u zelf schreef")]
    OwnWork,
}

/// Whether an actor may do something.
pub fn may(actor: &Actor, action: Action<'_>) -> Result<(), Denied> {
    let user = match actor {
        Actor::System => return Ok(()),
        Actor::Anonymous => return Err(Denied::SignIn),
        Actor::User(user) => &**user,
    };
    let is_allowed = match action {
        Action::Write(work) => writes(user, work) || user.is_administrator(),
        Action::Comment(work) => edits(user, work),
        Action::Approve(work) if edits(user, work) => {
            let is_own = work.is_four_eyes && work.author == Some(&user.account);
            return if is_own { Err(Denied::OwnWork) } else { Ok(()) };
        }
        Action::Approve(_) => false,
        Action::Keep(work) => writes(user, work) || edits(user, work),
        Action::Deliver(organisation) | Action::Share(organisation) => delivers(user, organisation),
        Action::Coordinate(network) => coordinates(user, network) || user.is_administrator(),
        Action::ApproveDelivery(figures) => {
            let is_coordinator = figures.networks.iter().any(|it| coordinates(user, it));
            if !delivers(user, figures.organisation) && !is_coordinator {
                return Err(Denied::Role);
            }
            let is_own = figures.is_four_eyes && figures.author == user.account.as_str();
            return if is_own { Err(Denied::OwnWork) } else { Ok(()) };
        }
        Action::Ask(askers) => user.organisations().any(|it| askers.contains(it)),
        // Not the administrator: the question is to the people of the organisation.
        Action::Answer(organisation) => {
            user.has(AccountRole::ProjectLead, &Scope::Organisation(organisation.to_owned()))
        }
        Action::Attach => user.grants.iter().any(|it| it.role != AccountRole::Reader),
        Action::EditLists | Action::Administer => user.is_administrator(),
        Action::Give(grant) => user.is_administrator() || gives(user, grant),
    };
    if is_allowed { Ok(()) } else { Err(Denied::Role) }
}

fn coordinates(user: &User, network: &str) -> bool {
    user.has(AccountRole::NetworkCoordinator, &Scope::Network(network.to_owned()))
}

/// A project lead delivers for its own organisation.
fn delivers(user: &User, organisation: &str) -> bool {
    user.has(AccountRole::ProjectLead, &Scope::Organisation(organisation.to_owned())) || user.is_administrator()
}

/// A project lead writes for its own organisation; whoever began a version keeps it while it may write at all.
fn writes(user: &User, work: Work<'_>) -> bool {
    let leads = |slug: &str| user.has(AccountRole::ProjectLead, &Scope::Organisation(slug.to_owned()));
    work.leads.iter().any(|it| leads(it))
        || work.author == Some(&user.account) && user.grants.iter().any(|it| it.role != AccountRole::Reader)
}

/// An editor watches over its themes, an administrator over all.
fn edits(user: &User, work: Work<'_>) -> bool {
    let over = |slug: &str| user.has(AccountRole::Editor, &Scope::Theme(slug.to_owned()));
    user.is_administrator()
        || user.has(AccountRole::Editor, &Scope::Everywhere)
        || work.themes.iter().any(|it| over(it))
}

/// A network coordinator lets people of the member organisations in.
fn gives(user: &User, grant: &Grant) -> bool {
    let is_coordinator = user.grants.iter().any(|it| it.role == AccountRole::NetworkCoordinator);
    match (&grant.scope, grant.role) {
        (Scope::Organisation(slug), AccountRole::Reader | AccountRole::ProjectLead) => {
            is_coordinator && user.network.contains(slug)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn user(account: &AccountId, role: AccountRole, scope: Scope) -> Actor {
        let network = if role == AccountRole::NetworkCoordinator { vec!["eigen".to_owned()] } else { vec![] };
        Actor::User(Arc::new(User {
            account: account.clone(),
            name: "Voorbeeld".into(),
            grants: vec![Grant { role, scope }],
            network: network.into_iter().collect(),
        }))
    }

    #[test]
    fn rights() {
        use AccountRole::{Administrator, Editor, NetworkCoordinator, ProjectLead, Reader};
        let me = AccountId::generate();
        let other = AccountId::generate();
        let organisation = |slug: &str| Scope::Organisation(slug.into());
        let theme = |slug: &str| Scope::Theme(slug.into());
        // Write, comment, approve another's, approve one's own, keep, lists, give a reader, give an editor.
        let cases = [
            (Actor::System, "yyyyyyyy"),
            (Actor::Anonymous, "nnnnnnnn"),
            (user(&me, Reader, organisation("eigen")), "nnnnnnnn"),
            (user(&me, ProjectLead, organisation("eigen")), "ynnnynnn"),
            (user(&me, ProjectLead, organisation("ander")), "nnnnnnnn"),
            (user(&me, Editor, theme("thema")), "nyynynnn"),
            (user(&me, Editor, theme("elders")), "nnnnnnnn"),
            (user(&me, Editor, Scope::Everywhere), "nyynynnn"),
            (user(&me, NetworkCoordinator, Scope::Network("net".into())), "nnnnnnyn"),
            (user(&me, Administrator, Scope::Everywhere), "yyynyyyy"),
        ];
        let work = |author| Work { leads: &["eigen"], themes: &["thema"], author, is_four_eyes: true };
        let reader = Grant { role: Reader, scope: organisation("eigen") };
        let editor = Grant { role: Editor, scope: Scope::Everywhere };
        for (actor, expected) in cases {
            let wanted = [
                Action::Write(work(Some(&other))),
                Action::Comment(work(Some(&other))),
                Action::Approve(work(Some(&other))),
                Action::Approve(work(Some(&me))),
                Action::Keep(work(None)),
                Action::EditLists,
                Action::Give(&reader),
                Action::Give(&editor),
            ];
            let found: String = wanted.map(|it| if may(&actor, it).is_ok() { 'y' } else { 'n' }).into_iter().collect();
            assert_eq!(found, expected, "{actor:?}");
        }
    }

    #[test]
    fn figures_need_a_second_person() {
        use AccountRole::{Administrator, Editor, NetworkCoordinator, ProjectLead, Reader};
        let me = AccountId::generate();
        let organisation = |slug: &str| Scope::Organisation(slug.into());
        let network = |slug: &str| Scope::Network(slug.into());
        // Deliver, agree with another's, agree with one's own, the same where one pair of eyes will do, coordinate the
        // network, say what the organisation shares.
        for (actor, expected) in [
            (Actor::System, "yyyyyy"),
            (Actor::Anonymous, "nnnnnn"),
            (user(&me, Reader, organisation("eigen")), "nnnnnn"),
            (user(&me, ProjectLead, organisation("eigen")), "yynyny"),
            (user(&me, ProjectLead, organisation("ander")), "nnnnnn"),
            (user(&me, Editor, Scope::Everywhere), "nnnnnn"),
            (user(&me, NetworkCoordinator, network("net")), "nynyyn"),
            (user(&me, NetworkCoordinator, network("elders")), "nnnnnn"),
            (user(&me, Administrator, Scope::Everywhere), "yynyyy"),
        ] {
            let of = |author, is_four_eyes| {
                Action::ApproveDelivery(Figures { organisation: "eigen", networks: &["net"], author, is_four_eyes })
            };
            let wanted = [
                Action::Deliver("eigen"),
                of("iemand", true),
                of(me.as_str(), true),
                of(me.as_str(), false),
                Action::Coordinate("net"),
                Action::Share("eigen"),
            ];
            let found: String = wanted.map(|it| if may(&actor, it).is_ok() { 'y' } else { 'n' }).into_iter().collect();
            assert_eq!(found, expected, "{actor:?}");
        }
    }

    #[test]
    fn members_ask_and_project_leads_answer() {
        let me = AccountId::generate();
        let organisation = |slug: &str| Scope::Organisation(slug.into());
        let askers = BTreeSet::from(["vrager"]);
        // Ask, answer for the organisation that is asked.
        for (actor, expected) in [
            (Actor::Anonymous, "nn"),
            (user(&me, AccountRole::Reader, organisation("vrager")), "yn"),
            (user(&me, AccountRole::ProjectLead, organisation("vrager")), "yn"),
            (user(&me, AccountRole::ProjectLead, organisation("elders")), "nn"),
            (user(&me, AccountRole::Reader, organisation("gevraagd")), "nn"),
            (user(&me, AccountRole::ProjectLead, organisation("gevraagd")), "ny"),
            (user(&me, AccountRole::NetworkCoordinator, Scope::Network("net".into())), "nn"),
            (user(&me, AccountRole::Administrator, Scope::Everywhere), "nn"),
        ] {
            let wanted = [Action::Ask(&askers), Action::Answer("gevraagd")];
            let found: String = wanted.map(|it| if may(&actor, it).is_ok() { 'y' } else { 'n' }).into_iter().collect();
            assert_eq!(found, expected, "{actor:?}");
        }
    }

    #[test]
    fn who_only_reads_sends_no_file() {
        let me = AccountId::generate();
        let own = || Scope::Organisation("eigen".into());
        for (actor, expected) in [
            (Actor::System, Ok(())),
            (Actor::Anonymous, Err(Denied::SignIn)),
            (user(&me, AccountRole::Reader, own()), Err(Denied::Role)),
            (user(&me, AccountRole::ProjectLead, own()), Ok(())),
            (user(&me, AccountRole::Editor, Scope::Everywhere), Ok(())),
        ] {
            assert_eq!(may(&actor, Action::Attach), expected, "{actor:?}");
        }
    }

    #[test]
    fn an_author_keeps_a_version_until_all_rights_to_write_are_gone() {
        let me = AccountId::generate();
        let work = Work { leads: &["eigen"], themes: &[], author: Some(&me), is_four_eyes: true };
        let elsewhere = user(&me, AccountRole::ProjectLead, Scope::Organisation("ander".into()));
        assert_eq!(may(&elsewhere, Action::Write(work)), Ok(()));
        let reader = user(&me, AccountRole::Reader, Scope::Organisation("eigen".into()));
        assert_eq!(may(&reader, Action::Write(work)), Err(Denied::Role));
        let editor = user(&me, AccountRole::Editor, Scope::Everywhere);
        assert_eq!(may(&editor, Action::Approve(work)), Err(Denied::OwnWork));
        assert_eq!(may(&editor, Action::Approve(Work { is_four_eyes: false, ..work })), Ok(()));
    }
}
