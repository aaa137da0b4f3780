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

/// So many codes of a document stand in one row: nearly all have room enough. Reading whole rows, one after the other,
/// asks nothing about a document before the next one can be fetched.
const ROW: usize = 16;
/// So many documents are looked at together.
const TOGETHER: usize = 128;

/// Begins where a line of memory begins, or halfway one: then it is fetched at once.
#[derive(Debug)]
#[repr(align(32))]
struct Row<T>([T; ROW]);

/// Values of each document, as codes.
#[derive(Debug)]
struct Packed<T> {
    /// Of each document; a row that is not full ends with codes that no value has, a different one in each place: adding
    /// one to the same number again and again is waiting.
    rows: Vec<Row<T>>,
    /// The first code that no value has.
    filling: u32,
    /// The codes for which a row has no room, and where those of a document begin; one more than there are documents.
    others: Vec<T>,
    starts: Vec<u32>,
}

impl<T: Copy + Into<u32>> Packed<T> {
    fn of(codes: impl Iterator<Item = Vec<u32>>, filling: u32, as_code: impl Fn(u32) -> T) -> Packed<T> {
        let mut res = Packed { rows: Vec::new(), filling, others: Vec::new(), starts: vec![0] };
        for codes in codes {
            let code = |at: usize| codes.get(at).copied().unwrap_or(filling + at as u32);
            res.rows.push(Row(std::array::from_fn(|at| as_code(code(at)))));
            res.others.extend(codes.iter().skip(ROW).map(|it| as_code(*it)));
            res.starts.push(res.others.len() as u32);
        }
        res.others.shrink_to_fit();
        res
    }

    #[inline]
    fn last(&self, doc: DocId) -> u32 {
        self.rows[doc as usize].0[ROW - 1].into()
    }

    #[inline]
    fn row(&self, doc: DocId, mut see: impl FnMut(u32)) {
        self.rows[doc as usize].0.iter().for_each(|code| see((*code).into()));
    }

    fn others(&self, doc: DocId) -> &[T] {
        let doc = doc as usize;
        &self.others[self.starts[doc] as usize..self.starts[doc + 1] as usize]
    }
}

/// The same with as little memory as the number of values allows: it is read for every hit.
#[derive(Debug)]
enum Codes {
    Narrow(Packed<u16>),
    Wide(Packed<u32>),
}

impl Codes {
    fn of(codes: impl Iterator<Item = Vec<u32>>, filling: u32) -> Codes {
        // No code is larger than the last filling.
        match u16::try_from(filling as usize + ROW) {
            Ok(most) => Codes::Narrow(Packed::of(codes, filling, |it| u16::try_from(it).unwrap_or(most))),
            Err(_) => Codes::Wide(Packed::of(codes, filling, |it| it)),
        }
    }

    #[inline]
    fn each(&self, docs: &[DocId], mut see: impl FnMut(usize, u32)) {
        match self {
            Codes::Narrow(it) => each(it, docs, &mut see),
            Codes::Wide(it) => each(it, docs, &mut see),
        }
    }
}

#[inline]
fn each<T: Copy + Into<u32>>(packed: &Packed<T>, docs: &[DocId], see: &mut impl FnMut(usize, u32)) {
    let mut full = [0; TOGETHER];
    for (nth, docs) in docs.chunks(TOGETHER).enumerate() {
        let first = nth * TOGETHER;
        // All rows are asked for before the first is read: then the waits for memory fall together. Which ones are full
        // is not to be foreseen: all are written down, and the others are written over.
        let mut some = 0;
        for (at, doc) in docs.iter().enumerate() {
            full[some] = at;
            some += usize::from(packed.last(*doc) < packed.filling);
        }
        docs.iter().enumerate().for_each(|(at, doc)| packed.row(*doc, |code| see(first + at, code)));
        for at in &full[..some] {
            packed.others(docs[*at]).iter().for_each(|code| see(first + at, (*code).into()));
        }
    }
}

/// The packed values of one segment.
#[derive(Debug)]
pub struct Columns {
    /// The value of each code: first those of the first group, in order.
    values: Vec<Box<str>>,
    groups: [Range<u32>; GROUPS],
    facets: Codes,
    roles: Codes,
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
            let of = |doc: DocId| {
                let mut res = Vec::new();
                for at in range.clone() {
                    let Some(column) = &columns[at] else { continue };
                    res.extend(column.ords().values_for_doc(doc).map(|ord| groups[at].start + ord as u32));
                }
                res
            };
            Codes::of((0..documents).map(of), values.len() as u32)
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

    /// How many codes there are, with those beside all values that stand where there is no value.
    pub fn codes(&self) -> usize {
        self.values.len() + ROW
    }

    /// The facet values of some documents, as the place of the document among them and the code; among the codes are
    /// some that no value has. Not in the order of the documents: fetching is waiting, and so it is done for many at a
    /// time.
    #[inline]
    pub fn each_facet(&self, docs: &[DocId], see: impl FnMut(usize, u32)) {
        self.facets.each(docs, see);
    }

    /// The organisations with their role of some documents, in the same way.
    #[inline]
    pub fn each_role(&self, docs: &[DocId], see: impl FnMut(usize, u32)) {
        self.roles.each(docs, see);
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

    /// The day to confirm it by, as 20161231; 0 when there is none.
    pub fn review_by(&self, doc: DocId) -> u32 {
        self.review_by[doc as usize]
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
    /// By group, sorted in each.
    names: Vec<Box<str>>,
    groups: [Range<u32>; GROUPS],
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
        let place_of = |group: usize| names.partition_point(|it| it.0 < group) as u32;
        let groups = std::array::from_fn(|group| place_of(group)..place_of(group + 1));
        Values { groups, names: names.into_iter().map(|it| it.1.into()).collect(), places }
    }

    /// The value at each place.
    pub fn names(&self) -> &[Box<str>] {
        &self.names
    }

    /// The places of the values of a group.
    pub fn group(&self, group: usize) -> Range<u32> {
        self.groups[group].clone()
    }

    /// Adds the counts of one segment, by code, to those by place.
    pub fn add(&self, segment: usize, counts: &[u32], sum: &mut [u64]) {
        for (place, count) in self.places[segment].iter().zip(counts) {
            sum[*place as usize] += u64::from(*count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_codes_are_the_codes_of_each_document() {
        let codes: Vec<Vec<u32>> = vec![vec![], vec![3], (0..16).collect(), (0..40).rev().collect()];
        let filling = 40;
        let narrow = Codes::of(codes.iter().cloned(), filling);
        let wide = Codes::Wide(Packed::of(codes.iter().cloned(), filling, |it| it));
        assert!(matches!(narrow, Codes::Narrow(_)));
        assert!(matches!(Codes::of(codes.iter().cloned(), 65_530), Codes::Wide(_)));
        for packed in [narrow, wide] {
            let mut found = vec![vec![]; 4];
            let docs = [1, 3, 0, 2];
            packed.each(&docs, |at, code| found[docs[at] as usize].push(code));
            found.iter_mut().for_each(|it| it.retain(|code| *code < filling));
            assert_eq!(found, codes);
            // More than are looked at together; first those whose rows are full.
            let docs = [vec![3; TOGETHER + 20], [0, 1, 2, 3].repeat(TOGETHER)].concat();
            let mut found = vec![vec![]; docs.len()];
            packed.each(&docs, |at, code| found[at].push(code));
            found.iter_mut().for_each(|it| it.retain(|code| *code < filling));
            assert!(found.iter().zip(&docs).all(|(found, doc)| *found == codes[*doc as usize]));
        }
    }
}
