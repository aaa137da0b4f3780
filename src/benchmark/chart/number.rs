//! Numbers as a chart writes them: Dutch, with a fixed number of decimals.

/// From here on a number is written with a power of ten.
const HUGE: f64 = 1e15;

/// "1.234,50" for 1234.5 with two decimals; "–" for what is no number. At most six decimals.
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if HUGE <= value.abs() {
        return format!("{value:.2e}").replace('.', ",");
    }
    let plain = format!("{:.*}", decimals.min(6), value.abs());
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut res = String::new();
    // What rounds to zero has no sign.
    if value < 0.0 && plain.bytes().any(|it| (b'1'..=b'9').contains(&it)) {
        res.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if 0 < at && (whole.len() - at).is_multiple_of(3) {
            res.push('.');
        }
        res.push(digit);
    }
    if !rest.is_empty() {
        res.push(',');
        res.push_str(rest);
    }
    res
}

/// For an axis: from a million on "1,5 mln" and "2 mld", which stays short.
pub fn short(value: f64, decimals: usize) -> String {
    let (part, word) = match value.abs() {
        it if HUGE <= it || !it.is_finite() => return fixed(value, 0),
        it if 1e9 <= it => (value / 1e9, " mld"),
        it if 1e6 <= it => (value / 1e6, " mln"),
        _ => return fixed(value, decimals),
    };
    let text = fixed(part, 2);
    format!("{}{word}", text.trim_end_matches('0').trim_end_matches(','))
}

/// "5,1 tot 6,9".
pub fn range(low: f64, high: f64, decimals: usize) -> String {
    format!("{} tot {}", fixed(low, decimals), fixed(high, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dutch() {
        for (value, decimals, text) in [
            (0.0, 0, "0"),
            (-0.04, 1, "0,0"),
            (-0.06, 1, "-0,1"),
            (7.0, 1, "7,0"),
            (7009.55, 2, "7.009,55"),
            (-1234567.0, 0, "-1.234.567"),
            (f64::NAN, 1, "–"),
            (2.5e18, 1, "2,50e18"),
        ] {
            assert_eq!(fixed(value, decimals), text);
        }
        assert_eq!([short(1.5e6, 0), short(20e9, 0), short(-250.0, 1)], ["1,5 mln", "20 mld", "-250,0"]);
        assert_eq!(range(5.1, 6.94, 1), "5,1 tot 6,9");
    }
}
