//! What must hold for anything typed: it is read without a panic, within its bounds, and its fragments stay safe.
//! The fuzzer and a plain loop of the tests both drive it.

use std::sync::LazyLock;

use leerkring::domain::catalogue::Catalogue;
use leerkring::domain::concept::Concept;
use leerkring::search::analyzer::Analyzer;
use leerkring::search::lexicon::Lexicon;
use leerkring::search::marks::Marks;
use leerkring::search::position::{Milestones, Placed, Texts};
use leerkring::search::question::{Question, Reading, Words};
use leerkring::search::request::{Request, TERMS_MAX};
use leerkring::search::{dutch, grammar, snippet};

/// An index that knows the words of even length, and mends the others to a known one.
struct Some;

impl Words for Some {
    fn documents(&self, stem: &str) -> u64 {
        u64::from(stem.len().is_multiple_of(2))
    }

    fn stand_together(&self, stems: &[String]) -> bool {
        stems.len().is_multiple_of(2)
    }

    fn near(&self, word: &str) -> Vec<String> {
        if word.len().is_multiple_of(3) { vec!["verzuim".to_owned()] } else { vec![] }
    }
}

static ANALYZER: LazyLock<Analyzer> = LazyLock::new(|| {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect();
    Analyzer::new(&Lexicon {
        parts: words("ziekte verzuim beleid zorg plan leef huis client raad"),
        light: words("minder verlagen"),
        concepts: vec![
            Concept {
                slug: "pnil".into(),
                name: "personeel niet in loondienst".into(),
                short_forms: vec!["PNIL".into()],
                ambiguous_short_forms: vec!["SO".into()],
                synonyms: vec!["inhuur".into(), "e-health".into()],
                related: vec!["zzp".into()],
                ..Concept::default()
            },
            Concept {
                slug: "wzd".into(),
                name: "Wet zorg en dwang".into(),
                synonyms: vec!["terugdringen".into(), "inwerken".into(), "weggaan".into()],
                ..Concept::default()
            },
        ],
        ..Lexicon::default()
    })
});

/// Panics when something does not hold.
pub fn check(data: &str) {
    let (rest, filters) = grammar::filters(data, &Catalogue::default());
    let request =
        filters.into_iter().fold(Request::new(&rest), |request, (facet, value)| request.filter(facet, &value));
    for (is_literal, is_unquoted) in [(false, false), (false, true), (true, false)] {
        let reading = Reading { is_literal, is_unquoted, ..Reading::default() };
        let question = Question::read(request.q(), &reading, &ANALYZER, &Some);
        assert!(question.clauses.len() <= TERMS_MAX);
        assert!(question.clauses.iter().all(|it| it.ways.len() <= WAYS_MAX));
        let marks = Marks::of_question(&question, &ANALYZER);
        assert_safe(&snippet::fragment_of(data, &marks, &ANALYZER));
        // An index that is wrong about where words stand marks the wrong ones, and no more than that.
        let told = places(data.as_bytes());
        for milestones in [Milestones::of(&dutch::spans(data)), Milestones::from_bytes(data.as_bytes())] {
            let texts = Texts { title: told.clone(), summary: told.clone(), body: told.clone() }.split(&milestones);
            assert_safe(&snippet::marked(data, &texts.title, &marks, &ANALYZER));
            assert_safe(&snippet::fragment("", data, &texts, &milestones, &marks, &ANALYZER));
            assert_safe(&snippet::fragment(data, data, &texts, &milestones, &marks, &ANALYZER));
        }
    }
}

/// Places as an index could tell them, from any bytes: in order, some of them far beyond the text.
fn places(bytes: &[u8]) -> Vec<Placed> {
    let mut at = 0;
    let place = |byte: &u8| {
        at += u32::from(*byte % 16);
        Placed { at, clause: usize::from(*byte % 5), weight: f32::from(*byte % 3) / 2.0 }
    };
    bytes.iter().take(PLACES_MAX).map(place).collect()
}

fn assert_safe(html: &str) {
    let left = html.replace("<mark>", "").replace("</mark>", "");
    assert!(!left.contains(['<', '>', '"']));
}

/// So many words of one text are marked at most here: an index tells of no more than a text has.
const PLACES_MAX: usize = 1_000;

/// Some dozens of ways for one thing asked for, whatever it is.
const WAYS_MAX: usize = 100;
