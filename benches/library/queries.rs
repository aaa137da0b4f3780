//! Two hundred questions, drawn from the library they are asked of.
//!
//! In the shares of a site like this: four in ten are one word, others two or three words of one document, some are
//! compounds, phrases between quotes, or words with a typing error. A third has filters, with values of the document
//! the words came from, so that there is something to find.

use std::collections::{HashMap, HashSet};

use leerkring::search::analyzer::Analyzer;
use leerkring::search::dutch;
use leerkring::search::lexicon::{Lexicon, Proof};
use leerkring::search::request::Facet;
use leerkring::store::Store;

use super::{Document, Library};

/// Documents to draw from: the first ones, which are the same in a library of any size.
const SAMPLE: usize = 5_000;
const FILE: &str = "queries.tsv";
/// The shortest word that is asked for by itself, and the shortest to err in, in letters.
const WORD: usize = 4;
const LONG: usize = 9;

/// What a question is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One word, in 5 to 40 % of the documents.
    Common,
    /// One word, in 0.5 to 5 %.
    Middle,
    /// One word, in fewer.
    Rare,
    Two,
    Three,
    Compound,
    Phrase,
    Typo,
}

impl Kind {
    pub const ALL: [Kind; 8] =
        [Kind::Common, Kind::Middle, Kind::Rare, Kind::Two, Kind::Three, Kind::Compound, Kind::Phrase, Kind::Typo];

    /// How many of the two hundred.
    fn share(self) -> usize {
        match self {
            Kind::Common | Kind::Middle => 27,
            Kind::Rare => 26,
            Kind::Two => 50,
            Kind::Three => 30,
            Kind::Compound => 20,
            Kind::Phrase | Kind::Typo => 10,
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Kind::Common => "een woord, vaak",
            Kind::Middle => "een woord, soms",
            Kind::Rare => "een woord, zelden",
            Kind::Two => "twee woorden",
            Kind::Three => "drie woorden",
            Kind::Compound => "samenstelling",
            Kind::Phrase => "tussen aanhalingstekens",
            Kind::Typo => "met een tikfout",
        }
    }
}

/// One question.
#[derive(Debug, Clone)]
pub struct Query {
    pub kind: Kind,
    pub text: String,
    pub filters: Vec<(Facet, String)>,
}

/// The questions of a library. Drawing them takes a reading of it all, so they are kept beside it.
pub async fn of(library: &Library, store: &Store) -> Vec<Query> {
    let file = library.folder.join(FILE);
    if let Ok(text) = std::fs::read_to_string(&file) {
        return text.lines().map(|it| parse(it).expect("a kept question")).collect();
    }
    let res = draw(store).await;
    let lines: Vec<String> = res.iter().map(line).collect();
    std::fs::write(&file, lines.join("\n")).expect("the folder can be written");
    res
}

/// A question as a line: kind, text, filters.
fn line(query: &Query) -> String {
    let filters = query.filters.iter().map(|(facet, value)| format!("{}:{value}", facet.word()));
    format!("{:?}\t{}\t{}", query.kind, query.text, filters.collect::<Vec<_>>().join(" "))
}

fn parse(line: &str) -> Option<Query> {
    let mut fields = line.split('\t');
    let kind = fields.next()?;
    let kind = Kind::ALL.into_iter().find(|it| format!("{it:?}") == kind)?;
    let text = fields.next()?.to_owned();
    let filter = |it: &str| {
        let (facet, value) = it.split_once(':')?;
        Some((Facet::parse(facet)?, value.to_owned()))
    };
    let filters = fields.next()?.split_whitespace().map(filter).collect::<Option<_>>()?;
    Some(Query { kind, text, filters })
}

async fn draw(store: &Store) -> Vec<Query> {
    let mut documents = Vec::new();
    // Identities are made anew with every library, so their order says nothing: the number at the end of a slug does.
    super::read(store, async |batch| {
        let number = |it: &Document| it.slug.rsplit('-').next().and_then(|it| it.parse::<usize>().ok());
        documents.extend(batch.into_iter().filter(|it| number(it).is_some_and(|it| it <= SAMPLE)));
    })
    .await;
    documents.sort_by_key(|it| it.slug.rsplit('-').next().map(str::to_owned));
    let mut proof = Proof::default();
    documents.iter().for_each(|it| proof.add([it.title.as_str(), &it.summary, &it.body]));
    let catalogue = store.catalogue().await.expect("the lists can be read");
    let analyzer = Analyzer::new(&Lexicon::of(&catalogue, &proof));
    let mut counts: HashMap<String, usize> = HashMap::new();
    for it in &documents {
        let texts = [&it.title, &it.summary, &it.body];
        let seen: HashSet<String> = texts.iter().flat_map(|text| words(text)).map(|it| it.1).collect();
        seen.into_iter().for_each(|it| *counts.entry(it).or_default() += 1);
    }
    let drawer = Drawer { documents, counts, analyzer };
    let mut random = Random(0x6c65_6572_6b72_696e);
    let mut res: Vec<Query> = Vec::new();
    for kind in Kind::ALL {
        for _ in 0..kind.share() {
            let number = res.len();
            res.push(drawer.query(kind, number, &mut random, &res));
        }
    }
    // Kinds after one another, not in blocks: what the machine does meanwhile hits them alike.
    for at in (1..res.len()).rev() {
        res.swap(at, random.below(at + 1));
    }
    res
}

struct Drawer {
    documents: Vec<Document>,
    /// In how many of the documents a word stands, folded.
    counts: HashMap<String, usize>,
    analyzer: Analyzer,
}

impl Drawer {
    fn query(&self, kind: Kind, number: usize, random: &mut Random, before: &[Query]) -> Query {
        loop {
            let document = &self.documents[random.below(self.documents.len())];
            let Some(text) = self.text(kind, document, random) else { continue };
            if before.iter().any(|it| it.text == text) {
                continue;
            }
            let filters = if number.is_multiple_of(3) { filters(document, 1 + number / 3 % 2, random) } else { vec![] };
            return Query { kind, text, filters };
        }
    }

    fn text(&self, kind: Kind, document: &Document, random: &mut Random) -> Option<String> {
        let title = self.telling(&document.title);
        let body = self.telling(&document.body);
        let share = |word: &str| self.counts.get(word).copied().unwrap_or(0) as f64 / self.documents.len() as f64;
        let mut one = |fits: &dyn Fn(&str) -> bool| {
            let fitting: Vec<&(String, String)> = body.iter().filter(|it| fits(&it.1)).collect();
            (!fitting.is_empty()).then(|| fitting[random.below(fitting.len())].clone())
        };
        match kind {
            Kind::Common => one(&|it| 0.05 <= share(it)).map(|it| it.0),
            Kind::Middle => one(&|it| (0.005..0.05).contains(&share(it))).map(|it| it.0),
            Kind::Rare => one(&|it| share(it) < 0.005).map(|it| it.0),
            Kind::Compound => one(&|it| {
                let word = self.analyzer.word(it);
                word.is_full && 1 < word.parts.len() && 1 < self.counts.get(it).copied().unwrap_or(0)
            })
            .map(|it| it.0),
            Kind::Two | Kind::Three => {
                let mut asked = vec![title.get(random.below(title.len().max(1)))?.clone()];
                while asked.len() < if kind == Kind::Two { 2 } else { 3 } {
                    let next = &body.get(random.below(body.len().max(1)))?;
                    if asked.iter().any(|it| it.1 == next.1) {
                        return None;
                    }
                    asked.push((*next).clone());
                }
                Some(asked.into_iter().map(|it| it.0).collect::<Vec<_>>().join(" "))
            }
            Kind::Phrase => {
                let spans = dutch::spans(&document.body);
                let pair = spans.get(random.below(spans.len().max(1))..)?.get(..2)?;
                let is_plain = document.body.get(pair[0].range.end..pair[1].range.start) == Some(" ");
                let text = &document.body[pair[0].range.start..pair[1].range.end];
                let is_telling = words(text).iter().all(|it| self.is_telling(&it.1));
                (is_plain && is_telling).then(|| format!("\"{}\"", text.to_lowercase()))
            }
            Kind::Typo => {
                let (_, word) = one(&|it| LONG <= it.len() && 0.002 <= share(it))?;
                let at = 1 + random.below(word.len() - 3);
                let mut letters: Vec<char> = word.chars().collect();
                letters.swap(at, at + 1);
                let wrong: String = letters.into_iter().collect();
                (!self.counts.contains_key(&wrong)).then_some(wrong)
            }
        }
    }

    /// The words of a text that someone may ask for: as written, and folded.
    fn telling(&self, text: &str) -> Vec<(String, String)> {
        words(text).into_iter().filter(|it| self.is_telling(&it.1)).collect()
    }

    fn is_telling(&self, word: &str) -> bool {
        WORD <= word.len()
            && word.bytes().all(|it| it.is_ascii_lowercase())
            && !dutch::is_stop_word(word)
            && self.counts.get(word).is_some_and(|it| it * 10 < self.documents.len() * 4)
    }
}

/// The words of a text in order, in lower case and folded. Hyphenated ones are left out: everyone reads those in
/// another way.
fn words(text: &str) -> Vec<(String, String)> {
    let spans = dutch::spans(text);
    let groups = spans.chunk_by(|_, next| next.is_joined).filter(|it| it.len() == 1);
    groups.map(|it| &text[it[0].range.clone()]).map(|it| (it.to_lowercase(), dutch::folded(it))).collect()
}

/// Values of so many facets of a document.
fn filters(document: &Document, facets: usize, random: &mut Random) -> Vec<(Facet, String)> {
    let mut res: Vec<(Facet, String)> = Vec::new();
    for _ in 0..20 {
        let it = &document.facets[random.below(document.facets.len())];
        if res.len() < facets && !res.iter().any(|known| known.0 == it.0) {
            res.push(it.clone());
        }
    }
    res
}

/// Numbers that are the same every time (SplitMix64).
struct Random(u64);

impl Random {
    /// A number below this one.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((it ^ (it >> 31)) % end as u64) as usize
    }
}
