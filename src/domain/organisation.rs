//! An organisation and the names it is known by.

use crate::domain::field::{NAME, Shape, Target, fields};
use crate::domain::vocabulary::{OrganisationKind, Sector};

fields! {
    /// Another name of the same organisation.
    Alias {
        name: String = "naam" "Naam", NAME, Required, "de andere naam";
        reason: Option<String> = "reden" "Waarom dit dezelfde is", Shape::Line { max: 600 }, Optional, "waaruit blijkt dat het dezelfde organisatie is";
    }
}

fields! {
    /// One organisation.
    Organisation {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de naam in het adres";
        name: String = "naam" "Naam", NAME, Required, "de naam zoals de organisatie die zelf voert";
        kind: OrganisationKind = "soort" "Soort", Shape::Choice(OrganisationKind::CHOICES), Required, "wat voor organisatie het is";
        sectors: Vec<Sector> = "sectoren" "Sectoren", Shape::Choices(Sector::CHOICES), Optional, "vv, ghz, ggz, thuiszorg";
        region: Option<String> = "regio" "Regio", Shape::Reference(Target::Region), Optional, "de slug van de regio";
        place: Option<String> = "plaats" "Plaats", NAME, Optional, "de plaats van vestiging";
        website: Option<String> = "website" "Website", Shape::Link, Optional, "het adres van de website";
        note: Option<String> = "toelichting" "Toelichting", Shape::Line { max: 1_000 }, Optional, "wat een lezer moet weten";
        aliases: Vec<Alias> = "aliassen" "Ook bekend als", Shape::Groups(Alias::FIELDS, 20), Optional, "andere namen";
    }
}

/// How a name of an organisation is compared: letter case, diacritics and double spaces do not count.
pub fn name_key(name: &str) -> String {
    crate::text::slug::fold(name).split_whitespace().collect::<Vec<_>>().join(" ")
}
