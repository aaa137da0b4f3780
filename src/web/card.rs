//! The short form of a document in a list: what a reader needs to choose.

use chrono::NaiveDate;

use crate::domain::brief::Brief;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::record::Record;
use crate::domain::vocabulary::Role;
use crate::search::Hit;
use crate::text::dutch;

use super::url;

/// A name with its page.
#[derive(Debug, Clone)]
pub struct Link {
    pub url: String,
    pub name: String,
}

impl Link {
    pub fn to(catalogue: &Catalogue, target: Target, slug: &str) -> Link {
        Link { url: url::target(target, slug), name: catalogue.name(target, slug).to_owned() }
    }

    /// An id for a section about what the link leads to.
    pub fn anchor(&self) -> String {
        self.name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
    }
}

#[derive(Debug, Clone)]
pub struct Card {
    pub slug: String,
    pub url: String,
    /// Where the browser tells that the card was followed, when that is counted.
    pub ping: Option<String>,
    pub kind: &'static str,
    /// The word of the kind, for the style.
    pub kind_word: &'static str,
    /// HTML; words of the question are marked.
    pub title: String,
    /// HTML; the fragment with marked words, else the summary.
    pub text: String,
    /// The file that the text is from, and where in it: "p. 14", or nothing.
    pub file: Option<(Link, String)>,
    /// Organisations that lead the work, at most three.
    pub leads: Vec<Link>,
    pub more_leads: usize,
    pub year: Option<i32>,
    pub themes: Vec<Link>,
    /// That nobody confirmed it in time; empty when it holds.
    pub overdue: String,
}

impl Card {
    /// As it is on a day.
    pub fn new(catalogue: &Catalogue, brief: &Brief, today: NaiveDate) -> Card {
        let leads: Vec<&str> = brief.leads().collect();
        Card {
            slug: brief.slug.clone(),
            ping: None,
            url: url::record(&brief.slug),
            kind: brief.kind.label(),
            kind_word: brief.kind.word(),
            title: escape(&brief.title),
            text: escape(&brief.summary),
            file: None,
            more_leads: leads.len().saturating_sub(3),
            leads: leads.iter().take(3).map(|it| Link::to(catalogue, Target::Organisation, it)).collect(),
            year: brief.year,
            themes: brief.themes.iter().map(|it| Link::to(catalogue, Target::Theme, it)).collect(),
            overdue: brief
                .overdue(today)
                .map_or_else(String::new, |it| format!("Niet bevestigd sinds {}", dutch::date(it))),
        }
    }

    /// The same with what the search marked.
    pub fn marked(mut self, hit: &Hit) -> Card {
        self.title.clone_from(&hit.title_html);
        self.text.clone_from(&hit.fragment_html);
        self.file = hit.attached.as_ref().map(|it| {
            let link = Link { url: url::attachment(&self.slug, &it.name), name: it.title.clone() };
            (link, it.label.clone())
        });
        self
    }
}

/// What an organisation does in a document, for lists by role.
pub fn role_of(record: &Record, organisation: &str) -> Option<Role> {
    record.common.organisations.iter().find(|it| it.organisation == organisation).map(|it| it.role)
}

/// Text as HTML.
pub fn escape(text: &str) -> String {
    let mut res = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => res.push_str("&amp;"),
            '<' => res.push_str("&lt;"),
            '>' => res.push_str("&gt;"),
            '"' => res.push_str("&quot;"),
            '\'' => res.push_str("&#39;"),
            c => res.push(c),
        }
    }
    res
}
