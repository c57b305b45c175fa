//! A total that looks good and leads nowhere: likes, followers, impressions, page views, with no
//! goal behind them.

use super::Subject;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Measure, Model, Node};

/// What such totals are called, in English and in Persian.
const WORDS: [&str; 14] = [
    "like",
    "likes",
    "follower",
    "followers",
    "impression",
    "impressions",
    "pageview",
    "pageviews",
    "page_view",
    "page_views",
    "لایک",
    "پسند",
    "دنبال\u{200C}کننده",
    "نمایش",
];

pub(super) fn find(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    for (_, measure, purpose) in subject.kpis() {
        let Some(total) = bare_total(subject.model, measure) else { continue };
        if purpose.goal.is_none() && (is_vain(&total) || is_vain(&measure.name)) {
            let message = format!("KPI `{}` is a bare total that serves no goal", measure.name);
            let help = "name the goal that it serves, measure a rate of it, or make it a `metric`";
            let found = Diagnostic::new(&codes::VANITY_METRIC, message);
            out.push(found.at(measure.span, "nice to see, and then?").help(help));
        }
    }
}

/// What a measure adds up, as written, where it does nothing else.
fn bare_total(model: &Model, measure: &Measure) -> Option<String> {
    let mut names = measure.name.clone();
    let mut formula = measure.formula.as_ref()?;
    for _ in 0..16 {
        match &formula.node {
            Node::Aggregate(id) => {
                names.push(' ');
                names.push_str(&model.aggregate(*id).text);
                return Some(names);
            }
            Node::Measure(id) => {
                let inner = model.measure(*id);
                names.push(' ');
                names.push_str(&inner.name);
                formula = inner.formula.as_ref()?;
            }
            _ => return None,
        }
    }
    None
}

fn is_vain(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '\u{200C}');
    words.any(|word| {
        WORDS.iter().any(|vain| {
            word == *vain
                || word.split('_').any(|part| part == *vain)
                || word.contains(vain) && vain.contains('_')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_whole() {
        assert!(is_vain("sum(web.page_views)") && is_vain("post_likes") && is_vain("Impressions"));
        assert!(!is_vain("likelihood") && !is_vain("sum(orders.amount)"));
    }
}
