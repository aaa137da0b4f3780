//! Documents: the list, which is a search, and one document whole. The `///` of an operation is published, in Dutch.

use std::collections::HashMap;

use poem::Request;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi, Tags};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::brief::Brief;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::{self, Target};
use crate::domain::record::{Common, Own, Record};
use crate::search::Hit;
use crate::search::facets::Count;
use crate::search::request::Facet;
use crate::store;
use crate::store::Store;
use crate::store::record::{Found, Stored};
use crate::text::markdown;
use crate::web::actor::Visitor;
use crate::web::error::Failure;
use crate::web::pages;
use crate::web::search_log;
use crate::web::search_query::{self, Parameters, value_name};
use crate::web::url;

use super::attachment::{AttachedFile, FoundIn};
use super::own_fields::{OwnFields, Table, Visible};
use super::query;
use super::straight::Straight;
use super::value::{FacetValue, Facets, Moment, Word};
use super::view::{Named, RecordRow, Records, Related, TakesPart, WholeRecord};

/// The address of the list below that of the API.
pub const LIST: &str = "/documenten";

#[derive(Tags)]
enum Tag {
    /// Zoeken in de kennisbank en documenten opvragen.
    #[oai(rename = "Documenten")]
    Records,
}

/// A document, or where it went.
#[derive(ApiResponse)]
pub enum Answer {
    #[oai(status = 200)]
    Here(Json<Box<WholeRecord>>),
    /// Het document heeft een ander adres.
    #[oai(status = 308)]
    Moved(
        /// Het nieuwe adres in de API.
        #[oai(header = "Location")]
        String,
    ),
}

pub struct RecordApi;

#[OpenApi(tag = "Tag::Records")]
impl RecordApi {
    /// Documenten zoeken en filteren
    ///
    /// Waarden van één filter gelden als "of", filters onderling als "en". Herhaal een parameter voor meer waarden:
    /// `thema=a&thema=b`. De tellingen van een filter laten de keuzen binnen dat filter zelf buiten beschouwing; van
    /// lange filters komen de zestig waarden met de meeste documenten.
    ///
    /// Staat een frase nergens letterlijk, dan wordt zij als losse woorden gezocht en is `fraseLos` waar.
    ///
    /// In `q` staan woorden, "frases", -zonder, en filters zoals `thema:familieparticipatie` of `jaar:2019..2023`. Op
    /// synoniemen en afkortingen wordt ook gezocht: zie `ookGezochtOp`. Laat er een weg met `zonder=WOORD`, of zoek met
    /// `letterlijk=ja` alleen op de woorden zelf.
    #[oai(path = "/documenten", method = "get", operation_id = "documenten")]
    async fn list(&self, app: Data<&App>, visitor: Visitor, request: &Request) -> poem::Result<Straight<Records>> {
        Ok(Straight(list(&app, &visitor.actor, request).await?))
    }

    /// Eén document
    ///
    /// Een vroegere slug leidt met status 308 naar het nieuwe adres.
    #[oai(path = "/documenten/:slug", method = "get", operation_id = "document")]
    async fn show(
        &self,
        app: Data<&App>,
        visitor: Visitor,
        request: &Request,
        /// De slug van het document.
        slug: Path<String>,
    ) -> poem::Result<Answer> {
        query::none(request)?;
        Ok(show(&app, &visitor.actor, &slug.0).await?)
    }
}

async fn list(app: &App, actor: &Actor, request: &Request) -> Result<Records, Failure> {
    let catalogue = app.store.catalogue().await?;
    let (asked, faults) = search_query::parse(request.uri().query().unwrap_or(""), &catalogue, |_| false);
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    let found = pages::search::find(app, actor, asked.request()).await?;
    search_log::of_api(app, request, &asked, found.total);
    let ids: Vec<_> = found.hits.iter().map(|it| it.id.clone()).collect();
    let hits: HashMap<&str, &Hit> = found.hits.iter().map(|it| (it.id.as_str(), it)).collect();
    let documents = store::record::briefs(&app.store, actor, &ids).await?;
    let rows = documents.iter().filter_map(|(id, it)| Some(row(it, hits.get(id.as_str())?, &asked, &catalogue)));
    Ok(Records {
        totaal: found.total,
        pagina: asked.page,
        per_pagina: asked.per_page,
        documenten: rows.collect(),
        facetten: facets(&found.facets, &asked, &catalogue),
        suggestie: found.suggestion(&asked.q),
        ook_gezocht_op: found.also.into_iter().map(|it| it.name).collect(),
        frase_los: found.is_unquoted,
    })
}

fn row(brief: &Brief, hit: &Hit, asked: &Parameters, catalogue: &Catalogue) -> RecordRow {
    RecordRow {
        id: hit.id.to_string(),
        slug: brief.slug.clone(),
        soort: Word(brief.kind),
        titel: brief.title.clone(),
        samenvatting: brief.summary.clone(),
        fragment: if asked.q.is_empty() { String::new() } else { hit.fragment_html.clone() },
        vindplaats: hit.attached.as_ref().map(|it| FoundIn::of(&brief.slug, it)),
        themas: Named::all(catalogue, Target::Theme, &brief.themes),
        organisaties: TakesPart::all(catalogue, &brief.organisations),
        regio: Named::maybe(catalogue, Target::Region, brief.region.as_deref()),
        jaar: brief.year,
        url: url::record(&brief.slug),
        // Three decimals: more would only show how numbers are kept.
        score: (f64::from(hit.score) * 1000.0).round() / 1000.0,
    }
}

/// Every facet there is, counted or not.
fn facets(found: &[(Facet, Vec<Count>)], asked: &Parameters, catalogue: &Catalogue) -> Facets {
    let value = |facet: Facet, it: &Count| FacetValue {
        waarde: it.value.clone(),
        naam: value_name(facet, &it.value, catalogue),
        aantal: it.count,
        actief: asked.has(facet, &it.value),
    };
    let of = |facet: &Facet| {
        let counts = found.iter().find(|it| it.0 == *facet).map_or(&[][..], |it| &it.1);
        (*facet, counts.iter().map(|it| value(*facet, it)).collect())
    };
    Facets(Facet::ALL.iter().map(of).collect())
}

async fn show(app: &App, actor: &Actor, slug: &str) -> Result<Answer, Failure> {
    let stored = match store::record::get(&app.store, actor, slug).await? {
        Some(Found::Here(stored)) => stored,
        Some(Found::Moved(slug)) => return Ok(Answer::Moved(url::api_record(&slug))),
        None => return Err(Failure::NotFound),
    };
    let catalogue = app.store.catalogue().await?;
    let others = others(&app.store, actor, &stored.record).await?;
    Ok(Answer::Here(Json(Box::new(whole(&stored, &others, &catalogue)))))
}

fn whole(stored: &Stored, others: &HashMap<String, Stored>, catalogue: &Catalogue) -> WholeRecord {
    let record = &stored.record;
    let common = &record.common;
    let visible: Visible = others.keys().cloned().collect();
    let relations = common.relations.iter().filter_map(|it| {
        let other = &others.get(&it.record)?.record;
        Some(Related {
            soort: Word(it.kind),
            slug: other.slug.clone(),
            titel: other.common.title.clone(),
            url: url::record(&other.slug),
        })
    });
    WholeRecord {
        id: stored.id.to_string(),
        slug: record.slug.clone(),
        soort: Word(record.kind()),
        algemeen: Table::new(&field::to_value(common), &visible),
        zichtbaarheid: Word(common.visibility),
        status: Word(common.status),
        themas: Named::all(catalogue, Target::Theme, &common.themes),
        bouwstenen: Named::all(catalogue, Target::BuildingBlock, &common.building_blocks),
        organisaties: TakesPart::all(catalogue, &common.organisations),
        regio: Named::maybe(catalogue, Target::Region, common.region.as_deref()),
        programma: Named::maybe(catalogue, Target::Programme, common.programme.as_deref()),
        relaties: relations.collect(),
        bijlagen: AttachedFile::all(record),
        jaar: record.year(),
        velden: OwnFields::new(&record.own, &visible),
        tekst: record.body.clone(),
        tekst_html: markdown::to_html(&record.body, 2),
        versie: stored.version,
        gewijzigd_op: Moment(stored.updated_at),
        url: url::record(&record.slug),
    }
}

/// The documents this one names and that a visitor may see, by slug.
async fn others(store: &Store, actor: &Actor, record: &Record) -> Result<HashMap<String, Stored>, Failure> {
    let root = field::references(Common::FIELDS, &field::to_value(&record.common), &Default::default());
    let own = field::references(Own::fields(record.kind()), &record.own.to_value(), &Default::default());
    let mut res = HashMap::new();
    for (target, slug, _) in root.into_iter().chain(own) {
        if target == Target::Record
            && !res.contains_key(&slug)
            && let Some(Found::Here(stored)) = store::record::get(store, actor, &slug).await?
        {
            res.insert(slug, *stored);
        }
    }
    Ok(res)
}
