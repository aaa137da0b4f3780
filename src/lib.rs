//! Leerkring.
pub mod text;
pub mod domain;
