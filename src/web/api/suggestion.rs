//! Help while typing. The `///` of an operation is published, in Dutch.

use poem::Request;
use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::{OpenApi, Tags};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::search::suggest::{Kind, Suggestion as Name};
use crate::store;
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::url;

use super::query;
use super::value::Word;
use super::view::{Suggestion, Suggestions};

/// The address of the suggestions below that of the API.
pub const LIST: &str = "/suggesties";

#[derive(Tags)]
enum Tag {
    /// Hulp bij het typen van een zoekvraag.
    #[oai(rename = "Suggesties")]
    Suggestions,
}

pub struct SuggestionApi;

#[OpenApi(tag = "Tag::Suggestions")]
impl SuggestionApi {
    /// Suggesties bij wat er is getypt
    ///
    /// Hoogstens vijf titels, drie thema's, drie organisaties en drie begrippen waar documenten over zijn. Het laatste
    /// woord hoeft niet af te zijn, de volgorde van de woorden maakt niet uit, en een typefout mag.
    #[oai(path = "/suggesties", method = "get", operation_id = "suggesties")]
    async fn list(&self, app: Data<&App>, visitor: Visitor, request: &Request) -> poem::Result<Json<Suggestions>> {
        let q = query::one(request, Some("q"))?.unwrap_or_default();
        Ok(Json(Suggestions { suggesties: suggestions(&app, &visitor.actor, q).await? }))
    }
}

async fn suggestions(app: &App, actor: &Actor, q: String) -> Result<Vec<Suggestion>, Failure> {
    let catalogue = app.store.catalogue().await?;
    let reader = actor.clone();
    let done = app.search.ask(move |search| search.suggest(&q, &catalogue, &reader)).await;
    let found = done.map_err(|it| Failure::Unexpected(Box::new(it)))??;
    let one = |kind: Kind, tekst: String, url: String| Suggestion { tekst, soort: Word(kind), url };
    let titles = store::record::titles(&app.store, actor, &found.titles).await?;
    let mut res: Vec<Suggestion> =
        titles.into_iter().map(|(slug, title)| one(Kind::Title, title, url::record(&slug))).collect();
    let named = |kind: Kind, it: &Name| {
        let url = match kind {
            Kind::Title => url::record(&it.slug),
            Kind::Theme => url::theme(&it.slug),
            Kind::Organisation => url::organisation(&it.slug),
            Kind::Concept => url::search(&[("q", &it.name)]),
        };
        one(kind, it.text(), url)
    };
    res.extend(found.themes.iter().map(|it| named(Kind::Theme, it)));
    res.extend(found.organisations.iter().map(|it| named(Kind::Organisation, it)));
    res.extend(found.concepts.iter().map(|it| named(Kind::Concept, it)));
    Ok(res)
}
