//! JSON written straight from the answer. The framework's own way makes a tree of values first, which for a page of
//! hits with its counts takes longer than the search.
//!
//! Invariant: the text is the same as the framework's.

use poem::http::header;
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde::Serialize;

use crate::web::error::Failure;

/// An answer of which the properties are named alike for the framework and for serde.
pub struct Straight<T>(pub T);

impl<T: Type> Payload for Straight<T> {
    const CONTENT_TYPE: &'static str = "application/json; charset=utf-8";

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Serialize + Send> IntoResponse for Straight<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(text) => Response::builder().header(header::CONTENT_TYPE, "application/json; charset=utf-8").body(text),
            Err(error) => poem::Error::from(Failure::Unexpected(Box::new(error))).into_response(),
        }
    }
}

impl<T: Type> ApiResponse for Straight<T> {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType { content_type: Self::CONTENT_TYPE, schema: Self::schema_ref() }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::ToJSON;

    use crate::domain::vocabulary::{RecordKind, Role};
    use crate::search::request::Facet;
    use crate::web::api::value::{FacetValue, Facets, Word};
    use crate::web::api::view::{Named, RecordRow, Records, TakesPart};

    #[test]
    fn the_text_is_that_of_the_framework() {
        let named = || Named { slug: "een".into(), naam: "Eén \"thema\"".into() };
        let part = || TakesPart { slug: "org".into(), naam: "Org".into(), rol: Word(Role::Lead) };
        let row = |region: Option<Named>, year: Option<i32>| RecordRow {
            id: "01".into(),
            slug: "plan".into(),
            soort: Word(RecordKind::Publication),
            titel: "Plan".into(),
            samenvatting: "<kort> & \u{1}".into(),
            fragment: "<mark>plan</mark>".into(),
            vindplaats: None,
            themas: vec![named()],
            organisaties: vec![part()],
            regio: region,
            jaar: year,
            url: "/documenten/plan".into(),
            score: 12.5,
        };
        let values = || vec![FacetValue { waarde: "a".into(), naam: "A".into(), aantal: 3, actief: true }];
        let records = Records {
            totaal: 2,
            pagina: 1,
            per_pagina: 10,
            documenten: vec![row(Some(named()), Some(2020)), row(None, None)],
            facetten: Facets(Facet::ALL.iter().map(|it| (*it, values())).collect()),
            suggestie: None,
            ook_gezocht_op: vec!["ander".into()],
            frase_los: false,
        };
        assert_eq!(serde_json::to_string(&records).unwrap(), records.to_json().unwrap().to_string());
    }
}
