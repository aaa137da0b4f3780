//! The sheet an organisation fills in: one row per indicator, or part of one, that applies in a period, with what is
//! counted in words and the figure of the time before. What is asked stands in a fixed order, so that copying works.
//!
//! Invariant: no cell that is written becomes a formula in the program that opens it.
//! Invariant: what is filled in here is read back by [`super::delivery_sheet`].

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::domain::catalogue::Catalogue;
use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::measurement::Measurement;
use crate::domain::organisation::Organisation;
use crate::domain::period::PartialDate;
use crate::text::dutch;

use super::csv_table;

/// What is asked of an organisation.
#[derive(Debug)]
pub struct Form<'a> {
    pub organisation: &'a Organisation,
    pub period: PartialDate,
    /// The day the figures are due, in words.
    pub due: Option<String>,
    pub lines: Vec<Asked<'a>>,
}

/// One row.
#[derive(Debug)]
pub struct Asked<'a> {
    indicator: &'a Indicator,
    /// Code and name.
    part: Option<(&'a str, &'a str)>,
    location: Option<String>,
    numerator: &'a str,
    denominator: &'a str,
    previous: Option<(PartialDate, f64)>,
}

/// The columns, of which the last are filled in.
const COLUMNS: &[(&str, u16)] = &[
    ("organisatie", 18),
    ("indicator", 26),
    ("naam", 34),
    ("deel", 14),
    ("periode", 10),
    ("locatie", 18),
    ("eenheid", 16),
    ("teller in woorden", 44),
    ("noemer in woorden", 44),
    ("vorige periode", 14),
    ("vorige waarde", 13),
    ("teller", 12),
    ("noemer", 12),
    ("waarde", 12),
    ("spreiding", 11),
    ("criticasters", 11),
    ("toestand", 13),
    ("toelichting", 40),
];
/// Where filling in begins.
const FIRST: usize = 11;
const STATES: &[&str] = &["gemeld", "ontbreekt", "nvt", "onderdrukt", "geschat"];

/// What applies to an organisation in a period, with its own figures of before.
pub fn form<'a>(
    catalogue: &'a Catalogue,
    organisation: &'a Organisation,
    period: PartialDate,
    current: &[Measurement],
    due: Option<String>,
) -> Form<'a> {
    let mut lines = Vec::new();
    for indicator in catalogue.indicators.iter().filter(|it| Some(it.span) == period.span()) {
        let Some(definition) = indicator.definition_at(period) else { continue };
        let own: Vec<&Measurement> = current.iter().filter(|it| it.indicator == indicator.slug).collect();
        let mut locations: Vec<Option<String>> = own.iter().map(|it| it.location.clone()).collect();
        locations.sort();
        locations.dedup();
        if locations.is_empty() {
            locations.push(None);
        }
        let parts: Vec<Option<(&str, &str)>> = match indicator.parts.is_empty() {
            true => vec![None],
            false => indicator.parts.iter().map(|it| Some((it.code.as_str(), it.name.as_str()))).collect(),
        };
        for location in locations {
            for part in &parts {
                let same = |it: &&&Measurement| it.location == location && it.part.as_deref() == part.map(|it| it.0);
                let before = own.iter().filter(same).filter_map(|it| {
                    let at = it.period.filter(|it| it.first_day() < period.first_day())?;
                    Some((at, it.derived(indicator)?))
                });
                lines.push(Asked {
                    indicator,
                    part: *part,
                    location: location.clone(),
                    numerator: &definition.numerator,
                    denominator: definition.denominator.as_deref().unwrap_or(""),
                    previous: before.max_by_key(|it| it.0.first_day()),
                });
            }
        }
    }
    Form { organisation, period, due, lines }
}

/// A value of the template.
enum Value {
    Text(String),
    Number(f64),
}

impl Form<'_> {
    /// The cells of a row up to where filling in begins.
    fn cells(&self, it: &Asked<'_>) -> Vec<Value> {
        let text = |it: &str| Value::Text(it.to_owned());
        let name = match it.part {
            Some((_, part)) => format!("{}: {part}", it.indicator.name),
            None => it.indicator.name.clone(),
        };
        let rounded = |value: f64| {
            let unit = 10f64.powi(it.indicator.digits() as i32);
            (value * unit).round() / unit
        };
        vec![
            text(&self.organisation.slug),
            text(&it.indicator.slug),
            Value::Text(name),
            text(it.part.map_or("", |it| it.0)),
            Value::Text(self.period.to_string()),
            text(it.location.as_deref().unwrap_or("")),
            text(&it.indicator.unit),
            text(it.numerator),
            text(it.denominator),
            Value::Text(it.previous.map(|it| it.0.to_string()).unwrap_or_default()),
            it.previous.map_or_else(|| Value::Text(String::new()), |it| Value::Number(rounded(it.1))),
        ]
    }

    /// The name of the file, without its ending.
    pub fn file_name(&self) -> String {
        format!("aanlevering-{}-{}", self.organisation.slug, self.period.to_string().to_lowercase())
    }

    /// What who fills it in must know.
    fn instructions(&self) -> Vec<String> {
        let mut res = vec![
            format!("Cijfers aanleveren: {}, {}", self.organisation.name, self.period.dutch()),
            String::new(),
            "1. Vul op het blad Cijfers de lichte cellen in: teller en noemer, of alleen de waarde.".into(),
            "2. Weet u teller en noemer? Vul die in en laat waarde leeg: dan rekent Leerkring.".into(),
            "3. Is er geen cijfer, kies dan bij toestand: ontbreekt, nvt (niet van toepassing) of onderdrukt (u wilt het niet delen).".into(),
            "4. Nul is ook een cijfer: schrijf dan 0. Een lege rij slaan we over.".into(),
            "5. Spreiding vult u alleen in bij een gemiddelde, criticasters alleen bij een aanbevelingsscore (NPS).".into(),
            "6. Schrijf in toelichting nooit iets over één persoon.".into(),
            "7. Bewaar het bestand en stuur het op de pagina Aanleveren. Klopt er iets niet, dan ziet u precies in welke cel.".into(),
            "8. Pas na akkoord van een tweede persoon tellen de cijfers mee.".into(),
        ];
        if let Some(due) = &self.due {
            res.push(format!("Graag vóór {due}."));
        }
        res.push(String::new());
        res.push(
            "De andere cellen zijn op slot, zonder wachtwoord. De vorige waarde is van uw eigen organisatie.".into(),
        );
        res
    }

    /// As an Excel file.
    pub fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("Uitleg")?;
        sheet.set_column_width(0, 110)?;
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        for (at, line) in (0_u32..).zip(self.instructions()) {
            let format = if at == 0 { Format::new().set_bold().set_font_size(14) } else { wrapped.clone() };
            sheet.write_string_with_format(at, 0, line, &format)?;
        }
        let sheet = book.add_worksheet().set_name("Cijfers")?;
        self.figures(sheet)?;
        book.save_to_buffer()
    }

    fn figures(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let bold =
            Format::new().set_bold().set_border_bottom(FormatBorder::Thin).set_background_color(Color::RGB(0xE4_EC_EE));
        let locked = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        // Light, with a line around: to be seen without colour too.
        let open = Format::new()
            .set_unlocked()
            .set_border(FormatBorder::Thin)
            .set_background_color(Color::RGB(0xFF_FB_E6))
            .set_align(FormatAlign::Top);
        for ((name, width), column) in COLUMNS.iter().zip(0_u16..) {
            sheet.set_column_width(column, f64::from(*width))?;
            sheet.write_string_with_format(0, column, *name, &bold)?;
        }
        for (line, row) in self.lines.iter().zip(1_u32..) {
            for (value, column) in self.cells(line).into_iter().zip(0_u16..) {
                match value {
                    // As text: nothing in it is counted as a formula.
                    Value::Text(text) => sheet.write_string_with_format(row, column, text, &locked)?,
                    Value::Number(number) => sheet.write_number_with_format(row, column, number, &locked)?,
                };
            }
            // A location is named by who has more than one.
            if line.location.is_none() {
                sheet.write_blank(row, 5, &open)?;
            }
            for column in FIRST..COLUMNS.len() {
                sheet.write_blank(row, column as u16, &open)?;
            }
            let may_be_negative = matches!(line.indicator.kind, IndicatorKind::Ratio | IndicatorKind::Nps);
            let number = |least: f64| {
                let rule = DataValidationRule::GreaterThanOrEqualTo(least);
                DataValidation::new().allow_decimal_number(rule).set_error_title("Geen getal")?.set_error_message(
                    "Vul hier een getal in. Is er geen getal, laat de cel dan leeg en kies bij toestand waarom.",
                )
            };
            let least = if may_be_negative { -1e12 } else { 0.0 };
            sheet.add_data_validation(
                row,
                11,
                row,
                12,
                &number(if line.indicator.kind == IndicatorKind::Ratio { -1e12 } else { 0.0 })?,
            )?;
            sheet.add_data_validation(row, 13, row, 13, &number(least)?)?;
            sheet.add_data_validation(row, 14, row, 15, &number(0.0)?)?;
        }
        let last = u32::try_from(self.lines.len()).unwrap_or(u32::MAX).max(1);
        let states = DataValidation::new().allow_list_strings(STATES)?;
        sheet.add_data_validation(1, 16, last, 16, &states)?;
        sheet.set_freeze_panes(1, 2)?;
        sheet.protect();
        Ok(())
    }

    /// As a CSV file that a Dutch Excel opens well.
    pub fn csv(&self) -> Vec<u8> {
        let mut rows = vec![COLUMNS.iter().map(|it| it.0.to_owned()).collect::<Vec<_>>()];
        for line in &self.lines {
            let cell = |it| match it {
                Value::Text(text) => text,
                Value::Number(number) => dutch::number(number).replace('.', ""),
            };
            let mut cells: Vec<String> = self.cells(line).into_iter().map(cell).collect();
            cells.resize(COLUMNS.len(), String::new());
            rows.push(cells);
        }
        csv_table::write(&rows).into_bytes()
    }
}
