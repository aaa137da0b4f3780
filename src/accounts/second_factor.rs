//! The second factor: codes that an app makes from a shared secret, each good once, and recovery codes for who lost it.

use chrono::{DateTime, Utc};
use qrcode::{Color, EcLevel, QrCode};
use totp_rs::{Builder, Secret, Totp};

use super::{Error, secret};

/// How many recovery codes there are.
pub const RECOVERY_CODES: usize = 10;
/// Letters of recovery codes: none looks like another.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const ISSUER: &str = "Leerkring";

/// A new secret, as text that an app takes.
pub fn generate() -> Result<String, Error> {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes)?;
    Ok(Secret::from(bytes.to_vec()).to_base32())
}

fn totp(secret: &str, account: &str) -> Result<Totp, Error> {
    let secret = Secret::try_from_base32(secret).map_err(|it| Error::Factor(it.to_string()))?;
    let builder = Builder::new().with_secret(secret).with_issuer(Some(ISSUER)).with_account_name(account);
    builder.build().map_err(|it| Error::Factor(it.to_string()))
}

/// The address that an app reads from a picture.
pub fn address(secret: &str, account: &str) -> Result<String, Error> {
    totp(secret, account)?.to_url().map_err(|it| Error::Factor(it.to_string()))
}

/// The time step of a code, when it is right now or was a moment ago, and later than the last one used.
pub fn check(secret: &str, code: &str, last: Option<i64>, now: DateTime<Utc>) -> Result<Option<i64>, Error> {
    let digits: String = code.chars().filter(|it| !it.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return Ok(None);
    }
    let time = u64::try_from(now.timestamp()).unwrap_or(0);
    let step = totp(secret, "account")?.check(&digits, time).and_then(|it| i64::try_from(it).ok());
    Ok(step.filter(|it| last.is_none_or(|last| last < *it)))
}

/// The code of a moment: what the app shows.
pub fn code_at(secret: &str, now: DateTime<Utc>) -> Result<String, Error> {
    let time = u64::try_from(now.timestamp()).unwrap_or(0);
    Ok(totp(secret, "account")?.generate(time).to_string())
}

/// New recovery codes, as their owner keeps them.
pub fn recovery_codes() -> Result<Vec<String>, Error> {
    let mut bytes = [0; 16 * RECOVERY_CODES];
    getrandom::fill(&mut bytes)?;
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    let group = |bytes: &[u8]| bytes.iter().map(letter).collect::<String>();
    let code = |bytes: &[u8]| bytes.chunks(4).map(group).collect::<Vec<_>>().join("-");
    Ok(bytes.chunks(16).map(code).collect())
}

/// How a recovery code is stored; dashes, spaces and capitals do not count.
pub fn recovery_hash(code: &str) -> Option<String> {
    let letters: String = code.to_lowercase().chars().filter(|it| it.is_ascii_alphanumeric()).collect();
    (letters.len() == 16).then(|| secret::derived(&letters, "herstelcode"))
}

/// A text as a picture that a phone reads: the path of the dark squares, and how many squares a side has.
pub fn picture(text: &str) -> Result<(String, usize), Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|it| Error::Factor(it.to_string()))?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|it| it.1 == Color::Dark);
    // Four squares of white around it, as the standard asks.
    let path = dark.map(|(at, _)| format!("M{},{}h1v1h-1z", at % width + 4, at / width + 4)).collect();
    Ok((path, width + 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = Secret::from(b"12345678901234567890".to_vec()).to_base32();
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let now = DateTime::from_timestamp(seconds, 0).unwrap();
            assert_eq!(code_at(&secret, now).unwrap(), code);
            assert!(check(&secret, code, None, now).unwrap().is_some());
        }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_moment() {
        let secret = generate().unwrap();
        let at = |seconds: i64| DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
        let code = code_at(&secret, at(0)).unwrap();
        let step = check(&secret, &format!(" {} {}", &code[..3], &code[3..]), None, at(0)).unwrap();
        assert!(step.is_some());
        assert_eq!(check(&secret, &code, None, at(30)).unwrap(), step);
        assert_eq!(check(&secret, &code, None, at(90)).unwrap(), None);
        assert_eq!(check(&secret, &code, step, at(0)).unwrap(), None);
        for bad in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(check(&secret, bad, None, at(0)).unwrap(), None, "{bad}");
        }
        assert!(address(&secret, "jan@voorbeeld.nl").unwrap().starts_with("otpauth://totp/Leerkring:jan"));
        assert!(picture(&address(&secret, "jan@voorbeeld.nl").unwrap()).unwrap().1 > 40);
    }

    #[test]
    fn recovery() {
        let codes = recovery_codes().unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        assert_eq!(codes[0].len(), 19);
        assert_eq!(recovery_hash(&codes[0]), recovery_hash(&codes[0].to_uppercase().replace('-', " ")));
        assert_ne!(recovery_hash(&codes[0]), recovery_hash(&codes[1]));
        assert_eq!(recovery_hash("abc"), None);
    }
}
