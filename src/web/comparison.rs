//! Two versions side by side: what is gone on the left, what came on the right, marked word by word.

use crate::domain::comparison::Difference;
use crate::text::difference::{self, Run};

/// One field that differs.
#[derive(Debug)]
pub struct FieldDifference {
    pub label: &'static str,
    pub before: Vec<Run>,
    pub after: Vec<Run>,
}

pub fn side_by_side(differences: Vec<Difference>) -> Vec<FieldDifference> {
    let one = |it: Difference| {
        let (before, after) = difference::words(&it.before, &it.after);
        FieldDifference { label: it.label, before, after }
    };
    differences.into_iter().map(one).collect()
}
