//! Anything typed is read without a panic, within its bounds, and its fragments stay safe.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../check.rs"]
mod check;

fuzz_target!(|data: &str| check::check(data));
