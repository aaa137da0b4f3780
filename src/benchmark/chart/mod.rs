//! Charts as SVG text, made on the server, without script.
//!
//! A chart is a plain struct that its caller fills with figures that may be shown. It gives `svg`, the drawing in one
//! of two widths, and `table`, the same figures in words. Nothing here calculates: limits, bands and signals come in.
//!
//! Invariants: every drawing is well-formed XML with all of it inside its `viewBox`, whatever comes in; it has a title
//! and a description; nothing is told by colour alone. There is no `style` attribute anywhere, for the pages forbid it.

pub mod number;

pub mod scale;

pub mod style;

pub mod canvas;

pub mod words;

pub mod about;

pub mod frame;

pub mod label;

pub mod legend;

pub mod dots;

pub mod funnel;

pub mod signal;

pub mod control;

pub mod crowd;

pub mod bands;

pub mod composition;

pub mod sparkline;

pub mod icon;

pub mod change;

#[cfg(test)]
mod tests;
