//! A transition project: organisations of a region change together how they work.

use crate::domain::field::{LINE, LINES, NAME, Shape, TEXT, fields};
use crate::domain::part::{Figure, IndicatorAim};

fields! {
    /// The fields of its own.
    TransitionProject {
        category: Option<String> = "categorie" "Categorie", NAME, Optional, "de rubriek binnen het programma";
        goal: Option<String> = "doel" "Doel", TEXT, Optional, "waarom dit project er is";
        approach: Option<String> = "aanpak" "Beschrijving", TEXT, Optional, "wat de deelnemers deden en hoe";
        results: Vec<String> = "resultaten" "Resultaten", LINES, Optional, "wat er veranderde";
        delivered: Vec<String> = "opgeleverd" "Opgeleverde resultaten", LINES, Optional, "producten die een ander kan gebruiken";
        funding: Option<String> = "financiering" "Financiering", LINE, Optional, "waaruit het project is betaald";
        participants: Option<i32> = "aantal_deelnemers" "Aantal deelnemende organisaties", Shape::Integer { min: 1, max: 10_000 }, Optional, "hoeveel organisaties meedoen, als ze niet alle genoemd zijn";
        tips: Vec<String> = "tips" "Tips", LINES, Optional, "wat u een ander aanraadt";
        indicators: Vec<IndicatorAim> = "indicatoren" "Indicatoren", Shape::Groups(IndicatorAim::FIELDS, 20), Optional, "de cijfers die het project wil verbeteren";
        figures: Vec<Figure> = "cijfers" "Cijfers", Shape::Groups(Figure::FIELDS, 400), Optional, "getallen uit of over het project";
    }
}
