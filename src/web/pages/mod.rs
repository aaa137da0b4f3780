//! The pages: one subject each. A handler loads, builds a page struct, and shows it.

pub mod about;
pub mod account;
pub mod admin;
pub mod compare;
pub mod deliver;
pub mod history;
pub mod home;
pub mod inquiry;
pub mod lists;
pub mod mine;
pub mod network;
pub mod organisation;
pub mod password;
pub mod policy;
pub mod programme;
pub mod provider;
pub mod questions;
pub mod record;
pub mod region;
pub mod review;
pub mod reviewers;
pub mod search;
pub mod sign_in;
pub mod theme;
pub mod users;
pub mod write;
