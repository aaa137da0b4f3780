//! Reads the series of indicators. One that was asked for is remembered; the change log says which deliveries are to be
//! added to it, and when it is to be read anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, FromQueryResult, QueryOrder, QueryResult, QuerySelect};
use tokio::task::JoinSet;

use crate::domain::catalogue::ItemKind;
use crate::domain::measurement::State;
use crate::domain::period::PartialDate;
use crate::store::change_log::{self, Subject};
use crate::store::{Ids, Result, Store, corrupt};

use super::series::{Figure, Series};
use super::table;

/// The most figures that are remembered, some 100 bytes each.
const REMEMBERED: usize = 5_000_000;
/// So many series are read at the same time.
const AT_ONCE: usize = 4;
/// With more changes than this it is cheaper to forget everything.
const CHANGES: u64 = 500;

/// Series that were read before.
#[derive(Debug, Default)]
pub struct Memory {
    kept: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The place in the change log that all of it still holds at.
    seq: i64,
    by_indicator: FxHashMap<String, Arc<Series>>,
}

impl Memory {
    fn get(&self, seq: i64, indicator: &str) -> Option<Arc<Series>> {
        let known = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        known.by_indicator.get(indicator).filter(|_| known.seq == seq).cloned()
    }

    fn seq(&self) -> i64 {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).seq
    }

    /// Moves on to a place in the log: adds what was delivered, and forgets what changed otherwise. With `None` that is
    /// too much to say.
    fn advance(&self, from: i64, to: i64, news: Option<&News>, ids: &Ids) {
        let mut known = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if known.seq != from {
            return;
        }
        known.seq = to;
        let Some(news) = news else {
            known.by_indicator.clear();
            return;
        };
        known.by_indicator.retain(|id, series| {
            let has_slugs = || {
                let mut named = series.ids.iter().zip(series.organisations.iter());
                named.all(|(id, slug)| !news.organisations.contains(id) || ids.slug(id).is_ok_and(|it| it == *slug))
            };
            !news.indicators.contains(id) && (news.organisations.is_empty() || has_slugs())
        });
        for (id, rows) in &news.delivered {
            if let Some(series) = known.by_indicator.get_mut(id)
                && add(Arc::make_mut(series), rows.clone(), ids).is_err()
            {
                // Whoever reads it anew hears why.
                known.by_indicator.remove(id);
            }
        }
    }

    fn keep(&self, seq: i64, indicator: &str, series: &Arc<Series>) {
        let mut known = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if known.seq != seq {
            return;
        }
        let held: usize = known.by_indicator.values().map(|it| it.len()).sum();
        if REMEMBERED < held + series.len() {
            known.by_indicator.clear();
        }
        known.by_indicator.insert(indicator.to_owned(), series.clone());
    }
}

/// The current figures of an indicator. With `at`, as they stood at that moment: what was replaced later still
/// counts, what came later does not.
pub async fn series(store: &Store, indicator: &str, at: Option<DateTime<Utc>>) -> Result<Arc<Series>> {
    let ids = store.ids().await?;
    let Some(id) = ids.item(ItemKind::Indicator, indicator) else { return Ok(Arc::default()) };
    if let Some(at) = at {
        let then = Condition::all()
            .add(table::Column::VisibleFrom.lte(at))
            .add(Condition::any().add(table::Column::ReplacedAt.is_null()).add(table::Column::ReplacedAt.gt(at)));
        return Ok(Arc::new(load(store, id.as_str(), then).await?));
    }
    let memory = store.figures();
    // The log is read first: a figure that is newer than its place is read again when the log gets there.
    let head = store.head().await?;
    if let Some(known) = memory.get(head, id.as_str()) {
        return Ok(known);
    }
    let seq = memory.seq();
    if seq < head {
        let changed = change_log::after(store, seq, CHANGES).await?;
        let is_all = changed.last().is_some_and(|it| it.0 >= head);
        let news = if is_all { Some(News::read(store, changed).await?) } else { None };
        memory.advance(seq, head, news.as_ref(), &ids);
        if let Some(known) = memory.get(head, id.as_str()) {
            return Ok(known);
        }
    }
    let fresh = Arc::new(load(store, id.as_str(), Condition::all().add(table::Column::IsCurrent.eq(true))).await?);
    memory.keep(head, id.as_str(), &fresh);
    Ok(fresh)
}

/// The current figures of several indicators, some read at the same time: in a large library all of them take long.
pub async fn several(store: &Store, indicators: &[&str]) -> Result<BTreeMap<String, Arc<Series>>> {
    let mut res = BTreeMap::new();
    for some in indicators.chunks(AT_ONCE) {
        if 1 < some.len() {
            read_together(store, some).await;
        }
        for it in some {
            res.insert((*it).to_owned(), series(store, it, None).await?);
        }
    }
    Ok(res)
}

/// What goes well is remembered; what goes wrong does so again when it is asked for, and is told then.
async fn read_together(store: &Store, indicators: &[&str]) {
    let mut reading = JoinSet::new();
    for it in indicators {
        let (store, indicator) = (store.clone(), (*it).to_owned());
        reading.spawn(async move { series(&store, &indicator, None).await });
    }
    while reading.join_next().await.is_some() {}
}

/// What the change log tells about figures.
#[derive(Default)]
struct News {
    /// To be read anew.
    indicators: BTreeSet<String>,
    /// Whose slug may be another now.
    organisations: BTreeSet<String>,
    /// What was delivered, by indicator, in the order of the log.
    delivered: BTreeMap<String, Vec<Row>>,
}

impl News {
    async fn read(store: &Store, changed: Vec<(i64, Subject)>) -> Result<News> {
        let mut res = News::default();
        for (_, subject) in changed {
            match subject {
                Subject::Item(ItemKind::Indicator, id) => _ = res.indicators.insert(id.to_string()),
                Subject::Item(ItemKind::Organisation, id) => _ = res.organisations.insert(id.to_string()),
                Subject::Item(..) | Subject::Record(_) => (),
                Subject::Delivery(id) => {
                    let current = Condition::all()
                        .add(table::Column::DeliveryId.eq(id.as_str()))
                        .add(table::Column::IsCurrent.eq(true));
                    for row in rows(store, current).await? {
                        res.delivered.entry(row.indicator_id.clone()).or_default().push(row);
                    }
                }
            }
        }
        Ok(res)
    }
}

/// What is read of a figure, in the order in which [`rows`] asks for it.
#[derive(Clone)]
struct Row {
    delivery_id: Option<String>,
    indicator_id: String,
    organisation_id: String,
    period: String,
    location: String,
    part: String,
    definition: String,
    state: String,
    numerator: Option<f64>,
    denominator: Option<f64>,
    value: Option<f64>,
    spread: Option<f64>,
    detractors: Option<f64>,
    visible_from: Option<DateTimeUtc>,
    version: i32,
}

impl FromQueryResult for Row {
    /// By place: with millions of rows, looking up each column by its name takes most of the time.
    fn from_query_result(row: &QueryResult, _: &str) -> std::result::Result<Row, DbErr> {
        Ok(Row {
            delivery_id: row.try_get_by_index(0)?,
            indicator_id: row.try_get_by_index(1)?,
            organisation_id: row.try_get_by_index(2)?,
            period: row.try_get_by_index(3)?,
            location: row.try_get_by_index(4)?,
            part: row.try_get_by_index(5)?,
            definition: row.try_get_by_index(6)?,
            state: row.try_get_by_index(7)?,
            numerator: row.try_get_by_index(8)?,
            denominator: row.try_get_by_index(9)?,
            value: row.try_get_by_index(10)?,
            spread: row.try_get_by_index(11)?,
            detractors: row.try_get_by_index(12)?,
            visible_from: row.try_get_by_index(13)?,
            version: row.try_get_by_index(14)?,
        })
    }
}

async fn rows(store: &Store, which: Condition) -> Result<Vec<Row>> {
    let query = table::Entity::find().select_only().columns([
        table::Column::DeliveryId,
        table::Column::IndicatorId,
        table::Column::OrganisationId,
        table::Column::Period,
        table::Column::Location,
        table::Column::Part,
        table::Column::Definition,
        table::Column::State,
        table::Column::Numerator,
        table::Column::Denominator,
        table::Column::Value,
        table::Column::Spread,
        table::Column::Detractors,
        table::Column::VisibleFrom,
        table::Column::Version,
    ]);
    let query = query.filter(which).order_by_asc(table::Column::Starts).order_by_asc(table::Column::Id);
    Ok(query.into_model::<Row>().all(store.read()).await?)
}

async fn load(store: &Store, indicator: &str, which: Condition) -> Result<Series> {
    let rows = rows(store, Condition::all().add(table::Column::IndicatorId.eq(indicator)).add(which)).await?;
    let mut series = Series::default();
    add(&mut series, rows, &*store.ids().await?)?;
    Ok(series)
}

/// Puts rows into a series.
fn add(series: &mut Series, rows: Vec<Row>, ids: &Ids) -> Result<()> {
    let mut places: FxHashMap<String, u32> = FxHashMap::default();
    let mut words: FxHashMap<String, Arc<str>> = FxHashMap::default();
    let mut word = |text: String| {
        (!text.is_empty()).then(|| words.entry(text).or_insert_with_key(|it| Arc::from(it.as_str())).clone())
    };
    let mut fresh = Vec::with_capacity(rows.len());
    for row in rows {
        let place = match places.get(&row.organisation_id) {
            Some(place) => *place,
            None => {
                let place = series.place_of(&row.organisation_id, || ids.slug(&row.organisation_id))?;
                places.insert(row.organisation_id, place);
                place
            }
        };
        fresh.push(Figure {
            organisation: place,
            location: word(row.location),
            part: word(row.part),
            period: PartialDate::parse(&row.period).ok_or_else(|| corrupt("periode", &row.period))?,
            definition: word(row.definition),
            state: State::parse(&row.state).ok_or_else(|| corrupt("toestand", &row.state))?,
            numerator: row.numerator,
            denominator: row.denominator,
            value: row.value,
            spread: row.spread,
            detractors: row.detractors,
            visible_from: row.visible_from.unwrap_or(DateTime::<Utc>::MAX_UTC),
            is_published: row.delivery_id.is_none(),
            version: row.version,
        });
    }
    series.put(fresh);
    Ok(())
}
