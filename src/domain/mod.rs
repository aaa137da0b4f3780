//! What things are and which rules hold. No I/O, no database, no HTTP.
//!
//! Everything an author can write is a struct made by `field::fields!`: the struct and the table that
//! describes its fields (Dutch outside name, label, help, shape, limits) stand once, side by side. The same
//! struct is the content file, the JSON column and the API property set; the same table drives checks, pages,
//! the index and the documentation. A new field touches the file of its noun and nothing else.
//!
//! Invariant: references between items are slugs; only the store knows ids.

pub mod account;
pub mod actor;
pub mod address;
pub mod asked;
pub mod assessment;
pub mod attachment;
pub mod brief;
pub mod building_block;
pub mod catalogue;
pub mod citizen_number;
pub mod comparison;
pub mod completeness;
pub mod concept;
pub mod delivery;
pub mod delivery_check;
pub mod draft;
pub mod factsheet;
pub mod fault;
pub mod field;
pub mod id;
pub mod improvement_plan;
pub mod indicator;
pub mod inquiry;
pub mod library;
pub mod list;
pub mod mail;
pub mod measurement;
pub mod members;
pub mod network;
pub mod organisation;
pub mod part;
pub mod period;
pub mod period_text;
pub mod permission;
pub mod person_data;
pub mod programme;
pub mod proposal;
pub mod publication;
pub mod quality_report;
pub mod record;
pub mod region;
pub mod search_report;
pub mod seen_group;
pub mod stage;
pub mod status;
pub mod theme;
pub mod transition_project;
pub mod visibility;
pub mod vocabulary;
pub mod word_list;
