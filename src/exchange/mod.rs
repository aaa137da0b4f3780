//! Libraries in and out: the content folder, and one that is made up. And files that come in beside documents.
//!
//! A folder holds one TOML file per list and one Markdown file with TOML front matter per document. Keys are the
//! Dutch names of the field tables in `domain`; this layer adds no names of its own.
//!
//! Invariant: what is written is read back the same, and written again byte for byte.

pub mod attachment;
pub mod content_dir;
pub mod csv_table;
pub mod demo;
mod error;
pub mod export;
pub mod extract;
mod front_matter;
mod layout;
mod list_file;
mod measurement_file;
pub mod synthetic;
mod toml;

pub use error::{Error, FileFault};
