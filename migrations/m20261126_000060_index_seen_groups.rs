//! What anybody saw of an indicator is looked up before everybody is shown a new group of it.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000060_index_seen_groups"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = |name: &str| Alias::new(name);
        let index = Index::create()
            .name("seen_group_family")
            .table(name("seen_group"))
            .col(name("family"))
            .col(name("period"))
            .take();
        manager.create_index(index).await
    }
}
