//! Figures: how values of members are compared, and what of that may be shown to whom.
//!
//! Pure functions on plain numbers: no I/O, no clock, no chance. They do not fail: what cannot be calculated is
//! `None` or an outcome that says so. The formulas come from published methods; the tests hold the numbers these
//! methods publish.
//!
//! Invariant: a figure about others reaches a page, a chart or the API as `disclosure::Released` only.

pub mod chart;

pub mod measure;

pub mod distribution;

pub mod quantile;

pub mod interval;

pub mod outcome;

pub mod better;

pub mod funnel;

pub mod over_dispersion;

pub mod control_chart;

pub mod trend;

pub mod cusum;

pub mod standardise;

pub mod reference;

pub mod rank;

pub mod gap;

pub mod peer_group;

pub mod disclosure;

pub mod method;

pub mod comparison;

/// For tests: two numbers differ by no more than this.
#[cfg(test)]
#[track_caller]
fn assert_close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected}");
}
