//! Tests of the index as a whole: filled, and asked.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::json;
use tempfile::TempDir;

use crate::domain::actor::Actor;
use crate::domain::catalogue::{Catalogue, Item, ItemKind};
use crate::domain::concept::Concept;
use crate::domain::id::RecordId;
use crate::domain::record::Record;
use crate::domain::vocabulary::RecordKind;
use crate::search::analyzer::Analyzer;
use crate::search::document::Document;
use crate::search::error::Error;
use crate::search::lexicon::Lexicon;
use crate::search::marks::Marks;
use crate::search::reader::Reader;
use crate::search::request::{Facet, Request, Sort};
use crate::search::seen::Seen;
use crate::search::writer::{Share, Writer};
use crate::search::{Found, Search, grammar};

pub(in crate::search) fn item(kind: ItemKind, value: serde_json::Value) -> Item {
    Item::from_value(kind, value.as_object().unwrap().clone()).unwrap()
}

pub(in crate::search) fn catalogue() -> Catalogue {
    let mut res = Catalogue::default();
    for (kind, value) in [
        (ItemKind::Region, json!({ "slug": "oost", "naam": "Oost-Nederland", "soort": "regio" })),
        (ItemKind::Region, json!({ "slug": "twente", "naam": "Twente", "soort": "subregio", "boven": "oost" })),
        (ItemKind::Theme, json!({ "slug": "personeel", "naam": "Personeel" })),
        (ItemKind::Theme, json!({ "slug": "pnil", "naam": "Personeel niet in loondienst", "boven": "personeel" })),
        (
            ItemKind::Organisation,
            json!({ "slug": "heeren-loo", "naam": "'s Heeren Loo", "soort": "zorgaanbieder", "aliassen": [{ "naam": "Ermelo Zorg" }] }),
        ),
        (ItemKind::Organisation, json!({ "slug": "borgh", "naam": "De Blije Borgh", "soort": "zorgaanbieder" })),
    ] {
        res.push(item(kind, value));
    }
    res
}

/// A record with the given fields beside title and summary.
pub(in crate::search) fn record(slug: &str, kind: &str, title: &str, body: &str, more: serde_json::Value) -> Record {
    let mut values = json!({ "titel": title, "samenvatting": "Een korte tekst." }).as_object().unwrap().clone();
    values.extend(more.as_object().unwrap().clone());
    Record::from_value(slug, RecordKind::parse(kind).unwrap(), values, body).unwrap()
}

pub(in crate::search) fn plan(slug: &str, title: &str, body: &str) -> Record {
    record(slug, "verbeterplan", title, body, json!({}))
}

pub(in crate::search) fn id(record: &Record) -> RecordId {
    RecordId::stored(format!("id-{}", record.slug))
}

pub(in crate::search) fn put(writer: &mut Writer, record: &Record) {
    let analyzer = Analyzer::default();
    let mut reader = Reader::new(&analyzer);
    writer.replace(Document::of(&id(record), record, &catalogue(), &mut reader), &reader).unwrap();
}

pub(in crate::search) fn filled(records: &[Record]) -> (TempDir, Search) {
    let folder = tempfile::tempdir().unwrap();
    let search = Search::open(folder.path()).unwrap();
    let mut writer = Writer::open(&search).unwrap();
    for record in records {
        put(&mut writer, record);
    }
    writer.commit_at(7).unwrap();
    (folder, search)
}

pub(in crate::search) fn find(search: &Search, request: Request) -> Found {
    search.find(&request, &Actor::Anonymous).unwrap()
}

pub(in crate::search) fn slugs(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|it| it.id.as_str().strip_prefix("id-").unwrap()).collect()
}

pub(in crate::search) fn counts(found: &Found, facet: Facet) -> Vec<(&str, u64)> {
    let (_, counts) = found.facets.iter().find(|(it, _)| *it == facet).unwrap();
    counts.iter().map(|it| (it.value.as_str(), it.count)).collect()
}

pub(in crate::search) fn library() -> Vec<Record> {
    vec![
        record(
            "verzuim-omlaag",
            "verbeterplan",
            "Ziekteverzuim omlaag",
            "Met **goede roosters** daalde het verzuim.",
            json!({ "themas": ["pnil"], "regio": "twente", "tot": "2023", "fase": "borging", "sectoren": ["vv", "ghz"],
                "aanpak": "Een e-health app voor cliënten.",
                "organisaties": [{ "organisatie": "heeren-loo", "rol": "trekker" }, { "organisatie": "borgh", "rol": "partner" }] }),
        ),
        record(
            "kwaliteit-2024",
            "kwaliteitsbeeld",
            "Kwaliteit in beeld",
            "Over kwaliteit, veiligheid en het verzuim.",
            json!({ "jaar": 2024, "themas": ["personeel"], "organisaties": [{ "organisatie": "borgh", "rol": "trekker" }] }),
        ),
        record(
            "wzd",
            "publicatie",
            "Wet zorg en dwang",
            "Zorg zonder dwang. De kwaal.",
            json!({ "soort_publicatie": "handreiking", "jaar": 2021, "regio": "oost", "trefwoorden": ["vrijheid"] }),
        ),
        record("geheim", "verbeterplan", "Verzuim in concept", "Verzuim.", json!({ "status": "concept" })),
    ]
    .into_iter()
    .map(|mut it| {
        it.common.summary = format!("Samenvatting van {}.", it.common.title.to_lowercase());
        it
    })
    .collect()
}

#[test]
fn what_nobody_confirmed_in_time_sinks_mildly() {
    let due = |slug: &str, day: &str| record(slug, "factsheet", "Rooster", "Rooster.", json!({ "herzien_voor": day }));
    let (_folder, search) = filled(&[due("a", "2026-03-01"), due("b", "2026-03-03")]);
    let on = |day: &str| find(&search, Request::new("rooster").on(day.parse().unwrap()));
    // Alike otherwise: by slug.
    assert_eq!(slugs(&find(&search, Request::new("rooster"))), ["a", "b"]);
    assert_eq!(slugs(&on("2026-03-01")), ["a", "b"]);
    let found = on("2026-03-02");
    assert_eq!(slugs(&found), ["b", "a"]);
    assert!((found.hits[1].score / found.hits[0].score - 0.9).abs() < 1e-4);
    let request = Request::new("rooster").on("2026-03-02".parse().unwrap());
    let explained = search.explain(&request, &Actor::System, &found.hits[1].id).unwrap().unwrap();
    assert!((explained.signals.confirmation - 0.9).abs() < 1e-6);
    assert_eq!(slugs(&on("2026-03-04")), ["a", "b"]);
}

#[test]
fn words_find_documents_in_every_field() {
    let (_folder, search) = filled(&library());
    for (q, expected) in [
        ("", "kwaliteit-2024 verzuim-omlaag wzd"),
        ("rooster", "verzuim-omlaag"),
        ("e-health", "verzuim-omlaag"),
        ("ehealth", "verzuim-omlaag"),
        ("\"ehealth app\"", "verzuim-omlaag"),
        ("\"e-health app voor client\"", "verzuim-omlaag"),
        ("clienten", "verzuim-omlaag"),
        ("kwaliteit", "kwaliteit-2024"),
        ("kwalen", "wzd"),
        ("vrijheden", "wzd"),
        ("\"zorg en dwang\"", "wzd"),
        ("heeren loo", "verzuim-omlaag"),
        ("ermelo", "verzuim-omlaag"),
        ("loondienst", "verzuim-omlaag"),
        ("oost-nederland", "wzd verzuim-omlaag"),
        ("verzuim xyzzy", "kwaliteit-2024 verzuim-omlaag"),
        ("het verzuim in de zorg van roosters", "verzuim-omlaag wzd"),
    ] {
        let found = find(&search, Request::new(q));
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        let mut slugs = slugs(&found);
        expected.sort_unstable();
        slugs.sort_unstable();
        assert_eq!(slugs, expected, "{q}");
        assert_eq!(found.total, expected.len() as u64);
        assert!(!found.is_unquoted, "{q}");
    }
}

/// A phrase finds what has it. Only when nothing has it, its words will do, and that is said.
#[test]
fn a_phrase_that_stands_nowhere_is_read_as_words() {
    let (_folder, search) = filled(&library());
    for (q, slug) in [("\"app e-health\"", "verzuim-omlaag"), ("\"dwang en zorg\"", "wzd")] {
        let found = find(&search, Request::new(q));
        assert_eq!((slugs(&found)[0], found.is_unquoted), (slug, true), "{q}");
        assert_eq!(find(&search, Request::new(q).literally(true)).total, 0, "{q}");
    }
    assert_eq!(find(&search, Request::new("\"xyzzy plugh\"")).total, 0);
}

#[test]
fn the_title_weighs_most_and_words_are_marked() {
    let (_folder, search) = filled(&[
        plan("a", "Over iets anders", "Valpreventie, en nog eens valpreventie in een langer verhaal."),
        plan("b", "Valpreventie & <thuis>", "Een ander verhaal over vallen en opstaan in huis."),
    ]);
    let found = find(&search, Request::new("valpreventie"));
    assert_eq!(slugs(&found), ["b", "a"]);
    assert!(found.hits[1].score < found.hits[0].score);
    assert_eq!(found.hits[0].title_html, "<mark>Valpreventie</mark> &amp; &lt;thuis&gt;");
    assert_eq!(found.hits[0].fragment_html, "Een korte tekst.");
    assert!(
        found.hits[1].fragment_html.starts_with("<mark>Valpreventie</mark>, en nog eens <mark>valpreventie</mark>")
    );
}

#[test]
fn of_related_words_the_closest_counts_most() {
    let concept = |related: [&str; 2]| Concept {
        slug: "snoezelen".into(),
        name: "snoezelen".into(),
        related: related.map(str::to_owned).into(),
        ..Concept::default()
    };
    let records = [plan("a", "Beleven", "Zintuigen."), plan("b", "Beleven", "Ontspanning.")];
    for (related, expected) in [(["zintuigen", "ontspanning"], "a"), (["ontspanning", "zintuigen"], "b")] {
        let (_folder, search) = filled(&[]);
        let lexicon = Lexicon { concepts: vec![concept(related)], ..Lexicon::default() };
        let fill = |share: &mut Share| records.iter().try_for_each(|it| share.add(&id(it), it, &[], &catalogue()));
        Writer::open(&search).unwrap().rebuild::<Error>(&lexicon, 8, 3, fill).unwrap();
        let found = find(&search, Request::new("snoezelen beleven"));
        assert_eq!(slugs(&found)[0], expected, "{related:?}");
    }
}

#[test]
fn drafts_are_for_the_operator_only() {
    let (_folder, search) = filled(&library());
    assert!(!slugs(&find(&search, Request::new("verzuim"))).contains(&"geheim"));
    let found = search.find(&Request::new("verzuim"), &Actor::System).unwrap();
    assert_eq!(found.total, 3);
    assert_eq!(counts(&find(&search, Request::new("verzuim")), Facet::Kind).len(), 2);
    assert_eq!(search.count(), 4);
}

#[test]
fn values_of_one_facet_widen_and_facets_narrow() {
    let (_folder, search) = filled(&library());
    let all = || Request::new("").sorted(Sort::Title);
    for (request, expected) in [
        (all().filter(Facet::Kind, "publicatie").filter(Facet::Kind, "verbeterplan"), vec!["wzd", "verzuim-omlaag"]),
        (all().filter(Facet::Kind, "publicatie").filter(Facet::Region, "twente"), vec![]),
        (all().filter(Facet::Region, "oost"), vec!["wzd", "verzuim-omlaag"]),
        (all().filter(Facet::Theme, "personeel"), vec!["kwaliteit-2024", "verzuim-omlaag"]),
        (all().filter(Facet::Organisation, "borgh"), vec!["kwaliteit-2024", "verzuim-omlaag"]),
        (all().filter(Facet::Organisation, "borgh:trekker"), vec!["kwaliteit-2024"]),
        (
            all().filter(Facet::Year, "2023").filter(Facet::Sector, "ghz").filter(Facet::Phase, "borging"),
            vec!["verzuim-omlaag"],
        ),
        (all().filter(Facet::Programme, "geen-programma"), vec![]),
    ] {
        assert_eq!(slugs(&find(&search, request.clone())), expected, "{request:?}");
    }

    let found = find(&search, all().filter(Facet::Region, "twente").filter(Facet::Year, "1999"));
    assert_eq!(found.total, 0);
    // Years as if only the region were chosen, the region as if only the year were; the chosen ones stay.
    assert_eq!(counts(&found, Facet::Year), [("2023", 1), ("1999", 0)]);
    assert_eq!(counts(&found, Facet::Region), [("twente", 0)]);
    assert_eq!(counts(&found, Facet::Kind), []);

    let found = find(&search, all().filter(Facet::Organisation, "borgh:trekker"));
    assert_eq!(counts(&found, Facet::Organisation), [("borgh", 2), ("borgh:trekker", 1), ("heeren-loo", 1)]);
    assert_eq!(counts(&found, Facet::Theme), [("personeel", 1)]);
    assert_eq!(counts(&find(&search, all()), Facet::Theme), [("personeel", 2), ("pnil", 1)]);
}

#[test]
fn orders_are_stable_over_pages() {
    let records: Vec<Record> = (0..30)
        .map(|n| {
            let year = 2000 + n / 10;
            record(
                &format!("r{:02}", (n * 7) % 30),
                "verbeterplan",
                "Het zelfde plan",
                "tekst",
                json!({ "tot": year.to_string() }),
            )
        })
        .collect();
    let (_folder, search) = filled(&records[..17]);
    let mut writer = Writer::open(&search).unwrap();
    for record in &records[17..] {
        put(&mut writer, record);
    }
    writer.commit_at(8).unwrap();
    let mut by_slug: Vec<&str> = records.iter().map(|it| it.slug.as_str()).collect();
    by_slug.sort_unstable();
    let mut by_year: Vec<&Record> = records.iter().collect();
    by_year.sort_by_key(|it| (std::cmp::Reverse(it.year()), &it.slug));
    let by_year: Vec<&str> = by_year.into_iter().map(|it| it.slug.as_str()).collect();
    for (q, sort, expected) in [
        ("plan", Sort::Relevance, &by_year),
        ("", Sort::Relevance, &by_slug),
        ("plan", Sort::Title, &by_slug),
        ("plan", Sort::Newest, &by_year),
    ] {
        let mut seen = Vec::new();
        for page in 1..=5 {
            let found = find(&search, Request::new(q).sorted(sort).paged(page, 7));
            assert_eq!(found.total, 30);
            seen.extend(slugs(&found).into_iter().map(str::to_owned));
        }
        assert_eq!(&seen, expected, "{q} {sort:?}");
    }
    assert_eq!(find(&search, Request::new("plan").paged(6, 7)).hits, []);
}

#[test]
fn hostile_questions_are_only_words() {
    let (_folder, search) = filled(&library());
    let long = "verzuim ".repeat(1_250);
    let noise: String = (0..32).map(char::from).collect();
    let started = Instant::now();
    for q in [
        long.as_str(),
        &"\"".repeat(10_000),
        &"a-".repeat(5_000),
        &"x".repeat(10_000),
        &noise,
        "\"half",
        "\"a\" \"b",
        "thema:v3",
        "thema: AND (",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "🙂",
        "verzuim AND",
        "*",
        "/.*/",
        "a~2^9",
        "\u{202e}x",
        "\\",
        "[a TO z]",
        "\u{ad}",
        "e\u{301}",
        "ﬁ",
        "½",
        "-",
        "'",
        "''''",
        "\"-\"",
    ] {
        for sort in Sort::ALL {
            let found = find(&search, Request::new(q).filter(Facet::Theme, q).sorted(*sort));
            let html: String =
                found.hits.iter().map(|it| it.title_html.replace("<mark>", "").replace("</mark>", "")).collect();
            assert!(!html.contains('<'), "{q}");
        }
    }
    // Generous: it is some milliseconds, but the machine may be busy.
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(find(&search, Request::new(&long)).total, 2);
}

/// What fuzzing starts from must never fail here either.
#[test]
fn the_seeds_of_the_fuzzer_are_answered() {
    let (_folder, search) = filled(&library());
    let seeds = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/corpus/question")).unwrap();
    let mut count = 0;
    for seed in seeds {
        let q = std::fs::read_to_string(seed.unwrap().path()).unwrap();
        let (rest, filters) = grammar::filters(&q, &catalogue());
        let request = filters.into_iter().fold(Request::new(&rest), |it, (facet, value)| it.filter(facet, &value));
        let found = find(&search, request);
        assert!(found.total <= 3, "{q}");
        count += 1;
    }
    assert!(20 <= count);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// What the index knows of places is what reading the texts would show.
    #[test]
    fn marks_stand_where_reading_would_put_them(
        title in text(1, 8), summary in text(1, 12), body in prop_oneof![text(0, 2), text(40, 120)],
    ) {
        let values = json!({ "samenvatting": summary.clone() });
        let (_folder, search) = filled(&[]);
        let (it, parts) = (record("een", "verbeterplan", &title, &body, values), ["zorg", "plan", "familie", "gesprek"]);
        let lexicon = Lexicon { parts: parts.map(str::to_owned).into(), ..Lexicon::default() };
        let mut writer = Writer::open(&search).unwrap();
        writer.rebuild::<Error>(&lexicon, 8, 1, |share| share.add(&id(&it), &it, &[], &catalogue())).unwrap();
        let view = search.view();
        let analyzer = &view.live.analyzer;
        for asked in WORDS {
            let request = Request::new(asked);
            let marks = Marks::of_question(&view.read(&request, &Seen::new(&view, &Actor::Anonymous)), analyzer);
            let is_shown = |it: &str| marks.of_word(it, analyzer).is_some();
            let shows = |text: &str| text.split(' ').any(is_shown);
            for hit in find(&search, request.clone()).hits {
                let word = |it: &str| if is_shown(it) { format!("<mark>{it}</mark>") } else { it.to_owned() };
                prop_assert_eq!(hit.title_html, title.split(' ').map(word).collect::<Vec<_>>().join(" "));
                let marked = hit.fragment_html.split("<mark>").skip(1).map(|it| it.split("</mark>").next().unwrap());
                let marked: Vec<&str> = marked.collect();
                prop_assert!(marked.iter().all(|it| is_shown(it)), "{:?} of {}", marked, hit.fragment_html);
                prop_assert_eq!(!marked.is_empty(), shows(&summary) || shows(&body), "{}", hit.fragment_html);
            }
        }
    }
}

const WORDS: [&str; 9] =
    ["verzuim", "plannen", "zorgplan", "ouderen", "één", "naasten", "regio", "gesprek", "familiegesprekken"];

fn text(least: usize, most: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&WORDS[..]), least..=most).prop_map(|it| it.join(" "))
}

/// A facet of the random set, with the values its documents may have.
const RANDOM: [(Facet, &[&str]); 4] = [
    (Facet::Kind, &["verbeterplan", "factsheet", "publicatie"]),
    (Facet::Sector, &["vv", "ghz", "ggz", "thuiszorg"]),
    (Facet::Theme, &["t0", "t1", "t2", "t3", "t4"]),
    (Facet::Organisation, &["o0", "o1", "o2"]),
];

type Values = [Vec<usize>; 4];

fn random_record(n: usize, values: &Values, roles: usize) -> Record {
    let pick = |at: usize| values[at].iter().map(|it| RANDOM[at].1[*it]).collect::<Vec<_>>();
    let role = ["trekker", "partner"][roles % 2];
    let organisations: Vec<_> = pick(3).iter().map(|it| json!({ "organisatie": it, "rol": role })).collect();
    let more = json!({ "sectoren": pick(1), "themas": pick(2), "organisaties": organisations });
    record(&format!("r{n}"), pick(0)[0], "Titel", "tekst", more)
}

fn subset(of: usize, least: usize, most: usize) -> impl Strategy<Value = Vec<usize>> {
    proptest::sample::subsequence((0..of).collect::<Vec<_>>(), least..=most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_are_those_of_counting_by_hand(
        records in prop::collection::vec(((subset(3, 1, 1), subset(4, 0, 4), subset(5, 0, 3), subset(3, 0, 2)), 0..2usize), 1..40),
        chosen in (subset(3, 0, 2), subset(4, 0, 2), subset(5, 0, 2), subset(3, 0, 2)),
        with_role in any::<bool>(),
    ) {
        let records: Vec<(Values, usize)> = records.into_iter().map(|((a, b, c, d), role)| ([a, b, c, d], role)).collect();
        let made: Vec<Record> = records.iter().enumerate().map(|(n, (values, role))| random_record(n, values, *role)).collect();
        let folder = tempfile::tempdir().unwrap();
        let search = Search::open(folder.path()).unwrap();
        let mut writer = Writer::open(&search).unwrap();
        // Several segments, and a deleted document.
        for (n, part) in made.chunks(15).enumerate() {
            for record in part {
                put(&mut writer, record);
            }
            writer.commit_at(n as i64).unwrap();
        }
        writer.delete(&RecordId::stored("id-r0".into()));
        writer.commit_at(99).unwrap();

        let mut request = Request::new("").paged(1, 100);
        let mut wanted: Vec<Vec<String>> = Vec::new();
        for (at, values) in [chosen.0, chosen.1, chosen.2, chosen.3].iter().enumerate() {
            let suffix = if at == 3 && with_role { ":trekker" } else { "" };
            let values: Vec<String> = values.iter().map(|it| format!("{}{suffix}", RANDOM[at].1[*it])).collect();
            for value in &values {
                request = request.filter(RANDOM[at].0, value);
            }
            wanted.push(values);
        }
        let found = find(&search, request);

        let has = |(values, role): &(Values, usize), at: usize, value: &str| match value.split_once(':') {
            Some((slug, word)) => word == ["trekker", "partner"][*role] && values[at].iter().any(|it| RANDOM[at].1[*it] == slug),
            None => values[at].iter().any(|it| RANDOM[at].1[*it] == value),
        };
        let passes = |it: &(Values, usize), at: usize| wanted[at].is_empty() || wanted[at].iter().any(|value| has(it, at, value));
        let alive = &records[1..];
        let total = alive.iter().filter(|it| (0..4).all(|at| passes(it, at))).count();
        prop_assert_eq!(found.total, total as u64);
        prop_assert_eq!(found.hits.len(), total);
        for (at, (facet, all)) in RANDOM.iter().enumerate() {
            let others = || alive.iter().filter(|it| (0..4).all(|other| other == at || passes(it, other)));
            let mut expected: BTreeMap<String, u64> = wanted[at].iter().map(|it| (it.clone(), 0)).collect();
            for value in all.iter().map(|it| it.to_string()).chain(wanted[at].clone()) {
                let count = others().filter(|it| has(it, at, &value)).count() as u64;
                if 0 < count {
                    expected.insert(value, count);
                }
            }
            let mut expected: Vec<(String, u64)> = expected.into_iter().collect();
            expected.sort_by_key(|(value, count)| (std::cmp::Reverse(*count), value.clone()));
            let counted: Vec<(String, u64)> = counts(&found, *facet).into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
            prop_assert_eq!(counted, expected);
        }
    }
}
