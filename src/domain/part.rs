//! The parts that recur in records and catalogues: who takes part, where a fact comes from, a figure, a relation.

use crate::domain::field::{LINE, NAME, Shape, TEXT, Target, fields};
use crate::domain::period::PartialDate;
use crate::domain::vocabulary::{OutputKind, RelationKind, Role};

fields! {
    /// An organisation and what it is in this document or programme.
    Participation {
        organisation: String = "organisatie" "Organisatie", Shape::Reference(Target::Organisation), Required, "de slug van een organisatie";
        role: Role = "rol" "Rol", Shape::Choice(Role::CHOICES), Required, "trekker, partner, financier of kennispartner";
    }
}

fields! {
    /// Where a fact was read.
    Source {
        title: String = "titel" "Titel", LINE, Required, "de titel van de bron";
        year: Option<i32> = "jaar" "Jaar", Shape::Integer { min: 1900, max: 2199 }, Optional, "het jaar van uitgave";
        page: Option<String> = "pagina" "Vindplaats", LINE, Optional, "pagina, paragraaf of hoofdstuk";
        url: Option<String> = "url" "Adres", Shape::Link, Optional, "het adres op internet";
    }
}

fields! {
    /// How a document hangs on another.
    Relation {
        kind: RelationKind = "soort" "Soort", Shape::Choice(RelationKind::CHOICES), Required, "leidt_tot, bouwt_op, vervangt of onderdeel_van";
        record: String = "document" "Document", Shape::Reference(Target::Record), Required, "de slug van het andere document";
    }
}

fields! {
    /// One number with its unit and date. Figures of the same name form a series.
    Figure {
        name: String = "naam" "Cijfer", LINE, Required, "wat het getal telt of meet";
        breakdown: Option<String> = "uitsplitsing" "Uitsplitsing", LINE, Optional, "welk deel van een reeks: een locatie, groep of functie";
        date: Option<PartialDate> = "peildatum" "Peildatum", Shape::Moment, Optional, "het moment of de periode van het getal";
        value: f64 = "waarde" "Waarde", Shape::Number, Required, "het getal zelf, met een punt voor de decimalen";
        unit: String = "eenheid" "Eenheid", NAME, Required, "bijvoorbeeld %, fte, cliënten of rapportcijfer";
        indicator: Option<String> = "indicator" "Indicator", Shape::Reference(Target::Indicator), Optional, "de code van de indicator die dit meet";
        note: Option<String> = "toelichting" "Toelichting", LINE, Optional, "wat een lezer bij dit getal moet weten";
        page: Option<String> = "pagina" "Vindplaats", LINE, Optional, "waar het in de bron staat";
    }
}

fields! {
    /// Something others can use that came out of the work.
    Output {
        kind: OutputKind = "soort" "Soort", Shape::Choice(OutputKind::CHOICES), Required, "publicatie, interventie of overig";
        title: String = "titel" "Titel", LINE, Required, "hoe het heet";
        note: Option<String> = "toelichting" "Toelichting", TEXT, Optional, "wat het is en wat een ander eraan heeft";
        record: Option<String> = "document" "Document", Shape::Reference(Target::Record), Optional, "de slug van het document erover";
    }
}

fields! {
    /// An indicator the work means to move.
    IndicatorAim {
        indicator: String = "indicator" "Indicator", Shape::Reference(Target::Indicator), Required, "de code van de indicator";
        baseline: Option<String> = "uitgangswaarde" "Uitgangswaarde", LINE, Optional, "de waarde bij het begin, met eenheid en datum";
        target: Option<String> = "streefwaarde" "Streefwaarde", LINE, Optional, "de waarde die u wilt bereiken";
        measured: Vec<String> = "gemeten" "Gemeten", Shape::Lines { most: 20, max: 300 }, Optional, "de waarden die u daarna mat, elk met datum";
        note: Option<String> = "toelichting" "Toelichting", LINE, Optional, "hoe het werk dit getal beweegt";
    }
}
