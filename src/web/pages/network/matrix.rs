//! Members beside indicators: the figures that members show by name, and of the others why there is none.
//!
//! Invariant: a figure stands here only when it left `disclosure` with the name of the member; who shares without a
//! name has the same cell whatever the figure is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::app::App;
use crate::benchmark::comparison::Comparison;
use crate::benchmark::disclosure::Extent;
use crate::benchmark::disclosure::policy::{Cell, Reason};
use crate::benchmark::peer_group::PeerGroup;
use crate::domain::catalogue::Catalogue;
use crate::domain::field::Target;
use crate::domain::indicator::{Indicator, IndicatorKind};
use crate::domain::network::Sharing;
use crate::text::dutch;
use crate::web::actor::Visitor;
use crate::web::card::Link;
use crate::web::error::Failure;
use crate::web::measured;
use crate::web::pages::compare::asked;
use crate::web::url;
use crate::workflow::comparison::{self, Question, Viewer};
use crate::workflow::network::{MemberProgress, Progress};

/// The table.
pub struct Matrix {
    pub columns: Vec<Link>,
    pub rows: Vec<(Link, Vec<CellView>)>,
    /// Reasons that stand in it, each once, in sentences.
    pub reasons: Vec<(&'static str, &'static str)>,
    /// Whether there are compositions, which do not fit in a cell.
    pub has_compositions: bool,
}

/// A figure, or why there is none.
pub enum CellView {
    Value(String),
    /// The member does not share it by name.
    NotShared(&'static str),
    /// It shares it, and still it is not shown.
    Hidden(&'static str),
    Missing,
}

/// What a column needs to know of its indicator.
struct Column<'a> {
    indicator: &'a Indicator,
    figures: Option<Comparison>,
    sharing: BTreeMap<Arc<str>, Sharing>,
    /// Who has a number that counts.
    present: BTreeSet<String>,
}

/// Members beside these indicators, as this viewer may see them.
pub async fn of(
    app: &App,
    visitor: &Visitor,
    catalogue: &Catalogue,
    network: &str,
    progress: &Progress,
    indicators: &[&Indicator],
) -> Result<Matrix, Failure> {
    let now = app.clock.now();
    let viewer = Viewer { actor: &visitor.actor, organisation: asked::organisation(visitor, "") };
    let group = PeerGroup::Network(network.to_owned());
    let simple: Vec<&Indicator> =
        indicators.iter().copied().filter(|it| it.kind != IndicatorKind::Composition).collect();
    let ground = comparison::ground(&app.store, &simple, now).await?;
    let periods = [progress.period];
    let question =
        |indicator| Question { indicator, group: &group, periods: &periods, part: None, extent: Extent::All };
    let questions: Vec<Question<'_>> = simple.iter().copied().map(question).collect();
    let answers = comparison::compare(&app.store, &app.comparisons, &viewer, &ground, &questions).await?;
    let columns: Vec<Column<'_>> = simple
        .into_iter()
        .zip(answers)
        .map(|(indicator, shown)| Column {
            indicator,
            figures: shown.map(|it| it.get().clone()),
            sharing: comparison::in_network(catalogue, indicator, progress.period, network),
            present: comparison::present(&ground, indicator, progress.period),
        })
        .collect();
    let mut members: Vec<(Link, &MemberProgress)> =
        progress.members.iter().map(|it| (Link::to(catalogue, Target::Organisation, &it.organisation), it)).collect();
    members.sort_by_key(|it| dutch::sort_key(&it.0.name));
    let mut reasons = Vec::new();
    let rows = members.into_iter().map(|(link, member)| {
        let cells = columns.iter().map(|column| {
            let is_visible = member.is_visible(&column.indicator.slug, now);
            column.cell(member, viewer.organisation, is_visible, &mut reasons)
        });
        (link, cells.collect())
    });
    let rows = rows.collect();
    let group = group.to_string();
    let period = progress.period.to_string();
    let link = |it: &Column<'_>| Link {
        url: url::with_query(&url::indicator(&it.indicator.slug), &[("groep", &group), ("periode", &period)]),
        name: it.indicator.name.clone(),
    };
    Ok(Matrix {
        columns: columns.iter().map(link).collect(),
        rows,
        reasons,
        has_compositions: indicators.iter().any(|it| it.kind == IndicatorKind::Composition),
    })
}

impl Column<'_> {
    fn cell(
        &self,
        member: &MemberProgress,
        own: Option<&str>,
        is_visible: bool,
        reasons: &mut Vec<(&'static str, &'static str)>,
    ) -> CellView {
        let name = member.organisation.as_str();
        let is_own = own == Some(name);
        let figures = self.figures.as_ref();
        let named = figures.and_then(|it| it.named.iter().find(|it| it.name == name)).map(|it| it.value);
        let found = if is_own { figures.and_then(|it| it.own).map(|it| it.value) } else { named };
        if let Some(value) = found {
            return CellView::Value(measured::amount(self.indicator, value));
        }
        match self.sharing.get(name) {
            Some(Sharing::Withheld) if !is_own => CellView::NotShared("doet niet mee"),
            Some(Sharing::Anonymous) | None if !is_own => CellView::NotShared("zonder naam"),
            _ if !member.delivered.contains_key(&self.indicator.slug) => CellView::Missing,
            _ => {
                let (word, sentence) = self.hidden(name, is_visible);
                if !reasons.iter().any(|it| it.0 == word) {
                    reasons.push((word, sentence));
                }
                CellView::Hidden(word)
            }
        }
    }

    /// Why a figure that is there and shared is not shown: a word and a sentence.
    fn hidden(&self, name: &str, is_visible: bool) -> (&'static str, &'static str) {
        if !is_visible {
            return ("onder embargo", "Het netwerk sprak af dat cijfers pas later te zien zijn.");
        }
        if !self.present.contains(name) {
            return ("geen getal", "Het lid leverde geen getal aan, maar bijvoorbeeld dat de indicator niet past.");
        }
        let of = |cell: Cell| self.figures.iter().flat_map(|it| &it.hidden).find(|it| it.cell == cell);
        let reason = of(Cell::Group).or_else(|| of(Cell::Names)).map_or(Reason::SmallCount, |it| it.reason);
        match reason {
            Reason::TooFewMembers => ("te weinig leden", reason.sentence()),
            Reason::Dominance => ("één lid telt te zwaar", reason.sentence()),
            Reason::SmallCount => ("te kleine aantallen", reason.sentence()),
            Reason::Differencing => ("te herleiden", reason.sentence()),
            Reason::Embargo => ("nog te vers", reason.sentence()),
            Reason::NoConsent => ("niet afgesproken", reason.sentence()),
            Reason::FewNameless => ("te herleiden", reason.sentence()),
            Reason::NotDelivered => {
                ("eigen cijfer nodig", "Volgens het beleid ziet wie zelf geen cijfer aanleverde er geen van anderen.")
            }
        }
    }
}
