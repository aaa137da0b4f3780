//! The figures of one indicator, all organisations and periods together: what a comparison computes with. A series
//! that was asked for is remembered until the change log names its indicator.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, NaiveDate, Utc};
use rustc_hash::FxHashMap;
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, FromQueryResult, QueryOrder, QuerySelect};

use crate::domain::catalogue::ItemKind;
use crate::domain::measurement::State;
use crate::domain::period::PartialDate;
use crate::store::change_log::{self, Subject};
use crate::store::{Result, Store, corrupt};

use super::table;

/// The most figures that are remembered, some 100 bytes each.
const REMEMBERED: usize = 5_000_000;
/// With more changes than this it is cheaper to forget everything.
const CHANGES: u64 = 500;

/// One figure of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Position in [`Series::organisations`].
    pub organisation: u32,
    pub location: Option<Arc<str>>,
    pub part: Option<Arc<str>>,
    pub period: PartialDate,
    /// Version of the definition; `None` for the one in force in the period.
    pub definition: Option<Arc<str>>,
    pub state: State,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// In the unit of the indicator, as delivered; see `Measurement::derived`.
    pub value: Option<f64>,
    pub spread: Option<f64>,
    pub detractors: Option<f64>,
    /// From when others than its owner may see it.
    pub visible_from: DateTime<Utc>,
    /// Whether its owner published it itself.
    pub is_published: bool,
    /// From 1, one more with every restatement.
    pub version: i32,
}

/// All figures of one indicator.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// Slugs.
    pub organisations: Vec<String>,
    /// By period, then by organisation.
    pub figures: Vec<Figure>,
}

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

    /// Forgets what changed up to a place in the log; `None` when that is too much to say.
    fn forget(&self, from: i64, to: i64, changed: Option<&[(i64, Subject)]>) {
        let mut known = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if known.seq != from {
            return;
        }
        known.seq = to;
        for (_, subject) in changed.unwrap_or_default() {
            match subject {
                Subject::Item(ItemKind::Indicator, id) => _ = known.by_indicator.remove(id.as_str()),
                // Its slug may be another now.
                Subject::Item(ItemKind::Organisation, _) => known.by_indicator.clear(),
                Subject::Item(..) | Subject::Record(_) => (),
            }
        }
        if changed.is_none() {
            known.by_indicator.clear();
        }
    }

    fn keep(&self, seq: i64, indicator: &str, series: &Arc<Series>) {
        let mut known = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if known.seq != seq {
            return;
        }
        let held: usize = known.by_indicator.values().map(|it| it.figures.len()).sum();
        if REMEMBERED < held + series.figures.len() {
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
        memory.forget(seq, head, is_all.then_some(&changed));
        if let Some(known) = memory.get(head, id.as_str()) {
            return Ok(known);
        }
    }
    let fresh = Arc::new(load(store, id.as_str(), Condition::all().add(table::Column::IsCurrent.eq(true))).await?);
    memory.keep(head, id.as_str(), &fresh);
    Ok(fresh)
}

#[derive(FromQueryResult)]
struct Row {
    delivery_id: Option<String>,
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

async fn load(store: &Store, indicator: &str, which: Condition) -> Result<Series> {
    let rows = table::Entity::find()
        .select_only()
        .columns([
            table::Column::DeliveryId,
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
        ])
        .filter(table::Column::IndicatorId.eq(indicator))
        .filter(which)
        .order_by_asc(table::Column::Starts)
        .order_by_asc(table::Column::Id)
        .into_model::<Row>()
        .all(store.read())
        .await?;
    let ids = store.ids().await?;
    let mut series = Series::default();
    let mut places: HashMap<String, u32> = HashMap::new();
    let mut words: HashMap<String, Arc<str>> = HashMap::new();
    let mut word = |text: String| {
        (!text.is_empty()).then(|| words.entry(text).or_insert_with_key(|it| Arc::from(it.as_str())).clone())
    };
    for row in rows {
        let place = match places.get(&row.organisation_id) {
            Some(place) => *place,
            None => {
                let place = series.organisations.len() as u32;
                series.organisations.push(ids.slug(&row.organisation_id)?);
                places.insert(row.organisation_id, place);
                place
            }
        };
        series.figures.push(Figure {
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
    series.figures.sort_by_key(|it| (it.period.first_day(), it.organisation));
    Ok(series)
}

impl Series {
    /// The figures of one period, as a slice.
    pub fn of(&self, period: PartialDate) -> &[Figure] {
        let day: NaiveDate = period.first_day();
        let from = self.figures.partition_point(|it| it.period.first_day() < day);
        let until = self.figures.partition_point(|it| it.period.first_day() <= day);
        &self.figures[from..until]
    }

    /// The periods there are figures of, oldest first.
    pub fn periods(&self) -> Vec<PartialDate> {
        let mut res: Vec<PartialDate> = self.figures.iter().map(|it| it.period).collect();
        res.dedup();
        res
    }

    /// The place of an organisation in [`Series::organisations`].
    pub fn place(&self, organisation: &str) -> Option<u32> {
        self.organisations.iter().position(|it| it == organisation).map(|it| it as u32)
    }
}
