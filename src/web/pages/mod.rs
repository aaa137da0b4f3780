//! The pages: one subject each. A handler loads, builds a page struct, and shows it.

pub mod about;
pub mod home;
pub mod network;
pub mod organisation;
pub mod programme;
pub mod record;
pub mod region;
pub mod search;
pub mod sign_in;
pub mod theme;
pub mod history;
pub mod mine;
pub mod review;
pub mod write;
