//! The OpenAPI document: what poem-openapi reads from the handlers, with the parameters and problems added.
//!
//! Handlers read their query themselves, because all faults must come at once; so their parameters are described
//! here. What a search can be narrowed by comes from its own list of facets.

use std::collections::HashMap;

use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::registry::{
    MetaApi, MetaMediaType, MetaOperation, MetaOperationParam, MetaParamIn, MetaResponse, MetaSchema, Registry,
};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ContactObject, ExtraHeader, LicenseObject, OpenApi, OpenApiService};

use crate::domain::vocabulary::{Phase, RecordKind, Role, Sector};
use crate::search::request::{Facet, PER_PAGE_MAX, REACH, Sort, VALUES_MAX};
use crate::web::search_query::PER_PAGE;
use crate::web::url;

use super::attachment;
use super::catalogue::CatalogueApi;
use super::delivery::{self, DeliveryApi};
use super::indicator::IndicatorApi;
use super::own_fields::{SLUG, inline, list, words};
use super::problem::{CONTENT_TYPE, Problem};
use super::record::RecordApi;
use super::suggestion::SuggestionApi;
use super::write::WriteApi;

/// The version of the API, as its answers name it.
pub const VERSION: &str = "1.0.0";

const ABOUT: &str = "De kennisbank van Leerkring als gegevens: verbeterplannen, factsheets, transitieprojecten, \
kwaliteitsbeelden en publicaties uit de langdurige zorg, met de lijsten eromheen. Opvragen kan zonder account. \
Een onbekende of foute parameter geeft status 400 met alle fouten tegelijk.";

/// The API as one service.
pub fn service(public_url: &str) -> OpenApiService<Described, ()> {
    OpenApiService::new(
        Described((RecordApi, WriteApi, DeliveryApi, SuggestionApi, CatalogueApi, IndicatorApi)),
        "Leerkring",
        VERSION,
    )
    .description(ABOUT)
    .contact(ContactObject::new().name("Beheer van deze Leerkring").url(format!("{public_url}{}", url::ABOUT)))
    .license(LicenseObject::new("EUPL-1.2").url("https://eupl.eu/1.2/nl/"))
    .server(format!("{public_url}{}", url::API))
    .extra_response_header::<String, _>(
        ExtraHeader::new("API-Version").description("De versie van de API die antwoordt."),
    )
}

type Handlers = (RecordApi, WriteApi, DeliveryApi, SuggestionApi, CatalogueApi, IndicatorApi);

/// The handlers with all that goes into the document.
pub struct Described(Handlers);

impl OpenApi for Described {
    fn meta() -> Vec<MetaApi> {
        let mut meta = joined(Handlers::meta());
        if let Some(api) = meta.iter_mut().find(|it| it.paths.iter().any(|it| it.path == super::record::LIST)) {
            api.paths.push(attachment::described());
        }
        if let Some(api) = meta.iter_mut().find(|it| it.paths.iter().any(|it| it.path == delivery::LIST)) {
            api.paths.push(delivery::described());
        }
        for path in meta.iter_mut().flat_map(|it| &mut it.paths) {
            for operation in &mut path.operations {
                if operation.method == Method::GET {
                    operation.params.extend(parameters(&path.path));
                }
                describe_answers(operation, &path.path);
            }
        }
        meta
    }

    fn register(registry: &mut Registry) {
        Handlers::register(registry);
        Problem::register(registry);
    }

    fn add_routes(self, routes: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        self.0.add_routes(routes);
    }
}

/// One entry per address: reading and writing stand in different files.
fn joined(meta: Vec<MetaApi>) -> Vec<MetaApi> {
    let mut res: Vec<MetaApi> = Vec::new();
    for mut api in meta {
        let mut own = Vec::new();
        for path in std::mem::take(&mut api.paths) {
            match res.iter_mut().flat_map(|it| &mut it.paths).find(|it| it.path == path.path) {
                Some(known) => known.operations.extend(path.operations),
                None => own.push(path),
            }
        }
        api.paths = own;
        res.push(api);
    }
    res
}

/// What an operation can answer beside what was asked for.
fn describe_answers(operation: &mut MetaOperation, path: &str) {
    for answer in operation.responses.responses.iter_mut().filter(|it| it.status == Some(200)) {
        answer.description = "Wat gevraagd is.";
    }
    let mut problems = match path {
        attachment::LIST | delivery::FILE => attachment::PROBLEMS.to_vec(),
        _ => vec![(400, "De parameters kloppen niet; alle fouten staan erbij.")],
    };
    if path.contains('{') {
        problems.push((404, "Er is niets met deze slug."));
    }
    if operation.method != Method::GET {
        problems.push((401, "Er is geen geldig token meegestuurd."));
        problems.push((403, "Het token of de rol is hiervoor niet genoeg."));
    }
    if operation.method != Method::GET && path != attachment::LIST {
        problems.push((409, "Dat kan nu niet: iemand anders was u voor, of het ligt al ter beoordeling."));
    }
    if operation.method == Method::PUT {
        problems.push((412, "Er is een nieuwere versie dan die in If-Match."));
        problems.push((428, "If-Match ontbreekt."));
    }
    problems.push((500, "Er ging iets mis; het nummer staat erbij."));
    if operation.method == Method::GET && [super::record::LIST, super::suggestion::LIST].contains(&path) {
        problems.push((503, "Zoeken kan even niet."));
    }
    operation.responses.responses.extend(problems.into_iter().map(|(status, description)| MetaResponse {
        description,
        status: Some(status),
        status_range: None,
        content: vec![MetaMediaType { content_type: CONTENT_TYPE, schema: Problem::schema_ref() }],
        headers: vec![],
    }));
}

/// The parameters in the query of an address.
fn parameters(path: &str) -> Vec<MetaOperationParam> {
    match path {
        super::record::LIST => {
            let mut res = vec![parameter("q", MetaSchema::new("string"), Q)];
            res.extend(Facet::ALL.iter().map(|it| parameter(it.word(), values(*it), meaning(*it))));
            let sort = MetaSchema { default: Some(Sort::default().word().into()), ..words(Sort::CHOICES) };
            res.push(parameter("sorteer", sort, "De volgorde."));
            res.push(parameter("pagina", number(REACH, 1), "De bladzijde, vanaf 1."));
            res.push(parameter("perPagina", number(PER_PAGE_MAX, PER_PAGE), "Hoeveel documenten op een bladzijde."));
            res
        }
        super::suggestion::LIST => {
            let what = "Wat er tot nu toe is getypt; vanaf twee letters komen er suggesties.";
            vec![parameter("q", MetaSchema::new("string"), what)]
        }
        super::indicator::COMPARISON => {
            let group = "Waarmee: landelijk, sector:…, regio:…, zorgsoort:…, grootte:…, netwerk:… (voor leden) of \
                         keuze:a,b,c (met een account).";
            vec![
                parameter("periode", MetaSchema::new("string"), "2024, 2024-K3 of 2024-09; anders de laatste."),
                parameter("groep", MetaSchema::new("string"), group),
                parameter("deel", MetaSchema::new("string"), "Het deel van een samenstelling; anders het eerste."),
            ]
        }
        super::catalogue::ORGANISATIONS => {
            let what = "Een deel van de naam of van een andere naam; hoofdletters en accenten tellen niet.";
            vec![parameter("naam", MetaSchema::new("string"), what)]
        }
        _ => vec![],
    }
}

const Q: &str = "De zoekvraag. Een lange vraag wordt ingekort; zonder vraag komen alle documenten.";

fn parameter(name: &str, schema: MetaSchema, description: &str) -> MetaOperationParam {
    MetaOperationParam {
        name: name.to_owned(),
        schema: inline(schema),
        in_type: MetaParamIn::Query,
        description: Some(description.to_owned()),
        required: false,
        deprecated: false,
        explode: true,
        style: None,
    }
}

fn number(most: u32, default: u32) -> MetaSchema {
    MetaSchema {
        minimum: Some(1.0),
        maximum: Some(f64::from(most)),
        default: default.to_json(),
        ..MetaSchema::new("integer")
    }
}

/// The values of a facet: several may be asked for at once.
fn values(facet: Facet) -> MetaSchema {
    let pattern = |pattern: String| MetaSchema { pattern: Some(pattern), ..MetaSchema::new("string") };
    let value = match facet {
        Facet::Kind => words(RecordKind::CHOICES),
        Facet::Sector => words(Sector::CHOICES),
        Facet::Phase => words(Phase::CHOICES),
        Facet::Year => pattern("^[0-9]{4}$".to_owned()),
        Facet::Organisation => {
            let roles: Vec<&str> = Role::ALL.iter().map(|it| it.word()).collect();
            pattern(format!("{}(:({}))?$", SLUG.trim_end_matches('$'), roles.join("|")))
        }
        Facet::Theme | Facet::Region | Facet::Programme | Facet::BuildingBlock => pattern(SLUG.to_owned()),
    };
    list(value, VALUES_MAX)
}

fn meaning(facet: Facet) -> &'static str {
    match facet {
        Facet::Kind => "Alleen deze soorten.",
        Facet::Theme => "Alleen deze thema's (slug), met de smallere thema's eronder.",
        Facet::Organisation => "Alleen deze organisaties (slug), of alleen in één rol (slug:rol).",
        Facet::Region => "Alleen deze regio's (slug), met de kleinere regio's erin.",
        Facet::Sector => "Alleen deze sectoren.",
        Facet::Programme => "Alleen deze programma's (slug).",
        Facet::Phase => "Alleen verbeterplannen in deze fasen.",
        Facet::BuildingBlock => "Alleen deze bouwstenen van het Generiek Kompas (slug).",
        Facet::Year => "Alleen deze jaren.",
    }
}
