//! A gap to the median in what is counted: "omgerekend 353,4 ziektedagen meer dan op de mediaan". It says how it is, not
//! what to do: where more is better or where one stands well, "minder" would be bad advice.

use crate::benchmark::gap::Gap;
use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::period::PartialDate;
use crate::text::dutch;

/// Words after which the description of what is counted only narrows it down.
const ENDS: &[&str] = &[
    "van", "met", "in", "die", "op", "bij", "waar", "voor", "aan", "over", "plus", "per", "zonder", "uit", "dat", "wie",
];
/// The most words that name what is counted.
const WORDS: usize = 4;

/// `None` where the numerator is no thing to have more or less of, says the same as the value, or the gap is next to
/// nothing.
pub fn to_median(indicator: &Indicator, period: PartialDate, gap: &Gap) -> Option<String> {
    let amount = gap.amount?;
    // People and reports come whole; fte, hours and days do not.
    let unit = match indicator.kind {
        IndicatorKind::Proportion | IndicatorKind::Rate => 1.0,
        IndicatorKind::Composition | IndicatorKind::Ratio => 0.1,
        IndicatorKind::Count | IndicatorKind::Mean | IndicatorKind::Nps => return None,
    };
    let rounded = |it: f64| (it.abs() / unit).round() * unit;
    let number = |it: f64| dutch::number((rounded(it) * 10.0).round() / 10.0);
    if rounded(amount) == 0.0 {
        return None;
    }
    let way = if 0.0 < amount { "meer" } else { "minder" };
    let size = match counted(&indicator.definition_at(period)?.numerator) {
        // One of them: the plural does not fit.
        _ if number(amount) == "1" => format!("één {way}"),
        Some(it) if it.ends_with("kosten") => format!("€ {} {way}", number(amount)),
        Some(it) => format!("{} {it} {way}", number(amount)),
        None => format!("telt u {} {way}", number(amount)),
    };
    let range = gap.amount_interval.filter(|it| it.low.signum() == it.high.signum()).map(|it| {
        let (low, high) = (it.low.abs().min(it.high.abs()), it.low.abs().max(it.high.abs()));
        format!(" (tussen {} en {})", number(low), number(high))
    });
    Some(format!("omgerekend {size} dan op de mediaan{}", range.unwrap_or_default()))
}

/// The thing that is counted, from its description; `None` where that is no plain thing.
fn counted(numerator: &str) -> Option<String> {
    let text = ["aantal ", "het aantal ", "alle ", "unieke "].iter().find_map(|it| numerator.strip_prefix(it));
    let text = text.unwrap_or(numerator);
    let mut words: Vec<&str> = Vec::new();
    for word in text.split(' ') {
        if ENDS.contains(&word) {
            break;
        }
        words.push(word.trim_end_matches([',', ';', ':']));
        if word.ends_with([',', ';', ':']) {
            break;
        }
    }
    // "de som van …", "uren of fte": more than one thing, or something made of others.
    let is_plain = !matches!(words.first(), None | Some(&("de" | "het" | "een" | "som")))
        && words.len() <= WORDS
        && !words.iter().any(|it| matches!(*it, "of" | "min" | "maal") || it.contains(['(', '/']));
    is_plain.then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benchmark::interval::Interval;
    use crate::domain::indicator::Definition;

    #[test]
    fn what_is_counted() {
        for (numerator, expected) in [
            ("ziektedagen in het kwartaal van medewerkers", Some("ziektedagen")),
            ("arbeidsovereenkomsten voor bepaalde tijd op de peildatum", Some("arbeidsovereenkomsten")),
            ("bezette plaatsen, gemiddeld over de maand (of: dagen)", Some("bezette plaatsen")),
            ("dagen zwangerschaps- en bevallingsverlof van alle", Some("dagen zwangerschaps- en bevallingsverlof")),
            ("kosten van uitzendkrachten", Some("kosten")),
            ("aantal fte zorgverleners", Some("fte zorgverleners")),
            ("uren of fte van leerlingen", None),
            ("de contractomvang van alle personeelsleden", None),
            ("", None),
        ] {
            let numerator_words = counted(numerator).filter(|it| !it.is_empty());
            assert_eq!(numerator_words.as_deref(), expected, "{numerator}");
        }
    }

    #[test]
    fn sentences() {
        let period = PartialDate::parse("2026-K2").unwrap();
        let indicator = |kind, numerator: &str| Indicator {
            kind,
            definitions: vec![Definition { numerator: numerator.into(), ..Definition::default() }],
            ..Indicator::default()
        };
        let gap = |amount: f64, range: Option<(f64, f64)>| Gap {
            value: amount,
            interval: None,
            amount: Some(amount),
            amount_interval: range.map(|(low, high)| Interval { low, high }),
        };
        for (kind, numerator, gap, expected) in [
            (
                IndicatorKind::Ratio,
                "ziektedagen van allen",
                gap(353.41, None),
                Some("omgerekend 353,4 ziektedagen meer dan op de mediaan"),
            ),
            (
                IndicatorKind::Proportion,
                "cliënten met een wond",
                gap(-11.4, Some((-15.2, -7.9))),
                Some("omgerekend 11 cliënten minder dan op de mediaan (tussen 8 en 15)"),
            ),
            (IndicatorKind::Rate, "meldingen in de maand", gap(0.4, None), None),
            (
                IndicatorKind::Ratio,
                "kosten van inhuur",
                gap(1200.0, Some((-5.0, 2000.0))),
                Some("omgerekend € 1.200 meer dan op de mediaan"),
            ),
            (
                IndicatorKind::Ratio,
                "uren of fte van leerlingen",
                gap(3.0, None),
                Some("omgerekend telt u 3 meer dan op de mediaan"),
            ),
            (
                IndicatorKind::Proportion,
                "cliënten met een wond",
                gap(-1.2, None),
                Some("omgerekend één minder dan op de mediaan"),
            ),
            (IndicatorKind::Count, "klachten", gap(3.0, None), None),
        ] {
            let found = to_median(&indicator(kind, numerator), period, &gap);
            assert_eq!(found.as_deref(), expected, "{numerator}");
        }
    }
}
