//! Documents in their short form: what a list of hits needs, in three small queries whatever their number.

use std::collections::HashMap;

use sea_orm::entity::prelude::*;
use sea_orm::{FromQueryResult, QueryOrder, QuerySelect};

use crate::domain::actor::Actor;
use crate::domain::brief::Brief;
use crate::domain::id::RecordId;
use crate::domain::part::Participation;
use crate::domain::vocabulary::{RecordKind, Role};
use crate::store::{BATCH, Result, Store, corrupt, grouped};

use super::readable;
use super::table::{self, organisation, theme};

#[derive(FromQueryResult)]
struct Row {
    id: String,
    slug: String,
    kind: String,
    title: String,
    summary: String,
    region_id: Option<String>,
    year: Option<i32>,
}

/// The documents of these identities, in their order; what is gone or hidden is left out.
pub async fn briefs(store: &Store, actor: &Actor, wanted: &[RecordId]) -> Result<Vec<(RecordId, Brief)>> {
    let mut found: HashMap<String, Brief> = HashMap::new();
    for of in wanted.chunks(BATCH) {
        let of: Vec<&str> = of.iter().map(RecordId::as_str).collect();
        let rows = table::Entity::find()
            .select_only()
            .columns([
                table::Column::Id,
                table::Column::Slug,
                table::Column::Kind,
                table::Column::Title,
                table::Column::Summary,
                table::Column::RegionId,
                table::Column::Year,
            ])
            .filter(readable(actor))
            .filter(table::Column::Id.is_in(of.clone()))
            .into_model::<Row>()
            .all(store.read())
            .await?;
        let themes = theme::Entity::find()
            .filter(theme::Column::RecordId.is_in(of.clone()))
            .order_by_asc(theme::Column::Position)
            .all(store.read())
            .await?;
        let organisations = organisation::Entity::find()
            .filter(organisation::Column::RecordId.is_in(of))
            .order_by_asc(organisation::Column::Position)
            .all(store.read())
            .await?;
        let mut themes = grouped(themes, |row| row.record_id.clone());
        let mut organisations = grouped(organisations, |row| row.record_id.clone());
        let ids = store.ids().await?;
        for row in rows {
            let takes_part = |it: organisation::Model| {
                Ok(Participation {
                    organisation: ids.slug(&it.organisation_id)?,
                    role: Role::parse(&it.role).ok_or_else(|| corrupt("rol", &it.role))?,
                })
            };
            let themes = themes.remove(&row.id).unwrap_or_default();
            let organisations = organisations.remove(&row.id).unwrap_or_default();
            let brief = Brief {
                kind: RecordKind::parse(&row.kind).ok_or_else(|| corrupt("soort", &row.kind))?,
                themes: themes.iter().map(|it| ids.slug(&it.theme_id)).collect::<Result<_>>()?,
                organisations: organisations.into_iter().map(takes_part).collect::<Result<_>>()?,
                region: ids.optional_slug(row.region_id.as_deref())?,
                slug: row.slug,
                title: row.title,
                summary: row.summary,
                year: row.year,
            };
            found.insert(row.id, brief);
        }
    }
    Ok(wanted.iter().filter_map(|id| Some((id.clone(), found.remove(id.as_str())?))).collect())
}
