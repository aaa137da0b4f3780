//! Made files to attach: fit ones of every kind, and hostile ones. All contents are invented.

use std::io::{Cursor, Write};

use image::{DynamicImage, ImageFormat};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A PDF with one line of text per page.
pub fn pdf(pages: &[&str]) -> Vec<u8> {
    let texts: Vec<String> = pages.iter().map(|it| format!("BT /F1 12 Tf 72 700 Td ({it}) Tj ET")).collect();
    pdf_of(&texts)
}

/// A PDF of which each page draws this.
pub fn pdf_of(contents: &[String]) -> Vec<u8> {
    let first = 4;
    let kids: Vec<String> = (0..contents.len()).map(|at| format!("{} 0 R", first + 2 * at)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} /MediaBox [0 0 595 842] >>", kids.join(" "), contents.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for (at, content) in contents.iter().enumerate() {
        let font = "/Resources << /Font << /F1 3 0 R >> >>";
        objects.push(format!("<< /Type /Page /Parent 2 0 R {font} /Contents {} 0 R >>", first + 2 * at + 1));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    pdf_objects(objects.into_iter().map(String::into_bytes).collect())
}

/// A PDF of these objects, the first of which is the catalogue.
pub fn pdf_objects(objects: Vec<Vec<u8>>) -> Vec<u8> {
    let mut res = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(res.len());
        res.extend(format!("{} 0 obj\n", at + 1).bytes());
        res.extend(object);
        res.extend(b"\nendobj\n");
    }
    let table = res.len();
    res.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        res.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let trailer = format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    res.extend(trailer.bytes());
    res
}

/// A ZIP with these files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn contents(main: &str, kind: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Override PartName=\"/{main}\" ContentType=\"application/vnd.openxmlformats-officedocument.{kind}.main+xml\"/></Types>"
    )
}

/// A Word file with these parts beside its table of contents and its body.
pub fn docx_with(body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let contents = contents("word/document.xml", "wordprocessingml.document");
    let body = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let mut files: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", contents.as_bytes()), ("word/document.xml", body.as_bytes())];
    files.extend(more);
    zip(&files)
}

/// A Word file of these pages, as they were last shown.
pub fn docx(pages: &[&str]) -> Vec<u8> {
    let pages: Vec<String> = pages.iter().map(|it| format!("<w:t>{it}</w:t>")).collect();
    docx_with(&format!("<w:p><w:r>{}</w:r></w:p>", pages.join("<w:lastRenderedPageBreak/>")), &[])
}

/// What a part of a package refers to: r1, r2, …
fn relations(targets: &[String]) -> String {
    let one = |(at, it): (usize, &String)| format!("<Relationship Id=\"r{}\" Type=\"t\" Target=\"{it}\"/>", at + 1);
    format!("<Relationships>{}</Relationships>", targets.iter().enumerate().map(one).collect::<String>())
}

/// A presentation of these slides.
pub fn pptx(slides: &[&str]) -> Vec<u8> {
    let main = "ppt/presentation.xml";
    let names: Vec<String> = (1..=slides.len()).map(|it| format!("slides/slide{it}.xml")).collect();
    let ids: String = (1..=slides.len()).map(|it| format!("<p:sldId id=\"{}\" r:id=\"r{it}\"/>", 255 + it)).collect();
    let slides: Vec<(String, String)> = names
        .iter()
        .zip(slides)
        .map(|(name, text)| (format!("ppt/{name}"), format!("<p:sld><a:p><a:t>{text}</a:t></a:p></p:sld>")))
        .collect();
    let (contents, relations) = (contents(main, "presentationml.presentation"), relations(&names));
    let text = format!("<p:presentation><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>");
    let mut files: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", contents.as_bytes()),
        (main, text.as_bytes()),
        ("ppt/_rels/presentation.xml.rels", relations.as_bytes()),
    ];
    files.extend(slides.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())));
    zip(&files)
}

/// A workbook with one sheet of one cell per name and text.
pub fn xlsx(sheets: &[(&str, &str)]) -> Vec<u8> {
    let main = "xl/workbook.xml";
    let names: Vec<String> = (1..=sheets.len()).map(|it| format!("worksheets/sheet{it}.xml")).collect();
    let list: String = sheets
        .iter()
        .enumerate()
        .map(|(at, (name, _))| format!("<sheet name=\"{name}\" sheetId=\"{}\" r:id=\"r{}\"/>", at + 1, at + 1))
        .collect();
    let shared: String = sheets.iter().map(|(_, text)| format!("<si><t>{text}</t></si>")).collect();
    let cells: Vec<(String, String)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let xml = format!("<worksheet><sheetData><row><c t=\"s\"><v>{at}</v></c></row></sheetData></worksheet>");
            (format!("xl/{name}"), xml)
        })
        .collect();
    let (contents, relations) = (contents(main, "spreadsheetml.sheet"), relations(&names));
    let (text, shared) = (format!("<workbook><sheets>{list}</sheets></workbook>"), format!("<sst>{shared}</sst>"));
    let mut files: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", contents.as_bytes()),
        (main, text.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
    ];
    files.extend(cells.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())));
    zip(&files)
}

/// A picture with some pattern.
pub fn picture(format: ImageFormat) -> Vec<u8> {
    let point = |x: u32, y: u32| image::Rgb([(x * 3) as u8, (y * 5) as u8, (x * y) as u8]);
    let mut res = Cursor::new(Vec::new());
    DynamicImage::from(image::RgbImage::from_fn(60, 40, point)).write_to(&mut res, format).unwrap();
    res.into_inner()
}

/// A photograph that says where it was taken, in the way cameras do.
pub fn photograph() -> Vec<u8> {
    let jpeg = picture(ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    // One entry: the place of the GPS table. That table: latitude "N", and where it stands.
    exif.extend([1, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend([1, 0, 1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"GPS 51.9851 5.8987 Voorbeeldstraat");
    let mut res = jpeg[..2].to_vec();
    res.extend([0xff, 0xe1]);
    res.extend((exif.len() as u16 + 2).to_be_bytes());
    res.extend(exif);
    res.extend(&jpeg[2..]);
    res
}

/// Whether bytes hold other bytes.
pub fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|it| it == wanted)
}
