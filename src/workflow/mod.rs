//! Every change goes in here: rules, one transaction, change log. Nothing else writes documents or lists.
//!
//! Invariant: a change is stored whole, with its revision and its log entries, or not at all.

mod error;
pub mod library;

pub use error::Error;
