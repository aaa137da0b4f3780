//! A piece of a new index: a segment in the making, filled by one thread.
//!
//! The engine would look every word of every text up among all the words of the segment, which is nearly all the time
//! that building an index takes. Here a word is a [number](crate::search::row) when it arrives, and what is kept of a
//! term is found by that number. The engine's own serializers lay it on disk, so a piece is a segment like any other.
//!
//! Invariant: a piece holds what the engine would make of the same documents.

use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{SegmentComponent, SegmentMeta};
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::schema::{Field, Schema};
use tantivy::store::StoreWriter;
use tantivy::{DocId, Index, Segment, TantivyDocument};

use crate::search::row::{Numbering, Row};

/// A segment in the making.
pub struct Piece {
    segment: Segment,
    schema: Schema,
    /// By field; none of fields without words.
    postings: Vec<Option<Postings>>,
    lengths: FieldNormsWriter,
    columns: FastFieldsWriter,
    texts: StoreWriter,
    documents: u32,
}

impl Piece {
    pub fn new(index: &Index) -> tantivy::Result<Piece> {
        let (segment, schema, settings) = (index.new_segment(), index.schema(), index.settings());
        let postings = schema.fields().map(|(_, entry)| {
            let indexing = entry.field_type().index_record_option().filter(|_| entry.is_indexed());
            indexing.map(|it| Postings::new(it.has_positions()))
        });
        let columns =
            FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, index.fast_field_tokenizer().clone())?;
        Ok(Piece {
            postings: postings.collect(),
            lengths: FieldNormsWriter::for_schema(&schema),
            columns,
            texts: StoreWriter::new(
                segment.clone().open_write(SegmentComponent::Store)?,
                settings.docstore_compression,
                settings.docstore_blocksize,
                settings.docstore_compress_dedicated_thread,
            )?,
            documents: 0,
            segment,
            schema,
        })
    }

    /// Adds a document: what is shown and counted of it, and its words by field.
    pub fn add(&mut self, shown: &TantivyDocument, rows: &[(Field, Row)]) -> tantivy::Result<()> {
        let doc = self.documents;
        for (field, row) in rows {
            if let Some(postings) = self.postings.get_mut(field.field_id() as usize).and_then(Option::as_mut) {
                postings.add(doc, row);
                self.lengths.record(doc, *field, row.terms());
            }
        }
        self.columns.add_document(shown)?;
        self.texts.store(shown, &self.schema)?;
        self.documents += 1;
        Ok(())
    }

    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// About how much memory it takes, in bytes, beside that of the terms themselves.
    pub fn memory(&self) -> usize {
        let postings: usize = self.postings.iter().flatten().map(Postings::memory).sum();
        postings + self.columns.mem_usage() + self.lengths.mem_usage()
    }

    /// Lays it on disk. The numbering is that of all rows it was given.
    pub fn close(mut self, numbering: &Numbering) -> tantivy::Result<SegmentMeta> {
        self.lengths.fill_up_to_max_doc(self.documents);
        let file = self.segment.open_write(SegmentComponent::FieldNorms)?;
        self.lengths.serialize(FieldNormsSerializer::from_write(file)?, None)?;
        let lengths = FieldNormReaders::open(self.segment.open_read(SegmentComponent::FieldNorms)?)?;

        let mut terms: Vec<u32> = (0..numbering.len()).collect();
        terms.sort_unstable_by(|a, b| numbering.term(*a).cmp(numbering.term(*b)));
        let mut file = InvertedIndexSerializer::open(&self.segment)?;
        for (field, _) in self.schema.fields() {
            let Some(postings) = self.postings[field.field_id() as usize].take() else { continue };
            if 0 < postings.terms {
                let mut field = file.new_field(field, postings.terms, lengths.get_field(field)?)?;
                postings.lay(&terms, numbering, &mut field)?;
                field.close()?;
            }
        }
        file.close()?;

        let mut file = self.segment.open_write(SegmentComponent::FastFields)?;
        self.columns.serialize(&mut file, None)?;
        file.terminate()?;
        self.texts.close()?;
        let segment = self.segment.with_max_doc(self.documents);
        segment.meta().untrack_temp_docstore();
        Ok(segment.meta().clone())
    }
}

/// Where the terms of one field stand.
struct Postings {
    /// Whether it is kept where terms stand in a document, and so how often; else only that they do.
    has_places: bool,
    /// By number of a term, the place of its list; 0 when it has none, and else one more.
    places: Vec<u32>,
    lists: Vec<List>,
    /// How many terms there are in all documents.
    terms: u64,
    /// Bytes in the lists.
    bytes: usize,
    /// Of the row at hand, for each term the place of its list, and where it stands.
    found: Vec<(u32, u32)>,
}

/// So many lists are looked at together.
const TOGETHER: usize = 64;

/// Where one term stands: per document how much further that is than the one before, and what is told of each time it
/// stands there; 0 between documents. All in numbers of as many bytes as they need.
#[derive(Debug, Default)]
struct List {
    written: Vec<u8>,
    documents: u32,
    /// The last of them.
    doc: DocId,
    /// The last place in that one.
    place: u32,
}

impl Postings {
    fn new(has_places: bool) -> Postings {
        Postings { has_places, places: vec![], lists: vec![], terms: 0, bytes: 0, found: vec![] }
    }

    fn memory(&self) -> usize {
        // Lists grow by doubling.
        self.bytes * 3 / 2 + self.lists.capacity() * size_of::<List>() + self.places.capacity() * size_of::<u32>()
    }

    fn add(&mut self, doc: DocId, row: &Row) {
        self.terms += u64::from(row.terms());
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        row.each(|number, place| {
            let number = number as usize;
            if self.places.len() <= number {
                self.places.resize(number + 1 + number / 2, 0);
            }
            let at = &mut self.places[number];
            if *at == 0 {
                self.lists.push(List::default());
                *at = self.lists.len() as u32;
            }
            found.push((*at - 1, place));
        });
        for some in found.chunks(TOGETHER) {
            // All are asked for before the first is written to: then the waits for memory fall together.
            let touched = some.iter().fold(0, |sum, (at, _)| sum ^ self.lists[*at as usize].last());
            std::hint::black_box(touched);
            some.iter().for_each(|(at, place)| self.write_one(*at, doc, *place));
        }
        self.found = found;
    }

    #[inline]
    fn write_one(&mut self, at: u32, doc: DocId, place: u32) {
        let list = &mut self.lists[at as usize];
        let before = list.written.len();
        if list.documents == 0 || list.doc != doc {
            list.begin(doc);
        }
        if self.has_places {
            list.write(place - list.place + 1);
            list.place = place;
        }
        self.bytes += list.written.len() - before;
    }

    /// Hands everything over, by rising term.
    fn lay(&self, terms: &[u32], numbering: &Numbering, field: &mut FieldSerializer) -> tantivy::Result<()> {
        let mut steps = Vec::new();
        for number in terms {
            let Some(at) = self.places.get(*number as usize).and_then(|it| it.checked_sub(1)) else { continue };
            let list = &self.lists[at as usize];
            field.new_term(numbering.term(*number).as_bytes(), list.documents, self.has_places)?;
            let (mut rest, mut doc) = (&list.written[..], 0);
            for _ in 0..list.documents {
                doc += read(&mut rest);
                steps.clear();
                loop {
                    match read(&mut rest) {
                        0 => break,
                        step => steps.push(step - 1),
                    }
                }
                field.write_doc(doc, steps.len() as u32, &steps);
            }
            field.close_term()?;
        }
        Ok(())
    }
}

impl List {
    fn last(&self) -> u8 {
        self.written.last().copied().unwrap_or_default()
    }

    fn begin(&mut self, doc: DocId) {
        if 0 < self.documents {
            self.write(0);
        }
        self.write(doc - self.doc);
        self.documents += 1;
        (self.doc, self.place) = (doc, 0);
    }

    /// A number, seven bits to a byte, the lowest first; all but the last byte have the highest bit.
    #[inline]
    fn write(&mut self, mut number: u32) {
        while 0x7f < number {
            self.written.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.written.push(number as u8);
    }
}

/// The next number of a list; 0 after the last.
#[inline]
fn read(from: &mut &[u8]) -> u32 {
    let (mut res, mut shift) = (0, 0);
    while let Some((byte, rest)) = from.split_first() {
        *from = rest;
        res |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
        shift += 7;
    }
    res
}

#[cfg(test)]
mod tests {
    use tantivy::IndexWriter;

    use super::*;
    use crate::domain::catalogue::Catalogue;
    use crate::domain::id::RecordId;
    use crate::search::analyzer::Analyzer;
    use crate::search::attached::File;
    use crate::search::document::Document;
    use crate::search::lexicon::Lexicon;
    use crate::search::reader::Reader;
    use crate::search::schema;
    use crate::search::tests::plan;
    use crate::store::attachment::Page;

    #[test]
    fn numbers_are_read_as_they_were_written() {
        let numbers = [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX - 1, 5];
        let mut list = List::default();
        numbers.iter().for_each(|it| list.write(*it));
        let mut rest = &list.written[..];
        assert_eq!(numbers.map(|_| read(&mut rest)), numbers);
        assert_eq!(read(&mut rest), 0);
    }

    const WORDS: &str = "het verzuim daalde met zorgplannen én een zorgplan in het verpleeghuis door e-health, vrijheids- en \
        zorgplannen; het plan van de cliëntenraad hielp 24/7 bij zorg thuis en zorg voor naasten";

    /// A text of so many words, in another order for every number.
    fn text(number: usize, count: usize) -> String {
        let words: Vec<&str> = WORDS.split(' ').collect();
        let word = |at: usize| match (number * 7 + at * at * 13 + at * 5) % (words.len() + 1) {
            // Some words are in one document only, and more documents than fit in one block have the others.
            at if at == words.len() => format!("woord{number}x{at}"),
            at => words[at].to_owned(),
        };
        (0..count).map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an index that nobody follows")]
    fn a_piece_is_byte_for_byte_what_the_engine_makes() {
        let parts = ["zorg", "plan", "verpleeg", "huis", "raad"].map(str::to_owned).into();
        let analyzer = Analyzer::new(&Lexicon { parts, ..Lexicon::default() });
        let index = || {
            let made = Index::builder().schema(schema::schema()).settings(schema::settings()).create_in_ram().unwrap();
            schema::register(&made);
            made
        };
        let (theirs, ours) = (index(), index());
        let mut writer: IndexWriter = theirs.writer_with_num_threads(1, 50_000_000).unwrap();
        let mut piece = Piece::new(&ours).unwrap();
        let mut reader = Reader::new(&analyzer);
        for number in 0..300 {
            let record = plan(&format!("plan-{number}"), &text(number, 4), &text(number, number));
            let page = |nth: usize| Page { number: nth as i32, label: String::new(), text: text(number + nth, 30) };
            let file =
                File { hash: "a".into(), name: "a.pdf".into(), title: "A".into(), pages: vec![page(1), page(2)] };
            let files = if number % 3 == 0 { vec![file] } else { vec![] };
            let id = RecordId::stored(format!("id-{number}"));
            let document =
                Document::of(&id, &record, &Catalogue::default(), &mut reader).with_files(&files, &mut reader);
            writer.add_document(document.clone().into_engine(&reader)).unwrap();
            document.add_to(&mut piece, &mut reader).unwrap();
        }
        writer.commit().unwrap();
        let theirs = theirs.searchable_segments().unwrap();
        let segment = piece.segment.clone();
        let made = piece.close(reader.numbering()).unwrap();
        assert_eq!((theirs.len(), theirs[0].meta().max_doc(), made.max_doc()), (1, 300, 300));
        for part in [
            SegmentComponent::Terms,
            SegmentComponent::Postings,
            SegmentComponent::Positions,
            SegmentComponent::FieldNorms,
            SegmentComponent::FastFields,
            SegmentComponent::Store,
        ] {
            let bytes = |it: &Segment| it.open_read(part.clone()).unwrap().read_bytes().unwrap().to_vec();
            assert!(bytes(&theirs[0]) == bytes(&segment), "{part:?}");
        }
    }
}
