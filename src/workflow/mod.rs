//! Every change goes in here: rules, one transaction, change log. Nothing else writes documents or lists.
//! What is counted of use ([`search_log`]) goes in here too; it changes no document and makes no log entry.
//!
//! Invariant: a change is stored whole, with its revision and its log entries, or not at all.

pub mod account;
pub mod attachment;
pub mod baseline;
pub mod catalogue;
pub mod comparison;
pub mod delivery;
mod error;
pub mod history_load;
pub mod inquiry;
pub mod library;
pub mod network;
pub mod policy;
pub mod record;
pub mod search_log;

pub use error::Error;
