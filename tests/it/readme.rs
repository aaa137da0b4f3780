//! The README says what the program does: a setting, route or command without its line is a failure here.

use std::fs;
use std::path::Path;
use std::process::Command;

use leerkring::{cli, config, web};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of the README, and every row of which no line holds all parts.
fn missing(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let has = |row: &Vec<String>| readme.lines().any(|line| row.iter().all(|part| line.contains(part.as_str())));
    rows.into_iter().filter(|row| !has(row)).map(|row| row.join(" … ")).collect()
}

#[test]
fn every_setting_has_a_row() {
    let rows = config::SETTINGS.iter().map(|it| vec![it.name.to_owned(), it.variable(), it.default.to_owned()]);
    assert_eq!(missing(rows), [] as [String; 0]);
}

#[test]
fn every_route_has_a_row() {
    let rows = web::PATHS.iter().map(|(path, _)| vec![format!("`{path}`")]);
    assert_eq!(missing(rows), [] as [String; 0]);
}

#[test]
fn every_command_and_flag_is_named() {
    let help = cli::help();
    for known in ["serve", "import", "import --dry-run", "--data", "check --repair"] {
        assert!(help.iter().any(|it| it.0 == known), "{known} is not in the help");
    }
    assert!(help.iter().all(|it| !it.1.is_empty()), "a command or flag does not say what it does: {help:?}");
    // "import --dry-run" may stand apart in its line: "leerkring import MAP --dry-run".
    let rows = help.iter().map(|(name, _)| name.split(' ').map(str::to_owned).collect());
    assert_eq!(missing(rows), [] as [String; 0]);
}

#[test]
fn the_map_names_every_layer() {
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let layers: Vec<&str> = map.lines().filter_map(|it| it.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(layers.len(), 14);
    let path = |layer: &str| match layer {
        "migrations" => "`migrations".to_owned(),
        _ => format!("`src/{layer}"),
    };
    assert_eq!(missing(layers.into_iter().map(|it| vec![path(it)])), [] as [String; 0]);
}

/// The repository stands on its own: it names no folder outside it and no number of an issue list.
#[test]
fn no_file_points_outside_the_repository() {
    let list = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().unwrap();
    assert!(list.status.success(), "git ls-files: {}", String::from_utf8_lossy(&list.stderr));
    let names = String::from_utf8(list.stdout).unwrap();
    let mut faults = Vec::new();
    let mut seen = 0;
    for name in names.split_terminator('\0') {
        // A file that was just removed is still listed; pictures and fonts hold no sentences.
        let Ok(text) = fs::read_to_string(root().join(name)) else { continue };
        seen += 1;
        for (n, line) in text.lines().enumerate() {
            if let Some(word) = points_outside(name, line) {
                faults.push(format!("{name}:{}: {word}", n + 1));
            }
        }
    }
    assert!(50 < seen, "only {seen} files were read");
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn pointing_outside_is_seen() {
    let number = ["#", "12"].concat();
    for line in [
        format!("see {}", ["..", "/shared/house.md"].concat()),
        format!("read /work{}", "/main"),
        format!("fixes {number}"),
        format!("({number})"),
        format!("issue {}", 12),
    ] {
        assert!(points_outside("src/lib.rs", &line).is_some(), "{line}");
    }
    for (name, line) in [("a.css", "color: #123"), ("a.rs", "r#\"x\"#"), ("a.html", "&#39;"), ("a.rs", "a#1b")] {
        assert_eq!(points_outside(name, line), None, "{line}");
    }
}

/// The word of a line that points outside the repository.
fn points_outside(name: &str, line: &str) -> Option<String> {
    let folders = [["..", "/shared"].concat(), ["/work", "/"].concat()];
    if let Some(folder) = folders.into_iter().find(|it| line.contains(it.as_str())) {
        return Some(folder);
    }
    let is_prose = [".rs", ".md", ".toml", ".yml", ".sh", ".txt"].iter().any(|it| name.ends_with(it));
    let words = line.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '.' | ';' | ':' | '[' | ']'));
    let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
    let hash = words.iter().find(|it| it.strip_prefix('#').is_some_and(is_number));
    let spoken = words.windows(2).find(|it| it[0].eq_ignore_ascii_case("issue") && is_number(it[1]));
    hash.filter(|_| is_prose).map(|it| (*it).to_owned()).or(spoken.map(|it| it.join(" ")))
}
