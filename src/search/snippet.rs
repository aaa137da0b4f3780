//! The piece of a text that shows why it was found, with the words marked.
//!
//! Our own instead of the engine's: that one counts bytes, cuts in the middle of a sentence and cannot mark a
//! hyphenated word of which one part opens the piece.
//!
//! Invariant: the only tag in the result is `<mark>`; everything of the author is escaped.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::search::dutch;
use crate::search::stem::stem;

/// The longest fragment, in characters as the reader sees them.
pub const FRAGMENT_MAX: usize = 220;
/// How much of a text is read at a time, in bytes.
const PIECE: usize = 2_000;
/// How far is read on after the first word, in bytes: a long report must not cost more than its best page.
const READ_ON: usize = 20_000;
/// How much of the text before the first marked word is shown at most.
const LEAD: usize = 60;

/// The whole text with the words marked.
pub fn marked(text: &str, terms: &BTreeSet<&str>) -> String {
    let hits = hits(text, terms);
    html(text, 0..text.len(), &hits)
}

/// The best fragment of the body; else of the summary; when neither has a word of the question, the begin of the
/// summary.
pub fn fragment(summary: &str, body: &str, terms: &BTreeSet<&str>) -> String {
    let texts = [body, summary].map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    for text in &texts {
        let hits = first_hits(text, terms);
        if !hits.is_empty() {
            return cut(text, best_start(text, &hits), &hits);
        }
    }
    let [body, summary] = &texts;
    cut(if summary.is_empty() { body } else { summary }, 0, &[])
}

/// A marked word: where it stands and which stem it has.
struct Hit {
    range: Range<usize>,
    stem: String,
}

/// The words to mark, in order, none over another: of a hyphenated word the whole goes before its parts.
fn hits(text: &str, terms: &BTreeSet<&str>) -> Vec<Hit> {
    if terms.is_empty() {
        return vec![];
    }
    let mut res: Vec<Hit> = Vec::new();
    for word in dutch::words(text) {
        let stem = stem(&word.text);
        if terms.contains(stem.as_str()) {
            // The whole comes after its parts.
            while res.last().is_some_and(|it| word.range.start <= it.range.start) {
                res.pop();
            }
            res.push(Hit { range: word.range, stem });
        }
    }
    res
}

/// The words to mark in the part of a text that is worth reading: piece by piece, until every word of the question
/// was seen, or the text goes on for too long.
fn first_hits(text: &str, terms: &BTreeSet<&str>) -> Vec<Hit> {
    let mut res: Vec<Hit> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = piece_end(text, at);
        let seen: BTreeSet<&str> = res.iter().map(|it| it.stem.as_str()).collect();
        let is_enough = seen.len() == terms.len() || res.first().is_some_and(|it| it.range.start + READ_ON < at);
        if is_enough {
            break;
        }
        let shifted = hits(&text[at..end], terms).into_iter();
        res.extend(shifted.map(|it| Hit { range: it.range.start + at..it.range.end + at, ..it }));
        at = end;
    }
    res
}

/// Where a piece ends: after a space, so that no word is cut.
fn piece_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let after = |at: usize| bytes[at..].iter().position(|it| *it == b' ').map(|space| at + space + 1);
    (start + PIECE < bytes.len()).then(|| after(start + PIECE)).flatten().unwrap_or(bytes.len())
}

/// Where the fragment with the most different words begins; with as many, where most words are; else the first.
fn best_start(text: &str, hits: &[Hit]) -> usize {
    let room = FRAGMENT_MAX - LEAD;
    let mut best = (0, 0, 0);
    for (at, first) in hits.iter().enumerate() {
        let mut length = 0;
        let mut end = first.range.start;
        let mut seen: Vec<&str> = Vec::new();
        let mut all = 0;
        for hit in &hits[at..] {
            length += text[end..hit.range.end].chars().count();
            end = hit.range.end;
            if room < length {
                break;
            }
            all += 1;
            if !seen.contains(&hit.stem.as_str()) {
                seen.push(&hit.stem);
            }
        }
        if (best.0, best.1) < (seen.len(), all) {
            best = (seen.len(), all, first.range.start);
        }
    }
    lead_in(text, best.2)
}

/// A fitting place to begin before a word: the begin of its sentence when that is near, else of a word.
fn lead_in(text: &str, word: usize) -> usize {
    let earliest = text[..word].char_indices().rev().nth(LEAD - 1).map_or(0, |(at, _)| at);
    if earliest == 0 {
        return 0;
    }
    let before = &text[earliest..word];
    // The last one sets pieces of a document apart.
    let ends = [". ", "! ", "? ", " · "];
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

    fn terms(words: &str) -> BTreeSet<&str> {
        words.split_whitespace().collect()
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
            for html in [fragment(&text, &text, &terms), fragment("", &text, &terms), marked(&text, &terms)] {
                let left = html.replace("<mark>", "").replace("</mark>", "");
                proptest::prop_assert!(!left.contains(['<', '>', '"', '\'']));
            }
            proptest::prop_assert!(seen(&fragment(&text, &text, &terms)) <= FRAGMENT_MAX);
        }
    }
}
