//! Closed lists of words: each value has one Dutch word outside and one label.

/// One value of a vocabulary as the outside sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The word in files, addresses and the API.
    pub word: &'static str,
    /// The word on a page.
    pub label: &'static str,
}

/// Makes an enum with its Dutch words: `word()`, `label()`, `parse()`, `ALL`, `CHOICES`, and serde by word.
/// The default is the first value; with `, silent` after the name it is also what an absent field means.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, silent { $($body:tt)+ }) => {
        $crate::domain::vocabulary::vocabulary!(@make $(#[$doc])* $name true { $($body)+ });
    };
    ($(#[$doc:meta])* $name:ident { $($body:tt)+ }) => {
        $crate::domain::vocabulary::vocabulary!(@make $(#[$doc])* $name false { $($body)+ });
    };
    (@make $(#[$doc:meta])* $name:ident $silent:literal { $($(#[$vdoc:meta])* $value:ident = $word:literal $label:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $value,)+
        }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$value,)+];
            pub const CHOICES: &[$crate::domain::vocabulary::Choice] =
                &[$($crate::domain::vocabulary::Choice { word: $word, label: $label },)+];

            /// The Dutch word in files, addresses and the API.
            pub fn word(self) -> &'static str {
                match self { $($name::$value => $word,)+ }
            }

            /// The Dutch label on a page.
            pub fn label(self) -> &'static str {
                match self { $($name::$value => $label,)+ }
            }

            /// The value of a word, if it is one of the list.
            pub fn parse(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$value),)+ _ => None }
            }
        }

        impl Default for $name {
            fn default() -> $name {
                $name::ALL[0]
            }
        }

        impl $crate::domain::field::Blank for $name {
            fn is_blank(&self) -> bool {
                $silent && *self == $name::default()
            }
        }
    };
}

pub(crate) use vocabulary;

vocabulary! {
    /// The five kinds of documents in the knowledge base.
    RecordKind {
        ImprovementPlan = "verbeterplan" "Verbeterplan",
        Factsheet = "factsheet" "Factsheet",
        TransitionProject = "transitieproject" "Transitieproject",
        QualityReport = "kwaliteitsbeeld" "Kwaliteitsbeeld",
        Publication = "publicatie" "Publicatie",
    }
}

impl RecordKind {
    /// More than one, as a page says it and as the content folder is called: "verbeterplannen".
    pub fn plural(self) -> &'static str {
        match self {
            RecordKind::ImprovementPlan => "verbeterplannen",
            RecordKind::Factsheet => "factsheets",
            RecordKind::TransitionProject => "transitieprojecten",
            RecordKind::QualityReport => "kwaliteitsbeelden",
            RecordKind::Publication => "publicaties",
        }
    }
}

vocabulary! {
    /// The sectors of long-term care.
    Sector {
        NursingAndCare = "vv" "Verpleging en verzorging",
        DisabilityCare = "ghz" "Gehandicaptenzorg",
        MentalHealthCare = "ggz" "Geestelijke gezondheidszorg",
        HomeCare = "thuiszorg" "Thuiszorg",
    }
}

vocabulary! {
    /// What an organisation is in a document or programme.
    Role {
        Lead = "trekker" "Trekker",
        Partner = "partner" "Partner",
        Funder = "financier" "Financier",
        KnowledgePartner = "kennispartner" "Kennispartner",
    }
}

vocabulary! {
    /// How far an improvement plan is.
    Phase {
        Orientation = "visie-en-orientatie" "Visie en oriëntatie",
        Design = "ontwerp" "Ontwerp",
        Realisation = "realisatie" "Realisatie",
        Embedding = "borging" "Borging",
    }
}

vocabulary! {
    /// Whether work still runs.
    Outcome {
        Running = "loopt" "Loopt",
        Finished = "afgerond" "Afgerond",
        Stopped = "gestopt" "Gestopt",
    }
}

vocabulary! {
    /// Whether it worked.
    Success {
        Achieved = "gelukt" "Gelukt",
        Partly = "deels" "Deels gelukt",
        Failed = "niet-gelukt" "Niet gelukt",
    }
}

vocabulary! {
    /// How one document hangs on another.
    RelationKind {
        LeadsTo = "leidt_tot" "Leidt tot",
        BuildsOn = "bouwt_op" "Bouwt voort op",
        Replaces = "vervangt" "Vervangt",
        PartOf = "onderdeel_van" "Onderdeel van",
    }
}

vocabulary! {
    /// What came out of a plan.
    OutputKind {
        Publication = "publicatie" "Publicatie",
        Intervention = "interventie" "Interventie",
        Other = "overig" "Overig",
    }
}

vocabulary! {
    /// What kind of publication it is.
    PublicationType {
        Tool = "tool" "Tool",
        Guide = "handreiking" "Handreiking",
        Report = "rapport" "Rapport",
        Film = "film" "Film",
        Minutes = "verslag" "Verslag",
        ELearning = "e-learning" "E-learning",
        Signpost = "wegwijzer" "Wegwijzer",
        Other = "overig" "Overig",
    }
}

vocabulary! {
    /// What an organisation is.
    OrganisationKind {
        CareProvider = "zorgaanbieder" "Zorgaanbieder",
        CareOffice = "zorgkantoor" "Zorgkantoor",
        Insurer = "verzekeraar" "Zorgverzekeraar",
        Municipality = "gemeente" "Gemeente",
        Government = "overheid" "Overheid",
        KnowledgeInstitute = "kennisinstituut" "Kennisinstituut",
        Education = "onderwijs" "Onderwijs",
        TradeBody = "branche" "Branche- of beroepsorganisatie",
        Alliance = "samenwerkingsverband" "Samenwerkingsverband",
        Company = "bedrijf" "Bedrijf",
        Other = "overig" "Overig",
    }
}

vocabulary! {
    /// What a region is.
    RegionKind {
        CareOfficeRegion = "zorgkantoorregio" "Zorgkantoorregio",
        Subregion = "subregio" "Subregio",
        Region = "regio" "Regio",
    }
}
