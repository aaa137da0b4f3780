//! Markdown of authors: to safe HTML, and to plain text for the index and for descriptions.
//!
//! Invariant: what `to_html` returns holds no script, no style, no foreign frame and no raw HTML of the author.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Safe HTML. The widest heading of the text becomes `top` (2 to 5), whatever its author began with, so that it fits
/// under the page's own heading.
pub fn to_html(markdown: &str, top: usize) -> String {
    let widest = Parser::new_ext(markdown, options()).filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as usize),
        _ => None,
    });
    let widest = widest.min().unwrap_or(1);
    let lower = |level: HeadingLevel| {
        HeadingLevel::try_from((level as usize + top - widest).min(6)).unwrap_or(HeadingLevel::H6)
    };
    let events = Parser::new_ext(markdown, options()).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    });
    let mut raw = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut raw, events);
    ammonia::Builder::default()
        .rm_tags(["img", "map", "area"])
        .link_rel(Some("noopener noreferrer"))
        .clean(&raw)
        .to_string()
}

/// The words of a text, without marks; blocks are set apart by a blank line.
pub fn to_plain(markdown: &str) -> String {
    if is_plain(markdown) {
        return markdown.trim().to_owned();
    }
    parsed(markdown)
}

/// Whether a text is one paragraph without anything that Markdown reads as more than itself. Most fields are, and the
/// index reads them all.
fn is_plain(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
        && !text.bytes().any(|it| {
            it.is_ascii_control() || matches!(it, b'\\' | b'`' | b'*' | b'_' | b'[' | b']' | b'<' | b'&' | b'~')
        })
}

fn parsed(markdown: &str) -> String {
    let mut res = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(text) | Event::Code(text) => res.push_str(&text),
            Event::SoftBreak | Event::HardBreak => res.push(' '),
            Event::End(TagEnd::TableCell) => res.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableRow | TagEnd::CodeBlock,
            ) => res.push('\n'),
            _ => (),
        }
    }
    res.trim().to_owned()
}

/// The first sentence of a text, for lists and descriptions.
pub fn first_sentence(markdown: &str) -> String {
    let plain = to_plain(markdown);
    let line = plain.lines().next().unwrap_or("");
    match line.find(". ") {
        Some(end) => line[..=end].to_owned(),
        None => line.to_owned(),
    }
}

/// The addresses a text links to, in order.
pub fn links(markdown: &str) -> Vec<String> {
    let link = |event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    };
    Parser::new_ext(markdown, options()).filter_map(link).collect()
}

/// The images of a text: address, and the text for who does not see it.
pub fn images(markdown: &str) -> Vec<(String, String)> {
    let mut res: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => {
                inside = true;
                res.push((dest_url.to_string(), String::new()));
            }
            Event::End(TagEnd::Image) => inside = false,
            Event::Text(text) | Event::Code(text) if inside => {
                if let Some(last) = res.last_mut() {
                    last.1.push_str(&text);
                }
            }
            _ => (),
        }
    }
    res
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        for bad in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "![x](https://elders.example/pixel.png)",
            "<svg><style><img src=x onerror=alert(1)></style></svg>",
        ] {
            let html = to_html(bad, 2);
            for mark in ["<script", "javascript:", "<img", "<svg", "<style"] {
                assert!(!html.contains(mark), "{bad} -> {html}");
            }
        }
    }

    #[test]
    fn links_and_images() {
        let text = "[a](/b) ![](c.png) ![d](e.png \"f\") <https://g.example>";
        assert_eq!(links(text), ["/b", "https://g.example"]);
        assert_eq!(images(text), [("c.png".into(), String::new()), ("e.png".into(), "d".into())]);
    }

    proptest::proptest! {
        #[test]
        fn a_plain_text_is_what_it_says(text in "[a-z]?[ a-zé0-9.,:;!?#|()>+=\"'%/\u{a0}-]{0,40}") {
            proptest::prop_assert_eq!(to_plain(&text), parsed(&text));
        }

        #[test]
        fn a_text_with_marks_is_read(text in "[a-z][ a-z\n\\\\`*_\\[\\]<>&;~!()#|=:-]{0,24}") {
            proptest::prop_assert_eq!(to_plain(&text), parsed(&text));
        }
    }

    #[test]
    fn headings_fit_under_the_page() {
        assert_eq!(to_html("# A\n\n## B", 3), "<h3>A</h3>\n<h4>B</h4>\n");
        assert_eq!(to_html("### A\n\n#### B", 3), "<h3>A</h3>\n<h4>B</h4>\n");
        assert_eq!(to_plain("## Kop\n\n- *een* [twee](https://a.nl)\n- drie"), "Kop\neen twee\ndrie");
    }
}
