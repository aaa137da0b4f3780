//! The piece of a text that shows why it was found, with the words marked.
//!
//! Our own instead of the engine's: that one counts bytes, cuts in the middle of a sentence and cannot mark a
//! hyphenated word of which one part opens the piece.
//!
//! Invariant: the only tag in the result is `<mark>`; everything of the author is escaped.

use std::ops::Range;

use crate::search::analyzer::Analyzer;
use crate::search::document::{BETWEEN, LISTS};
use crate::search::dutch;
use crate::search::marks::Marks;
use crate::search::position::{Milestones, Placed, Texts};

/// The longest fragment, in characters as the reader sees them.
pub const FRAGMENT_MAX: usize = 220;
/// How much of a text is read at a time, in bytes.
const PIECE: usize = 2_000;
/// How far is read on after the first word, in bytes: a long report must not cost more than its best page.
const READ_ON: usize = 20_000;
/// What the author wrote is shown before a list of names that shows more, when it shows so much of that.
const PROSE: f32 = 0.6;
/// How many words fit a fragment, about.
const NEAR: u32 = 25;
/// How much of a text is read before the best place, and twice as much after it, in bytes.
const AROUND: usize = 200;
/// How much of the text before the first marked word is shown at most.
const LEAD: usize = 60;

/// The whole text with the words marked, by where the index knows them to stand.
pub fn marked(text: &str, words: &[Placed], marks: &Marks, analyzer: &Analyzer) -> String {
    let hits = hits_at(text, 0, words, marks, analyzer);
    html(text, 0..text.len(), &hits)
}

/// The best fragment of the body; else of the summary; when neither has a word of the question, the begin of the
/// summary. Words of the question that stand together in the summary are shown there.
pub fn fragment(
    summary: &str,
    body: &str,
    words: &Texts,
    milestones: &Milestones,
    marks: &Marks,
    analyzer: &Analyzer,
) -> String {
    let summarised = hits_at(summary, 0, &words.summary, marks, analyzer);
    let in_body = placed_hits(body, &words.body, milestones, marks, analyzer);
    let at = best(body, &in_body);
    if !summarised.is_empty() && at.value <= value(&summarised) && summary.chars().count() <= FRAGMENT_MAX {
        return cut(summary, 0, &summarised);
    }
    if !in_body.is_empty() {
        return cut(body, lead_in(body, at.start), &in_body);
    }
    if !summarised.is_empty() {
        return cut(summary, lead_in(summary, best(summary, &summarised).start), &summarised);
    }
    cut(if summary.is_empty() { body } else { summary }, 0, &[])
}

/// The best fragment of a text that is not in the index.
pub fn fragment_of(text: &str, marks: &Marks, analyzer: &Analyzer) -> String {
    let hits = first_hits(text, marks, analyzer);
    let start = if hits.is_empty() { 0 } else { lead_in(text, best(text, &hits).start) };
    cut(text, start, &hits)
}

/// A marked word: where it stands, which thing asked for it shows, and how much.
struct Hit {
    range: Range<usize>,
    clause: usize,
    weight: f32,
}

/// The words to mark, in order, none over another: of a hyphenated word the whole goes before its parts.
fn hits(text: &str, marks: &Marks, analyzer: &Analyzer) -> Vec<Hit> {
    hits_among(text, marks, analyzer, |_| true)
}

/// The same in a piece of a text that begins at a place, by where the index knows words to stand: where it knows none
/// there is none, and only the others are worked out.
fn hits_at(piece: &str, first: usize, words: &[Placed], marks: &Marks, analyzer: &Analyzer) -> Vec<Hit> {
    if words.is_empty() {
        return vec![];
    }
    hits_among(piece, marks, analyzer, |places| {
        let next = words.partition_point(|it| (it.at as usize) < first + places.start);
        words.get(next).is_some_and(|it| (it.at as usize) < first + places.end)
    })
}

/// The same, looking only at written words that may show something, by the places of their parts in the text.
fn hits_among(text: &str, marks: &Marks, analyzer: &Analyzer, may_show: impl Fn(Range<usize>) -> bool) -> Vec<Hit> {
    if marks.is_empty() {
        return vec![];
    }
    let mut res: Vec<Hit> = Vec::new();
    let mut place = 0;
    for group in dutch::spans(text).chunk_by(|_, next| next.is_joined) {
        let places = place..place + group.len();
        place = places.end;
        if !may_show(places) {
            continue;
        }
        let first = res.len();
        let mut joined = String::new();
        for span in group {
            let raw = &text[span.range.clone()];
            if let Some((clause, weight)) = marks.of_word(raw, analyzer) {
                res.push(Hit { range: span.range.clone(), clause, weight });
            }
            if 1 < group.len() {
                joined.push_str(&analyzer.word(raw).folded);
            }
        }
        if 1 < group.len()
            && let Some((clause, weight)) = marks.get(&analyzer.word(&joined).stem)
        {
            res.truncate(first);
            res.push(Hit { range: group[0].range.start..group[group.len() - 1].range.end, clause, weight });
        }
    }
    res
}

/// The words to mark in the part of a text that is worth reading: piece by piece, until everything asked for was
/// seen, or the text goes on for too long.
fn first_hits(text: &str, marks: &Marks, analyzer: &Analyzer) -> Vec<Hit> {
    let mut res: Vec<Hit> = Vec::new();
    let mut seen = vec![false; marks.clauses()];
    let mut at = 0;
    while at < text.len() {
        let is_enough = seen.iter().all(|it| *it) || res.first().is_some_and(|it| it.range.start + READ_ON < at);
        if is_enough {
            break;
        }
        let end = piece_end(text, at);
        for mut it in hits(&text[at..end], marks, analyzer) {
            if let Some(seen) = seen.get_mut(it.clause) {
                *seen = *seen || 0.5 <= it.weight;
            }
            it.range = it.range.start + at..it.range.end + at;
            res.push(it);
        }
        at = end;
    }
    res
}

/// The words to mark around the place that shows most, by where the index knows them to stand.
fn placed_hits(text: &str, words: &[Placed], milestones: &Milestones, marks: &Marks, analyzer: &Analyzer) -> Vec<Hit> {
    let Some((place, range)) = best_range(text, words, milestones) else { return vec![] };
    let bytes = text.as_bytes();
    let before = range.start.saturating_sub(AROUND);
    let start = match before {
        0 => 0,
        _ => bytes[before..range.start].iter().position(|it| *it == b' ').map_or(range.start, |it| before + it + 1),
    };
    let end = bytes.len().min(range.end + 2 * AROUND);
    let end = bytes[end..].iter().position(|it| *it == b' ').map_or(bytes.len(), |it| end + it);
    let lists = text[range.end..end].match_indices(BETWEEN).map(|it| range.end + it.0);
    let end = lists.into_iter().find(|at| is_list(&text[at + BETWEEN.len()..])).unwrap_or(end);
    let first = place.saturating_sub(dutch::spans(&text[start..range.start]).len());
    let mut res = hits_at(&text[start..end], first, words, marks, analyzer);
    for it in &mut res {
        it.range = it.range.start + start..it.range.end + start;
    }
    res
}

/// The place in a text from which words show most, and where the first of them stands. A list of names is worth showing
/// only where it shows much more than what the author wrote.
fn best_range(text: &str, words: &[Placed], milestones: &Milestones) -> Option<(usize, Range<usize>)> {
    let mut best: Option<(f32, usize, Range<usize>)> = None;
    let mut looked = words;
    while let Some((value, place)) = best_place(looked) {
        looked = &looked[..looked.partition_point(|it| it.at < place)];
        if best.as_ref().is_some_and(|it| value < PROSE * it.0) {
            break;
        }
        let Some(range) = milestones.find(text, place) else { continue };
        let piece = text[..range.start].rfind(BETWEEN).map_or(0, |at| at + BETWEEN.len());
        let is_names = is_list(&text[piece..]);
        if best.is_none() || !is_names {
            best = Some((value, place as usize, range));
        }
        if !is_names {
            break;
        }
    }
    best.map(|it| (it.1, it.2))
}

/// Whether a piece of a text is a list of names.
fn is_list(piece: &str) -> bool {
    LISTS.iter().any(|it| piece.strip_prefix(it).is_some_and(|rest| rest.starts_with(':')))
}

/// The place that shows most of what was asked for within the length of a fragment, and how much; with as much, where
/// most words are; else the first.
fn best_place(words: &[Placed]) -> Option<(f32, u32)> {
    let mut best: Option<(f32, usize, u32)> = None;
    let mut shown: Vec<(usize, f32)> = Vec::new();
    for (at, first) in words.iter().enumerate() {
        shown.clear();
        let mut count = 0;
        for it in words[at..].iter().take_while(|it| it.at < first.at + NEAR) {
            count += 1;
            match shown.iter_mut().find(|known| known.0 == it.clause) {
                Some(known) => known.1 = known.1.max(it.weight),
                None => shown.push((it.clause, it.weight)),
            }
        }
        let value: f32 = shown.iter().map(|it| it.1).sum();
        let is_better =
            |known: &(f32, usize, u32)| known.0 + 1e-3 < value || (known.0 < value + 1e-3 && known.1 < count);
        if best.as_ref().is_none_or(is_better) {
            best = Some((value, count, first.at));
        }
    }
    best.map(|it| (it.0, it.2))
}

/// How much of what was asked for words show together: each thing counts once, by the word that shows it best.
fn value(hits: &[Hit]) -> f32 {
    let mut best: Vec<(usize, f32)> = Vec::new();
    for hit in hits {
        match best.iter_mut().find(|it| it.0 == hit.clause) {
            Some(it) => it.1 = it.1.max(hit.weight),
            None => best.push((hit.clause, hit.weight)),
        }
    }
    best.iter().map(|it| it.1).sum()
}

/// Where a piece ends: after a space, so that no word is cut.
fn piece_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let after = |at: usize| bytes[at..].iter().position(|it| *it == b' ').map(|space| at + space + 1);
    (start + PIECE < bytes.len()).then(|| after(start + PIECE)).flatten().unwrap_or(bytes.len())
}

/// A place to cut a fragment from: its first word, and how much the words there show.
struct Spot {
    start: usize,
    value: f32,
    count: usize,
}

/// The place that shows most of what was asked for; with as much, where most words are; else the first.
fn best(text: &str, hits: &[Hit]) -> Spot {
    let room = FRAGMENT_MAX - LEAD;
    let mut best = Spot { start: 0, value: 0.0, count: 0 };
    for (at, first) in hits.iter().enumerate() {
        let mut length = 0;
        let mut end = first.range.start;
        let mut count = 0;
        for hit in &hits[at..] {
            length += text[end..hit.range.end].chars().count();
            end = hit.range.end;
            if room < length {
                break;
            }
            count += 1;
        }
        let value = value(&hits[at..at + count]);
        if best.value < value - 1e-3 || (best.value < value + 1e-3 && best.count < count) {
            best = Spot { start: first.range.start, value, count };
        }
    }
    best
}

/// A fitting place to begin before a word: the begin of its sentence when that is near, else of a word.
fn lead_in(text: &str, word: usize) -> usize {
    let earliest = text[..word].char_indices().rev().nth(LEAD - 1).map_or(0, |(at, _)| at);
    if earliest == 0 {
        return 0;
    }
    let before = &text[earliest..word];
    // The last one sets pieces of a document apart.
    let ends = [". ", "! ", "? ", BETWEEN];
    let sentence = ends.iter().filter_map(|end| before.rfind(end).map(|at| at + end.len())).max();
    let start = sentence.or_else(|| before.find(' ').map(|at| at + 1));
    start.map_or(word, |at| earliest + at)
}

/// The fragment that begins here: no longer than allowed, ended at a word, with "…" where text was left out.
fn cut(text: &str, start: usize, hits: &[Hit]) -> String {
    let is_later = 0 < start;
    let room = FRAGMENT_MAX - usize::from(is_later);
    let mut end = text.len();
    if let Some((limit, _)) = text[start..].char_indices().nth(room) {
        let limit = start + limit;
        // One place is for the "…".
        let last = text[..limit].char_indices().next_back().map_or(limit, |(at, _)| at);
        end = match text[start..last].rfind(' ') {
            _ if text[last..].starts_with(' ') => last,
            Some(at) if 0 < at => start + at,
            _ => last,
        };
    }
    let mut res = String::new();
    if is_later {
        res.push('…');
    }
    res.push_str(&html(text, start..end, hits));
    if end < text.len() {
        res.push('…');
    }
    res
}

/// A range of a text as HTML. A hit over the edge of the range is left unmarked.
fn html(text: &str, range: Range<usize>, hits: &[Hit]) -> String {
    let mut res = String::with_capacity(range.len() + 32);
    let mut at = range.start;
    for hit in hits.iter().filter(|it| range.start <= it.range.start && it.range.end <= range.end) {
        escape(&text[at..hit.range.start], &mut res);
        res.push_str("<mark>");
        escape(&text[hit.range.clone()], &mut res);
        res.push_str("</mark>");
        at = hit.range.end;
    }
    escape(&text[at..range.end], &mut res);
    res
}

fn escape(text: &str, res: &mut String) {
    for c in text.chars() {
        match c {
            '&' => res.push_str("&amp;"),
            '<' => res.push_str("&lt;"),
            '>' => res.push_str("&gt;"),
            '"' => res.push_str("&quot;"),
            '\'' => res.push_str("&#39;"),
            _ => res.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(words: &str) -> Marks {
        Marks::of(words.split_whitespace())
    }

    /// Where the index would know words to stand.
    fn placed(text: &str, marks: &Marks) -> Vec<Placed> {
        let analyzer = Analyzer::default();
        let mut res = Vec::new();
        for written in dutch::written(text) {
            for it in written.parts.iter().chain(&written.joined) {
                let shown = marks.of_word(&it.text, &analyzer);
                res.extend(shown.map(|(clause, weight)| Placed { at: it.position as u32, clause, weight }));
            }
        }
        res.sort_by_key(|it| it.at);
        res
    }

    fn marked(text: &str, marks: &Marks) -> String {
        super::marked(text, &placed(text, marks), marks, &Analyzer::default())
    }

    fn fragment(summary: &str, body: &str, marks: &Marks) -> String {
        let words = Texts { title: vec![], summary: placed(summary, marks), body: placed(body, marks) };
        let milestones = Milestones::of(&dutch::spans(body));
        super::fragment(summary, body, &words, &milestones, marks, &Analyzer::default())
    }

    fn seen(html: &str) -> usize {
        let plain = html.replace("<mark>", "").replace("</mark>", "");
        ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"]
            .iter()
            .fold(plain, |text, it| text.replace(it, "x"))
            .chars()
            .count()
    }

    #[test]
    fn words_are_marked_by_their_stem() {
        for (text, asked, expected) in [
            ("Plannen voor zorg", "plan", "<mark>Plannen</mark> voor zorg"),
            ("Onze e-health-app & <b>", "ehealth ap", "Onze e-health-<mark>app</mark> &amp; &lt;b&gt;"),
            ("Onze e-health nu", "e health ehealth", "Onze <mark>e-health</mark> nu"),
            ("Regio's en cliënten", "regio client", "<mark>Regio&#39;s</mark> en <mark>cliënten</mark>"),
            ("", "plan", ""),
        ] {
            assert_eq!(marked(text, &terms(asked)), expected);
        }
    }

    #[test]
    fn the_fragment_shows_the_words() {
        let filler = "Dit is een zin die nergens over gaat. ".repeat(20);
        let body = format!("{filler}Het verzuim daalde in de ouderenzorg sterk. {filler}");
        let found = fragment("Kort.", &body, &terms("verzuim ouderenzorg"));
        assert!(found.starts_with("…Het <mark>verzuim</mark> daalde in de <mark>ouderenzorg</mark>"), "{found}");
        assert!(found.ends_with('…') && seen(&found) <= FRAGMENT_MAX, "{found}");
        // The place with both words goes before the first with one.
        let body = format!("Het verzuim. {body}");
        assert!(fragment("", &body, &terms("verzuim ouderenzorg")).contains("ouderenzorg"));
        assert_eq!(fragment("Over verzuim.", "Niets.", &terms("verzuim")), "Over <mark>verzuim</mark>.");
        assert_eq!(fragment("De kern.", "Niets.", &terms("verzuim")), "De kern.");
        assert_eq!(fragment("", "", &terms("verzuim")), "");
    }

    #[test]
    fn a_fragment_opens_after_the_mark_between_pieces() {
        let body = format!("{} · Het verzuim liep op.", "Een lang begin van de tekst. ".repeat(8).trim_end());
        assert_eq!(fragment("", &body, &terms("verzuim")), "…Het <mark>verzuim</mark> liep op.");
    }

    #[test]
    fn what_the_author_wrote_goes_before_a_list_of_names() {
        let placed = |all: &[(u32, usize)]| {
            all.iter().map(|it| Placed { at: it.0, clause: it.1, weight: 1.0 }).collect::<Vec<_>>()
        };
        let marks = terms("verzuim rooster");
        let body = "Het verzuim daalde. · Trefwoorden: verzuim, verzuim, rooster";
        let shown = |body: &str, places: &[(u32, usize)]| {
            let words = Texts { body: placed(places), ..Texts::default() };
            super::fragment("", body, &words, &Milestones::default(), &marks, &Analyzer::default())
        };
        let one = shown(body, &[(1, 0), (4, 0), (5, 0)]);
        assert_eq!(one, "Het <mark>verzuim</mark> daalde. · Trefwoorden: verzuim, verzuim, rooster");
        // Unless the list shows more.
        let body = format!("{}{}", "Het verzuim daalde. ".repeat(20), &body[20..]);
        let both = shown(&body, &[(1, 0), (61, 0), (62, 0), (63, 1)]);
        assert!(both.contains("<mark>rooster</mark>"), "{both}");
    }

    #[test]
    fn long_words_and_long_summaries_are_cut() {
        for text in ["x".repeat(500), "é ".repeat(500), format!("{} verzuim", "é".repeat(500))] {
            for asked in ["verzuim", ""] {
                let found = fragment(&text, &text, &terms(asked));
                assert!(seen(&found) <= FRAGMENT_MAX, "{}: {found}", seen(&found));
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_stays_safe_and_short(text in "([a-z&<>'\"é🙂-]{1,12}[ .]{0,2}){0,80}", word in "[a-z]{1,4}") {
            let terms = terms(&word);
            let of_text = fragment_of(&text, &terms, &Analyzer::default());
            for html in [fragment(&text, &text, &terms), fragment("", &text, &terms), marked(&text, &terms), of_text] {
                let left = html.replace("<mark>", "").replace("</mark>", "");
                proptest::prop_assert!(!left.contains(['<', '>', '"', '\'']));
            }
            proptest::prop_assert!(seen(&fragment(&text, &text, &terms)) <= FRAGMENT_MAX);
        }
    }
}
