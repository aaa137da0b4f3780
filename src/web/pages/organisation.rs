//! Organisations: the register A to Z, and one organisation with all it leads and joins.

use askama::Template;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::domain::brief::Brief;
use crate::domain::catalogue::ItemKind;
use crate::domain::field::Target;
use crate::domain::organisation::Organisation;
use crate::domain::vocabulary::{RecordKind, Role};
use crate::search::request::{Facet, Request};
use crate::store;
use crate::store::record::Filter;
use crate::text::{dutch, slug};
use crate::web::actor::Visitor;
use crate::web::card::{Card, Link, role_of};
use crate::web::error::Failure;
use crate::web::measured::{self, Published};
use crate::web::page::{self, Frame, Section};
use crate::web::url;

/// Lenient: what is no filter does not matter.
#[derive(Debug, Deserialize, Default)]
struct Asked {
    #[serde(default)]
    naam: String,
}

#[derive(Template)]
#[template(path = "organisations.html", config = "src/web/askama.toml")]
struct OrganisationsPage {
    frame: Frame,
    needle: String,
    total: String,
    letters: Vec<(char, Vec<Entry>)>,
    alphabet: Vec<(char, bool)>,
}

struct Entry {
    link: Link,
    /// The other name it was found by.
    also: Option<String>,
    note: String,
}

#[handler]
pub async fn list(Data(app): Data<&App>, visitor: Visitor, asked: Option<Query<Asked>>) -> Result<Response, Failure> {
    let needle: String = asked.map(|it| it.0.naam).unwrap_or_default().trim().chars().take(80).collect();
    let folded = slug::fold(&needle);
    let catalogue = app.store.catalogue().await?;
    let counts = super::search::counts(app, &visitor.actor, &Request::new("")).await;
    let mut found: Vec<(String, char, Entry)> = Vec::new();
    for it in &catalogue.organisations {
        let fits = |name: &str| slug::fold(name).contains(&folded);
        let also = it.aliases.iter().map(|alias| &alias.name).find(|name| fits(name));
        if !fits(&it.name) && also.is_none() {
            continue;
        }
        let entry = Entry {
            link: Link::to(&catalogue, Target::Organisation, &it.slug),
            also: also.filter(|_| !folded.is_empty() && !fits(&it.name)).cloned(),
            note: match counts.count(Facet::Organisation, &it.slug) {
                Some(count) if 0 < count => dutch::count(count as usize, "document", "documenten"),
                _ => String::new(),
            },
        };
        found.push((dutch::sort_key(&it.name), dutch::register_letter(&it.name), entry));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let total = dutch::count(found.len(), "organisatie", "organisaties");
    let mut letters: Vec<(char, Vec<Entry>)> = Vec::new();
    for (_, letter, entry) in found {
        match letters.last_mut() {
            Some((last, entries)) if *last == letter => entries.push(entry),
            _ => letters.push((letter, vec![entry])),
        }
    }
    page::show(&OrganisationsPage {
        frame: Frame::new(app, &visitor, Section::Organisations, "Organisaties", url::ORGANISATIONS)
            .described("Alle organisaties in de kennisbank, van A tot Z."),
        needle,
        total,
        alphabet: ('A'..='Z').map(|letter| (letter, letters.iter().any(|it| it.0 == letter))).collect(),
        letters,
    })
}

#[derive(Template)]
#[template(path = "organisation.html", config = "src/web/askama.toml")]
struct OrganisationPage {
    frame: Frame,
    name: String,
    kind: &'static str,
    facts: Vec<(&'static str, String, Option<String>)>,
    note: Option<String>,
    aliases: Vec<(String, Option<String>)>,
    groups: Vec<(String, Vec<Card>)>,
    themes: Vec<(Link, Option<Link>)>,
    programmes: Vec<(Link, &'static str)>,
    networks: Vec<Link>,
    published: Vec<Published>,
    search: String,
}

#[handler]
pub async fn show(Data(app): Data<&App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Failure> {
    let catalogue = app.store.catalogue().await?;
    let Some(organisation) = catalogue.organisation(&slug) else {
        // It may have been joined with another.
        let to = store::item_slug::target(&app.store, ItemKind::Organisation, &slug).await?.ok_or(Failure::NotFound)?;
        return Ok(super::record::moved(&url::organisation(&to)));
    };
    let filter = Filter { organisation: Some(&slug), ..Filter::default() };
    let records = store::record::list(&app.store, &visitor.actor, &filter).await?;

    let (reports, rest): (Vec<_>, Vec<_>) =
        records.iter().partition(|it| it.record.kind() == RecordKind::QualityReport);
    let group = |label: &str, records: &[&store::record::Stored], role: Option<Role>| {
        let cards: Vec<Card> = records
            .iter()
            .filter(|it| role.is_none_or(|role| role_of(&it.record, &slug) == Some(role)))
            .map(|it| Card::new(&catalogue, &Brief::from(&it.record), app.clock.now().date_naive()))
            .collect();
        (!cards.is_empty()).then(|| (label.to_owned(), cards))
    };
    let groups = [
        group("Trekt", &rest, Some(Role::Lead)),
        group("Kwaliteitsbeelden", &reports, None),
        group("Doet mee", &rest, Some(Role::Partner)),
        group("Deelt kennis", &rest, Some(Role::KnowledgePartner)),
        group("Betaalt mee", &rest, Some(Role::Funder)),
    ];
    let themes =
        catalogue.themes.iter().filter(|it| it.participants.iter().any(|it| it.organisation == slug)).map(|it| {
            let programme = it.programme.as_deref().map(|it| Link::to(&catalogue, Target::Programme, it));
            (Link::to(&catalogue, Target::Theme, &it.slug), programme)
        });
    let programmes = catalogue.programmes.iter().flat_map(|programme| {
        let of = programme.organisations.iter().filter(|it| it.organisation == slug);
        of.map(|it| (Link::to(&catalogue, Target::Programme, &programme.slug), it.role.label()))
    });
    let networks = catalogue
        .networks
        .iter()
        .filter(|it| it.members.iter().any(|it| it.organisation == slug))
        .map(|it| Link { url: url::network(&it.slug), name: it.name.clone() });

    page::show(&OrganisationPage {
        frame: Frame::new(app, &visitor, Section::Organisations, &organisation.name, &url::organisation(&slug))
            .described(&format!(
                "Wat {} in de kennisbank heeft: plannen, projecten, rapporten en netwerken.",
                organisation.name
            )),
        name: organisation.name.clone(),
        kind: organisation.kind.label(),
        facts: facts(organisation, &catalogue),
        note: organisation.note.clone(),
        aliases: organisation.aliases.iter().map(|it| (it.name.clone(), it.reason.clone())).collect(),
        groups: groups.into_iter().flatten().collect(),
        themes: themes.collect(),
        programmes: programmes.collect(),
        networks: networks.collect(),
        published: measured::by_source(&catalogue, &store::measurement::published_by(&app.store, &slug).await?),
        search: url::search(&[("organisatie", &slug)]),
    })
}

fn facts(
    it: &Organisation,
    catalogue: &crate::domain::catalogue::Catalogue,
) -> Vec<(&'static str, String, Option<String>)> {
    let mut res = Vec::new();
    if !it.sectors.is_empty() {
        let sectors: Vec<String> = it.sectors.iter().map(|it| it.label().to_owned()).collect();
        res.push(("Sector", sectors.join(", "), None));
    }
    if let Some(place) = &it.place {
        res.push(("Plaats", place.clone(), None));
    }
    if let Some(region) = &it.region {
        let link = Link::to(catalogue, Target::Region, region);
        res.push(("Regio", link.name, Some(link.url)));
    }
    if let Some(website) = &it.website {
        res.push(("Website", website.clone(), Some(website.clone())));
    }
    res
}
