//! The tests of the whole, as one program. Start reading at [`harness`].

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;
mod make;

mod architecture;
mod readme;

mod exchange;
mod migrations;
mod store;

mod api;
mod page;
mod record;
mod search;

mod links;
