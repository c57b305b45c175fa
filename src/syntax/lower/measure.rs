//! `metric` and `kpi` in all their forms.

use super::context::{Context, Entry};
use super::item::{head, name, names, take_plain_title, text, word};
use super::property::{body, text_property};
use super::{atom, expression, target};
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Span;
use crate::syntax::ast::{
    Baseline, Benchmark, ColumnType, Ident, ItemKind, Measure, MeasureKind, Property, UnitRef,
};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::split::{RawBlock, Run};
use crate::syntax::words;

pub(super) fn measure(
    cx: &mut Context<'_, '_, '_>,
    run: Run,
    block: Option<&RawBlock>,
    kind: MeasureKind,
) -> Option<ItemKind> {
    let (keyword, words) = match kind {
        MeasureKind::Metric => ("metric", &words::METRIC),
        MeasureKind::Kpi => ("kpi", &words::MEASURE),
    };
    let head = head(cx, run, Rule::measure_head, keyword);
    let mut measure = empty(kind, atom::ident_of("", cx.run_span(run)));
    if let Some(head) = &head {
        read_head(cx, head, &mut measure);
    }
    for entry in body(cx, block, words).entries {
        property(cx, &entry, &mut measure);
    }
    take_plain_title(cx, &mut measure.title, &mut measure.titles);
    measure.name = atom::first_name(&head?)?;
    let readable = !cx.damaged.contains(&"formula");
    readable.then(|| ItemKind::Measure(Box::new(measure)))
}

fn empty(kind: MeasureKind, name: Ident) -> Measure {
    Measure {
        kind,
        name,
        title: None,
        needs: None,
        formula: None,
        unit: None,
        better: None,
        targets: Vec::new(),
        baseline: None,
        benchmark: None,
        tolerance: None,
        cadence: None,
        review: None,
        channels: None,
        by: None,
        goal: None,
        variant_of: None,
        owner: None,
        about: Vec::new(),
        titles: Vec::new(),
        improve: Vec::new(),
    }
}

fn read_head(cx: &mut Context<'_, '_, '_>, head: &Node<'_>, measure: &mut Measure) {
    measure.title = atom::localized_in(cx, head);
    if let Some(ty) = head.child(Rule::column_type) {
        if measure.kind == MeasureKind::Kpi {
            cx.push(
                Diagnostic::new(&codes::UNEXPECTED, "what a library needs is a metric")
                    .at(ty.span(), "a KPI has a formula")
                    .help("write `metric` instead of `kpi`"),
            );
        }
        measure.needs = column_type(cx, &ty);
        if measure.needs.is_none() {
            cx.damaged.push("formula");
        }
    }
    let Some(equals) = head.child(Rule::equals) else { return };
    match expression::expression_in(cx, head) {
        Some(value) => {
            let key = equals.span();
            let span = key.to(value.span);
            measure.formula = Some(Property { key, value, span });
        }
        None => cx.damaged.push("formula"),
    }
}

fn property(cx: &mut Context<'_, '_, '_>, entry: &Entry, measure: &mut Measure) {
    match entry.key {
        "formula" => {
            let formula = cx.value(entry, Rule::expression_value, expression::expression_in);
            if let Some(first) = &measure.formula {
                let first = first.key;
                cx.push(atom::twice("formula", entry.key_span).at(first, "the first time"));
            } else {
                measure.formula = formula;
            }
        }
        "unit" => measure.unit = cx.value(entry, Rule::unit_value, unit),
        "better" => {
            measure.better = cx.value(entry, Rule::name_value, |cx, n| {
                word(cx, n, &words::DIRECTIONS, "a direction")
            });
        }
        "target" => {
            measure.targets.extend(cx.value(entry, Rule::target_value, target::target));
        }
        "baseline" => measure.baseline = cx.value(entry, Rule::baseline_value, baseline),
        "benchmark" => measure.benchmark = cx.value(entry, Rule::benchmark_value, benchmark),
        "tolerance" => {
            measure.tolerance = cx.value(entry, Rule::expression_value, expression::expression_in);
        }
        "cadence" => measure.cadence = cx.value(entry, Rule::names_value, cadences),
        "review" => measure.review = cx.value(entry, Rule::name_value, cadence),
        "channels" => {
            measure.channels = cx.value(entry, Rule::paths_value, |_, n| {
                let list = n.child(Rule::paths)?;
                let paths = list.children().filter(|n| n.rule() == Rule::path);
                Some(paths.map(|p| atom::path(&p)).collect())
            });
        }
        "by" => measure.by = cx.value(entry, Rule::names_value, names),
        "goal" => measure.goal = cx.value(entry, Rule::name_value, name),
        "variant_of" => measure.variant_of = cx.value(entry, Rule::name_value, name),
        "owner" => measure.owner = cx.value(entry, Rule::text_value, text),
        "about" => text_property(cx, entry, &mut measure.about),
        "title" => text_property(cx, entry, &mut measure.titles),
        "improve" => text_property(cx, entry, &mut measure.improve),
        _ => {}
    }
}

fn unit(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<UnitRef> {
    if let Some(own) = atom::localized_in(cx, node) {
        return Some(UnitRef::Own(own));
    }
    let name = atom::first_name(node)?;
    if words::UNITS.contains(&name.text.as_str()) {
        return Some(UnitRef::Word(name));
    }
    let (word, span) = (name.text.clone(), name.span);
    let diagnostic = Diagnostic::new(&codes::UNKNOWN_WORD, format!("not a unit: `{word}`"))
        .at(span, "not a unit");
    let Some(near) = nearest(&word, words::UNITS) else {
        let own = format!("\"{word}\"");
        cx.push(diagnostic.suggest(format!("a word of your own is quoted: `{own}`"), span, own));
        return None;
    };
    let title = format!("did you mean `{near}`? (a word of your own is quoted)");
    cx.push(diagnostic.suggest(title, span, near));
    Some(UnitRef::Word(atom::ident_of(near, span)))
}

/// One cadence.
pub(super) fn cadence(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Ident> {
    word(cx, node, &words::CADENCES, "a cadence")
}

fn cadences(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Vec<Ident>> {
    let named = atom::names(node);
    let mut seen: Vec<Ident> = Vec::new();
    for name in named {
        let word = atom::word_of(cx, name, &words::CADENCES, "a cadence")?;
        if seen.iter().any(|s| s.key == word.key) {
            cx.push(atom::twice(&word.text, word.span));
        } else {
            seen.push(word);
        }
    }
    Some(seen)
}

fn baseline(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Baseline> {
    let value = expression::expression_in(cx, node)?;
    let when = match (node.child(Rule::date), node.child(Rule::when)) {
        (Some(date), _) => Some(crate::syntax::ast::When::Day(atom::date(cx, &date)?)),
        (None, Some(when)) => Some(atom::when(cx, &when)?),
        (None, None) => None,
    };
    Some(Baseline { value, when })
}

fn benchmark(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Benchmark> {
    Some(Benchmark { value: expression::expression_in(cx, node)?, text: text(cx, node) })
}

/// `count`, `money USD`, `money in currency_code`
pub(super) fn column_type(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<ColumnType> {
    let mut named = atom::own_names(node).into_iter();
    let name = atom::word_of(cx, named.next()?, &words::TYPES, "a type")?;
    let currency = node.child(Rule::currency).map(|n| atom::ident(&n));
    let currency_column = named.next();
    let spot: Option<Span> = currency.as_ref().or(currency_column.as_ref()).map(|i| i.span);
    if let Some(span) = spot.filter(|_| name.text != "money") {
        cx.push(
            Diagnostic::new(&codes::UNEXPECTED, format!("`{}` has no currency", name.text))
                .at(span, "a currency here")
                .help("only `money` has one"),
        );
    }
    Some(ColumnType { name, currency, currency_column })
}
