//! What people are mailed about their account: plain text, plain Dutch.

use crate::domain::account::{Account, LinkPurpose};
use crate::domain::mail::NewMail;

/// An invitation, or a link for a new password. `key` says which link.
pub fn with_link(to: &Account, purpose: LinkPurpose, key: &str, address: &str) -> NewMail {
    let (subject, body) = match purpose {
        LinkPurpose::Invitation => (
            "Uw uitnodiging voor Leerkring",
            format!(
                "Beste {},\n\nU hebt toegang gekregen tot Leerkring, de kennisbank van uw lerend netwerk. Kies via deze link een wachtwoord:\n\n{address}\n\nDe link werkt één keer, en zeven dagen lang. Verwachtte u dit bericht niet? Dan hoeft u niets te doen.\n",
                to.name
            ),
        ),
        LinkPurpose::Password => (
            "Een nieuw wachtwoord voor Leerkring",
            format!(
                "Beste {},\n\nU vroeg om een nieuw wachtwoord. Kies het via deze link:\n\n{address}\n\nDe link werkt één keer, en een uur lang. Vroeg u dit niet? Dan hoeft u niets te doen; uw wachtwoord blijft zoals het is.\n",
                to.name
            ),
        ),
    };
    mail(to, &format!("link {key}"), subject, body)
}

/// That something about the safety of the account changed. `what` is a sentence; `key` says which change.
pub fn changed(to: &Account, key: &str, what: &str) -> NewMail {
    let body = format!(
        "Beste {},\n\n{what}\n\nDeed u dit niet zelf? Vraag dan meteen een nieuw wachtwoord aan en meld het bij de beheerder.\n",
        to.name
    );
    mail(to, key, "Uw account bij Leerkring is gewijzigd", body)
}

fn mail(to: &Account, key: &str, subject: &str, body: String) -> NewMail {
    NewMail {
        key: key.to_owned(),
        account: Some(to.id.clone()),
        recipient: to.mail.clone(),
        reply_to: None,
        subject: subject.to_owned(),
        body,
    }
}
