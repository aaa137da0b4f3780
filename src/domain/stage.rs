//! The way of a document from first draft to withdrawal, as one table of legal moves.
//!
//! What is being written stands beside what is live: a new version can be in review while readers see the old one.
//! That a published document needs another look is no move somebody makes; it follows from its day, see [`of_live`].

use chrono::NaiveDate;

use super::record::Record;
use super::status::Status;
use super::vocabulary::vocabulary;

vocabulary! {
    /// Where a version of a document stands.
    Stage {
        Draft = "concept" "Concept",
        InReview = "ter-beoordeling" "Ter beoordeling",
        ChangesRequested = "wijzigingen-gevraagd" "Wijzigingen gevraagd",
        Planned = "gepland" "Goedgekeurd, verschijnt later",
        Published = "gepubliceerd" "Gepubliceerd",
        RevisionDue = "herzien-nodig" "Herzien nodig",
        Withdrawn = "ingetrokken" "Ingetrokken",
    }
}

/// What somebody does with a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Submit,
    /// The author takes back what was submitted, to go on writing.
    TakeBack,
    RequestChanges,
    /// Approved, to be published at a moment.
    Plan,
    Publish,
    /// It still holds.
    Confirm,
    Withdraw,
    /// An older version becomes the live one.
    Restore,
}

/// Every legal move: from where, by what, to where.
pub const MOVES: &[(Stage, Move, Stage)] = &[
    (Stage::Draft, Move::Submit, Stage::InReview),
    (Stage::ChangesRequested, Move::Submit, Stage::InReview),
    (Stage::InReview, Move::TakeBack, Stage::Draft),
    (Stage::Planned, Move::TakeBack, Stage::Draft),
    (Stage::InReview, Move::RequestChanges, Stage::ChangesRequested),
    (Stage::Planned, Move::RequestChanges, Stage::ChangesRequested),
    (Stage::InReview, Move::Plan, Stage::Planned),
    (Stage::Planned, Move::Plan, Stage::Planned),
    (Stage::InReview, Move::Publish, Stage::Published),
    (Stage::Planned, Move::Publish, Stage::Published),
    (Stage::Published, Move::Confirm, Stage::Published),
    (Stage::RevisionDue, Move::Confirm, Stage::Published),
    (Stage::Published, Move::Withdraw, Stage::Withdrawn),
    (Stage::RevisionDue, Move::Withdraw, Stage::Withdrawn),
    (Stage::Published, Move::Restore, Stage::Published),
    (Stage::RevisionDue, Move::Restore, Stage::Published),
    (Stage::Withdrawn, Move::Restore, Stage::Published),
];

impl Stage {
    /// Where a move leads; `None` when it cannot be made from here.
    pub fn after(self, by: Move) -> Option<Stage> {
        MOVES.iter().find(|it| it.0 == self && it.1 == by).map(|it| it.2)
    }

    /// Whether its author may change the text.
    pub fn is_open(self) -> bool {
        matches!(self, Stage::Draft | Stage::ChangesRequested)
    }

    /// Whether an editor is to move.
    pub fn is_waiting(self) -> bool {
        self == Stage::InReview
    }
}

/// Where a live document stands on a day.
pub fn of_live(record: &Record, today: NaiveDate) -> Stage {
    match record.common.status {
        Status::Withdrawn => Stage::Withdrawn,
        Status::Draft => Stage::Draft,
        Status::InReview => Stage::InReview,
        Status::Published if record.common.review_by.is_some_and(|it| it < today) => Stage::RevisionDue,
        Status::Published => Stage::Published,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_leads_to_one_place() {
        for (at, (from, by, to)) in MOVES.iter().enumerate() {
            assert!(!MOVES[..at].iter().any(|it| it.0 == *from && it.1 == *by), "{from:?} {by:?}");
            assert_eq!(from.after(*by), Some(*to));
        }
    }

    #[test]
    fn nothing_is_published_without_review_and_nothing_skips() {
        for from in [Stage::Draft, Stage::ChangesRequested] {
            for by in [Move::Publish, Move::Plan, Move::RequestChanges, Move::Confirm, Move::Withdraw, Move::Restore] {
                assert_eq!(from.after(by), None, "{from:?} {by:?}");
            }
        }
        for by in [Move::Submit, Move::Publish, Move::Confirm, Move::Withdraw] {
            assert_eq!(Stage::Withdrawn.after(by), None, "{by:?}");
        }
    }
}
