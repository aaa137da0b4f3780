//! The library: catalogues, documents with their revisions, and the change log.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261122_000001_create_library"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let item = |name: &str| {
            let mut table = table(name);
            table
                .col(text("id").primary_key())
                .col(text("slug").unique_key())
                .col(text("name"))
                .col(integer("position"));
            table
        };

        manager.create_table(item("building_block").col(optional("description")).take()).await?;

        let mut region = item("region");
        region.col(text("kind")).col(optional("parent_id")).col(optional("description"));
        manager.create_table(refer(&mut region, "parent_id", "region").take()).await?;

        let mut organisation = item("organisation");
        organisation
            .col(text("kind"))
            .col(json("sectors"))
            .col(optional("region_id"))
            .col(optional("place"))
            .col(optional("website"))
            .col(optional("note"));
        manager.create_table(refer(&mut organisation, "region_id", "region").take()).await?;

        let mut alias = table("organisation_alias");
        alias
            .col(text("name_key").primary_key())
            .col(text("organisation_id"))
            .col(text("name"))
            .col(optional("reason"))
            .col(integer("position"));
        manager.create_table(refer(&mut alias, "organisation_id", "organisation").take()).await?;
        manager.create_index(index("organisation_alias", "organisation_id")).await?;

        let mut programme = item("programme");
        programme
            .col(optional("description"))
            .col(optional("region_id"))
            .col(optional("starts"))
            .col(optional("ends"))
            .col(json("notes"))
            .col(json("figures"))
            .col(json("sources"));
        manager.create_table(refer(&mut programme, "region_id", "region").take()).await?;

        let mut participation = table("programme_organisation");
        participation.col(text("programme_id")).col(text("organisation_id")).col(text("role")).col(integer("position"));
        keyed(&mut participation, &["programme_id", "organisation_id", "role"]);
        refer(&mut participation, "programme_id", "programme");
        manager.create_table(refer(&mut participation, "organisation_id", "organisation").take()).await?;

        let mut theme = item("theme");
        theme
            .col(optional("parent_id"))
            .col(optional("programme_id"))
            .col(optional("description"))
            .col(optional("results"))
            .col(optional("starts"))
            .col(optional("ends"))
            .col(json("notes"))
            .col(json("reported"))
            .col(json("sources"));
        refer(&mut theme, "parent_id", "theme");
        manager.create_table(refer(&mut theme, "programme_id", "programme").take()).await?;

        let mut participant = table("theme_participant");
        participant
            .col(text("theme_id"))
            .col(text("organisation_id"))
            .col(optional("listed_as"))
            .col(integer("position"));
        keyed(&mut participant, &["theme_id", "organisation_id"]);
        refer(&mut participant, "theme_id", "theme");
        manager.create_table(refer(&mut participant, "organisation_id", "organisation").take()).await?;
        manager.create_index(index("theme_participant", "organisation_id")).await?;

        let mut network = item("network");
        network
            .col(optional("description"))
            .col(optional("region_id"))
            .col(optional("starts"))
            .col(optional("ends"))
            .col(json("sources"));
        manager.create_table(refer(&mut network, "region_id", "region").take()).await?;

        let mut member = table("network_member");
        member
            .col(text("network_id"))
            .col(integer("position"))
            .col(text("organisation_id"))
            .col(optional("role"))
            .col(optional("starts"))
            .col(optional("ends"));
        keyed(&mut member, &["network_id", "position"]);
        refer(&mut member, "network_id", "network");
        manager.create_table(refer(&mut member, "organisation_id", "organisation").take()).await?;
        manager.create_index(index("network_member", "organisation_id")).await?;

        let mut line = table("network_action_line");
        line.col(text("network_id")).col(integer("position")).col(text("name")).col(optional("description"));
        keyed(&mut line, &["network_id", "position"]);
        manager.create_table(refer(&mut line, "network_id", "network").take()).await?;

        let mut record = table("record");
        record
            .col(text("id").primary_key())
            .col(text("slug").unique_key())
            .col(text("kind"))
            .col(text("title"))
            .col(text("summary"))
            .col(text("body"))
            .col(text("visibility"))
            .col(text("status"))
            .col(json("sectors"))
            .col(optional("region_id"))
            .col(optional("programme_id"))
            .col(optional("starts"))
            .col(optional("ends"))
            .col(optional("outcome"))
            .col(optional("success"))
            .col(ColumnDef::new(Alias::new("year")).integer())
            .col(json("keywords"))
            .col(optional("contact"))
            .col(ColumnDef::new(Alias::new("review_by")).date())
            .col(ColumnDef::new(Alias::new("last_confirmed")).date())
            .col(json("source_notes"))
            .col(json("sources"))
            .col(json("fields"))
            .col(integer("version"))
            .col(moment("created_at"))
            .col(moment("updated_at"));
        refer(&mut record, "region_id", "region");
        manager.create_table(refer(&mut record, "programme_id", "programme").take()).await?;
        for column in ["region_id", "programme_id", "kind"] {
            manager.create_index(index("record", column)).await?;
        }

        let mut former = table("record_slug");
        former.col(text("slug").primary_key()).col(text("record_id")).col(integer("position"));
        manager.create_table(refer(&mut former, "record_id", "record").take()).await?;
        manager.create_index(index("record_slug", "record_id")).await?;

        for (name, column, target) in
            [("record_theme", "theme_id", "theme"), ("record_building_block", "building_block_id", "building_block")]
        {
            let mut link = table(name);
            link.col(text("record_id")).col(text(column)).col(integer("position"));
            keyed(&mut link, &["record_id", column]);
            refer(&mut link, "record_id", "record");
            manager.create_table(refer(&mut link, column, target).take()).await?;
            manager.create_index(index(name, column)).await?;
        }

        let mut role = table("record_organisation");
        role.col(text("record_id")).col(text("organisation_id")).col(text("role")).col(integer("position"));
        keyed(&mut role, &["record_id", "organisation_id", "role"]);
        refer(&mut role, "record_id", "record");
        manager.create_table(refer(&mut role, "organisation_id", "organisation").take()).await?;
        manager.create_index(index("record_organisation", "organisation_id")).await?;

        let mut relation = table("record_relation");
        relation.col(text("record_id")).col(integer("position")).col(text("kind")).col(text("target_id"));
        keyed(&mut relation, &["record_id", "position"]);
        refer(&mut relation, "record_id", "record");
        manager.create_table(refer(&mut relation, "target_id", "record").take()).await?;
        manager.create_index(index("record_relation", "target_id")).await?;

        let mut revision = table("revision");
        revision
            .col(text("record_id"))
            .col(integer("version"))
            .col(json("content"))
            .col(text("made_by"))
            .col(moment("made_at"));
        keyed(&mut revision, &["record_id", "version"]);
        manager.create_table(refer(&mut revision, "record_id", "record").take()).await?;

        let mut log = table("change_log");
        log.col(ColumnDef::new(Alias::new("seq")).big_integer().not_null().auto_increment().primary_key())
            .col(text("subject"))
            .col(text("subject_id"))
            .col(moment("made_at"));
        manager.create_table(log.take()).await
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

fn json(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).json_binary().not_null().take()
}

fn moment(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().not_null().take()
}

fn keyed(table: &mut TableCreateStatement, columns: &[&str]) {
    let mut key = Index::create();
    for column in columns {
        key.col(Alias::new(*column));
    }
    table.primary_key(&mut key);
}

fn refer<'a>(table: &'a mut TableCreateStatement, column: &str, target: &str) -> &'a mut TableCreateStatement {
    table.foreign_key(
        ForeignKey::create()
            .from_col(Alias::new(column))
            .to(Alias::new(target), Alias::new("id"))
            .on_delete(ForeignKeyAction::Restrict),
    )
}

fn index(table: &str, column: &str) -> IndexCreateStatement {
    Index::create().name(format!("{table}_{column}")).table(Alias::new(table)).col(Alias::new(column)).take()
}
