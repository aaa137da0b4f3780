//! What runs by the clock or after a commit. No handler calls it; each job finds its work in the store, and is safe to
//! run twice.

pub mod publishing;
