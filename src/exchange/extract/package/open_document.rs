//! OpenDocument as cells: what LibreOffice writes. A cell or a row can say that it is repeated.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::exchange::table::{Budget, COLUMNS_MAX, Cell, ROWS_MAX, Sheet, TEXT_MAX, Table};

use super::super::xml::{self, Step};
use super::Package;

/// What the first part of such a package says.
pub(super) const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";

pub(super) fn read(package: &mut Package) -> Result<Table, String> {
    let text = package.part("content.xml")?.ok_or(super::BROKEN)?;
    content(&text)
}

/// A cell that is being read.
#[derive(Debug, Default)]
struct Open {
    kind: String,
    value: Option<String>,
    text: String,
    is_formula: bool,
    times: usize,
    columns: usize,
    rows: u32,
}

fn content(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    let mut budget = Budget::default();
    let mut unseen: HashSet<String> = HashSet::new();
    let mut style = String::new();
    let mut sheet: Option<(Sheet, bool)> = None;
    let mut joined = Vec::new();
    let (mut next, mut times, mut cells) = (1_u32, 1_u32, Vec::new());
    let mut open = Open::default();
    let (mut is_cell, mut is_remark) = (false, false);
    let mut fault = None;
    xml::walk(text, |step| {
        match step {
            Step::Open("style", it) => style = xml::attribute(it, "name").unwrap_or_default(),
            Step::Open("table-properties", it) if xml::attribute(it, "display").is_some_and(|it| it == "false") => {
                unseen.insert(style.clone());
            }
            Step::Open("table", it) if sheet.is_none() => {
                let name = xml::attribute(it, "name").unwrap_or_default();
                let is_hidden = xml::attribute(it, "style-name").is_some_and(|it| unseen.contains(&it));
                sheet = Some((Sheet { name, rows: vec![] }, is_hidden));
                (next, joined) = (1, vec![]);
            }
            Step::Close("table") => match sheet.take() {
                Some((it, true)) => table.hidden.push(it.name),
                Some((mut it, false)) => {
                    super::grid::spread(&mut it, &joined);
                    table.sheets.push(it);
                }
                None => (),
            },
            Step::Open("table-row", it) => {
                times = number(it, "number-rows-repeated").unwrap_or(1) as u32;
                cells = Vec::new();
            }
            Step::Close("table-row") => {
                let row = std::mem::take(&mut cells);
                if let Some((sheet, false)) = &mut sheet
                    && !row.iter().all(Cell::is_empty)
                {
                    for at in 0..times.min(ROWS_MAX as u32 + 200) {
                        if let Err(error) = budget.row(sheet, next + at, row.clone()) {
                            fault = Some(error);
                            return false;
                        }
                    }
                }
                next = next.saturating_add(times);
            }
            Step::Open("table-cell" | "covered-table-cell", it) => {
                let value = ["value", "date-value", "boolean-value", "string-value"];
                open = Open {
                    kind: xml::attribute(it, "value-type").unwrap_or_default(),
                    value: value.iter().find_map(|name| xml::attribute(it, name)),
                    is_formula: xml::attribute(it, "formula").is_some(),
                    times: number(it, "number-columns-repeated").unwrap_or(1),
                    columns: number(it, "number-columns-spanned").unwrap_or(1),
                    rows: number(it, "number-rows-spanned").unwrap_or(1) as u32,
                    text: String::new(),
                };
                is_cell = true;
            }
            Step::Close("table-cell" | "covered-table-cell") => {
                is_cell = false;
                let open = std::mem::take(&mut open);
                let (times, columns, rows) = (open.times, open.columns, open.rows);
                let cell = cell(open);
                if 1 < columns || 1 < rows {
                    let from = (cells.len(), next);
                    joined.push((from, (from.0 + columns - 1, next.saturating_add(rows - 1))));
                }
                // Empty cells to the end of the sheet are said as one that is repeated.
                let most = if cell.is_empty() { COLUMNS_MAX } else { COLUMNS_MAX + 1 };
                for _ in 0..times.min(most.saturating_sub(cells.len())) {
                    cells.push(cell.clone());
                }
            }
            Step::Open("annotation", _) => is_remark = true,
            Step::Close("annotation") => is_remark = false,
            Step::Open("p", _) if is_cell && !is_remark && !open.text.is_empty() => open.text.push(' '),
            Step::Text(text) if is_cell && !is_remark && open.text.len() < 4 * TEXT_MAX => open.text.push_str(text),
            _ => (),
        }
        true
    })?;
    match fault {
        Some(fault) => Err(fault),
        None => Ok(table),
    }
}

fn number(of: &quick_xml::events::BytesStart<'_>, name: &str) -> Option<usize> {
    xml::attribute(of, name)?.parse().ok().filter(|it| (1..=2_000_000).contains(it))
}

fn cell(open: Open) -> Cell {
    let value = open.value.unwrap_or_default();
    let text = || match open.text.trim() {
        "" => Cell::Empty,
        text => Cell::Text(text.chars().take(TEXT_MAX).collect()),
    };
    match open.kind.as_str() {
        "float" | "currency" => value.parse().map_or_else(|_| text(), |it| Cell::Number(it, false)),
        "percentage" => value.parse().map_or_else(|_| text(), |it| Cell::Number(it, true)),
        "date" => match NaiveDate::parse_from_str(value.get(..10).unwrap_or(""), "%Y-%m-%d") {
            Ok(day) => Cell::Day(day),
            Err(_) => text(),
        },
        "" if open.is_formula && open.text.trim().is_empty() => Cell::Formula,
        _ if open.is_formula && open.text.starts_with('#') => Cell::Error(open.text),
        _ => text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read() {
        let text = "<office:document-content><office:automatic-styles><style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles>\
            <office:body><office:spreadsheet><table:table table:name=\"Cijfers\" table:style-name=\"ta1\">\
            <table:table-row><table:table-cell office:value-type=\"string\" table:number-columns-spanned=\"2\"><text:p>Kop</text:p><office:annotation><text:p>geheim</text:p></office:annotation></table:table-cell><table:covered-table-cell/></table:table-row>\
            <table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
            <table:table-row><table:table-cell office:value-type=\"percentage\" office:value=\"0.125\"><text:p>12,5%</text:p></table:table-cell>\
            <table:table-cell office:value-type=\"date\" office:date-value=\"2024-09-01\"/><table:table-cell office:value-type=\"float\" office:value=\"3\" table:number-columns-repeated=\"2\"/>\
            <table:table-cell table:formula=\"of:=1+1\"/><table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>\
            <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell/></table:table-row></table:table>\
            <table:table table:name=\"Verborgen\" table:style-name=\"ta2\"><table:table-row><table:table-cell office:value-type=\"float\" office:value=\"9\"/></table:table-row></table:table>\
            </office:spreadsheet></office:body></office:document-content>";
        let table = content(text).unwrap();
        assert_eq!(table.hidden, ["Verborgen"]);
        let rows = &table.sheets[0].rows;
        assert_eq!(rows.iter().map(|it| it.number).collect::<Vec<_>>(), [1, 5]);
        assert_eq!(rows[0].cells, [Cell::Text("Kop".into()), Cell::Text("Kop".into())]);
        let day = NaiveDate::from_ymd_opt(2024, 9, 1).unwrap();
        let three = Cell::Number(3.0, false);
        assert_eq!(rows[1].cells, [Cell::Number(0.125, true), Cell::Day(day), three.clone(), three, Cell::Formula]);
        let bomb = "<t><table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table></t>";
        assert!(content(bomb).unwrap_err().contains("100.000 rijen"));
    }
}
