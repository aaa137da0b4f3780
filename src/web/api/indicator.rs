//! Indicators and comparisons. The `///` of an operation is published, in Dutch.

use poem::Request;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, Tags};

use crate::app::App;
use crate::domain::field::{self, Field};
use crate::domain::indicator::Indicator;
use crate::web::error::Failure;

use super::own_fields::{Described, Table, Visible};
use super::query;

#[derive(Tags)]
enum Tag {
    /// Indicatoren met hun definities, en vergelijkingen tussen organisaties.
    #[oai(rename = "Vergelijken")]
    Compare,
}

impl Described for Indicator {
    const NAME: &'static str = "Indicator";

    fn fields() -> Vec<&'static Field> {
        Indicator::FIELDS.iter().collect()
    }
}

/// Alle indicatoren.
#[derive(Object)]
#[oai(rename = "Indicatoren")]
struct Indicators {
    /// In de volgorde van hun code.
    indicatoren: Vec<Table<Indicator>>,
}

pub struct IndicatorApi;

#[OpenApi(tag = "Tag::Compare")]
impl IndicatorApi {
    /// Alle indicatoren met hun definities
    #[oai(path = "/indicatoren", method = "get", operation_id = "indicatoren")]
    async fn indicators(&self, app: Data<&App>, request: &Request) -> poem::Result<Json<Indicators>> {
        query::none(request)?;
        let catalogue = app.store.catalogue().await.map_err(Failure::from)?;
        Ok(Json(Indicators { indicatoren: catalogue.indicators.iter().map(table).collect() }))
    }

    /// Eén indicator met haar definities
    #[oai(path = "/indicatoren/:code", method = "get", operation_id = "indicator")]
    async fn indicator(
        &self,
        app: Data<&App>,
        request: &Request,
        /// De code van de indicator.
        code: Path<String>,
    ) -> poem::Result<Json<Table<Indicator>>> {
        query::none(request)?;
        let catalogue = app.store.catalogue().await.map_err(Failure::from)?;
        let indicator = catalogue.indicator(&code).ok_or(Failure::NotFound)?;
        Ok(Json(table(indicator)))
    }
}

fn table(it: &Indicator) -> Table<Indicator> {
    Table::new(&field::to_value(it), &Visible::new())
}
