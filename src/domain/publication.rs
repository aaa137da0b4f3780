//! A publication: an output others can use.

use crate::domain::field::{NAME, Shape, fields};
use crate::domain::period::PartialDate;
use crate::domain::vocabulary::PublicationType;

fields! {
    /// The fields of its own.
    Publication {
        publication_type: Option<PublicationType> = "publicatiesoort" "Soort publicatie", Shape::Choice(PublicationType::CHOICES), Optional, "tool, handreiking, rapport, film, verslag, e-learning, wegwijzer of overig";
        publisher: Option<String> = "uitgever" "Uitgever", NAME, Optional, "wie de publicatie uitgaf";
        year: Option<i32> = "jaar" "Jaar van uitgave", Shape::Integer { min: 1900, max: 2199 }, Optional, "het jaar van uitgave";
        link: Option<String> = "link" "Link", Shape::Link, Optional, "waar de publicatie staat";
        available_from: Option<PartialDate> = "beschikbaar_vanaf" "Beschikbaar vanaf", Shape::Moment, Optional, "wanneer de publicatie verschijnt";
    }
}
