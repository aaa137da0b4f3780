//! Where a document stands between first draft and withdrawal.

use super::vocabulary::vocabulary;

vocabulary! {
    /// The status of a document.
    Status, silent {
        Published = "gepubliceerd" "Gepubliceerd",
        Draft = "concept" "Concept",
        InReview = "ter-beoordeling" "Ter beoordeling",
        Withdrawn = "ingetrokken" "Ingetrokken",
    }
}
