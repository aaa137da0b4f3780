//! Mails that wait to be sent, written in the transaction of what they tell; and the log of who changed what.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261125_000005_create_mail"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One row per event and reader: the key says which, so that nobody is told twice.
        let mail = Table::create()
            .table(name("mail"))
            .col(text("id").primary_key())
            .col(text("unique_key").unique_key())
            .col(ColumnDef::new(name("account_id")).text())
            .col(text("recipient"))
            .col(text("subject"))
            .col(text("body"))
            .col(text("state"))
            .col(ColumnDef::new(name("tries")).integer().not_null())
            .col(moment("created_at"))
            .col(moment("next_at"))
            .col(ColumnDef::new(name("sent_at")).timestamp_with_time_zone())
            .col(text("error"))
            .take();
        manager.create_table(mail).await?;
        let waiting =
            Index::create().name("mail_state").table(name("mail")).col(name("state")).col(name("next_at")).take();
        manager.create_index(waiting).await?;

        let audit = Table::create()
            .table(name("audit"))
            .col(ColumnDef::new(name("seq")).big_integer().not_null().auto_increment().primary_key())
            .col(moment("made_at"))
            .col(text("actor"))
            .col(text("action"))
            .col(text("subject"))
            .col(ColumnDef::new(name("detail")).json_binary().not_null())
            .col(ColumnDef::new(name("address")).text())
            .take();
        manager.create_table(audit).await?;
        let subject = Index::create().name("audit_subject").table(name("audit")).col(name("subject")).take();
        manager.create_index(subject).await
    }
}

fn name(name: &str) -> Alias {
    Alias::new(name)
}

fn text(of: &str) -> ColumnDef {
    ColumnDef::new(name(of)).text().not_null().take()
}

fn moment(of: &str) -> ColumnDef {
    ColumnDef::new(name(of)).timestamp_with_time_zone().not_null().take()
}
