//! The search page: hits, filters that show what they would leave, and help when nothing is found.

use std::collections::HashMap;

use askama::Template;
use indexmap::IndexSet;
use poem::web::Data;
use poem::{Request as HttpRequest, Response, handler};

use crate::app::App;
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::vocabulary::Role;
use crate::search::facets::Count;
use crate::search::query::Demand;
use crate::search::request::{COUNTED_MAX, Facet, Request, Sort};
use crate::search::{Found, Hit};
use crate::store;
use crate::text::{dutch, slug};
use crate::web::actor::Visitor;
use crate::web::card::{Card, Link};
use crate::web::error::Failure;
use crate::web::page::{self, Frame, Section};
use crate::web::search_log;
use crate::web::search_query::{self, Parameters, value_name};
use crate::web::url;

/// Values of a facet that show before "toon meer".
const FIRST: usize = 8;
/// Values of a facet that show at all; the search inside the facet reaches the others.
const MOST: usize = 60;
/// The name of the search inside a facet: this and the facet's word.
const INSIDE: &str = "vind-";

#[derive(Template)]
#[template(path = "search.html", config = "src/web/askama.toml")]
struct SearchPage {
    frame: Frame,
    heading: String,
    q: String,
    /// What was ignored or shortened, in words.
    notices: Vec<String>,
    cards: Vec<Card>,
    /// The number of the first hit on the page.
    first: usize,
    facets: Vec<FacetView>,
    chips: Vec<Chip>,
    clear: String,
    sorts: Vec<Choice>,
    sort: &'static str,
    pages: Vec<PageLink>,
    previous: Option<String>,
    next: Option<String>,
    help: Option<Help>,
    /// The question in a likelier spelling, with its address.
    meant: Option<Link>,
    /// Names that were looked for along: word as typed, and each name with the address without it.
    also: Vec<(String, Vec<Chip>)>,
    /// The same names in one line.
    also_names: String,
    /// Names that are not looked for, with the address that has them again.
    without: Vec<Chip>,
    /// The address that searches only for the words as typed; or that does so no longer.
    literal: Option<String>,
    freely: Option<String>,
}

struct FacetView {
    word: &'static str,
    label: &'static str,
    open: bool,
    /// Shown at once.
    values: Vec<ValueView>,
    /// Behind "toon meer".
    more: Vec<ValueView>,
    /// The search inside the facet, when it has many values: name of the parameter, and what stands in it.
    inside: Option<(String, String)>,
    /// That values are not shown; the search inside reaches them.
    hidden: Option<String>,
}

struct ValueView {
    value: String,
    name: String,
    count: String,
    active: bool,
    /// 0 at the top; narrower themes and regions stand further in.
    depth: usize,
}

/// A chosen filter with the address without it.
struct Chip {
    label: String,
    url: String,
}

struct Choice {
    label: &'static str,
    url: String,
    active: bool,
}

struct PageLink {
    number: u32,
    url: String,
    current: bool,
    /// Pages were left out before this one.
    gap: bool,
}

/// Ways on when nothing was found.
struct Help {
    /// The same words without the filters: how many documents, and where.
    without_filters: Option<(String, String)>,
    /// The words one by one: word, how many documents, where.
    words: Vec<(String, String, String)>,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, request: &HttpRequest) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let query = request.uri().query().unwrap_or("");
    let inside = |name: &str| name.strip_prefix(INSIDE).is_some_and(|it| Facet::parse(it).is_some());
    let (asked, mut notices) = search_query::parse(query, &catalogue, inside);
    for notice in &mut notices {
        notice.push_str(" (weggelaten).");
    }
    if asked.shortened {
        notices.push("De zoekvraag is lang; alleen het begin is gebruikt.".to_owned());
    }

    // A search inside a facet looks through all its values.
    let question = if asked.others.is_empty() { asked.request() } else { asked.request().all_values() };
    let found = find(app, &visitor.actor, question).await?;
    let ids: Vec<_> = found.hits.iter().map(|it| it.id.clone()).collect();
    let documents = store::record::briefs(&app.store, &visitor.actor, &ids).await?;
    let mut marks: HashMap<&str, &Hit> = found.hits.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut cards: Vec<Card> = documents
        .iter()
        .map(|(id, brief)| {
            let card = Card::new(&catalogue, brief, app.clock.now().date_naive());
            match marks.remove(id.as_str()) {
                Some(hit) if !asked.q.is_empty() => card.marked(hit),
                _ => card,
            }
        })
        .collect();
    search_log::of_page(app, request, &asked, found.total, &mut cards);

    let total = found.total as usize;
    let last = found.total.div_ceil(u64::from(asked.per_page)).max(1) as u32;
    if last < asked.page && 0 < total {
        notices.push(format!(
            "Pagina {} is er niet; er zijn {}.",
            asked.page,
            dutch::count(last as usize, "pagina", "pagina’s")
        ));
    }
    notices.extend(readings(&found));
    let help = match total {
        0 => Some(help(app, &visitor.actor, &asked).await),
        _ => None,
    };
    let heading = heading(&asked, total, last);
    let mut frame = Frame::new(app, &visitor, Section::Search, &heading, &address(&asked));
    frame.q = None;
    if !asked.filters.is_empty() || asked.page != 1 || !asked.q.is_empty() {
        // A search is for the one who asks, not for other search engines.
        frame.canonical = String::new();
    }
    let mut facets: Vec<FacetView> =
        Facet::ALL.iter().filter_map(|it| facet(*it, &asked, &found, &catalogue)).collect();
    if let Some(organisations) = facets.iter_mut().find(|it| it.word == Facet::Organisation.word()) {
        organisations.values.extend(roles(app, &visitor.actor, &asked, &catalogue).await);
    }
    page::show(&SearchPage {
        frame,
        heading,
        q: asked.q.clone(),
        notices,
        cards,
        first: asked.request().offset() + 1,
        facets,
        chips: chips(&asked, &catalogue),
        clear: address(&Parameters { q: asked.q.clone(), sort: asked.sort, ..Parameters::default() }),
        sorts: sorts(&asked),
        sort: asked.sort.word(),
        pages: pages(&asked, last),
        previous: (1 < asked.page).then(|| address(&Parameters { page: (asked.page - 1).min(last), ..asked.clone() })),
        next: (asked.page < last).then(|| address(&Parameters { page: asked.page + 1, ..asked.clone() })),
        help,
        meant: found
            .meant
            .as_ref()
            .map(|q| Link { url: address(&Parameters { q: q.clone(), page: 1, ..asked.clone() }), name: q.clone() }),
        also: also(&found, &asked),
        also_names: also_names(&found),
        without: without(&asked),
        literal: (!asked.literal && (!found.also.is_empty() || !found.corrected.is_empty()))
            .then(|| address(&Parameters { literal: true, without: vec![], page: 1, ..asked.clone() })),
        freely: asked.literal.then(|| address(&Parameters { literal: false, page: 1, ..asked.clone() })),
    })
}

/// How the question was read, where that is not as it was typed.
fn readings(found: &Found) -> Vec<String> {
    let mut res: Vec<String> = found
        .corrected
        .iter()
        .map(|(typed, meant)| format!("“{typed}” komt niet voor; gezocht op “{meant}”."))
        .collect();
    res.extend(found.missing.iter().map(|it| format!("“{it}” komt in geen document voor.")));
    if found.is_unquoted {
        res.push(
            "De woorden tussen aanhalingstekens staan nergens zo achter elkaar; gezocht op de losse woorden."
                .to_owned(),
        );
    }
    match found.demand {
        Demand::All | Demand::Most | Demand::Apart => (),
        Demand::Some => res
            .push("Weinig documenten hebben alle woorden; documenten met een deel ervan staan er ook bij.".to_owned()),
        Demand::Any => res.push(
            "Hiermee is weinig te vinden; dit zijn documenten met een van de woorden of een verwant woord.".to_owned(),
        ),
    }
    res
}

/// The names that were looked for along, each once: several words may bring the same.
fn also_names(found: &Found) -> String {
    let names: IndexSet<&str> = found.also.iter().map(|it| it.name.as_str()).collect();
    Vec::from_iter(names).join(", ")
}

/// The names that were looked for along, by the words they stand for; each can be left out.
fn also(found: &Found, asked: &Parameters) -> Vec<(String, Vec<Chip>)> {
    let mut res: Vec<(String, Vec<Chip>)> = Vec::new();
    for it in &found.also {
        let mut less = Parameters { page: 1, ..asked.clone() };
        less.without.push(it.name.clone());
        let chip = Chip { label: it.name.clone(), url: address(&less) };
        match res.iter_mut().find(|(typed, _)| *typed == it.typed) {
            Some((_, chips)) => chips.push(chip),
            None => res.push((it.typed.clone(), vec![chip])),
        }
    }
    res
}

fn without(asked: &Parameters) -> Vec<Chip> {
    let more = |left_out: &String| {
        let mut more = Parameters { page: 1, ..asked.clone() };
        more.without.retain(|it| it != left_out);
        Chip { label: left_out.clone(), url: address(&more) }
    };
    asked.without.iter().map(more).collect()
}

/// Runs a search off the async threads.
pub async fn find(app: &App, actor: &Actor, request: Request) -> Result<Found, Failure> {
    let request = request.on(app.clock.now().date_naive());
    let (asked, reader) = (request.clone(), actor.clone());
    let done = app.search.ask(move |search| search.find(&asked, &reader)).await;
    let mut found = done.map_err(|error| Failure::Unexpected(Box::new(error)))??;
    if found.hits.iter().any(|it| it.attached.is_some()) {
        show_pages(app, actor, request, &mut found).await?;
    }
    Ok(found)
}

/// Takes the fragments of hits that are in a file from the page that shows most.
async fn show_pages(app: &App, actor: &Actor, request: Request, found: &mut Found) -> Result<(), Failure> {
    let mut texts = Vec::new();
    for hit in &mut found.hits {
        let Some(at) = &hit.attached else { continue };
        match store::attachment::page(&app.store, &at.hash, at.number).await? {
            Some(page) => texts.push(page.text.split_whitespace().collect::<Vec<_>>().join(" ")),
            None => hit.attached = None,
        }
    }
    let actor = actor.clone();
    let fragments = app.search.ask(move |search| search.fragments(&request, &actor, &texts)).await;
    let fragments = fragments.map_err(|error| Failure::Unexpected(Box::new(error)))?;
    for (hit, fragment) in found.hits.iter_mut().filter(|it| it.attached.is_some()).zip(fragments) {
        hit.fragment_html = fragment;
    }
    Ok(())
}

/// How many documents carry each value; `None` everywhere while the search is down.
pub struct Counts(Option<Vec<(Facet, Vec<Count>)>>);

impl Counts {
    pub fn count(&self, facet: Facet, value: &str) -> Option<u64> {
        let counts = self.0.as_ref()?;
        let (_, counts) = counts.iter().find(|it| it.0 == facet)?;
        Some(counts.iter().find(|it| it.value == value).map_or(0, |it| it.count))
    }
}

/// The counts of a question. Lists must work without the search, so its failure is not theirs.
pub async fn counts(app: &App, actor: &Actor, request: &Request) -> Counts {
    match find(app, actor, request.clone().paged(1, 1).all_values()).await {
        Ok(found) => Counts(Some(found.facets)),
        Err(error) => {
            tracing::warn!(error = %error, "tellingen ontbreken");
            Counts(None)
        }
    }
}

fn address(asked: &Parameters) -> String {
    let pairs = asked.pairs();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    url::search(&pairs)
}

fn heading(asked: &Parameters, total: usize, last: u32) -> String {
    let mut res = dutch::count(total, "document", "documenten");
    if !asked.q.is_empty() {
        res.push_str(&format!(" voor “{}”", asked.q));
    }
    if 1 < asked.page {
        res.push_str(&format!(", pagina {} van {last}", asked.page));
    }
    res
}

fn facet(facet: Facet, asked: &Parameters, found: &Found, catalogue: &Catalogue) -> Option<FacetView> {
    let empty = Vec::new();
    let counts = found.facets.iter().find(|it| it.0 == facet).map_or(&empty, |it| &it.1);
    let mut values: Vec<ValueView> =
        counts.iter().filter(|it| 0 < it.count).map(|it| value(facet, &it.value, it.count, asked, catalogue)).collect();
    for (_, chosen) in asked.filters.iter().filter(|it| it.0 == facet) {
        if !values.iter().any(|it| it.value == *chosen) {
            let count = counts.iter().find(|it| it.value == *chosen).map_or(0, |it| it.count);
            values.push(value(facet, chosen, count, asked, catalogue));
        }
    }
    if values.is_empty() {
        return None;
    }
    match facet {
        Facet::Year => values.sort_by(|a, b| b.value.cmp(&a.value)),
        // A tree reads as a tree: the lists are in its order.
        Facet::Theme => in_tree(&mut values, &catalogue.themes, |it| (&it.slug, it.parent.as_deref())),
        Facet::Region => in_tree(&mut values, &catalogue.regions, |it| (&it.slug, it.parent.as_deref())),
        _ => (),
    }
    let name = format!("{INSIDE}{}", facet.word());
    let needle = asked.others.iter().find(|it| it.0 == name).map(|it| it.1.clone()).unwrap_or_default();
    let many = FIRST + 4 < values.len();
    if !needle.is_empty() {
        let folded = slug::fold(&needle);
        values.retain(|it| it.active || slug::fold(&it.name).contains(&folded));
    }
    let hidden = match values.len() {
        few if few < MOST => None,
        // There may be more than were counted out.
        many if asked.others.is_empty() && COUNTED_MAX <= many => Some("Er zijn er meer".to_owned()),
        many => Some(format!("Nog {}", many - MOST)).filter(|_| MOST < many),
    };
    values.truncate(MOST);
    // What is chosen stays in sight, wherever it stands.
    let first = if needle.is_empty() && many { FIRST } else { values.len() };
    let mut at = 0;
    let (values, more): (Vec<_>, Vec<_>) = values.into_iter().partition(|it| {
        at += 1;
        at <= first || it.active
    });
    Some(FacetView {
        word: facet.word(),
        label: facet.label(),
        open: matches!(facet, Facet::Kind | Facet::Theme | Facet::Organisation)
            || values.iter().any(|it| it.active)
            || !needle.is_empty(),
        values,
        more,
        inside: (many || !needle.is_empty()).then_some((name, needle)),
        hidden,
    })
}

fn value(facet: Facet, value: &str, count: u64, asked: &Parameters, catalogue: &Catalogue) -> ValueView {
    ValueView {
        name: value_name(facet, value, catalogue),
        count: dutch::number(count as f64),
        active: asked.has(facet, value),
        depth: 0,
        value: value.to_owned(),
    }
}

/// Orders values as the tree of their list: each below the one it belongs to, brothers by how many they have.
fn in_tree<T>(values: &mut Vec<ValueView>, list: &[T], node: impl Fn(&T) -> (&str, Option<&str>)) {
    let parent: HashMap<&str, Option<&str>> = list.iter().map(&node).collect();
    let present: Vec<String> = values.iter().map(|it| it.value.clone()).collect();
    let line = |value: &str| -> Vec<usize> {
        // Positions, by count, of the value and of those above it, outermost first.
        let mut res = Vec::new();
        let mut at = Some(value);
        while let Some(slug) = at {
            let Some(position) = present.iter().position(|it| it == slug) else { break };
            res.push(position);
            at = parent.get(slug).copied().flatten().filter(|_| res.len() < 8);
        }
        res.reverse();
        res
    };
    let mut lined: Vec<(Vec<usize>, ValueView)> = values.drain(..).map(|it| (line(&it.value), it)).collect();
    lined.sort_by(|a, b| a.0.cmp(&b.0));
    values.extend(lined.into_iter().map(|(line, mut value)| {
        value.depth = line.len().saturating_sub(1);
        value
    }));
}

fn chips(asked: &Parameters, catalogue: &Catalogue) -> Vec<Chip> {
    asked
        .filters
        .iter()
        .map(|(facet, value)| Chip {
            label: format!("{}: {}", facet.label(), value_name(*facet, value, catalogue)),
            url: address(&asked.toggled(*facet, value)),
        })
        .collect()
}

fn sorts(asked: &Parameters) -> Vec<Choice> {
    Sort::ALL
        .iter()
        .map(|sort| Choice {
            label: sort.label(),
            url: address(&Parameters { sort: *sort, page: 1, ..asked.clone() }),
            active: *sort == asked.sort,
        })
        .collect()
}

/// Links to the first, the last, and the pages around this one.
fn pages(asked: &Parameters, last: u32) -> Vec<PageLink> {
    if last < 2 {
        return vec![];
    }
    let near = asked.page.saturating_sub(2)..=asked.page.saturating_add(2);
    let mut before = 0;
    (1..=last.min(crate::search::request::REACH / asked.per_page))
        .filter(|it| *it == 1 || *it == last || near.contains(it))
        .map(|number| {
            let gap = before + 1 < number;
            before = number;
            let url = address(&Parameters { page: number, ..asked.clone() });
            PageLink { number, url, current: number == asked.page, gap }
        })
        .collect()
}

/// What would be found with less: without the filters, and word by word.
async fn help(app: &App, actor: &Actor, asked: &Parameters) -> Help {
    let total = async |asked: &Parameters| match find(app, actor, asked.request().paged(1, 1)).await {
        Ok(found) => found.total as usize,
        Err(_) => 0,
    };
    let link = |asked: &Parameters, total: usize| (dutch::count(total, "document", "documenten"), address(asked));
    let mut without_filters = None;
    if !asked.filters.is_empty() {
        let wider = Parameters { filters: vec![], page: 1, ..asked.clone() };
        let total = total(&wider).await;
        without_filters = (0 < total).then(|| link(&wider, total));
    }
    let mut words = Vec::new();
    let typed: Vec<&str> = asked.q.split_whitespace().collect();
    if 1 < typed.len() {
        for word in typed.iter().take(6) {
            let one = Parameters { q: (*word).to_owned(), filters: vec![], page: 1, ..asked.clone() };
            let total = total(&one).await;
            if 0 < total {
                let (count, url) = link(&one, total);
                words.push(((*word).to_owned(), count, url));
            }
        }
    }
    Help { without_filters, words }
}

/// For each chosen organisation: the roles it has in what would be found, each as a filter of its own.
async fn roles(app: &App, actor: &Actor, asked: &Parameters, catalogue: &Catalogue) -> Vec<ValueView> {
    let mut res = Vec::new();
    for (_, chosen) in asked.filters.iter().filter(|it| it.0 == Facet::Organisation && !it.1.contains(':')) {
        for role in Role::ALL {
            let narrowed = format!("{chosen}:{}", role.word());
            let mut alone = Parameters { page: 1, ..asked.clone() };
            alone.filters.retain(|it| it.0 != Facet::Organisation);
            let alone = alone.toggled(Facet::Organisation, &narrowed);
            if let Ok(found) = find(app, actor, alone.request().paged(1, 1)).await
                && 0 < found.total
                && !asked.has(Facet::Organisation, &narrowed)
            {
                let mut view = value(Facet::Organisation, &narrowed, found.total, asked, catalogue);
                view.depth = 1;
                res.push(view);
            }
        }
    }
    res
}
