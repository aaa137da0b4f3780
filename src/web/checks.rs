//! The checks of a draft as they stand beside it, for author and reviewer alike.

use askama::Template;

use crate::domain::assessment::{Assessment, label_of};
use crate::domain::draft::Content;
use crate::text::dutch;

use super::form::{id_of, view};

#[derive(Debug, Template)]
#[template(path = "checks.html", config = "src/web/askama.toml")]
pub struct Checks {
    pub percent: u32,
    /// Labels of fields that are empty, with links to them.
    pub missing: Vec<(String, &'static str)>,
    /// What keeps it from being handed in, with links.
    pub faults: Vec<(String, String)>,
    /// Kind of advice, field, text.
    pub advice: Vec<(&'static str, &'static str, String)>,
    /// "52: gewone taal, ongeveer B1 (12 woorden per zin)"; empty while there is too little text.
    pub reading: String,
    pub long: Vec<String>,
}

impl Checks {
    pub fn new(content: &Content, it: &Assessment) -> Checks {
        let link = |name: &str| format!("#{}", id_of(name));
        Checks {
            percent: it.completeness.percent,
            missing: it.completeness.missing.iter().map(|(name, label)| (link(name), *label)).collect(),
            faults: view::summary(content, &it.faults),
            advice: it
                .advice
                .iter()
                .map(|it| (it.kind.label(), label_of(content, &it.field), it.text.clone()))
                .collect(),
            reading: it.reading.as_ref().map_or_else(String::new, |it| {
                let per_sentence = dutch::number((it.words_per_sentence * 10.0).round() / 10.0);
                format!("{:.0} van 100: {} ({per_sentence} woorden per zin)", it.score, it.level())
            }),
            long: it.reading.as_ref().map(|it| it.long.clone()).unwrap_or_default(),
        }
    }
}
