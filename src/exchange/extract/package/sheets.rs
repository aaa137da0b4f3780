//! Excel: sheets, each a row of rows. Hidden sheets are not read.

use std::io::Write;

use super::super::answer::Answer;
use super::super::child::{Clock, Fault};
use super::super::xml::{self, Step};
use super::Package;

pub(super) fn read<W: Write>(
    package: &mut Package,
    main: &str,
    answer: &mut Answer<W>,
    clock: &Clock,
) -> Result<i32, Fault> {
    let text = package.part(main)?.ok_or(super::BROKEN)?;
    let names = package.relations(main)?;
    let mut sheets = Vec::new();
    xml::walk(&text, |step| {
        if let Step::Open("sheet", it) = step
            && xml::attribute(it, "state").is_none_or(|it| it == "visible")
            && let Some(id) = xml::attribute(it, "id")
            && let Some(part) = names.get(&id)
        {
            sheets.push((xml::attribute(it, "name").unwrap_or_default(), part.clone()));
        }
        true
    })?;
    let folder = main.rsplit_once('/').map_or("", |it| it.0);
    let shared = match package.part(&super::resolved(folder, "sharedStrings.xml"))? {
        Some(text) => strings(&text)?,
        None => vec![],
    };
    for (at, (name, part)) in sheets.iter().enumerate() {
        if clock.is_over() || !answer.has_room() {
            answer.is_cut = true;
            break;
        }
        if let Some(xml) = package.part(part)? {
            answer.page(at as i32 + 1, &format!("werkblad {name}"), &rows(&xml, &shared)?)?;
        }
    }
    Ok(sheets.len() as i32)
}

/// The texts that cells refer to by number. How a text is pronounced is no part of it.
pub(super) fn strings(xml: &str) -> Result<Vec<String>, String> {
    let mut res = Vec::new();
    let (mut is_text, mut is_spoken) = (false, false);
    xml::walk(xml, |step| {
        match step {
            Step::Open("si", _) => res.push(String::new()),
            Step::Open("rPh", _) => is_spoken = true,
            Step::Close("rPh") => is_spoken = false,
            Step::Open("t", _) => is_text = true,
            Step::Close("t") => is_text = false,
            Step::Text(text) if is_text && !is_spoken => {
                if let Some(last) = res.last_mut() {
                    last.push_str(text);
                }
            }
            _ => (),
        }
        true
    })?;
    Ok(res)
}

/// The filled cells, a line per row. No more than anybody would read: the same text can stand in a million cells.
fn rows(xml: &str, shared: &[String]) -> Result<String, String> {
    const ENOUGH: usize = 200_000;
    let mut res = String::new();
    let (mut kind, mut value) = (String::new(), None);
    xml::walk(xml, |step| {
        match step {
            Step::Open("c", it) => kind = xml::attribute(it, "t").unwrap_or_default(),
            Step::Open("v" | "t", _) => value = Some(String::new()),
            Step::Text(text) => {
                if let Some(value) = &mut value {
                    value.push_str(text);
                }
            }
            Step::Close("v" | "t") => {
                let value = value.take().unwrap_or_default();
                match kind.as_str() {
                    "s" => res.push_str(value.parse().ok().and_then(|it: usize| shared.get(it)).map_or("", |it| it)),
                    // Errors and yes or no say nothing.
                    "e" | "b" => (),
                    _ => res.push_str(&value),
                }
                res.push(' ');
            }
            Step::Close("row") => res.push('\n'),
            _ => (),
        }
        res.len() < ENOUGH
    })?;
    Ok(res)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read() {
        let shared = strings("<sst><si><t>Locatie</t></si><si><r><t>Ver</t></r><r><t>zuim</t></r></si></sst>").unwrap();
        let xml = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row><row><c t=\"inlineStr\"><is><t>Oost</t></is></c>\
            <c><f>A1*2</f><v>7.5</v></c><c t=\"e\"><v>#N/A</v></c></row>";
        let lines: Vec<String> = rows(xml, &shared).unwrap().lines().map(|it| it.trim().to_owned()).collect();
        assert_eq!(lines, ["Locatie Verzuim", "Oost 7.5"]);
    }
}
