//! The only writer of the index.
//!
//! What it writes is seen by searches from the commit on, and the commit carries the place in the change log up to
//! which it goes: after a crash the follower resumes right there.
//!
//! Invariant: there is one writer at a time, over all processes.

use std::path::Path;
use std::{panic, thread};

use tantivy::index::SegmentMeta;
use tantivy::indexer::{LogMergePolicy, NoMergePolicy};
use tantivy::{FutureResult, Index, IndexWriter, Term};

use crate::domain::catalogue::Catalogue;
use crate::domain::id::RecordId;
use crate::domain::record::Record;
use crate::search::analyzer::Analyzer;
use crate::search::attached::File;
use crate::search::document::Document;
use crate::search::error::Error;
use crate::search::folder::{self, Lock};
use crate::search::lexicon::Lexicon;
use crate::search::piece::Piece;
use crate::search::reader::Reader;
use crate::search::{Live, Search, View, schema};

/// What documents may take in memory before they go to disk, in bytes.
const MEMORY: usize = 50_000_000;

/// What the words of pieces may take together while rebuilding, in bytes, beside the words that each thread knows: larger
/// pieces make fewer segments to bring together.
const BUILD_MEMORY: usize = 200_000_000;
/// The most threads that rebuild.
const BUILD_THREADS: usize = 4;
/// With fewer documents a rebuild makes one segment.
const SMALL: u64 = 5_000;
/// So many small segments are brought together: every one of them costs each search a little.
const SEGMENTS: usize = 4;

/// The writer. After an error of a commit, drop it and open another.
pub struct Writer {
    search: Search,
    // Dropped before the lock.
    inner: IndexWriter,
    /// The merge that makes one segment of all after a rebuild.
    uniting: Option<FutureResult<Option<SegmentMeta>>>,
    lock: Lock,
}

impl Writer {
    /// Becomes the writer; [`Error::Locked`] when there is one.
    pub fn open(search: &Search) -> Result<Writer, Error> {
        let lock = search.folder().lock()?;
        // The index may have been replaced since the search was opened.
        if let Some(newest) = search.folder().newest()?.filter(|it| *it != search.view().live.number) {
            search.show(View::of(Live::open(search.folder(), newest)?)?);
        }
        let live = search.view().live.clone();
        search.folder().clean(Some(live.number), &lock)?;
        let inner = index_writer(&live.index, 1).map_err(|it| live.error(it))?;
        // What another writer did between the opening of the search and the lock.
        search.show(View::of(live)?);
        Ok(Writer { search: search.clone(), inner, uniting: None, lock })
    }

    /// Puts a document in the place of the one with the same id, if any; the reader is the one that read it.
    pub fn replace(&mut self, document: Document, reader: &Reader) -> Result<(), Error> {
        self.delete(document.id());
        self.inner.add_document(document.into_engine(reader)).map_err(|it| self.search.view().live.error(it))?;
        Ok(())
    }

    /// Removes a document, if it is there.
    pub fn delete(&mut self, id: &RecordId) {
        self.inner.delete_term(Term::from_field_text(schema::fields().id, id.as_str()));
    }

    /// Makes everything since the last commit visible, as the state of the store at this place in the change log.
    pub fn commit_at(&mut self, seq: i64) -> Result<(), Error> {
        let live = self.search.view().live.clone();
        commit(&mut self.inner, seq).map_err(|it| live.error(it))?;
        self.search.show(View::of(live)?);
        Ok(())
    }

    /// Builds a whole new index beside the live one and switches to it; searches go on meanwhile. `fill` is called on
    /// some threads at a time, which together hand every document in once, to be read by this lexicon; `expected` says
    /// about how many. Changes that were not committed are forgotten; an error of `fill` leaves all as it was. Returns the
    /// number of documents.
    ///
    /// A large index answers before its segments are one: see [`Writer::unite`] and [`Writer::look`].
    pub fn rebuild<E: From<Error> + Send>(
        &mut self,
        lexicon: &Lexicon,
        seq: i64,
        expected: u64,
        fill: impl Fn(&mut Share) -> Result<(), E> + Sync,
    ) -> Result<u64, E> {
        self.rebuild_by(Shares::of(expected), lexicon, seq, fill)
    }

    pub(super) fn rebuild_by<E: From<Error> + Send>(
        &mut self,
        shares: Shares,
        lexicon: &Lexicon,
        seq: i64,
        fill: impl Fn(&mut Share) -> Result<(), E> + Sync,
    ) -> Result<u64, E> {
        let folder = self.search.folder().clone();
        let next = self.search.view().live.number + 1;
        let built = self.build(next, shares, lexicon, seq, fill);
        if built.is_err() {
            folder::remove(&folder.building(next));
        }
        let count = built?;
        folder.publish(next, &self.lock)?;
        let live = Live::open(&folder, next)?;
        self.uniting = None;
        self.inner = index_writer(&live.index, 1).map_err(|it| live.error(it))?;
        self.search.show(View::of(live)?);
        folder.clean(Some(next), &self.lock)?;
        self.begin_uniting()?;
        Ok(count)
    }

    /// Begins to bring all segments together in one, which is the quickest to search.
    fn begin_uniting(&mut self) -> Result<(), Error> {
        let live = self.search.view().live.clone();
        let segments = live.index.searchable_segment_ids().map_err(|it| live.error(it))?;
        if 1 < segments.len() {
            self.uniting = Some(self.inner.merge(&segments));
        }
        Ok(())
    }

    /// Waits until the segments of a rebuild are one. Who does not wait should [`Writer::look`] now and then.
    pub fn unite(&mut self) -> Result<(), Error> {
        let live = self.search.view().live.clone();
        if let Some(uniting) = self.uniting.take() {
            uniting.wait().map_err(|it| live.error(it))?;
        }
        self.look()
    }

    /// Shows searches what was brought together in the background.
    pub fn look(&mut self) -> Result<(), Error> {
        let view = self.search.view();
        let mut shown: Vec<_> = view.searcher.segment_readers().iter().map(|it| it.segment_id()).collect();
        let mut there = view.live.index.searchable_segment_ids().map_err(|it| view.live.error(it))?;
        shown.sort_unstable();
        there.sort_unstable();
        if shown != there {
            self.search.show(View::of(view.live.clone())?);
        }
        Ok(())
    }

    fn build<E: From<Error> + Send>(
        &self,
        number: u64,
        shares: Shares,
        lexicon: &Lexicon,
        seq: i64,
        fill: impl Fn(&mut Share) -> Result<(), E> + Sync,
    ) -> Result<u64, E> {
        let path = self.search.folder().building(number);
        let failed = |it| Error::of(&path, it);
        let index = Live::build(self.search.folder(), number, lexicon)?;
        let mut writer = index_writer(&index, 1).map_err(failed)?;
        // No merges on the way: they would take the processors from the building, and be merged again.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let analyzer = Analyzer::new(lexicon);
        let Shares { threads, room } = shares;
        let work = || {
            let reader = Reader::new(&analyzer);
            let mut share =
                Share { writer: &writer, path: &path, analyzer: &analyzer, reader, room, open: None, count: 0 };
            fill(&mut share)?;
            share.close()?;
            Ok(share.count)
        };
        let count = thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut res = work();
            for it in others {
                let other: Result<u64, E> = it.join().unwrap_or_else(|it| panic::resume_unwind(it));
                res = res.and_then(|count| Ok(count + other?));
            }
            res
        })?;
        commit(&mut writer, seq).map_err(failed)?;
        // The directory is about to be renamed: nothing may still write to it under its old name.
        writer.wait_merging_threads().map_err(failed)?;
        Ok(count)
    }
}

/// How the building of an index is shared out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shares {
    pub threads: usize,
    /// What the words of a piece may take in memory before it goes to disk, in bytes.
    pub room: usize,
}

impl Shares {
    /// For about so many documents.
    fn of(expected: u64) -> Shares {
        // A small index is one segment from the begin.
        let most = if expected < SMALL { 1 } else { BUILD_THREADS };
        let threads = thread::available_parallelism().map_or(1, |it| it.get().min(most));
        Shares { threads, room: BUILD_MEMORY / threads }
    }
}

/// What one thread takes into a new index, as pieces of its own: then no thread waits for another, and none takes what
/// another works with out of the cache of its processor.
pub struct Share<'a> {
    writer: &'a IndexWriter,
    path: &'a Path,
    analyzer: &'a Analyzer,
    /// A new one for each piece: terms that only an earlier one had take no more memory.
    reader: Reader<'a>,
    room: usize,
    open: Option<Piece>,
    /// Documents on disk.
    count: u64,
}

impl Share<'_> {
    /// Takes in a record with its files.
    pub fn add(&mut self, id: &RecordId, record: &Record, files: &[File], catalogue: &Catalogue) -> Result<(), Error> {
        let document = Document::of(id, record, catalogue, &mut self.reader).with_files(files, &mut self.reader);
        let is_full = self.take(document).map_err(|it| Error::of(self.path, it))?;
        if is_full { self.close() } else { Ok(()) }
    }

    /// Says whether there is no more room in the piece.
    fn take(&mut self, document: Document) -> tantivy::Result<bool> {
        let open = match &mut self.open {
            Some(open) => open,
            none => none.insert(Piece::new(self.writer.index())?),
        };
        document.add_to(open, &mut self.reader)?;
        Ok(self.room <= open.memory())
    }

    /// Lays the piece at hand on disk.
    fn close(&mut self) -> Result<(), Error> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let (count, reader) = (open.documents(), std::mem::replace(&mut self.reader, Reader::new(self.analyzer)));
        let closed = open.close(reader.numbering()).and_then(|it| self.writer.add_segment(it));
        closed.map_err(|it| Error::of(self.path, it))?;
        self.count += u64::from(count);
        Ok(())
    }
}

fn index_writer(index: &Index, threads: usize) -> tantivy::Result<IndexWriter> {
    let writer = index.writer_with_num_threads(threads, MEMORY)?;
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(SEGMENTS);
    // Withdrawn texts must not linger on disk until a merge happens to come by.
    policy.set_del_docs_ratio_before_merge(0.3);
    writer.set_merge_policy(Box::new(policy));
    Ok(writer)
}

#[expect(clippy::disallowed_methods, reason = "the one commit of the index: every other way would lose the cursor")]
fn commit(writer: &mut IndexWriter, seq: i64) -> tantivy::Result<()> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&seq.to_string());
    prepared.commit()?;
    Ok(())
}
