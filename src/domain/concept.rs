//! A concept of the field and the words people use for it: what a search may also look for.

use crate::domain::field::{LINE, NAME, Shape, fields};

/// One name of a concept.
const FORMS: Shape = Shape::Lines { most: 40, max: 80 };
/// Short forms of a concept.
const SHORT: Shape = Shape::Lines { most: 8, max: 20 };

fields! {
    /// One concept. Its name, short forms and synonyms mean the same: who types one finds them all.
    Concept {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de naam in het adres";
        name: String = "naam" "Naam", NAME, Required, "het woord dat de voorkeur heeft";
        short_forms: Vec<String> = "afkortingen" "Afkortingen", SHORT, Optional, "hoe men het afkort";
        ambiguous_short_forms: Vec<String> = "dubbelzinnige_afkortingen" "Dubbelzinnige afkortingen", SHORT, Optional, "afkortingen die ook iets anders betekenen; ze gelden alleen in hoofdletters";
        synonyms: Vec<String> = "synoniemen" "Synoniemen", FORMS, Optional, "andere woorden voor precies hetzelfde, vaktaal en gewone taal";
        related: Vec<String> = "verwant" "Verwant", FORMS, Optional, "woorden waar wie dit zoekt ook mee geholpen is; andersom niet";
        note: Option<String> = "toelichting" "Toelichting", LINE, Optional, "wat het is, in één zin";
    }
}
