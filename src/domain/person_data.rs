//! Signs of a private person in a text: names with a title, mail addresses and telephone numbers that are no role.
//!
//! A hint for author and reviewer, who decide; nothing is refused for it. Citizen service numbers are refused, see
//! `citizen_number`.

/// What points at a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    Mail(String),
    Phone(String),
    /// A name after a form of address: "mevrouw Voorbeeld".
    Name(String),
}

/// Words in the first part of a mail address that make it one of a role or department.
const ROLES: &[&str] = &[
    "info",
    "contact",
    "secretariaat",
    "receptie",
    "kwaliteit",
    "zorg",
    "team",
    "afdeling",
    "redactie",
    "communicatie",
    "bestuur",
    "raad",
    "bureau",
    "hrm",
    "personeel",
    "helpdesk",
    "servicedesk",
    "privacy",
    "klacht",
    "vragen",
    "netwerk",
    "project",
    "innovatie",
    "opleiding",
    "leren",
    "clientenraad",
    "loket",
    "support",
    "beheer",
    "admin",
    "office",
    "post",
    "mail",
    "algemeen",
    "aanmelden",
    "advies",
];
/// Forms of address that a name follows, longest first.
const TITLES: &[&str] = &["de heer", "mevrouw", "meneer", "dhr.", "mevr.", "mw."];

/// All traces in a text, each once.
pub fn traces(text: &str) -> Vec<Trace> {
    let mut res = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '[' | ']')) {
        let word = word.trim_start_matches("mailto:").trim_matches(|c: char| !c.is_alphanumeric());
        if is_private_mail(word) {
            res.push(Trace::Mail(word.to_owned()));
        }
    }
    res.extend(phones(text).into_iter().map(Trace::Phone));
    res.extend(names(text).into_iter().map(Trace::Name));
    let mut seen: Vec<Trace> = Vec::new();
    res.retain(|it| {
        !seen.contains(it) && {
            seen.push(it.clone());
            true
        }
    });
    res
}

impl Trace {
    /// What it is, in words.
    pub fn describe(&self) -> String {
        match self {
            Trace::Mail(it) => format!("\"{it}\" lijkt het mailadres van een persoon"),
            Trace::Phone(it) => format!("\"{it}\" lijkt een telefoonnummer"),
            Trace::Name(it) => format!("\"{it}\" lijkt de naam van een persoon"),
        }
    }
}

fn is_private_mail(word: &str) -> bool {
    let Some((local, host)) = word.split_once('@') else { return false };
    let is_mail = !local.is_empty() && host.contains('.') && !host.contains('@');
    let local = local.to_lowercase();
    is_mail && !ROLES.iter().any(|it| local.contains(it))
}

/// Runs of ten digits that begin with 0, or of nine after +31 or 0031; signs between them are seen through.
fn phones(text: &str) -> Vec<String> {
    let mut res = Vec::new();
    let mut run = String::new();
    let mut before = ' ';
    for c in text.chars().chain(['\n']) {
        let belongs =
            c.is_ascii_digit() || run.is_empty() && c == '+' || !run.is_empty() && matches!(c, ' ' | '-' | '(' | ')');
        if belongs && !(run.is_empty() && (before.is_alphanumeric() || matches!(before, '/' | '.' | ',' | '-' | '='))) {
            run.push(c);
            continue;
        }
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let local = digits.strip_prefix("0031").or_else(|| run.strip_prefix('+').and(digits.strip_prefix("31")));
        let is_phone = match local {
            Some(rest) => matches!(rest.len(), 9 | 10),
            None => digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00"),
        };
        let ends = !c.is_alphanumeric() || !run.ends_with(|c: char| c.is_ascii_digit());
        if is_phone && ends {
            res.push(run.trim_matches(|c: char| !c.is_ascii_digit() && c != '+').to_owned());
        }
        before = c;
        run.clear();
    }
    res
}

fn names(text: &str) -> Vec<String> {
    // In small letters of the same length in bytes, so that places fit.
    let small = text.to_ascii_lowercase();
    let mut res = Vec::new();
    for title in TITLES {
        for (at, _) in small.match_indices(title) {
            let is_word = !small[..at].chars().next_back().is_some_and(char::is_alphanumeric);
            let rest = text[at + title.len()..].trim_start_matches(' ');
            let is_apart = title.ends_with('.') || text[at + title.len()..].starts_with(' ');
            let name: String =
                rest.chars().take_while(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'')).collect();
            if is_word && is_apart && name.chars().next().is_some_and(char::is_uppercase) {
                res.push(format!("{} {}", &text[at..at + title.len()], name.trim_end_matches('.')));
            }
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_noticed_and_roles_are_not() {
        for (text, count) in [
            ("mail jan.voorbeeld@zorg.example", 1),
            ("[mail](mailto:j.voorbeeld@instelling.example)", 1),
            ("mail info@instelling.example of kwaliteitsteam@instelling.example", 0),
            ("bel 06-12345678 of 06 1234 5678", 2),
            ("bel +31 6 12345678.", 1),
            ("bel (026) 123 45 67", 1),
            ("in 2016 waren er 410.000 bezoekers", 0),
            ("https://a.example/0612345678", 0),
            ("mevrouw Voorbeeld en dhr. De Test en Mw.Proef", 3),
            ("de heer des huizes, mevrouw en meneer", 0),
            ("Kamevrouw Voorbeeld", 0),
        ] {
            assert_eq!(traces(text).len(), count, "{text}: {:?}", traces(text));
        }
    }
}
