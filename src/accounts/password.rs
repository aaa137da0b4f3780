//! Passwords: which are good enough, and how they are kept.
//!
//! Hashed with argon2id (19 MiB, two passes), on threads of their own and no more at a time than there are cores, so
//! that signing in cannot stop the site. An unknown account takes as long as a wrong password.

use std::sync::{LazyLock, OnceLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::text::slug;

use super::Error;

/// How long a password is, in characters.
pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 256;

/// Letters that are left of a password when everything that can be guessed is taken out.
const UNGUESSED: usize = 5;

/// What people choose first.
const COMMON: &[&str] = &[
    "wachtwoord",
    "password",
    "passwort",
    "welkom",
    "welcome",
    "geheim",
    "secret",
    "qwerty",
    "azerty",
    "letmein",
    "inloggen",
    "login",
    "admin",
    "beheerder",
    "beheer",
    "administrator",
    "changeme",
    "wijzigmij",
    "verander",
    "hallo",
    "hello",
    "iloveyou",
    "ikhouvanjou",
    "princess",
    "prinses",
    "sunshine",
    "zonnetje",
    "dragon",
    "monkey",
    "master",
    "football",
    "voetbal",
    "baseball",
    "superman",
    "batman",
    "trustno",
    "nederland",
    "holland",
    "amsterdam",
    "rotterdam",
    "utrecht",
    "denhaag",
    "eindhoven",
    "feyenoord",
    "ajax",
    "psv",
    "zomer",
    "winter",
    "herfst",
    "lente",
    "januari",
    "februari",
    "maart",
    "april",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "thuiszorg",
    "verpleeghuis",
    "zorg",
    "zorgen",
    "kwaliteit",
    "verbeterplan",
    "leerkring",
    "kennisbank",
    "test",
    "proef",
    "demo",
    "gebruiker",
    "user",
    "account",
    "computer",
    "internet",
    "oranje",
    "knuffel",
    "liefde",
    "schatje",
    "abc",
    "xyz",
];

/// Keys beside each other, as fingers find them.
const ROWS: &[&str] = &["qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "01234567890"];

/// Whether a password is good enough for somebody known by these words; `Err` says what is wrong and what helps.
pub fn check(password: &str, context: &[&str]) -> Result<(), (String, String)> {
    let length = password.chars().count();
    let longer = || "kies een zin of vier woorden die niets met elkaar te maken hebben; spaties mogen".to_owned();
    if length < SHORTEST {
        return Err((format!("het wachtwoord heeft {length} tekens, minstens {SHORTEST} zijn nodig"), longer()));
    }
    if LONGEST < length {
        return Err((format!("het wachtwoord heeft {length} tekens"), format!("het mag er {LONGEST} hebben")));
    }
    let mut words: Vec<String> = context.iter().flat_map(|it| words(it)).collect();
    words.extend(COMMON.iter().map(|it| (*it).to_owned()));
    // Longer words first: "verpleeghuis" before "huis".
    words.sort_by_key(|it| std::cmp::Reverse(it.len()));
    let guessable = without_years(password);
    // As it stands, where digits are digits, and with signs that stand for letters.
    let left = [slug::fold(&guessable), folded(&guessable)].map(|text| {
        let left = words.iter().fold(text, |left, word| left.replace(word.as_str(), " "));
        unexpected(&left)
    });
    if left.into_iter().min().unwrap_or(0) < UNGUESSED {
        let wrong = "dit wachtwoord is te raden: het bestaat vooral uit gangbare woorden, uw naam, of een reeks";
        return Err((wrong.to_owned(), longer()));
    }
    Ok(())
}

/// Years are what people put behind a word.
fn without_years(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_year = |at: usize| {
        let is_digits = chars.get(at..at + 4).is_some_and(|it| it.iter().all(char::is_ascii_digit));
        is_digits && matches!(chars[at..at + 2], ['1', '9'] | ['2', '0'])
    };
    let mut res = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let is_year = is_year(at);
        res.push(if is_year { ' ' } else { chars[at] });
        at += if is_year { 4 } else { 1 };
    }
    res
}

/// Small letters, with the signs that people put for letters as those letters.
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        '@' | '4' => 'a',
        '$' | '5' => 's',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '7' => 't',
        c => c,
    };
    slug::fold(text).chars().map(plain).collect()
}

/// The words of a name, an address or an organisation that can stand in a password, also with signs for letters.
fn words(text: &str) -> Vec<String> {
    let plain = slug::fold(text);
    let pieces = plain.split(|c: char| !c.is_alphanumeric()).filter(|it| 3 <= it.len());
    pieces.flat_map(|it| [it.to_owned(), folded(it)]).collect()
}

/// How many characters do not follow from those before them, nor stand in a part that was there before.
fn unexpected(text: &str) -> usize {
    let chars: Vec<char> = text.chars().filter(|it| !it.is_whitespace()).collect();
    let beside = |a: char, b: char| {
        ROWS.iter().any(|row| {
            let at = |c: char| row.find(c).map(|it| it as i64);
            matches!((at(a), at(b)), (Some(a), Some(b)) if (a - b).abs() <= 1)
        })
    };
    let pair_seen =
        |at: usize| (1..at.saturating_sub(1)).any(|it| chars[it - 1] == chars[at - 1] && chars[it] == chars[at]);
    (0..chars.len())
        .filter(|at| *at == 0 || chars[*at - 1] != chars[*at] && !beside(chars[*at - 1], chars[*at]) && !pair_seen(*at))
        .count()
}

static GATE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, |it| it.get())));

/// The hash of a password, as it is stored.
pub async fn hash(password: String) -> Result<String, Error> {
    apart(move || made(&password)).await?
}

/// Whether this is the password of a stored hash. Without one it is not, and that takes as long.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool, Error> {
    if LONGEST < password.chars().count() {
        return Ok(false);
    }
    apart(move || {
        static NOBODY: OnceLock<String> = OnceLock::new();
        let is_known = stored.is_some();
        let against = match stored {
            Some(it) => it,
            None => match NOBODY.get() {
                Some(it) => it.clone(),
                None => NOBODY.get_or_init(|| made("niemand").unwrap_or_default()).clone(),
            },
        };
        let parsed = PasswordHash::new(&against).map_err(|it| Error::Hash(it.to_string()))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && is_known)
    })
    .await?
}

fn made(password: &str) -> Result<String, Error> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|it| Error::Hash(it.to_string()))?;
    Ok(hash.to_string())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _turn = GATE.acquire().await.map_err(|it| Error::Hash(it.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|it| Error::Hash(it.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_and_bad_passwords() {
        let context = ["Jan Voorbeeldsma", "jan.voorbeeldsma@zorghuis.example", "Stichting Zonnehof"];
        for (password, is_good) in [
            ("paard batterij nietje wolk", true),
            ("Vd7#kq!m2Zp9", true),
            ("de fiets van oma is groen", true),
            ("kort", false),
            ("elf tekens!", false),
            ("wachtwoord123", false),
            ("Welkom2026!!", false),
            ("W3lk0mW3lk0m", false),
            ("aaaaaaaaaaaa", false),
            ("abababababab", false),
            ("qwertyuiop123", false),
            ("123456789012", false),
            ("abcdefghijkl", false),
            ("janvoorbeeldsma", false),
            ("Zonnehof2026!", false),
            ("leerkring2026", false),
            ("zorghuis12345", false),
            ("HerfstWinter26", false),
            ("qazqazqazqaz", false),
        ] {
            assert_eq!(check(password, &context).is_ok(), is_good, "{password}");
        }
        assert!(check(&"paard ".repeat(43), &[]).is_err());
    }

    #[tokio::test]
    async fn hashes() {
        let stored = hash("paard batterij nietje wolk".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("paard batterij nietje wolk".into(), Some(stored.clone())).await.unwrap());
        assert!(!verify("paard batterij nietje".into(), Some(stored)).await.unwrap());
        assert!(!verify("niemand".into(), None).await.unwrap());
    }
}
