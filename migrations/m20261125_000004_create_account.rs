//! People who sign in: accounts with their roles, sessions, links, second factors and tokens.
//!
//! Invariant: what opens a door is never stored, only its hash; the secret of a second factor is the exception,
//! because codes are made from it.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261125_000004_create_account"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut account = table("account");
        account
            .col(text("id").primary_key())
            .col(text("mail").unique_key())
            .col(text("name"))
            .col(text("status"))
            .col(optional("password"))
            .col(optional("totp"))
            .col(optional("totp_pending"))
            .col(ColumnDef::new(name("totp_step")).big_integer())
            .col(integer("version"))
            .col(moment("created_at"))
            .col(ColumnDef::new(name("signed_in_at")).timestamp_with_time_zone());
        manager.create_table(account).await?;

        // The place of a role is an item of a list, or empty for everywhere.
        let mut grant = table("account_grant");
        grant
            .col(text("account_id"))
            .col(text("role"))
            .col(text("scope"))
            .col(text("item_id"))
            .col(moment("given_at"))
            .primary_key(
                Index::create().col(name("account_id")).col(name("role")).col(name("scope")).col(name("item_id")),
            );
        manager.create_table(of_account(&mut grant)).await?;
        manager.create_index(index("account_grant", "item_id")).await?;

        let mut session = table("session");
        session
            .col(text("id").primary_key())
            .col(text("token_hash").unique_key())
            .col(text("account_id"))
            .col(moment("created_at"))
            .col(moment("seen_at"))
            .col(moment("expires_at"))
            .col(flag("second_factor"))
            .col(text("agent"))
            .col(text("address"));
        manager.create_table(of_account(&mut session)).await?;
        manager.create_index(index("session", "account_id")).await?;

        let mut link = table("link");
        link.col(text("token_hash").primary_key())
            .col(text("account_id"))
            .col(text("purpose"))
            .col(moment("created_at"))
            .col(moment("expires_at"))
            .col(ColumnDef::new(name("used_at")).timestamp_with_time_zone());
        manager.create_table(of_account(&mut link)).await?;
        manager.create_index(index("link", "account_id")).await?;

        let mut identity = table("identity");
        identity
            .col(text("issuer"))
            .col(text("subject"))
            .col(text("account_id"))
            .col(moment("created_at"))
            .primary_key(Index::create().col(name("issuer")).col(name("subject")));
        manager.create_table(of_account(&mut identity)).await?;
        manager.create_index(index("identity", "account_id")).await?;

        let mut code = table("recovery_code");
        code.col(text("account_id"))
            .col(text("code_hash"))
            .col(ColumnDef::new(name("used_at")).timestamp_with_time_zone())
            .primary_key(Index::create().col(name("account_id")).col(name("code_hash")));
        manager.create_table(of_account(&mut code)).await?;

        let mut token = table("api_token");
        token
            .col(text("id").primary_key())
            .col(text("token_hash").unique_key())
            .col(text("account_id"))
            .col(text("name"))
            .col(text("scope"))
            .col(moment("created_at"))
            .col(moment("expires_at"))
            .col(ColumnDef::new(name("used_at")).timestamp_with_time_zone());
        manager.create_table(of_account(&mut token)).await?;
        manager.create_index(index("api_token", "account_id")).await?;

        // How often something failed of late, by account or by range of addresses.
        let mut throttle = table("throttle");
        throttle.col(text("subject").primary_key()).col(integer("failures")).col(moment("last_at"));
        manager.create_table(throttle).await
    }
}

fn name(name: &str) -> Alias {
    Alias::new(name)
}

fn table(of: &str) -> TableCreateStatement {
    Table::create().table(name(of)).take()
}

fn text(of: &str) -> ColumnDef {
    ColumnDef::new(name(of)).text().not_null().take()
}

fn optional(of: &str) -> ColumnDef {
    ColumnDef::new(name(of)).text().take()
}

fn integer(of: &str) -> ColumnDef {
    ColumnDef::new(name(of)).integer().not_null().take()
}

fn flag(of: &str) -> ColumnDef {
    ColumnDef::new(name(of)).boolean().not_null().take()
}

fn moment(of: &str) -> ColumnDef {
    ColumnDef::new(name(of)).timestamp_with_time_zone().not_null().take()
}

/// What belongs to an account goes with it.
fn of_account(table: &mut TableCreateStatement) -> TableCreateStatement {
    table
        .foreign_key(
            ForeignKey::create()
                .from_col(name("account_id"))
                .to(name("account"), name("id"))
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take()
}

fn index(table: &str, column: &str) -> IndexCreateStatement {
    Index::create().name(format!("{table}_{column}")).table(name(table)).col(name(column)).take()
}
