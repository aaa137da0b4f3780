//! A set of organisations by slug: who is in a group. Cheap to clone, and quick to compare with another one.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Slugs, sorted, each once.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Members(Arc<[Arc<str>]>);

impl Members {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this organisation is among them.
    pub fn contains(&self, slug: &str) -> bool {
        self.0.binary_search_by(|it| (**it).cmp(slug)).is_ok()
    }

    /// By slug, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Arc<str>> {
        self.0.iter()
    }

    /// Whether all of these are among the others.
    pub fn is_subset(&self, others: &Members) -> bool {
        self.is_same(others) || self.len() <= others.len() && self.iter().all(|it| others.contains(it))
    }

    /// Those that are in one of the two and not in the other.
    pub fn difference<'a>(&'a self, others: &'a Members) -> Vec<&'a Arc<str>> {
        let mut res: Vec<&Arc<str>> = Vec::new();
        let (mut ours, mut theirs) = (self.iter().peekable(), others.iter().peekable());
        while let (Some(one), Some(other)) = (ours.peek(), theirs.peek()) {
            match one.cmp(other) {
                std::cmp::Ordering::Less => res.extend(ours.next()),
                std::cmp::Ordering::Greater => res.extend(theirs.next()),
                std::cmp::Ordering::Equal => _ = (ours.next(), theirs.next()),
            }
        }
        res.extend(ours);
        res.extend(theirs);
        res
    }

    /// Those that something holds for.
    pub fn filtered(&self, mut holds: impl FnMut(&str) -> bool) -> Members {
        let kept: Vec<Arc<str>> = self.iter().filter(|it| holds(it)).cloned().collect();
        // Nothing is made anew when everybody stays.
        if kept.len() == self.len() { self.clone() } else { Members(kept.into()) }
    }

    /// Whether it is the very same set in memory.
    pub fn is_same(&self, other: &Members) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl FromIterator<Arc<str>> for Members {
    fn from_iter<I: IntoIterator<Item = Arc<str>>>(all: I) -> Members {
        let mut all: Vec<Arc<str>> = all.into_iter().collect();
        // The usual case: they come in order, and comparing neighbours is all there is to do.
        if !all.is_sorted_by(|a, b| a < b) {
            all.sort_unstable();
            all.dedup();
        }
        Members(all.into())
    }
}

impl<'a> FromIterator<&'a str> for Members {
    fn from_iter<I: IntoIterator<Item = &'a str>>(all: I) -> Members {
        all.into_iter().map(Arc::from).collect()
    }
}

impl FromIterator<String> for Members {
    fn from_iter<I: IntoIterator<Item = String>>(all: I) -> Members {
        all.into_iter().map(Arc::from).collect()
    }
}

impl<'a> IntoIterator for &'a Members {
    type Item = &'a Arc<str>;
    type IntoIter = std::slice::Iter<'a, Arc<str>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|it| &**it))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        Ok(BTreeSet::<String>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_whatever_the_order() {
        let some: Members = ["b", "a", "c", "b"].into_iter().collect();
        assert_eq!(some.iter().map(|it| &**it).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(some.contains("b") && !some.contains("d") && some.len() == 3 && !some.is_empty());
        let few: Members = ["c".to_owned(), "a".to_owned()].into_iter().collect();
        assert!(few.is_subset(&some) && !some.is_subset(&few) && Members::default().is_subset(&few));
        let other: Members = ["a", "d"].into_iter().collect();
        assert_eq!(some.difference(&other).iter().map(|it| &***it).collect::<Vec<_>>(), ["b", "c", "d"]);
        assert_eq!(some.difference(&some), Vec::<&Arc<str>>::new());
        assert!(some.filtered(|_| true).is_same(&some));
        assert_eq!(some.filtered(|it| it != "b"), few);
        let told = serde_json::to_string(&few).unwrap();
        assert_eq!((told.as_str(), serde_json::from_str::<Members>(&told).unwrap()), ("[\"a\",\"c\"]", few));
    }
}
