//! How parts of a chart look: classes for the style sheet, and the same as attributes for where no sheet is read.
//!
//! Pages link the sheet, for they forbid styles in the page; a file that is downloaded carries it inside. Programs
//! that draw SVG without style sheets, or without custom properties in them, use the attributes.

/// The sheet of all charts. Colours come from the custom properties of the site where it has them.
pub const SHEET: &str = include_str!("chart.css");

/// What a file adds: its own ground, and dark where the reader wants dark.
pub const FILE_SHEET: &str = ".chart-svg{color-scheme:light dark;background:var(--c-paper)}";

/// How a class looks without a sheet: attributes with a space before each.
pub fn attributes(class: &str) -> &'static str {
    match class {
        "soft" => r##" fill="#4d5b63""##,
        "strong" => r##" fill="#1c2429" font-weight="600""##,
        "mine" => r##" fill="#0b5563" font-weight="700""##,
        "grid" => r##" stroke="#cfd9da" stroke-width="1""##,
        "axis" => r##" stroke="#4d5b63" stroke-width="1""##,
        "whisker" => r##" stroke="#5b6b73" stroke-width="1.5""##,
        "whisker-own" => r##" stroke="#0b5563" stroke-width="3""##,
        "median" | "mean" => r##" fill="none" stroke="#1c2429" stroke-width="1.5""##,
        "target" => r##" fill="none" stroke="#2f6b1f" stroke-width="2" stroke-dasharray="8 3 2 3""##,
        "limit" => r##" fill="none" stroke="#4d5b63" stroke-width="1.2""##,
        "trial" => r##" fill="none" stroke="#4d5b63" stroke-width="1.2" stroke-dasharray="4 4""##,
        "strict" => r##" fill="none" stroke="#4d5b63" stroke-width="1.5" stroke-dasharray="8 4""##,
        "break" => r##" fill="none" stroke="#1c2429" stroke-width="1.5" stroke-dasharray="2 3""##,
        "series" => r##" fill="none" stroke="#5b6b73" stroke-width="1.5""##,
        "series-own" => r##" fill="none" stroke="#0b5563" stroke-width="2.5""##,
        "earlier" => {
            r##" fill="none" stroke="#7d8a91" stroke-width="1.5" stroke-dasharray="1 4" stroke-linecap="round""##
        }
        "band" => r##" fill="#b9d3d8""##,
        "band-outer" => r##" fill="#e2edef""##,
        "aim" => r##" fill="#dfeeda""##,
        "own" => r##" fill="#0b5563" stroke="#fff" stroke-width="1.5""##,
        "named" => r##" fill="#5b6b73" stroke="#fff" stroke-width="1""##,
        "nameless" => r##" fill="#fff" stroke="#5b6b73" stroke-width="1.5""##,
        "common" => r##" fill="#5b6b73" stroke="#fff" stroke-width=".75""##,
        "good" => r##" fill="#1d5fa8" stroke="#fff" stroke-width="1""##,
        "bad" => r##" fill="#b4540a" stroke="#fff" stroke-width="1""##,
        "neutral" => r##" fill="#6a3d8f" stroke="#fff" stroke-width="1""##,
        "hollow" => r##" fill="#fff" stroke="#4d5b63" stroke-width="2""##,
        "glyph" => r##" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round""##,
        "glyph-dark" => {
            r##" fill="none" stroke="#4d5b63" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round""##
        }
        "gap" => r##" fill="none" stroke="#4d5b63" stroke-width="1.5""##,
        "plate" => r##" fill="#fff""##,
        "part" => r##" stroke="#1c2429" stroke-width="1""##,
        "tint" => r##" fill="#b9d3d8""##,
        "stripe" => r##" fill="none" stroke="#0b5563" stroke-width="2""##,
        "solid" => r##" fill="#0b5563""##,
        _ => r##" fill="#1c2429""##,
    }
}

/// How much wider text of a class is than plain text.
pub fn boldness(class: &str) -> f64 {
    if class == "mine" || class == "strong" { 1.14 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A class without attributes would be drawn as black ground by a program without style sheets.
    #[test]
    fn every_class_of_the_sheet_has_attributes() {
        let plain = attributes("");
        let classes: Vec<&str> = SHEET.split(".c-").skip(1).filter_map(|it| it.split([' ', ',', '{']).next()).collect();
        assert!(30 < classes.len());
        for class in classes {
            assert!(class == "text" || attributes(class) != plain, "{class}");
        }
    }
}
