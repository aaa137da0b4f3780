//! A group whose figures somebody was shown: what the guard against differencing compares a new group with.

use serde::{Deserialize, Serialize};

use crate::domain::members::Members;

/// What a viewer was shown of one group, to be remembered. Members by slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenGroup {
    /// Those whose values are in the figures: members without a value do not count.
    pub members: Members,
    /// Those whose own value was shown.
    pub named: Members,
    /// Whether the single values were shown, without names.
    pub positions: bool,
}
