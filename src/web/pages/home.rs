//! The front door: a search box, and the ways in for who does not know what to ask.

use std::sync::Arc;

use askama::Template;
use poem::web::Data;
use poem::{Response, handler};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::brief::Brief;
use crate::domain::vocabulary::RecordKind;
use crate::search::request::{Facet, Request, Sort};
use crate::store;
use crate::text::dutch;
use crate::web::actor::Visitor;
use crate::web::card::Card;
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::pages::search;
use crate::web::url;

/// How many of the latest documents are shown.
const NEWEST: u32 = 3;

/// Questions from practice that the library can answer; shown as examples.
const EXAMPLES: &[&str] =
    &["verzuim", "familie betrekken", "medewerkers inwerken", "open deuren", "uitstroom", "zorgleefplan"];

#[derive(Template)]
#[template(path = "home.html", config = "src/web/askama.toml")]
struct HomePage {
    frame: Frame,
    /// How many documents there are, in words.
    documents: String,
    organisations: String,
    examples: Vec<Entry>,
    kinds: Vec<Entry>,
    themes: Vec<Entry>,
    programmes: Vec<Entry>,
    networks: Vec<Entry>,
    newest: Vec<Card>,
}

/// A way in: an address, a name, and what stands behind it.
struct Entry {
    url: String,
    name: String,
    note: String,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let counts = super::search::counts(app, &visitor.actor, &Request::new("")).await;
    let of = |facet: Facet, value: &str| counts.count(facet, value);
    let entry = |url: String, name: &str, count: Option<u64>| Entry {
        url,
        name: name.to_owned(),
        note: count.map_or_else(String::new, |it| dutch::count(it as usize, "document", "documenten")),
    };

    let kinds = crate::domain::vocabulary::RecordKind::ALL
        .iter()
        .map(|kind| {
            entry(url::search(&[("soort", kind.word())]), &dutch::capital(kind.plural()), of(Facet::Kind, kind.word()))
        })
        .collect();
    let themes = catalogue
        .themes
        .iter()
        .filter(|it| it.parent.is_none())
        .map(|it| entry(url::theme(&it.slug), &it.name, of(Facet::Theme, &it.slug)))
        .collect();
    let programmes = catalogue
        .programmes
        .iter()
        .map(|it| entry(url::programme(&it.slug), &it.name, of(Facet::Programme, &it.slug)))
        .collect();
    let networks = catalogue
        .networks
        .iter()
        .take(6)
        .map(|it| Entry {
            url: url::network(&it.slug),
            name: it.name.clone(),
            note: dutch::count(it.members.len(), "lid", "leden"),
        })
        .collect();
    let documents = store::record::readable_count(&app.store, &visitor.actor).await? as usize;
    let newest = newest(app, &visitor.actor).await?;

    let mut frame = Frame::new(app, &visitor, Section::Home, "Wat werkt in de langdurige zorg", url::HOME)
        .described("Zoek in verbeterplannen, transitieprojecten, factsheets en kwaliteitsbeelden: wat anderen deden, wat het opleverde en wie meedeed.");
    frame.q = None;
    page::show(&HomePage {
        frame,
        documents: dutch::count(documents, "document", "documenten"),
        organisations: dutch::count(catalogue.organisations.len(), "organisatie", "organisaties"),
        examples: EXAMPLES
            .iter()
            .map(|q| Entry { url: url::search(&[("q", q)]), name: (*q).to_owned(), note: String::new() })
            .collect(),
        kinds,
        themes,
        programmes,
        networks,
        newest: newest.iter().map(|it| Card::new(&catalogue, it, app.clock.now().date_naive())).collect(),
    })
}

/// The latest work; publications are what came out of it. None while the search is down.
async fn newest(app: &App, actor: &Actor) -> Result<Vec<Arc<Brief>>, Failure> {
    let work = RecordKind::ALL.iter().filter(|it| **it != RecordKind::Publication);
    let request = work.fold(Request::new(""), |request, kind| request.filter(Facet::Kind, kind.word()));
    let Ok(found) = search::find(app, actor, request.sorted(Sort::Newest).paged(1, NEWEST)).await else {
        return Ok(vec![]);
    };
    let ids: Vec<_> = found.hits.into_iter().map(|it| it.id).collect();
    let briefs = store::record::briefs(&app.store, actor, &ids).await?;
    Ok(briefs.into_iter().map(|it| it.1).collect())
}
