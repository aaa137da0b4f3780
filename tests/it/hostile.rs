//! Files made to do harm: each is answered plainly, in a time that is bounded, and nothing of it is kept.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use image::ImageFormat;
use leerkring::exchange::extract::{Error, Extracted, Extractor};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::files;

fn extractor() -> Extractor {
    Extractor::new(env!("CARGO_BIN_EXE_leerkring").into(), Duration::from_secs(60))
}

async fn refusal(extractor: &Extractor, bytes: Vec<u8>) -> String {
    match extractor.extract(bytes).await {
        Err(Error::Refused(reason)) => reason,
        other => panic!("{other:?}"),
    }
}

async fn read(bytes: Vec<u8>) -> Extracted {
    extractor().extract(bytes).await.unwrap_or_else(|error| panic!("{error}"))
}

/// A Word file with an entry that unpacks to so many megabytes of nothing.
fn bomb(megabytes: usize) -> Vec<u8> {
    let zeros = vec![b' '; megabytes << 20];
    files::docx_with("<w:p/>", &[("word/media/groot.bin", &zeros)])
}

/// A Word file of which the text itself grows without reason, a little in each of many parts.
fn many_parts(count: usize) -> Vec<u8> {
    let names: Vec<String> = (0..count).map(|at| format!("word/deel{at}.xml")).collect();
    let more: Vec<(&str, &[u8])> = names.iter().map(|it| (it.as_str(), &b"<a/>"[..])).collect();
    files::docx_with("<w:p/>", &more)
}

/// A Word file whose list of contents lies: it says the body is small.
fn liar() -> Vec<u8> {
    let body = format!("<w:p><w:t>{}</w:t></w:p>", " ".repeat(60 << 20));
    let mut bytes = files::docx_with(&body, &[]);
    let end = bytes.windows(4).rposition(|it| it == b"PK\x01\x02").unwrap();
    bytes[end + 24..end + 28].copy_from_slice(&1_000_u32.to_le_bytes());
    bytes
}

/// The part of a file up to a share of it.
fn part(bytes: &[u8], percent: usize) -> Vec<u8> {
    bytes[..bytes.len() * percent / 100].to_vec()
}

fn locked_zip() -> Vec<u8> {
    let mut bytes = files::docx(&["geheim"]);
    // The flag of encryption, in every head and in the list.
    for (mark, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let places: Vec<usize> = bytes.windows(4).enumerate().filter(|(_, it)| it == mark).map(|it| it.0).collect();
        places.into_iter().for_each(|place| bytes[place + at] |= 1);
    }
    bytes
}

fn launching_pdf() -> Vec<u8> {
    files::pdf_objects(vec![
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (cmd.exe) >> >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R >>".to_vec(),
    ])
}

fn xml_with_entities() -> Vec<u8> {
    let contents = "<?xml version=\"1.0\"?><!DOCTYPE Types [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><Types>&b;</Types>";
    files::zip(&[("[Content_Types].xml", contents.as_bytes())])
}

fn with_macros() -> Vec<u8> {
    files::docx_with("<w:p/>", &[("word/vbaProject.bin", b"Sub AutoOpen()")])
}

#[tokio::test]
async fn hostile_files_are_refused_with_a_reason() {
    let (pdf, docx, png) = (files::pdf(&["Tekst"]), files::docx(&["Tekst"]), files::picture(ImageFormat::Png));
    let zip = files::zip(&[("a.txt", b"a")]);
    for (name, bytes, expected) in [
        ("empty", vec![], "het bestand is leeg"),
        ("text", b"zomaar tekst".to_vec(), "dit soort bestand kennen we niet; toegestaan: PDF, Word"),
        (
            "svg",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec(),
            "SVG-afbeelding kan programmacode",
        ),
        ("html", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), "webpagina nemen we niet op"),
        ("program", b"MZ\x90\0".to_vec(), "een programma"),
        ("old Office", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "oud Office-bestand"),
        ("bare zip", zip.clone(), "een ZIP-bestand nemen we niet op"),
        ("too large", vec![b' '; (25 << 20) + 1], "te groot; hoogstens 25 MB"),
        ("bomb", bomb(120), "onredelijk groot"),
        ("liar", liar(), "beschadigd of niet compleet"),
        ("many parts", many_parts(5_000), "hoogstens 5000"),
        ("entities", xml_with_entities(), "beschadigd"),
        ("macros", with_macros(), "macro’s"),
        ("password", locked_zip(), "wachtwoord"),
        ("truncated docx", part(&docx, 60), "beschadigd of niet compleet"),
        ("truncated png", part(&png, 60), "de afbeelding is beschadigd"),
        ("broken pdf", b"%PDF-1.7\nniets".to_vec(), "beschadigd of niet compleet"),
        ("launching pdf", launching_pdf(), "wil een programma starten"),
        ("pdf and zip", [&pdf[..], &zip].concat(), "behalve een PDF ook een ZIP"),
        ("png and zip", [&png[..], &zip].concat(), "behalve een PNG ook een ZIP"),
        ("zip after page", [&b"<html>"[..], &docx].concat(), "webpagina"),
        ("docx and page", [&docx[..], b"<script>alert(1)</script>"].concat(), "ook een webpagina"),
        ("docx and more", [&docx[..], &[1; 2_000]].concat(), "ongewoon opgebouwd"),
        ("pdf and page", [&b"%PDF-1.7\n<html><script>"[..], &pdf].concat(), "ook een webpagina"),
    ] {
        let start = Instant::now();
        let reason = refusal(&extractor(), bytes).await;
        assert!(reason.contains(expected), "{name}: {reason}");
        assert!(start.elapsed() < Duration::from_secs(30), "{name} took {:?}", start.elapsed());
    }
}

/// More pages than anybody reads: the first are read, and it is said that there are more.
#[tokio::test]
async fn of_ten_thousand_pages_the_first_are_read() {
    let text: Vec<String> = (1..=10_000).map(|at| format!("Bladzijde {at}")).collect();
    let pages: Vec<&str> = text.iter().map(String::as_str).collect();
    let start = Instant::now();
    let found = read(files::pdf(&pages)).await;
    assert_eq!((found.pages, found.is_cut), (10_000, true));
    assert!(found.texts.len() <= 2_000 && !found.texts.is_empty(), "{}", found.texts.len());
    assert_eq!(found.texts[9].text, "Bladzijde 10");
    assert_eq!(found.texts[9].label, "p. 10");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

/// A page that unpacks to more than the memory of the child: the child ends, and that is all.
#[tokio::test]
async fn a_child_that_eats_memory_ends() {
    let mut packed = flate(&vec![b' '; 64 << 20]);
    for _ in 0..2 {
        packed = flate(&packed);
    }
    let filters = "[/FlateDecode /FlateDecode /FlateDecode]";
    let stream = |bytes: &[u8], filter: &str| {
        let head = format!("<< /Length {} /Filter {filter} >>\nstream\n", bytes.len());
        [head.as_bytes(), bytes, b"\nendstream"].concat()
    };
    let kids: Vec<String> = std::iter::repeat_n("5 0 R".to_owned(), 1_500).collect();
    let pdf = files::pdf_objects(vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 /MediaBox [0 0 595 842] >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
        format!("<< /Type /Page /Parent 2 0 R /Contents [{}] >>", kids.join(" ")).into_bytes(),
        stream(&packed, filters),
    ]);
    let start = Instant::now();
    let reason = refusal(&extractor(), pdf).await;
    assert!(reason.contains("niet te lezen: het is beschadigd, of vraagt te veel geheugen"), "{reason}");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

/// Bytes packed as in a ZIP, with the head and tail that PDF has around them.
fn flate(bytes: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("a", options).unwrap();
    zip.write_all(bytes).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let list = zip.windows(4).rposition(|it| it == b"PK\x01\x02").unwrap();
    let length = u32::from_le_bytes(zip[list + 20..list + 24].try_into().unwrap()) as usize;
    let start = 30 + 1 + usize::from(u16::from_le_bytes(zip[28..30].try_into().unwrap()));
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    [&[0x78, 0x9c][..], &zip[start..start + length], &(b << 16 | a).to_be_bytes()].concat()
}

/// A program that stands in for the child.
fn script(folder: &Path, text: &str) -> Extractor {
    let path = folder.join("kind");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    let mut rights = fs::metadata(&path).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut rights, 0o755);
    fs::set_permissions(&path, rights).unwrap();
    Extractor::new(path, Duration::from_secs(1))
}

#[tokio::test]
async fn a_child_that_misbehaves_is_ended() {
    let pdf = files::pdf(&["Tekst"]);
    for (text, expected) in [
        ("exec sleep 60", "duurt te lang"),
        ("exec >&-; exec sleep 60", "duurt te lang"),
        ("exec yes", "niet te lezen"),
        ("echo onzin", "niet te lezen"),
        ("exit 0", "niet te lezen"),
        ("kill -9 $$", "niet te lezen"),
        ("echo '{\"Media\":\"application/pdf\"}'; exit 0", "niet te lezen"),
        ("echo '{\"Done\":{\"pages\":1,\"is_cut\":false,\"bytes\":0}}'", "niet te lezen"),
        (
            "echo '{\"Media\":\"application/pdf\"}'; echo '{\"Done\":{\"pages\":1,\"is_cut\":false,\"bytes\":9}}'",
            "niet te lezen",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let start = Instant::now();
        let reason = refusal(&script(folder.path(), text), pdf.clone()).await;
        assert!(reason.contains(expected) || (text == "exec yes" && reason.contains("te lang")), "{text}: {reason}");
        assert!(start.elapsed() < Duration::from_secs(5), "{text}: {:?}", start.elapsed());
    }
    let missing = Extractor::new("/nergens/leerkring".into(), Duration::from_secs(1));
    assert!(matches!(missing.extract(pdf).await, Err(Error::Unavailable(_))));
}

/// Bytes changed at random places of fit files: an answer comes, whatever it is.
#[tokio::test]
async fn damaged_files_are_answered() {
    let mut dice = 7_u64;
    let mut roll = |most: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize % most
    };
    let fit = [
        files::pdf(&["Een", "Twee"]),
        files::docx(&["Een", "Twee"]),
        files::xlsx(&[("Een", "Twee")]),
        files::pptx(&["Een"]),
        files::photograph(),
        files::picture(ImageFormat::WebP),
    ];
    for bytes in &fit {
        for _ in 0..12 {
            let mut bytes = bytes.clone();
            for _ in 0..4 {
                let at = roll(bytes.len());
                bytes[at] = roll(256) as u8;
            }
            match extractor().extract(bytes).await {
                Ok(_) => (),
                Err(Error::Refused(reason)) => assert!(!reason.is_empty()),
                Err(error) => panic!("{error}"),
            }
        }
    }
}
