//! The whole library as one value: what a content folder and a store both hold.
//!
//! Invariant: two libraries are equal exactly when they export to the same files.

use std::collections::{HashMap, HashSet};

use crate::domain::catalogue::{Catalogue, Item, ItemKind};
use crate::domain::fault::{Fault, Place};
use crate::domain::field::{self, Target};
use crate::domain::record::{Common, Own, Record};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Library {
    pub catalogue: Catalogue,
    pub records: Vec<Record>,
}

/// Which item of a library a fault belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    Item(ItemKind, String),
    Record(String),
}

impl Library {
    /// See [`check`].
    pub fn check(&self) -> Vec<(Subject, Fault)> {
        check(&self.catalogue, &self.records.iter().collect::<Vec<_>>())
    }
}

/// The faults between items: references to nothing, names with two owners, circles, slugs used twice.
pub fn check(catalogue: &Catalogue, records: &[&Record]) -> Vec<(Subject, Fault)> {
    Whole { catalogue, records }.check()
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
        let missing = |fields, values: &_, place: &Place| {
            let mut res = Vec::new();
            for (target, slug, place) in field::references(fields, values, place) {
                if !known.get(&target).is_some_and(|it| it.contains(slug.as_str())) {
                    let near = self.like(target, &slug);
                    let allowed = match near {
                        Some(near) => format!("bedoelde u \"{near}\"?"),
                        None => format!("voeg {} \"{slug}\" toe of verbeter de slug", target.label()),
                    };
                    res.push(Fault::new(&place, format!("{} \"{slug}\" bestaat niet", target.label()), allowed));
                }
            }
            res
        };
        for item in self.catalogue.items() {
            let subject = Subject::Item(item.kind(), item.slug().to_owned());
            let found = missing(Item::fields(item.kind()), &item.to_value(), &Place::root());
            faults.extend(found.into_iter().map(|fault| (subject.clone(), fault)));
        }
        for record in self.records {
            let values = record.to_value();
            let mut found = missing(Common::FIELDS, &values, &Place::root());
            found.extend(missing(Own::fields(record.kind()), &values, &Place::root()));
            faults.extend(found.into_iter().map(|fault| (Subject::Record(record.slug.clone()), fault)));
        }
        for (slug, fault) in self.catalogue.check_names() {
            faults.push((Subject::Item(ItemKind::Organisation, slug), fault));
        }
        for (kind, slug, fault) in self.catalogue.check_circles() {
            faults.push((Subject::Item(kind, slug), fault));
        }
        faults.extend(self.check_addresses());
        faults
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
