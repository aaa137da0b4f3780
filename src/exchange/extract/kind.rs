//! What a file is, by its content. Its name and what a browser says of it are not asked.
//!
//! Invariant: a file that could also be read as something else is refused, whatever it is.

use crate::domain::attachment::{ALLOWED, Media};

/// A file by its first bytes; which of the office kinds a package is shows only inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Pdf,
    Package,
    Image(Media),
}

/// The end of a package stands within so many bytes of the end of the file.
const TAIL: usize = 65_557;
const PACKAGE: &[u8] = b"PK\x03\x04";
const PACKAGE_END: &[u8] = b"PK\x05\x06";

/// What a file is, or why it is refused.
pub(super) fn of(bytes: &[u8]) -> Result<Kind, String> {
    let kind = if bytes.starts_with(b"%PDF-") {
        Kind::Pdf
    } else if bytes.starts_with(PACKAGE) {
        Kind::Package
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Kind::Image(Media::Png)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Kind::Image(Media::Jpeg)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Kind::Image(Media::Webp)
    } else {
        return Err(format!("{}; toegestaan: {ALLOWED}", known_other(bytes)));
    };
    match second(kind, bytes) {
        Some(other) => Err(format!(
            "het bestand is behalve een {} ook {other}; zulke dubbele bestanden nemen we niet op, bewaar het opnieuw",
            match kind {
                Kind::Pdf => "PDF",
                Kind::Package => "Office-bestand",
                Kind::Image(media) => media.label(),
            }
        )),
        None => Ok(kind),
    }
}

/// What else a file can be read as.
fn second(kind: Kind, bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(1_024)];
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    if kind != Kind::Package && has(tail, PACKAGE_END) {
        return Some("een ZIP");
    }
    if kind != Kind::Pdf && has(head, b"%PDF-") {
        return Some("een PDF");
    }
    let text = head.to_ascii_lowercase();
    let pages: [&[u8]; 4] = [b"<script", b"<html", b"<svg", b"<!doctype"];
    // The words of a picture are free text; those of a PDF begin after its first objects.
    pages.iter().any(|it| has(&text, it)).then_some("een webpagina")
}

/// The words for a file that is not taken.
fn known_other(bytes: &[u8]) -> &'static str {
    let head = &bytes[..bytes.len().min(1_024)];
    let text = head.to_ascii_lowercase();
    match () {
        () if bytes.is_empty() => "het bestand is leeg",
        () if has(&text, b"<svg") => "een SVG-afbeelding kan programmacode bevatten en nemen we niet op",
        () if has(&text, b"<html") || has(&text, b"<!doctype") => "een webpagina nemen we niet op; bewaar haar als PDF",
        () if bytes.starts_with(b"GIF8") => "een GIF-afbeelding nemen we niet op; bewaar haar als PNG",
        () if bytes.starts_with(b"\xd0\xcf\x11\xe0") => {
            "dit is een oud Office-bestand (.doc, .xls of .ppt) of een bestand met een wachtwoord; bewaar het als .docx, .xlsx of .pptx zonder wachtwoord"
        }
        () if bytes.starts_with(b"{\\rtf") => "een RTF-bestand nemen we niet op; bewaar het als .docx of PDF",
        () if bytes.starts_with(b"MZ") || bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"#!") => {
            "een programma nemen we niet op"
        }
        () => "dit soort bestand kennen we niet",
    }
}

pub(super) fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|it| it == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        let png = b"\x89PNG\r\n\x1a\n";
        let zip_end = [PACKAGE_END, &[0; 18]].concat();
        let cases: [(Vec<u8>, Result<Kind, &str>); 14] = [
            (b"%PDF-1.7\n%".to_vec(), Ok(Kind::Pdf)),
            (PACKAGE.to_vec(), Ok(Kind::Package)),
            (png.to_vec(), Ok(Kind::Image(Media::Png))),
            (b"\xff\xd8\xff\xe0".to_vec(), Ok(Kind::Image(Media::Jpeg))),
            (b"RIFF\0\0\0\0WEBPVP8L".to_vec(), Ok(Kind::Image(Media::Webp))),
            (vec![], Err("het bestand is leeg; toegestaan: PDF")),
            (b"<?xml version='1.0'?><svg xmlns=".to_vec(), Err("SVG")),
            (b"GIF89a".to_vec(), Err("GIF")),
            (b"\xd0\xcf\x11\xe0\xa1".to_vec(), Err("oud Office-bestand")),
            (b"MZ\x90".to_vec(), Err("een programma")),
            (b"zomaar tekst".to_vec(), Err("kennen we niet")),
            ([b"%PDF-1.4\n", &zip_end[..]].concat(), Err("behalve een PDF ook een ZIP")),
            ([&png[..], b"%PDF-1.4"].concat(), Err("behalve een PNG ook een PDF")),
            (b"%PDF-1.4\n<HTML><script>".to_vec(), Err("ook een webpagina")),
        ];
        for (bytes, expected) in cases {
            let found = of(&bytes);
            let fits = match (&found, &expected) {
                (Ok(found), Ok(expected)) => found == expected,
                (Err(found), Err(expected)) => found.contains(expected),
                _ => false,
            };
            assert!(fits, "{found:?} instead of {expected:?}");
        }
    }
}
