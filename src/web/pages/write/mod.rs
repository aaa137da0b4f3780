//! Writing: begin ([`begin`]), the form ([`edit`]), and what follows it ([`after`]): preview, handing in, taking back.

pub mod after;
pub mod begin;
pub mod edit;
