//! `explain`: how a question is read, and why a document stands where it stands.

use anyhow::bail;
use chrono::NaiveDate;

use crate::app;
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::search::Search;
use crate::search::explain::Explanation;
use crate::search::query::Demand;
use crate::search::ranking::Signals;
use crate::search::request::Request;
use crate::store::Store;
use crate::store::record::{self, Found};

use super::{Outcome, say};

/// Documents that are listed when none is named.
const LISTED: u32 = 10;

pub(super) async fn run(config: Config, q: &str, slug: Option<&str>) -> anyhow::Result<Outcome> {
    let store = app::open_existing_store(&config).await?;
    let search = Search::open(&config.index())?;
    let done = match slug {
        Some(slug) => one(&store, &search, q, slug).await,
        None => list(&store, &search, q).await,
    };
    store.close().await?;
    done
}

async fn list(store: &Store, search: &Search, q: &str) -> anyhow::Result<Outcome> {
    let found = search.find(&Request::new(q).paged(1, LISTED).on(today()), &Actor::Anonymous)?;
    let ids: Vec<_> = found.hits.iter().map(|it| it.id.clone()).collect();
    let stored = record::by_ids(store, &Actor::Anonymous, &ids).await?;
    say(&format!("{} documenten; {}", found.total, demand(found.demand)));
    for also in &found.also {
        say(&format!("  voor \"{}\" ook gezocht op \"{}\"", also.typed, also.name));
    }
    for (typed, meant) in &found.corrected {
        say(&format!("  \"{typed}\" komt niet voor; gelezen als \"{meant}\""));
    }
    for word in &found.missing {
        say(&format!("  \"{word}\" komt in geen document voor"));
    }
    for (hit, stored) in found.hits.iter().zip(&stored) {
        say(&format!("{:>8.3}  {}  {}", hit.score, stored.record.slug, stored.record.common.title));
    }
    if found.total == 0 {
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Fine)
}

async fn one(store: &Store, search: &Search, q: &str, slug: &str) -> anyhow::Result<Outcome> {
    let Some(Found::Here(stored)) = record::get(store, &Actor::System, slug).await? else {
        bail!("er is geen document met de slug \"{slug}\"; de slug is het laatste deel van het adres van het document");
    };
    let Some(explanation) = search.explain(&Request::new(q).on(today()), &Actor::System, &stored.id)? else {
        bail!("document \"{slug}\" staat nog niet in de zoekindex; werk die bij met \"leerkring reindex\"");
    };
    tell(&explanation);
    Ok(if explanation.rank.is_some() { Outcome::Fine } else { Outcome::Findings })
}

fn today() -> NaiveDate {
    app::Clock::System.now().date_naive()
}

fn tell(it: &Explanation) {
    match it.rank {
        Some(rank) => say(&format!("Plaats {rank} van {}, score {:.3}; {}.", it.total, it.score, demand(it.demand))),
        None => say(&format!("Niet gevonden; er zijn {} documenten; {}.", it.total, demand(it.demand))),
    }
    for asked in &it.asked {
        say(&format!("\"{}\": zegt {:.2}, geeft {:.3}", asked.text, asked.mass, asked.score));
        for (why, words, score) in &asked.ways {
            say(&format!("    {score:>7.3}  {words}  ({why})"));
        }
    }
    if let Some(share) = it.passage {
        say(&format!("beste passage: zegt {:.0}% van wat er gevraagd is", 100.0 * share));
    }
    let Signals { completeness, freshness, confirmation } = it.signals;
    say(&format!("volledigheid × {completeness:.3}, actualiteit × {freshness:.3}, bevestigd × {confirmation:.3}"));
}

fn demand(demand: Demand) -> &'static str {
    match demand {
        Demand::All => "met alles waar om gevraagd is",
        Demand::Most => "met (bijna) alles waar om gevraagd is",
        Demand::Apart => "met (bijna) alles; delen van een samenstelling mogen los staan, want anders is er weinig",
        Demand::Some => "met een deel van wat gevraagd is, want meer gaf weinig",
        Demand::Any => "met iets van wat gevraagd is, want meer gaf niets",
    }
}
