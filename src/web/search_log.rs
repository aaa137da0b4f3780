//! What the search page and the API count, and the address that a browser tells of an opened result.
//!
//! A result carries the `ping` attribute: following it, the browser says so by itself, with no script of ours and
//! no detour, and not at all where its user does not want that. The address in the result stays the plain one.
//!
//! Invariant: from a request only the question, the filters and the place in the list are taken. Whether it comes
//! from a bot is looked at and forgotten; the body is not read.

use ::url::form_urlencoded;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{IntoResponse, Request, Response, handler};

use crate::app::App;
use crate::domain::asked::{Asked, RANK_MAX};
use crate::store;
use crate::workflow::search_log::Face;

use super::actor::Visitor;
use super::cache::CachePolicy;
use super::card::Card;
use super::error::Failure;
use super::search_query::{self, Parameters};
use super::url;

/// The parameters of a click beside those of its search.
const DOCUMENT: &str = "document";
const RANK: &str = "plaats";

/// Counts a search on the page, and has its results tell when they are followed.
pub fn of_page(app: &App, request: &Request, asked: &Parameters, total: u64, cards: &mut [Card]) {
    let Some(counted) = counted(asked).filter(|_| app.search_log.is_on()) else { return };
    let filters = filters(asked);
    let offset = asked.request().offset();
    for (at, card) in cards.iter_mut().enumerate() {
        let rank = (offset + at + 1).to_string();
        let mut pairs = vec![("q", counted.question())];
        pairs.extend(filters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        pairs.extend([(DOCUMENT, card.slug.as_str()), (RANK, rank.as_str())]);
        card.ping = Some(url::with_query(url::FOLLOWED, &pairs));
    }
    count(app, request, Face::Page, asked, counted, total);
}

/// Counts a search through the API.
pub fn of_api(app: &App, request: &Request, asked: &Parameters, total: u64) {
    if let Some(counted) = counted(asked) {
        count(app, request, Face::Api, asked, counted, total);
    }
}

/// Going through the pages of an answer is not asking again.
fn count(app: &App, request: &Request, face: Face, asked: &Parameters, counted: Asked, total: u64) {
    if asked.page == 1 && !is_bot(request) {
        app.search_log.searched(app.clock.now(), face, counted, total);
    }
}

/// Takes note that a result was followed. What makes no sense is passed over: nobody reads the answer.
#[handler]
pub async fn followed(Data(app): Data<&App>, visitor: Visitor, request: &Request) -> Result<Response, Failure> {
    if app.search_log.is_on() && is_from_here(request) && !is_bot(request) {
        let query = request.uri().query().unwrap_or("");
        let value = |of: &str| form_urlencoded::parse(query.as_bytes()).find(|it| it.0 == of).map(|it| it.1);
        let rank = value(RANK).and_then(|it| it.parse().ok()).filter(|it| (1..=RANK_MAX).contains(it));
        if let (Some(slug), Some(rank)) = (value(DOCUMENT), rank) {
            let catalogue = app.store.catalogue().await?;
            let (asked, faults) = search_query::parse(query, &catalogue, |it| it == DOCUMENT || it == RANK);
            if let Some(counted) = counted(&asked).filter(|_| faults.is_empty())
                && store::record::get(&app.store, &visitor.actor, &slug).await?.is_some()
            {
                app.search_log.followed(app.clock.now(), counted, rank);
            }
        }
    }
    Ok(StatusCode::NO_CONTENT.with_header("Cache-Control", CachePolicy::NoStore.header()).into_response())
}

fn counted(asked: &Parameters) -> Option<Asked> {
    let filters = filters(asked);
    Asked::new(&asked.q, filters.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// What narrows the answer or gives it another order: there a place in the list means something else.
fn filters(asked: &Parameters) -> Vec<(String, String)> {
    let all = Parameters { q: String::new(), page: 1, per_page: search_query::PER_PAGE, ..asked.clone() };
    all.pairs()
}

fn is_bot(request: &Request) -> bool {
    let agent = request.header("user-agent").unwrap_or("").to_lowercase();
    ["bot", "crawler", "spider"].iter().any(|it| agent.contains(it))
}

/// Not sent by a page of another site; an older browser does not say.
fn is_from_here(request: &Request) -> bool {
    request.header("sec-fetch-site").is_none_or(|it| it == "same-origin")
}
