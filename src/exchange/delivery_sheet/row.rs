//! One row: its figure, or its figures by period.

use std::sync::Arc;

use crate::domain::indicator::Indicator;
use crate::domain::measurement::{Measurement, State};
use crate::domain::period::{FORMS, PartialDate};
use crate::domain::period_text;
use crate::exchange::table::{At, Cell, Row};
use crate::text::amount::{self, Amount, Unread};

use super::heading::{Heading, plain};
use super::lookup::{self, Lookup};
use super::{Line, Read};

pub(super) struct Context<'a> {
    pub(super) heading: &'a Heading,
    pub(super) lookup: &'a Lookup<'a>,
    pub(super) own: Option<&'a str>,
    pub(super) sheet: &'a Arc<str>,
}

/// Columns with numbers, in the order they are read.
const NUMBERS: &[&str] = &["teller", "noemer", "waarde", "spreiding", "criticasters"];

/// Reads a row; 1 when it has no figure.
pub(super) fn read(cx: &Context<'_>, row: &Row, to: &mut Read) -> usize {
    let heading = cx.heading;
    let text = |field: &str| heading.column(field).map(|it| row.cell(it).text()).unwrap_or_default();
    let at = |column: Option<usize>| At { sheet: cx.sheet.to_string(), row: row.number, column };
    let place = |field: &str| at(heading.column(field));
    let is_filled = |columns: &[(&'static str, usize)]| {
        columns
            .iter()
            .any(|(field, column)| (NUMBERS.contains(field) || *field == "toestand") && !row.cell(*column).is_empty())
    };
    let filled = match heading.groups.is_empty() {
        true => is_filled(&heading.columns),
        false => heading.groups.iter().any(|it| is_filled(&it.columns)),
    };
    if !filled {
        return 1;
    }
    let before = to.faults.len();
    let name = text("indicator");
    let indicator = cx.lookup.indicator(&name);
    // Without its indicator nothing can be said of the numbers, but all other cells can.
    let mut measurement = Measurement {
        indicator: indicator.map_or(name, |it| it.slug.clone()),
        organisation: organisation(cx, &text("organisatie")),
        definition: optional(text("definitie")),
        location: optional(text("locatie")),
        note: optional(text("toelichting")),
        ..Measurement::default()
    };
    measurement.part =
        optional(text("deel")).map(|it| indicator.map_or_else(|| it.clone(), |of| lookup::part(of, &it)));
    if let (Some(indicator), unit) = (indicator, text("eenheid"))
        && !unit.is_empty()
        && !same_unit(&unit, &indicator.unit)
    {
        let wrong = format!("de eenheid is hier \"{unit}\", bij deze indicator \"{}\"", indicator.unit);
        to.fault(place("eenheid"), wrong, "reken het cijfer om of gebruik teller en noemer");
    }
    if heading.groups.is_empty() {
        let column = heading.column("periode");
        match column.map(|it| row.cell(it)).filter(|it| !it.is_empty()) {
            Some(cell) => match period(cell, indicator) {
                Some(it) => measurement.period = Some(it),
                None => to.fault(at(column), format!("\"{}\" is geen periode", cell.text()), FORMS),
            },
            None => match heading.period.as_deref().map(period_text::read) {
                Some(Some(it)) => measurement.period = Some(fitting(it, indicator)),
                _ => to.fault(place("periode"), "de periode ontbreekt", FORMS),
            },
        }
        numbers(cx, row, &heading.columns, indicator, &mut measurement, to);
        if before == to.faults.len() {
            to.lines.push(line(cx, row, measurement, heading.columns.clone()));
        }
        return 0;
    }
    for group in heading.groups.iter().filter(|it| is_filled(&it.columns)) {
        let before = to.faults.len();
        let mut own = measurement.clone();
        own.period = Some(fitting(group.period, indicator));
        if let Some((_, column)) = group.columns.iter().find(|it| it.0 == "toelichting") {
            own.note = optional(row.cell(*column).text());
        }
        numbers(cx, row, &group.columns, indicator, &mut own, to);
        if before == to.faults.len() {
            let mut columns: Vec<(&'static str, usize)> = group.columns.clone();
            columns.extend(heading.columns.iter().filter(|it| !NUMBERS.contains(&it.0)).copied());
            to.lines.push(line(cx, row, own, columns));
        }
    }
    0
}

fn line(cx: &Context<'_>, row: &Row, measurement: Measurement, columns: Vec<(&'static str, usize)>) -> Line {
    Line { measurement, sheet: cx.sheet.clone(), row: row.number, columns: Arc::new(columns) }
}

/// The organisation of a row: named here, above the heading, or the only one it can be.
fn organisation(cx: &Context<'_>, text: &str) -> String {
    let named = if text.is_empty() { cx.heading.organisation.as_deref().unwrap_or("") } else { text };
    match (named, cx.own) {
        ("", own) => own.unwrap_or("").to_owned(),
        (named, _) => cx.lookup.organisation(named).unwrap_or(named).to_owned(),
    }
}

fn optional(text: String) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn period(cell: &Cell, indicator: Option<&Indicator>) -> Option<PartialDate> {
    let found = match cell {
        Cell::Day(day) => PartialDate::parse(&day.to_string())?,
        cell => period_text::read(&cell.text())?,
    };
    Some(fitting(found, indicator))
}

/// A day stands for the period it lies in, as spreadsheets make days of "sep-24".
fn fitting(period: PartialDate, indicator: Option<&Indicator>) -> PartialDate {
    match (period.span(), indicator) {
        (None, Some(indicator)) => PartialDate::holding(period.first_day(), indicator.span),
        _ => period,
    }
}

fn same_unit(typed: &str, unit: &str) -> bool {
    let key = |it: &str| plain(&it.replace('%', " procent ").replace("percentage", "procent"));
    // A part of the name will do: "%" for "% van de fte".
    let (typed, unit) = (key(typed), key(unit));
    typed == unit || unit.split(' ').next() == Some(typed.as_str())
}

/// Reads the numbers of a figure and what stands for one.
fn numbers(
    cx: &Context<'_>,
    row: &Row,
    columns: &[(&'static str, usize)],
    indicator: Option<&Indicator>,
    it: &mut Measurement,
    to: &mut Read,
) {
    let mut said: Option<State> = None;
    let mut is_about = false;
    for name in NUMBERS {
        let Some((_, column)) = columns.iter().find(|it| it.0 == *name) else { continue };
        let cell = row.cell(*column);
        if cell.is_empty() {
            continue;
        }
        let at = || At { sheet: cx.sheet.to_string(), row: row.number, column: Some(*column) };
        let (amount, is_fraction) = match cell {
            Cell::Number(value, is_percent) => {
                (Ok(Amount::Number { value: *value, is_percent: *is_percent, is_about: false }), *is_percent)
            }
            Cell::Formula => {
                let mend = "open het bestand in Excel, laat het rekenen en bewaar het; of plak het getal als waarde";
                to.fault(at(), "hier staat een formule zonder uitkomst", mend);
                continue;
            }
            Cell::Day(day) => {
                let mend = "maak de cel op als getal en schrijf het getal opnieuw";
                to.fault(at(), format!("hier staat een datum ({day}) in plaats van een getal"), mend);
                continue;
            }
            cell => (amount::read(&cell.text()), false),
        };
        match amount {
            Ok(Amount::Number { value, is_percent, is_about: about }) => {
                is_about |= about;
                let value = match is_percent {
                    false => value,
                    true if *name != "waarde" || indicator.is_some_and(|it| it.multiplier() != 100.0) => {
                        let unit = indicator.map_or("", |it| it.unit.as_str());
                        let wrong = match *name {
                            "waarde" => format!("hier staat een percentage, maar deze indicator is in {unit}"),
                            name => format!("een percentage kan geen {name} zijn"),
                        };
                        to.fault(at(), wrong, "schrijf het aantal, of zet het percentage in de kolom waarde");
                        continue;
                    }
                    true if is_fraction => (value * 100.0 * 1e10).round() / 1e10,
                    true => value,
                };
                let field = match *name {
                    "teller" => &mut it.numerator,
                    "noemer" => &mut it.denominator,
                    "waarde" => &mut it.value,
                    "spreiding" => &mut it.spread,
                    _ => &mut it.detractors,
                };
                *field = Some(value);
            }
            Ok(Amount::Zero) => match *name {
                "teller" => it.numerator = Some(0.0),
                "waarde" => it.value = Some(0.0),
                _ => (),
            },
            Ok(Amount::Missing) => said = said.or(Some(State::Missing)),
            Ok(Amount::Dash) => {
                let text = "Een streepje is gelezen als \"ontbreekt\". Was het niets, schrijf dan 0.".to_owned();
                to.warnings.push(super::Remark { at: Some(at()), text });
                said = said.or(Some(State::Missing));
            }
            Ok(Amount::NotApplicable) => said = said.or(Some(State::NotApplicable)),
            Ok(Amount::Suppressed) => said = said.or(Some(State::Suppressed)),
            Err(why) => {
                let mend = match why {
                    Unread::Bound => {
                        "schrijf het echte getal: kleine aantallen schermt de vergelijking zelf af; of schrijf \"onderdrukt\""
                    }
                    Unread::Range => "schrijf één getal, en zo nodig toestand geschat",
                    Unread::Separators => "schrijf duizenden met punten en decimalen na een komma, zoals 1.234,5",
                    Unread::Words => "schrijf een getal, of n.v.t., ontbreekt of onderdrukt",
                };
                to.fault(at(), format!("\"{}\" is geen getal", cell.text()), mend);
            }
        }
    }
    let column = columns.iter().find(|it| it.0 == "toestand").map(|it| it.1);
    let typed = column.map(|it| row.cell(it).text()).filter(|it| !it.is_empty());
    let has_number = [it.numerator, it.denominator, it.value].iter().any(Option::is_some);
    it.state = match (typed.as_deref().map(lookup::state), said) {
        (Some(Some(state)), _) => state,
        (Some(None), _) => {
            let at = At { sheet: cx.sheet.to_string(), row: row.number, column };
            let wrong = format!("de toestand \"{}\" kennen we niet", typed.unwrap_or_default());
            to.fault(at, wrong, "kies uit gemeld, ontbreekt, nvt, onderdrukt of geschat");
            State::Reported
        }
        // A word in one cell and numbers in the others: the rules say which of the two is too much.
        (None, Some(state)) if !has_number => state,
        (None, _) if is_about => State::Estimated,
        (None, _) => State::Reported,
    };
}
