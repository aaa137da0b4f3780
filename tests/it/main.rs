//! The tests of the whole, as one program. Start reading at [`harness`].

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;
mod make;
mod program;

mod architecture;
mod readme;

mod cli;
mod crash;
mod exchange;
mod links;
mod migrations;
mod store;
