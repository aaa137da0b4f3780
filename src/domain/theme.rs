//! A theme: what practices are about. Themes form a tree; some belong to a programme.

use crate::domain::field::{NAME, Shape, TEXT, Target, fields};
use crate::domain::part::Source;
use crate::domain::period::PartialDate;

const COUNT: Shape = Shape::Integer { min: 0, max: 100_000 };

fields! {
    /// What the programme itself reported of a theme: numbers of participants by phase.
    Reported {
        participants: Option<i32> = "deelnemers" "Deelnemers", COUNT, Optional, "hoeveel deelnemers het programma meldde";
        finished: Option<i32> = "afgerond" "Afgerond", COUNT, Optional, "hoeveel er klaar waren";
        realisation: Option<i32> = "realisatie" "In realisatie", COUNT, Optional, "hoeveel er nog uitvoerden";
        design: Option<i32> = "ontwerp" "In ontwerp", COUNT, Optional, "hoeveel er nog ontwierpen";
        stopped: Option<i32> = "gestopt" "Gestopt", COUNT, Optional, "hoeveel er stopten";
    }
}

impl crate::domain::field::Blank for Reported {
    fn is_blank(&self) -> bool {
        *self == Reported::default()
    }
}

fields! {
    /// An organisation that took part in a theme.
    Participant {
        organisation: String = "organisatie" "Organisatie", Shape::Reference(Target::Organisation), Required, "de slug van een organisatie";
        listed_as: Option<String> = "vermeld_als" "Vermeld als", NAME, Optional, "de naam in de bron, als die anders is";
    }
}

fields! {
    /// One theme.
    Theme {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de naam in het adres";
        name: String = "naam" "Naam", NAME, Required, "de naam van het thema";
        parent: Option<String> = "boven" "Hoort bij", Shape::Reference(Target::Theme), Optional, "de slug van het bredere thema";
        programme: Option<String> = "programma" "Programma", Shape::Reference(Target::Programme), Optional, "de slug van het programma";
        description: Option<String> = "omschrijving" "Waar het over gaat", TEXT, Optional, "wat dit thema is";
        results: Option<String> = "resultaten" "Resultaten", TEXT, Optional, "wat er op dit thema is bereikt";
        from: Option<PartialDate> = "van" "Van", Shape::Moment, Optional, "het begin";
        until: Option<PartialDate> = "tot" "Tot en met", Shape::Moment, Optional, "het einde";
        notes: Vec<String> = "opmerkingen" "Opmerkingen bij de bron", Shape::Lines { most: 40, max: 1_000 }, Optional, "waar gemeld en geteld verschillen";
        reported: Reported = "gemeld" "Gemeld door het programma", Shape::Group(Reported::FIELDS), Optional, "de aantallen zoals het programma ze meldde";
        participants: Vec<Participant> = "deelnemers" "Deelnemers", Shape::Groups(Participant::FIELDS, 2_000), Optional, "wie meedeed, in de volgorde van de bron";
        sources: Vec<Source> = "bronnen" "Bronnen", Shape::Groups(Source::FIELDS, 40), Optional, "waar dit staat";
    }
}
