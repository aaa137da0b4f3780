//! A table as CSV that Dutch Excel opens as it is meant: semicolons, a mark of UTF-8, and no cell that is taken for a
//! formula.

/// Rows as CSV; they may differ in length.
pub fn write(rows: &[Vec<String>]) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
    for row in rows {
        let cells: Vec<String> = row.iter().map(|it| neutral(it)).collect();
        let cells = if cells.is_empty() { vec![String::new()] } else { cells };
        // Writing to memory does not fail.
        let _ = writer.write_record(&cells);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

/// A text that no spreadsheet takes for a formula. Numbers keep their sign.
pub fn neutral(cell: &str) -> String {
    let is_number =
        cell.strip_prefix('-').is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit() || b == b',' || b == b'.'));
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') if !is_number => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text_and_numbers_stay_numbers() {
        let rows = vec![vec!["=1+1".to_owned(), "-7,5".to_owned(), "@a".to_owned()], vec![], vec!["a;b".to_owned()]];
        assert_eq!(write(&rows), "\u{feff}'=1+1;-7,5;'@a\n\"\"\n\"a;b\"\n");
        assert_eq!(neutral("-cmd|x"), "'-cmd|x");
    }
}
