//! A mail to be sent: plain text, to one person, about one event.

use crate::domain::id::AccountId;
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// How a mail stands.
    MailState {
        Waiting = "wacht" "Wacht",
        Sent = "verstuurd" "Verstuurd",
        /// Given up; the administrator can have it tried again.
        Failed = "mislukt" "Mislukt",
    }
}

/// A mail that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    /// Which event it tells whom: nobody is told the same twice.
    pub key: String,
    /// Whose it is, if it is somebody with an account.
    pub account: Option<AccountId>,
    pub recipient: String,
    /// To whom an answer goes, when that is not the sender.
    pub reply_to: Option<String>,
    pub subject: String,
    pub body: String,
}
