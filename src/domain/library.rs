//! The whole library as one value: what a content folder and a store both hold.
//!
//! Invariant: two libraries are equal exactly when they export to the same files.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::domain::catalogue::{Catalogue, Item, ItemKind};
use crate::domain::fault::{Fault, Place};
use crate::domain::field::{self, Field, Target};
use crate::domain::measurement::{Key, Measurement};
use crate::domain::record::{Common, Own, Record};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Library {
    pub catalogue: Catalogue,
    pub records: Vec<Record>,
    /// What organisations published of themselves; what they delivered to compare is not part of it.
    pub measurements: Vec<Measurement>,
}

/// Which item of a library a fault belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    Item(ItemKind, String),
    Record(String),
    Measurement(Key),
}

impl Library {
    /// See [`check`].
    pub fn check(&self) -> Vec<(Subject, Fault)> {
        let records: Vec<&Record> = self.records.iter().collect();
        let mut faults = check(&self.catalogue, &records);
        faults.extend(check_measurements(&self.catalogue, &records, &self.measurements));
        faults
    }
}

/// The faults of measurements: references to nothing, and what does not fit their indicator.
pub fn check_measurements(
    catalogue: &Catalogue,
    records: &[&Record],
    measurements: &[Measurement],
) -> Vec<(Subject, Fault)> {
    let whole = Whole { catalogue, records };
    let known = whole.slugs();
    let mut faults = Vec::new();
    for it in measurements {
        let mut found = whole.missing(&known, Measurement::FIELDS, &field::to_value(it), &Place::root());
        if let Some(indicator) = catalogue.indicator(&it.indicator) {
            found.extend(it.check(indicator));
        }
        faults.extend(found.into_iter().map(|fault| (Subject::Measurement(it.key()), fault)));
    }
    faults
}

/// The faults between items: references to nothing, names with two owners, circles, slugs used twice.
pub fn check(catalogue: &Catalogue, records: &[&Record]) -> Vec<(Subject, Fault)> {
    Whole { catalogue, records }.check()
}

/// The faults of documents by themselves, where the lists are sound: what one change of a document can break.
pub fn check_records(catalogue: &Catalogue, records: &[&Record]) -> Vec<(Subject, Fault)> {
    let whole = Whole { catalogue, records };
    whole.check_records(&whole.slugs())
}

/// A library of which the parts may stand in different places: copies of many documents would fill the memory.
struct Whole<'a> {
    catalogue: &'a Catalogue,
    records: &'a [&'a Record],
}

impl Whole<'_> {
    fn check(&self) -> Vec<(Subject, Fault)> {
        let known = self.slugs();
        let mut faults = Vec::new();
        for item in self.catalogue.items() {
            let subject = Subject::Item(item.kind(), item.slug().to_owned());
            let found = self.missing(&known, Item::fields(item.kind()), &item.to_value(), &Place::root());
            faults.extend(found.into_iter().map(|fault| (subject.clone(), fault)));
        }
        for (slug, fault) in self.catalogue.check_names() {
            faults.push((Subject::Item(ItemKind::Organisation, slug), fault));
        }
        for (kind, slug, fault) in self.catalogue.check_circles() {
            faults.push((Subject::Item(kind, slug), fault));
        }
        faults.extend(self.check_records(&known));
        faults
    }

    fn check_records(&self, known: &HashMap<Target, HashSet<&str>>) -> Vec<(Subject, Fault)> {
        let mut faults = Vec::new();
        for record in self.records {
            let values = record.to_value();
            let mut found = self.missing(known, Common::FIELDS, &values, &Place::root());
            found.extend(self.missing(known, Own::fields(record.kind()), &values, &Place::root()));
            faults.extend(found.into_iter().map(|fault| (Subject::Record(record.slug.clone()), fault)));
        }
        faults.extend(self.check_addresses());
        faults
    }

    /// References to what is not there.
    fn missing(
        &self,
        known: &HashMap<Target, HashSet<&str>>,
        fields: &[Field],
        values: &Map<String, Value>,
        place: &Place,
    ) -> Vec<Fault> {
        let mut res = Vec::new();
        for (target, slug, place) in field::references(fields, values, place) {
            if !known.get(&target).is_some_and(|it| it.contains(slug.as_str())) {
                let allowed = match self.like(target, &slug) {
                    Some(near) => format!("bedoelde u \"{near}\"?"),
                    None => format!("voeg {} \"{slug}\" toe of verbeter de slug", target.label()),
                };
                res.push(Fault::new(&place, format!("{} \"{slug}\" bestaat niet", target.label()), allowed));
            }
        }
        res
    }

    /// An address, present or former, leads to one document.
    fn check_addresses(&self) -> Vec<(Subject, Fault)> {
        let mut owner: HashMap<&str, &str> =
            self.records.iter().map(|it| (it.slug.as_str(), it.slug.as_str())).collect();
        let mut faults = Vec::new();
        for record in self.records {
            for (at, former) in record.common.former_slugs.iter().enumerate() {
                if let Some(of) = owner.insert(former, &record.slug) {
                    let place = Place::root().key("oude_slugs").at(at);
                    let wrong = format!("het adres \"{former}\" is al van document \"{of}\"");
                    let fault = Fault::new(&place, wrong, "een adres leidt naar één document");
                    faults.push((Subject::Record(record.slug.clone()), fault));
                }
            }
        }
        faults
    }

    fn slugs(&self) -> HashMap<Target, HashSet<&str>> {
        let mut res: HashMap<Target, HashSet<&str>> = HashMap::new();
        let lists = self.catalogue;
        res.insert(Target::Record, self.records.iter().map(|it| it.slug.as_str()).collect());
        res.insert(Target::BuildingBlock, lists.building_blocks.iter().map(|it| it.slug.as_str()).collect());
        res.insert(Target::Region, lists.regions.iter().map(|it| it.slug.as_str()).collect());
        res.insert(Target::Organisation, lists.organisations.iter().map(|it| it.slug.as_str()).collect());
        res.insert(Target::Programme, lists.programmes.iter().map(|it| it.slug.as_str()).collect());
        res.insert(Target::Theme, lists.themes.iter().map(|it| it.slug.as_str()).collect());
        res.insert(Target::Indicator, lists.indicators.iter().map(|it| it.slug.as_str()).collect());
        res
    }

    /// A slug that shares most words with a wrong one.
    fn like(&self, target: Target, slug: &str) -> Option<String> {
        let words: HashSet<&str> = slug.split('-').collect();
        let known = self.slugs();
        known
            .get(&target)?
            .iter()
            .map(|it| {
                let theirs: HashSet<&str> = it.split('-').collect();
                let shared: usize = words.intersection(&theirs).map(|it| it.len()).sum();
                let all: usize = words.union(&theirs).map(|it| it.len()).sum();
                (2 * shared).checked_sub(all).map(|score| (score, it.to_string()))
            })
            .max()?
            .map(|(_, it)| it)
    }
}
