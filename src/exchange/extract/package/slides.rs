//! PowerPoint: slides in the order in which they are shown. What a speaker noted under them is not read.

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
    let mut slides = Vec::new();
    xml::walk(&text, |step| {
        if let Step::Open("sldId", it) = step {
            // Two attributes end in "id": the number of the slide, and the word for its part.
            let mut words = it.attributes();
            let words = words.with_checks(false).flatten().filter(|it| it.key.as_ref().ends_with(":id"));
            slides.extend(words.filter_map(|it| names.get(&*it.value).cloned()).next());
        }
        true
    })?;
    for (at, name) in slides.iter().enumerate() {
        if clock.is_over() || !answer.has_room() {
            answer.is_cut = true;
            break;
        }
        if let Some(xml) = package.part(name)? {
            answer.page(at as i32 + 1, &format!("dia {}", at + 1), &shown(&xml)?)?;
        }
    }
    Ok(slides.len() as i32)
}

fn shown(xml: &str) -> Result<String, String> {
    let mut res = String::new();
    let mut is_text = false;
    xml::walk(xml, |step| {
        match step {
            Step::Open("t", _) => is_text = true,
            Step::Close("t") => is_text = false,
            Step::Close("p") | Step::Open("br", _) => res.push('\n'),
            Step::Text(text) if is_text => res.push_str(text),
            _ => (),
        }
        true
    })?;
    Ok(res)
}
