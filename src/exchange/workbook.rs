//! Tables as an Excel file. Text stays text: no cell becomes a formula in the program that opens it, nor when somebody
//! goes through it by hand.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::csv_table;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
    Empty,
}

impl From<Option<f64>> for Cell {
    fn from(value: Option<f64>) -> Cell {
        value.map_or(Cell::Empty, Cell::Number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

/// A sheet: rows below each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub name: &'static str,
    /// The width of each column, in characters.
    pub widths: Vec<f64>,
    /// Whether the first row says what stands in the columns; otherwise the first column does so for each row.
    pub has_heading: bool,
    pub rows: Vec<Vec<Cell>>,
}

/// As an Excel file.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for sheet in sheets {
        fill(book.add_worksheet().set_name(sheet.name)?, sheet)?;
    }
    book.save_to_buffer()
}

fn fill(to: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let bold = plain.clone().set_bold();
    let heading = bold.clone().set_border_bottom(FormatBorder::Thin).set_background_color(Color::RGB(0xE4_EC_EE));
    for (width, column) in sheet.widths.iter().zip(0_u16..) {
        to.set_column_width(column, *width)?;
    }
    for (row, at) in sheet.rows.iter().zip(0_u32..) {
        for (cell, column) in row.iter().zip(0_u16..) {
            let format = match (sheet.has_heading, at, column) {
                (true, 0, _) => &heading,
                (false, _, 0) => &bold,
                _ => &plain,
            };
            match cell {
                Cell::Text(text) if csv_table::neutral(text) != *text => {
                    // The mark of Excel itself for "this is text": typing in the cell makes no formula of it either.
                    to.write_string_with_format(at, column, text, &format.clone().set_quote_prefix())?
                }
                Cell::Text(text) => to.write_string_with_format(at, column, text, format)?,
                Cell::Number(number) => to.write_number_with_format(at, column, *number, format)?,
                Cell::Empty => continue,
            };
        }
    }
    if sheet.has_heading {
        to.set_freeze_panes(1, 0)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn no_text_becomes_a_formula() {
        let texts = ["=1+1", "+1", "-cmd|x", "@a", "gewoon", "-7,5"];
        let rows = texts.iter().map(|it| vec![Cell::from(*it), Cell::Number(-7.5)]).collect();
        let bytes = write(&[Sheet { name: "Blad", widths: vec![], has_heading: false, rows }]).unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut part = |name: &str| {
            let mut res = String::new();
            zip.by_name(name).unwrap().read_to_string(&mut res).unwrap();
            res
        };
        let sheet = part("xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>"), "{sheet}");
        assert_eq!(sheet.matches("t=\"s\"").count(), texts.len());
        // Four texts begin as a formula would; all carry the mark of text.
        let styles = part("xl/styles.xml");
        assert_eq!(styles.matches("quotePrefix=\"1\"").count(), 1, "{styles}");
        let marked = styles.split("<cellXfs").nth(1).unwrap().split("<xf ").skip(1);
        let marked = marked.take_while(|it| !it.contains("quotePrefix")).count();
        assert_eq!(sheet.matches(&format!(" s=\"{marked}\" t=\"s\"")).count(), 4, "{sheet}");
    }
}
