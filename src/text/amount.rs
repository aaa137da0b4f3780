//! Numbers as people type them in a cell: "1.234,5", "12,5 %", "€ 1.200", and the words that stand for no number.

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    Number {
        value: f64,
        /// Whether a percent sign stood with it; the value is what was written: 12.5 for "12,5 %".
        is_percent: bool,
        /// Whether it says itself that it is about so much.
        is_about: bool,
    },
    /// Nothing was delivered: "ontbreekt", "onbekend", "#N/B".
    Missing,
    /// A dash: it can mean nothing and it can mean zero.
    Dash,
    NotApplicable,
    /// Its owner keeps it to itself.
    Suppressed,
    /// Zero in words.
    Zero,
}

/// Why it cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// "<5": a bound instead of a number.
    Bound,
    /// "2 à 3", "10-12".
    Range,
    /// Points and commas that say nothing together.
    Separators,
    Words,
}

const MISSING: &[&str] = &[
    "ontbreekt",
    "onbekend",
    "geen gegevens",
    "geen opgave",
    "niet bekend",
    "n.b.",
    "nb",
    "?",
    ".",
    "x",
    "#n/a",
    "#n/b",
    "#nb",
    "missing",
    "leeg",
    "geen",
];
const NOT_APPLICABLE: &[&str] = &["n.v.t.", "nvt", "n.v.t", "niet van toepassing", "n/a", "na"];
const SUPPRESSED: &[&str] = &["onderdrukt", "niet gedeeld", "vertrouwelijk", "afgeschermd", "*"];

/// Reads a cell; an empty one is [`Amount::Missing`].
pub fn read(text: &str) -> Result<Amount, Unread> {
    let folded: String = text.trim().to_lowercase().replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ");
    let word = folded.trim();
    if word.is_empty() || MISSING.contains(&word) {
        return Ok(Amount::Missing);
    }
    if matches!(word, "-" | "–" | "—" | "--" | "- %") {
        return Ok(Amount::Dash);
    }
    if NOT_APPLICABLE.contains(&word) {
        return Ok(Amount::NotApplicable);
    }
    if SUPPRESSED.contains(&word) {
        return Ok(Amount::Suppressed);
    }
    if matches!(word, "nul" | "nihil") {
        return Ok(Amount::Zero);
    }
    if word.starts_with(['<', '>', '≤', '≥']) || word.starts_with("minder dan") || word.starts_with("meer dan") {
        return Err(Unread::Bound);
    }
    let about = ["circa", "ca.", "ca", "±", "+/-", "ongeveer", "~"];
    let stripped = about.iter().find_map(|it| word.strip_prefix(it));
    let (number, is_about) = (stripped.unwrap_or(word), stripped.is_some());
    let (number, is_percent) = match number.trim().strip_suffix('%') {
        Some(rest) => (rest, true),
        None => match number.trim().strip_suffix("procent") {
            Some(rest) => (rest, true),
            None => (number, false),
        },
    };
    let number = number.trim().trim_start_matches('€').trim().trim_end_matches(",-").trim();
    let value = plain(number)?;
    Ok(Amount::Number { value, is_percent, is_about })
}

/// A number of digits, points and commas.
fn plain(text: &str) -> Result<f64, Unread> {
    let (sign, digits) = match text.strip_prefix(['-', '−', '–']) {
        Some(rest) => (-1.0, rest.trim_start()),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    // A space between thousands; anything else between is no number.
    let parts: Vec<&str> = digits.split(' ').collect();
    let is_grouped = 1 < parts.len() && parts[1..].iter().all(|it| it.get(..3).is_some_and(is_digits));
    let digits = if is_grouped { parts.concat() } else { digits.to_owned() };
    if digits.is_empty() || !digits.starts_with(|c: char| c.is_ascii_digit() || c == ',' || c == '.') {
        return Err(Unread::Words);
    }
    let rest = digits.trim_matches(|c: char| c.is_ascii_digit());
    if let Some(middle) = rest.strip_prefix(['-', '–', '/']).or(rest.strip_prefix(" - "))
        && middle.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' '))
    {
        return Err(Unread::Range);
    }
    if digits.contains(" à ") || digits.contains(" tot ") {
        return Err(Unread::Range);
    }
    if !digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'')) {
        // 1,5e3 as a spreadsheet writes it.
        let scientific = digits.replace(',', ".");
        return match scientific.starts_with(|c: char| c.is_ascii_digit()) && scientific.contains('e') {
            true => scientific.parse().map(|it: f64| sign * it).map_err(|_| Unread::Words),
            false => Err(Unread::Words),
        };
    }
    let digits = digits.replace('\'', "");
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let plain = match (points, commas) {
        (0, 0) => digits.clone(),
        (0, 1) => digits.replace(',', "."),
        // One point and three digits after one to three others: thousands, as the Dutch write them.
        (1, 0) if !is_thousands(&digits, '.') => digits.clone(),
        (_, 0) => whole(&digits, '.')?,
        (0, _) => whole(&digits, ',')?,
        _ => {
            let decimal = if digits.rfind('.') < digits.rfind(',') { ',' } else { '.' };
            let group = if decimal == ',' { '.' } else { ',' };
            let (before, after) = digits.rsplit_once(decimal).unwrap_or((&digits, ""));
            if before.contains(decimal) || after.contains(group) {
                return Err(Unread::Separators);
            }
            format!("{}.{after}", whole(before, group)?)
        }
    };
    let value: f64 = plain.parse().map_err(|_| Unread::Words)?;
    Ok(sign * value)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn is_thousands(text: &str, group: char) -> bool {
    let mut parts = text.split(group);
    let first = parts.next().unwrap_or("");
    is_digits(first) && first.len() <= 3 && !first.starts_with('0') && parts.all(|it| it.len() == 3 && is_digits(it))
}

/// Whole thousands without their marks.
fn whole(text: &str, group: char) -> Result<String, Unread> {
    if is_thousands(text, group) { Ok(text.replace(group, "")) } else { Err(Unread::Separators) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, expected) in [
            ("12", 12.0),
            ("12,5", 12.5),
            ("12.5", 12.5),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1.234", 1234.0),
            ("0.123", 0.123),
            ("1.234.567", 1_234_567.0),
            ("1 234", 1234.0),
            ("1\u{a0}234,75", 1234.75),
            ("€ 1.200,-", 1200.0),
            ("-3,5", -3.5),
            ("−3", -3.0),
            (",5", 0.5),
            ("1,5e3", 1500.0),
            ("+4", 4.0),
        ] {
            let found = read(text);
            assert_eq!(found, Ok(Amount::Number { value: expected, is_percent: false, is_about: false }), "{text}");
        }
        for (text, expected) in [("12,5 %", 12.5), ("12,5%", 12.5), ("7 procent", 7.0)] {
            let expected = Amount::Number { value: expected, is_percent: true, is_about: false };
            assert_eq!(read(text), Ok(expected), "{text}");
        }
        assert_eq!(read("ca. 12"), Ok(Amount::Number { value: 12.0, is_percent: false, is_about: true }));
    }

    #[test]
    fn words_and_what_is_no_number() {
        for (text, expected) in [
            ("", Ok(Amount::Missing)),
            (" Ontbreekt ", Ok(Amount::Missing)),
            ("#N/B", Ok(Amount::Missing)),
            ("-", Ok(Amount::Dash)),
            ("n.v.t.", Ok(Amount::NotApplicable)),
            ("NVT", Ok(Amount::NotApplicable)),
            ("onderdrukt", Ok(Amount::Suppressed)),
            ("nul", Ok(Amount::Zero)),
            ("<5", Err(Unread::Bound)),
            ("minder dan 5", Err(Unread::Bound)),
            ("10-12", Err(Unread::Range)),
            ("2 à 3", Err(Unread::Range)),
            ("1,23.456,7", Err(Unread::Separators)),
            ("1.23,4,5", Err(Unread::Separators)),
            ("12 fte", Err(Unread::Words)),
            ("veel", Err(Unread::Words)),
            ("12 5", Err(Unread::Words)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
