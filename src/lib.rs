//! The portal of a learning network in Dutch long-term care.
//!
//! # Map, lowest layer first
//! A layer may name those before it, never those after it.
//!
//! - [`text`]: pure string tools: slugs, Dutch numbers and dates, Markdown
//! - [`domain`]: what things are and which rules hold; every kind of document and every list described once
//! - [`config`]: settings from file, environment and flags
//! - [`benchmark`]: figures: how values are compared, and what of that may be shown to whom; numbers in, numbers out
//! - [`migrations`]: the steps that make the tables
//! - [`store`]: tables, queries, transactions: the only SQL
//! - [`search`]: the index, derived from the store: everything tantivy
//! - [`accounts`]: who is there: sessions, passwords, second factors, tokens
//! - [`workflow`]: every change: rules, one transaction, change log
//! - [`jobs`]: what happens by the clock: planned publishing, reminders, mails are sent, what is over is forgotten
//! - [`exchange`]: content folders in and out, and an invented library for load tests
//! - [`app`]: the parts, opened once
//! - [`web`]: pages and API: everything poem
//! - [`cli`]: one file per command
//!
//! # How data flows
//! A change goes in through [`workflow`], lands in one transaction (rows, revision, change log) in [`store`], and
//! the follower of [`search`] brings it into the index. Reading never writes; what was searched for is counted
//! apart, without a person, and stored once a minute. The index only answers which documents; rows, and who may
//! see them, always come from the store.

/// Making documents for the index and answers from it is much taking and giving back of memory, on several threads:
/// this allocator does it in a sixth less time than that of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod text;

pub mod domain;

pub mod config;

pub mod benchmark;

#[path = "../migrations/mod.rs"]
pub mod migrations;

pub mod store;

pub mod search;

pub mod accounts;

pub mod workflow;

pub mod jobs;

pub mod exchange;

pub mod app;

pub mod web;

pub mod cli;
