//! The tests of the whole, as one program. Start reading at [`harness`].

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

mod make;

mod program;

mod tools;

mod architecture;

mod readme;

mod migrations;
mod network;

mod account;

mod account_rows;

mod mail;

mod provider;

mod draft_rows;

mod store;

mod exchange;

mod files;

mod attachment;
mod backup;
mod benchmark_rows;

mod hostile;

mod upload;

mod delivery;

mod search;

mod judged;
mod late;

mod expected;

mod search_log;

mod lexicon;

mod fuzz;

mod record;

mod visibility;

mod rights;

mod guard;

mod vault;

mod proxies;

mod page;

mod publishing;

mod writing;

mod lists;

mod api;

mod links;

mod synthetic;

mod cli;
mod compare;
mod compare_choice;
mod compare_files;

mod inquiry;

mod crash;

mod crash_publishing;

mod writers;

mod postgres;
