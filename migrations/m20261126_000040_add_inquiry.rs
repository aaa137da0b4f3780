//! Questions that members ask each other: what was asked, until it is answered or forgotten.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000040_add_inquiry"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut inquiry = Table::create().table(Alias::new("inquiry")).take();
        inquiry
            .col(text("id").primary_key())
            .col(text("asked_by"))
            .col(text("asker_id"))
            .col(text("organisation_id"))
            .col(text("indicator_id"))
            .col(text("question"))
            .col(moment("asked_at").not_null())
            .col(ColumnDef::new(Alias::new("answered_by")).text())
            .col(moment("answered_at"));
        for (column, target) in
            [("asker_id", "organisation"), ("organisation_id", "organisation"), ("indicator_id", "indicator")]
        {
            inquiry.foreign_key(
                ForeignKey::create()
                    .from_col(Alias::new(column))
                    .to(Alias::new(target), Alias::new("id"))
                    .on_delete(ForeignKeyAction::Restrict),
            );
        }
        manager.create_table(inquiry).await?;
        let by = Index::create()
            .name("inquiry_asked_by")
            .table(Alias::new("inquiry"))
            .col(Alias::new("asked_by"))
            .col(Alias::new("asked_at"))
            .take();
        manager.create_index(by).await?;

        // To whom an answer goes, when that is not the sender.
        let reply_to = ColumnDef::new(Alias::new("reply_to")).text().take();
        manager.alter_table(Table::alter().table(Alias::new("mail")).add_column(reply_to).take()).await
    }
}

fn text(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().not_null().take()
}

fn moment(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().take()
}
