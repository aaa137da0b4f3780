//! What a member is compared with: the others together, without itself.
//!
//! A large member that counts in its own reference pulls it towards itself. The others count by their sums, numerators
//! over denominators, never by a mean of percentages. A zero is a value; a member without a value is no zero.

use crate::benchmark::measure::{Measure, Value};
use crate::domain::indicator::IndicatorKind;

/// A figure of several members together, in the unit of the indicator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reference {
    pub value: f64,
    pub numerator: f64,
    pub denominator: f64,
    /// How many members it rests on.
    pub members: usize,
}

/// These members together. Members of whom only the value is known do not count. `None` when nothing is left, and for
/// a bare count, which has no denominator to share.
pub fn together<'a>(values: impl IntoIterator<Item = &'a Value>, measure: &Measure) -> Option<Reference> {
    let (mut numerator, mut denominator, mut members) = (0.0, 0.0, 0);
    for (part, whole) in values.into_iter().filter_map(Value::counts) {
        numerator += part;
        denominator += whole;
        members += 1;
    }
    let value = numerator / denominator * measure.factor;
    (measure.kind != IndicatorKind::Count && value.is_finite()).then_some(Reference {
        value,
        numerator,
        denominator,
        members,
    })
}

/// All members but the one at `own`.
pub fn leave_one_out(members: &[Option<Value>], own: Option<usize>, measure: &Measure) -> Option<Reference> {
    let others = members.iter().enumerate().filter(|(at, _)| Some(*at) != own);
    together(others.filter_map(|(_, it)| it.as_ref()), measure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;
    use crate::benchmark::measure::Aim;

    const SHARE: Measure = Measure { kind: IndicatorKind::Proportion, factor: 100.0, aim: Aim::Lower };

    #[test]
    fn others_count_by_their_sums() {
        let counted = |part, whole| Value::of_counts(part, whole, 100.0);
        let members = [counted(50.0, 100.0), counted(0.0, 300.0), None, counted(1.0, 100.0), Some(Value::bare(90.0))];
        for (own, value, numerator, count) in
            [(None, 10.2, 51.0, 3), (Some(0), 0.25, 1.0, 2), (Some(1), 25.5, 51.0, 2), (Some(2), 10.2, 51.0, 3)]
        {
            let found = leave_one_out(&members, own, &SHARE).unwrap();
            assert_close(found.value, value, 1e-12);
            assert_eq!((found.numerator, found.members), (numerator, count), "{own:?}");
        }
        assert_eq!(leave_one_out(&members[..1], Some(0), &SHARE), None);
        assert_eq!(together(&[], &SHARE), None);
        let count = Measure { kind: IndicatorKind::Count, ..SHARE };
        assert_eq!(leave_one_out(&members, None, &count), None);
    }
}
