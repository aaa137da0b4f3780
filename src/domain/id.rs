//! Identities: what stays the same when a name or a slug changes.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(String);

        impl $name {
            /// A new identity: a ULID, 26 characters, ordered by time of making.
            pub fn generate() -> $name {
                $name(ulid::Ulid::generate().to_string())
            }

            /// An identity as the store holds it.
            pub fn stored(text: String) -> $name {
                $name(text)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// A document in the knowledge base.
    RecordId;
    /// An account of somebody who signs in.
    AccountId;
    /// A session of somebody who signed in; not what the browser holds.
    SessionId;
    /// A token for the API; not what its owner holds.
    TokenId;
    /// A mail that is or was to be sent.
    MailId;
    /// A version of a document that is being written or reviewed.
    DraftId;
    /// A remark on a draft.
    CommentId;
    /// What an organisation delivered at once.
    DeliveryId;
    /// A question of one member to another.
    InquiryId;
    /// A new start of a control chart.
    BaselineId;
    /// A version of the rules of disclosure.
    PolicyId;
    /// An item of a catalogue: organisation, theme, programme, region, network or building block.
    ItemId;
}
