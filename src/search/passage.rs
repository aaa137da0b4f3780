//! How much of a question one passage of a text answers: who writes about several things in one breath writes about
//! what they have to do with each other, and a long report that has them pages apart does not.

use tantivy::DocAddress;

use crate::search::position::{self, Placed};
use crate::search::query::{BODY, BODY_PARTS, Masses, SUMMARY, TITLE, TITLE_PARTS};
use crate::search::question::{Clause, Need, Question, What};
use crate::search::terms::Terms;

/// How long a passage is, in words.
const LENGTH: u32 = 40;
/// How much a part of a compound answers beside a word of its own.
const PART: f32 = 0.6;
/// How much a passage that answers all of a question adds to a score, beside that score.
const WORTH: f32 = 0.5;

/// Puts documents that answer a question in one passage before those that have its words scattered. `top` comes with
/// the best first; the first `wanted` are in their place afterwards, and those that cannot come among them are spared
/// the reading.
pub fn reorder(
    question: &Question,
    masses: &Masses,
    top: &mut [(f32, DocAddress)],
    wanted: usize,
) -> tantivy::Result<()> {
    let asked = Asked::of(question, masses);
    if !asked.is_several() {
        return Ok(());
    }
    let mut read = 0;
    while read < top.len() {
        let end = top.len().min(read + wanted.max(1));
        let mut best: Vec<f32> = top[..read].iter().map(|it| it.0).collect();
        best.sort_unstable_by(|a, b| b.total_cmp(a));
        let least = best.get(wanted.saturating_sub(1)).copied().unwrap_or(0.0);
        // They come in the order of what they have without: who cannot reach it leaves no chance to the rest.
        if 0 < read && top[read].0 * (1.0 + WORTH) <= least {
            break;
        }
        let of: Vec<DocAddress> = top[read..end].iter().map(|it| it.1).collect();
        for (hit, share) in top[read..end].iter_mut().zip(asked.shares(masses.terms(), &of)?) {
            hit.0 *= 1.0 + WORTH * share;
        }
        read = end;
    }
    // Stable: equals keep their order.
    top.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(())
}

/// Which share of a question the best passage of a document answers, from 0 to 1; `None` for a question about one thing.
pub fn share(question: &Question, masses: &Masses, of: DocAddress) -> tantivy::Result<Option<f32>> {
    let asked = Asked::of(question, masses);
    if !asked.is_several() {
        return Ok(None);
    }
    Ok(asked.shares(masses.terms(), &[of])?.pop())
}

/// What is asked for, as words with how much each answers.
#[derive(Debug, Default)]
struct Asked {
    /// A stem, the thing asked for it answers, and how much of that.
    stems: Vec<(String, usize, f32)>,
    /// How much each thing says.
    masses: Vec<f32>,
}

impl Asked {
    fn of(question: &Question, masses: &Masses) -> Asked {
        let mut res = Asked::default();
        question.clauses.iter().filter(|it| it.need != Need::Never).for_each(|it| res.add(it, masses));
        res
    }

    fn add(&mut self, clause: &Clause, masses: &Masses) {
        let at = self.masses.len();
        let apart = clause.ways.iter().find_map(|it| match &it.what {
            What::All(clauses) => Some(clauses),
            _ => None,
        });
        // Words that were typed apart are things of their own.
        self.masses.push(if apart.is_some() { 0.0 } else { masses.clause(clause) });
        for way in &clause.ways {
            match &way.what {
                What::Stem(stem) => self.stems.push((stem.clone(), at, way.weight)),
                What::Phrase(stems) => self.share(stems.iter().map(|it| &it.1), at, way.weight),
                What::Parts(stems) => self.share(stems.iter(), at, way.weight),
                What::All(_) => (),
            }
        }
        for inner in apart.into_iter().flatten().filter(|it| it.need != Need::Never) {
            self.add(inner, masses);
        }
    }

    /// Several words that answer a thing together.
    fn share<'a>(&mut self, stems: impl ExactSizeIterator<Item = &'a String>, at: usize, weight: f32) {
        let each = weight / stems.len().max(1) as f32;
        self.stems.extend(stems.map(|it| (it.clone(), at, each)));
    }

    /// Whether standing together can say anything: it takes two.
    fn is_several(&self) -> bool {
        1 < self.masses.iter().filter(|it| 0.0 < **it).count()
    }

    /// Which share of the question the best passage of each document answers, from 0 to 1.
    fn shares(&self, terms: &Terms, of: &[DocAddress]) -> tantivy::Result<Vec<f32>> {
        let texts: [&[(usize, f32)]; 3] =
            [&[(BODY, 1.0), (BODY_PARTS, PART)], &[(SUMMARY, 1.0)], &[(TITLE, 1.0), (TITLE_PARTS, PART)]];
        let total = self.masses.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        let stems: Vec<(&str, usize, f32)> = self.stems.iter().map(|it| (it.0.as_str(), it.1, it.2)).collect();
        let mut res = vec![0.0_f32; of.len()];
        for text in texts {
            for (share, words) in res.iter_mut().zip(position::placed(terms, &stems, text, of)?) {
                *share = share.max(self.best(&words) / total);
            }
        }
        Ok(res)
    }

    /// The most that words within one passage answer; they come in the order of the text.
    fn best(&self, words: &[Placed]) -> f32 {
        let mut best = 0.0_f32;
        let mut met = vec![0.0_f32; self.masses.len()];
        for (at, first) in words.iter().enumerate() {
            met.fill(0.0);
            for it in words[at..].iter().take_while(|it| it.at < first.at + LENGTH) {
                met[it.clause] = met[it.clause].max(it.weight);
            }
            best = best.max(met.iter().zip(&self.masses).map(|it| it.0 * it.1).sum());
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_near_each_other_answer_more_than_words_far_apart() {
        let asked = Asked { stems: vec![], masses: vec![2.0, 1.0] };
        let best = |words: &[(u32, usize, f32)]| {
            let placed = words.iter().map(|it| Placed { at: it.0, clause: it.1, weight: it.2 });
            asked.best(&placed.collect::<Vec<_>>())
        };
        assert_eq!(best(&[(0, 0, 1.0), (10, 1, 1.0)]), 3.0);
        assert_eq!(best(&[(0, 0, 1.0), (LENGTH, 1, 1.0)]), 2.0);
        // The same thing twice is answered once, by what answers it best.
        assert_eq!(best(&[(0, 0, 0.5), (1, 0, 0.8)]), 1.6);
        assert_eq!(best(&[]), 0.0);
        assert!(asked.is_several() && !Asked { masses: vec![1.0, 0.0], ..Asked::default() }.is_several());
    }
}
