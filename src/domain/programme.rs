//! A programme: many plans or projects under one heading and one funder.

use crate::domain::field::{NAME, Shape, TEXT, Target, fields};
use crate::domain::part::{Figure, Participation, Source};
use crate::domain::period::PartialDate;

fields! {
    /// One programme, with the figures it reported itself.
    Programme {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de naam in het adres";
        name: String = "naam" "Naam", NAME, Required, "de naam van het programma";
        description: Option<String> = "omschrijving" "Omschrijving", TEXT, Optional, "waar het programma over gaat";
        region: Option<String> = "regio" "Regio", Shape::Reference(Target::Region), Optional, "de slug van de regio";
        from: Option<PartialDate> = "van" "Van", Shape::Moment, Optional, "het begin";
        until: Option<PartialDate> = "tot" "Tot en met", Shape::Moment, Optional, "het einde";
        notes: Vec<String> = "opmerkingen" "Opmerkingen bij de bron", Shape::Lines { most: 40, max: 1_000 }, Optional, "waar de bron zichzelf tegenspreekt of zwijgt";
        organisations: Vec<Participation> = "organisaties" "Organisaties", Shape::Groups(Participation::FIELDS, 2_000), Optional, "wie het programma draagt";
        figures: Vec<Figure> = "cijfers" "Gemelde cijfers", Shape::Groups(Figure::FIELDS, 400), Optional, "getallen zoals het programma ze meldde";
        sources: Vec<Source> = "bronnen" "Bronnen", Shape::Groups(Source::FIELDS, 40), Optional, "waar dit staat";
    }
}
