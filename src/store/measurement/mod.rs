//! Measurements: what organisations delivered or published, in every version.
//!
//! Invariant: of one key (indicator, organisation, location, part, period) at most one row is current, and nothing is
//! ever deleted: what was replaced says when.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{Condition, QueryOrder, Set};

use crate::domain::catalogue::ItemKind;
use crate::domain::id::{DeliveryId, ItemId};
use crate::domain::measurement::{Key, Measurement, State};
use crate::domain::period::PartialDate;

use super::{BATCH, Ids, Result, Store, Write, corrupt, insert_all};

mod coverage;
mod figures;
mod series;
mod table;

pub use coverage::{Covered, coverage};
pub(super) use figures::Memory;
pub use figures::{series, several};
pub use series::{Figure, Figures, Series, Sorted};

/// A measurement as it stands in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    pub measurement: Measurement,
    /// From 1, one more with every restatement.
    pub version: i32,
    pub is_current: bool,
    pub delivery: Option<DeliveryId>,
    pub made_at: DateTime<Utc>,
    /// From when others may see it; `None` while its delivery is not released.
    pub visible_from: Option<DateTime<Utc>>,
    pub replaced_at: Option<DateTime<Utc>>,
}

/// What was published, not delivered: what a content folder holds. A figure that was delivered afterwards stands in the
/// comparison; what was published stays what was published.
pub async fn published(store: &Store) -> Result<Vec<Measurement>> {
    published_where(store.read(), &*store.ids().await?, Condition::all()).await
}

/// The same as the running write sees it.
pub async fn published_in(write: &Write, ids: &Ids) -> Result<Vec<Measurement>> {
    published_where(write.connection(), ids, Condition::all()).await
}

/// What an organisation published of itself, newest period first.
pub async fn published_by(store: &Store, organisation: &str) -> Result<Vec<Measurement>> {
    let ids = store.ids().await?;
    let Some(id) = ids.item(ItemKind::Organisation, organisation) else { return Ok(vec![]) };
    let of = Condition::all().add(table::Column::OrganisationId.eq(id.as_str()));
    Ok(newest_first(published_where(store.read(), &ids, of).await?))
}

/// What organisations published of an indicator, newest period first.
pub async fn published_on(store: &Store, indicator: &str) -> Result<Vec<Measurement>> {
    let ids = store.ids().await?;
    let Some(id) = ids.item(ItemKind::Indicator, indicator) else { return Ok(vec![]) };
    let of = Condition::all().add(table::Column::IndicatorId.eq(id.as_str()));
    Ok(newest_first(published_where(store.read(), &ids, of).await?))
}

/// The last version that was published of each key, in the order in which they came.
async fn published_where(connection: &impl ConnectionTrait, ids: &Ids, of: Condition) -> Result<Vec<Measurement>> {
    let rows = table::Entity::find()
        .filter(of)
        .filter(table::Column::DeliveryId.is_null())
        .order_by_asc(table::Column::Id)
        .all(connection)
        .await?;
    let mut res: Vec<Measurement> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for row in rows {
        let it = stored(row, ids)?.measurement;
        match places.get(&it.key()) {
            Some(at) => res[*at] = it,
            None => {
                places.insert(it.key(), res.len());
                res.push(it);
            }
        }
    }
    Ok(res)
}

fn newest_first(mut rows: Vec<Measurement>) -> Vec<Measurement> {
    rows.sort_by_key(|it| std::cmp::Reverse(it.period.map(PartialDate::first_day)));
    rows
}

/// Every version of the measurements of one organisation on one indicator, by period and version.
pub async fn history(store: &Store, organisation: &str, indicator: &str) -> Result<Vec<Stored>> {
    let ids = store.ids().await?;
    let known = |kind, slug| ids.item(kind, slug);
    let (Some(organisation), Some(indicator)) =
        (known(ItemKind::Organisation, organisation), known(ItemKind::Indicator, indicator))
    else {
        return Ok(vec![]);
    };
    let rows = table::Entity::find()
        .filter(table::Column::OrganisationId.eq(organisation.as_str()))
        .filter(table::Column::IndicatorId.eq(indicator.as_str()))
        .order_by_asc(table::Column::Starts)
        .order_by_asc(table::Column::Id)
        .all(store.read())
        .await?;
    rows.into_iter().map(|row| stored(row, &ids)).collect()
}

/// The current measurements of one organisation, released or published, by indicator and period.
pub async fn current_of(store: &Store, organisation: &str) -> Result<Vec<Stored>> {
    let ids = store.ids().await?;
    let Some(id) = ids.item(ItemKind::Organisation, organisation) else { return Ok(vec![]) };
    let rows = table::Entity::find()
        .filter(table::Column::OrganisationId.eq(id.as_str()))
        .filter(table::Column::IsCurrent.eq(true))
        .order_by_asc(table::Column::Starts)
        .order_by_asc(table::Column::Id)
        .all(store.read())
        .await?;
    rows.into_iter().map(|row| stored(row, &ids)).collect()
}

/// The measurements of a delivery, in the order of its rows.
pub async fn of_delivery(store: &Store, delivery: &DeliveryId) -> Result<Vec<Stored>> {
    let rows = table::Entity::find()
        .filter(table::Column::DeliveryId.eq(delivery.as_str()))
        .order_by_asc(table::Column::Id)
        .all(store.read())
        .await?;
    let ids = store.ids().await?;
    rows.into_iter().map(|row| stored(row, &ids)).collect()
}

/// Stores measurements that nobody sees yet: the concept of a delivery.
pub async fn insert_concept(
    write: &Write,
    ids: &Ids,
    delivery: &DeliveryId,
    rows: &[Measurement],
    now: DateTime<Utc>,
) -> Result<()> {
    insert(write, ids, delivery, rows, now, None).await
}

/// Stores measurements that count at once, of which no other version is there.
pub async fn insert_released(
    write: &Write,
    ids: &Ids,
    delivery: &DeliveryId,
    rows: &[Measurement],
    now: DateTime<Utc>,
) -> Result<()> {
    insert(write, ids, delivery, rows, now, Some(now)).await
}

async fn insert(
    write: &Write,
    ids: &Ids,
    delivery: &DeliveryId,
    rows: &[Measurement],
    now: DateTime<Utc>,
    visible_from: Option<DateTime<Utc>>,
) -> Result<()> {
    let rows = rows.iter().map(|it| {
        Ok(table::ActiveModel {
            delivery_id: Set(Some(delivery.to_string())),
            version: Set(i32::from(visible_from.is_some())),
            is_current: Set(visible_from.is_some()),
            made_at: Set(now),
            visible_from: Set(visible_from),
            replaced_at: Set(None),
            ..active(it, ids)?
        })
    });
    insert_all(write.connection(), rows.collect::<Result<_>>()?).await
}

/// Makes the concept of a delivery current. What stood before stays, marked as replaced.
pub async fn release(
    write: &Write,
    delivery: &DeliveryId,
    now: DateTime<Utc>,
    visible_from: DateTime<Utc>,
) -> Result<()> {
    let tx = write.connection();
    // In this order, so that what stood before of an indicator and period is read once, not with every part.
    let rows = table::Entity::find()
        .filter(table::Column::DeliveryId.eq(delivery.as_str()))
        .order_by_asc(table::Column::OrganisationId)
        .order_by_asc(table::Column::IndicatorId)
        .order_by_asc(table::Column::Period)
        .all(tx)
        .await?;
    let ids = write.ids().await?;
    let mut restated = Vec::new();
    for rows in rows.chunks(BATCH) {
        let keys: Vec<&table::Model> = rows.iter().collect();
        let before = current_rows(write, &keys).await?;
        let was: HashMap<Key, (i64, i32)> = before
            .into_iter()
            .map(|row| {
                let (id, version) = (row.id, row.version);
                Ok((stored(row, &ids)?.measurement.key(), (id, version)))
            })
            .collect::<Result<_>>()?;
        for row in rows {
            if was.is_empty() {
                continue;
            }
            if let Some((id, version)) = was.get(&stored(row.clone(), &ids)?.measurement.key()) {
                replace(write, *id, now).await?;
                restated.push((row.id, version + 1, row.state == State::Reported.word()));
            }
        }
    }
    // All at once: most deliveries are of figures that were not there yet.
    table::Entity::update_many()
        .col_expr(table::Column::IsCurrent, Expr::value(true))
        .col_expr(table::Column::VisibleFrom, Expr::value(visible_from))
        .col_expr(table::Column::Version, Expr::value(1))
        .filter(table::Column::DeliveryId.eq(delivery.as_str()))
        .exec(tx)
        .await?;
    for (id, version, is_reported) in restated {
        let mut next = table::ActiveModel { id: Set(id), version: Set(version), ..Default::default() };
        if is_reported {
            next.state = Set(State::Restated.word().to_owned());
        }
        next.update(tx).await?;
    }
    Ok(())
}

/// Puts published measurements in place: new ones are added, different ones replace. Says which indicators moved.
pub async fn publish(write: &Write, ids: &Ids, rows: &[Measurement], now: DateTime<Utc>) -> Result<Vec<ItemId>> {
    let mut moved = HashSet::new();
    for rows in rows.chunks(BATCH / 2) {
        let bare: Vec<table::ActiveModel> = rows.iter().map(|it| active(it, ids)).collect::<Result<_>>()?;
        let models: Vec<table::Model> = bare.iter().filter_map(as_key).collect();
        let before = current_rows(write, &models.iter().collect::<Vec<_>>()).await?;
        let mut was: HashMap<Key, (i64, i32)> = HashMap::new();
        for row in before {
            let (id, version) = (row.id, row.version);
            was.insert(stored(row, ids)?.measurement.key(), (id, version));
        }
        let mut fresh = Vec::new();
        for (it, row) in rows.iter().zip(bare) {
            let known = was.get(&it.key());
            if let Some((id, _)) = known {
                replace(write, *id, now).await?;
            }
            moved.insert(ids.id(ItemKind::Indicator, &it.indicator)?);
            fresh.push(table::ActiveModel {
                delivery_id: Set(None),
                version: Set(known.map_or(1, |it| it.1 + 1)),
                is_current: Set(true),
                made_at: Set(now),
                visible_from: Set(Some(now)),
                replaced_at: Set(None),
                ..row
            });
        }
        insert_all(write.connection(), fresh).await?;
    }
    let mut moved: Vec<String> = moved.into_iter().collect();
    moved.sort();
    Ok(moved.into_iter().map(ItemId::stored).collect())
}

/// Moves the measurements of one organisation to another that has none of the same key; the others stay replaced.
pub async fn move_to(write: &Write, from: &ItemId, into: &ItemId, now: DateTime<Utc>) -> Result<Vec<ItemId>> {
    let tx = write.connection();
    let rows = table::Entity::find().filter(table::Column::OrganisationId.eq(from.as_str())).all(tx).await?;
    let mut moved = HashSet::new();
    for row in rows {
        let taken = table::Entity::find()
            .filter(table::Column::OrganisationId.eq(into.as_str()))
            .filter(table::Column::IndicatorId.eq(&row.indicator_id))
            .filter(table::Column::Period.eq(&row.period))
            .filter(table::Column::Location.eq(&row.location))
            .filter(table::Column::Part.eq(&row.part))
            .filter(table::Column::IsCurrent.eq(true));
        let is_taken = row.is_current && taken.one(tx).await?.is_some();
        moved.insert(row.indicator_id.clone());
        let mut next: table::ActiveModel = row.into();
        next.organisation_id = Set(into.to_string());
        if is_taken {
            next.is_current = Set(false);
            next.replaced_at = Set(Some(now));
        }
        next.update(tx).await?;
    }
    Ok(moved.into_iter().map(ItemId::stored).collect())
}

async fn replace(write: &Write, id: i64, now: DateTime<Utc>) -> Result<()> {
    let row =
        table::ActiveModel { id: Set(id), is_current: Set(false), replaced_at: Set(Some(now)), ..Default::default() };
    row.update(write.connection()).await?;
    Ok(())
}

/// The current rows that share a key with one of these, and some that only share organisation, indicator and period.
async fn current_rows(write: &Write, rows: &[&table::Model]) -> Result<Vec<table::Model>> {
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let mut groups: HashMap<(&str, &str), HashSet<&str>> = HashMap::new();
    for row in rows {
        groups.entry((&row.organisation_id, &row.indicator_id)).or_default().insert(&row.period);
    }
    let mut any = Condition::any();
    for ((organisation, indicator), periods) in groups {
        any = any.add(
            Condition::all()
                .add(table::Column::OrganisationId.eq(organisation))
                .add(table::Column::IndicatorId.eq(indicator))
                .add(table::Column::Period.is_in(periods)),
        );
    }
    let query = table::Entity::find().filter(any).filter(table::Column::IsCurrent.eq(true));
    Ok(query.all(write.connection()).await?)
}

/// A row that is only good for its key.
fn as_key(row: &table::ActiveModel) -> Option<table::Model> {
    Some(table::Model {
        organisation_id: row.organisation_id.try_as_ref()?.clone(),
        indicator_id: row.indicator_id.try_as_ref()?.clone(),
        period: row.period.try_as_ref()?.clone(),
        ..table::Model::blank()
    })
}

fn active(it: &Measurement, ids: &Ids) -> Result<table::ActiveModel> {
    let period = it.period.ok_or_else(|| corrupt("meting", "zonder periode"))?;
    Ok(table::ActiveModel {
        indicator_id: Set(ids.id(ItemKind::Indicator, &it.indicator)?),
        organisation_id: Set(ids.id(ItemKind::Organisation, &it.organisation)?),
        period: Set(period.to_string()),
        starts: Set(period.first_day()),
        location: Set(it.location.clone().unwrap_or_default()),
        part: Set(it.part.clone().unwrap_or_default()),
        definition: Set(it.definition.clone().unwrap_or_default()),
        state: Set(it.state.word().to_owned()),
        numerator: Set(it.numerator),
        denominator: Set(it.denominator),
        value: Set(it.value),
        spread: Set(it.spread),
        detractors: Set(it.detractors),
        note: Set(it.note.clone()),
        source: Set(it.source.clone()),
        page: Set(it.page.clone()),
        record_slug: Set(it.record.clone()),
        ..Default::default()
    })
}

fn stored(row: table::Model, ids: &Ids) -> Result<Stored> {
    let filled = |text: String| (!text.is_empty()).then_some(text);
    Ok(Stored {
        measurement: Measurement {
            indicator: ids.slug(&row.indicator_id)?,
            organisation: ids.slug(&row.organisation_id)?,
            definition: filled(row.definition),
            location: filled(row.location),
            part: filled(row.part),
            period: Some(PartialDate::parse(&row.period).ok_or_else(|| corrupt("periode", &row.period))?),
            state: State::parse(&row.state).ok_or_else(|| corrupt("toestand", &row.state))?,
            numerator: row.numerator,
            denominator: row.denominator,
            value: row.value,
            spread: row.spread,
            detractors: row.detractors,
            note: row.note,
            source: row.source,
            page: row.page,
            record: row.record_slug,
        },
        version: row.version,
        is_current: row.is_current,
        delivery: row.delivery_id.map(DeliveryId::stored),
        made_at: row.made_at,
        visible_from: row.visible_from,
        replaced_at: row.replaced_at,
    })
}
