//! PDF: the text of each page. A page that cannot be read is left out, and that is said.

use std::io::Write;
use std::panic::{self, AssertUnwindSafe};

use pdf_extract::{Document, Object, ObjectId, PlainTextOutput, output_doc_page};

use crate::domain::attachment::Media;

use super::answer::Answer;
use super::child::{Clock, Fault, begin};

/// The most pages that are read.
const PAGES: usize = 2_000;
const BROKEN: &str = "het PDF-bestand is beschadigd of niet compleet; bewaar het opnieuw en probeer het nog eens";

/// Reads a PDF; says how many pages it has.
pub(super) fn read<W: Write>(bytes: &[u8], answer: &mut Answer<W>, clock: &Clock) -> Result<i32, Fault> {
    let mut document = quietly(|| Document::load_mem(bytes).ok()).ok_or(BROKEN)?;
    if document.is_encrypted() && quietly(|| document.decrypt("").ok()).is_none() {
        return Err("het PDF-bestand is beveiligd met een wachtwoord; bewaar het zonder".into());
    }
    if document.objects.values().any(is_launch) {
        return Err("het PDF-bestand wil een programma starten; zulke bestanden nemen we niet op".into());
    }
    let pages: Vec<ObjectId> = quietly(|| Some(document.get_pages().into_values().collect())).unwrap_or_default();
    if pages.is_empty() {
        return Err(BROKEN.into());
    }
    begin(answer, Media::Pdf)?;
    answer.is_cut = PAGES < pages.len();
    for (at, page) in pages.iter().take(PAGES).enumerate() {
        if clock.is_over() || !answer.has_room() {
            answer.is_cut = true;
            break;
        }
        match text(&mut document, *page) {
            Some(text) => answer.page(at as i32 + 1, &format!("p. {}", at + 1), &text)?,
            None => answer.is_cut = true,
        }
    }
    Ok(i32::try_from(pages.len()).unwrap_or(i32::MAX))
}

/// The text of one page. The library looks for a page by walking all: so it is made the only one.
fn text(document: &mut Document, page: ObjectId) -> Option<String> {
    let root = document.catalog().ok()?.get(b"Pages").ok()?.as_reference().ok()?;
    let tree = document.get_object_mut(root).ok()?.as_dict_mut().ok()?;
    tree.set("Kids", Object::Array(vec![Object::Reference(page)]));
    tree.set("Count", Object::Integer(1));
    quietly(|| {
        let mut res = String::new();
        let mut out = PlainTextOutput::new(&mut res);
        output_doc_page(document, &mut out, 1).ok()?;
        Some(res)
    })
}

/// What comes of a reader that may break off in the middle.
fn quietly<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(read)).ok().flatten()
}

/// Whether an object is an order to start a program.
fn is_launch(object: &Object) -> bool {
    let named = |it: &Object| it.as_name().is_ok_and(|it| it == b"Launch");
    match object {
        Object::Dictionary(it) => it.iter().any(|(key, value)| (key == b"S" && named(value)) || is_launch(value)),
        Object::Array(items) => items.iter().any(is_launch),
        Object::Stream(it) => it.dict.get(b"S").is_ok_and(named),
        _ => false,
    }
}
