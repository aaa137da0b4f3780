//! The lexicon: concepts with the words for them, and lists of words.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261123_000002_add_lexicon"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut concept = item("concept");
        concept
            .col(json("short_forms"))
            .col(json("ambiguous_short_forms"))
            .col(json("synonyms"))
            .col(json("related"))
            .col(ColumnDef::new(Alias::new("note")).text());
        manager.create_table(concept).await?;

        let mut word_list = item("word_list");
        word_list.col(text("purpose")).col(json("words"));
        manager.create_table(word_list).await
    }
}

fn item(name: &str) -> TableCreateStatement {
    Table::create()
        .table(Alias::new(name))
        .col(text("id").primary_key())
        .col(text("slug").unique_key())
        .col(text("name"))
        .col(ColumnDef::new(Alias::new("position")).integer().not_null())
        .take()
}

fn text(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().not_null().take()
}

fn json(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).json_binary().not_null().take()
}
