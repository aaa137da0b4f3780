//! An improvement plan: what one organisation set out to make better, how, and what came of it.

use crate::domain::field::{LINES, Shape, TEXT, fields};
use crate::domain::part::{Figure, IndicatorAim, Output};
use crate::domain::vocabulary::Phase;

fields! {
    /// The fields of its own.
    ImprovementPlan {
        motive: Option<String> = "aanleiding" "Aanleiding", TEXT, Optional, "wat er niet goed ging en voor wie";
        goal: Option<String> = "doel" "Doel", TEXT, Optional, "wat u wilt bereiken, zo meetbaar als kan";
        approach: Option<String> = "aanpak" "Aanpak", TEXT, Optional, "wat u deed, stap voor stap";
        phase: Option<Phase> = "fase" "Fase", Shape::Choice(Phase::CHOICES), Optional, "hoe ver het plan is";
        effects_clients: Option<String> = "effecten_clienten" "Effect voor cliënten", TEXT, Optional, "wat cliënten en naasten ervan merken";
        effects_professionals: Option<String> = "effecten_professionals" "Effect voor professionals", TEXT, Optional, "wat medewerkers ervan merken";
        next_steps: Option<String> = "vervolgstappen" "Vervolgstappen", TEXT, Optional, "hoe het verdergaat";
        tips: Vec<String> = "tips" "Tips", LINES, Optional, "wat u een ander aanraadt";
        highlights: Vec<String> = "tops" "Tops", LINES, Optional, "waar u trots op bent";
        outputs: Vec<Output> = "opbrengsten" "Opbrengsten", Shape::Groups(Output::FIELDS, 60), Optional, "publicaties, interventies en andere producten";
        indicators: Vec<IndicatorAim> = "indicatoren" "Indicatoren", Shape::Groups(IndicatorAim::FIELDS, 20), Optional, "de cijfers die het plan wil verbeteren";
        figures: Vec<Figure> = "cijfers" "Cijfers", Shape::Groups(Figure::FIELDS, 400), Optional, "getallen uit of over het plan";
    }
}
