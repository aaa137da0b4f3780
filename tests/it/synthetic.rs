//! The made-up library: the same for the same seed, valid, marked as invented, and found like any other.

use std::collections::{BTreeMap, HashSet};

use leerkring::domain::catalogue::Item;
use leerkring::domain::fault::Place;
use leerkring::domain::field;
use leerkring::domain::library::Library;
use leerkring::domain::record::Record;
use leerkring::domain::vocabulary::RecordKind;
use leerkring::exchange::{export, synthetic};
use leerkring::text::slug;

use crate::harness::{TestApp, files};
use crate::program::Program;

fn library(documents: usize, seed: u64) -> Library {
    synthetic::library(documents, seed, &|_| ())
}

#[test]
fn the_same_seed_gives_the_same_library() {
    let first = library(60, 7);
    assert!(first == library(60, 7));
    // On another machine too.
    assert_eq!(first.records[57].slug, "wonen-koks-en-recht-000058");
    let other = library(60, 8);
    assert!(first.catalogue != other.catalogue);
    let bodies: HashSet<&str> = first.records.iter().map(|it| it.body.as_str()).collect();
    assert!(other.records.iter().all(|it| !bodies.contains(it.body.as_str())));
    // A larger library begins with the smaller one.
    let more = library(90, 7);
    assert!(first.catalogue == more.catalogue && first.records == more.records[..60]);
}

#[test]
fn every_item_and_document_passes_the_checks() {
    let library = library(400, 1);
    for item in library.catalogue.items() {
        assert_eq!(field::check(Item::fields(item.kind()), &item.to_value(), &Place::root()), [], "{}", item.slug());
        assert_eq!(item.check_rules(), [], "{}", item.slug());
    }
    for record in &library.records {
        assert_eq!(Record::check(record.kind(), &record.to_value()), [], "{}", record.slug);
        assert_eq!(record.check_rules(), [], "{}", record.slug);
        assert!(slug::is_slug(&record.slug), "{}", record.slug);
    }
    assert_eq!(library.check(), []);
}

#[test]
fn everything_says_that_it_is_invented() {
    let library = library(100, 1);
    for item in library.catalogue.items() {
        assert!(item.name().ends_with(" (fictief)"), "{}", item.name());
    }
    for record in &library.records {
        let common = &record.common;
        assert!(common.title.ends_with(" (fictief)"), "{}", common.title);
        assert!(common.summary.starts_with("Verzonnen "), "{}", common.summary);
        assert!(common.sources.iter().all(|it| it.title.starts_with("Verzonnen ")) && !common.sources.is_empty());
        assert!(common.source_notes.iter().any(|it| it.contains("fictief")));
    }
}

/// As a country has them, not all alike: a load test on even shares would measure another site.
#[test]
fn it_has_the_size_and_the_shares_of_a_real_library() {
    let library = library(2_000, 1);
    let lists = &library.catalogue;
    assert_eq!(lists.regions.iter().filter(|it| it.parent.is_none()).count(), 31);
    assert!(lists.regions.iter().any(|it| it.parent.is_some()));
    assert_eq!((lists.organisations.len(), lists.themes.len(), lists.building_blocks.len()), (2_000, 60, 5));
    assert!(lists.themes.iter().any(|it| it.parent.is_some()));

    let of_kind = |kind: RecordKind| library.records.iter().filter(|it| it.kind() == kind).count();
    for kind in RecordKind::ALL {
        assert!((150..1_100).contains(&of_kind(*kind)), "{kind:?}: {}", of_kind(*kind));
    }
    assert!(of_kind(RecordKind::Factsheet) < of_kind(RecordKind::ImprovementPlan));

    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    let mut organisations: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = 0;
    for record in &library.records {
        let length = record.body.split_whitespace().count();
        assert!((240..540).contains(&length), "{}: {length} words", record.slug);
        for word in record.body.split(|c: char| !c.is_alphabetic()).filter(|it| !it.is_empty()) {
            *words.entry(word.to_lowercase()).or_default() += 1;
            all += 1;
        }
        for it in &record.common.organisations {
            *organisations.entry(&it.organisation).or_default() += 1;
        }
        assert!((2012..=2026).contains(&record.year().unwrap_or(2026)), "{}", record.slug);
    }
    assert!((280..420).contains(&(all / library.records.len())), "{all} words");
    assert!(30_000 < words.len(), "{} different words", words.len());
    // One word in twenty is "de", and half of the words stands there a few times only.
    assert!((all / 40..all / 15).contains(&words["de"]), "{} of {all}", words["de"]);
    let rare = words.values().filter(|it| **it < 10).count();
    assert!(words.len() / 2 < rare, "{rare} of {} are rare", words.len());
    let most = organisations.values().max().unwrap();
    assert!(600 < organisations.len() && 30 < *most, "{} organisations, {most}", organisations.len());
}

#[tokio::test]
async fn all_documents_are_there_and_found() {
    let site = TestApp::empty().await;
    let library = library(60, 3);
    site.take_in(&library).await;
    site.settle().await;
    let stored = export::library(site.store()).await.unwrap();
    assert!(stored.catalogue == library.catalogue);
    let mut records = library.records.clone();
    records.sort_by(|a, b| a.slug.cmp(&b.slug));
    assert!(stored.records == records);

    let total = |page: &crate::harness::Html| -> usize {
        page.select("h1").concat().split_whitespace().next().unwrap().parse().unwrap()
    };
    assert_eq!(total(&site.page("/zoeken?q=fictief").await), 60);
    for record in library.records.iter().step_by(13) {
        let title = record.common.title.to_lowercase().replace([':', ',', '(', ')'], "").replace(' ', "+");
        let hits = site.page(&format!("/zoeken?q={title}")).await.attr(".hits h2 a", "href");
        assert!(hits.contains(&format!("/kennisbank/{}", record.slug)), "{title}: {hits:?}");
        let page = site.page(&format!("/kennisbank/{}", record.slug)).await;
        assert_eq!(page.select("h1"), [record.common.title.as_str()]);
    }
}

#[test]
fn the_command_fills_an_empty_library_and_no_other() {
    let program = Program::new();
    let export = |seed: &str, data: &str, out: &str| {
        let done = program.run(&["generate", "--documents", "15", "--seed", seed, "--data", data]);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.out.contains("15 documenten"), "{done:?}");
        assert_eq!(program.run(&["export", out, "--data", data]).code, Some(0));
        files(&program.path(out))
    };
    let first = export("5", "een", "uit-een");
    assert_eq!(first.iter().filter(|it| it.0.extension().is_some_and(|it| it == "md")).count(), 15);
    assert!(first == export("5", "twee", "uit-twee"));
    assert!(first != export("6", "drie", "uit-drie"));

    let again = program.run(&["generate", "--documents", "15", "--data", "een"]);
    assert_eq!(again.code, Some(2), "{again:?}");
    assert_eq!(again.err.lines().count(), 1, "{again:?}");
    for part in ["een is niet leeg", "--data ./proef"] {
        assert!(again.err.contains(part), "{part}: {again:?}");
    }
    assert_eq!(program.run(&["export", "uit-een", "--data", "een"]).code, Some(0));
    assert!(first == files(&program.path("uit-een")));
    assert_eq!(program.run(&["generate", "--documents", "0", "--data", "vier"]).code, Some(2));
}
