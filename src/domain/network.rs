//! A network: organisations that learn together, with the lines along which they act.

use crate::domain::field::{NAME, Shape, TEXT, Target, fields};
use crate::domain::part::Source;
use crate::domain::period::PartialDate;

fields! {
    /// A member of a network.
    Member {
        organisation: String = "organisatie" "Organisatie", Shape::Reference(Target::Organisation), Required, "de slug van een organisatie";
        role: Option<String> = "rol" "Rol", NAME, Optional, "wat dit lid in het netwerk doet";
        from: Option<PartialDate> = "van" "Van", Shape::Moment, Optional, "lid sinds";
        until: Option<PartialDate> = "tot" "Tot en met", Shape::Moment, Optional, "lid tot en met";
    }
}

fields! {
    /// A line along which the members act together.
    ActionLine {
        name: String = "naam" "Naam", NAME, Required, "de naam van de actielijn";
        description: Option<String> = "omschrijving" "Omschrijving", TEXT, Optional, "wat de leden samen doen";
    }
}

fields! {
    /// One network.
    Network {
        slug: String = "slug" "Slug", Shape::Slug, Required, "de naam in het adres";
        name: String = "naam" "Naam", NAME, Required, "de naam van het netwerk";
        description: Option<String> = "omschrijving" "Omschrijving", TEXT, Optional, "waarvoor het netwerk er is";
        region: Option<String> = "regio" "Regio", Shape::Reference(Target::Region), Optional, "de slug van de regio";
        from: Option<PartialDate> = "van" "Van", Shape::Moment, Optional, "het begin";
        until: Option<PartialDate> = "tot" "Tot en met", Shape::Moment, Optional, "het einde";
        members: Vec<Member> = "leden" "Leden", Shape::Groups(Member::FIELDS, 2_000), Optional, "wie lid is";
        action_lines: Vec<ActionLine> = "actielijnen" "Actielijnen", Shape::Groups(ActionLine::FIELDS, 60), Optional, "wat de leden samen doen";
        sources: Vec<Source> = "bronnen" "Bronnen", Shape::Groups(Source::FIELDS, 40), Optional, "waar dit staat";
    }
}
