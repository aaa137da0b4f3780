//! The documents of the synthetic library. Each is made from its own number alone, so the first thousand are the
//! same in a library of ten thousand.

use chrono::NaiveDate;

use crate::domain::factsheet::Factsheet;
use crate::domain::improvement_plan::ImprovementPlan;
use crate::domain::indicator::IndicatorGroup;
use crate::domain::organisation::Organisation;
use crate::domain::part::{IndicatorAim, Output, Relation};
use crate::domain::period::PartialDate;
use crate::domain::publication::Publication;
use crate::domain::quality_report::{BlockReview, QualityReport};
use crate::domain::record::{Common, Own, Record};
use crate::domain::transition_project::TransitionProject;
use crate::domain::vocabulary::{
    Outcome, OutputKind, Phase, PublicationType, RecordKind, RelationKind, Sector, Success,
};

use super::figures;
use super::lists::{INDICATORS, Lists, source};
use super::prose::{Prose, address, capital, within};
use super::random::Random;
use super::vocabulary::Vocabulary;
use super::{FIRST_YEAR, INVENTED, LAST_YEAR, MARK};

/// Of a hundred documents, how many are of a kind.
const KINDS: [(usize, RecordKind); 5] = [
    (45, RecordKind::ImprovementPlan),
    (15, RecordKind::Factsheet),
    (12, RecordKind::TransitionProject),
    (13, RecordKind::QualityReport),
    (15, RecordKind::Publication),
];
/// The longest title and summary: see the table of the fields.
const TITLE_MAX: usize = 90;
const SUMMARY_MAX: usize = 300;

/// What all documents are made of.
pub(super) struct Maker<'a> {
    pub vocabulary: &'a Vocabulary,
    pub lists: &'a Lists,
}

impl Maker<'_> {
    /// The document of a number, with the documents made before it to refer to.
    pub fn document(&self, number: usize, random: &mut Random, before: &[Record]) -> Record {
        let kind = kind(random);
        let lists = self.lists;
        // Recent years more than early ones.
        let span = LAST_YEAR - FIRST_YEAR + 1;
        let year = FIRST_YEAR + random.below(span).max(random.below(span));

        let mut themes: Vec<usize> = Vec::new();
        for _ in 0..random.between(1, 4) {
            let theme = random.below(lists.subjects.len());
            if !themes.contains(&theme) {
                themes.push(theme);
            }
        }
        let subjects = themes.iter().map(|it| lists.subjects[*it].as_slice()).collect();
        let prose = Prose { vocabulary: self.vocabulary, subjects };

        let count = match kind {
            RecordKind::QualityReport => 1,
            RecordKind::TransitionProject => random.between(2, 6),
            _ => random.between(1, 6).min(random.between(1, 6)),
        };
        let organisations = lists.participations(count, random);
        let lead = organisations.first().and_then(|it| lists.catalogue.organisation(&it.organisation));

        let title = self.title(kind, &prose, lead, year, random);
        let own = self.own(kind, &prose, year, random);
        let summary = format!("Verzonnen voorbeeld. {}", prose.line(random, 2, SUMMARY_MAX - 21));
        let runs = matches!(kind, RecordKind::ImprovementPlan | RecordKind::TransitionProject);
        let until = (year + random.below(3)).min(LAST_YEAR);
        let outcome = runs.then(|| outcome(until, random));
        let sources = vec![source(year)];
        let common = Common {
            title: format!("{title} {MARK}"),
            summary: summary.trim_end().to_owned(),
            former_slugs: random.percent(3).then(|| format!("eerder-adres-{number:06}")).into_iter().collect(),
            themes: themes.iter().map(|it| lists.catalogue.themes[*it].slug.clone()).collect(),
            building_blocks: self.building_blocks(random),
            sectors: sectors(lead, random),
            region: self.region(lead, random),
            programme: self.programme(kind, random),
            from: runs.then(|| moment(year, random)).flatten(),
            until: runs.then(|| PartialDate::parse(&until.to_string())).flatten(),
            outcome,
            success: outcome.filter(|it| *it == Outcome::Finished).map(|_| success(random)),
            keywords: self.keywords(&prose, random),
            contact: random.percent(60).then(|| format!("afdeling kwaliteit {MARK}")),
            review_by: random.percent(50).then(|| day(random.between(2027, 2030), random)).flatten(),
            last_confirmed: random.percent(30).then(|| day(random.between(2024, 2025), random)).flatten(),
            source_notes: vec![INVENTED.to_owned()],
            relations: relations(before, random),
            organisations,
            sources,
            ..Common::default()
        };
        let body = prose.body(random);
        Record { slug: format!("{}-{number:06}", within_address(&title)), common, own, body }
    }

    fn title(
        &self,
        kind: RecordKind,
        prose: &Prose,
        lead: Option<&Organisation>,
        year: usize,
        random: &mut Random,
    ) -> String {
        // Its own theme by name, as an author would write it.
        let theme = prose.subjects.first().and_then(|it| it.first()).map_or("zorg", String::as_str);
        let mut headings = (0..5).map(|_| prose.heading(random));
        let heading = headings.find(|it| !it.contains(theme)).unwrap_or_else(|| "samen leren".to_owned());
        let text = match (kind, random.below(3)) {
            (RecordKind::QualityReport, _) => {
                format!("Kwaliteitsbeeld {year} {}", lead.map_or("", |it| it.name.trim_end_matches(MARK).trim_end()))
            }
            (RecordKind::ImprovementPlan, 0) => format!("Verbeterplan {theme}: {heading}"),
            (RecordKind::TransitionProject, 0) => format!("Samen aan {theme}: {heading}"),
            (RecordKind::Factsheet, 0) => format!("{theme} in het kort: {heading}"),
            (RecordKind::Publication, 0) => format!("Handreiking {theme}: {heading}"),
            (_, 1) => format!("{theme}: {heading}"),
            _ => heading,
        };
        capital(&within(&text, TITLE_MAX - MARK.len() - 1))
    }

    fn building_blocks(&self, random: &mut Random) -> Vec<String> {
        let blocks = &self.lists.catalogue.building_blocks;
        let count = if random.percent(60) { random.between(1, 2) } else { 0 };
        let at = random.below(blocks.len());
        (0..count).map(|it| blocks[(at + it) % blocks.len()].slug.clone()).collect()
    }

    /// Mostly where the lead is.
    fn region(&self, lead: Option<&Organisation>, random: &mut Random) -> Option<String> {
        match random.below(100) {
            it if it < 80 => lead.and_then(|it| it.region.clone()),
            it if it < 92 => Some(random.pick(&self.lists.catalogue.regions).slug.clone()),
            _ => None,
        }
    }

    fn programme(&self, kind: RecordKind, random: &mut Random) -> Option<String> {
        let chance = if kind == RecordKind::TransitionProject { 80 } else { 30 };
        random.percent(chance).then(|| random.pick(&self.lists.catalogue.programmes).slug.clone())
    }

    fn keywords(&self, prose: &Prose, random: &mut Random) -> Vec<String> {
        let mut res: Vec<String> = Vec::new();
        for _ in 0..random.below(6) {
            let word = prose.of_subject(random);
            if !res.iter().any(|it| it == word) {
                res.push(word.to_owned());
            }
        }
        res
    }

    /// The fields of the kind, about half of them filled.
    fn own(&self, kind: RecordKind, prose: &Prose, year: usize, random: &mut Random) -> Own {
        let text = |random: &mut Random, chance: usize| random.percent(chance).then(|| prose.paragraph(random));
        let lines = |random: &mut Random, chance: usize| match random.percent(chance) {
            true => prose.lines(random, 4),
            false => vec![],
        };
        let figures = |random: &mut Random, chance: usize| match random.percent(chance) {
            true => figures::some(6, year, random),
            false => vec![],
        };
        match kind {
            RecordKind::ImprovementPlan => Own::ImprovementPlan(ImprovementPlan {
                motive: text(random, 60),
                goal: text(random, 70),
                approach: text(random, 60),
                phase: Some(*random.pick(Phase::ALL)),
                effects_clients: text(random, 40),
                effects_professionals: text(random, 40),
                next_steps: text(random, 30),
                tips: lines(random, 30),
                highlights: lines(random, 20),
                outputs: outputs(prose, random),
                indicators: indicators(random),
                figures: figures(random, 30),
            }),
            RecordKind::Factsheet => Own::Factsheet(Factsheet {
                key_points: lines(random, 90),
                effects_clients: text(random, 50),
                effects_professionals: text(random, 50),
                next_steps: text(random, 30),
                tips: lines(random, 50),
                highlights: lines(random, 30),
                valid_until: random.percent(40).then(|| day(random.between(2027, 2030), random)).flatten(),
                outputs: outputs(prose, random),
                figures: figures(random, 60),
            }),
            RecordKind::TransitionProject => Own::TransitionProject(TransitionProject {
                category: Some(capital(prose.of_subject(random))),
                goal: text(random, 80),
                approach: text(random, 80),
                results: lines(random, 60),
                delivered: lines(random, 50),
                funding: random.percent(50).then(|| "Verzonnen transitiemiddelen".to_owned()),
                participants: random.percent(40).then(|| random.between(2, 40) as i32),
                tips: lines(random, 30),
                indicators: indicators(random),
                figures: figures(random, 30),
            }),
            RecordKind::QualityReport => Own::QualityReport(QualityReport {
                year: Some(year as i32),
                reviews: self.reviews(prose, random),
                reaction_client_council: text(random, 60),
                reaction_works_council: text(random, 40),
                reaction_supervisors: text(random, 30),
                figures: figures(random, 90),
            }),
            RecordKind::Publication => Own::Publication(Publication {
                publication_type: Some(*random.pick(PublicationType::ALL)),
                publisher: Some(format!("Uitgeverij Voorbeeld {MARK}")),
                year: Some(year as i32),
                link: random.percent(50).then(|| format!("https://publicaties.example/{}", random.below(100_000))),
                available_from: None,
            }),
        }
    }

    fn reviews(&self, prose: &Prose, random: &mut Random) -> Vec<BlockReview> {
        let blocks = &self.lists.catalogue.building_blocks;
        let count = random.between(1, blocks.len());
        let make = |block: &crate::domain::building_block::BuildingBlock| BlockReview {
            block: block.slug.clone(),
            look_back: Some(prose.paragraph(random)),
            went_well: random.percent(50).then(|| prose.line(random, 1, 400)),
            to_improve: random.percent(50).then(|| prose.line(random, 1, 400)),
        };
        blocks.iter().take(count).map(make).collect()
    }
}

fn kind(random: &mut Random) -> RecordKind {
    let mut left = random.below(100);
    for (share, kind) in KINDS {
        if left < share {
            return kind;
        }
        left -= share;
    }
    RecordKind::ImprovementPlan
}

/// How it ended, if it ended.
fn outcome(until: usize, random: &mut Random) -> Outcome {
    match random.below(100) {
        _ if until == LAST_YEAR => Outcome::Running,
        it if it < 85 => Outcome::Finished,
        _ => Outcome::Stopped,
    }
}

fn success(random: &mut Random) -> Success {
    match random.below(100) {
        it if it < 55 => Success::Achieved,
        it if it < 85 => Success::Partly,
        _ => Success::Failed,
    }
}

/// Those of the lead, else any.
fn sectors(lead: Option<&Organisation>, random: &mut Random) -> Vec<Sector> {
    match lead {
        Some(lead) if !lead.sectors.is_empty() => lead.sectors.clone(),
        _ => vec![*random.pick(Sector::ALL)],
    }
}

/// A fifth of the documents points at one or two earlier ones.
fn relations(before: &[Record], random: &mut Random) -> Vec<Relation> {
    let count = if before.is_empty() || random.percent(80) { 0 } else { random.between(1, 2) };
    let mut res: Vec<Relation> = Vec::new();
    for _ in 0..count {
        let record = &random.pick(before).slug;
        if !res.iter().any(|it| it.record == *record) {
            res.push(Relation { kind: *random.pick(RelationKind::ALL), record: record.clone() });
        }
    }
    res
}

fn outputs(prose: &Prose, random: &mut Random) -> Vec<Output> {
    let count = random.below(3);
    let make = |_| Output {
        kind: *random.pick(OutputKind::ALL),
        title: capital(&prose.heading(random)),
        note: random.percent(40).then(|| prose.line(random, 1, 400)),
        record: None,
    };
    (0..count).map(make).collect()
}

fn indicators(random: &mut Random) -> Vec<IndicatorAim> {
    let count = random.below(3);
    let make = |(code, ..): &(&str, &str, IndicatorGroup)| IndicatorAim {
        indicator: (*code).to_owned(),
        baseline: Some(format!("{},0 (verzonnen)", random.between(4, 12))),
        target: Some(format!("{},0 (verzonnen)", random.between(2, 9))),
        ..IndicatorAim::default()
    };
    INDICATORS.iter().take(count).map(make).collect()
}

/// A year, a quarter or a month.
fn moment(year: usize, random: &mut Random) -> Option<PartialDate> {
    PartialDate::parse(&match random.below(3) {
        0 => year.to_string(),
        1 => format!("{year}-K{}", random.between(1, 4)),
        _ => format!("{year}-{:02}", random.between(1, 12)),
    })
}

fn day(year: usize, random: &mut Random) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year as i32, random.between(1, 12) as u32, random.between(1, 28) as u32)
}

/// The title as an address, with room for a number behind it.
fn within_address(title: &str) -> String {
    within(&address(title).replace('-', " "), 80).replace(' ', "-")
}
