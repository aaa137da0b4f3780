//! Who is there: from what a browser or a program holds to somebody with rights.
//!
//! Writes sessions, tokens and what was tried in vain, nothing else: accounts change in `workflow`.
//!
//! Invariant: what opens a door is made of 256 random bits, shown once, and kept as its hash only.

mod error;
pub mod oidc;
pub mod password;
pub mod second_factor;
pub mod secret;
pub mod session;
pub mod throttle;
pub mod token;
pub mod vault;

pub use error::Error;
