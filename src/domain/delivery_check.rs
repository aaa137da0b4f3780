//! What is wrong with figures that somebody delivers, and what is only strange about them: judged row by row against
//! the catalogue, against each other, and against what the organisation delivered before.
//!
//! Invariant: a row that says the same as the figure that stands is never a fault for being closed or restated.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::domain::catalogue::Catalogue;
use crate::domain::citizen_number;
use crate::domain::fault::{Fault, Place};
use crate::domain::indicator::Indicator;
use crate::domain::measurement::{Key, Measurement, State};
use crate::domain::period::PartialDate;
use crate::text::dutch;
use crate::text::slug::fold;

/// What the figures are judged against.
pub struct Known<'a> {
    pub catalogue: &'a Catalogue,
    /// Slugs of the organisations that may be delivered for.
    pub organisations: &'a BTreeSet<String>,
    /// Closed periods by organisation, with the names of the networks that closed them.
    pub closed: &'a HashMap<String, HashMap<String, String>>,
    /// Whether it is said why figures are different or late.
    pub has_reason: bool,
    /// The current figures of those organisations.
    pub current: &'a [Measurement],
    pub today: NaiveDate,
    /// The limits of a control chart of these values, oldest first; `None` when there are too few.
    pub limits: &'a Limits,
}

impl<'a> Known<'a> {
    /// The names of the networks that closed the period of a row.
    fn closed_by(&self, row: &Measurement) -> Option<&'a str> {
        let period = row.period?.to_string();
        self.closed.get(&row.organisation)?.get(&period).map(String::as_str)
    }
}

/// The limits within which values move by themselves.
pub type Limits = dyn Fn(&[f64]) -> Option<(f64, f64)> + Sync;

/// One fault of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowFault {
    /// Position, from 0.
    pub row: usize,
    pub fault: Fault,
    /// The row it clashes with.
    pub other: Option<usize>,
}

/// Something to look at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// `None` when it is about all of them.
    pub row: Option<usize>,
    /// A sentence with a full stop.
    pub text: String,
}

/// What was found.
#[derive(Debug, Default, PartialEq)]
pub struct Judged {
    pub faults: Vec<RowFault>,
    pub warnings: Vec<Warning>,
    /// Rows that say what stands already.
    pub unchanged: Vec<usize>,
    /// Rows that say something else than what stands.
    pub restated: Vec<usize>,
}

/// Figures of the same thing in other periods.
type Line<'a> = (&'a str, &'a str, &'a str, &'a str);

fn line(it: &Measurement) -> Line<'_> {
    (&it.organisation, &it.indicator, it.location.as_deref().unwrap_or(""), it.part.as_deref().unwrap_or(""))
}

/// Judges the rows of a delivery.
pub fn judge(rows: &[Measurement], known: &Known<'_>) -> Judged {
    let mut res = Judged::default();
    let current: HashMap<Key, &Measurement> = known.current.iter().map(|it| (it.key(), it)).collect();
    let mut series: HashMap<Line<'_>, Vec<(NaiveDate, &Measurement)>> = HashMap::new();
    for it in known.current {
        series.entry(line(it)).or_default().extend(it.period.map(|period| (period.first_day(), it)));
    }
    for points in series.values_mut() {
        points.sort_by_key(|it| it.0);
    }
    let mut first: HashMap<Key, usize> = HashMap::new();
    let mut compared = (0, 0);
    for (at, row) in rows.iter().enumerate() {
        let mut faults = Vec::new();
        organisation_faults(row, known, &mut faults);
        let indicator = known.catalogue.indicator(&row.indicator);
        match indicator {
            Some(indicator) => {
                faults.extend(row.check(indicator));
                definition_faults(row, indicator, &mut faults);
            }
            None => faults.push(unknown_indicator(row, known.catalogue)),
        }
        text_faults(row, &mut faults);
        let stands = current.get(&row.key()).copied();
        let is_same = stands.is_some_and(|it| says_the_same(it, row));
        period_faults(row, known, is_same, &mut faults);
        res.faults.extend(faults.into_iter().map(|fault| RowFault { row: at, fault, other: None }));
        if row.period.is_some() && !row.indicator.is_empty() {
            match first.get(&row.key()) {
                Some(other) => {
                    let wrong =
                        "dit cijfer staat er twee keer: zelfde indicator, organisatie, periode, locatie en deel";
                    let fault = Fault::new(&Place::root().key("indicator"), wrong, "haal een van de twee weg");
                    res.faults.push(RowFault { row: at, fault, other: Some(*other) });
                }
                None => _ = first.insert(row.key(), at),
            }
        }
        if let (Some(networks), Some(period)) = (known.closed_by(row).filter(|_| !is_same), row.period)
            && known.has_reason
        {
            let text = format!(
                "{} is afgesloten in {networks}; die vergelijking houdt de cijfers van toen.",
                dutch::capital(&period.dutch())
            );
            res.warnings.push(Warning { row: Some(at), text });
        }
        match (is_same, stands) {
            (true, _) => res.unchanged.push(at),
            (false, Some(_)) => res.restated.push(at),
            (false, None) => (),
        }
        if let (Some(indicator), Some(period)) = (indicator, row.period) {
            let before: Vec<&Measurement> = series
                .get(&line(row))
                .map(|it| it.iter().filter(|it| it.0 < period.first_day()).map(|it| it.1).collect())
                .unwrap_or_default();
            if let Some(last) = before.last() {
                compared.0 += 1;
                compared.1 += usize::from(same_numbers(last, row));
            }
            let texts = row_warnings(row, indicator, &before, known);
            res.warnings.extend(texts.into_iter().map(|text| Warning { row: Some(at), text }));
        }
    }
    mixed_units(rows, known.catalogue, &mut res);
    incomplete_wholes(rows, known.catalogue, &mut res);
    if 3 <= compared.0 && compared.0 == compared.1 {
        let text =
            "Alle cijfers zijn precies gelijk aan die van de vorige periode. Is dit het bestand van deze periode?";
        res.warnings.push(Warning { row: None, text: text.to_owned() });
    }
    res
}

fn organisation_faults(row: &Measurement, known: &Known<'_>, faults: &mut Vec<Fault>) {
    if known.organisations.contains(&row.organisation) {
        return;
    }
    let place = Place::root().key("organisatie");
    let own = || known.organisations.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
    let catalogue = known.catalogue;
    let (wrong, allowed) = match (row.organisation.is_empty(), catalogue.organisation(&row.organisation)) {
        (true, _) => ("de organisatie ontbreekt".to_owned(), format!("schrijf de slug: {}", own())),
        (false, Some(other)) => {
            (format!("voor {} mag u geen cijfers aanleveren", other.name), format!("u levert aan voor: {}", own()))
        }
        (false, None) => {
            let names = catalogue.organisations.iter().map(|it| (it.slug.as_str(), it.name.as_str()));
            let mend = nearest(&row.organisation, names).unwrap_or_else(|| format!("u levert aan voor: {}", own()));
            (format!("de organisatie \"{}\" kennen we niet", row.organisation), mend)
        }
    };
    faults.push(Fault::new(&place, wrong, allowed));
}

fn unknown_indicator(row: &Measurement, catalogue: &Catalogue) -> Fault {
    let place = Place::root().key("indicator");
    if row.indicator.is_empty() {
        return Fault::new(&place, "de indicator ontbreekt", "schrijf de code van de indicator, zoals in het sjabloon");
    }
    let names = catalogue.indicators.iter().map(|it| (it.slug.as_str(), it.name.as_str()));
    let mend = nearest(&row.indicator, names);
    let mend = mend.unwrap_or_else(|| "gebruik de codes uit het sjabloon".to_owned());
    Fault::new(&place, format!("de indicator \"{}\" kennen we niet", row.indicator), mend)
}

/// A slug or name that looks most like what was typed, as a question.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = (&'a str, &'a str)>) -> Option<String> {
    let typed = fold(typed);
    let score = |it: &(&str, &str)| {
        let of = |name: &str| strsim::jaro_winkler(&typed, &fold(name));
        of(it.0).max(of(it.1))
    };
    let best = names.map(|it| (score(&it), it)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (0.82 <= best.0).then(|| format!("bedoelde u \"{}\" ({})?", best.1.0, best.1.1))
}

fn definition_faults(row: &Measurement, indicator: &Indicator, faults: &mut Vec<Fault>) {
    if let (Some(version), Some(period)) = (&row.definition, row.period)
        && indicator.definition(version).is_some()
        && let Some(valid) = indicator.definition_at(period)
        && valid.version != *version
    {
        let wrong = format!("in {} gold versie {} van de definitie, niet {version}", period.dutch(), valid.version);
        let mend = format!("reken met versie {} ({}) of laat het cijfer weg", valid.version, valid.numerator);
        faults.push(Fault::new(&Place::root().key("definitie"), wrong, mend));
    }
}

fn text_faults(row: &Measurement, faults: &mut Vec<Fault>) {
    for (field, text, most) in [("locatie", &row.location, 120), ("toelichting", &row.note, 300)] {
        let Some(text) = text else { continue };
        let place = Place::root().key(field);
        if most < text.chars().count() {
            let wrong = format!("de tekst heeft {} tekens", text.chars().count());
            faults.push(Fault::new(&place, wrong, format!("hoogstens {most}")));
        }
        if citizen_number::find(text).is_some() {
            let wrong = "hier staat wat een burgerservicenummer lijkt";
            faults.push(Fault::new(&place, wrong, "cijfers mogen niets over één persoon bevatten; haal het weg"));
        }
    }
}

fn period_faults(row: &Measurement, known: &Known<'_>, is_same: bool, faults: &mut Vec<Fault>) {
    let place = Place::root().key("periode");
    let Some(period) = row.period else {
        faults.push(Fault::new(&place, "de periode ontbreekt", "schrijf 2024, 2024-K3 of 2024-09"));
        return;
    };
    if known.today < period.first_day() {
        let mend = "cijfers levert u aan na afloop van de periode; controleer het jaar";
        faults.push(Fault::new(&place, format!("{} moet nog beginnen", period.dutch()), mend));
    }
    if let Some(networks) = known.closed_by(row).filter(|_| !is_same && !known.has_reason) {
        let wrong = format!("{} is afgesloten in {networks}", period.dutch());
        let mend = "lever dit cijfer aan met de reden waarom het anders of later is; de afgesloten vergelijking houdt \
                    de cijfers van toen";
        faults.push(Fault::new(&place, wrong, mend));
    }
}

fn row_warnings(row: &Measurement, indicator: &Indicator, before: &[&Measurement], known: &Known<'_>) -> Vec<String> {
    let mut res = Vec::new();
    if let Some(period) = row.period
        && period.first_day() <= known.today
        && known.today <= period.last_day()
    {
        res.push(format!("{} is nog niet voorbij.", dutch::capital(&period.dutch())));
    }
    let Some(value) = row.derived(indicator) else { return res };
    let shown = |it: f64| dutch::number((it * 1e4).round() / 1e4);
    let earlier: Vec<f64> = before.iter().filter_map(|it| it.derived(indicator)).collect();
    let last = earlier.last().copied().filter(|it| it.abs() > f64::EPSILON);
    let ratio = last.map(|it| value / it);
    let is_fraction = (indicator.multiplier() - 100.0).abs() < f64::EPSILON && 0.0 < value && value <= 1.0;
    match (ratio, last) {
        (Some(ratio), Some(last)) if is_fraction && ratio < 0.05 => res.push(format!(
            "{} lijkt een breuk in plaats van een percentage; de vorige keer was het {} {}.",
            shown(value),
            shown(last),
            indicator.unit
        )),
        (Some(ratio), Some(last)) if 8.0 <= ratio => {
            res.push(format!(
                "{} is {} keer zo hoog als de vorige keer ({}).",
                shown(value),
                ratio.round(),
                shown(last)
            ));
        }
        (Some(ratio), Some(last)) if 0.0 < ratio && ratio <= 0.125 => res.push(format!(
            "{} is {} keer zo laag als de vorige keer ({}).",
            shown(value),
            (1.0 / ratio).round(),
            shown(last)
        )),
        _ => {
            if let Some((low, high)) = (known.limits)(&earlier)
                && !(low..=high).contains(&value)
            {
                res.push(format!(
                    "{} ligt buiten wat bij uw eigen cijfers gewoon is ({} tot {}).",
                    shown(value),
                    shown(low),
                    shown(high)
                ));
            }
        }
    }
    let bounds = (indicator.plausible_from, indicator.plausible_until);
    if bounds.0.is_some_and(|it| value < it) || bounds.1.is_some_and(|it| it < value) {
        let side = |it: Option<f64>| it.map_or("–".to_owned(), shown);
        res.push(format!(
            "{} {} ligt buiten wat we verwachten ({} tot {}).",
            shown(value),
            indicator.unit,
            side(bounds.0),
            side(bounds.1)
        ));
    }
    res
}

/// Fractions among percentages: one of the two is wrong, and nobody can see which.
fn mixed_units(rows: &[Measurement], catalogue: &Catalogue, res: &mut Judged) {
    let mut bare: HashMap<&str, Vec<(usize, f64)>> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let is_percentage =
            catalogue.indicator(&row.indicator).is_some_and(|it| it.multiplier() == 100.0 && it.parts.is_empty());
        if let (true, None, Some(value)) = (is_percentage, row.numerator, row.value) {
            bare.entry(&row.indicator).or_default().push((at, value));
        }
    }
    for values in bare.values() {
        let Some(most) = values.iter().map(|it| it.1).reduce(f64::max).filter(|it| 1.0 < *it) else { continue };
        for (at, value) in values.iter().filter(|it| 0.0 < it.1 && it.1 <= 1.0 && it.1 * 20.0 <= most) {
            let wrong = format!(
                "{} lijkt een breuk, terwijl andere rijen van deze indicator in procenten staan (tot {})",
                dutch::number(*value),
                dutch::number(most)
            );
            let mend = format!(
                "schrijf {} als u procenten bedoelt, of teller en noemer",
                dutch::number((value * 1e6).round() / 1e4)
            );
            let fault = Fault::new(&Place::root().key("waarde"), wrong, mend);
            res.faults.push(RowFault { row: *at, fault, other: None });
        }
    }
    res.faults.sort_by_key(|it| it.row);
}

/// Parts that together are not the whole.
fn incomplete_wholes(rows: &[Measurement], catalogue: &Catalogue, res: &mut Judged) {
    let mut sums: HashMap<(Line<'_>, Option<PartialDate>), (usize, usize, f64)> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let Some(indicator) = catalogue.indicator(&row.indicator).filter(|it| !it.parts.is_empty()) else { continue };
        let Some(value) = row.derived(indicator) else { continue };
        let (organisation, slug, location, _) = line(row);
        let sum = sums.entry(((organisation, slug, location, ""), row.period)).or_insert((at, 0, 0.0));
        sum.1 += 1;
        sum.2 += value;
    }
    let mut found: Vec<Warning> = Vec::new();
    for ((it, _), (at, count, sum)) in sums {
        let Some(indicator) = catalogue.indicator(it.1) else { continue };
        let whole = indicator.multiplier();
        if count == indicator.parts.len() && 0.01 * whole < (sum - whole).abs() {
            let text = format!(
                "De delen van {} zijn samen {}, niet {}.",
                indicator.name,
                dutch::number((sum * 100.0).round() / 100.0),
                dutch::number(whole)
            );
            found.push(Warning { row: Some(at), text });
        }
    }
    found.sort_by_key(|it| it.row);
    res.warnings.extend(found);
}

fn same_numbers(one: &Measurement, other: &Measurement) -> bool {
    let numbers = |it: &Measurement| (it.numerator, it.denominator, it.value, it.spread, it.detractors);
    numbers(one) == numbers(other)
}

/// Whether a row says what stands; that it was restated once is no difference.
pub fn says_the_same(stands: &Measurement, row: &Measurement) -> bool {
    let state = |it: &Measurement| if it.state == State::Restated { State::Reported } else { it.state };
    same_numbers(stands, row)
        && state(stands) == state(row)
        && stands.definition == row.definition
        && stands.note == row.note
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::indicator::{Definition, IndicatorKind, Part};
    use crate::domain::organisation::Organisation;
    use crate::domain::period::Span;

    fn definition(version: &str, from: Option<&str>, until: Option<&str>) -> Definition {
        let moment = |it: Option<&str>| it.and_then(PartialDate::parse);
        Definition { version: version.into(), from: moment(from), until: moment(until), ..Definition::default() }
    }

    fn catalogue() -> Catalogue {
        let quarter = |slug: &str, kind, factor: f64| Indicator {
            slug: slug.into(),
            name: slug.replace('-', " "),
            kind,
            factor: Some(factor),
            span: Span::Quarter,
            definitions: vec![definition("1", None, Some("2023")), definition("2", Some("2024"), None)],
            ..Indicator::default()
        };
        let organisation =
            |slug: &str, name: &str| Organisation { slug: slug.into(), name: name.into(), ..Organisation::default() };
        let part = |code: &str| Part { code: code.into(), name: code.into() };
        Catalogue {
            organisations: vec![
                organisation("voorbeeldzorg", "Voorbeeldzorg (fictief)"),
                organisation("anderzorg", "Anderzorg (fictief)"),
            ]
            .into(),
            indicators: vec![
                Indicator { plausible_until: Some(20.0), ..quarter("verzuim", IndicatorKind::Proportion, 100.0) },
                Indicator { parts: vec![part("a"), part("b")], ..quarter("mix", IndicatorKind::Composition, 100.0) },
            ]
            .into(),
            ..Catalogue::default()
        }
    }

    fn row(indicator: &str, period: &str, value: f64) -> Measurement {
        Measurement {
            indicator: indicator.into(),
            organisation: "voorbeeldzorg".into(),
            period: PartialDate::parse(period),
            value: Some(value),
            ..Measurement::default()
        }
    }

    fn judged(rows: &[Measurement], current: &[Measurement]) -> Judged {
        let closed = HashMap::from([(
            "voorbeeldzorg".to_owned(),
            HashMap::from([("2024-K1".to_owned(), "Voorbeeldkring".to_owned())]),
        )]);
        let own = BTreeSet::from(["voorbeeldzorg".to_owned()]);
        let limits = |values: &[f64]| (6 <= values.len()).then_some((5.0, 9.0));
        judge(
            rows,
            &Known {
                catalogue: &catalogue(),
                organisations: &own,
                closed: &closed,
                has_reason: false,
                current,
                today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
                limits: &limits,
            },
        )
    }

    #[test]
    fn every_fault_is_found() {
        let good = row("verzuim", "2024-K3", 7.0);
        for (wrong, field, expected) in [
            (
                Measurement { organisation: "anderzorg".into(), ..good.clone() },
                "organisatie",
                "mag u geen cijfers aanleveren",
            ),
            (
                Measurement { organisation: "voorbeeldzorgg".into(), ..good.clone() },
                "organisatie",
                "bedoelde u \"voorbeeldzorg\"",
            ),
            (Measurement { organisation: String::new(), ..good.clone() }, "organisatie", "ontbreekt"),
            (row("verzium", "2024-K3", 7.0), "indicator", "bedoelde u \"verzuim\""),
            (row("iets-heel-anders", "2024-K3", 7.0), "indicator", "uit het sjabloon"),
            (row("verzuim", "2024-K1", 7.0), "periode", "afgesloten in Voorbeeldkring"),
            (row("verzuim", "2027-K1", 7.0), "periode", "moet nog beginnen"),
            (row("verzuim", "2024-09", 7.0), "periode", "is geen kwartaal"),
            (Measurement { period: None, ..good.clone() }, "periode", "de periode ontbreekt"),
            (
                Measurement { definition: Some("1".into()), ..good.clone() },
                "definitie",
                "gold versie 2 van de definitie, niet 1",
            ),
            (row("verzuim", "2024-K3", -7.0), "waarde", "negatief"),
            (
                Measurement { numerator: Some(5.0), denominator: Some(4.0), value: None, ..good.clone() },
                "teller",
                "groter dan de noemer",
            ),
            (
                Measurement { note: Some("cliënt 111222333".into()), ..good.clone() },
                "toelichting",
                "burgerservicenummer",
            ),
            (Measurement { location: Some("x".repeat(121)), ..good.clone() }, "locatie", "hoogstens 120"),
        ] {
            let found = judged(&[wrong], &[]).faults;
            let texts: Vec<String> = found.iter().map(|it| it.fault.to_string()).collect();
            assert!(texts.iter().any(|it| it.starts_with(field) && it.contains(expected)), "{expected}: {texts:?}");
        }
        assert_eq!(judged(std::slice::from_ref(&good), &[]).faults, []);
        let twice = judged(&[good.clone(), good.clone()], &[]);
        assert_eq!((twice.faults[0].row, twice.faults[0].other), (1, Some(0)));
        let mixed = judged(&[row("verzuim", "2024-K2", 7.0), row("verzuim", "2024-K3", 0.07)], &[]);
        assert_eq!(mixed.faults.len(), 1);
        assert!(mixed.faults[0].fault.to_string().contains("schrijf 7 als u procenten bedoelt"), "{mixed:?}");
    }

    #[test]
    fn what_stands_is_no_fault() {
        let stands = Measurement { state: State::Restated, ..row("verzuim", "2024-K1", 7.0) };
        let same = judged(&[row("verzuim", "2024-K1", 7.0)], std::slice::from_ref(&stands));
        assert_eq!((same.faults, same.unchanged, same.restated), (vec![], vec![0], vec![]));
        let stands = Measurement { period: PartialDate::parse("2024-K2"), ..stands };
        let other = judged(&[row("verzuim", "2024-K2", 8.0)], &[stands]);
        assert_eq!((other.faults, other.unchanged, other.restated), (vec![], vec![], vec![0]));
    }

    #[test]
    fn what_is_strange_is_said() {
        let history: Vec<Measurement> = ["2023-K1", "2023-K2", "2023-K3", "2023-K4", "2024-K1", "2024-K2"]
            .iter()
            .map(|it| row("verzuim", it, 7.0))
            .collect();
        for (value, expected) in [
            (70.0, "10 keer zo hoog"),
            (0.7, "10 keer zo laag"),
            (0.07, "lijkt een breuk"),
            (9.5, "buiten wat bij uw eigen cijfers gewoon is (5 tot 9)"),
            (25.0, "buiten wat we verwachten (– tot 20)"),
        ] {
            let found = judged(&[row("verzuim", "2024-K3", value)], &history);
            assert!(found.warnings.iter().any(|it| it.text.contains(expected)), "{value}: {found:?}");
            assert_eq!(found.faults, []);
        }
        assert_eq!(judged(&[row("verzuim", "2024-K3", 7.5)], &history).warnings, []);
        let part = |code: &str, value| Measurement { part: Some(code.into()), ..row("mix", "2024-K3", value) };
        let sum = judged(&[part("a", 40.0), part("b", 50.0)], &[]);
        assert!(sum.warnings[0].text.contains("samen 90, niet 100"), "{sum:?}");
        let before =
            [part("a", 40.0), part("b", 60.0)].map(|it| Measurement { period: PartialDate::parse("2024-K2"), ..it });
        let history = [&before[..], &[row("verzuim", "2024-K2", 7.0)]].concat();
        let again = judged(&[part("a", 40.0), part("b", 60.0), row("verzuim", "2024-K3", 7.0)], &history);
        assert!(again.warnings.iter().any(|it| it.row.is_none()), "{again:?}");
        let early = judged(&[row("verzuim", "2026-K4", 7.0)], &[]);
        assert!(early.warnings[0].text.contains("nog niet voorbij"), "{early:?}");
    }
}
