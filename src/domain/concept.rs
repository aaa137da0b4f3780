//! A concept of the field and the words people use for it: what a search may also look for.

use std::collections::HashMap;

use crate::domain::fault::{Fault, Place};
use crate::domain::field::{LINE, NAME, Shape, fields};
use crate::text::slug;

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
        related: Vec<String> = "verwant" "Verwant", FORMS, Optional, "woorden waar wie dit zoekt ook mee geholpen is, het meest verwante eerst; andersom niet";
        note: Option<String> = "toelichting" "Toelichting", LINE, Optional, "wat het is, in één zin";
    }
}

impl Concept {
    /// All words of the concept with their places, its name first.
    fn forms(&self) -> impl Iterator<Item = (Place, &str)> {
        let lists = [
            ("afkortingen", &self.short_forms),
            ("dubbelzinnige_afkortingen", &self.ambiguous_short_forms),
            ("synoniemen", &self.synonyms),
            ("verwant", &self.related),
        ];
        let inside = lists.into_iter().flat_map(|(field, forms)| {
            let place = Place::root().key(field);
            forms.iter().enumerate().map(move |(at, form)| (place.at(at), form.as_str()))
        });
        std::iter::once((Place::root().key("naam"), self.name.as_str())).chain(inside)
    }

    /// A form stands once. Two concepts may share one: a word can have two meanings.
    pub fn check_rules(&self) -> Vec<Fault> {
        let mut seen: HashMap<String, Place> = HashMap::new();
        let mut faults = Vec::new();
        for (place, form) in self.forms() {
            if let Some(first) = seen.insert(slug::fold(form), place.clone()) {
                faults.push(Fault::new(
                    &place,
                    format!("\"{form}\" staat er al bij {first}"),
                    "noem elke vorm één keer; hoofdletters en accenten tellen niet mee",
                ));
            }
        }
        faults
    }
}
