//! From documents to rows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::domain::actor::Actor;
use crate::domain::catalogue::ItemKind;
use crate::domain::id::RecordId;
use crate::domain::record::Record;
use crate::store::{Ids, Result, Write, corrupt, insert_all, put, revision, to_json};

use super::Stored;
use super::table::{self, building_block, former, indicator, organisation, relation, theme};

/// A document to write: its identity, its version so far (0 when new) and when it was made.
pub struct Change<'a> {
    pub id: RecordId,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub record: &'a Record,
}

impl<'a> Change<'a> {
    /// A document that is new.
    pub fn create(record: &'a Record, now: DateTime<Utc>) -> Change<'a> {
        Change { id: RecordId::generate(), version: 0, created_at: now, record }
    }

    /// New content of a document that is there.
    pub fn update(stored: &Stored, record: &'a Record) -> Change<'a> {
        Change { id: stored.id.clone(), version: stored.version, created_at: stored.created_at, record }
    }
}

/// Writes rows, links and a revision of each document. Documents may refer to each other. `step` hears how many are done.
pub async fn save(
    write: &Write,
    ids: &Ids,
    changes: &[Change<'_>],
    actor: &Actor,
    now: DateTime<Utc>,
    step: &(dyn Fn(usize) + Send + Sync),
) -> Result<()> {
    let tx = write.connection();
    // Free the addresses first: one change may take an address another gives up.
    for change in changes.iter().filter(|it| 0 < it.version) {
        former::Entity::delete_many().filter(former::Column::RecordId.eq(change.id.as_str())).exec(tx).await?;
    }
    for change in changes {
        put(tx, 0 < change.version, row(change, ids, now)?).await?;
    }
    let mut target_ids: HashMap<&str, String> =
        changes.iter().map(|it| (it.record.slug.as_str(), it.id.to_string())).collect();
    for relation in changes.iter().flat_map(|it| &it.record.common.relations) {
        if !target_ids.contains_key(relation.record.as_str()) {
            let target = table::Entity::find().filter(table::Column::Slug.eq(&relation.record)).one(tx).await?;
            let target = target.ok_or_else(|| corrupt("document", &relation.record))?;
            target_ids.insert(&relation.record, target.id);
        }
    }
    for (at, change) in changes.iter().enumerate() {
        links(tx, change, ids, &target_ids).await?;
        revision::append(write, &change.id, change.version + 1, change.record, actor, now).await?;
        step(at + 1);
    }
    Ok(())
}

fn row(change: &Change, ids: &Ids, now: DateTime<Utc>) -> Result<table::ActiveModel> {
    let Record { slug, common, own, body } = change.record;
    Ok(table::ActiveModel {
        id: Set(change.id.to_string()),
        slug: Set(slug.clone()),
        kind: Set(own.kind().word().to_owned()),
        title: Set(common.title.clone()),
        summary: Set(common.summary.clone()),
        body: Set(body.clone()),
        visibility: Set(common.visibility.word().to_owned()),
        status: Set(common.status.word().to_owned()),
        sectors: Set(to_json(&common.sectors)),
        region_id: Set(ids.optional_id(ItemKind::Region, common.region.as_deref())?),
        programme_id: Set(ids.optional_id(ItemKind::Programme, common.programme.as_deref())?),
        starts: Set(common.from.map(String::from)),
        ends: Set(common.until.map(String::from)),
        outcome: Set(common.outcome.map(|it| it.word().to_owned())),
        success: Set(common.success.map(|it| it.word().to_owned())),
        year: Set(change.record.year()),
        keywords: Set(to_json(&common.keywords)),
        contact: Set(common.contact.clone()),
        review_by: Set(common.review_by),
        last_confirmed: Set(common.last_confirmed),
        source_notes: Set(to_json(&common.source_notes)),
        sources: Set(to_json(&common.sources)),
        attachments: Set(to_json(&common.attachments)),
        fields: Set(serde_json::Value::Object(own.to_value())),
        version: Set(change.version + 1),
        created_at: Set(change.created_at),
        updated_at: Set(now),
    })
}

async fn links(
    tx: &impl ConnectionTrait,
    change: &Change<'_>,
    ids: &Ids,
    target_ids: &HashMap<&str, String>,
) -> Result<()> {
    let id = change.id.as_str();
    let common = &change.record.common;
    if 0 < change.version {
        indicator::Entity::delete_many().filter(indicator::Column::RecordId.eq(id)).exec(tx).await?;
        theme::Entity::delete_many().filter(theme::Column::RecordId.eq(id)).exec(tx).await?;
        building_block::Entity::delete_many().filter(building_block::Column::RecordId.eq(id)).exec(tx).await?;
        organisation::Entity::delete_many().filter(organisation::Column::RecordId.eq(id)).exec(tx).await?;
        relation::Entity::delete_many().filter(relation::Column::RecordId.eq(id)).exec(tx).await?;
    }
    let formers = common.former_slugs.iter().enumerate().map(|(at, slug)| former::ActiveModel {
        slug: Set(slug.clone()),
        record_id: Set(id.to_owned()),
        position: Set(at as i32),
    });
    insert_all(tx, formers.collect()).await?;
    let named = change.record.own.indicators().into_iter();
    let named = named.map(|slug| indicator::ActiveModel { record_id: Set(id.to_owned()), indicator: Set(slug) });
    insert_all(tx, named.collect()).await?;
    let themes = common.themes.iter().enumerate().map(|(at, slug)| {
        Ok(theme::ActiveModel {
            record_id: Set(id.to_owned()),
            theme_id: Set(ids.id(ItemKind::Theme, slug)?),
            position: Set(at as i32),
        })
    });
    insert_all(tx, themes.collect::<Result<_>>()?).await?;
    let blocks = common.building_blocks.iter().enumerate().map(|(at, slug)| {
        Ok(building_block::ActiveModel {
            record_id: Set(id.to_owned()),
            building_block_id: Set(ids.id(ItemKind::BuildingBlock, slug)?),
            position: Set(at as i32),
        })
    });
    insert_all(tx, blocks.collect::<Result<_>>()?).await?;
    let organisations = common.organisations.iter().enumerate().map(|(at, part)| {
        Ok(organisation::ActiveModel {
            record_id: Set(id.to_owned()),
            organisation_id: Set(ids.id(ItemKind::Organisation, &part.organisation)?),
            role: Set(part.role.word().to_owned()),
            position: Set(at as i32),
        })
    });
    insert_all(tx, organisations.collect::<Result<_>>()?).await?;
    let relations = common.relations.iter().enumerate().map(|(at, relation)| {
        let target = target_ids.get(relation.record.as_str()).ok_or_else(|| corrupt("document", &relation.record))?;
        Ok(relation::ActiveModel {
            record_id: Set(id.to_owned()),
            position: Set(at as i32),
            kind: Set(relation.kind.word().to_owned()),
            target_id: Set(target.clone()),
        })
    });
    insert_all(tx, relations.collect::<Result<_>>()?).await
}
