//! The index: which documents answer a question, how many per value of a facet, and where in the text.
//!
//! Derived from the store and never the truth: whoever shows a hit reads the row from the store, which also decides
//! who may see it. Everything here can be thrown away and made again.
//!
//! - what is asked: [`request`], read into a [`query`] with the words of [`dutch`] and their [`stem`]
//! - what is answered: hits with a [`snippet`], counts of [`facets`]
//! - what is written: a [`document`] by the [`schema`], through the one [`writer`], into a directory of [`folder`]
//!
//! Invariant: nothing outside this module names the engine.

pub mod document;
pub mod dutch;
pub mod error;
pub mod facets;
pub mod folder;
pub mod follower;
pub mod query;
pub mod request;
pub mod schema;
pub mod snippet;
pub mod stem;
pub mod writer;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::collector::TopDocs;
use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue, SortByString};
use tantivy::query::Query;
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, Index, IndexReader, Order, ReloadPolicy, Searcher, TantivyDocument};

use crate::domain::actor::Actor;
use crate::domain::id::RecordId;
use crate::search::error::Error;
use crate::search::facets::{Count, FacetCollector};
use crate::search::folder::Folder;
use crate::search::query::Question;
use crate::search::request::{Facet, Request, Sort};

/// The search of this process: cheap to clone, one for all threads.
#[derive(Clone)]
pub struct Search {
    shared: Arc<Shared>,
}

struct Shared {
    folder: Folder,
    view: RwLock<Arc<View>>,
}

/// The index as it was at one commit. A search keeps to one view from begin to end.
pub(crate) struct View {
    pub(crate) live: Arc<Live>,
    searcher: Searcher,
    cursor: Option<i64>,
}

/// One opened index.
pub(crate) struct Live {
    pub(crate) index: Index,
    reader: IndexReader,
    pub(crate) number: u64,
    path: PathBuf,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// How many documents there are on all pages together.
    pub total: u64,
    pub hits: Vec<Hit>,
    /// Per facet every value that occurs or was chosen; the largest count first, then by value.
    pub facets: Vec<(Facet, Vec<Count>)>,
    /// Up to where in the change log the index was when this was found; `None` when it was never filled.
    pub cursor: Option<i64>,
}

/// One document found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub id: RecordId,
    /// How well it answers. 0 when the order is another than relevance.
    pub score: f32,
    /// HTML with no other tag than `<mark>`.
    pub title_html: String,
    /// HTML with no other tag than `<mark>`.
    pub fragment_html: String,
}

impl Search {
    /// Opens the index of this version of the program, and makes an empty one when there is none.
    pub fn open(folder: &Path) -> Result<Search, Error> {
        let folder = Folder::open(folder)?;
        // Someone else may be writing: then there is nothing to clean and nothing to make.
        match folder.lock() {
            Ok(lock) => {
                let newest = folder.newest()?;
                folder.clean(newest, &lock)?;
                if newest.is_none() {
                    Live::create(&folder, 1, &lock)?;
                }
            }
            Err(Error::Locked { .. }) => (),
            Err(other) => return Err(other),
        }
        Search::of_newest(folder)
    }

    /// Puts a new, empty index in the place of whatever is there, without reading that: for when it is damaged.
    pub fn renew(folder: &Path) -> Result<Search, Error> {
        let folder = Folder::open(folder)?;
        let lock = folder.lock()?;
        folder.clean(None, &lock)?;
        Live::create(&folder, folder.newest()?.unwrap_or(0) + 1, &lock)?;
        Search::of_newest(folder)
    }

    fn of_newest(folder: Folder) -> Result<Search, Error> {
        let mut number = folder.newest()?;
        loop {
            let Some(at) = number else { return Err(Error::Locked { folder: folder.root().to_owned() }) };
            match Live::open(&folder, at).and_then(View::of) {
                Ok(view) => {
                    return Ok(Search { shared: Arc::new(Shared { folder, view: RwLock::new(Arc::new(view)) }) });
                }
                // Replaced by its writer while it was being opened: take the new one.
                Err(error) => {
                    number = folder.newest()?;
                    if number == Some(at) {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Up to where in the change log the index is; `None` when it was never filled.
    pub fn cursor(&self) -> Option<i64> {
        self.view().cursor
    }

    /// How many documents are in it, whoever may read them.
    pub fn count(&self) -> u64 {
        self.view().searcher.num_docs()
    }

    /// The files of the index whose content is not what was written.
    pub fn check(&self) -> Result<Vec<PathBuf>, Error> {
        let live = &self.view().live;
        let damaged = live.index.validate_checksum().map_err(|it| live.error(it))?;
        let mut res: Vec<PathBuf> = damaged.into_iter().map(|it| live.path.join(it)).collect();
        res.sort();
        Ok(res)
    }

    /// Removes the indexes of other versions of the program that nobody writes to, and says which.
    pub fn remove_old(&self) -> Result<Vec<PathBuf>, Error> {
        self.shared.folder.remove_old()
    }

    /// What an actor may read that answers a request.
    pub fn find(&self, request: &Request, actor: &Actor) -> Result<Found, Error> {
        let view = self.view();
        // An index that was never filled knows nothing yet, which is not the same as finding nothing.
        if view.cursor.is_none() {
            return Err(Error::Unbuilt { folder: view.live.path.clone() });
        }
        view.find(request, actor).map_err(|it| view.live.error(it))
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.shared.folder
    }

    pub(crate) fn view(&self) -> Arc<View> {
        self.shared.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From here on searches see this view; those that run finish on their own.
    pub(crate) fn show(&self, view: View) {
        *self.shared.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
    }
}

impl Live {
    /// Makes an empty index and names it live.
    pub(crate) fn create(folder: &Folder, number: u64, lock: &folder::Lock) -> Result<(), Error> {
        Live::build(folder, number)?;
        folder.publish(number, lock)
    }

    /// Makes an empty index that is not live yet.
    pub(crate) fn build(folder: &Folder, number: u64) -> Result<Index, Error> {
        let path = folder.building(number);
        std::fs::create_dir_all(&path).map_err(Error::disk(&path))?;
        let index = Index::create_in_dir(&path, schema::schema()).map_err(|it| Error::of(&path, it))?;
        schema::register(&index);
        Ok(index)
    }

    pub(crate) fn open(folder: &Folder, number: u64) -> Result<Live, Error> {
        let path = folder.live(number);
        let open = || {
            let index = Index::open_in_dir(&path)?;
            schema::register(&index);
            let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
            Ok((index, reader))
        };
        let (index, reader) = open().map_err(|it| Error::of(&path, it))?;
        Ok(Live { index, reader, number, path })
    }

    pub(crate) fn error(&self, source: tantivy::TantivyError) -> Error {
        Error::of(&self.path, source)
    }
}

impl View {
    /// The index as it is on disk now.
    pub(crate) fn of(live: impl Into<Arc<Live>>) -> Result<View, Error> {
        let live = live.into();
        // The cursor first: should a commit come between, it is read again, which does no harm.
        let payload = live.index.load_metas().map_err(|it| live.error(it))?.payload;
        live.reader.reload().map_err(|it| live.error(it))?;
        let searcher = live.reader.searcher();
        Ok(View { live, searcher, cursor: payload.and_then(|it| it.parse().ok()) })
    }

    fn find(&self, request: &Request, actor: &Actor) -> tantivy::Result<Found> {
        let question = Question::read(request.q());
        let query = question.query(actor);
        let facets = self.searcher.search(&query, &FacetCollector::new(request))?;
        let mut hits = Vec::new();
        if (request.offset() as u64) < facets.total {
            let terms = question.terms();
            for (score, address) in self.top(&query::narrowed(query, request), request)? {
                hits.push(self.hit(score, address, &terms)?);
            }
        }
        Ok(Found { total: facets.total, hits, facets: facets.counts, cursor: self.cursor })
    }

    /// The documents of the page. Slugs decide between equals, so pages never overlap.
    fn top(&self, query: &dyn Query, request: &Request) -> tantivy::Result<Vec<(f32, DocAddress)>> {
        let page = TopDocs::with_limit(request.per_page() as usize).and_offset(request.offset());
        let slug = (SortByString::for_field(schema::SLUG), Order::Asc);
        Ok(match request.sort() {
            Sort::Relevance => {
                let hits = self.searcher.search(query, &page.order_by(((SortBySimilarityScore, Order::Desc), slug)))?;
                hits.into_iter().map(|((score, _), address)| (score, address)).collect()
            }
            Sort::Newest => {
                let recency = (SortByStaticFastValue::<u64>::for_field(schema::RECENCY), Order::Desc);
                let hits = self.searcher.search(query, &page.order_by((recency, slug)))?;
                hits.into_iter().map(|(_, address)| (0.0, address)).collect()
            }
            Sort::Title => {
                let title = (SortByString::for_field(schema::SORT_TITLE), Order::Asc);
                let hits = self.searcher.search(query, &page.order_by((title, slug)))?;
                hits.into_iter().map(|(_, address)| (0.0, address)).collect()
            }
        })
    }

    fn hit(&self, score: f32, address: DocAddress, terms: &BTreeSet<&str>) -> tantivy::Result<Hit> {
        let fields = schema::fields();
        let document: TantivyDocument = self.searcher.doc(address)?;
        let text = |field: Field| document.get_first(field).and_then(|it| it.as_str()).unwrap_or_default();
        Ok(Hit {
            id: RecordId::stored(text(fields.id).to_owned()),
            score,
            title_html: snippet::marked(text(fields.title), terms),
            fragment_html: snippet::fragment(text(fields.summary), text(fields.body), terms),
        })
    }
}
