//! A sheet of figures as cells with addresses, whatever file it came in: CSV is read here, Excel and OpenDocument by
//! the child process of [`super::extract`].
//!
//! Invariant: nothing is guessed about a file: what cannot be read for certain is refused with a Dutch sentence.

use std::fmt;

use chrono::NaiveDate;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

use super::extract::{Error, Extractor};

/// Bytes of a file with figures.
pub const SIZE_MAX: usize = 10 << 20;
/// Rows with something in them, of all sheets together.
pub const ROWS_MAX: usize = 100_000;
pub const COLUMNS_MAX: usize = 200;
/// Filled cells of all sheets together.
pub const CELLS_MAX: usize = 2_000_000;
/// Characters of one cell; the rest is left out.
pub const TEXT_MAX: usize = 2_000;

/// What a file can be, for messages.
pub const ALLOWED: &str = "een Excel-bestand (.xlsx), een OpenDocument-werkblad (.ods) of een CSV-bestand";

/// One cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Cell {
    #[default]
    #[serde(rename = "-")]
    Empty,
    #[serde(rename = "t")]
    Text(String),
    /// As it is stored: 0.125 for a cell that shows 12,5 %.
    #[serde(rename = "n")]
    Number(f64, bool),
    #[serde(rename = "d")]
    Day(NaiveDate),
    /// A formula whose value the file does not hold.
    #[serde(rename = "f")]
    Formula,
    /// An error of the spreadsheet: #N/B.
    #[serde(rename = "e")]
    Error(String),
}

/// A row with something in it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Row {
    /// From 1.
    pub number: u32,
    /// From column A on.
    pub cells: Vec<Cell>,
}

/// A visible sheet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sheet {
    /// Empty for a CSV file.
    pub name: String,
    pub rows: Vec<Row>,
}

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Table {
    pub sheets: Vec<Sheet>,
    /// Names of sheets that are hidden; they were not read.
    pub hidden: Vec<String>,
}

/// Where a cell stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At {
    /// Empty for a CSV file.
    pub sheet: String,
    /// From 1.
    pub row: u32,
    /// From 0; `None` for the whole row.
    pub column: Option<usize>,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.sheet.is_empty() {
            write!(f, "blad {}, ", self.sheet)?;
        }
        match self.column {
            Some(column) => write!(f, "cel {}{}", letters(column), self.row),
            None => write!(f, "rij {}", self.row),
        }
    }
}

/// The letters of a column: A to Z, AA and on.
pub fn letters(column: usize) -> String {
    let mut res = String::new();
    let mut rest = column + 1;
    while 0 < rest {
        rest -= 1;
        res.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    res
}

impl Row {
    /// A cell; an empty one beyond the end.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }
}

impl Cell {
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// As somebody reads it, for names and codes.
    pub fn text(&self) -> String {
        match self {
            Cell::Empty | Cell::Formula => String::new(),
            Cell::Text(text) | Cell::Error(text) => text.trim().to_owned(),
            Cell::Number(value, false) => value.to_string(),
            Cell::Number(value, true) => format!("{}%", 100.0 * value),
            Cell::Day(day) => day.to_string(),
        }
    }
}

/// What is said of a file that is too large.
pub fn too_large() -> String {
    format!("het bestand is te groot; hoogstens {} MB", SIZE_MAX >> 20)
}

/// Reads a file, whatever it is by its content.
pub async fn read(extractor: &Extractor, bytes: Vec<u8>) -> Result<Table, Error> {
    if SIZE_MAX < bytes.len() {
        return Err(Error::Refused(too_large()));
    }
    if bytes.starts_with(b"PK") {
        return extractor.table(bytes).await;
    }
    csv(&bytes).map_err(Error::Refused)
}

/// Reads a CSV file. Its signs and its separator are found out.
pub fn csv(bytes: &[u8]) -> Result<Table, String> {
    if let Some(other) = other(bytes) {
        return Err(format!("{other}; stuur {ALLOWED}"));
    }
    let text = decoded(bytes)?;
    // As Excel writes it for itself; the line counts in the addresses.
    let (text, separator, before) = match text.strip_prefix("sep=").and_then(|it| Some((it.bytes().next()?, it))) {
        Some((it @ (b';' | b',' | b'\t'), rest)) => (rest.split_once('\n').map_or("", |it| it.1), it, 1),
        _ => (&*text, separator(&text), 0),
    };
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut budget = Budget::default();
    for record in reader.records() {
        let record =
            record.map_err(|_| "het CSV-bestand is niet te lezen; bewaar het opnieuw als CSV UTF-8".to_owned())?;
        let line = record.position().map_or(0, |it| it.line()) as u32 + before;
        let cells = record.iter().map(|it| match it.trim() {
            "" => Cell::Empty,
            text => Cell::Text(text.chars().take(TEXT_MAX).collect()),
        });
        budget.row(&mut sheet, line, cells.collect())?;
    }
    Ok(Table { sheets: vec![sheet], hidden: vec![] })
}

/// Counts what is read, and refuses when it is too much.
#[derive(Debug, Default)]
pub struct Budget {
    rows: usize,
    cells: usize,
}

impl Budget {
    /// Adds a row to a sheet, unless nothing is in it.
    pub fn row(&mut self, sheet: &mut Sheet, number: u32, mut cells: Vec<Cell>) -> Result<(), String> {
        while cells.last().is_some_and(Cell::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if COLUMNS_MAX < cells.len() {
            return Err(format!("rij {number} heeft meer dan {COLUMNS_MAX} kolommen; haal weg wat er niet bij hoort"));
        }
        self.rows += 1;
        self.cells += cells.len();
        if ROWS_MAX + 100 < self.rows || CELLS_MAX < self.cells {
            return Err("het bestand heeft meer dan 100.000 rijen; verdeel het over meer aanleveringen".to_owned());
        }
        sheet.rows.push(Row { number, cells });
        Ok(())
    }
}

/// The text of bytes: by its mark, else UTF-16 by its zeros, else UTF-8, else as Windows writes.
fn decoded(bytes: &[u8]) -> Result<String, String> {
    let unreadable = || format!("dit is geen leesbare tekst; stuur {ALLOWED}");
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => {
            let head = &bytes[..bytes.len().min(1_000)];
            let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|it| **it == 0).count();
            let many = head.len() / 4;
            match () {
                () if 2 <= head.len() && many < zeros(1) => UTF_16LE,
                () if 2 <= head.len() && many < zeros(0) => UTF_16BE,
                () if std::str::from_utf8(bytes).is_ok() => UTF_8,
                () => WINDOWS_1252,
            }
        }
    };
    let (text, _, is_bad) = encoding.decode(bytes);
    let is_text = !is_bad && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    // One kind of line end: the reader of CSV counts lines by it.
    if is_text { Ok(text.replace("\r\n", "\n")) } else { Err(unreadable()) }
}

/// What separates the cells: the sign that stands most in the first lines, outside quotes.
fn separator(text: &str) -> u8 {
    let mut counts = [(b';', 0_usize), (b'\t', 0), (b',', 0)];
    let mut is_quoted = false;
    let mut lines = 0;
    for byte in text.bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => {
                lines += 1;
                // The first line with any of them decides; a comma also stands in Dutch numbers.
                if 20 < lines || counts.iter().any(|it| 1 < it.1) {
                    break;
                }
            }
            byte if !is_quoted => {
                if let Some(it) = counts.iter_mut().find(|it| it.0 == byte) {
                    it.1 += 1;
                }
            }
            _ => (),
        }
    }
    counts.iter().rev().max_by_key(|it| it.1).map_or(b';', |it| if it.1 == 0 { b';' } else { it.0 })
}

/// What bytes are that are no table.
fn other(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes[..bytes.len().min(1_024)].to_ascii_lowercase();
    let has = |word: &[u8]| head.windows(word.len()).any(|it| it == word);
    match () {
        () if bytes.is_empty() => Some("het bestand is leeg"),
        () if has(b"%pdf-") => Some("dit is een PDF, ook als de naam op .xlsx eindigt"),
        () if bytes.starts_with(b"\xd0\xcf\x11\xe0") => Some(
            "dit is een oud Excel-bestand (.xls) of een bestand met een wachtwoord; bewaar het als .xlsx zonder wachtwoord",
        ),
        () if has(b"<html") || has(b"<!doctype") || has(b"<table") || has(b"<?xml") => {
            Some("dit is een webpagina, geen werkblad; open het in Excel en bewaar het als .xlsx")
        }
        () if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8\xff") => Some("dit is een afbeelding"),
        () if bytes.starts_with(b"MZ") || bytes.starts_with(b"\x7fELF") => Some("dit is een programma"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(table: &Table) -> Vec<Vec<String>> {
        table.sheets[0].rows.iter().map(|it| it.cells.iter().map(Cell::text).collect()).collect()
    }

    #[test]
    fn signs_and_separators_are_found() {
        let text = "indicator;periode;waarde;toelichting\r\nverzuim;2024-K3;7,25;\"cliënt; \"\"x\"\"\"\r\n\r\n;;;\r\n";
        let utf16 = |mark: &[u8], order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            mark.iter().copied().chain(text.encode_utf16().flat_map(order)).collect()
        };
        let (windows, _, _) = WINDOWS_1252.encode(text);
        let expected = [
            vec!["indicator", "periode", "waarde", "toelichting"],
            vec!["verzuim", "2024-K3", "7,25", "cliënt; \"x\""],
        ];
        for (name, bytes) in [
            ("UTF-8", text.as_bytes().to_vec()),
            ("UTF-8 with a mark", ["\u{feff}", text].concat().into_bytes()),
            ("Windows-1252", windows.into_owned()),
            ("UTF-16LE with a mark", utf16(b"\xff\xfe", u16::to_le_bytes)),
            ("UTF-16BE with a mark", utf16(b"\xfe\xff", u16::to_be_bytes)),
            ("UTF-16LE", utf16(b"", u16::to_le_bytes)),
            ("tabs", text.replace(';', "\t").replace("cliënt\t", "cliënt;").into_bytes()),
        ] {
            let table = csv(&bytes).unwrap();
            assert_eq!(cells(&table), expected, "{name}");
            assert_eq!(table.sheets[0].rows[1].number, 2, "{name}");
        }
        let english = csv(b"indicator,periode,waarde\nverzuim,2024-K3,7.25\n").unwrap();
        assert_eq!(cells(&english)[1], ["verzuim", "2024-K3", "7.25"]);
        let table = csv(b"sep=;\nindicator;waarde\nverzuim;7,25\n").unwrap();
        assert_eq!((cells(&table)[1].join(" "), table.sheets[0].rows[1].number), ("verzuim 7,25".into(), 3));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for (bytes, expected) in [
            (&b""[..], "leeg"),
            (b"%PDF-1.7\n1 0 obj", "dit is een PDF"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", "oud Excel-bestand"),
            (b"<html><table>", "webpagina"),
            (b"\x89PNG\r\n", "afbeelding"),
            (b"a;b\n\x00\x01\x02\x03;\x04\x05\x06", "geen leesbare tekst"),
        ] {
            let refused = csv(bytes).unwrap_err();
            assert!(refused.contains(expected), "{refused}");
        }
        let wide = vec!["x"; COLUMNS_MAX + 1].join(";");
        assert!(csv(wide.as_bytes()).unwrap_err().contains("200 kolommen"));
        let long = "a;b\n".repeat(ROWS_MAX + 200);
        assert!(csv(long.as_bytes()).unwrap_err().contains("100.000 rijen"));
    }

    #[test]
    fn addresses() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (199, "GR")] {
            assert_eq!(letters(column), expected);
        }
        let at = At { sheet: "Cijfers".into(), row: 7, column: Some(1) };
        assert_eq!(at.to_string(), "blad Cijfers, cel B7");
        assert_eq!(At { sheet: String::new(), row: 7, column: None }.to_string(), "rij 7");
    }
}
