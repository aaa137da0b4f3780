//! The address a draft is to get, apart from its text: who reviews by address finds it among many thousands.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000021_add_draft_address"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = |name: &str| Alias::new(name);
        let address = ColumnDef::new(name("address")).text().not_null().default("").take();
        manager.alter_table(Table::alter().table(name("draft")).add_column(address).take()).await?;
        let fill = "UPDATE draft SET address = COALESCE(content->>'slug', '')";
        manager.get_connection().execute_unprepared(fill).await?;
        let index = Index::create().name("draft_address").table(name("draft")).col(name("address")).take();
        manager.create_index(index).await
    }
}
