//! Word, PowerPoint and Excel: a ZIP with XML inside. Before anything is unpacked its list of contents is judged;
//! while it is unpacked, what comes out is counted, whatever the list said.

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};

use zip::ZipArchive;

use crate::domain::attachment::{ALLOWED, Media};
use crate::exchange::table::{self, Table};

use super::answer::Answer;
use super::child::{Clock, Fault, begin};
use super::xml::{self, Step};

mod document;
mod grid;
mod open_document;
mod sheets;
mod slides;

/// The most entries of a package: a presentation of hundreds of slides has some thousands.
const ENTRIES: usize = 5_000;
/// The most bytes its entries say they have together, and the most that are really unpacked.
const DECLARED: u64 = 200 << 20;
const UNPACKED: u64 = 50 << 20;
/// The same of a workbook with figures: 100,000 rows are some 100 MB of XML.
const UNPACKED_TABLE: u64 = 160 << 20;
/// How many times an entry may become larger, when it becomes larger than [`SMALL`].
const RATIO: u64 = 100;
const SMALL: u64 = 1 << 20;

const CONTENTS: &str = "[Content_Types].xml";
const BOMB: &str = "het bestand wordt bij het uitpakken onredelijk groot; bewaar het opnieuw, of als PDF";
const MACROS: &str = "het bestand bevat macro’s; bewaar het zonder, als .docx, .xlsx of .pptx";
const BROKEN: &str = "het bestand is beschadigd of niet compleet; bewaar het opnieuw en probeer het nog eens";

/// Reads a package; says how many slides or sheets it has.
pub(super) fn read<W: Write>(bytes: &[u8], answer: &mut Answer<W>, clock: &Clock) -> Result<i32, Fault> {
    let mut package = Package::open(bytes)?;
    let (media, main) = package.main()?;
    begin(answer, media)?;
    match media {
        Media::Docx => document::read(&mut package, &main, answer),
        Media::Pptx => slides::read(&mut package, &main, answer, clock),
        _ => sheets::read(&mut package, &main, answer, clock),
    }
}

/// Reads the cells of a workbook.
pub(super) fn table(bytes: &[u8]) -> Result<Table, String> {
    let mut package = Package::open(bytes)?;
    package.left = UNPACKED_TABLE;
    if package.zip.index_for_name("mimetype").is_some() {
        if package.part("mimetype")?.is_none_or(|it| it.trim() != open_document::KIND) {
            return Err(format!("dit is geen werkblad; stuur {}", table::ALLOWED));
        }
        let is_program = |name: &[u8]| name.starts_with(b"Basic/") || name.starts_with(b"Scripts/");
        if package.zip.file_names_raw().any(is_program) {
            return Err(MACROS.to_owned());
        }
        return open_document::read(&mut package);
    }
    match package.main()? {
        (Media::Xlsx, main) => grid::read(&mut package, &main),
        _ => Err(format!("dit is geen werkblad; stuur {}", table::ALLOWED)),
    }
}

/// An opened package.
struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// How much may still be unpacked.
    left: u64,
}

impl Package<'_> {
    fn open(bytes: &[u8]) -> Result<Package<'_>, String> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
        if ENTRIES < zip.len() {
            return Err(format!("het bestand bestaat uit {} delen; hoogstens {ENTRIES}", zip.len()));
        }
        // A package that begins later or goes on after its end could be read as something else too.
        let is_whole = zip.offset() == 0 && zip.comment().is_empty() && bytes.ends_with(&[0, 0]);
        if !is_whole || zip.has_duplicate_names() || zip.has_overlapping_entries().map_err(|_| BROKEN)? {
            return Err("het bestand is ongewoon opgebouwd; open het en bewaar het opnieuw".to_owned());
        }
        let mut declared = 0_u64;
        for at in 0..zip.len() {
            let entry = zip.by_index_raw(at).map_err(|_| BROKEN)?;
            if entry.encrypted() {
                return Err("het bestand is beveiligd met een wachtwoord; bewaar het zonder".to_owned());
            }
            let (packed, size) = (entry.compressed_size(), entry.size());
            declared = declared.saturating_add(size);
            if DECLARED < declared || (SMALL < size && packed.saturating_mul(RATIO) < size) {
                return Err(BOMB.to_owned());
            }
        }
        Ok(Package { zip, left: UNPACKED })
    }

    /// What kind of package it is, and the name of its main part.
    fn main(&mut self) -> Result<(Media, String), String> {
        let kinds = [
            ("wordprocessingml.document.main+xml", Media::Docx),
            ("presentationml.presentation.main+xml", Media::Pptx),
            ("spreadsheetml.sheet.main+xml", Media::Xlsx),
        ];
        let contents =
            self.part(CONTENTS)?.ok_or_else(|| format!("een ZIP-bestand nemen we niet op; toegestaan: {ALLOWED}"))?;
        let mut found = None;
        let mut is_program = false;
        xml::walk(&contents, |step| {
            if let Step::Open("Override", it) = step {
                let kind = xml::attribute(it, "ContentType").unwrap_or_default();
                is_program |= kind.contains("macroEnabled") || kind.contains("vbaProject");
                if let Some((_, media)) = kinds.iter().find(|it| kind.ends_with(it.0)) {
                    found = found.take().or(xml::attribute(it, "PartName").map(|name| (*media, name)));
                }
            }
            true
        })?;
        if is_program || self.zip.file_names_raw().any(|it| it.ends_with(b"vbaProject.bin")) {
            return Err(MACROS.to_owned());
        }
        let (media, name) =
            found.ok_or_else(|| format!("dit soort Office-bestand kennen we niet; toegestaan: {ALLOWED}"))?;
        Ok((media, name.trim_start_matches('/').to_owned()))
    }

    /// The text of a part; `None` when there is none of that name.
    fn part(&mut self, name: &str) -> Result<Option<String>, String> {
        let Some(at) = self.zip.index_for_name(name) else { return Ok(None) };
        let entry = self.zip.by_index(at).map_err(|_| BROKEN)?;
        let mut bytes = Vec::new();
        entry.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| BROKEN)?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(BOMB)?;
        String::from_utf8(bytes).map(Some).map_err(|_| BROKEN.to_owned())
    }

    /// What a part refers to, by the word it uses for it: the names of other parts.
    fn relations(&mut self, of: &str) -> Result<HashMap<String, String>, String> {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let name = format!("{folder}/_rels/{file}.rels");
        let mut res = HashMap::new();
        let Some(text) = self.part(name.trim_start_matches('/'))? else { return Ok(res) };
        xml::walk(&text, |step| {
            if let Step::Open("Relationship", it) = step
                && let (Some(id), Some(target)) = (xml::attribute(it, "Id"), xml::attribute(it, "Target"))
            {
                res.insert(id, resolved(folder, &target));
            }
            true
        })?;
        Ok(res)
    }
}

/// The name of a part as another in a folder writes it.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut res: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => _ = res.pop(),
            "." | "" => (),
            step => res.push(step),
        }
    }
    res.join("/")
}
