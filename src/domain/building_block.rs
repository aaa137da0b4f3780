//! A building block of the Generiek Kompas, along which quality reports are written.

use crate::domain::field::{NAME, Shape, TEXT, fields};

fields! {
    /// One building block.
    BuildingBlock {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de naam in het adres";
        name: String = "naam" "Naam", NAME, Required, "de naam van de bouwsteen";
        description: Option<String> = "omschrijving" "Omschrijving", TEXT, Optional, "waar de bouwsteen over gaat";
    }
}
