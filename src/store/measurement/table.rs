//! The table of measurements.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "measurement")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// None for what was published: read from a content folder.
    pub delivery_id: Option<String>,
    pub indicator_id: String,
    pub organisation_id: String,
    pub period: String,
    /// The first day of the period, to order by.
    pub starts: Date,
    /// Empty for the whole organisation.
    pub location: String,
    /// Empty for what has no parts.
    pub part: String,
    /// Empty for the definition that was in force.
    pub definition: String,
    pub state: String,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub spread: Option<f64>,
    pub detractors: Option<f64>,
    pub note: Option<String>,
    pub source: Option<String>,
    pub page: Option<String>,
    pub record_slug: Option<String>,
    pub version: i32,
    pub is_current: bool,
    pub made_at: DateTimeUtc,
    pub visible_from: Option<DateTimeUtc>,
    pub replaced_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A row without anything in it.
    pub(super) fn blank() -> Model {
        Model {
            id: 0,
            delivery_id: None,
            indicator_id: String::new(),
            organisation_id: String::new(),
            period: String::new(),
            starts: Date::default(),
            location: String::new(),
            part: String::new(),
            definition: String::new(),
            state: String::new(),
            numerator: None,
            denominator: None,
            value: None,
            spread: None,
            detractors: None,
            note: None,
            source: None,
            page: None,
            record_slug: None,
            version: 0,
            is_current: false,
            made_at: DateTimeUtc::default(),
            visible_from: None,
            replaced_at: None,
        }
    }
}
