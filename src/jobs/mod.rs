//! What happens by the clock or after a change, never in the middle of a request.
//!
//! - [`ahead`]: what comparisons compute with is read before somebody asks
//! - [`mail`]: mails that wait are sent
//! - [`publishing`]: what was planned is published, and owners are asked whether a document still holds
//! - [`tidy`]: what is over is forgotten
//!
//! Invariant: a job can be stopped anywhere and run twice, and nothing is done twice or lost.

pub mod ahead;
pub mod mail;
pub mod publishing;
pub mod tidy;
