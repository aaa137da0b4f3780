//! One index on disk, opened: made, read, and what is kept in memory of it from one search to the next.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::index::SegmentId;
use tantivy::{Index, IndexReader, ReloadPolicy, Searcher};

use crate::search::analyzer::Analyzer;
use crate::search::columns::Columns;
use crate::search::error::Error;
use crate::search::folder::{Folder, Lock};
use crate::search::lexicon::Lexicon;
use crate::search::schema;
use crate::search::tally::Tally;

/// How many searches at a time find room to add scores up in without making it.
const TALLIES_MAX: usize = 4;
/// How many blocks of kept texts each segment holds as they are read, for what is found is often found again. Most are
/// some 5 kB; one with a very long text is 60.
const BLOCKS_KEPT: usize = 2_048;

/// One opened index.
pub(crate) struct Live {
    pub(crate) index: Index,
    pub(super) reader: IndexReader,
    pub(crate) number: u64,
    pub(super) path: PathBuf,
    pub(crate) lexicon: Lexicon,
    pub(crate) analyzer: Analyzer,
    /// Segments never change, so what was read of one holds as long as it lasts.
    columns: Mutex<HashMap<SegmentId, Arc<Columns>>>,
    /// Room to add scores up in, for the next search.
    tallies: Mutex<Vec<Tally>>,
}

impl Live {
    /// Makes an empty index and names it live.
    pub(crate) fn create(folder: &Folder, number: u64, lock: &Lock) -> Result<(), Error> {
        Live::build(folder, number, &Lexicon::default())?;
        folder.publish(number, lock)
    }

    /// Makes an empty index that is not live yet.
    pub(crate) fn build(folder: &Folder, number: u64, lexicon: &Lexicon) -> Result<Index, Error> {
        let path = folder.building(number);
        std::fs::create_dir_all(&path).map_err(Error::disk(&path))?;
        let index = Index::builder().schema(schema::schema()).settings(schema::settings());
        let index = index.create_in_dir(&path).map_err(|it| Error::of(&path, it))?;
        schema::register(&index);
        lexicon.save(&path)?;
        Ok(index)
    }

    pub(crate) fn open(folder: &Folder, number: u64) -> Result<Live, Error> {
        let path = folder.live(number);
        let open = || {
            let index = Index::open_in_dir(&path)?;
            schema::register(&index);
            let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
            let reader = reader.doc_store_cache_num_blocks(BLOCKS_KEPT).try_into()?;
            Ok((index, reader))
        };
        let (index, reader) = open().map_err(|it| Error::of(&path, it))?;
        let lexicon = Lexicon::load(&path)?;
        let analyzer = Analyzer::new(&lexicon);
        Ok(Live {
            index,
            reader,
            number,
            path,
            lexicon,
            analyzer,
            columns: Mutex::default(),
            tallies: Mutex::default(),
        })
    }

    pub(crate) fn error(&self, source: tantivy::TantivyError) -> Error {
        Error::of(&self.path, source)
    }

    /// Room to add scores up in; give it back with [`Live::keep`].
    pub(super) fn tally(&self) -> Tally {
        self.tallies.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// Keeps room for later searches: no more than run at a time on a small server.
    pub(super) fn keep(&self, tally: Tally) {
        let mut tallies = self.tallies.lock().unwrap_or_else(PoisonError::into_inner);
        if tallies.len() < TALLIES_MAX {
            tallies.push(tally);
        }
    }

    /// The columns of each segment of a searcher; those of segments that are gone are forgotten.
    pub(super) fn columns(&self, searcher: &Searcher) -> tantivy::Result<Vec<Arc<Columns>>> {
        let mut known = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        let mut res = Vec::with_capacity(searcher.segment_readers().len());
        for segment in searcher.segment_readers() {
            let id = segment.segment_id();
            let columns = match known.get(&id) {
                Some(columns) => columns.clone(),
                None => Arc::new(Columns::read(segment)?),
            };
            res.push((id, columns));
        }
        *known = res.iter().cloned().collect();
        Ok(res.into_iter().map(|it| it.1).collect())
    }
}
