//! Delivering figures: what is due, the template, a file or a few figures sent, and each delivery until it counts.

pub mod overview;
pub mod show;
pub mod template;
