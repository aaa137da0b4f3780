//! On a few invented indicators.

use super::*;
use crate::domain::indicator::{Definition, Indicator, IndicatorKind, Part};
use crate::domain::period::Span;

fn catalogue() -> Catalogue {
    let indicator = |slug: &str, kind, span, factor| Indicator {
        slug: slug.into(),
        name: slug.into(),
        kind,
        span,
        factor: Some(factor),
        unit: "%".into(),
        plausible_from: Some(0.0),
        plausible_until: Some(40.0),
        definitions: vec![Definition {
            version: "1".into(),
            numerator: "a".into(),
            denominator: Some("b".into()),
            ..Definition::default()
        }],
        ..Indicator::default()
    };
    let parts = ["a", "b", "c"].map(|code| Part { code: code.into(), name: code.into() });
    let mut res = Catalogue::default();
    for it in [
        indicator("ziekteverzuim-kwartaal", IndicatorKind::Ratio, Span::Quarter, 100.0),
        indicator("mic-vallen", IndicatorKind::Rate, Span::Month, 1_000.0),
        indicator("klachten", IndicatorKind::Count, Span::Year, 1.0),
        indicator("aanbevelingsscore", IndicatorKind::Nps, Span::Year, 100.0),
        indicator("werkplezier", IndicatorKind::Mean, Span::Year, 1.0),
        indicator("decubitus", IndicatorKind::Proportion, Span::Year, 100.0),
        Indicator { parts: parts.into(), ..indicator("zorgmix", IndicatorKind::Composition, Span::Month, 100.0) },
    ] {
        res.indicators.push(it);
    }
    res
}

fn demo() -> (Catalogue, Demo) {
    let catalogue = catalogue();
    let demo = Demo::new(&catalogue, NaiveDate::from_ymd_opt(2026, 11, 25).unwrap());
    (catalogue, demo)
}

#[test]
fn every_figure_fits_its_indicator() {
    let (catalogue, demo) = demo();
    assert_eq!(demo.deliveries(catalogue.indicators.iter()).count(), ORGANISATIONS);
    for (slug, rows) in demo.deliveries(catalogue.indicators.iter()) {
        for it in &rows {
            let indicator = catalogue.indicator(&it.indicator).unwrap();
            assert_eq!(it.check(indicator), vec![], "{slug}: {it:?}");
            assert_eq!(it.organisation, slug);
        }
        let of = |code: &str| rows.iter().filter(|it| it.indicator == code).count();
        let counts = [of("ziekteverzuim-kwartaal"), of("mic-vallen"), of("klachten"), of("zorgmix")];
        assert_eq!(counts, [24, 72, 6, 72]);
    }
}

#[test]
fn everything_says_that_it_is_invented() {
    let (_, demo) = demo();
    for item in demo.library.catalogue.items() {
        assert!(item.name().ends_with(MARK), "{}", item.name());
    }
    assert!(demo.library.records.iter().all(|it| it.common.title.ends_with(MARK)));
    assert!(demo.people.iter().all(|it| it.name.ends_with(MARK) && it.mail.ends_with(".example")));
    // Practices that name an indicator this library lacks are left out.
    assert_eq!(demo.library.records.len(), 0);
}

#[test]
fn the_improver_improves_and_the_worst_stays_worst() {
    let (catalogue, demo) = demo();
    let indicator = catalogue.indicator("ziekteverzuim-kwartaal").unwrap();
    let deliveries: Vec<_> = demo.deliveries([indicator]).collect();
    let mean = |number: usize, years: std::ops::RangeInclusive<i32>| {
        let rows = &deliveries[number - 1].1;
        let values: Vec<f64> = rows
            .iter()
            .filter(|it| it.indicator == indicator.slug && years.contains(&it.period.unwrap().year()))
            .filter_map(|it| it.derived(indicator))
            .collect();
        values.iter().sum::<f64>() / values.len() as f64
    };
    assert!(mean(17, 2022..=2023) - mean(17, 2025..=2026) > 2.0);
    let others: f64 = (1..=60).map(|it| mean(it, 2025..=2026)).sum::<f64>() / 60.0;
    assert!(mean(7, 2025..=2026) - others > 1.5, "{} {others}", mean(7, 2025..=2026));
}
