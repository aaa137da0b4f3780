//! What was searched for: one row per day, question and filters.
//!
//! Invariant: no column and no order of rows tells who asked, or what was asked after what.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000003_add_search_log"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = |name: &str| Alias::new(name);
        let number = |column: &str| ColumnDef::new(name(column)).big_integer().not_null().take();
        let text = |column: &str| ColumnDef::new(name(column)).text().not_null().take();
        let mut table = Table::create()
            .table(name("search_log"))
            .col(ColumnDef::new(name("day")).date().not_null())
            .col(text("question"))
            .col(text("filters"))
            .col(number("searches"))
            .col(number("api_searches"))
            .col(number("hits"))
            .col(ColumnDef::new(name("clicks")).json_binary().not_null())
            .primary_key(Index::create().col(name("day")).col(name("question")).col(name("filters")))
            .take();
        // SQLite would number the rows as they come, which is the order in which people asked.
        if manager.get_database_backend() == DbBackend::Sqlite {
            table.extra("WITHOUT ROWID");
        }
        manager.create_table(table).await
    }
}
