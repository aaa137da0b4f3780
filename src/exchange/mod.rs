//! Libraries in and out: the content folder, and one that is made up. And files that come in: beside documents, and with
//! figures ([`table`], [`delivery_sheet`], [`template`]); and files that go out with figures ([`workbook`], [`picture`]). And a whole site in one file ([`backup`]).
//!
//! A folder holds one TOML file per list and one Markdown file with TOML front matter per document. Keys are the
//! Dutch names of the field tables in `domain`; this layer adds no names of its own.
//!
//! Invariant: what is written is read back the same, and written again byte for byte.

pub mod attachment;
pub mod backup;
pub mod content_dir;
pub mod csv_table;
pub mod delivery;
pub mod delivery_sheet;
pub mod demo;
mod error;
pub mod export;
pub mod extract;
mod front_matter;
mod layout;
mod list_file;
mod measurement_file;
pub mod picture;
pub mod synthetic;
pub mod table;
pub mod template;
mod toml;
pub mod workbook;

pub use error::{Error, FileFault};
