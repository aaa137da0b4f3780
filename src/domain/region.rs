//! A region: the area of a care office, or a part of it.

use crate::domain::field::{NAME, Shape, TEXT, Target, fields};
use crate::domain::vocabulary::RegionKind;

fields! {
    /// One region.
    Region {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de naam in het adres";
        name: String = "naam" "Naam", NAME, Required, "de naam van de regio";
        kind: RegionKind = "soort" "Soort", Shape::Choice(RegionKind::CHOICES), Required, "zorgkantoorregio, subregio of regio";
        parent: Option<String> = "boven" "Hoort bij", Shape::Reference(Target::Region), Optional, "de slug van de grotere regio";
        description: Option<String> = "omschrijving" "Omschrijving", TEXT, Optional, "welk gebied het is";
    }
}
