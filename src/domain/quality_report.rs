//! A yearly quality report (kwaliteitsbeeld) along the building blocks of the Generiek Kompas.

use crate::domain::field::{Shape, TEXT, Target, fields};
use crate::domain::part::Figure;

fields! {
    /// What the report says of one building block.
    BlockReview {
        block: String = "bouwsteen" "Bouwsteen", Shape::Reference(Target::BuildingBlock), Required, "de slug van de bouwsteen";
        look_back: Option<String> = "terugblik" "Terugblik", TEXT, Optional, "wat er dat jaar gebeurde";
        went_well: Option<String> = "ging_goed" "Wat ging goed", TEXT, Optional, "wat u wilt behouden";
        to_improve: Option<String> = "te_verbeteren" "Wat beter kan", TEXT, Optional, "wat u gaat veranderen";
    }
}

fields! {
    /// The fields of its own.
    QualityReport {
        year: Option<i32> = "jaar" "Verslagjaar", Shape::Integer { min: 1990, max: 2199 }, Required, "het jaar waarover het gaat";
        reviews: Vec<BlockReview> = "bouwsteenbeelden" "Per bouwsteen", Shape::Groups(BlockReview::FIELDS, 10), Optional, "terugblik per bouwsteen";
        reaction_client_council: Option<String> = "reactie_clientenraad" "Reactie van de cliëntenraad", TEXT, Optional, "wat de cliëntenraad ervan vindt";
        reaction_works_council: Option<String> = "reactie_ondernemingsraad" "Reactie van de ondernemingsraad", TEXT, Optional, "wat de ondernemingsraad ervan vindt";
        reaction_supervisors: Option<String> = "reactie_toezicht" "Reactie van de raad van toezicht", TEXT, Optional, "wat de toezichthouder ervan vindt";
        figures: Vec<Figure> = "cijfers" "Cijfers", Shape::Groups(Figure::FIELDS, 400), Optional, "de getallen van het verslagjaar";
    }
}
