//! Word: one stream of paragraphs. It has no pages of its own, but remembers where they began when it was last shown.

use std::io::Write;

use super::super::answer::Answer;
use super::super::child::Fault;
use super::super::xml::{self, Step};
use super::Package;

/// Parts beside the main one that a reader sees too.
const NOTES: &[&str] = &["word/footnotes.xml", "word/endnotes.xml"];

pub(super) fn read<W: Write>(package: &mut Package, main: &str, answer: &mut Answer<W>) -> Result<i32, Fault> {
    let text = package.part(main)?.ok_or(super::BROKEN)?;
    let mut pages = pages(&text)?;
    for name in NOTES {
        if let Some(text) = package.part(name)?
            && let Some(last) = pages.last_mut()
        {
            last.push('\n');
            last.push_str(&self::pages(&text)?.join("\n"));
        }
    }
    let count = pages.len();
    for (at, text) in pages.iter().enumerate() {
        // When nothing says where pages begin, none is named.
        let label = if count == 1 { String::new() } else { format!("p. {}", at + 1) };
        answer.page(at as i32 + 1, &label, text)?;
    }
    // One page may be many that were never shown.
    Ok(if count == 1 { 0 } else { count as i32 })
}

/// The text between the places where a page began.
fn pages(xml: &str) -> Result<Vec<String>, String> {
    let mut res = vec![String::new()];
    let mut is_text = false;
    xml::walk(xml, |step| {
        if let Step::Open("lastRenderedPageBreak", _) = step {
            res.push(String::new());
        }
        let Some(page) = res.last_mut() else { return false };
        match step {
            // What was deleted while changes are tracked is `delText`: not read.
            Step::Open("t", _) => is_text = true,
            Step::Close("t") => is_text = false,
            Step::Close("p") | Step::Open("br" | "cr", _) => page.push('\n'),
            Step::Open("tab", _) | Step::Close("tc") => page.push(' '),
            Step::Open("noBreakHyphen", _) => page.push('-'),
            Step::Text(text) if is_text => page.push_str(text),
            _ => (),
        }
        true
    })?;
    Ok(res)
}

#[cfg(test)]
mod tests {
    #[test]
    fn pages_begin_where_they_were_shown() {
        let xml = "<w:p><w:t>Een</w:t><w:tab/><w:t>twee</w:t><w:delText>weg</w:delText></w:p><w:p><w:r>\
            <w:lastRenderedPageBreak/><w:t>Drie &amp; vier</w:t></w:r></w:p>";
        assert_eq!(super::pages(xml).unwrap(), ["Een twee\n", "Drie & vier\n"]);
    }
}
