//! What words mean to the search, as tables: which have one stem, which never, and what compounds are made of.
//!
//! The tables are written by knowledge of Dutch, not by what the code does: a row that fails is a fault of the code
//! or of the word lists, unless the row is no Dutch.

use std::collections::BTreeSet;

use crate::search::analyzer::Analyzer;
use crate::search::dutch;
use crate::search::lexicon::Lexicon;
use crate::search::stem::stem;

const MEET: &str = include_str!("tables/meet.tsv");
const APART: &str = include_str!("tables/apart.tsv");
const COMPOUNDS: &str = include_str!("tables/compounds.tsv");
const LISTS: &str = include_str!("../../content/lexicon/woordenlijsten.toml");

/// The cells of the rows of a table.
fn rows(table: &str) -> Vec<Vec<&str>> {
    table.lines().filter(|it| !it.starts_with('#') && !it.is_empty()).map(|it| it.split('\t').collect()).collect()
}

/// One written word as the search knows it: the whole of a hyphenated one.
fn whole(text: &str) -> String {
    let mut written = dutch::written(text);
    assert_eq!(written.len(), 1, "\"{text}\" is no single word");
    let it = written.remove(0);
    it.joined.unwrap_or_else(|| it.parts[0].clone()).text
}

/// The lists that come with the portal, with nothing that texts prove.
fn analyzer() -> Analyzer {
    let mut res = Lexicon::default();
    for list in LISTS.split("[[woordenlijst]]").skip(1) {
        let (head, words) = list.split_once("woorden = [").unwrap();
        let words: BTreeSet<String> = words.split('"').skip(1).step_by(2).map(dutch::folded).collect();
        match head.split_once("gebruik = ").unwrap().1.trim() {
            "\"deel\"" => res.parts.extend(words),
            "\"heel\"" => res.whole.extend(words),
            "\"gewoon\"" => res.ordinary.extend(words),
            other => assert_eq!(other, "\"licht\""),
        }
    }
    assert!(500 < res.parts.len() && 50 < res.whole.len(), "the lists were not read");
    Analyzer::new(&res)
}

fn report(faults: &[String], rows: usize, least: usize) {
    assert!(least <= rows, "{rows} rows, at least {least} wanted");
    assert!(faults.is_empty(), "{} of {rows} rows:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn forms_of_a_word_meet() {
    let rows = rows(MEET);
    let faults: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            assert!(1 < row.len(), "{row:?} is no group");
            let stems: Vec<String> = row.iter().map(|it| stem(&whole(it))).collect();
            stems.iter().any(|it| *it != stems[0]).then(|| format!("{}: {}", row.join(" "), stems.join(" ")))
        })
        .collect();
    report(&faults, rows.len(), 230);
}

#[test]
fn words_that_differ_stay_apart() {
    let analyzer = analyzer();
    let rows = rows(APART);
    let mut faults = Vec::new();
    for row in &rows {
        let [one, other] = [row[0], row[1]].map(|it| analyzer.word(&whole(it)));
        if one.stem == other.stem {
            faults.push(format!("{}: both {}", row.join(" "), one.stem));
        }
        match row.get(2) {
            None => continue,
            Some(mark) => assert_eq!(*mark, "deel", "{row:?}"),
        }
        for (word, long) in [(&one, &other), (&other, &one)] {
            let parts: Vec<&str> = long.parts.iter().chain(&long.inner).map(|it| &**it).collect();
            let is_within = |it: &str| it == &*long.stem || parts.contains(&it);
            if is_within(&word.stem) || (!word.parts.is_empty() && word.parts.iter().all(|it| is_within(it))) {
                faults.push(format!("{}: {} finds {} {parts:?}", row.join(" "), word.folded, long.folded));
            }
        }
    }
    report(&faults, rows.len(), 100);
}

#[test]
fn compounds_fall_apart_by_the_lists() {
    let analyzer = analyzer();
    let rows = rows(COMPOUNDS);
    let mut faults = Vec::new();
    for row in &rows {
        let found = analyzer.word(&whole(row[0]));
        let expected: Vec<Box<str>> =
            row.get(1).into_iter().flat_map(|it| it.split(' ')).map(|it| stem(&whole(it)).into()).collect();
        if found.parts != expected {
            faults.push(format!("{}: {} expected, {} found", row[0], expected.join(" "), found.parts.join(" ")));
        }
    }
    let wholes = rows.iter().filter(|it| it.len() == 1).count();
    assert!(40 <= wholes, "{wholes} rows stay whole, at least 40 wanted");
    report(&faults, rows.len() - wholes, 150);
}
