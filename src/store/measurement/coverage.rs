//! Which indicators of a period organisations delivered or published, and in which delivery: never the figures.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::{FromQueryResult, QuerySelect};

use crate::domain::catalogue::ItemKind;
use crate::domain::id::DeliveryId;
use crate::domain::period::PartialDate;
use crate::store::{BATCH, Result, Store};

use super::table;

/// That there is something of an organisation on an indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Covered {
    /// Slug.
    pub organisation: String,
    /// Slug.
    pub indicator: String,
    /// `None` for what the organisation published itself.
    pub delivery: Option<DeliveryId>,
    /// Whether it counts: released or published, and not replaced.
    pub is_current: bool,
    /// From when others may see it.
    pub visible_from: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Row {
    organisation_id: String,
    indicator_id: String,
    delivery_id: Option<String>,
    is_current: bool,
    visible_from: Option<DateTimeUtc>,
}

/// What there is of these organisations on these indicators in a period, each once.
pub async fn coverage(
    store: &Store,
    organisations: &[&str],
    indicators: &[&str],
    period: PartialDate,
) -> Result<Vec<Covered>> {
    let ids = store.ids().await?;
    let known = |kind, slugs: &[&str]| slugs.iter().filter_map(|it| ids.id(kind, it).ok()).collect::<Vec<String>>();
    let (organisations, indicators) =
        (known(ItemKind::Organisation, organisations), known(ItemKind::Indicator, indicators));
    let mut res = Vec::new();
    for organisations in organisations.chunks(BATCH) {
        let rows = table::Entity::find()
            .select_only()
            .columns([
                table::Column::OrganisationId,
                table::Column::IndicatorId,
                table::Column::DeliveryId,
                table::Column::IsCurrent,
                table::Column::VisibleFrom,
            ])
            .distinct()
            .filter(table::Column::OrganisationId.is_in(organisations))
            .filter(table::Column::IndicatorId.is_in(&indicators))
            .filter(table::Column::Period.eq(period.to_string()))
            .into_model::<Row>()
            .all(store.read())
            .await?;
        for row in rows {
            res.push(Covered {
                organisation: ids.slug(&row.organisation_id)?,
                indicator: ids.slug(&row.indicator_id)?,
                delivery: row.delivery_id.map(DeliveryId::stored),
                is_current: row.is_current,
                visible_from: row.visible_from,
            });
        }
    }
    Ok(res)
}
