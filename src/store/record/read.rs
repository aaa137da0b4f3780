//! From rows to documents.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{QueryOrder, QuerySelect};

use crate::domain::id::RecordId;
use crate::domain::part::{Participation, Relation};
use crate::domain::record::{Common, Own, Record};
use crate::domain::status::Status;
use crate::domain::visibility::Visibility;
use crate::domain::vocabulary::{Outcome, RecordKind, RelationKind, Role, Success};
use crate::store::{BATCH, Ids, Result, corrupt, from_json, grouped, moment};

use super::Stored;
use super::table::{self, building_block, former, organisation, relation, theme};

/// What the documents of one reading are linked to, by document.
struct Links {
    former: HashMap<String, Vec<former::Model>>,
    themes: HashMap<String, Vec<theme::Model>>,
    blocks: HashMap<String, Vec<building_block::Model>>,
    organisations: HashMap<String, Vec<organisation::Model>>,
    relations: HashMap<String, Vec<relation::Model>>,
    /// Slugs of the documents that relations point at.
    targets: HashMap<String, String>,
}

/// Rows with all they are linked to, in the order of the rows. The identities must be read after the rows:
/// items are never removed, so newer identities know every item of older rows.
pub(super) async fn complete(
    connection: &impl ConnectionTrait,
    rows: Vec<table::Model>,
    ids: &Ids,
) -> Result<Vec<Stored>> {
    let mut res = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let batch: Vec<table::Model> = rows.by_ref().take(BATCH).collect();
        let of = Of::Each(batch.iter().map(|row| row.id.as_str()).collect());
        let mut links = Links::load(connection, &of).await?;
        for row in batch {
            res.push(stored(row, &mut links, ids)?);
        }
    }
    Ok(res)
}

/// The same for rows that are all there are in a stretch of identities, in their order: without naming each.
pub(super) async fn complete_stretch(
    connection: &impl ConnectionTrait,
    rows: Vec<table::Model>,
    ids: &Ids,
) -> Result<Vec<Stored>> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(vec![]) };
    let mut links = Links::load(connection, &Of::Stretch(&first.id, &last.id)).await?;
    rows.into_iter().map(|row| stored(row, &mut links, ids)).collect()
}

/// Which documents links are wanted of.
enum Of<'a> {
    Each(Vec<&'a str>),
    /// From one identity to another.
    Stretch(&'a str, &'a str),
}

impl Of<'_> {
    fn filter(&self, column: impl ColumnTrait) -> Expr {
        match self {
            Of::Each(ids) => column.is_in(ids.iter().copied()),
            Of::Stretch(first, last) => column.between(*first, *last),
        }
    }
}

impl Links {
    async fn load(connection: &impl ConnectionTrait, of: &Of<'_>) -> Result<Links> {
        let formers = former::Entity::find()
            .filter(of.filter(former::Column::RecordId))
            .order_by_asc(former::Column::Position)
            .all(connection)
            .await?;
        let themes = theme::Entity::find()
            .filter(of.filter(theme::Column::RecordId))
            .order_by_asc(theme::Column::Position)
            .all(connection)
            .await?;
        let blocks = building_block::Entity::find()
            .filter(of.filter(building_block::Column::RecordId))
            .order_by_asc(building_block::Column::Position)
            .all(connection)
            .await?;
        let organisations = organisation::Entity::find()
            .filter(of.filter(organisation::Column::RecordId))
            .order_by_asc(organisation::Column::Position)
            .all(connection)
            .await?;
        let relations = relation::Entity::find()
            .filter(of.filter(relation::Column::RecordId))
            .order_by_asc(relation::Column::Position)
            .all(connection)
            .await?;
        let mut targets = HashMap::new();
        let wanted: Vec<&str> = relations.iter().map(|row| row.target_id.as_str()).collect();
        for wanted in wanted.chunks(BATCH) {
            let pairs = table::Entity::find()
                .select_only()
                .columns([table::Column::Id, table::Column::Slug])
                .filter(table::Column::Id.is_in(wanted.iter().copied()))
                .into_tuple::<(String, String)>()
                .all(connection)
                .await?;
            targets.extend(pairs);
        }
        Ok(Links {
            former: grouped(formers, |row| row.record_id.clone()),
            themes: grouped(themes, |row| row.record_id.clone()),
            blocks: grouped(blocks, |row| row.record_id.clone()),
            organisations: grouped(organisations, |row| row.record_id.clone()),
            relations: grouped(relations, |row| row.record_id.clone()),
            targets,
        })
    }
}

fn stored(row: table::Model, links: &mut Links, ids: &Ids) -> Result<Stored> {
    let kind = RecordKind::parse(&row.kind).ok_or_else(|| corrupt("soort", &row.kind))?;
    let of = |map: &mut HashMap<String, Vec<organisation::Model>>| map.remove(&row.id).unwrap_or_default();
    let organisations = of(&mut links.organisations).into_iter().map(|it| {
        Ok(Participation {
            organisation: ids.slug(&it.organisation_id)?,
            role: Role::parse(&it.role).ok_or_else(|| corrupt("rol", &it.role))?,
        })
    });
    let relations = links.relations.remove(&row.id).unwrap_or_default().into_iter().map(|it| {
        Ok(Relation {
            kind: RelationKind::parse(&it.kind).ok_or_else(|| corrupt("soort relatie", &it.kind))?,
            record: links.targets.get(&it.target_id).cloned().ok_or_else(|| corrupt("relatie", &it.target_id))?,
        })
    });
    let themes = links.themes.remove(&row.id).unwrap_or_default();
    let blocks = links.blocks.remove(&row.id).unwrap_or_default();
    let formers = links.former.remove(&row.id).unwrap_or_default();
    let own = match row.fields {
        serde_json::Value::Object(map) => Own::from_value(kind, map).map_err(|it| corrupt("velden", it))?,
        other => return Err(corrupt("velden", other)),
    };
    let common = Common {
        organisations: organisations.collect::<Result<_>>()?,
        relations: relations.collect::<Result<_>>()?,
        title: row.title,
        summary: row.summary,
        visibility: Visibility::parse(&row.visibility).ok_or_else(|| corrupt("zichtbaarheid", &row.visibility))?,
        status: Status::parse(&row.status).ok_or_else(|| corrupt("status", &row.status))?,
        former_slugs: formers.into_iter().map(|it| it.slug).collect(),
        themes: themes.iter().map(|it| ids.slug(&it.theme_id)).collect::<Result<_>>()?,
        building_blocks: blocks.iter().map(|it| ids.slug(&it.building_block_id)).collect::<Result<_>>()?,
        sectors: from_json("sectoren", row.sectors)?,
        region: ids.optional_slug(row.region_id.as_deref())?,
        programme: ids.optional_slug(row.programme_id.as_deref())?,
        from: moment(row.starts)?,
        until: moment(row.ends)?,
        outcome: word(row.outcome, Outcome::parse)?,
        success: word(row.success, Success::parse)?,
        keywords: from_json("trefwoorden", row.keywords)?,
        contact: row.contact,
        review_by: row.review_by,
        last_confirmed: row.last_confirmed,
        source_notes: from_json("bronopmerkingen", row.source_notes)?,
        sources: from_json("bronnen", row.sources)?,
        attachments: from_json("bijlagen", row.attachments)?,
    };
    Ok(Stored {
        id: RecordId::stored(row.id),
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        record: Record { slug: row.slug, common, own, body: row.body },
    })
}

fn word<T>(text: Option<String>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    text.map(|it| parse(&it).ok_or_else(|| corrupt("waarde", &it))).transpose()
}
