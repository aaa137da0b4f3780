//! How a proposal ended: rejected or withdrawn, by whom, when and why. What ended stays where it was.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261126_000050_keep_ended_proposals"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["baseline", "disclosure_policy"] {
            for column in [text("ended_as"), text("ended_by"), moment("ended_at"), text("ended_why")] {
                let add = Table::alter().table(Alias::new(table)).add_column(column).take();
                manager.alter_table(add).await?;
            }
        }
        Ok(())
    }
}

fn text(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().take()
}

fn moment(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().take()
}
