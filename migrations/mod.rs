//! The steps that make the tables, oldest first. Append only: a released step never changes.
//!
//! Invariant: a step names nothing of the crate, so that its meaning stays what it was.

use sea_orm_migration::prelude::*;

mod m20261122_000001_create_library;
mod m20261123_000002_add_lexicon;
mod m20261123_000003_add_search_log;
mod m20261125_000004_create_account;
mod m20261125_000005_create_mail;
mod m20261125_000007_add_drafts;
mod m20261125_000010_add_attachments;
mod m20261125_000020_add_benchmark;
mod m20261126_000021_add_draft_address;
mod m20261126_000022_share_seen_groups;
mod m20261126_000040_add_inquiry;
mod m20261126_000050_keep_ended_proposals;
mod m20261126_000060_index_seen_groups;

/// The ordered list.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_library::Migration),
            Box::new(m20261123_000002_add_lexicon::Migration),
            Box::new(m20261123_000003_add_search_log::Migration),
            Box::new(m20261125_000004_create_account::Migration),
            Box::new(m20261125_000005_create_mail::Migration),
            Box::new(m20261125_000007_add_drafts::Migration),
            Box::new(m20261125_000010_add_attachments::Migration),
            Box::new(m20261125_000020_add_benchmark::Migration),
            Box::new(m20261126_000021_add_draft_address::Migration),
            Box::new(m20261126_000022_share_seen_groups::Migration),
            Box::new(m20261126_000040_add_inquiry::Migration),
            Box::new(m20261126_000050_keep_ended_proposals::Migration),
            Box::new(m20261126_000060_index_seen_groups::Migration),
        ]
    }
}
