//! The short form of a document: what a list shows of it.

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
}

impl Brief {
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
        }
    }
}
