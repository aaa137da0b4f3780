//! Members that show their name and do better: those one can learn from.

use crate::benchmark::comparison::Comparison;
use crate::benchmark::measure::Aim;
use crate::benchmark::outcome::{Outcome, outcome};

/// The named members that do better than the viewer, best first, with their values: outside the viewer's own interval,
/// because a better value inside it may be chance. For a viewer without a figure those in the best quarter.
pub fn better(shown: &Comparison, aim: Aim) -> Vec<(&str, f64)> {
    let is_better = |value: f64| -> Option<bool> {
        let badness = aim.badness(value)?;
        Some(match (&shown.own, shown.quartiles) {
            (Some(own), _) if own.interval.is_some() => outcome(own.interval, Some(value), aim) == Outcome::Worse,
            (Some(own), _) => badness < aim.badness(own.value)?,
            (None, Some([low, high])) => badness <= aim.badness(low)?.min(aim.badness(high)?),
            (None, None) => false,
        })
    };
    let named = shown.named.iter().filter(|it| is_better(it.value) == Some(true));
    let mut res: Vec<(f64, &str, f64)> =
        named.filter_map(|it| Some((aim.badness(it.value)?, it.name.as_str(), it.value))).collect();
    res.sort_by(|a, b| a.0.total_cmp(&b.0));
    res.into_iter().map(|it| (it.1, it.2)).collect()
}
