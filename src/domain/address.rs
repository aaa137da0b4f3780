//! The addresses within the site that mails and providers point at. `web::url` makes all others.

use super::id::{DeliveryId, DraftId, InquiryId};

/// Where a provider of sign-in sends people back to; the operator tells it this address.
pub const PROVIDER_BACK: &str = "/inloggen/aanbieder/terug";

pub fn record(slug: &str) -> String {
    format!("/kennisbank/{slug}")
}

/// Where an author writes.
pub fn draft(id: &DraftId) -> String {
    format!("/schrijven/{id}")
}

/// Where an editor reviews.
pub fn review(id: &DraftId) -> String {
    format!("/beoordelen/{id}")
}

/// Where an owner says that a document still holds.
pub fn confirm(token: &str) -> String {
    format!("/bevestigen/{token}")
}

/// Where an organisation delivers its figures.
pub const DELIVER: &str = "/aanleveren";

/// One delivery.
pub fn delivery(id: &DeliveryId) -> String {
    format!("{DELIVER}/{id}")
}

/// Where a question of another member is answered.
pub fn inquiry(id: &InquiryId) -> String {
    format!("/vragen/{id}")
}
