//! What an indicator is, in words.

use crate::domain::indicator::{Definition, Indicator};
use crate::text::dutch;
use crate::web::measured;
use crate::web::url;

/// A definition as a reader sees it.
pub struct DefinitionView {
    pub version: String,
    pub validity: String,
    pub numerator: String,
    pub denominator: Option<String>,
    pub profile: Option<String>,
    pub note: Option<String>,
}

/// The facts beside an indicator: label and value.
pub fn of(it: &Indicator) -> Vec<(&'static str, String)> {
    let mut res = vec![
        ("Eenheid", it.unit.clone()),
        ("Soort", it.kind.label().to_owned()),
        ("Richting", direction(it)),
        ("Periode", it.span.label().to_owned()),
        ("Niveau", it.level.label().to_owned()),
    ];
    if let Some(target) = it.target {
        let source = it.target_source.as_deref().map(|it| format!(" ({it})")).unwrap_or_default();
        res.push(("Norm", format!("{}{source}", measured::amount(it, target))));
    }
    if let Some(effort) = &it.effort {
        res.push(("Moeite", effort.clone()));
    }
    if let Some(owner) = &it.owner {
        res.push(("Eigenaar", owner.clone()));
    }
    if let Some(day) = it.review_by {
        res.push(("Herzien vóór", dutch::date(day)));
    }
    res
}

/// "Lager is beter", "Tussen 95% en 102% is goed".
pub fn direction(it: &Indicator) -> String {
    match (it.band_from, it.band_until) {
        (Some(low), Some(high)) => {
            format!("Tussen {} en {} is goed", measured::amount(it, low), measured::amount(it, high))
        }
        _ => it.direction.label().to_owned(),
    }
}

pub fn definition(it: &Definition) -> DefinitionView {
    let validity = match (it.from, it.until) {
        (None, None) => String::new(),
        (Some(from), None) => format!("vanaf {}", from.dutch()),
        (None, Some(until)) => format!("tot en met {}", until.dutch()),
        (Some(from), Some(until)) => format!("van {} tot en met {}", from.dutch(), until.dutch()),
    };
    let profile = it.profile.as_ref().map(|name| match &it.profile_version {
        Some(version) => format!("{name}, versie {version}"),
        None => name.clone(),
    });
    DefinitionView {
        version: it.version.clone(),
        validity,
        numerator: it.numerator.clone(),
        denominator: it.denominator.clone(),
        profile,
        note: it.note.clone(),
    }
}

/// The search for practices of an indicator.
pub fn search(it: &Indicator) -> String {
    let themes = it.themes.iter().map(|theme| ("thema", theme.as_str()));
    url::search(&std::iter::once(("q", it.name.as_str())).chain(themes).collect::<Vec<_>>())
}
