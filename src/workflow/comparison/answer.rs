//! Questions answered from what was read, without a look at the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::benchmark::comparison::{self, Comparison, Input, Slice};
use crate::benchmark::disclosure::{Member, Released};
use crate::benchmark::measure::Measure;
use crate::benchmark::peer_group::PeerGroup;
use crate::domain::indicator::Indicator;
use crate::domain::members::Members;
use crate::domain::period::PartialDate;
use crate::domain::seen_group::SeenGroup;
use crate::store::seen_group::{self, SeenBy};

use super::{Closed, Ground, Memory, Question, Values, Viewer};

/// Under which names the groups a viewer saw of an indicator are remembered: those of its own choice with all
/// indicators of the same denominator, the standard groups by indicator. The latter are the same for everybody, and who
/// delivers one indicator and not another would make them differ by a few without giving anything away.
pub(super) fn families(indicator: &Indicator) -> [String; 2] {
    [indicator.denominator_family().to_owned(), standard_family(indicator)]
}

pub(super) fn standard_family(indicator: &Indicator) -> String {
    format!("indicator:{}", indicator.slug)
}

/// Under which name it is remembered what everybody may see: the standard groups but networks, whose members differ
/// from each other in when they first look.
pub(super) const EVERYBODY: &str = "";

/// What a viewer and everybody were shown, by family.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Seen(BTreeMap<String, Vec<SeenBy>>);

impl Seen {
    pub(super) fn new(all: Vec<SeenBy>) -> Seen {
        let mut res = Seen::default();
        all.into_iter().for_each(|it| res.push(it));
        res
    }

    fn push(&mut self, it: SeenBy) {
        self.0.entry(it.family.clone()).or_default().push(it);
    }

    pub(super) fn of<'a>(&'a self, families: &'a [String]) -> Vec<&'a SeenBy> {
        families.iter().filter_map(|it| self.0.get(it)).flatten().collect()
    }
}

/// What all questions of one viewer are answered from.
pub(super) struct Scene<'a> {
    pub(super) memory: &'a Memory,
    pub(super) viewer: &'a Viewer<'a>,
    pub(super) ground: &'a Ground,
    pub(super) closed: &'a Closed,
}

impl Scene<'_> {
    /// The answers, and what of them the viewer had not seen. An answer knows what those before it showed.
    pub(super) fn answers(
        &self,
        questions: &[Question<'_>],
        mut seen: Seen,
    ) -> (Vec<Option<Released<Comparison>>>, Vec<SeenBy>) {
        let mut news = Vec::new();
        let answers = questions
            .iter()
            .map(|question| {
                let families = families(question.indicator);
                let (shown, fresh) = self.answer(question, &families, &seen.of(&families))?;
                fresh.iter().cloned().for_each(|it| seen.push(it));
                news.extend(fresh);
                Some(shown)
            })
            .collect();
        (answers, news)
    }

    /// `None` without a period.
    fn answer(
        &self,
        question: &Question<'_>,
        families: &[String; 2],
        seen: &[&SeenBy],
    ) -> Option<(Released<Comparison>, Vec<SeenBy>)> {
        let Question { indicator, group, .. } = *question;
        let policy = self.ground.policy.for_indicator(indicator);
        let slices: Vec<Slice> = question.periods.iter().map(|it| self.slice(question, *it, seen)).collect();
        // Who saw very many groups gets the standard ones from then on.
        let is_full = slices.iter().any(|it| seen_group::MOST as usize <= it.seen.len());
        let name = self.viewer.name().filter(|_| !is_full);
        let compared = comparison::compare(&Input {
            measure: Measure::new(indicator),
            sensitivity: indicator.sensitivity,
            viewer: name.as_deref(),
            may_rank: matches!(group, PeerGroup::Network(_)),
            step: 10f64.powi(-(indicator.digits() as i32)),
            today: self.ground.now.date_naive(),
            policy: &policy,
            extent: question.extent,
            slices: &slices,
        })?;
        let family = &families[usize::from(group.is_standard())];
        let by = |viewer: &str, period, group: SeenGroup| SeenBy {
            viewer: viewer.to_owned(),
            family: family.clone(),
            period,
            group: Arc::new(group),
        };
        let mut news = Vec::new();
        for (period, group) in compared.seen {
            let standard = slices.iter().find(|it| it.period == period).map(|it| &it.standard);
            let is_everybodys = is_public(question.group) && standard.is_some_and(|it| it.shows(&group.members));
            // What is shown to everybody is not remembered of each again.
            let is_own = !is_everybodys || group.positions || !group.named.is_empty();
            if is_everybodys {
                let members = group.members.clone();
                news.push(by(EVERYBODY, period, SeenGroup { members, named: Members::default(), positions: false }));
            }
            news.extend(name.as_deref().filter(|_| is_own).map(|it| by(it, period, group)));
        }
        news.retain(|it| !seen.contains(&it));
        Some((compared.shown, news))
    }

    fn slice(&self, question: &Question<'_>, period: PartialDate, seen: &[&SeenBy]) -> Slice {
        let Question { indicator, group, part, .. } = *question;
        let Scene { memory, viewer, ground, closed } = *self;
        let present = ground.series(indicator);
        let series = closed.series(question, period).unwrap_or(&present);
        let values = Values::new(series, indicator, period, part, viewer.organisation, ground.now);
        let names = memory.members(&ground.catalogue, period, group, viewer.organisation);
        let shared = memory.shared(&ground.catalogue, indicator, period);
        let sharing = shared.to(viewer, group);
        let members =
            names.iter().map(|name| Member { value: values.of(name), sharing: sharing.of(name), name: name.clone() });
        let family = standard_family(indicator);
        let versions = |is_of: &dyn Fn(&SeenBy) -> bool| -> Vec<Members> {
            let these = seen.iter().filter(|it| it.period == period && it.family == family && is_of(it));
            these.map(|it| it.group.members.clone()).collect()
        };
        let public = versions(&|it| it.viewer == EVERYBODY);
        Slice {
            period,
            members: members.collect(),
            own: viewer.organisation.and_then(|it| values.of(it)),
            standard: memory.standard(ground, indicator, period, part, &public),
            seen: seen.iter().filter(|it| it.period.overlaps(period)).map(|it| it.group.clone()).collect(),
            before: match group {
                PeerGroup::Chosen(_) => vec![],
                PeerGroup::Network(_) => versions(&|it| it.viewer != EVERYBODY),
                _ => versions(&|_| true),
            },
        }
    }
}

/// Whether everybody may see it.
fn is_public(group: &PeerGroup) -> bool {
    !matches!(group, PeerGroup::Network(_) | PeerGroup::Chosen(_))
}
