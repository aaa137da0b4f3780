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
use crate::search::live::Live;
use crate::search::piece::Piece;
use crate::search::reader::Reader;
use crate::search::{Search, View, schema};

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

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::domain::actor::Actor;
    use crate::search::Found;
    use crate::search::request::{Facet, Request};
    use crate::search::tests::{catalogue, counts, filled, find, id, library, plan, put, slugs};

    #[test]
    fn replaced_and_deleted_documents() {
        let (_folder, search) = filled(&library());
        assert_eq!((search.cursor(), search.count()), (Some(7), 4));
        let mut writer = Writer::open(&search).unwrap();
        put(&mut writer, &plan("wzd", "Heel iets anders", ""));
        writer.delete(&RecordId::stored("id-verzuim-omlaag".into()));
        // Not before the commit.
        assert_eq!(find(&search, Request::new("dwang")).total, 1);
        writer.commit_at(9).unwrap();
        let found = find(&search, Request::new(""));
        assert_eq!((found.cursor, slugs(&found)), (Some(9), vec!["kwaliteit-2024", "wzd"]));
        assert_eq!(find(&search, Request::new("dwang")).total, 0);
        assert_eq!(counts(&found, Facet::Kind), [("kwaliteitsbeeld", 1), ("verbeterplan", 1)]);
    }

    #[test]
    fn the_cursor_survives_and_there_is_one_writer() {
        let folder = tempfile::tempdir().unwrap();
        let search = Search::open(folder.path()).unwrap();
        assert_eq!((search.cursor(), search.count()), (None, 0));
        // Never filled is not the same as nothing found.
        let unfilled = search.find(&Request::new(""), &Actor::Anonymous);
        assert!(matches!(unfilled.err(), Some(Error::Unbuilt { .. })));
        let mut writer = Writer::open(&search).unwrap();
        assert!(matches!(Writer::open(&search).err(), Some(Error::Locked { .. })));
        writer.commit_at(41).unwrap();
        writer.commit_at(42).unwrap();
        let other = Search::open(folder.path()).unwrap();
        assert!(matches!(Search::renew(folder.path()).err(), Some(Error::Locked { .. })));
        drop(writer);
        assert_eq!((search.cursor(), other.cursor()), (Some(42), Some(42)));
        assert_eq!(Search::open(folder.path()).unwrap().cursor(), Some(42));
    }

    #[test]
    fn a_rebuild_switches_at_once() {
        let (folder, search) = filled(&library());
        let old = search.clone();
        let bystander = Search::open(folder.path()).unwrap();
        let mut writer = Writer::open(&search).unwrap();

        let broken = writer.rebuild(&Lexicon::default(), 50, 2, |share| {
            share.add(&RecordId::stored("x".into()), &plan("x", "X", ""), &[], &catalogue())?;
            Err(Error::Locked { folder: "bron".into() })
        });
        assert!(broken.is_err());
        assert_eq!((search.count(), search.cursor()), (4, Some(7)));

        let records = [plan("nieuw", "Nieuw plan", ""), plan("ander", "Ander plan", "")];
        let fill = |share: &mut Share| records.iter().try_for_each(|it| share.add(&id(it), it, &[], &catalogue()));
        let count = writer.rebuild::<Error>(&Lexicon::default(), 51, 2, fill).unwrap();
        assert_eq!((count, old.count(), old.cursor()), (2, 2, Some(51)));
        // Who had the old one open goes on with it.
        assert_eq!(bystander.find(&Request::new("verzuim"), &Actor::Anonymous).unwrap().total, 2);

        put(&mut writer, &plan("derde", "Derde plan", ""));
        writer.commit_at(52).unwrap();
        assert_eq!(slugs(&find(&search, Request::new("plan"))).len(), 3);
        drop(writer);
        let again = Search::open(folder.path()).unwrap();
        assert_eq!((again.count(), again.cursor()), (3, Some(52)));
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "the index and its lock: {left:?}");
        // A writer on the old view moves to the new index.
        let mut writer = Writer::open(&bystander).unwrap();
        assert_eq!(bystander.cursor(), Some(52));
        writer.commit_at(53).unwrap();
    }

    #[test]
    fn an_index_of_many_pieces_is_that_of_one() {
        let title = |n: usize| format!("Zorgplannen {n} over e-health en w{}x", n % 7);
        let body = |n: usize| format!("{} Het verzuim daalde bij {n}. ", "Een lang begin van de tekst.".repeat(n % 12));
        let records: Vec<Record> = (0..60).map(|n| plan(&format!("p{n}"), &title(n), &body(n))).collect();
        let (_folder, one) = filled(&records);
        let (_other, many) = filled(&[]);
        let next = AtomicUsize::new(0);
        // Every document fills a piece, and what a piece calls its words is no concern of the next one.
        let shares = Shares { threads: 3, room: 1 };
        let count = Writer::open(&many).unwrap().rebuild_by::<Error>(shares, &Lexicon::default(), 8, |share| {
            while let Some(record) = records.get(next.fetch_add(1, Ordering::Relaxed)) {
                share.add(&id(record), record, &[], &catalogue())?;
            }
            Ok(())
        });
        assert_eq!((count.unwrap(), many.count()), (60, 60));
        for q in ["zorgplan", "ehealth", "w3x verzuim", "\"verzuim daalde\"", "p5", ""] {
            let ask = |it: &Search| find(it, Request::new(q).paged(1, 100));
            let (one, many) = (ask(&one), ask(&many));
            let shown =
                |it: &Found| it.hits.iter().map(|it| (it.title_html.clone(), it.fragment_html.clone())).collect();
            let [mut a, mut b]: [Vec<(String, String)>; 2] = [shown(&one), shown(&many)];
            a.sort();
            b.sort();
            assert_eq!((one.total, a), (many.total, b), "{q}");
        }
    }

    #[test]
    fn leftovers_go_and_strangers_stay() {
        let (folder, search) = filled(&library());
        let make = |name: &str| std::fs::create_dir(folder.path().join(name)).unwrap();
        let half = format!("{}-2.building", schema::fingerprint());
        for name in [half.as_str(), "0123456789ab-3", "0123456789ab-4.building", "foto's", "0123456789ab"] {
            make(name);
        }
        drop(search);
        let search = Search::open(folder.path()).unwrap();
        assert_eq!(search.cursor(), Some(7));
        assert!(!folder.path().join(half).exists());
        assert!(folder.path().join("0123456789ab-3").exists());
        // The one that was written last can be put back, whatever its number; what is half made cannot.
        make("ba9876543210-1");
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(10_000_000_000);
        File::open(folder.path().join("ba9876543210-1")).unwrap().set_modified(written).unwrap();
        assert_eq!(search.remove_old(1).unwrap().len(), 2);
        assert!(!folder.path().join("0123456789ab-3").exists() && folder.path().join("ba9876543210-1").exists());
        assert_eq!(search.remove_old(0).unwrap().len(), 1);
        assert!(folder.path().join("foto's").exists() && folder.path().join("0123456789ab").exists());
    }

    #[test]
    fn damage_is_told_and_mended() {
        let (folder, search) = filled(&library());
        assert_eq!(search.check().unwrap(), [] as [std::path::PathBuf; 0]);
        drop(search);
        let index = folder.path().join(format!("{}-1", schema::fingerprint()));
        let store = std::fs::read_dir(&index).unwrap().map(|it| it.unwrap().path());
        let store = store.into_iter().find(|it| it.extension().is_some_and(|it| it == "store")).unwrap();
        let mut bytes = std::fs::read(&store).unwrap();
        bytes[10] ^= 0xff;
        std::fs::write(&store, bytes).unwrap();
        assert_eq!(Search::open(folder.path()).unwrap().check().unwrap(), [store]);

        std::fs::write(index.join("meta.json"), "{").unwrap();
        let error = Search::open(folder.path()).err().unwrap();
        assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
        assert!(error.to_string().contains("leerkring reindex"));
        let search = Search::renew(folder.path()).unwrap();
        assert_eq!((search.cursor(), search.count()), (None, 0));
    }
}
