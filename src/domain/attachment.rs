//! A file that belongs to a document: what is known of it, and the limits that hold for it. The bytes and the text
//! that was read from them are kept apart, by hash.
//!
//! Invariant: within one document no two files have the same name, so that the name is its address.

use crate::domain::fault::{Fault, Place};
use crate::domain::field::{Field, LINE, NAME, Shape, fields};
use crate::domain::vocabulary::vocabulary;

/// The largest file, in bytes.
pub const SIZE_MAX: usize = 25 << 20;
/// The most files of one document.
pub const FILES_MAX: usize = 20;
/// The longest file name, in characters.
const NAME_MAX: usize = 100;

vocabulary! {
    /// What a file is, by its content. Anything else is refused.
    Media {
        Pdf = "application/pdf" "PDF",
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document" "Word",
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" "Excel",
        Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation" "PowerPoint",
        Png = "image/png" "PNG",
        Jpeg = "image/jpeg" "JPEG",
        Webp = "image/webp" "WebP",
    }
}

/// The kinds of files for a message.
pub const ALLOWED: &str = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), PNG, JPEG of WebP";

impl Media {
    pub fn is_image(self) -> bool {
        matches!(self, Media::Png | Media::Jpeg | Media::Webp)
    }

    /// The ends that names of such files have; the first is the usual one.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Media::Pdf => &["pdf"],
            Media::Docx => &["docx"],
            Media::Xlsx => &["xlsx"],
            Media::Pptx => &["pptx"],
            Media::Png => &["png"],
            Media::Jpeg => &["jpg", "jpeg"],
            Media::Webp => &["webp"],
        }
    }

    /// What one of the parts is called that its text is kept by.
    pub fn part(self) -> &'static str {
        match self {
            Media::Xlsx => "werkblad",
            Media::Pptx => "dia",
            _ => "p.",
        }
    }
}

fields! {
    /// A file of a document.
    Attachment {
        /// SHA-256 of the bytes, in hexadecimal.
        file: String = "bestand" "Bestand", Shape::File, Required, "het bestand zelf";
        name: String = "naam" "Bestandsnaam", NAME, Required, "de naam waaronder een lezer het bewaart";
        title: String = "titel" "Titel", LINE, Required, "wat er in het bestand staat, in gewone taal";
        alt: Option<String> = "tekstalternatief" "Tekstalternatief", Shape::Line { max: 1_000 }, Optional, "bij een afbeelding: wat er te zien is, voor wie haar niet kan zien";
        media: Media = "soort" "Soort", Shape::Choice(Media::CHOICES), Required, "volgt uit het bestand";
        size: i64 = "omvang" "Omvang", Shape::Integer { min: 1, max: SIZE_MAX as i64 }, Required, "volgt uit het bestand, in bytes";
    }
}

impl Attachment {
    /// The fields that follow from the file: no author writes them.
    pub const DERIVED: &'static [&'static str] = &["naam", "soort", "omvang"];

    /// The fields that an author writes.
    pub fn written() -> impl Iterator<Item = &'static Field> {
        Attachment::FIELDS.iter().filter(|it| !Attachment::DERIVED.contains(&it.name))
    }
}

/// Whether a text is a SHA-256 in small hexadecimal letters.
pub fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The name a file is kept under: of the name it came with the last part, without what a file system or a reader
/// stumbles over, with an end that fits its content.
pub fn file_name(given: &str, media: Media) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut name = String::new();
    for c in last.chars() {
        match c {
            _ if c.is_control() || is_invisible(c) => (),
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => name.push('-'),
            _ => name.push(c),
        }
    }
    let is_end = |end: &str| media.extensions().iter().any(|it| it.eq_ignore_ascii_case(end));
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if is_end(end) => (stem, end.to_lowercase()),
        _ => (name.as_str(), media.extensions()[0].to_owned()),
    };
    let stem = stem.split_whitespace().collect::<Vec<_>>().join(" ");
    let stem: String = stem.trim_matches(['.', ' ']).chars().take(NAME_MAX - 1 - end.len()).collect();
    let stem = stem.trim_end_matches(['.', ' ']);
    format!("{}.{end}", if stem.is_empty() { "bijlage" } else { stem })
}

/// A name like this one that is not taken yet: "rooster (2).pdf".
pub fn free_name<'a>(name: &str, taken: impl Iterator<Item = &'a str> + Clone) -> String {
    let is_taken = |name: &str| taken.clone().any(|it| it.to_lowercase() == name.to_lowercase());
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    let numbered = (2..).map(|nth| format!("{stem} ({nth}).{end}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|it| !is_taken(it)).unwrap_or_default()
}

/// Marks that turn the reading direction or do not show: a name could look like another one.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The faults of the files of a document among each other.
pub fn check(attachments: &[Attachment]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, it) in attachments.iter().enumerate() {
        let place = Place::root().key("bijlagen").at(at);
        if attachments[..at].iter().any(|other| other.name.to_lowercase() == it.name.to_lowercase()) {
            let wrong = format!("er is al een bijlage die \"{}\" heet", it.name);
            faults.push(Fault::new(&place.key("naam"), wrong, "geef het bestand een andere naam"));
        }
        if file_name(&it.name, it.media) != it.name {
            let wrong = format!("\"{}\" kan geen bestandsnaam zijn", it.name);
            let allowed = format!("bijvoorbeeld \"{}\"", file_name(&it.name, it.media));
            faults.push(Fault::new(&place.key("naam"), wrong, allowed));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_and_end_as_their_content() {
        for (given, media, expected) in [
            ("Rooster 2026.PDF", Media::Pdf, "Rooster 2026.pdf"),
            ("C:\\stukken\\plan.docx", Media::Docx, "plan.docx"),
            ("../../etc/passwd", Media::Pdf, "passwd.pdf"),
            ("foto.jpeg", Media::Jpeg, "foto.jpeg"),
            ("foto.png", Media::Jpeg, "foto.png.jpg"),
            ("a\r\nb<c>.pdf", Media::Pdf, "ab-c-.pdf"),
            ("gnp\u{202e}fdp.pdf", Media::Pdf, "gnpfdp.pdf"),
            ("cliëntenraad – één.xlsx", Media::Xlsx, "cliëntenraad – één.xlsx"),
            (" . ", Media::Webp, "bijlage.webp"),
            ("", Media::Png, "bijlage.png"),
        ] {
            assert_eq!(file_name(given, media), expected);
            assert_eq!(file_name(expected, media), expected, "the name of a name is that name");
        }
        let long = file_name(&format!("{}.pdf", "é".repeat(500)), Media::Pdf);
        assert_eq!(long.chars().count(), NAME_MAX);
        assert_eq!(file_name(&long, Media::Pdf), long);
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let taken = ["a.pdf", "A (2).pdf"];
        assert_eq!(free_name("b.pdf", taken.into_iter()), "b.pdf");
        assert_eq!(free_name("A.pdf", taken.into_iter()), "A (3).pdf");
    }

    #[test]
    fn two_files_of_one_name_are_refused() {
        let one = Attachment { name: "a.pdf".into(), ..Attachment::default() };
        let other = Attachment { name: "A.pdf".into(), ..Attachment::default() };
        assert_eq!(check(std::slice::from_ref(&one)), []);
        assert_eq!(check(&[one, other]).len(), 1);
        let path = Attachment { name: "../a.pdf".into(), ..Attachment::default() };
        assert_eq!(check(&[path]).len(), 1);
    }

    #[test]
    fn hashes() {
        assert!(is_hash(&"0a".repeat(32)));
        for text in ["", "../x", &"0A".repeat(32), &"0a".repeat(31)] {
            assert!(!is_hash(text), "{text}");
        }
    }
}
