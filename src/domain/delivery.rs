//! A delivery: the figures an organisation hands in at once. Somebody makes it, somebody else agrees, then it counts.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::id::{AccountId, DeliveryId};
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// How far a delivery is. Figures count from [`DeliveryStage::Released`] on.
    DeliveryStage {
        Concept = "concept" "Concept",
        /// A second person agreed; it waits for its release.
        Approved = "akkoord" "Akkoord",
        Released = "vrijgegeven" "Vrijgegeven",
        /// Taken back before its release.
        Withdrawn = "ingetrokken" "Ingetrokken",
    }
}

/// One delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    pub id: DeliveryId,
    /// Slug.
    pub organisation: String,
    /// Slug of the network it was made for.
    pub network: Option<String>,
    pub stage: DeliveryStage,
    pub file_name: Option<String>,
    /// SHA-256 of its content, in hexadecimal.
    pub hash: String,
    /// Why figures that were delivered before are different now.
    pub reason: Option<String>,
    /// [`crate::domain::actor::Actor::label`] of who made it.
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    pub approved_by: Option<AccountId>,
    pub approved_at: Option<DateTime<Utc>>,
    pub released_at: Option<DateTime<Utc>>,
    /// The last day that only its owner sees it.
    pub embargo_until: Option<NaiveDate>,
    /// The version it was read with; 0 for a new one.
    pub version: i32,
}

impl DeliveryStage {
    /// Whether it may go from here to there.
    pub fn leads_to(self, next: DeliveryStage) -> bool {
        matches!(
            (self, next),
            (DeliveryStage::Concept, DeliveryStage::Approved | DeliveryStage::Withdrawn)
                | (DeliveryStage::Approved, DeliveryStage::Released | DeliveryStage::Withdrawn)
        )
    }
}
