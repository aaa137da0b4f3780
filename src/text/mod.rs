//! Pure string tools: Dutch writing, slugs, Markdown. Nothing here knows the product.
//!
//! Invariant: no function fails, none does I/O.

pub mod dutch;
pub mod markdown;
pub mod slug;
