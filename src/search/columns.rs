//! The values of the documents of one segment, packed: what counting, filtering and ordering need, without a lookup
//! per value. A segment never changes, so this is made once for each.
//!
//! Invariant: every document carries a value at most once (see `search::document`).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::{Bound, Range};

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

use crate::domain::visibility::Audience;
use crate::search::request::Facet;
use crate::search::schema::{AUDIENCE, COMPLETENESS, ORGANISATION_ROLE, RECENCY, REVIEW_BY, SLUG, SORT_TITLE};

/// The groups of values: the facets, and organisations with their role.
pub const GROUPS: usize = Facet::ALL.len() + 1;
/// The group of organisations with their role.
pub const ROLES: usize = Facet::ALL.len();

/// Values of each document, as codes.
#[derive(Debug, Default)]
struct Packed {
    /// Where the codes of a document begin; one more than there are documents.
    starts: Vec<u32>,
    codes: Vec<u32>,
}

impl Packed {
    fn of(&self, doc: DocId) -> &[u32] {
        let doc = doc as usize;
        &self.codes[self.starts[doc] as usize..self.starts[doc + 1] as usize]
    }
}

/// The packed values of one segment.
#[derive(Debug)]
pub struct Columns {
    /// The value of each code: first those of the first group, in order.
    values: Vec<Box<str>>,
    groups: [Range<u32>; GROUPS],
    facets: Packed,
    roles: Packed,
    /// Per document which of `audiences` may read it.
    readers: Vec<u32>,
    audiences: Vec<Readers>,
    recency: Vec<u32>,
    completeness: Vec<u8>,
    review_by: Vec<u32>,
    slug: Option<StrColumn>,
    title: Option<StrColumn>,
    /// How long each title is, in letters, by its place in the order of titles.
    title_letters: Vec<u8>,
}

impl Columns {
    pub fn read(segment: &SegmentReader) -> tantivy::Result<Columns> {
        let fast = segment.fast_fields();
        let documents = segment.max_doc();
        let mut values: Vec<Box<str>> = Vec::new();
        let mut groups: [Range<u32>; GROUPS] = std::array::from_fn(|_| 0..0);
        let mut columns: Vec<Option<StrColumn>> = Vec::with_capacity(GROUPS);
        for (at, group) in groups.iter_mut().enumerate() {
            let name = if at == ROLES { ORGANISATION_ROLE } else { Facet::ALL[at].column() };
            let column = fast.str(name)?;
            let first = values.len() as u32;
            if let Some(column) = &column {
                values.extend(terms(column)?);
            }
            *group = first..values.len() as u32;
            columns.push(column);
        }
        let pack = |range: Range<usize>| {
            let mut res = Packed { starts: vec![0], codes: Vec::new() };
            for doc in 0..documents {
                for at in range.clone() {
                    let Some(column) = &columns[at] else { continue };
                    res.codes.extend(column.ords().values_for_doc(doc).map(|ord| groups[at].start + ord as u32));
                }
                res.starts.push(res.codes.len() as u32);
            }
            res
        };
        let (facets, roles) = (pack(0..ROLES), pack(ROLES..GROUPS));
        let (readers, audiences) = audiences(fast.str(AUDIENCE)?, documents)?;
        let title = fast.str(SORT_TITLE)?;
        Ok(Columns {
            values,
            groups,
            facets,
            roles,
            readers,
            audiences,
            recency: numbers(fast.column_opt(RECENCY)?, documents),
            completeness: numbers(fast.column_opt(COMPLETENESS)?, documents),
            review_by: numbers(fast.column_opt(REVIEW_BY)?, documents),
            slug: fast.str(SLUG)?,
            title_letters: title.as_ref().map_or(Ok(vec![]), lengths)?,
            title,
        })
    }

    /// How many documents there are, deleted ones included.
    pub fn documents(&self) -> u32 {
        self.readers.len() as u32
    }

    /// The value of each code.
    pub fn values(&self) -> &[Box<str>] {
        &self.values
    }

    /// The codes of a group.
    pub fn group(&self, group: usize) -> Range<u32> {
        self.groups[group].clone()
    }

    /// The code of a value of a group, if any document has it.
    pub fn code(&self, group: usize, value: &str) -> Option<u32> {
        let range = self.group(group);
        let values = &self.values[range.start as usize..range.end as usize];
        values.binary_search_by(|it| (**it).cmp(value)).ok().map(|at| range.start + at as u32)
    }

    /// The facet values of a document, as codes.
    pub fn facets(&self, doc: DocId) -> &[u32] {
        self.facets.of(doc)
    }

    /// The organisations with their role of a document, as codes.
    pub fn roles(&self, doc: DocId) -> &[u32] {
        self.roles.of(doc)
    }

    /// Per set of readers whether one of these audiences is among them; see [`Columns::readers`].
    pub fn open_to(&self, audiences: &[Audience]) -> Vec<bool> {
        let own: HashSet<&str> = audiences.iter().map(String::as_str).collect();
        self.audiences.iter().map(|set| set.iter().any(|it| own.contains(&**it))).collect()
    }

    /// The set of readers of a document.
    pub fn readers(&self, doc: DocId) -> usize {
        self.readers[doc as usize] as usize
    }

    /// The last day it is about, as 20161231; 0 when it names none.
    pub fn recency(&self, doc: DocId) -> u64 {
        u64::from(self.recency[doc as usize])
    }

    /// The latest of all.
    pub fn newest(&self) -> u64 {
        u64::from(self.recency.iter().copied().max().unwrap_or(0))
    }

    /// In percent.
    pub fn completeness(&self, doc: DocId) -> u64 {
        u64::from(self.completeness[doc as usize])
    }

    /// Whether the day to confirm it by is before a day, as 20161231.
    pub fn is_unconfirmed(&self, doc: DocId, today: u32) -> bool {
        (1..today).contains(&self.review_by[doc as usize])
    }

    /// The place of a document in the order of slugs, within this segment.
    pub fn slug_order(&self, doc: DocId) -> u64 {
        self.slug.as_ref().and_then(|it| it.ords().first(doc)).unwrap_or(0)
    }

    /// The place of a document in the order of titles, within this segment.
    pub fn title_order(&self, doc: DocId) -> u64 {
        self.title.as_ref().and_then(|it| it.ords().first(doc)).unwrap_or(0)
    }

    /// How long the title is as it is sorted by, in letters.
    pub fn title_letters(&self, doc: DocId) -> u32 {
        self.title_letters.get(self.title_order(doc) as usize).map_or(0, |it| u32::from(*it))
    }

    /// The places in the order of titles of those that begin with a text.
    pub fn titles_beginning(&self, text: &str) -> tantivy::Result<Range<u64>> {
        let Some(column) = self.title.as_ref().filter(|it| !text.is_empty() && 0 < it.num_terms()) else {
            return Ok(0..0);
        };
        // No text has this byte: it comes after all that begin with what is before it.
        let after = [text.as_bytes(), &[0xff]].concat();
        let bounds = (Bound::Included(text.as_bytes()), Bound::Excluded(&after[..]));
        Ok(match column.dictionary().term_bounds_to_ord(bounds.0, bounds.1)? {
            (Bound::Included(first), Bound::Excluded(end)) => first..end,
            _ => 0..0,
        })
    }

    pub fn slug(&self, doc: DocId) -> tantivy::Result<String> {
        text(self.slug.as_ref(), doc)
    }

    /// The title as it is sorted by.
    pub fn title(&self, doc: DocId) -> tantivy::Result<String> {
        text(self.title.as_ref(), doc)
    }
}

/// The number of each document; 0 where there is none, or none that fits.
fn numbers<T: TryFrom<u64> + Default>(column: Option<Column<u64>>, documents: u32) -> Vec<T> {
    let of = |doc: DocId| column.as_ref().and_then(|it| it.first(doc)).unwrap_or(0);
    (0..documents).map(|doc| T::try_from(of(doc)).unwrap_or_default()).collect()
}

fn text(column: Option<&StrColumn>, doc: DocId) -> tantivy::Result<String> {
    let mut res = String::new();
    if let Some(column) = column
        && let Some(ord) = column.ords().first(doc)
    {
        column.ord_to_str(ord, &mut res)?;
    }
    Ok(res)
}

fn terms(column: &StrColumn) -> tantivy::Result<Vec<Box<str>>> {
    let mut res = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        res.push(String::from_utf8_lossy(stream.key()).into());
    }
    Ok(res)
}

/// The audiences that may read a document.
type Readers = Vec<Box<str>>;

/// The length of each term of a column, in letters.
fn lengths(column: &StrColumn) -> tantivy::Result<Vec<u8>> {
    let mut res = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        let letters = String::from_utf8_lossy(stream.key()).chars().count();
        res.push(u8::try_from(letters).unwrap_or(u8::MAX));
    }
    Ok(res)
}

/// Per document the number of its set of readers, and the sets: at most some for each organisation.
fn audiences(column: Option<StrColumn>, documents: u32) -> tantivy::Result<(Vec<u32>, Vec<Readers>)> {
    let Some(column) = column else { return Ok((vec![0; documents as usize], vec![vec![]])) };
    let names = terms(&column)?;
    let mut numbers: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
    let mut readers = Vec::with_capacity(documents as usize);
    for doc in 0..documents {
        let mut set: Vec<u64> = column.ords().values_for_doc(doc).collect();
        set.sort_unstable();
        let next = numbers.len() as u32;
        readers.push(*numbers.entry(set).or_insert(next));
    }
    let mut sets = vec![vec![]; numbers.len()];
    for (set, number) in numbers {
        sets[number as usize] = set.into_iter().map(|ord| names[ord as usize].clone()).collect();
    }
    Ok((readers, sets))
}

/// The values of all segments together, and how each segment numbers them.
#[derive(Debug, Default)]
pub struct Values {
    /// Group and value, sorted.
    names: Vec<(usize, Box<str>)>,
    /// Per segment, per code, the place in `names`.
    places: Vec<Vec<u32>>,
}

impl Values {
    pub fn of<'a>(segments: impl Iterator<Item = &'a Columns> + Clone) -> Values {
        let mut all: HashMap<(usize, &str), u32> = HashMap::new();
        let each = |columns: &'a Columns| {
            (0..GROUPS)
                .flat_map(move |group| columns.group(group).map(move |code| (group, &*columns.values[code as usize])))
        };
        for columns in segments.clone() {
            all.extend(each(columns).map(|it| (it, 0)));
        }
        let mut names: Vec<(usize, &str)> = all.keys().copied().collect();
        names.sort_unstable();
        for (at, name) in names.iter().enumerate() {
            all.insert(*name, at as u32);
        }
        let place = |it: (usize, &str)| all.get(&it).copied().unwrap_or_default();
        let places = segments.map(|columns| each(columns).map(place).collect()).collect();
        Values { names: names.into_iter().map(|(group, name)| (group, name.into())).collect(), places }
    }

    /// Group and value, by place; sorted.
    pub fn names(&self) -> &[(usize, Box<str>)] {
        &self.names
    }

    /// Adds the counts of one segment, by code, to those by place.
    pub fn add(&self, segment: usize, counts: &[u32], sum: &mut [u64]) {
        for (place, count) in self.places[segment].iter().zip(counts) {
            sum[*place as usize] += u64::from(*count);
        }
    }
}
