//! A factsheet: the result of one plan or programme on one page.

use chrono::NaiveDate;

use crate::domain::field::{LINES, Shape, TEXT, fields};
use crate::domain::part::{Figure, Output};

fields! {
    /// The fields of its own.
    Factsheet {
        key_points: Vec<String> = "kernpunten" "Kernpunten", Shape::Lines { most: 5, max: 400 }, Optional, "hoogstens vijf zinnen die een lezer moet onthouden";
        effects_clients: Option<String> = "effecten_clienten" "Effect voor cliënten", TEXT, Optional, "wat cliënten en naasten ervan merken";
        effects_professionals: Option<String> = "effecten_professionals" "Effect voor professionals", TEXT, Optional, "wat medewerkers ervan merken";
        next_steps: Option<String> = "vervolgstappen" "Vervolgstappen", TEXT, Optional, "hoe het verdergaat";
        tips: Vec<String> = "tips" "Tips", LINES, Optional, "wat u een ander aanraadt";
        highlights: Vec<String> = "tops" "Tops", LINES, Optional, "waar u trots op bent";
        valid_until: Option<NaiveDate> = "geldig_tot" "Geldig tot", Shape::Day, Optional, "tot wanneer de gegevens kloppen";
        outputs: Vec<Output> = "opbrengsten" "Opbrengsten", Shape::Groups(Output::FIELDS, 60), Optional, "publicaties, interventies en andere producten";
        figures: Vec<Figure> = "cijfers" "Cijfers", Shape::Groups(Figure::FIELDS, 400), Optional, "de getallen achter de kernpunten";
    }
}
