//! Leerkring.
pub mod text;
pub mod domain;
pub mod search;
