//! The files of a document in the index: the words of their pages, and where each page begins among them. The text
//! itself stays in the store; a hit says which page to read there.
//!
//! Words in a file count less than words of the document itself: a long report says much in passing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tantivy::DocAddress;

use crate::domain::record::Record;
use crate::search::analyzer::Analyzer;
use crate::search::dutch;
use crate::search::marks::{Marks, PART};
use crate::search::position;
use crate::search::query::{ATTACHED, ATTACHED_PARTS};
use crate::search::terms::Terms;
use crate::store;
use crate::store::Store;
use crate::store::attachment::{self, Page};

/// How much text of the files of one document is read, in bytes.
const TEXT_MAX: usize = 2_000_000;
/// A page must show so much more than the document itself to be named.
const MORE: f32 = 0.05;

/// A file of a document with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    pub hash: String,
    pub name: String,
    pub title: String,
    pub pages: Vec<Page>,
}

/// The files of documents with their text, in the order of the documents.
pub async fn read<'a>(store: &Store, records: impl Iterator<Item = &'a Record>) -> store::Result<Vec<Vec<File>>> {
    let mut res = Vec::new();
    for record in records {
        let named = &record.common.attachments;
        let mut files = Vec::with_capacity(named.len());
        if !named.is_empty() {
            let hashes: Vec<&str> = named.iter().map(|it| it.file.as_str()).collect();
            let mut pages = attachment::pages(store, &hashes).await?;
            for it in named {
                let pages = pages.remove(&it.file).unwrap_or_default();
                files.push(File { hash: it.file.clone(), name: it.name.clone(), title: it.title.clone(), pages });
            }
        }
        res.push(files);
    }
    Ok(res)
}

/// Where a page of a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOf {
    pub hash: String,
    pub number: i32,
    /// The name of the file, which is its address.
    pub name: String,
    pub title: String,
    /// "p. 14", or nothing.
    pub label: String,
}

/// Where the pages of the files of a document begin, as the index keeps it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Places {
    /// Hash, name and title.
    files: Vec<(String, String, String)>,
    /// First word, first part of a compound, file, number, label.
    pages: Vec<(u32, u32, usize, i32, String)>,
}

impl Places {
    /// Notes the pages of files; `read` takes a text in and says how many words and parts there are after it.
    pub(crate) fn of(files: &[File], mut read: impl FnMut(&str) -> (u32, u32)) -> Places {
        let mut res = Places::default();
        let (mut next, mut left) = ((0, 0), TEXT_MAX);
        for (at, file) in files.iter().enumerate() {
            res.files.push((file.hash.clone(), file.name.clone(), file.title.clone()));
            for page in &file.pages {
                if left < page.text.len() {
                    return res;
                }
                left -= page.text.len();
                res.pages.push((next.0, next.1, at, page.number, page.label.clone()));
                next = read(&page.text);
            }
        }
        res
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    fn page(&self, at: usize) -> Option<PageOf> {
        let (_, _, file, number, label) = self.pages.get(at)?;
        let (hash, name, title) = self.files.get(*file)?.clone();
        Some(PageOf { hash, number: *number, name, title, label: label.clone() })
    }

    /// The page that a word or part stands on.
    fn page_of(&self, position: u32, is_part: bool) -> usize {
        let starts = |it: &(u32, u32, usize, i32, String)| if is_part { it.1 } else { it.0 };
        self.pages.partition_point(|it| starts(it) <= position).saturating_sub(1)
    }
}

/// The page that shows most of what was asked for, when it shows more than the fragment of the document does.
pub(crate) fn best(
    terms: &Terms,
    address: DocAddress,
    places: &str,
    marks: &Marks,
    fragment: &str,
    analyzer: &Analyzer,
) -> tantivy::Result<Option<PageOf>> {
    let Ok(places) = serde_json::from_str::<Places>(places) else { return Ok(None) };
    if places.is_empty() {
        return Ok(None);
    }
    let stems: Vec<(&str, usize, f32)> = marks.stems().collect();
    // Per page what shows each thing asked for best.
    let mut shown: BTreeMap<usize, BTreeMap<usize, f32>> = BTreeMap::new();
    for (place, share) in [(ATTACHED, 1.0), (ATTACHED_PARTS, PART)] {
        for it in position::placed(terms, &stems, &[(place, share)], &[address])?.into_iter().flatten() {
            let of_page = shown.entry(places.page_of(it.at, place == ATTACHED_PARTS)).or_default();
            let best = of_page.entry(it.clause).or_default();
            *best = best.max(it.weight);
        }
    }
    let value = |it: &BTreeMap<usize, f32>| it.values().sum::<f32>();
    // The first of those that show as much.
    let best = shown.iter().rev().max_by(|a, b| value(a.1).total_cmp(&value(b.1)));
    let least = of_fragment(fragment, marks, analyzer) + MORE;
    Ok(best.filter(|it| least < value(it.1)).and_then(|it| places.page(*it.0)))
}

/// How much a fragment shows of what was asked for.
fn of_fragment(html: &str, marks: &Marks, analyzer: &Analyzer) -> f32 {
    let mut best: BTreeMap<usize, f32> = BTreeMap::new();
    for marked in html.split("<mark>").skip(1).filter_map(|it| it.split_once("</mark>")) {
        let text = marked.0.replace("&#39;", "'").replace("&amp;", "&");
        let whole = dutch::folded(&text);
        let words = dutch::words(&text);
        let each = words.iter().filter_map(|it| marks.of_word(&it.text, analyzer));
        for (clause, weight) in each.chain(marks.get(&analyzer.word(&whole).stem)) {
            let known = best.entry(clause).or_default();
            *known = known.max(weight);
        }
    }
    best.values().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_found_by_the_place_of_a_word() {
        let page = |number, text: &str| Page { number, label: format!("p. {number}"), text: text.into() };
        let file = |name: &str, pages| File { hash: "h".into(), name: name.into(), title: "T".into(), pages };
        let files = [file("a.pdf", vec![page(1, "een twee"), page(3, "drie")]), file("b.pdf", vec![page(1, "vier")])];
        let mut next = 0;
        let places = Places::of(&files, |text| {
            next += text.split(' ').count() as u32;
            (next, 0)
        });
        let named = |position| {
            let found = places.page(places.page_of(position, false)).unwrap();
            (found.name, found.label)
        };
        assert_eq!(named(1), ("a.pdf".to_owned(), "p. 1".to_owned()));
        assert_eq!(named(2), ("a.pdf".to_owned(), "p. 3".to_owned()));
        assert_eq!(named(3), ("b.pdf".to_owned(), "p. 1".to_owned()));
    }
}
