//! A list of the catalogue: items in the order their editor chose, found by slug at once.
//!
//! Invariant: the index fits the items. Items are added and never changed in place, so it cannot be out of date.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::ops::Deref;

/// What has an address among its like.
pub trait HasSlug {
    fn slug(&self) -> &str;
}

/// Reads like a slice.
#[derive(Clone, PartialEq, Default)]
pub struct List<T> {
    items: Vec<T>,
    positions: HashMap<String, usize>,
}

impl<T: HasSlug> List<T> {
    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        // Of two with one slug, a fault elsewhere, the first is found.
        if let Entry::Vacant(free) = self.positions.entry(item.slug().to_owned()) {
            free.insert(self.items.len());
        }
        self.items.push(item);
    }

    /// The item of a slug.
    pub fn by_slug(&self, slug: &str) -> Option<&T> {
        self.positions.get(slug).and_then(|at| self.items.get(*at))
    }
}

impl<T: HasSlug> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> List<T> {
        let mut res = List { items: Vec::new(), positions: HashMap::new() };
        items.into_iter().for_each(|item| res.push(item));
        res
    }
}

impl<T: HasSlug> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> List<T> {
        items.into_iter().collect()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Default)]
    struct Named(&'static str, u8);

    impl HasSlug for Named {
        fn slug(&self) -> &str {
            self.0
        }
    }

    #[test]
    fn every_item_is_found() {
        let mut list: List<Named> = vec![Named("b", 1), Named("a", 2)].into();
        list.push(Named("c", 3));
        list.push(Named("b", 4));
        for (slug, number) in [("a", Some(2)), ("b", Some(1)), ("c", Some(3)), ("d", None), ("", None)] {
            assert_eq!(list.by_slug(slug).map(|it| it.1), number, "{slug}");
        }
        assert_eq!(list.iter().map(|it| it.1).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }

    #[test]
    fn lists_are_equal_by_their_items_and_order() {
        let list = |slugs: &[&'static str]| slugs.iter().map(|it| Named(it, 0)).collect::<List<_>>();
        assert_eq!(list(&["a", "b"]), list(&["a", "b"]));
        assert_ne!(list(&["a", "b"]), list(&["b", "a"]));
        assert_eq!(list(&[]), List::default());
    }
}
