//! Where a fact comes from, as a line on a page.

use crate::domain::part::Source;

#[derive(Debug)]
pub struct SourceView {
    /// "Titel (2018), hoofdstuk 4".
    pub text: String,
    pub url: Option<String>,
}

pub fn views(sources: &[Source]) -> Vec<SourceView> {
    sources
        .iter()
        .map(|it| {
            let year = it.year.map_or_else(String::new, |it| format!(" ({it})"));
            let page = it.page.as_ref().map_or_else(String::new, |it| format!(", {it}"));
            SourceView { text: format!("{}{year}{page}", it.title), url: it.url.clone() }
        })
        .collect()
}
