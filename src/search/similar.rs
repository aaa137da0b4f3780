//! Documents like another: those that share the words that set it apart.

use std::collections::HashMap;

use crate::domain::actor::Actor;
use crate::domain::id::RecordId;
use crate::search::coverage::{Coverage, Part};
use crate::search::error::Error;
use crate::search::kept::Kept;
use crate::search::query::{self, Demand, Masses};
use crate::search::question::{Clause, Need, Way, What, Why};
use crate::search::request::Request;
use crate::search::{Search, View, dutch, gather};

/// How many words stand for a document.
const WORDS: usize = 25;
/// The shortest word that can, in letters.
const SHORTEST: usize = 4;
/// How much of a long text is read, in bytes.
const READ: usize = 20_000;
/// How often a word counts that stands in the title or the summary.
const TITLE: f32 = 4.0;
const SUMMARY: f32 = 2.0;
/// How much of those words a document must share to be alike, by what they say.
const SHARED: f32 = 0.2;

impl Search {
    /// The documents most like one, the most alike first; itself left out. Empty when it is not in the index.
    pub fn similar(&self, id: &RecordId, actor: &Actor, most: usize) -> Result<Vec<RecordId>, Error> {
        let view = self.view();
        view.similar(id, actor, most).map_err(|it| view.live.error(it))
    }
}

impl View {
    fn similar(&self, id: &RecordId, actor: &Actor, most: usize) -> tantivy::Result<Vec<RecordId>> {
        let Some(address) = self.address(id)? else { return Ok(vec![]) };
        let masses = Masses::new(&self.terms);
        let mut parts = Vec::new();
        let mut total = 0.0;
        for (stem, weight, mass) in self.telling(&self.searcher.doc(address)?, &masses) {
            let way = Way { what: What::Stem(stem.clone()), weight, why: Why::Typed };
            let clause = Clause { text: stem, ways: vec![way], need: Need::Mostly };
            parts.push(Part { query: query::query(&clause, Demand::Most, &masses), mass, is_required: false });
            total += mass;
        }
        if parts.is_empty() {
            return Ok(vec![]);
        }
        let coverage = Coverage { parts, without: vec![], enough: total * SHARED };
        let weight = coverage.weigh(self.scoring())?;
        let found = gather::gather(self, Some(&weight), &Request::new(""), actor, most + 1)?;
        let mut res = Vec::with_capacity(most);
        for (_, other) in found.top.into_iter().filter(|it| it.1 != address).take(most) {
            let kept: Kept = self.searcher.doc(other)?;
            res.push(kept.id());
        }
        Ok(res)
    }

    /// The stems that set a document apart, with their weight in it and how much each says in the library.
    fn telling(&self, kept: &Kept, masses: &Masses) -> Vec<(String, f32, f32)> {
        let analyzer = &self.live.analyzer;
        let mut counts: HashMap<String, f32> = HashMap::new();
        for (text, times) in [(&kept.title, TITLE), (&kept.summary, SUMMARY), (&kept.body, 1.0)] {
            let end = (0..=READ.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            for span in dutch::spans(&text[..end]) {
                let word = analyzer.word(&text[span.range]);
                let says = SHORTEST <= word.folded.len()
                    && word.folded.bytes().all(|b| b.is_ascii_lowercase())
                    && !dutch::is_stop_word(&word.folded)
                    && !analyzer.is_light(&word.stem);
                if says {
                    *counts.entry(word.stem.to_string()).or_default() += times;
                }
            }
        }
        let all = self.searcher.num_docs();
        let mut res: Vec<(String, f32, f32)> = counts
            .into_iter()
            .filter(|(stem, _)| {
                // A word of its own only, or of nearly all, likens it to nothing.
                let documents = masses.documents(stem);
                2 <= documents && documents <= (all / 2).max(2)
            })
            .map(|(stem, count)| {
                let mass = masses.stem(&stem);
                (stem, 1.0 + count.ln(), mass)
            })
            .collect();
        res.sort_by(|a, b| (b.1 * b.2).total_cmp(&(a.1 * a.2)).then_with(|| a.0.cmp(&b.0)));
        res.truncate(WORDS);
        res
    }
}
