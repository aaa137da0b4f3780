//! People who sign in, and what they are to an organisation, a network or a theme.

use chrono::{DateTime, Utc};

use crate::domain::id::AccountId;
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

vocabulary! {
    /// Where an account stands.
    AccountStatus {
        Invited = "uitgenodigd" "Uitgenodigd",
        Active = "actief" "Actief",
        Blocked = "geblokkeerd" "Geblokkeerd",
    }
}

vocabulary! {
    /// What a token for the API may be used for.
    TokenScope {
        Read = "lezen" "Alleen lezen",
        Write = "schrijven" "Lezen en schrijven",
    }
}

vocabulary! {
    /// What a link that opens a door once is for.
    LinkPurpose {
        Invitation = "uitnodiging" "Uitnodiging",
        Password = "wachtwoord" "Nieuw wachtwoord",
    }
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    /// As [`mail_address`] gives it: no two accounts have the same.
    pub mail: String,
    pub name: String,
    pub status: AccountStatus,
    pub grants: Vec<Grant>,
    /// Goes up with every change.
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub signed_in_at: Option<DateTime<Utc>>,
}

impl Account {
    /// Whether one of its roles asks for a second factor.
    pub fn needs_second_factor(&self) -> bool {
        self.grants.iter().any(|it| it.role.needs_second_factor())
    }
}

/// The longest mail address, by the standard.
const MAIL_MAX: usize = 254;
/// The longest name of a person.
pub const NAME_MAX: usize = 100;

/// A mail address in the one form that is stored and compared; `Err` says what is wrong and how to write it.
pub fn mail_address(typed: &str) -> Result<String, &'static str> {
    const FORM: &str = "schrijf een mailadres, zoals naam@voorbeeld.nl";
    let address = typed.trim().to_lowercase();
    if MAIL_MAX < address.len() {
        return Err("dit mailadres is te lang; het mag 254 tekens hebben");
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let is_dotted = |it: &str| !it.is_empty() && !it.starts_with('.') && !it.ends_with('.') && !it.contains("..");
    let (name, host) = address.split_once('@').ok_or(FORM)?;
    let is_host = |it: &str| {
        it.split('.').all(|it| {
            !it.starts_with('-') && !it.ends_with('-') && it.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
    };
    let is_good = name.len() <= 64 && name.chars().all(is_plain) && is_dotted(name) && is_dotted(host) && is_host(host);
    if is_good && host.contains('.') { Ok(address) } else { Err(FORM) }
}

/// The name of a person as it is stored: one line, spaces folded.
pub fn person_name(typed: &str) -> Result<String, &'static str> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err("vul een naam in");
    }
    if NAME_MAX < name.chars().count() {
        return Err("deze naam is te lang; hij mag 100 tekens hebben");
    }
    // A name stands in mails: no address and no code may hide in it.
    if name.chars().any(|c| c.is_control() || "<>@:/\\\"".contains(c)) {
        return Err("een naam heeft geen van deze tekens: < > @ : / \\ \"");
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses() {
        for (typed, expected) in [
            ("jan@voorbeeld.nl", Some("jan@voorbeeld.nl")),
            ("  Jan.De-Vries+werk@Voorbeeld-Zorg.NL ", Some("jan.de-vries+werk@voorbeeld-zorg.nl")),
            ("o'neill@zorg.example", Some("o'neill@zorg.example")),
            ("", None),
            ("jan", None),
            ("jan@", None),
            ("@voorbeeld.nl", None),
            ("jan@localhost", None),
            ("jan@voorbeeld..nl", None),
            (".jan@voorbeeld.nl", None),
            ("jan@-voorbeeld.nl", None),
            ("jan@voorbeeld.nl\r\nBcc: x@y.nl", None),
            ("jan de vries@voorbeeld.nl", None),
            ("\"jan\"@voorbeeld.nl", None),
            ("jan@voorbeeld.nl@ander.nl", None),
            ("jan@voorbeéld.nl", None),
        ] {
            assert_eq!(mail_address(typed).ok().as_deref(), expected, "{typed}");
        }
        assert!(mail_address(&format!("{}@voorbeeld.nl", "a".repeat(65))).is_err());
    }

    #[test]
    fn names() {
        assert_eq!(person_name("  Jan   de Vries ").as_deref(), Ok("Jan de Vries"));
        for bad in ["", "  ", "Jan <script>", "kijk op http://x.nl", &"a".repeat(101)] {
            assert!(person_name(bad).is_err(), "{bad}");
        }
    }
}
