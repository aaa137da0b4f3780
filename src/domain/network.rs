//! A network: organisations that learn together, with the lines along which they act.

use chrono::{Days, NaiveDate};

use crate::domain::field::{NAME, Shape, TEXT, Target, fields};
use crate::domain::indicator::IndicatorGroup;
use crate::domain::part::Source;
use crate::domain::period::{PartialDate, Span};
use crate::domain::vocabulary::vocabulary;

vocabulary! {
    /// How a member shares its figures with the other members.
    Sharing {
        /// In medians and bands, without name.
        Anonymous = "anoniem" "Zonder naam",
        /// With name, in rankings and lists of better members.
        Named = "met-naam" "Met naam",
        /// Not at all: it takes no part in the comparison of this group of indicators.
        Withheld = "niet" "Niet",
    }
}

fields! {
    /// What a member shares of one group of indicators.
    Consent {
        group: IndicatorGroup = "groep" "Groep indicatoren", Shape::Choice(IndicatorGroup::CHOICES), Required, "de groep indicatoren waar het om gaat";
        sharing: Sharing = "vorm" "Hoe", Shape::Choice(Sharing::CHOICES), Required, "anoniem, met-naam of niet";
    }
}

fields! {
    /// When figures of a period are due.
    Deadline {
        span: Span = "periode" "Periode", Shape::Choice(Span::CHOICES), Required, "maand, kwartaal of jaar";
        days: i64 = "dagen" "Dagen na afloop", Shape::Integer { min: 1, max: 400 }, Required, "hoeveel dagen na het einde van de periode de cijfers binnen moeten zijn";
        embargo: Option<i32> = "embargo" "Dagen embargo", Shape::Integer { min: 0, max: 400 }, Optional, "hoeveel dagen na de sluiting de vergelijking pas zichtbaar wordt";
    }
}

fields! {
    /// A member of a network.
    Member {
        organisation: String = "organisatie" "Organisatie", Shape::Reference(Target::Organisation), Required, "de slug van een organisatie";
        role: Option<String> = "rol" "Rol", NAME, Optional, "wat dit lid in het netwerk doet";
        from: Option<PartialDate> = "van" "Van", Shape::Moment, Optional, "lid sinds";
        until: Option<PartialDate> = "tot" "Tot en met", Shape::Moment, Optional, "lid tot en met";
        consents: Vec<Consent> = "deelt" "Wat dit lid deelt", Shape::Groups(Consent::FIELDS, 20), Optional, "per groep indicatoren: anoniem (dat is de gewone vorm), met-naam of niet";
        may_be_asked: Option<MayBeAsked> = "vragen" "Mag gevraagd worden", Shape::Choice(MayBeAsked::CHOICES), Optional, "of andere leden een vraag mogen sturen";
    }
}

vocabulary! {
    /// Whether other members may ask this one how it does it.
    MayBeAsked {
        No = "nee" "Nee",
        Yes = "ja" "Ja",
    }
}

impl Deadline {
    /// The last day to deliver the figures of a period.
    pub fn last_day(&self, period: PartialDate) -> Option<NaiveDate> {
        period.last_day().checked_add_days(Days::new(u64::try_from(self.days).ok()?))
    }
}

impl Member {
    /// Whether it was a member at the end of a period.
    pub fn is_in(&self, period: PartialDate) -> bool {
        let day = period.last_day();
        self.from.is_none_or(|it| it.first_day() <= day) && self.until.is_none_or(|it| day <= it.last_day())
    }

    /// How it shares a group of indicators; without a word of its own, without its name.
    pub fn sharing(&self, group: IndicatorGroup) -> Sharing {
        self.consents.iter().find(|it| it.group == group).map_or(Sharing::Anonymous, |it| it.sharing)
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
        deadlines: Vec<Deadline> = "aanleveren" "Aanleveren", Shape::Groups(Deadline::FIELDS, 3), Optional, "wanneer cijfers binnen moeten zijn";
        sources: Vec<Source> = "bronnen" "Bronnen", Shape::Groups(Source::FIELDS, 40), Optional, "waar dit staat";
    }
}

impl Network {
    /// When figures of a period are due, if anybody said so.
    pub fn deadline(&self, period: PartialDate) -> Option<&Deadline> {
        self.deadlines.iter().find(|it| Some(it.span) == period.span())
    }

    /// Whether it waits for figures of such periods: of each when nobody said which are due.
    pub fn awaits(&self, period: PartialDate) -> bool {
        self.deadlines.is_empty() || self.deadline(period).is_some()
    }

    /// The memberships at the end of a period.
    pub fn members_in(&self, period: PartialDate) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |it| it.is_in(period))
    }
}
