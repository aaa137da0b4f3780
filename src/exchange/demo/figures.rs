//! The figures of one invented organisation on one indicator.

use chrono::{Datelike, NaiveDate};

use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::measurement::{Measurement, State};
use crate::domain::period::{PartialDate, Span};
use crate::exchange::synthetic::random::Random;

use super::lists::{BEGAN, IMPROVER, Member};

/// A composition has many parts: two years of months are enough.
const MONTHS_OF_PARTS: usize = 24;

/// How an indicator behaves: its usual value, how far organisations differ, how much worse winters are, and how much
/// of a difference good management makes (in the unit of the indicator).
struct Shape {
    usual: f64,
    differ: f64,
    winter: f64,
    managed: f64,
}

fn shape(slug: &str) -> Option<Shape> {
    let shape = |usual, differ, winter, managed| Some(Shape { usual, differ, winter, managed });
    match slug {
        "ziekteverzuim-kwartaal" => shape(7.6, 0.7, 0.9, -0.9),
        "ziekteverzuim" | "ziekteverzuim-zorgverleners" => shape(7.5, 0.7, 0.0, -0.9),
        "verzuim-met-zwangerschap" => shape(9.0, 0.8, 0.0, -0.9),
        "verzuim-zwangerschap" => shape(1.5, 0.3, 0.0, 0.0),
        "ziekteverzuim-kort" => shape(1.4, 0.2, 0.0, -0.1),
        "ziekteverzuim-kort-kwartaal" => shape(1.6, 0.2, 0.5, -0.1),
        "ziekteverzuim-lang" => shape(5.0, 0.5, 0.0, -0.7),
        "verzuimfrequentie" => shape(1.3, 0.15, 0.0, -0.1),
        "pnil-uren" | "pnil-uren-kwartaal" => shape(9.0, 2.5, 0.6, -2.0),
        "pnil-kosten" => shape(11.0, 2.5, 0.0, -2.0),
        "pnil-kosten-per-loonkosten" => shape(13.0, 3.0, 0.0, -2.0),
        "personeelskosten-per-opbrengst" => shape(74.0, 2.5, 0.0, -0.5),
        "instroom" => shape(18.0, 3.0, 0.0, 0.0),
        "uitstroom" => shape(15.0, 2.5, 0.0, -2.0),
        "uitstroom-eerste-jaar" => shape(28.0, 6.0, 0.0, -4.0),
        "doorstroom-kwalificatieniveau" => shape(6.0, 1.5, 0.0, 1.0),
        "tijdelijke-contracten" | "tijdelijke-contracten-kwartaal" => shape(20.0, 4.0, 0.0, -1.5),
        "contractomvang" | "contractomvang-kwartaal" => shape(0.62, 0.04, 0.0, 0.01),
        "vacaturegraad" => shape(6.0, 1.5, 0.0, -1.0),
        "fte-per-client" => shape(1.05, 0.12, 0.0, 0.0),
        "opleidingsplaatsen" => shape(12.0, 2.5, 0.0, 1.0),
        "productiviteit" => shape(68.0, 4.0, -0.5, 2.0),
        "bezettingsgraad" => shape(97.5, 1.8, -0.4, 0.6),
        "clienten-met-behandeling" => shape(60.0, 12.0, 0.0, 0.0),
        "mic-vallen" => shape(4.5, 1.2, 0.3, 0.2),
        "mic-medicatie" => shape(5.0, 1.5, 0.0, 0.3),
        "mic-overig" => shape(3.0, 1.0, 0.0, 0.1),
        "mic-letsel" => shape(0.9, 0.25, 0.1, -0.2),
        "decubitus" => shape(4.0, 1.5, 0.0, -1.0),
        "onvrijwillige-zorg" => shape(14.0, 4.0, 0.0, -2.5),
        "klachten-per-100-clienten" => shape(2.5, 0.8, 0.0, -0.5),
        "clientervaring" | "clienttevredenheid" | "clientwaardering" | "prem-wijkverpleging" => {
            shape(8.2, 0.25, 0.0, 0.25)
        }
        "tevredenheid-maaltijden" => shape(7.3, 0.4, 0.0, 0.2),
        "werkplezier" | "werkklimaat" => shape(7.3, 0.25, 0.0, 0.3),
        "werkdruk" => shape(34.0, 6.0, 0.0, -5.0),
        "aanbevelingsscore" => shape(30.0, 8.0, 0.0, 8.0),
        "aanbevelingsscore-medewerkers" => shape(12.0, 9.0, 0.0, 10.0),
        _ => None,
    }
}

/// All figures of an organisation on an indicator, oldest first, up to the last whole quarter before a day.
pub(super) fn of(member: &Member, indicator: &Indicator, today: NaiveDate, quarters: usize) -> Vec<Measurement> {
    let parts: Vec<Option<&str>> = match indicator.parts.is_empty() {
        true => vec![None],
        false => indicator.parts.iter().map(|it| Some(it.code.as_str())).collect(),
    };
    let mut res = Vec::new();
    for period in periods(indicator, today, quarters) {
        let mut random = Random::new(
            indicator.slug.bytes().fold(member.number as u64, |sum, it| sum.wrapping_mul(31).wrapping_add(it.into())),
            period.first_day().num_days_from_ce() as u64,
        );
        if indicator.definition_at(period).is_none() {
            continue;
        }
        if is_missing(member, &mut random) {
            res.extend(parts.iter().map(|part| row(member, indicator, period, *part, State::Missing)));
            continue;
        }
        match indicator.kind {
            IndicatorKind::Composition => res.extend(composition(member, indicator, period, &mut random)),
            _ => res.push(single(member, indicator, period, &mut random)),
        }
    }
    res
}

/// Number 41 forgets often; the others hardly ever.
fn is_missing(member: &Member, random: &mut Random) -> bool {
    random.percent(if member.number == 41 { 40 } else { 2 })
}

fn periods(indicator: &Indicator, today: NaiveDate, quarters: usize) -> Vec<PartialDate> {
    let last_quarter = PartialDate::holding(today, Span::Quarter).previous();
    let last = match indicator.span {
        Span::Quarter => last_quarter,
        Span::Month => PartialDate::holding(last_quarter.last_day(), Span::Month),
        Span::Year => PartialDate::holding(today, Span::Year).previous(),
    };
    let count = match (indicator.span, indicator.kind) {
        (Span::Quarter, _) => quarters,
        (Span::Month, IndicatorKind::Composition) => MONTHS_OF_PARTS,
        (Span::Month, _) => 3 * quarters,
        (Span::Year, _) => quarters / 4,
    };
    let mut res: Vec<PartialDate> = std::iter::successors(Some(last), |it| Some(it.previous())).take(count).collect();
    res.reverse();
    res
}

fn row(member: &Member, indicator: &Indicator, period: PartialDate, part: Option<&str>, state: State) -> Measurement {
    Measurement {
        indicator: indicator.slug.clone(),
        organisation: member.slug.clone(),
        part: part.map(str::to_owned),
        period: Some(period),
        state,
        ..Measurement::default()
    }
}

/// Chance around zero, about one wide.
fn noise(random: &mut Random) -> f64 {
    (0..3).map(|_| random.below(10_000) as f64 / 10_000.0 - 0.5).sum::<f64>() * 2.0
}

/// What stays of an organisation over time, the same for every period.
fn lasting(member: &Member, indicator: &Indicator) -> f64 {
    let seed = indicator.slug.bytes().fold(7, |sum: u64, it| sum.wrapping_mul(131).wrapping_add(it.into()));
    noise(&mut Random::new(seed, member.number as u64))
}

fn expected(member: &Member, indicator: &Indicator, period: PartialDate, random: &mut Random) -> f64 {
    let low = indicator.plausible_from.unwrap_or(0.0);
    let high = indicator.plausible_until.unwrap_or(low + 100.0);
    let shape = shape(&indicator.slug).unwrap_or(Shape {
        usual: low + (high - low) * 0.6,
        differ: (high - low) * 0.06,
        winter: 0.0,
        managed: 0.0,
    });
    let month = period.first_day().month();
    let is_cold = matches!(month, 1..=3 | 10..=12);
    let mut value = shape.usual
        + shape.differ * lasting(member, indicator)
        + shape.managed * member.quality
        + if is_cold { shape.winter } else { -shape.winter } * 0.5
        + shape.differ * 0.35 * noise(random);
    let is_absence = indicator.slug.starts_with("ziekteverzuim") && indicator.slug.ends_with(['m', 'l', 's']);
    match member.number {
        IMPROVER if is_absence => {
            let began = NaiveDate::from_ymd_opt(BEGAN.0, BEGAN.1, 1).unwrap_or_default();
            let is_after = began <= period.first_day();
            value += if is_after { -0.9 } else { 2.2 };
        }
        7 if is_absence => value += 3.2,
        7 if indicator.slug.starts_with("uitstroom") => value += 6.0,
        23 if indicator.slug.starts_with("pnil") => value = value.min(2.5),
        35 if indicator.slug == "mic-letsel" => value *= 0.4,
        12 if indicator.slug.starts_with("klachten") => value = 0.0,
        _ => (),
    }
    value.clamp(low, high)
}

fn single(member: &Member, indicator: &Indicator, period: PartialDate, random: &mut Random) -> Measurement {
    let value = expected(member, indicator, period, random);
    let mut res = row(member, indicator, period, None, State::Reported);
    match indicator.kind {
        IndicatorKind::Count => {
            // Plausible counts grow with the organisation.
            let share = (value - indicator.plausible_from.unwrap_or(0.0)).max(0.0) * member.staff / 20_000.0;
            res.numerator = Some(share.round().max(indicator.plausible_from.unwrap_or(0.0)));
        }
        IndicatorKind::Mean => {
            let n = (member.clients * 0.55).max(8.0).round();
            res.denominator = Some(n);
            res.numerator = Some((value * n).round());
            res.spread = Some(1.2);
        }
        IndicatorKind::Nps => {
            let n = (member.clients * 0.5).max(10.0).round();
            let detractors = (n * (0.25 - value / 400.0)).clamp(0.0, n).round();
            let promoters = (detractors + value / 100.0 * n).clamp(0.0, n - detractors).round();
            (res.numerator, res.denominator, res.detractors) = (Some(promoters), Some(n), Some(detractors));
        }
        _ => {
            let whole = denominator(member, indicator);
            let part = (value / indicator.multiplier() * whole).max(0.0);
            let part = if whole < 50.0 && indicator.kind == IndicatorKind::Ratio { part } else { part.round() };
            let most = if indicator.kind == IndicatorKind::Proportion { whole } else { f64::MAX };
            (res.numerator, res.denominator) = (Some(part.min(most)), Some(whole));
        }
    }
    if res.numerator == Some(0.0) && indicator.kind != IndicatorKind::Nps && indicator.kind != IndicatorKind::Mean {
        res.state = State::Zero;
    }
    res
}

/// What the indicator is divided by, by the size of the organisation.
fn denominator(member: &Member, indicator: &Indicator) -> f64 {
    let days = match indicator.span {
        Span::Month => 30.0,
        Span::Quarter => 90.0,
        Span::Year => 360.0,
    };
    let family = indicator.denominator_family();
    let whole = match family {
        it if it.starts_with("beschikbare-dagen") => member.staff * days * 0.62,
        it if it.contains("uren") => member.staff * days * 3.2,
        it if it.starts_with("clientdagen") => member.clients * days,
        it if it.contains("plaatsen") => member.clients * 1.03,
        it if it.contains("kosten") || it.contains("opbrengsten") => member.staff * 48_000.0,
        it if it.contains("afdelingen") || it.contains("audits") => (member.clients / 12.0).max(3.0),
        it if it.contains("client") || it.starts_with("respondenten") || it.contains("uitgenodigde") => member.clients,
        it if it.contains("nieuwe") => member.staff * 0.18,
        _ => member.staff,
    };
    whole.round().max(1.0)
}

fn composition(member: &Member, indicator: &Indicator, period: PartialDate, random: &mut Random) -> Vec<Measurement> {
    let weights: Vec<f64> = indicator
        .parts
        .iter()
        .enumerate()
        .map(|(at, _)| {
            let usual = 1.0 / (1.0 + at as f64);
            (usual * (1.0 + 0.25 * lasting(member, indicator) + 0.1 * noise(random))).max(0.01)
        })
        .collect();
    let all: f64 = weights.iter().sum();
    let whole = denominator(member, indicator);
    let mut counts: Vec<f64> = weights.iter().map(|it| (it / all * whole).floor()).collect();
    // What rounding left goes to the first part, so that the parts are the whole.
    let rest = whole - counts.iter().sum::<f64>();
    if let Some(first) = counts.first_mut() {
        *first += rest;
    }
    let make = |(part, count): (&crate::domain::indicator::Part, f64)| Measurement {
        numerator: Some(count),
        denominator: Some(whole),
        ..row(member, indicator, period, Some(&part.code), if count == 0.0 { State::Zero } else { State::Reported })
    };
    indicator.parts.iter().zip(counts).map(make).collect()
}
