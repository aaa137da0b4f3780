//! The index: which documents answer a question, how many per value of a facet, and where in the text.
//!
//! Derived from the store and never the truth: whoever shows a hit reads the row from the store, which also decides
//! who may see it. Everything here can be thrown away and made again.
//!
//! - words: cut by [`dutch`], to their [`stem`] ([`strong`] verbs to their infinitive), with what the [`lexicon`] says of
//!   them: [`compound`]s taken apart and concepts with other names, by the [`analyzer`]
//! - what is asked: a [`request`], whose text is cut by the [`grammar`] and read into a [`question`] of [`clause`]s once
//!   its words stand together as a [`sentence`]; [`spelling`] mends it, [`query`] makes a query of it, from our own
//!   [`best_of`] and [`coverage`] of looked-up [`terms`], added up in a [`tally`]; the first hits by their best
//!   [`passage`] too
//! - what is answered: one pass ([`gather`]) over packed [`columns`] for hits, [`facets`] and order ([`ranking`]), down
//!   a ladder of demands when little is found; each hit from what was kept of it, with a [`snippet`] that has its
//!   [`marks`] at their [`position`]s, or the page of an [`attached`] file; why, by [`explain`]; beside that [`similar`]
//!   documents and [`suggest`]ions while typing
//! - when: in turn, by [`Search::ask`]
//! - what is written: a [`document`] of [`row`]s of terms, as a [`reader`] finds them, by the [`schema`], through the
//!   one [`writer`], all at once in [`piece`]s or one by one, into the live index of a [`folder`], when the [`follower`]
//!   sees a change
//!
//! Invariant: nothing outside this module names the engine.

pub mod analyzer;
pub mod attached;
pub mod best_of;
pub mod clause;
pub mod columns;
pub mod compound;
pub mod coverage;
pub mod document;
pub mod dutch;
pub mod error;
pub mod explain;
pub mod facets;
pub mod folder;
pub mod follower;
pub mod gather;
pub mod grammar;
mod kept;
mod known;
mod ladder;
pub mod lexicon;
mod live;
pub mod marks;
pub mod overrides;
pub mod passage;
pub mod piece;
pub mod position;
pub mod query;
pub mod question;
pub mod ranking;
pub mod reader;
pub mod request;
pub mod row;
pub mod schema;
mod seen;
pub mod sentence;
pub mod similar;
pub mod snippet;
pub mod spelling;
pub mod stem;
pub mod strong;
pub mod suggest;
pub mod tally;
pub mod terms;
mod turns;
pub mod writer;

#[cfg(test)]
mod tables;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::query::EnableScoring;
use tantivy::{DocAddress, Searcher, SegmentReader};

use crate::domain::actor::Actor;
use crate::domain::id::RecordId;
use crate::search::attached::PageOf;
use crate::search::columns::{Columns, Values};
use crate::search::coverage::CoverageWeight;
use crate::search::error::Error;
use crate::search::facets::Count;
use crate::search::folder::Folder;
use crate::search::gather::Gathered;
use crate::search::kept::Kept;
use crate::search::live::Live;
use crate::search::marks::Marks;
use crate::search::position::{Milestones, Texts};
use crate::search::query::{Demand, Masses};
use crate::search::question::{Also, Question, Reading, Words as _};
use crate::search::ranking::Daily;
use crate::search::request::{Facet, Request};
use crate::search::seen::Seen;
use crate::search::suggest::Names;
use crate::search::terms::Terms;
use crate::search::turns::Turns;

/// The search of this process: cheap to clone, one for all threads.
#[derive(Clone)]
pub struct Search {
    shared: Arc<Shared>,
}

struct Shared {
    folder: Folder,
    view: RwLock<Arc<View>>,
    /// Names to suggest, of the last catalogue that was asked with.
    names: RwLock<Option<Arc<Names>>>,
    turns: Turns,
}

/// The index as it was at one commit. A search keeps to one view from begin to end.
pub(crate) struct View {
    pub(crate) live: Arc<Live>,
    pub(crate) searcher: Searcher,
    cursor: Option<i64>,
    /// By segment.
    columns: Vec<Arc<Columns>>,
    pub(crate) values: Values,
    standings: Daily,
    /// The last day any document is about, as 20161231.
    newest: u64,
    pub(crate) terms: Terms,
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
    /// Names that were looked for along with what was typed.
    pub also: Vec<Also>,
    /// Words that do not occur, and what they were read as.
    pub corrected: Vec<(String, String)>,
    /// Words that no document has, nor anything else that would do; the rest was looked for.
    pub missing: Vec<String>,
    /// How much of the question a document had to meet: less than most when hardly any did.
    pub demand: Demand,
    /// The question with a likelier spelling, when that finds more.
    pub meant: Option<String>,
    /// What stood between quotes stands nowhere in that order, and was looked for as words.
    pub is_unquoted: bool,
}

/// How a request was read, and what answers it.
struct Answer {
    question: Question,
    found: Gathered,
    demand: Demand,
    is_unquoted: bool,
}

impl Found {
    /// A question that is likelier than what was typed, if any.
    pub fn suggestion(&self, q: &str) -> Option<String> {
        if self.meant.is_some() || self.corrected.is_empty() {
            return self.meant.clone();
        }
        let likelier = self.corrected.iter().fold(q.to_owned(), |q, (typed, meant)| q.replacen(typed, meant, 1));
        Some(likelier).filter(|it| it != q)
    }
}

/// A word in so many documents at most may be a typing error of one in ten times as many.
const RARE: u64 = 2;

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
    /// The page of a file that shows more of the question than the fragment does. Its text is in the store.
    pub attached: Option<PageOf>,
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
                    let view = RwLock::new(Arc::new(view));
                    return Ok(Search {
                        shared: Arc::new(Shared { folder, view, names: RwLock::default(), turns: Turns::default() }),
                    });
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

    /// The fragments of other texts that answer a request: of pages of files, which are not in the index.
    pub fn fragments(&self, request: &Request, actor: &Actor, texts: &[String]) -> Vec<String> {
        let view = self.view();
        let marks = Marks::of_question(&view.read(request, &Seen::new(&view, actor)), &view.live.analyzer);
        texts.iter().map(|it| snippet::fragment_of(it, &marks, &view.live.analyzer)).collect()
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

    /// Removes the indexes of other versions of the program that nobody writes to, except so many that were written
    /// last, and says which.
    pub fn remove_old(&self, kept: usize) -> Result<Vec<PathBuf>, Error> {
        self.shared.folder.remove_old(kept)
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
        // What searches of today need is there before the first of them.
        if let Some(day) = self.view().standings.day() {
            view.standings.on(day, &view.columns, view.newest);
        }
        *self.shared.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
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
        let columns = live.columns(&searcher).map_err(|it| live.error(it))?;
        let values = Values::of(columns.iter().map(|it| &**it));
        let newest = columns.iter().map(|it| it.newest()).max().unwrap_or(0);
        let cursor = payload.and_then(|it| it.parse().ok());
        let terms = Terms::of(&searcher).map_err(|it| live.error(it))?;
        Ok(View { live, searcher, cursor, columns, values, standings: Daily::default(), newest, terms })
    }

    /// The segments with their columns.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (&SegmentReader, &Columns)> {
        self.searcher.segment_readers().iter().zip(self.columns.iter().map(|it| &**it))
    }

    fn find(&self, request: &Request, actor: &Actor) -> tantivy::Result<Found> {
        let Answer { question, found, demand, is_unquoted } = self.answer(request, actor)?;
        let marks = Marks::of_question(&question, &self.live.analyzer);
        let mut hits = Vec::new();
        let shown = found.top.iter().skip(request.offset()).take(request.per_page() as usize);
        let addresses: Vec<DocAddress> = shown.clone().map(|it| it.1).collect();
        let positions = position::positions(&self.terms, &marks, &addresses)?;
        for ((score, address), positions) in shown.zip(positions) {
            hits.push(self.hit(*score, *address, &marks, positions)?);
        }
        Ok(Found {
            total: found.total,
            hits,
            facets: found.counts,
            cursor: self.cursor,
            meant: self.meant(&question, request, actor, found.unfiltered)?,
            also: question.also,
            corrected: question.corrected,
            missing: question.missing,
            demand,
            is_unquoted,
        })
    }

    /// Reads a request and looks for what answers it. When a phrase stands nowhere, its words will do.
    fn answer(&self, request: &Request, actor: &Actor) -> tantivy::Result<Answer> {
        let seen = Seen::new(self, actor);
        let question = self.read(request, &seen);
        let (found, demand) = self.gather(&question, request, actor)?;
        if 0 < found.unfiltered || !question.has_phrase() || request.reading().is_literal {
            return Ok(Answer { question, found, demand, is_unquoted: false });
        }
        let reading = Reading { is_unquoted: true, ..request.reading().clone() };
        let question = Question::read(request.q(), &reading, &self.live.analyzer, &seen);
        let (found, demand) = self.gather(&question, request, actor)?;
        Ok(Answer { is_unquoted: 0 < found.unfiltered, question, found, demand })
    }

    /// A request as a question to this index, as one reader sees it.
    pub(crate) fn read(&self, request: &Request, seen: &Seen) -> Question {
        Question::read(request.q(), request.reading(), &self.live.analyzer, seen)
    }

    fn weight(&self, question: &Question, demand: Demand) -> tantivy::Result<CoverageWeight> {
        query::coverage(question, demand, &Masses::new(&self.terms)).weigh(self.scoring())
    }

    pub(crate) fn scoring(&self) -> EnableScoring<'_> {
        EnableScoring::enabled_from_statistics_provider(&self.terms, &self.searcher)
    }

    /// The question with a likelier spelling, when that finds more.
    fn meant(
        &self,
        question: &Question,
        request: &Request,
        actor: &Actor,
        found: u64,
    ) -> tantivy::Result<Option<String>> {
        if request.reading().is_literal {
            return Ok(None);
        }
        let seen = Seen::new(self, actor);
        for clause in &question.clauses {
            let folded = dutch::folded(&clause.text);
            let Some(question::What::Stem(stem)) = clause.ways.first().map(|it| &it.what) else { continue };
            let documents = seen.documents(stem);
            let analyzer = &self.live.analyzer;
            if !(1..=RARE).contains(&documents) || analyzer.is_ordinary(&analyzer.word(&folded)) {
                continue;
            }
            let near = seen.spellings(&folded)?;
            let Some(likelier) = near.into_iter().find(|it| it.distance == 1 && 10 * documents <= it.documents) else {
                continue;
            };
            let q = request.q().replacen(&clause.text, &likelier.word, 1);
            let other = Request::new(&q);
            let weight = self.weight(&self.read(&other, &Seen::new(self, actor)), Demand::Most)?;
            if found < gather::gather(self, Some(&weight), &other, actor, 0)?.total {
                return Ok(Some(q));
            }
        }
        Ok(None)
    }

    fn hit(&self, score: f32, address: DocAddress, marks: &Marks, positions: Texts) -> tantivy::Result<Hit> {
        let analyzer = &self.live.analyzer;
        let kept: Kept = self.searcher.doc(address)?;
        let milestones = Milestones::from_bytes(&kept.places);
        let words = positions.split(&milestones);
        let fragment_html = snippet::fragment(&kept.summary, &kept.body, &words, &milestones, marks, analyzer);
        Ok(Hit {
            attached: attached::best(&self.terms, address, &kept.attached, marks, &fragment_html, analyzer)?,
            id: kept.id(),
            score,
            title_html: snippet::marked(&kept.title, &words.title, marks, analyzer),
            fragment_html,
        })
    }
}
