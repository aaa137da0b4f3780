//! Excel as cells: values with what their format says (date, percentage), formulas with the value that was stored,
//! joined cells, and which sheets are hidden.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use crate::exchange::table::{Budget, COLUMNS_MAX, Cell, Sheet, TEXT_MAX, Table};

use super::super::xml::{self, Step};
use super::Package;

/// Cells that joined ones may fill together.
const JOINED_MAX: usize = 20_000;

/// What the format of a cell makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Plain,
    Percent,
    Day,
}

pub(super) fn read(package: &mut Package, main: &str) -> Result<Table, String> {
    let text = package.part(main)?.ok_or(super::BROKEN)?;
    let names = package.relations(main)?;
    let mut listed = Vec::new();
    let mut table = Table::default();
    let mut is_1904 = false;
    xml::walk(&text, |step| {
        match step {
            Step::Open("workbookPr", it) => {
                is_1904 = xml::attribute(it, "date1904").is_some_and(|it| it == "1" || it == "true");
            }
            Step::Open("sheet", it) => {
                let name = xml::attribute(it, "name").unwrap_or_default();
                match xml::attribute(it, "state").is_none_or(|it| it == "visible") {
                    true => {
                        if let Some(part) = xml::attribute(it, "id").and_then(|it| names.get(&it)) {
                            listed.push((name, part.clone()));
                        }
                    }
                    false => table.hidden.push(name),
                }
            }
            _ => (),
        }
        true
    })?;
    let folder = main.rsplit_once('/').map_or("", |it| it.0);
    let shared = match package.part(&super::resolved(folder, "sharedStrings.xml"))? {
        Some(text) => super::sheets::strings(&text)?,
        None => vec![],
    };
    let formats = match package.part(&super::resolved(folder, "styles.xml"))? {
        Some(text) => formats(&text)?,
        None => vec![],
    };
    let reading = Reading { shared: &shared, formats: &formats, is_1904 };
    let mut budget = Budget::default();
    for (name, part) in listed {
        if let Some(xml) = package.part(&part)? {
            table.sheets.push(reading.sheet(name, &xml, &mut budget)?);
        }
    }
    Ok(table)
}

/// The format of each style of cells, by its number.
fn formats(xml: &str) -> Result<Vec<Format>, String> {
    let mut own: HashMap<u32, Format> = HashMap::new();
    let mut res = Vec::new();
    let mut is_cells = false;
    xml::walk(xml, |step| {
        match step {
            Step::Open("numFmt", it) => {
                let id = xml::attribute(it, "numFmtId").and_then(|it| it.parse().ok());
                if let (Some(id), Some(code)) = (id, xml::attribute(it, "formatCode")) {
                    own.insert(id, of_code(&code));
                }
            }
            Step::Open("cellXfs", _) => is_cells = true,
            Step::Close("cellXfs") => is_cells = false,
            Step::Open("xf", it) if is_cells => {
                let id = xml::attribute(it, "numFmtId").and_then(|it| it.parse().ok()).unwrap_or(0);
                res.push(own.get(&id).copied().unwrap_or_else(|| built_in(id)));
            }
            _ => (),
        }
        true
    })?;
    Ok(res)
}

fn built_in(id: u32) -> Format {
    match id {
        9 | 10 => Format::Percent,
        14..=17 | 22 | 27..=31 | 36 | 50..=58 => Format::Day,
        _ => Format::Plain,
    }
}

/// By the letters of a format, without what is quoted, escaped or between brackets.
fn of_code(code: &str) -> Format {
    let mut letters = String::new();
    let (mut is_quoted, mut is_bracket, mut is_escaped) = (false, false, false);
    for c in code.to_lowercase().chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' | '_' | '*' => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '[' if !is_quoted => is_bracket = true,
            ']' if !is_quoted => is_bracket = false,
            c if !is_quoted && !is_bracket => letters.push(c),
            _ => (),
        }
    }
    match () {
        () if letters.contains('%') => Format::Percent,
        () if letters.contains(['d', 'y', 'j']) || letters.contains("mm") && !letters.contains(['h', 's']) => {
            Format::Day
        }
        () => Format::Plain,
    }
}

struct Reading<'a> {
    shared: &'a [String],
    formats: &'a [Format],
    is_1904: bool,
}

impl Reading<'_> {
    fn sheet(&self, name: String, xml: &str, budget: &mut Budget) -> Result<Sheet, String> {
        let mut sheet = Sheet { name, rows: vec![] };
        let mut joined = Vec::new();
        let mut row = (0_u32, Vec::new());
        let mut open = Open::default();
        let mut column = 0;
        let mut fault = None;
        xml::walk(xml, |step| {
            match step {
                Step::Open("row", it) => {
                    let told = xml::attribute(it, "r").and_then(|it| it.parse().ok());
                    row = (told.unwrap_or(row.0 + 1), Vec::new());
                    column = 0;
                }
                Step::Close("row") => {
                    if let Err(error) = budget.row(&mut sheet, row.0, std::mem::take(&mut row.1)) {
                        fault = Some(error);
                        return false;
                    }
                }
                Step::Open("c", it) => {
                    if let Some(told) = xml::attribute(it, "r").and_then(|it| place(&it)) {
                        column = told.0;
                    }
                    open = Open {
                        kind: xml::attribute(it, "t").unwrap_or_default(),
                        style: xml::attribute(it, "s").and_then(|it| it.parse().ok()).unwrap_or(0),
                        ..Open::default()
                    };
                }
                Step::Close("c") => {
                    let cell = self.cell(std::mem::take(&mut open));
                    if !cell.is_empty() {
                        // Too wide: the budget refuses it by its length.
                        row.1.resize(column.min(COLUMNS_MAX), Cell::Empty);
                        row.1.push(cell);
                    }
                    column += 1;
                }
                Step::Open("f", _) => open.is_formula = true,
                Step::Open("v" | "t", _) => open.is_value = true,
                Step::Close("v" | "t") => open.is_value = false,
                Step::Text(text) if open.is_value && open.text.len() < 4 * TEXT_MAX => open.text.push_str(text),
                Step::Open("mergeCell", it) => joined.extend(xml::attribute(it, "ref").and_then(|it| range(&it))),
                _ => (),
            }
            true
        })?;
        if let Some(fault) = fault {
            return Err(fault);
        }
        spread(&mut sheet, &joined);
        Ok(sheet)
    }

    fn cell(&self, open: Open) -> Cell {
        let text = || open.text.chars().take(TEXT_MAX).collect::<String>();
        if open.text.is_empty() {
            return if open.is_formula { Cell::Formula } else { Cell::Empty };
        }
        match open.kind.as_str() {
            "s" => match open.text.trim().parse().ok().and_then(|it: usize| self.shared.get(it)) {
                Some(text) => Cell::Text(text.chars().take(TEXT_MAX).collect()),
                None => Cell::Empty,
            },
            "str" | "inlineStr" => Cell::Text(text()),
            "e" => Cell::Error(text()),
            "b" => Cell::Text(if open.text.trim() == "1" { "WAAR" } else { "ONWAAR" }.to_owned()),
            "d" => match NaiveDate::parse_from_str(open.text.get(..10).unwrap_or(""), "%Y-%m-%d") {
                Ok(day) => Cell::Day(day),
                Err(_) => Cell::Text(text()),
            },
            _ => match (open.text.trim().parse::<f64>(), self.formats.get(open.style)) {
                (Ok(value), Some(Format::Percent)) => Cell::Number(value, true),
                (Ok(value), Some(Format::Day)) => self.day(value).map_or(Cell::Number(value, false), Cell::Day),
                (Ok(value), _) => Cell::Number(value, false),
                (Err(_), _) => Cell::Text(text()),
            },
        }
    }

    /// The day a number means. Excel holds 1900 for a leap year, so its first two months are one off; nobody
    /// delivers those.
    fn day(&self, number: f64) -> Option<NaiveDate> {
        if !(61.0..100_000.0).contains(&number) {
            return None;
        }
        let first =
            if self.is_1904 { NaiveDate::from_ymd_opt(1904, 1, 1) } else { NaiveDate::from_ymd_opt(1899, 12, 30) };
        first?.checked_add_days(Days::new(number as u64))
    }
}

/// A cell that is being read.
#[derive(Debug, Default)]
struct Open {
    kind: String,
    style: usize,
    text: String,
    is_formula: bool,
    is_value: bool,
}

/// Column from 0 and row from 1 of an address: "B7".
fn place(address: &str) -> Option<(usize, u32)> {
    let letters = address.find(|c: char| c.is_ascii_digit())?;
    let mut column = 0_usize;
    for byte in address[..letters].bytes() {
        if !byte.is_ascii_uppercase() || 3 < letters {
            return None;
        }
        column = column * 26 + usize::from(byte - b'A') + 1;
    }
    Some((column.checked_sub(1)?, address[letters..].parse().ok()?))
}

/// A cell: column and row number.
type At = (usize, u32);

fn range(text: &str) -> Option<(At, At)> {
    let (from, to) = text.split_once(':')?;
    Some((place(from)?, place(to)?))
}

/// Writes the text of joined cells in each of them: a heading above several columns, a name beside several rows. A
/// number stays where it is; it was said once.
pub(super) fn spread(sheet: &mut Sheet, joined: &[(At, At)]) {
    let at: HashMap<u32, usize> = sheet.rows.iter().enumerate().map(|(at, it)| (it.number, at)).collect();
    let mut left = JOINED_MAX;
    for ((column, row), (last_column, last_row)) in joined {
        let Some(from) = at.get(row) else { continue };
        let text @ Cell::Text(_) = sheet.rows[*from].cell(*column).clone() else { continue };
        let last_column = (*last_column).min(COLUMNS_MAX - 1);
        for number in *row..=(*last_row).min(row.saturating_add(JOINED_MAX as u32)) {
            let Some(here) = at.get(&number) else { continue };
            for column in *column..=last_column {
                if left == 0 {
                    return;
                }
                left -= 1;
                let cells = &mut sheet.rows[*here].cells;
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::Empty);
                }
                if cells[column].is_empty() {
                    cells[column] = text.clone();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_numbers() {
        for (code, expected) in [
            ("0.0%", Format::Percent),
            ("dd-mm-yyyy", Format::Day),
            ("mmm\\-yy", Format::Day),
            ("dd\\-mm\\-jjjj", Format::Day),
            ("[$-413]mmmm jjjj", Format::Day),
            ("hh:mm:ss", Format::Plain),
            ("#,##0.00", Format::Plain),
            ("0 \"dagen\"", Format::Plain),
            ("[Red]0.00", Format::Plain),
        ] {
            assert_eq!(of_code(code), expected, "{code}");
        }
    }

    #[test]
    fn cells_are_read() {
        let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"0.0%\"/></numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs>\
            <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"17\"/></cellXfs></styleSheet>";
        let formats = formats(styles).unwrap();
        assert_eq!(formats, [Format::Plain, Format::Percent, Format::Day]);
        let shared = ["Kop".to_owned()];
        let reading = Reading { shared: &shared, formats: &formats, is_1904: false };
        let xml = "<worksheet><sheetData><row r=\"2\"><c r=\"B2\" t=\"s\"><v>0</v></c></row><row r=\"3\"/>\
            <row r=\"5\"><c r=\"A5\" s=\"1\"><v>0.125</v></c><c r=\"B5\" s=\"2\"><v>45536</v></c><c r=\"C5\"><f>A1*2</f><v>7.5</v></c>\
            <c r=\"D5\"><f>A1*2</f></c><c r=\"E5\" t=\"e\"><v>#N/A</v></c><c r=\"F5\" t=\"inlineStr\"><is><t>x</t></is></c></row>\
            </sheetData><mergeCells><mergeCell ref=\"B2:C2\"/></mergeCells></worksheet>";
        let sheet = reading.sheet("Blad".into(), xml, &mut Budget::default()).unwrap();
        let text = |it: &str| Cell::Text(it.into());
        assert_eq!(sheet.rows.iter().map(|it| it.number).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(sheet.rows[0].cells, [Cell::Empty, text("Kop"), text("Kop")]);
        let day = NaiveDate::from_ymd_opt(2024, 9, 1).unwrap();
        assert_eq!(
            sheet.rows[1].cells,
            [
                Cell::Number(0.125, true),
                Cell::Day(day),
                Cell::Number(7.5, false),
                Cell::Formula,
                Cell::Error("#N/A".into()),
                text("x")
            ]
        );
        let far = "<worksheet><row r=\"1\"><c r=\"XFD1\"><v>1</v></c></row></worksheet>";
        assert!(reading.sheet("Blad".into(), far, &mut Budget::default()).unwrap_err().contains("200 kolommen"));
    }
}
