//! What is being written and reviewed, who reviews what, and what is kept of a live document beside its text.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261125_000007_add_drafts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut draft = table("draft");
        draft
            .col(text("id").primary_key())
            .col(optional("record_id"))
            .col(ColumnDef::new(Alias::new("base_version")).integer())
            .col(text("kind"))
            .col(text("title"))
            .col(ColumnDef::new(Alias::new("content")).json_binary().not_null())
            .col(text("author_id"))
            .col(text("stage"))
            .col(maybe_moment("submitted_at"))
            .col(optional("reviewer_id"))
            .col(maybe_moment("publish_at"))
            .col(optional("note"))
            .col(optional("reason"))
            .col(integer("version"))
            .col(moment("created_at"))
            .col(moment("updated_at"));
        manager.create_table(refer(&mut draft, "record_id", "record", ForeignKeyAction::Restrict).take()).await?;
        for column in ["record_id", "author_id", "stage"] {
            manager.create_index(index("draft", column)).await?;
        }

        let mut comment = table("draft_comment");
        comment
            .col(text("id").primary_key())
            .col(text("draft_id"))
            .col(text("field"))
            .col(text("text"))
            .col(text("author_id"))
            .col(moment("made_at"))
            .col(ColumnDef::new(Alias::new("is_done")).boolean().not_null());
        manager.create_table(refer(&mut comment, "draft_id", "draft", ForeignKeyAction::Cascade).take()).await?;
        manager.create_index(index("draft_comment", "draft_id")).await?;

        let mut preview = table("preview_link");
        preview
            .col(text("hash").primary_key())
            .col(text("draft_id"))
            .col(text("made_by"))
            .col(moment("made_at"))
            .col(moment("expires_at"));
        manager.create_table(refer(&mut preview, "draft_id", "draft", ForeignKeyAction::Cascade).take()).await?;
        manager.create_index(index("preview_link", "draft_id")).await?;

        let mut reviewer = table("theme_reviewer");
        reviewer
            .col(text("theme_id").primary_key())
            .col(text("account_id"))
            .col(optional("deputy_id"))
            .col(integer("days"))
            .col(ColumnDef::new(Alias::new("until")).date());
        manager.create_table(refer(&mut reviewer, "theme_id", "theme", ForeignKeyAction::Cascade).take()).await?;

        let mut keeping = table("record_keeping");
        keeping
            .col(text("record_id").primary_key())
            .col(optional("owner_id"))
            .col(optional("withdrawn_reason"))
            .col(maybe_moment("withdrawn_at"))
            .col(optional("confirm_hash"))
            .col(ColumnDef::new(Alias::new("reminded_for")).date());
        manager.create_table(refer(&mut keeping, "record_id", "record", ForeignKeyAction::Cascade).take()).await?;
        manager.create_index(index("record_keeping", "owner_id")).await?;

        // Where an item of a list went that was merged into another.
        let mut moved = table("item_slug");
        moved.col(text("kind")).col(text("slug")).col(text("item_id"));
        moved.primary_key(Index::create().col(Alias::new("kind")).col(Alias::new("slug")));
        manager.create_table(moved.take()).await
    }
}

fn table(name: &str) -> TableCreateStatement {
    Table::create().table(Alias::new(name)).take()
}

fn text(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().not_null().take()
}

fn optional(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().take()
}

fn integer(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).integer().not_null().take()
}

fn moment(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().not_null().take()
}

fn maybe_moment(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().take()
}

fn refer<'a>(
    table: &'a mut TableCreateStatement,
    column: &str,
    target: &str,
    action: ForeignKeyAction,
) -> &'a mut TableCreateStatement {
    table.foreign_key(
        ForeignKey::create().from_col(Alias::new(column)).to(Alias::new(target), Alias::new("id")).on_delete(action),
    )
}

fn index(table: &str, column: &str) -> IndexCreateStatement {
    Index::create().name(format!("{table}_{column}")).table(Alias::new(table)).col(Alias::new(column)).take()
}
