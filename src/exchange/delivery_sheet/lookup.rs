//! Indicators, organisations and parts by what people call them.

use std::collections::HashMap;

use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::Indicator;
use crate::domain::measurement::State;

use super::heading::plain;

pub(super) struct Lookup<'a> {
    catalogue: &'a Catalogue,
    /// By code and by name, without marks.
    indicators: HashMap<String, &'a Indicator>,
    organisations: HashMap<String, &'a str>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Lookup<'a> {
        let mut indicators = HashMap::new();
        for it in &catalogue.indicators {
            indicators.entry(plain(&it.name)).or_insert(it);
        }
        // A code wins from a name.
        for it in &catalogue.indicators {
            indicators.insert(plain(&it.slug), it);
        }
        let mut organisations = HashMap::new();
        for it in &catalogue.organisations {
            for alias in &it.aliases {
                organisations.entry(plain(&alias.name)).or_insert(it.slug.as_str());
            }
        }
        for it in &catalogue.organisations {
            organisations.insert(plain(&it.name), it.slug.as_str());
        }
        for it in &catalogue.organisations {
            organisations.insert(plain(&it.slug), it.slug.as_str());
        }
        Lookup { catalogue, indicators, organisations }
    }

    /// An indicator by its code or name.
    pub(super) fn indicator(&self, text: &str) -> Option<&'a Indicator> {
        self.catalogue.indicator(text).or_else(|| self.indicators.get(&plain(text)).copied())
    }

    /// The slug of an organisation by its slug or one of its names.
    pub(super) fn organisation(&self, text: &str) -> Option<&'a str> {
        self.organisations.get(&plain(text)).copied()
    }
}

/// The code of a part by its code or name; what is not known stays as it is, and is a fault later.
pub(super) fn part(indicator: &Indicator, text: &str) -> String {
    let wanted = plain(text);
    let found = indicator.parts.iter().find(|it| plain(&it.code) == wanted || plain(&it.name) == wanted);
    found.map_or_else(|| text.to_owned(), |it| it.code.clone())
}

/// A state by its word or label.
pub(super) fn state(text: &str) -> Option<State> {
    let wanted = plain(text);
    let fits = |it: &&crate::domain::vocabulary::Choice| plain(it.word) == wanted || plain(it.label) == wanted;
    let word = State::CHOICES.iter().find(fits).map(|it| it.word);
    match (word, wanted.as_str()) {
        (Some(word), _) => State::parse(word),
        (None, "n v t") => Some(State::NotApplicable),
        (None, "missing" | "onbekend" | "leeg") => Some(State::Missing),
        (None, "ok" | "ingevuld" | "reported") => Some(State::Reported),
        (None, "schatting" | "voorlopig") => Some(State::Estimated),
        _ => None,
    }
}
