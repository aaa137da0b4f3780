//! Bytes as hexadecimal digits, and back.

/// Two digits for each byte, in lower case.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits; `None` when it is something else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|it| std::str::from_utf8(it).ok().filter(|it| it.len() == 2));
    pairs.map(|it| u8::from_str_radix(it?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        assert_eq!(hex(&[0, 10, 255]), "000aff");
        assert_eq!(unhex("000aff"), Some(vec![0, 10, 255]));
        for bad in ["0", "000", "zz", "é"] {
            assert_eq!(unhex(bad), None, "{bad}");
        }
    }
}
