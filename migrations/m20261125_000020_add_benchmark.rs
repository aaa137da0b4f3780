//! Figures to compare: indicators, deliveries with their measurements, and what the guard of disclosure remembers.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m20261125_000020_add_benchmark"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut indicator = table("indicator");
        indicator
            .col(text("id").primary_key())
            .col(text("slug").unique_key())
            .col(text("name"))
            .col(integer("position"))
            .col(json("content"));
        manager.create_table(indicator).await?;

        for (table, column) in [("organisation", "traits"), ("network", "deadlines"), ("network_member", "consents")] {
            let list = json(column).default("[]").take();
            manager.alter_table(Table::alter().table(Alias::new(table)).add_column(list).take()).await?;
        }
        let asked = optional("may_be_asked");
        manager.alter_table(Table::alter().table(Alias::new("network_member")).add_column(asked).take()).await?;

        // What one organisation delivered at once, and how far it is.
        let mut delivery = table("delivery");
        delivery
            .col(text("id").primary_key())
            .col(text("organisation_id"))
            .col(optional("network_id"))
            .col(text("stage"))
            .col(optional("file_name"))
            .col(text("hash"))
            .col(optional("reason"))
            .col(text("made_by"))
            .col(moment("made_at"))
            .col(optional("approved_by"))
            .col(maybe_moment("approved_at"))
            .col(maybe_moment("released_at"))
            .col(ColumnDef::new(Alias::new("embargo_until")).date())
            .col(integer("version"));
        refer(&mut delivery, "organisation_id", "organisation");
        manager.create_table(refer(&mut delivery, "network_id", "network").take()).await?;
        manager.create_index(index("delivery", &["organisation_id", "hash"])).await?;

        // Nothing is deleted: a restated figure stays beside the one that replaced it.
        let mut measurement = table("measurement");
        measurement
            .col(ColumnDef::new(Alias::new("id")).big_integer().not_null().auto_increment().primary_key())
            .col(optional("delivery_id"))
            .col(text("indicator_id"))
            .col(text("organisation_id"))
            .col(text("period"))
            .col(ColumnDef::new(Alias::new("starts")).date().not_null())
            .col(text("location"))
            .col(text("part"))
            .col(text("definition"))
            .col(text("state"))
            .col(number("numerator"))
            .col(number("denominator"))
            .col(number("value"))
            .col(number("spread"))
            .col(number("detractors"))
            .col(optional("note"))
            .col(optional("source"))
            .col(optional("page"))
            .col(optional("record_slug"))
            .col(integer("version"))
            .col(ColumnDef::new(Alias::new("is_current")).boolean().not_null())
            .col(moment("made_at"))
            .col(maybe_moment("visible_from"))
            .col(maybe_moment("replaced_at"));
        refer(&mut measurement, "delivery_id", "delivery");
        refer(&mut measurement, "indicator_id", "indicator");
        manager.create_table(refer(&mut measurement, "organisation_id", "organisation").take()).await?;
        manager.create_index(index("measurement", &["indicator_id", "starts"])).await?;
        manager.create_index(index("measurement", &["organisation_id", "indicator_id", "period"])).await?;
        manager.create_index(index("measurement", &["delivery_id"])).await?;

        // A comparison that was closed keeps the figures of that moment.
        let mut closing = table("comparison_closing");
        closing
            .col(text("network_id"))
            .col(text("period"))
            .col(moment("closed_at"))
            .col(text("closed_by"))
            .primary_key(Index::create().col(Alias::new("network_id")).col(Alias::new("period")));
        manager.create_table(refer(&mut closing, "network_id", "network").take()).await?;

        // From where a control chart is computed anew: proposed by one, approved by another.
        let mut baseline = table("baseline");
        baseline
            .col(text("id").primary_key())
            .col(text("organisation_id"))
            .col(text("indicator_id"))
            .col(text("period"))
            .col(text("reason"))
            .col(text("made_by"))
            .col(moment("made_at"))
            .col(optional("approved_by"))
            .col(maybe_moment("approved_at"));
        refer(&mut baseline, "organisation_id", "organisation");
        manager.create_table(refer(&mut baseline, "indicator_id", "indicator").take()).await?;
        manager.create_index(index("baseline", &["organisation_id", "indicator_id"])).await?;

        // Which groups a viewer has seen: the guard compares every new one with them.
        let mut seen = table("seen_group");
        seen.col(ColumnDef::new(Alias::new("id")).big_integer().not_null().auto_increment().primary_key())
            .col(text("viewer"))
            .col(text("family"))
            .col(text("period"))
            .col(text("hash"))
            .col(json("content"))
            .col(moment("seen_at"));
        manager.create_table(seen).await?;
        let once = Index::create()
            .name("seen_group_once")
            .table(Alias::new("seen_group"))
            .col(Alias::new("viewer"))
            .col(Alias::new("family"))
            .col(Alias::new("period"))
            .col(Alias::new("hash"))
            .unique()
            .take();
        manager.create_index(once).await?;

        let mut policy = table("disclosure_policy");
        policy
            .col(text("id").primary_key())
            .col(json("content"))
            .col(text("reason"))
            .col(text("made_by"))
            .col(moment("made_at"))
            .col(optional("approved_by"))
            .col(maybe_moment("approved_at"));
        manager.create_table(policy).await?;

        let mut link = table("record_indicator");
        link.col(text("record_id"))
            .col(text("indicator"))
            .primary_key(Index::create().col(Alias::new("indicator")).col(Alias::new("record_id")))
            .foreign_key(
                ForeignKey::create()
                    .from_col(Alias::new("record_id"))
                    .to(Alias::new("record"), Alias::new("id"))
                    .on_delete(ForeignKeyAction::Cascade),
            );
        manager.create_table(link.take()).await?;
        link_records(manager).await
    }
}

/// Which documents name which indicators, as their fields say: `indicatoren` and `cijfers` with an `indicator` each.
async fn link_records(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let records = Query::select().columns([Alias::new("id"), Alias::new("fields")]).from(Alias::new("record")).take();
    for row in connection.query_all(&records).await? {
        let id: String = row.try_get("", "id")?;
        let fields: serde_json::Value = row.try_get("", "fields")?;
        let mut named = std::collections::BTreeSet::new();
        for list in ["indicatoren", "cijfers"] {
            for entry in fields.get(list).and_then(|it| it.as_array()).into_iter().flatten() {
                named.extend(entry.get("indicator").and_then(|it| it.as_str()).map(str::to_owned));
            }
        }
        for indicator in named {
            let mut insert = Query::insert();
            insert
                .into_table(Alias::new("record_indicator"))
                .columns([Alias::new("record_id"), Alias::new("indicator")]);
            insert.values_panic([id.as_str().into(), indicator.into()]);
            connection.execute(&insert).await?;
        }
    }
    Ok(())
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

fn number(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).double().take()
}

fn json(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).json_binary().not_null().take()
}

fn moment(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().not_null().take()
}

fn maybe_moment(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().take()
}

fn refer<'a>(table: &'a mut TableCreateStatement, column: &str, target: &str) -> &'a mut TableCreateStatement {
    table.foreign_key(
        ForeignKey::create()
            .from_col(Alias::new(column))
            .to(Alias::new(target), Alias::new("id"))
            .on_delete(ForeignKeyAction::Restrict),
    )
}

fn index(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut res = Index::create().name(format!("{table}_{}", columns[0])).table(Alias::new(table)).take();
    for column in columns {
        res.col(Alias::new(*column));
    }
    res
}
