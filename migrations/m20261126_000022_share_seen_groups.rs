//! What viewers saw, told once: the standard groups of a large country are the same for thousands of viewers.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000022_share_seen_groups"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = |name: &str| Alias::new(name);
        let content = Table::create()
            .table(name("seen_content"))
            .col(ColumnDef::new(name("hash")).text().not_null().primary_key())
            .col(ColumnDef::new(name("content")).json_binary().not_null())
            .take();
        manager.create_table(content).await?;
        let fill = "INSERT INTO seen_content (hash, content) SELECT hash, content FROM seen_group AS one \
                    WHERE id = (SELECT MIN(id) FROM seen_group WHERE hash = one.hash)";
        manager.get_connection().execute_unprepared(fill).await?;
        manager.alter_table(Table::alter().table(name("seen_group")).drop_column(name("content")).take()).await
    }
}
