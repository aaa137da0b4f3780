//! What a control chart says, in a sign: does the series change, and would it meet its target?
//!
//! Every meaning has an outline of its own, so that none is told by colour alone.

use crate::benchmark::chart::canvas::{Canvas, Shape};
use crate::benchmark::chart::sparkline::small;

const SIDE: f64 = 36.0;
const MIDDLE: f64 = 18.0;

/// What the last point says, by the direction of the indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variation {
    /// No limits yet.
    Unknown,
    Common,
    /// More than chance to the good; whether upwards.
    Improving {
        is_high: bool,
    },
    Worsening {
        is_high: bool,
    },
    /// Upwards where neither way is better.
    High,
    Low,
}

/// Whether the process would meet its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assurance {
    /// No target, no direction or no limits.
    Unknown,
    Passes,
    Fails,
    HitOrMiss,
}

impl Variation {
    /// In words, for who reads or hears.
    pub fn dutch(self) -> &'static str {
        match self {
            Variation::Unknown => "Nog te weinig waarden voor een oordeel",
            Variation::Common => "Gewone schommeling: geen verandering",
            Variation::Improving { is_high: true } => "Gunstig signaal: hoger dan gewoon",
            Variation::Improving { is_high: false } => "Gunstig signaal: lager dan gewoon",
            Variation::Worsening { is_high: true } => "Ongunstig signaal: hoger dan gewoon",
            Variation::Worsening { is_high: false } => "Ongunstig signaal: lager dan gewoon",
            Variation::High => "Signaal: hoger dan gewoon",
            Variation::Low => "Signaal: lager dan gewoon",
        }
    }

    /// `prefix` begins the id: one for each icon on a page.
    pub fn svg(self, prefix: &str, is_file: bool) -> String {
        let mut canvas = Canvas::new(prefix, SIDE, 14.0);
        let arrow = match self {
            Variation::Unknown => {
                canvas.mark(Shape::Circle, "hollow", (MIDDLE, MIDDLE), 14.0, "");
                canvas.path("glyph-dark", &[(12.0, MIDDLE), (24.0, MIDDLE)]);
                None
            }
            Variation::Common => {
                canvas.mark(Shape::Circle, "hollow", (MIDDLE, MIDDLE), 14.0, "");
                let wave = [(9.0, 20.0), (13.0, 15.0), (18.0, 21.0), (23.0, 15.0), (27.0, 20.0)];
                canvas.path("glyph-dark", &wave);
                None
            }
            Variation::Improving { is_high } => {
                canvas.mark(Shape::Circle, "good", (MIDDLE, MIDDLE), 16.0, "");
                Some(is_high)
            }
            Variation::Worsening { is_high } => {
                canvas.mark(Shape::Diamond, "bad", (MIDDLE, MIDDLE), 14.5, "");
                Some(is_high)
            }
            Variation::High | Variation::Low => {
                canvas.mark(Shape::Square, "neutral", (MIDDLE, MIDDLE), 16.0, "");
                Some(self == Variation::High)
            }
        };
        if let Some(is_up) = arrow {
            let y = |up: f64| if is_up { up } else { SIDE - up };
            canvas.path("glyph", &[(MIDDLE, y(26.0)), (MIDDLE, y(10.0))]);
            canvas.path("glyph", &[(12.5, y(16.0)), (MIDDLE, y(10.0)), (23.5, y(16.0))]);
        }
        small(canvas, SIDE, "chart-icon", self.dutch(), is_file)
    }
}

impl Assurance {
    /// In words, for who reads or hears.
    pub fn dutch(self) -> &'static str {
        match self {
            Assurance::Unknown => "Geen oordeel over de streefwaarde",
            Assurance::Passes => "Haalt de streefwaarde steeds, als er niets verandert",
            Assurance::Fails => "Haalt de streefwaarde niet, als er niets verandert",
            Assurance::HitOrMiss => "Haalt de streefwaarde de ene keer wel en de andere keer niet",
        }
    }

    /// `prefix` begins the id: one for each icon on a page.
    pub fn svg(self, prefix: &str, is_file: bool) -> String {
        let mut canvas = Canvas::new(prefix, SIDE, 14.0);
        match self {
            Assurance::Unknown => {
                canvas.mark(Shape::Square, "hollow", (MIDDLE, MIDDLE), 14.0, "");
                canvas.path("glyph-dark", &[(12.0, MIDDLE), (24.0, MIDDLE)]);
            }
            Assurance::Passes => {
                canvas.mark(Shape::Circle, "good", (MIDDLE, MIDDLE), 16.0, "");
                canvas.path("glyph", &[(11.0, 18.5), (16.0, 24.0), (25.5, 12.5)]);
            }
            Assurance::Fails => {
                canvas.mark(Shape::Diamond, "bad", (MIDDLE, MIDDLE), 14.5, "");
                canvas.path("glyph", &[(12.5, 12.5), (23.5, 23.5)]);
                canvas.path("glyph", &[(12.5, 23.5), (23.5, 12.5)]);
            }
            Assurance::HitOrMiss => {
                canvas.mark(Shape::Square, "hollow", (MIDDLE, MIDDLE), 15.0, "");
                canvas.line("target", (6.0, MIDDLE), (30.0, MIDDLE));
                canvas.path("glyph-dark", &[(9.0, 25.0), (15.0, 11.0), (21.0, 25.0), (27.0, 11.0)]);
            }
        }
        small(canvas, SIDE, "chart-icon", self.dutch(), is_file)
    }
}
