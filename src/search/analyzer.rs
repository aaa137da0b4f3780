//! Words read by a lexicon: the stem, the parts of a compound, the weight, and the concepts they name.
//!
//! Texts repeat their words, so what was found out about a word is remembered.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::domain::concept::Concept;
use crate::search::compound::Splitter;
use crate::search::dutch;
use crate::search::lexicon::Lexicon;
use crate::search::stem::stem;

/// The most words that are remembered: a large library has about as many, in all their forms.
const REMEMBERED: usize = 150_000;

/// The shortest ordinary word that is taken for a part of a compound: shorter ones stand in too many words by chance.
const ORDINARY_PART: usize = 4;

/// How much of a name must stand among some words before they may mean it.
const NEARLY: f32 = 0.6;

/// Reads words by one lexicon.
#[derive(Debug, Default)]
pub struct Analyzer {
    splitter: Splitter,
    /// Stems of words of little weight.
    light: HashSet<String>,
    concepts: Vec<ConceptForms>,
    /// Ways to name a concept, by their first stem.
    forms: HashMap<String, Vec<Form>>,
    /// Names of several words that say something, and which of those have a stem.
    scattered: Vec<Scattered>,
    by_stem: HashMap<String, Vec<usize>>,
    /// Words of the lexicon as they are written, folded: a typing error may have meant one of them.
    known: HashSet<String>,
    /// Stems of words that are rightly spelled.
    ordinary: HashSet<String>,
    /// Knows the parts of compounds that are rightly spelled, though nobody needs to find them by those parts.
    spelled: Splitter,
    memo: RwLock<FxHashMap<Box<str>, Arc<Analysed>>>,
}

/// What is known of one word.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Analysed {
    pub folded: Box<str>,
    pub stem: Box<str>,
    /// Stems of the parts it is made of, in order; empty when it is no compound.
    pub parts: Vec<Box<str>>,
    /// Whether the parts make up the whole word.
    pub is_full: bool,
    /// Stems of the parts of those parts.
    pub inner: Vec<Box<str>>,
}

/// A concept with all its names.
#[derive(Debug, Clone)]
pub struct ConceptForms {
    pub name: String,
    pub forms: Vec<Named>,
}

/// One name of a concept, ready to look for.
#[derive(Debug, Clone)]
pub struct Named {
    pub text: String,
    /// Its words in order, each as its stem.
    pub stems: Vec<String>,
    pub kind: FormKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    Name,
    Short,
    /// Short, and only in capitals.
    Ambiguous,
    Synonym,
    /// Found along, never the other way round.
    Related,
}

/// A way to name a concept: which one, and the stems after the first.
#[derive(Debug, Clone)]
struct Form {
    rest: Vec<String>,
    concept: usize,
    /// The only spelling that counts, when capitals matter.
    capitals: Option<String>,
}

/// A name of a concept whose words may stand apart: their stems, without stop words.
#[derive(Debug, Clone)]
struct Scattered {
    stems: Vec<String>,
    concept: usize,
}

/// A concept of which words of a name stand among others.
#[derive(Debug, Clone, PartialEq)]
pub struct Among {
    pub concept: usize,
    /// The places of the words.
    pub places: Vec<usize>,
    /// How much of the name they are, by how much each word says among all names; 1 for the whole.
    pub share: f32,
}

impl Among {
    /// The longest name says most, a whole one more than a piece.
    fn order(&self) -> (f32, usize) {
        (self.share, self.places.len())
    }
}

impl Analyzer {
    pub fn new(lexicon: &Lexicon) -> Analyzer {
        let splitter = Splitter::new(strs(&lexicon.parts), strs(&lexicon.proven), strs(&lexicon.whole));
        let mut res = Analyzer {
            splitter,
            light: lexicon.light.iter().map(|it| stem(it)).collect(),
            known: lexicon.parts.union(&lexicon.ordinary).cloned().collect(),
            ordinary: lexicon.all().map(|it| stem(it)).collect(),
            spelled: Splitter::new(
                strs(&lexicon.parts).chain(strs(&lexicon.ordinary).filter(|it| ORDINARY_PART <= it.len())),
                strs(&lexicon.proven),
                strs(&lexicon.whole),
            ),
            ..Analyzer::default()
        };
        for concept in &lexicon.concepts {
            res.add(concept);
        }
        res
    }

    fn add(&mut self, concept: &Concept) {
        let at = self.concepts.len();
        let of = |kind: FormKind, texts: &[String]| texts.iter().map(|it| (kind, it.clone())).collect::<Vec<_>>();
        let all = [
            vec![(FormKind::Name, concept.name.clone())],
            of(FormKind::Short, &concept.short_forms),
            of(FormKind::Ambiguous, &concept.ambiguous_short_forms),
            of(FormKind::Synonym, &concept.synonyms),
            of(FormKind::Related, &concept.related),
        ]
        .concat();
        let mut forms: Vec<Named> = Vec::new();
        for (kind, text) in all {
            let written = dutch::written(&text);
            let apart: Vec<String> = written.iter().flat_map(|it| &it.parts).map(|it| stem(&it.text)).collect();
            if apart.is_empty() {
                continue;
            }
            self.known.extend(written.iter().flat_map(|it| &it.parts).map(|it| it.text.clone()));
            if matches!(kind, FormKind::Name | FormKind::Synonym) {
                let says = written.iter().flat_map(|it| &it.parts).filter(|it| !dutch::is_stop_word(&it.text));
                let stems: BTreeSet<String> = says.map(|it| stem(&it.text)).collect();
                if 1 < stems.len() {
                    let name = self.scattered.len();
                    stems.iter().for_each(|it| self.by_stem.entry(it.clone()).or_default().push(name));
                    self.scattered.push(Scattered { stems: stems.into_iter().collect(), concept: at });
                }
            }
            let mut ways = vec![apart.clone()];
            if let [it] = &written[..] {
                ways.extend(it.joined.iter().map(|it| vec![stem(&it.text)]));
            }
            if kind != FormKind::Related {
                for way in ways {
                    let mut stems = way.into_iter();
                    let Some(first) = stems.next() else { continue };
                    let capitals = (kind == FormKind::Ambiguous).then(|| text.clone());
                    let form = Form { rest: stems.collect(), concept: at, capitals };
                    self.forms.entry(first).or_default().push(form);
                }
            }
            // Two names of the same stems are one to the search.
            if !forms.iter().any(|it| it.stems == apart) {
                forms.push(Named { text, stems: apart, kind });
            }
        }
        self.concepts.push(ConceptForms { name: concept.name.clone(), forms });
    }

    /// What is known of a word as it stands in a text.
    pub fn word(&self, raw: &str) -> Arc<Analysed> {
        if let Some(known) = self.memo.read().unwrap_or_else(PoisonError::into_inner).get(raw) {
            return known.clone();
        }
        let res = Arc::new(self.work_out(dutch::folded(raw)));
        let mut memo = self.memo.write().unwrap_or_else(PoisonError::into_inner);
        if memo.len() < REMEMBERED && raw.len() <= dutch::LONGEST {
            memo.insert(raw.into(), res.clone());
        }
        res
    }

    fn work_out(&self, folded: String) -> Analysed {
        let split = self.splitter.split(&folded);
        let whole = stem(&folded);
        let mut parts: Vec<Box<str>> = Vec::new();
        let mut inner: Vec<Box<str>> = Vec::new();
        for part in &split.parts {
            parts.push(stem(part).into());
            inner.extend(self.splitter.split(part).parts.iter().map(|it| Box::from(stem(it))));
        }
        parts.retain(|it| **it != *whole);
        inner.retain(|it| **it != *whole && !parts.contains(it));
        let is_full = split.is_full && parts.len() == split.parts.len();
        Analysed { stem: whole.into(), parts, is_full, inner, folded: folded.into() }
    }

    /// The last part of a compound, as it stands in the word.
    pub fn last_part(&self, raw: &str) -> Option<String> {
        self.splitter.split(&dutch::folded(raw)).parts.pop()
    }

    /// Whether a word is rightly spelled, whether a document has it or not: one of everyday language or of the lexicon.
    pub fn is_ordinary(&self, word: &Analysed) -> bool {
        self.ordinary.contains(&*word.stem) || self.known.contains(&*word.folded)
    }

    /// The parts that make up the whole of a folded word, as they stand in it; empty when it is no compound.
    pub fn full_parts(&self, folded: &str) -> Vec<String> {
        let split = self.splitter.split(folded);
        if split.is_full { split.parts } else { vec![] }
    }

    /// Stems of the ordinary words that make up the whole of a folded word; empty when it is no such compound.
    pub fn ordinary_parts(&self, folded: &str) -> Vec<String> {
        let split = self.spelled.split(folded);
        if split.is_full { split.parts.iter().map(|it| stem(it)).collect() } else { vec![] }
    }

    /// Whether a stem says little by itself.
    pub fn is_light(&self, stem: &str) -> bool {
        self.light.contains(stem)
    }

    /// The concepts that a row of words begins to name, the longest name first: how many words, and which concept.
    /// Each word is as typed with its stem.
    pub fn concepts_at(&self, words: &[(&str, &str)]) -> Vec<(usize, usize)> {
        let Some(((raw, first), rest)) = words.split_first() else { return vec![] };
        let fits = |form: &&Form| {
            form.rest.len() <= rest.len()
                && form.rest.iter().zip(rest).all(|(asked, (_, stem))| asked == stem)
                && form.capitals.as_ref().is_none_or(|it| it == raw)
        };
        let found = self.forms.get(*first).into_iter().flatten().filter(fits);
        let mut res: Vec<(usize, usize)> = found.map(|it| (it.rest.len() + 1, it.concept)).collect();
        res.sort_by_key(|it| (std::cmp::Reverse(it.0), it.1));
        res.dedup();
        res
    }

    /// The concepts of which the words of a name, or nearly all of them, stand somewhere among some words; the most
    /// telling first. The words are given by their stems; empty ones say nothing.
    pub fn concepts_among(&self, stems: &[&str]) -> Vec<Among> {
        let mut met: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, word) in stems.iter().enumerate() {
            if stems[..at].contains(word) {
                continue;
            }
            for name in self.by_stem.get(*word).into_iter().flatten() {
                met.entry(*name).or_default().push(at);
            }
        }
        let mut res: Vec<Among> = Vec::new();
        for (name, places) in met.into_iter().filter(|it| 1 < it.1.len()) {
            let name = &self.scattered[name];
            let is_whole = places.len() == name.stems.len();
            let all: f32 = name.stems.iter().map(|it| self.says(it)).sum();
            let share = if is_whole { 1.0 } else { places.iter().map(|at| self.says(stems[*at])).sum::<f32>() / all };
            if share < NEARLY {
                continue;
            }
            let found = Among { concept: name.concept, places, share };
            match res.iter_mut().find(|it| it.concept == found.concept) {
                Some(known) if known.order() < found.order() => *known = found,
                Some(_) => (),
                None => res.push(found),
            }
        }
        res.sort_by(|a, b| {
            b.order().partial_cmp(&a.order()).unwrap_or(Ordering::Equal).then(a.concept.cmp(&b.concept))
        });
        res
    }

    /// How much a stem says among the names of concepts, as an inverse document frequency.
    fn says(&self, stem: &str) -> f32 {
        let names = self.by_stem.get(stem).map_or(0, Vec::len) as f32;
        (1.0 + self.scattered.len() as f32 / (1.0 + names)).ln()
    }

    pub fn concept(&self, at: usize) -> Option<&ConceptForms> {
        self.concepts.get(at)
    }

    pub fn concepts(&self) -> &[ConceptForms] {
        &self.concepts
    }

    /// Words of the lexicon, folded.
    pub fn known(&self) -> &HashSet<String> {
        &self.known
    }
}

fn strs(words: &BTreeSet<String>) -> impl Iterator<Item = &str> {
    words.iter().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analyzer() -> Analyzer {
        let set = |words: &str| words.split(' ').map(str::to_owned).collect();
        Analyzer::new(&Lexicon {
            parts: set("ziekte verzuim beleid zorg plan verpleeghuis verpleeg huis"),
            light: set("verlagen terugdringen"),
            concepts: vec![
                Concept {
                    slug: "so".into(),
                    name: "specialist ouderengeneeskunde".into(),
                    ambiguous_short_forms: vec!["SO".into()],
                    related: vec!["behandelaar".into()],
                    ..Concept::default()
                },
                Concept {
                    slug: "ehealth".into(),
                    name: "e-health".into(),
                    synonyms: vec!["digitale zorg".into()],
                    ..Concept::default()
                },
            ],
            ..Lexicon::default()
        })
    }

    fn named(words: &str) -> Vec<(usize, usize)> {
        let stems: Vec<String> = words.split(' ').map(|it| stem(&it.to_lowercase())).collect();
        let pairs: Vec<(&str, &str)> = words.split(' ').zip(stems.iter().map(String::as_str)).collect();
        analyzer().concepts_at(&pairs)
    }

    #[test]
    fn words_have_stems_and_parts() {
        let analyzer = analyzer();
        let word = analyzer.word("Ziekteverzuimbeleid");
        assert_eq!((&*word.folded, word.is_full), ("ziekteverzuimbeleid", true));
        assert_eq!(word.parts, ["ziekt", "verzuim", "beleid"].map(|it| Box::from(stem(it))));
        let word = analyzer.word("verpleeghuiszorg");
        assert_eq!(word.parts, ["verpleeghuis", "zorg"].map(|it| Box::from(stem(it))));
        assert!(word.inner.contains(&"huis".into()));
        assert_eq!(analyzer.word("plannen").parts, [] as [Box<str>; 0]);
        assert!(analyzer.is_light(&stem("verlaagt")) || analyzer.is_light(&stem("verlagen")));
    }

    #[test]
    fn concepts_are_named_by_their_words() {
        assert_eq!(named("SO"), [(1, 0)]);
        assert_eq!(named("so"), []);
        assert_eq!(named("specialisten ouderengeneeskunde"), [(2, 0)]);
        assert_eq!(named("specialist"), []);
        assert_eq!(named("behandelaar"), []);
        assert_eq!(named("ehealth"), [(1, 1)]);
        assert_eq!(named("digitale zorg thuis"), [(2, 1)]);
        let (digital, care) = (stem("digitale"), stem("zorg"));
        let whole = Among { concept: 1, places: vec![0, 2], share: 1.0 };
        assert_eq!(analyzer().concepts_among(&[&care, "", &digital]), [whole]);
        assert_eq!(analyzer().concepts_among(&[&care, ""]), []);
    }
}
