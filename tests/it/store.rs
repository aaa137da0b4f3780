//! The store: one writer at a time, nothing half, old versions kept, and nobody reads what is hidden.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::time::{Duration, Instant};

use leerkring::domain::actor::Actor;
use leerkring::domain::id::RecordId;
use leerkring::domain::status::Status;
use leerkring::domain::visibility::Visibility;
use leerkring::domain::vocabulary::RecordKind;
use leerkring::search::request::Request;
use leerkring::store::change_log::{self, Subject};
use leerkring::store::record::{self, Change, Filter, Found, Stored};
use leerkring::store::{self, Address, Store, revision};
use poem::http::StatusCode;
use serde_json::{Value, json};

use crate::harness::{self, TestApp, now};
use crate::make;

/// The same database, opened again as another program would.
async fn another(site: &TestApp) -> Store {
    Store::open(&Address::from_str(&site.app.config.database).unwrap()).await.unwrap()
}

/// Reads the only document and adds a letter to its title, in one transaction.
async fn lengthen(store: &Store) -> store::Result<()> {
    let write = store.write().await?;
    let (_, ids) = store::catalogue::get_in(&write).await?;
    let stored = record::all_in(&write).await?.pop().unwrap();
    tokio::task::yield_now().await;
    let mut longer = stored.record.clone();
    longer.common.title.push('a');
    let change = Change::update(&stored, &longer);
    record::save(&write, &ids, &[change], &Actor::System, now(), &|_| ()).await?;
    change_log::append(&write, &BTreeSet::from([Subject::Record(stored.id)]), now()).await?;
    write.commit().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_writers_at_once_wait_their_turn() {
    let site = TestApp::empty().await;
    let one = make::record("plan", RecordKind::ImprovementPlan, "A", json!({}));
    site.take_in(&make::documents(vec![one])).await;
    let other = another(&site).await;
    let writers = (0..40).map(|n| {
        let store = if n % 2 == 0 { site.store().clone() } else { other.clone() };
        tokio::spawn(async move { lengthen(&store).await })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    let stored = record::all(site.store()).await.unwrap().pop().unwrap();
    assert_eq!(stored.record.common.title, format!("A{}", "a".repeat(40)), "a write was lost");
    assert_eq!(stored.version, 41);
    assert_eq!(change_log::head(site.store()).await.unwrap(), 41);
    site.settle().await;
}

#[tokio::test]
async fn a_dropped_write_leaves_nothing() {
    let site = TestApp::library().await;
    let head = change_log::head(site.store()).await.unwrap();
    let before = record::all(site.store()).await.unwrap();
    {
        let write = site.store().write().await.unwrap();
        let (_, ids) = store::catalogue::get_in(&write).await.unwrap();
        let new = make::record("nieuw", RecordKind::Factsheet, "Nieuw", json!({}));
        let mut changed = before[0].record.clone();
        changed.common.title = "Anders".into();
        let changes = [Change::update(&before[0], &changed), Change::create(&new, now())];
        record::save(&write, &ids, &changes, &Actor::System, now(), &|_| ()).await.unwrap();
        change_log::append(&write, &BTreeSet::from([Subject::Record(changes[1].id.clone())]), now()).await.unwrap();
        assert_eq!(record::all_in(&write).await.unwrap().len(), before.len() + 1);
    }
    assert_eq!(record::all(site.store()).await.unwrap(), before);
    assert_eq!(change_log::head(site.store()).await.unwrap(), head);
    assert_eq!(revision::list(site.store(), &before[0].id).await.unwrap().len(), 1);
    site.store().write().await.unwrap().commit().await.unwrap();
    site.settle().await;
}

#[tokio::test]
async fn the_lists_follow_another_program() {
    let site = TestApp::empty().await;
    assert_eq!(site.store().catalogue().await.unwrap().items().len(), 0);
    let other = another(&site).await;
    let mut library = make::documents(vec![]);
    for (name, expected) in [("Eerste naam", "Eerste naam"), ("Tweede naam", "Tweede naam")] {
        library.catalogue = Default::default();
        library.catalogue.building_blocks.push(leerkring::domain::building_block::BuildingBlock {
            slug: "blok".into(),
            name: name.into(),
            description: None,
        });
        harness::take_in(&other, &library).await;
        // What another program committed is seen within milliseconds, not at once.
        let name = async || site.store().catalogue().await.unwrap().building_block("blok").map(|it| it.name.clone());
        let begin = Instant::now();
        while name().await.as_deref() != Some(expected) && begin.elapsed() < Duration::from_secs(10) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(name().await.as_deref(), Some(expected));
    }
    other.close().await.unwrap();
    site.settle().await;
}

#[tokio::test]
async fn every_version_is_kept() {
    let site = TestApp::empty().await;
    let titles = ["Eerst", "Daarna", "Daarna", "Ten slotte"];
    for title in titles {
        let record = make::record("plan", RecordKind::ImprovementPlan, title, json!({}));
        site.take_in(&make::documents(vec![record])).await;
    }
    let stored = record::all(site.store()).await.unwrap().pop().unwrap();
    let revisions = revision::list(site.store(), &stored.id).await.unwrap();
    let kept: Vec<_> = revisions.iter().map(|it| (it.version, it.record.common.title.as_str())).collect();
    assert_eq!(kept, [(1, "Eerst"), (2, "Daarna"), (3, "Ten slotte")], "the same content again is no version");
    assert_eq!(stored.version, 3);
    assert!(revisions.iter().all(|it| it.made_by == Actor::System.label() && it.made_at == now()));
    site.settle().await;
}

/// Every way to read a document, for one actor: which of these documents come out.
async fn readable(site: &TestApp, actor: &Actor, all: &[Stored]) -> Vec<(&'static str, BTreeSet<String>)> {
    let store = site.store();
    let slugs = |stored: Vec<Stored>| stored.into_iter().map(|it| it.record.slug).collect();
    let mut by_address = BTreeSet::new();
    let mut by_former = BTreeSet::new();
    for it in all {
        if let Some(Found::Here(found)) = record::get(store, actor, &it.record.slug).await.unwrap() {
            by_address.insert(found.record.slug);
        }
        let former = &it.record.common.former_slugs[0];
        if let Some(Found::Moved(slug)) = record::get(store, actor, former).await.unwrap() {
            by_former.insert(slug);
        }
    }
    let ids: Vec<RecordId> = all.iter().map(|it| it.id.clone()).collect();
    let addresses = record::addresses(store, actor).await.unwrap();
    let found = site.app.search.find(&Request::new("geheimpje").paged(1, 100), actor).unwrap();
    let found: Vec<RecordId> = found.hits.into_iter().map(|it| it.id).collect();
    vec![
        ("get", by_address),
        ("get by a former address", by_former),
        ("by_ids", slugs(record::by_ids(store, actor, &ids).await.unwrap())),
        ("list", slugs(record::list(store, actor, &Filter::default()).await.unwrap())),
        ("addresses", addresses.into_iter().map(|it| it.0).collect()),
        ("search", all.iter().filter(|it| found.contains(&it.id)).map(|it| it.record.slug.clone()).collect()),
    ]
}

#[tokio::test]
async fn what_is_hidden_is_not_there() {
    let site = TestApp::empty().await;
    let mut records = Vec::new();
    for visibility in Visibility::ALL {
        for status in Status::ALL {
            let slug = format!("{}-{}", visibility.word(), status.word());
            let more = json!({
                "zichtbaarheid": visibility.word(), "status": status.word(), "oude_slugs": [format!("oud-{slug}")],
            });
            records.push(make::record(&slug, RecordKind::Factsheet, "Geheimpje", more));
        }
    }
    site.take_in(&make::documents(records)).await;
    site.settle().await;
    let all = record::all(site.store()).await.unwrap();
    assert_eq!(all.len(), Visibility::ALL.len() * Status::ALL.len());

    let every: BTreeSet<String> = all.iter().map(|it| it.record.slug.clone()).collect();
    for (way, seen) in readable(&site, &Actor::System, &all).await {
        assert_eq!(seen, every, "{way}");
    }
    let open = BTreeSet::from(["openbaar-gepubliceerd".to_owned()]);
    for (way, seen) in readable(&site, &Actor::Anonymous, &all).await {
        assert_eq!(seen, open, "{way}");
    }
    for slug in every {
        let expected = match &*slug {
            it if open.contains(it) => StatusCode::OK,
            // It was there for everybody, and may say that it is gone.
            "openbaar-ingetrokken" => StatusCode::GONE,
            _ => StatusCode::NOT_FOUND,
        };
        assert_eq!(site.get(&format!("/kennisbank/{slug}")).await.0.status(), expected, "{slug}");
    }
}

#[tokio::test]
async fn documents_come_in_the_order_asked() {
    let site = TestApp::library().await;
    let mut ids: Vec<RecordId> = record::ids(site.store()).await.unwrap().into_iter().rev().collect();
    ids.insert(1, RecordId::generate());
    let found = record::by_ids(site.store(), &Actor::System, &ids).await.unwrap();
    ids.remove(1);
    assert_eq!(found.into_iter().map(|it| it.id).collect::<Vec<_>>(), ids);
}

/// Title by slug of the hits of a question for everything.
async fn listed(site: &TestApp) -> BTreeMap<String, String> {
    let answer: Value = site.get("/api/v1/documenten").await.json().await.value().deserialize();
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    answer["documenten"].as_array().unwrap().iter().map(|it| (text(it, "slug"), text(it, "titel"))).collect()
}

#[tokio::test]
async fn hits_show_what_the_store_says_now() {
    let site = TestApp::empty().await;
    let plan = |slug: &str, status: Status, title: &str| {
        make::record(slug, RecordKind::ImprovementPlan, title, json!({ "status": status.word() }))
    };
    let pairs = |them: &[(&str, &str)]| -> BTreeMap<String, String> {
        them.iter().map(|(slug, title)| ((*slug).to_owned(), (*title).to_owned())).collect()
    };
    let both = vec![plan("een", Status::Published, "Eén"), plan("twee", Status::Published, "Twee")];
    site.take_in(&make::documents(both)).await;
    site.settle().await;
    // Twice: what was read once is remembered.
    for _ in 0..2 {
        assert_eq!(listed(&site).await, pairs(&[("een", "Eén"), ("twee", "Twee")]));
    }
    // The index still has it; the store decides.
    site.take_in(&make::documents(vec![plan("een", Status::Withdrawn, "Eén")])).await;
    assert_eq!(listed(&site).await, pairs(&[("twee", "Twee")]));
    // A change by another program is seen a moment later.
    harness::take_in(&another(&site).await, &make::documents(vec![plan("twee", Status::Published, "Drie")])).await;
    let mut tries = 0..500;
    while listed(&site).await != pairs(&[("twee", "Drie")]) {
        assert!(tries.next().is_some(), "never seen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    site.settle().await;
}
