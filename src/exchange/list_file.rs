//! One list as a file: a TOML table per item.

use std::collections::HashMap;

use crate::domain::catalogue::{Item, ItemKind};
use crate::domain::fault::{Fault, Place};
use crate::domain::field;

use super::toml::{self, Lines};

/// A read list: the items without faults of their own, where each stands, and the faults.
#[derive(Default)]
pub(super) struct Read {
    pub(super) items: Vec<(Item, Lines)>,
    pub(super) faults: Vec<(usize, String)>,
}

pub(super) fn read(kind: ItemKind, text: &str) -> Read {
    let mut res = Read::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let (values, lines) = match toml::read(&text, 1) {
        Ok(read) => read,
        Err(broken) => {
            res.faults.push((broken.line, format!("geen geldige TOML: {}", broken.message)));
            return res;
        }
    };
    let key = kind.word();
    let whole = Place::root();
    for name in values.keys().filter(|it| *it != key) {
        let line = lines.of(&whole.key(name));
        res.faults.push((line, format!("onbekende tabel \"{name}\"; elk item staat onder [[{key}]]")));
    }
    let Some(rows) = values.get(key) else { return res };
    let Some(rows) = rows.as_array() else {
        res.faults.push((lines.of(&whole.key(key)), format!("schrijf elk item onder [[{key}]]")));
        return res;
    };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let lines = lines.inside(&whole.key(key).at(at));
        let line = lines.of(&whole);
        let Some(row) = row.as_object() else {
            res.faults.push((line, format!("schrijf elk item onder [[{key}]]")));
            continue;
        };
        let mut faults = field::check(Item::fields(kind), row, &whole);
        if faults.is_empty() {
            match Item::from_value(kind, row.clone()) {
                Ok(item) => {
                    faults = item.check_rules();
                    if let Some(first) = seen.insert(item.slug().to_owned(), line) {
                        let wrong = format!("slug \"{}\" staat al op regel {first}", item.slug());
                        faults.push(Fault::new(&whole.key("slug"), wrong, "elke slug komt één keer voor"));
                    }
                    res.items.push((item, lines.clone()));
                }
                Err(error) => faults.push(Fault::new(&whole, error.to_string(), "")),
            }
        }
        let name = row.get("slug").and_then(|it| it.as_str()).unwrap_or("zonder slug");
        res.faults.extend(faults.iter().map(|fault| (lines.of(&fault.place), format!("{key} {name}: {fault}"))));
    }
    res
}

pub(super) fn write(kind: ItemKind, items: &[Item]) -> String {
    let tables = items.iter().map(|item| {
        let key = kind.word();
        format!("[[{key}]]\n{}", toml::write(Item::fields(kind), &item.to_value(), key))
    });
    tables.collect::<Vec<_>>().join("\n")
}
