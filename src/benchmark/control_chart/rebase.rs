//! When new limits would fit better: a proposal with its reason, for a person to accept and a second one to confirm.
//!
//! Why no chart rebases itself: limits that follow the data never signal. Whether a shift is a new normal is known by
//! who knows the work, not by the figures.

use crate::benchmark::control_chart::rules::Side;
use crate::benchmark::control_chart::{Chart, FIRM_FROM};

/// Points in a row on one side of the mean, up to the last one, before a shift is called lasting.
const LASTING: usize = 8;

/// A lasting shift that new limits would follow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proposal {
    /// The place in the series where the new stretch would begin.
    pub from: usize,
    pub side: Side,
    /// Points since then.
    pub points: usize,
    /// Mean of the stretch before.
    pub before: f64,
    /// Mean since then.
    pub after: f64,
}

impl Proposal {
    /// From the last stretch: a run that goes on to the last point, after enough points for limits of their own.
    pub fn new(chart: &Chart) -> Option<Proposal> {
        let stretch = chart.stretches.last()?;
        let mean = stretch.limits?.mean;
        let present: Vec<(usize, f64)> =
            (stretch.from..stretch.until).filter_map(|at| Some((at, chart.points[at]?.value))).collect();
        let side = match present.last()?.1 {
            it if mean < it => Side::High,
            it if it < mean => Side::Low,
            _ => return None,
        };
        let is_on_side = |it: f64| if side == Side::High { mean < it } else { it < mean };
        let points = present.iter().rev().take_while(|it| is_on_side(it.1)).count();
        let (old, new) = present.split_at(present.len() - points);
        let average = |part: &[(usize, f64)]| part.iter().map(|it| it.1).sum::<f64>() / part.len() as f64;
        (LASTING <= points && FIRM_FROM <= old.len()).then(|| Proposal {
            from: new[0].0,
            side,
            points,
            before: average(old),
            after: average(new),
        })
    }

    /// The reason, for who decides; `period` names the period where the new stretch would begin.
    pub fn reason(&self, period: &str) -> String {
        let side = if self.side == Side::High { "boven" } else { "onder" };
        format!(
            "Vanaf {period} liggen {} metingen op rij {side} het gemiddelde. Het oude gemiddelde past niet meer. \
             Weet u waardoor dit komt en blijft het zo? Stel dan nieuwe grenzen in vanaf {period}. \
             Een tweede persoon moet dit bevestigen.",
            self.points
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::assert_close;
    use crate::benchmark::control_chart::{Settings, chart};
    use crate::benchmark::measure::Aim;

    fn propose(series: &[Option<f64>], rebased_at: &[usize]) -> Option<Proposal> {
        let rebased_at = rebased_at.to_vec();
        let settings = Settings { aim: Aim::Lower, target: None, screens: true, baseline: Some(12), rebased_at };
        Proposal::new(&chart(series, &settings))
    }

    #[test]
    fn a_lasting_shift_is_proposed() {
        let wave = |middle: f64, n: usize| (0..n).map(move |at| Some(middle + if at % 2 == 0 { -0.3 } else { 0.3 }));
        let mut series: Vec<Option<f64>> = wave(6.0, 12).collect();
        assert_eq!(propose(&series, &[]), None);
        series.extend(wave(4.0, 7));
        assert_eq!(propose(&series, &[]), None, "seven points are a signal, no new normal yet");
        series.extend([None, Some(4.0)]);
        let found = propose(&series, &[]).unwrap();
        assert_eq!((found.from, found.side, found.points), (12, Side::Low, 8));
        assert_close(found.before, 6.0, 1e-9);
        assert!(found.reason("januari 2026").starts_with("Vanaf januari 2026 liggen 8 metingen op rij onder"));
        assert_eq!(propose(&series, &[12]), None, "the new stretch has a mean of its own");
        series.push(Some(6.4));
        assert_eq!(propose(&series, &[]), None, "the run is over");
        assert_eq!((propose(&[], &[]), propose(&[Some(1.0)], &[])), (None, None));
    }
}
