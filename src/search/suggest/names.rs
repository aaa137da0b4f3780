//! The names of a catalogue, prepared for finding them by the beginnings of their words: what is typed is looked up
//! among the different words of all names, not in every name.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::domain::catalogue::Catalogue;
use crate::search::dutch;
use crate::text::dutch::sort_key;

use super::typed::{Typed, Word};
use super::{Fit, Kind, Suggestion};

/// All names by which themes, organisations and concepts are known.
pub struct Names {
    catalogue: Arc<Catalogue>,
    names: Vec<Name>,
    /// Every different word, folded and in order, with the names it stands in.
    words: Vec<(Box<str>, Vec<u32>)>,
}

/// One name of one item.
struct Name {
    kind: Kind,
    /// The place of the item in its list.
    item: u32,
    /// How it is written, when it is not the item's own name.
    form: Option<Box<str>>,
    key: Box<str>,
    letters: u32,
    standing: Standing,
}

/// What a name is to its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// Its own name or a short form of that.
    Own,
    /// Another name.
    Other,
}

/// An item with the name that fits best.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    pub kind: Kind,
    name: u32,
}

impl Names {
    pub fn new(catalogue: &Arc<Catalogue>) -> Names {
        let mut res = Filling::default();
        for (at, it) in catalogue.themes.iter().enumerate() {
            res.add(Kind::Theme, at, &it.name, None);
        }
        for (at, it) in catalogue.organisations.iter().enumerate() {
            res.add(Kind::Organisation, at, &it.name, None);
            it.aliases.iter().for_each(|it| res.add(Kind::Organisation, at, &it.name, Some(Standing::Other)));
        }
        for (at, it) in catalogue.concepts.iter().enumerate() {
            res.add(Kind::Concept, at, &it.name, None);
            for short in it.short_forms.iter().chain(&it.ambiguous_short_forms) {
                res.add(Kind::Concept, at, short, Some(Standing::Own));
            }
            it.synonyms.iter().for_each(|it| res.add(Kind::Concept, at, it, Some(Standing::Other)));
        }
        Names { catalogue: catalogue.clone(), names: res.names, words: res.words.into_iter().collect() }
    }

    /// Whether these are the names of this very catalogue.
    pub fn is_of(&self, catalogue: &Arc<Catalogue>) -> bool {
        Arc::ptr_eq(&self.catalogue, catalogue)
    }

    /// The items with a name that fits, the best first; each once.
    pub fn find(&self, typed: &Typed) -> Vec<Found> {
        // Per name the typing errors so far; names that lack a word have none.
        let mut faults: Vec<Option<u8>> = vec![Some(0); self.names.len()];
        for word in &typed.words {
            let mut of_word: Vec<Option<u8>> = vec![None; self.names.len()];
            for (count, names) in self.beginning(word) {
                for at in names {
                    let it = &mut of_word[*at as usize];
                    *it = Some(it.map_or(count, |it| it.min(count)));
                }
            }
            for (sum, it) in faults.iter_mut().zip(of_word) {
                *sum = sum.zip(it).map(|(sum, it)| sum.saturating_add(it));
            }
        }
        let fitting = self.names.iter().zip(faults).enumerate().filter_map(|(at, (name, faults))| {
            let begins = name.key.starts_with(&typed.key);
            Some(((Fit::new(begins, faults?), name.standing, name.letters, &*name.key), at as u32))
        });
        let mut fitting: Vec<_> = fitting.collect();
        fitting.sort_unstable();
        let mut seen = HashSet::new();
        let found = fitting.into_iter().map(|(_, name)| (&self.names[name as usize], name));
        let once = found.filter(|(it, _)| seen.insert((it.kind, it.item)));
        once.map(|(it, name)| Found { kind: it.kind, name }).collect()
    }

    /// The words that a typed word begins, with its typing errors and the names they stand in.
    fn beginning<'a>(&'a self, word: &Word) -> Vec<(u8, &'a [u32])> {
        let from = self.words.partition_point(|it| *it.0 < *word.text);
        let begun = self.words[from..].iter().take_while(|it| it.0.starts_with(&word.text));
        let begun: Vec<_> = begun.map(|it| (0, &*it.1)).collect();
        if !begun.is_empty() || word.faults == 0 {
            return begun;
        }
        self.words.iter().filter_map(|it| Some((word.begins(&it.0)?, &*it.1))).collect()
    }

    /// What is found as it is shown.
    pub fn suggestion(&self, found: &Found) -> Suggestion {
        let name = &self.names[found.name as usize];
        let at = name.item as usize;
        let (slug, own) = match name.kind {
            Kind::Theme => self.catalogue.themes.get(at).map(|it| (&it.slug, &it.name)),
            Kind::Organisation => self.catalogue.organisations.get(at).map(|it| (&it.slug, &it.name)),
            Kind::Concept => self.catalogue.concepts.get(at).map(|it| (&it.slug, &it.name)),
            Kind::Title => None,
        }
        .map(|(slug, name)| (slug.clone(), name.clone()))
        .unwrap_or_default();
        Suggestion { slug, name: own, form: name.form.as_deref().map(str::to_owned) }
    }
}

#[derive(Default)]
struct Filling {
    names: Vec<Name>,
    words: BTreeMap<Box<str>, Vec<u32>>,
}

impl Filling {
    /// Adds a name; `other` says what it is when it is not the item's own.
    fn add(&mut self, kind: Kind, item: usize, text: &str, other: Option<Standing>) {
        let at = self.names.len() as u32;
        for word in dutch::words(text) {
            let names = self.words.entry(word.text.into()).or_default();
            if names.last() != Some(&at) {
                names.push(at);
            }
        }
        let key = sort_key(text);
        self.names.push(Name {
            kind,
            item: item as u32,
            form: other.map(|_| text.into()),
            letters: key.chars().count() as u32,
            key: key.into(),
            standing: other.unwrap_or(Standing::Own),
        });
    }
}
