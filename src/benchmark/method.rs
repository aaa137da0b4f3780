//! How figures came about, in words: shown with every comparison, on screen, in a file and in the API.

use crate::benchmark::disclosure::Figures;
use crate::benchmark::disclosure::policy::Policy;
use crate::benchmark::measure::Measure;
use crate::domain::indicator::IndicatorKind;

/// A name and one or two sentences, for readers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    pub name: &'static str,
    pub text: String,
}

/// The methods behind these figures; what is not shown is not explained.
pub fn methods(measure: &Measure, policy: &Policy, figures: &Figures) -> Vec<Method> {
    let mut res = vec![disclosure(policy)];
    if figures.median.is_some() {
        res.push(Method {
            name: "Mediaan, kwartielen en decielen",
            text: "De cijfers staan op volgorde; tussen twee cijfers wordt geïnterpoleerd (type 7). Elke organisatie \
                   telt één keer, u zelf ook."
                .to_owned(),
        });
    }
    if figures.reference.is_some() {
        res.push(Method {
            name: "De anderen samen",
            text: "De tellers van de andere organisaties bij elkaar, gedeeld door hun noemers bij elkaar. Uw eigen \
                   cijfer telt niet mee. Een nul telt mee, een ontbrekend cijfer niet."
                .to_owned(),
        });
        res.push(Method {
            name: "Beter, slechter of niet anders",
            text:
                "Uw cijfer heet beter of slechter als de anderen samen buiten uw marge liggen. Anders kan toeval het \
                   verschil verklaren."
                    .to_owned(),
        });
    }
    res.extend(interval(measure.kind));
    res.extend(funnel(measure.kind, figures));
    if figures.rank.is_some() {
        res.push(Method {
            name: "Rang",
            text: "De rang telt hoeveel organisaties beter zijn; gelijke cijfers delen een rang. Het bereik laat zien \
                   welke rangen met 95 % zekerheid mogelijk zijn, als elk cijfer normaal verdeeld is binnen zijn marge."
                .to_owned(),
        });
    }
    res
}

fn disclosure(policy: &Policy) -> Method {
    Method {
        name: "Wat u niet ziet",
        text: format!(
            "Cijfers van anderen zijn er vanaf {} organisaties met een cijfer, van wie {} anderen dan u. De mediaan \
             vanaf {}, kwartielen vanaf {}, decielen vanaf {} organisaties. Cijfers zijn afgerond. Een groep die te \
             veel lijkt op een groep die u al zag, blijft dicht.",
            policy.members_min, policy.others_min, policy.median_from, policy.quartiles_from, policy.deciles_from,
        ),
    }
}

fn interval(kind: IndicatorKind) -> Option<Method> {
    let text = match kind {
        IndicatorKind::Proportion | IndicatorKind::Composition => "95 %, methode van Wilson.",
        IndicatorKind::Rate | IndicatorKind::Count => "95 %, exact (Poisson) onder tien, vanaf tien volgens Byar.",
        IndicatorKind::Mean => "95 %, t-verdeling van Student.",
        IndicatorKind::Nps => "95 %, aangepaste methode van Wald met drie extra antwoorden.",
        IndicatorKind::Ratio => return None,
    };
    let warning =
        " De marge ziet alleen toeval. Dagen of uren die samenhangen maken een cijfer onzekerder dan hier staat.";
    Some(Method { name: "Marge om uw cijfer", text: format!("{text}{warning}") })
}

fn funnel(kind: IndicatorKind, figures: &Figures) -> Option<Method> {
    let base = match kind {
        IndicatorKind::Proportion | IndicatorKind::Composition => "p ± z√(p(1−p)/n)",
        IndicatorKind::Rate => "exact (Poisson) rond het verwachte aantal",
        _ => return None,
    };
    figures.reference?;
    let widened = figures.dispersion.map_or_else(String::new, |it| {
        let variance = it.tau_square.to_string().replace('.', ",");
        format!(
            " Organisaties verschillen meer dan toeval verklaart. De grenzen zijn daarom ruimer (Spiegelhalter, τ² = \
             {variance})."
        )
    });
    Some(Method { name: "Grenzen van de trechter", text: format!("95 % en 99,8 %, {base}.{widened}") })
}
