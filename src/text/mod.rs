//! Pure string tools: Dutch writing, slugs, Markdown. Nothing here knows the product.
//!
//! Invariant: no function fails, none does I/O.

pub mod amount;
pub mod difference;
pub mod dutch;
pub mod hex;
pub mod local_time;
pub mod markdown;
pub mod reading;
pub mod slug;
