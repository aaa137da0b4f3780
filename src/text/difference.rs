//! What changed between two texts, word by word.

use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

/// A run of words in one of the two texts, or in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub is_changed: bool,
}

/// Texts that differ in more ways than this time can find show as changed in larger pieces.
const PATIENCE: Duration = Duration::from_millis(200);

/// The two texts as runs: the old one with what is gone, the new one with what came.
pub fn words(old: &str, new: &str) -> (Vec<Run>, Vec<Run>) {
    let (old, new) = (pieces(old), pieces(new));
    let deadline = Instant::now().checked_add(PATIENCE);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for op in capture_diff_slices_deadline(Algorithm::Myers, &old, &new, deadline) {
        let is_changed = !matches!(op, DiffOp::Equal { .. });
        push(&mut before, &old[op.old_range()], is_changed);
        push(&mut after, &new[op.new_range()], is_changed);
    }
    (before, after)
}

/// Words, spaces and signs, each a piece; together they are the text.
fn pieces(text: &str) -> Vec<&str> {
    let mut res = Vec::new();
    let mut begin = 0;
    let class = |c: char| match c {
        c if c.is_alphanumeric() => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut last = None;
    for (at, c) in text.char_indices() {
        let now = class(c);
        if last.is_some_and(|last| last != now || now == 2) {
            res.push(&text[begin..at]);
            begin = at;
        }
        last = Some(now);
    }
    if begin < text.len() {
        res.push(&text[begin..]);
    }
    res
}

fn push(runs: &mut Vec<Run>, pieces: &[&str], is_changed: bool) {
    if pieces.is_empty() {
        return;
    }
    let text = pieces.concat();
    match runs.last_mut() {
        Some(last) if last.is_changed == is_changed => last.text.push_str(&text),
        _ => runs.push(Run { text, is_changed }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(runs: &[Run]) -> String {
        runs.iter().map(|it| if it.is_changed { format!("[{}]", it.text) } else { it.text.clone() }).collect()
    }

    #[test]
    fn changed_words() {
        for (old, new, before, after) in [
            ("Minder verzuim.", "Minder verzuim.", "Minder verzuim.", "Minder verzuim."),
            ("Minder verzuim.", "Veel minder verzuim!", "[Minder] verzuim[.]", "[Veel minder] verzuim[!]"),
            ("", "Nieuw", "", "[Nieuw]"),
            ("cliënt en team", "cliënt, team", "cliënt[ en] team", "cliënt[,] team"),
        ] {
            let (one, other) = words(old, new);
            assert_eq!((shown(&one), shown(&other)), (before.to_owned(), after.to_owned()));
        }
    }

    #[test]
    fn the_runs_are_the_texts() {
        let (old, new) = ("a b\n\nc – d’s 12", "a  b c d's 13\n");
        let (one, other) = words(old, new);
        let whole = |runs: Vec<Run>| runs.into_iter().map(|it| it.text).collect::<String>();
        assert_eq!((whole(one).as_str(), whole(other).as_str()), (old, new));
    }
}
