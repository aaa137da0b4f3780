//! Every address of the site, made in one place. Nothing else writes a path.

use url::form_urlencoded;

use crate::domain::address;
use crate::domain::catalogue::ItemKind;
use crate::domain::field::Target;
use crate::domain::id::{DeliveryId, DraftId, InquiryId};

pub const HOME: &str = "/";
pub const ASSETS: &str = "/assets";
pub const SIGN_IN: &str = "/inloggen";
pub const SIGN_OUT: &str = "/uitloggen";
pub const CODE: &str = "/inloggen/code";
pub const PROVIDER: &str = "/inloggen/aanbieder";
pub const PROVIDER_BACK: &str = address::PROVIDER_BACK;
pub const FORGOT: &str = "/wachtwoord-vergeten";
pub const ACCOUNT: &str = "/mijn/account";
pub const FACTOR: &str = "/mijn/account/tweede-factor";
pub const ADMIN: &str = "/beheer";
pub const USERS: &str = "/beheer/gebruikers";
pub const AUDIT: &str = "/beheer/logboek";
pub const MAILS: &str = "/beheer/berichten";
pub const SEARCH: &str = "/zoeken";
pub const FOLLOWED: &str = "/zoeken/gevolgd";
pub const THEMES: &str = "/themas";
pub const PROGRAMMES: &str = "/programmas";
pub const ORGANISATIONS: &str = "/organisaties";
pub const NETWORKS: &str = "/netwerken";
pub const COMPARE: &str = "/vergelijken";
pub const REGIONS: &str = "/regios";
pub const MINE: &str = "/mijn";
pub const WRITE: &str = "/schrijven";
pub const DELIVER: &str = address::DELIVER;
pub const TEMPLATE: &str = "/aanleveren/sjabloon";
pub const REVIEW: &str = "/beoordelen";
pub const LISTS: &str = "/beheer/lijsten";
pub const QUESTIONS: &str = "/beheer/zoekvragen";
pub const REVIEWERS: &str = "/beheer/beoordelaars";
pub const POLICY: &str = "/beheer/beleid";
pub const ABOUT: &str = "/over";
pub const PRIVACY: &str = "/privacy";
pub const ACCESSIBILITY: &str = "/toegankelijkheid";
pub const API: &str = "/api/v1";
pub const SUGGESTIONS: &str = "/api/v1/suggesties";
pub const API_DOCS: &str = "/api/docs";
pub const OPENAPI: &str = "/api/v1/openapi.json";
pub const SITEMAP: &str = "/sitemap.xml";
pub const OPENSEARCH: &str = "/opensearch.xml";

/// An account in the administration.
pub fn user(id: &str) -> String {
    format!("{USERS}/{id}")
}

pub fn record(slug: &str) -> String {
    address::record(slug)
}

/// All versions of a document.
pub fn versions(slug: &str) -> String {
    format!("{}/versies", record(slug))
}

pub fn version(slug: &str, version: i32) -> String {
    format!("{}/{version}", versions(slug))
}

/// Two versions side by side.
pub fn compare(slug: &str, one: i32, other: i32) -> String {
    format!("{}/{one}..{other}", versions(slug))
}

pub fn restore(slug: &str) -> String {
    format!("{}/herstellen", record(slug))
}

pub fn confirm(slug: &str) -> String {
    format!("{}/bevestigen", record(slug))
}

pub fn withdraw(slug: &str) -> String {
    format!("{}/intrekken", record(slug))
}

/// The link in a mail by which an owner says that a document still holds.
pub fn confirm_link(token: &str) -> String {
    address::confirm(token)
}

/// The list of one kind of item, for who keeps it.
pub fn list(kind: ItemKind) -> String {
    format!("{LISTS}/{}", kind.plural())
}

/// The form of one item.
pub fn list_item(kind: ItemKind, slug: &str) -> String {
    format!("{}/{slug}", list(kind))
}

/// The link that shows a draft to who has it.
pub fn preview(token: &str) -> String {
    format!("/voorbeeld/{token}")
}

pub fn draft(id: &DraftId) -> String {
    address::draft(id)
}

pub fn draft_autosave(id: &DraftId) -> String {
    format!("{}/bewaren", draft(id))
}

pub fn draft_preview(id: &DraftId) -> String {
    format!("{}/voorbeeld", draft(id))
}

/// Where a file is added to a draft.
pub fn draft_attachments(id: &DraftId) -> String {
    format!("{}/bijlagen", draft(id))
}

pub fn draft_submit(id: &DraftId) -> String {
    format!("{}/indienen", draft(id))
}

pub fn draft_take_back(id: &DraftId) -> String {
    format!("{}/terug", draft(id))
}

pub fn draft_discard(id: &DraftId) -> String {
    format!("{}/weg", draft(id))
}

pub fn draft_share(id: &DraftId) -> String {
    format!("{}/delen", draft(id))
}

pub fn draft_rebase(id: &DraftId) -> String {
    format!("{}/verder", draft(id))
}

pub fn review(id: &DraftId) -> String {
    address::review(id)
}

/// What an organisation delivered at once.
pub fn delivery(id: &DeliveryId) -> String {
    address::delivery(id)
}

/// A file of a document, by its name.
pub fn attachment(slug: &str, name: &str) -> String {
    format!("/kennisbank/{slug}/bijlagen/{}", encoded(name))
}

/// One part of a path: everything but letters, digits and the plainest marks as its bytes.
pub fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

pub fn api_record(slug: &str) -> String {
    format!("{API}/documenten/{slug}")
}

pub fn theme(slug: &str) -> String {
    format!("{THEMES}/{slug}")
}

pub fn programme(slug: &str) -> String {
    format!("{PROGRAMMES}/{slug}")
}

pub fn organisation(slug: &str) -> String {
    format!("{ORGANISATIONS}/{slug}")
}

pub fn network(slug: &str) -> String {
    format!("{NETWORKS}/{slug}")
}

/// How far the members of a network are with their figures.
pub fn network_progress(slug: &str) -> String {
    format!("{}/vergelijken", network(slug))
}

/// The same as a file.
pub fn network_completeness(slug: &str) -> String {
    format!("{}/volledigheid.csv", network_progress(slug))
}

/// What a member shares in a network.
pub fn network_sharing(slug: &str) -> String {
    format!("{}/delen", network(slug))
}

/// Where a period of a network is closed.
pub fn network_closing(slug: &str) -> String {
    format!("{}/afsluiten", network(slug))
}

pub fn region(slug: &str) -> String {
    format!("{REGIONS}/{slug}")
}

/// The comparison on one indicator.
pub fn indicator(slug: &str) -> String {
    format!("{COMPARE}/{slug}")
}

/// Where the organisations to compare with are chosen.
pub fn choose(indicator: &str) -> String {
    format!("{COMPARE}/{indicator}/kiezen")
}

/// Where an organisation is asked how it does it.
pub fn ask(indicator: &str, organisation: &str) -> String {
    format!("{COMPARE}/{indicator}/vragen/{organisation}")
}

/// Where such a question is answered.
pub fn inquiry(id: &InquiryId) -> String {
    address::inquiry(id)
}

/// The page of what a reference points at; building blocks lead to the search.
pub fn target(target: Target, slug: &str) -> String {
    match target {
        Target::Record => record(slug),
        Target::Region => region(slug),
        Target::Organisation => organisation(slug),
        Target::Programme => programme(slug),
        Target::Theme => theme(slug),
        Target::BuildingBlock => search(&[("bouwsteen", slug)]),
        Target::Indicator => indicator(slug),
    }
}

/// The search with these parameters, in this order; without any, the bare page.
pub fn search(parameters: &[(&str, &str)]) -> String {
    with_query(SEARCH, parameters)
}

pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    if parameters.is_empty() {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{path}?{query}")
}

/// Whether a path is this one or lies below it.
pub fn is_below(base: &str, path: &str) -> bool {
    path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
