//! The table of what was searched for: one row per day, question and filters.
//!
//! Invariant: a row is made by a search only. A click on what was not asked that day is not counted.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Set};

use crate::domain::asked::{Asked, Counts};
use crate::domain::search_report::{Line, SearchReport};

use super::{BATCH, Result, Store, Write, from_json, insert_all, put, to_json};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "search_log")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub question: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub filters: String,
    pub searches: i64,
    pub api_searches: i64,
    pub hits: i64,
    pub clicks: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The most different questions of one day: what more there are come from a machine.
pub const DAY_MAX: u64 = 20_000;

/// Adds what was counted on a day; says how many new questions the day had no room for.
pub async fn add(write: &Write, day: NaiveDate, counted: &BTreeMap<Asked, Counts>) -> Result<u64> {
    let tx = write.connection();
    let mut known: BTreeMap<Asked, Counts> = BTreeMap::new();
    let questions: Vec<&str> = counted.keys().map(Asked::question).collect();
    for questions in questions.chunks(BATCH) {
        let of_day = Entity::find().filter(Column::Day.eq(day));
        for row in of_day.filter(Column::Question.is_in(questions.iter().copied())).all(tx).await? {
            let (asked, counts) = counts(row)?;
            known.insert(asked, counts);
        }
    }
    let mut room = DAY_MAX.saturating_sub(Entity::find().filter(Column::Day.eq(day)).count(tx).await?);
    let mut dropped = 0;
    let mut fresh = Vec::new();
    for (asked, later) in counted {
        match known.remove(asked) {
            Some(mut counts) => {
                counts.add(later.clone());
                put(tx, true, row(day, asked, &counts)).await?;
            }
            None if later.hits.is_none() => (),
            None if room == 0 => dropped += 1,
            None => {
                room -= 1;
                fresh.push(row(day, asked, later));
            }
        }
    }
    // By the alphabet, as they come out of the map: not in the order of asking.
    insert_all(tx, fresh).await?;
    Ok(dropped)
}

/// Deletes what was asked before a day; says how many rows that were.
pub async fn forget(write: &Write, before: NaiveDate) -> Result<u64> {
    let done = Entity::delete_many().filter(Column::Day.lt(before)).exec(write.connection()).await?;
    Ok(done.rows_affected)
}

/// What was asked from one day up to and including another.
pub async fn report(store: &Store, from: NaiveDate, until: NaiveDate) -> Result<SearchReport> {
    let rows = Entity::find().filter(Column::Day.between(from, until)).order_by_asc(Column::Day);
    let mut lines: BTreeMap<Asked, Line> = BTreeMap::new();
    for row in rows.all(store.read()).await? {
        let day = row.day;
        let (asked, counts) = counts(row)?;
        match lines.get_mut(&asked) {
            Some(line) => {
                line.last = day;
                line.counts.add(counts);
            }
            None => _ = lines.insert(asked.clone(), Line { asked, counts, first: day, last: day }),
        }
    }
    Ok(SearchReport::new(from, until, lines.into_values().collect()))
}

fn counts(row: Model) -> Result<(Asked, Counts)> {
    let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let counts = Counts {
        searches: small(row.searches),
        api_searches: small(row.api_searches),
        hits: Some(u64::try_from(row.hits).unwrap_or(0)),
        clicks: from_json("klikken", row.clicks)?,
    };
    Ok((Asked::stored(row.question, row.filters), counts))
}

fn row(day: NaiveDate, asked: &Asked, counts: &Counts) -> ActiveModel {
    ActiveModel {
        day: Set(day),
        question: Set(asked.question().to_owned()),
        filters: Set(asked.filters().to_owned()),
        searches: Set(counts.searches.into()),
        api_searches: Set(counts.api_searches.into()),
        hits: Set(i64::try_from(counts.hits.unwrap_or(0)).unwrap_or(i64::MAX)),
        clicks: Set(to_json(&counts.clicks)),
    }
}
