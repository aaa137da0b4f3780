//! Attachments: which files a document has, what is kept of each file, and the text of its pages.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261125_000010_add_attachments"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = |name: &str| Alias::new(name);
        let text = |column: &str| ColumnDef::new(name(column)).text().not_null().take();
        let integer = |column: &str| ColumnDef::new(name(column)).integer().not_null().take();

        let files = ColumnDef::new(name("attachments")).json_binary().not_null().default("[]").take();
        manager.alter_table(Table::alter().table(name("record")).add_column(files).take()).await?;

        let attachment = Table::create()
            .table(name("attachment"))
            .col(text("hash").primary_key())
            .col(text("media"))
            .col(ColumnDef::new(name("size")).big_integer().not_null())
            .col(integer("pages"))
            .col(text("state"))
            .col(text("received_by"))
            .col(ColumnDef::new(name("received_at")).timestamp_with_time_zone().not_null())
            .take();
        manager.create_table(attachment).await?;

        let page = Table::create()
            .table(name("attachment_page"))
            .col(text("hash"))
            .col(integer("page"))
            .col(text("label"))
            .col(text("content"))
            .primary_key(Index::create().col(name("hash")).col(name("page")))
            .foreign_key(
                ForeignKey::create()
                    .from_col(name("hash"))
                    .to(name("attachment"), name("hash"))
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(page).await
    }
}
