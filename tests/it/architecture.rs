//! The house rules that the compiler does not check: who may name whom, which library has a door where, and how
//! a file looks.
//!
//! The search is by text, so the rules keep the text simple: no groups behind `crate::`, no `super::` that leaves
//! a layer. Templates and tests are no part of the layers.

use std::fs;
use std::path::Path;

use crate::harness;

/// Lowest first, as in `src/lib.rs`: a layer, and those it may name besides itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("domain", &["text"]),
    ("config", &[]),
    ("benchmark", &["domain"]),
    ("migrations", &[]),
    ("store", &["domain", "config", "migrations"]),
    ("search", &["text", "domain", "config", "store"]),
    ("accounts", &["text", "domain", "config", "store"]),
    // The change log is the message: what changes does not know what follows.
    ("workflow", &["text", "domain", "benchmark", "store", "accounts"]),
    ("jobs", &["text", "domain", "config", "store", "accounts", "workflow"]),
    ("exchange", &["text", "domain", "store", "workflow"]),
    ("app", &["text", "domain", "config", "store", "search", "accounts", "workflow", "jobs", "exchange"]),
    (
        "web",
        &[
            "text",
            "domain",
            "config",
            "benchmark",
            "store",
            "search",
            "accounts",
            "workflow",
            "jobs",
            "exchange",
            "app",
        ],
    ),
    ("cli", &["text", "domain", "config", "store", "search", "accounts", "workflow", "jobs", "exchange", "app"]),
];

/// Names beyond the table above: one file with a reason.
const EXCEPTIONS: &[(&str, &str)] = &[("src/cli/serve.rs", "web")];

/// A library may be named in these places only.
const DOORS: &[(&str, &[&str])] = &[
    ("sea_orm", &["src/store/", "migrations/"]),
    ("sea_orm_migration", &["src/store/connection.rs", "migrations/"]),
    ("tantivy", &["src/search/"]),
    ("frostem", &["src/search/"]),
    ("image", &["src/exchange/extract/", "src/exchange/picture.rs"]),
    ("pdf_extract", &["src/exchange/extract/"]),
    ("quick_xml", &["src/exchange/extract/"]),
    ("rlimit", &["src/exchange/extract/"]),
    ("zip", &["src/exchange/extract/", "src/exchange/backup.rs", "src/exchange/workbook.rs"]),
    ("csv", &["src/exchange/"]),
    ("encoding_rs", &["src/exchange/table.rs"]),
    ("rust_xlsxwriter", &["src/exchange/template.rs", "src/exchange/workbook.rs"]),
    ("resvg", &["src/exchange/picture.rs"]),
    ("notosans", &["src/exchange/picture.rs"]),
    ("multer", &["src/web/"]),
    ("getrandom", &["src/accounts/"]),
    ("argon2", &["src/accounts/"]),
    ("totp_rs", &["src/accounts/"]),
    ("qrcode", &["src/accounts/"]),
    ("ring", &["src/accounts/"]),
    ("openidconnect", &["src/accounts/oidc/"]),
    ("hyper", &["src/accounts/oidc/"]),
    ("tokio_rustls", &["src/accounts/oidc/"]),
    ("lettre", &["src/jobs/"]),
    ("poem", &["src/web/", "src/cli/serve.rs"]),
    ("poem_openapi", &["src/web/"]),
    ("askama", &["src/web/"]),
    ("toml_edit", &["src/exchange/", "src/config.rs"]),
    ("pulldown_cmark", &["src/text/"]),
    ("ammonia", &["src/text/"]),
    ("similar", &["src/text/"]),
    ("unicode_normalization", &["src/text/"]),
    ("statrs", &["src/benchmark/"]),
    ("clap", &["src/cli/"]),
    ("indicatif", &["src/cli/"]),
    ("anyhow", &["src/cli/"]),
];

/// Words that may not stand in a place, and why.
const NEVER: &[(&str, &str, &str)] = &[
    ("src/text/", "std::fs", "text does no I/O"),
    ("src/text/", "tokio::", "text does no I/O"),
    ("src/domain/", "std::fs", "the domain does no I/O"),
    ("src/domain/", "tokio::", "the domain does no I/O"),
    ("src/benchmark/", "std::fs", "figures do no I/O"),
    ("src/benchmark/", "tokio::", "figures do no I/O"),
    ("src/benchmark/", "Utc::now", "figures are told the day"),
    ("src/search/", "store.write()", "search never writes rows"),
    ("src/exchange/", "store.write()", "exchange writes through workflow"),
    ("src/app", "store.write()", "every change goes through workflow"),
    ("src/web/", "store.write()", "every change goes through workflow"),
    ("src/cli/", "store.write()", "every change goes through workflow"),
];

const LINES_MAX: usize = 600;

#[test]
fn house_rules_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    let mut seen = 0;
    for top in ["src", "migrations", "tests"] {
        for (path, bytes) in harness::files(&root.join(top)) {
            if path.extension().is_some_and(|it| it == "rs") {
                let name = format!("{top}/{}", path.display());
                faults.extend(faults_of(&name, &String::from_utf8(bytes).unwrap()));
                seen += 1;
            }
        }
    }
    assert!(LAYERS.len() < seen, "the walk found {seen} files");
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_map_lists_the_layers_in_order() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let after = |mark: &str| -> Vec<String> {
        map.lines().filter_map(|it| it.strip_prefix(mark)).map(|it| first_word(it).to_owned()).collect()
    };
    let layers: Vec<&str> = LAYERS.iter().map(|it| it.0).collect();
    assert_eq!(after("pub mod "), layers);
    assert_eq!(after("//! - [`"), layers);
    for (at, (layer, may)) in LAYERS.iter().enumerate() {
        let is_below = |it: &&str| LAYERS[..at].iter().any(|(below, _)| below == it);
        assert!(may.iter().all(is_below), "{layer} names a layer that is not below it");
    }
}

/// Each rule, broken once: a rule that cannot fail guards nothing.
#[test]
fn every_rule_can_fail() {
    let plant = |name: &str, line: &str| faults_of(name, &format!("//! A file.\n\n{line}\n"));
    for (name, line, expected) in [
        ("src/text/slug.rs", "use crate::domain::id;", "may not name crate::domain"),
        ("src/config.rs", "use crate::text::slug;", "may not name crate::text"),
        ("src/store/mod.rs", "use crate::search::Search;", "may not name crate::search"),
        ("src/workflow/library.rs", "let it = crate::search::Search::open(it);", "may not name crate::search"),
        ("src/exchange/export.rs", "use crate::search::Search;", "may not name crate::search"),
        ("src/app.rs", "use crate::web::build;", "may not name crate::web"),
        ("src/web/mod.rs", "use crate::cli;", "may not name crate::cli"),
        ("src/cli/import.rs", "use crate::web;", "may not name crate::web"),
        ("src/cli/mod.rs", "use crate::benchmark;", "may not name crate::benchmark"),
        ("src/web/page.rs", "use crate::{search, store};", "a group behind crate::"),
        ("migrations/mod.rs", "use crate::domain::id;", "may not name crate::domain"),
        ("src/domain/mod.rs", "use super::text;", "super:: leaves the layer"),
        ("src/app.rs", "use super::web;", "super:: leaves the layer"),
        ("src/domain/id.rs", "use super::super::text;", "super:: leaves the layer"),
        ("src/store/record/read.rs", "use super::super::super::web;", "super:: leaves the layer"),
        ("src/text/slug.rs", "let it = std::fs::read(it);", "text does no I/O"),
        ("src/domain/id.rs", "use tokio::sync::watch;", "the domain does no I/O"),
        ("src/benchmark/rank.rs", "let it = std::fs::read(it);", "figures do no I/O"),
        ("src/benchmark/rank.rs", "use tokio::sync::watch;", "figures do no I/O"),
        ("src/benchmark/rank.rs", "let now = chrono::Utc::now();", "figures are told the day"),
        ("src/benchmark/rank.rs", "use crate::store::Store;", "may not name crate::store"),
        ("src/search/follower.rs", "let write = store.write().await?;", "search never writes rows"),
        ("src/exchange/export.rs", "let write = store.write().await?;", "exchange writes through workflow"),
        ("src/web/health.rs", "let write = app.store.write().await?;", "every change goes through workflow"),
    ] {
        let faults = plant(name, line);
        assert!(faults.len() == 1 && faults[0].contains(expected), "{name}: {line}: {faults:?}");
        assert!(faults[0].starts_with(&format!("{name}:3: ")), "{faults:?}");
    }
    for (library, doors) in DOORS {
        let line = format!("use {library}::Thing;");
        assert_eq!(plant("src/domain/id.rs", &line).len(), 1, "{library}");
        for door in *doors {
            let name = if door.ends_with('/') { format!("{door}some_file.rs") } else { (*door).to_owned() };
            assert_eq!(plant(&name, &line), [] as [String; 0], "{library} in {door}");
        }
    }
    assert_eq!(faults_of("src/main.rs", "use std::env;\n"), ["src/main.rs: does not open with //!"]);
    let long = "//! Long.\n".repeat(LINES_MAX + 1);
    assert_eq!(faults_of("tests/it/long.rs", &long), ["tests/it/long.rs: 601 lines, at most 600"]);
}

#[test]
fn what_is_allowed_passes() {
    for (name, line) in [
        ("src/web/page.rs", "use crate::store::{self, Store};"),
        ("src/cli/serve.rs", "use crate::web;"),
        ("src/store/record/read.rs", "use super::super::ids;"),
        ("src/domain/field.rs", "    $crate::domain::field::Field {"),
        ("src/text/slug.rs", "// see crate::web"),
        ("src/store/mod.rs", "/// Like [`poem::Route`] and crate::web."),
        ("src/lib.rs", "pub mod text;"),
    ] {
        assert_eq!(faults_of(name, &format!("//! A file.\n{line}\n")), [] as [String; 0], "{name}: {line}");
    }
}

fn faults_of(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.starts_with("//!") {
        faults.push(format!("{name}: does not open with //!"));
    }
    if LINES_MAX < text.lines().count() {
        faults.push(format!("{name}: {} lines, at most {LINES_MAX}", text.lines().count()));
    }
    if name.starts_with("tests/") {
        return faults;
    }
    let layer = LAYERS.iter().find(|it| it.0 == first_word(name.strip_prefix("src/").unwrap_or(name)));
    for (n, line) in text.lines().enumerate().filter(|(_, it)| !it.trim_start().starts_with("//")) {
        let mut fault = |what: String| faults.push(format!("{name}:{}: {what}", n + 1));
        for rest in line.split("crate::").skip(1) {
            match (first_word(rest), layer) {
                ("", _) => fault("a group behind crate::; name each on its own line".to_owned()),
                (word, Some((own, may)))
                    if word != *own && !may.contains(&word) && !EXCEPTIONS.contains(&(name, word)) =>
                {
                    fault(format!("{own} may not name crate::{word}"));
                }
                (word, Some(("migrations", _))) => fault(format!("a released step may not name crate::{word}")),
                _ => (),
            }
        }
        if layer.is_some() && depth(name) < supers(line) {
            fault("super:: leaves the layer".to_owned());
        }
        for (library, doors) in DOORS {
            if names(line, library) && !doors.iter().any(|it| name.starts_with(it)) {
                fault(format!("{library} has no door here"));
            }
        }
        for (place, word, reason) in NEVER {
            if name.starts_with(place) && line.contains(word) {
                fault((*reason).to_owned());
            }
        }
    }
    faults
}

/// How many modules a file is below the root of its layer.
fn depth(name: &str) -> usize {
    let folders = name.strip_prefix("src/").unwrap_or(name).matches('/').count();
    folders - usize::from(name.ends_with("/mod.rs"))
}

/// The longest run of `super::` in a line.
fn supers(line: &str) -> usize {
    (1..).take_while(|it| line.contains(&"super::".repeat(*it))).count()
}

/// Whether a line names a library: `library::`, not as the end of a longer word.
fn names(line: &str, library: &str) -> bool {
    let path = format!("{library}::");
    let is_whole = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    line.match_indices(&path).any(|(at, _)| is_whole(at))
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}
