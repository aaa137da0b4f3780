//! The short form of a document: what a list shows of it.

use chrono::NaiveDate;

use crate::domain::part::Participation;
use crate::domain::record::Record;
use crate::domain::vocabulary::{RecordKind, Role};

/// A document in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    pub slug: String,
    pub kind: RecordKind,
    pub title: String,
    pub summary: String,
    pub themes: Vec<String>,
    pub organisations: Vec<Participation>,
    pub region: Option<String>,
    pub year: Option<i32>,
    /// By when somebody was to say that it still holds.
    pub review_by: Option<NaiveDate>,
}

impl Brief {
    /// The day it was to be confirmed by, when that has passed.
    pub fn overdue(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.review_by.filter(|it| *it < today)
    }

    /// The organisations that lead the work, in the author's order.
    pub fn leads(&self) -> impl Iterator<Item = &str> {
        self.organisations.iter().filter(|it| it.role == Role::Lead).map(|it| it.organisation.as_str())
    }
}

impl From<&Record> for Brief {
    fn from(record: &Record) -> Brief {
        let common = &record.common;
        Brief {
            slug: record.slug.clone(),
            kind: record.kind(),
            title: common.title.clone(),
            summary: common.summary.clone(),
            themes: common.themes.clone(),
            organisations: common.organisations.clone(),
            region: common.region.clone(),
            year: record.year(),
            review_by: common.review_by,
        }
    }
}
