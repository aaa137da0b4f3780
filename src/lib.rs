//! Leerkring.
pub mod text;
pub mod domain;
#[path = "../migrations/mod.rs"]
pub mod migrations;
pub mod store;
pub mod workflow;
pub mod exchange;
