//! An organisation and the names it is known by.

use crate::domain::field::{NAME, Shape, Target, fields};
use crate::domain::period::PartialDate;
use crate::domain::vocabulary::{OrganisationKind, Sector, vocabulary};

vocabulary! {
    /// What peers have in common.
    TraitKind {
        /// Number of clients: klein, middel, groot.
        SizeClass = "grootteklasse" "Grootteklasse",
        /// Verblijf, wijkverpleging, volledig pakket thuis, behandeling.
        CareType = "zorgsoort" "Soort zorg",
        Region = "regio" "Regio",
    }
}

fields! {
    /// A fact about an organisation in a span of time, by which it is grouped with peers.
    Trait {
        kind: TraitKind = "kenmerk" "Kenmerk", Shape::Choice(TraitKind::CHOICES), Required, "grootteklasse, zorgsoort of regio";
        value: String = "waarde" "Waarde", Shape::Slug, Required, "bijvoorbeeld klein, middel, groot, verblijf of wijkverpleging; bij regio de slug";
        from: Option<PartialDate> = "van" "Van", Shape::Moment, Optional, "de eerste periode waarin dit geldt";
        until: Option<PartialDate> = "tot" "Tot en met", Shape::Moment, Optional, "de laatste periode waarin dit geldt";
    }
}

impl Trait {
    /// Whether it held at the end of a period.
    pub fn holds(&self, period: PartialDate) -> bool {
        let day = period.last_day();
        self.from.is_none_or(|it| it.first_day() <= day) && self.until.is_none_or(|it| day <= it.last_day())
    }
}

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
        traits: Vec<Trait> = "kenmerken" "Kenmerken voor vergelijking", Shape::Groups(Trait::FIELDS, 60), Optional, "waarmee deze organisatie met soortgelijke wordt vergeleken";
    }
}

impl Organisation {
    /// The values of a trait at the end of a period, in the order of the list.
    pub fn traits_at(&self, kind: TraitKind, period: PartialDate) -> impl Iterator<Item = &str> {
        self.traits.iter().filter(move |it| it.kind == kind && it.holds(period)).map(|it| it.value.as_str())
    }

    /// The region at the end of a period: the dated fact, else where it is now.
    pub fn region_at(&self, period: PartialDate) -> Option<&str> {
        self.traits_at(TraitKind::Region, period).next().or(self.region.as_deref())
    }
}

/// How a name of an organisation is compared: letter case, diacritics and double spaces do not count.
pub fn name_key(name: &str) -> String {
    crate::text::slug::fold(name).split_whitespace().collect::<Vec<_>>().join(" ")
}
