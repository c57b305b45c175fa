//! Metrics and KPIs: in an order in which each comes after those that it names.

use std::collections::BTreeSet;

use super::additivity::{Flow, Hazard};
use super::declared::{agreed, declared, hold, own_word, serves, stated};
use super::formula::{self, Desk, Facts, Pool};
use super::names::Found;
use super::table::Table;
use super::target::{self, Subject};
use super::text::{localized, one_line, title};
use super::units::Scalar;
use super::{Context, additivity, aggregate, order};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::formula::{Aggregate, Formula};
use crate::model::items::{ChannelName, GoalId};
use crate::model::measure::{Direction, Measure, MeasureId, MeasureKind, Purpose};
use crate::model::source::SourceId;
use crate::syntax::ast::{self, Call, Expr, ExprKind, Ident};
use crate::syntax::walk;
use crate::time::Grain;
use crate::value::{Number, Unit};

/// All measures, with what later checks need of them.
#[derive(Debug, Default)]
pub(super) struct Measures<'a> {
    /// As they are written, in order.
    pub(super) items: Vec<&'a ast::Measure>,
    /// As the model has them, by id.
    pub(super) done: Vec<Measure>,
    /// What their formulas aggregate.
    pub(super) aggregates: Vec<Aggregate>,
    /// The sums that may count twice, by the measure that they stand in.
    pub(super) hazards: Vec<(usize, Vec<Hazard>)>,
    /// The coarsest periods that each measure is asked for, over those that name it too.
    pub(super) asked: Vec<Grain>,
}

/// Checks all of them.
pub(super) fn all<'a>(tables: &mut [Table<'a>], cx: &mut Context<'a, '_>) -> Measures<'a> {
    let items: Vec<&'a ast::Measure> = cx.names.measures.items().collect();
    let needs: Vec<Vec<usize>> = items.iter().map(|m| needs(m, cx)).collect();
    let order = order::sort(&needs);
    for cycle in &order.cycles {
        let steps: Vec<&Ident> = cycle.iter().map(|at| &items[*at].name).collect();
        cx.out.push(order::report("formulas", &steps));
    }
    let mut facts: Vec<Facts> = items.iter().map(|_| Facts::unknown()).collect();
    let mut done: Vec<Option<Measure>> = items.iter().map(|_| None).collect();
    let mut pool = Pool::default();
    let mut measures = Measures { items, ..Measures::default() };
    let mut named: Vec<Vec<(MeasureId, Option<Grain>)>> = vec![Vec::new(); done.len()];
    for at in &order.nodes {
        let item = measures.items[*at];
        let mut desk = Desk::new(&mut *tables, &mut pool, &facts);
        // A formula on a cycle has its message; its parts cannot be typed.
        let knotted = order.knotted[*at];
        let (measure, known) = one(item, knotted, &mut desk, cx);
        named[*at] = desk.named;
        if !desk.hazards.is_empty() {
            measures.hazards.push((*at, desk.hazards));
        }
        done[*at] = Some(measure);
        facts[*at] = known;
    }
    // Targets come after all formulas: they may name any measure, their own KPI too.
    for (at, item) in measures.items.iter().enumerate() {
        let Some(measure) = done[at].as_mut().filter(|m| m.kind == MeasureKind::Kpi) else {
            continue;
        };
        let mut desk = Desk::new(&mut *tables, &mut pool, &facts);
        let subject = Subject { item, unit: &facts[at].unit };
        measure.purpose = Some(Box::new(purpose(&subject, &mut desk, cx)));
        named[at].extend(desk.named);
        if !desk.hazards.is_empty() {
            measures.hazards.push((at, desk.hazards));
        }
    }
    circles(&measures.items, &needs, cx);
    measures.asked = asked(&measures.items, &named, &order.nodes);
    measures.done = done.into_iter().flatten().collect();
    lacking(&mut measures, &needs, &order.nodes, cx);
    measures.aggregates = pool.all;
    additivity::check(&measures, cx);
    measures
}

/// So many missing inputs are named of one measure.
const MOST_LACKING: usize = 100;

/// The inputs that nothing defines, for each measure that needs them, over others or not.
fn lacking(
    measures: &mut Measures<'_>,
    needs: &[Vec<usize>],
    order: &[usize],
    cx: &Context<'_, '_>,
) {
    let Measures { items, done, .. } = measures;
    for at in order {
        let mut lacks: BTreeSet<MeasureId> =
            needs[*at].iter().flat_map(|inner| &done[*inner].lacks).copied().collect();
        let item = items[*at];
        // What is not even stated has a message of its own.
        if item.formula.is_none() && cx.names.stated.contains_key(item.name.key.as_str()) {
            lacks.insert(MeasureId(*at as u32));
        }
        done[*at].lacks = lacks.into_iter().take(MOST_LACKING).collect();
    }
}

/// The coarsest period that each measure is asked for: its own cadence, or that of a measure that
/// names it. A metric that nothing names is asked for by the month.
fn asked(
    items: &[&ast::Measure],
    named: &[Vec<(MeasureId, Option<Grain>)>],
    order: &[usize],
) -> Vec<Grain> {
    let mut asked: Vec<Option<Grain>> = items
        .iter()
        .map(|m| match m.kind {
            ast::MeasureKind::Kpi => cadences(m).into_iter().max(),
            ast::MeasureKind::Metric => None,
        })
        .collect();
    for at in order.iter().rev() {
        let own = asked[*at].unwrap_or(Grain::Month);
        for (id, each) in &named[*at] {
            let below = &mut asked[id.0 as usize];
            *below = Some(each.unwrap_or(own)).max(*below);
        }
    }
    asked.into_iter().map(|grain| grain.unwrap_or(Grain::Month)).collect()
}

/// The measures that a formula names, by their places. What stands in an aggregate is columns.
fn needs(item: &ast::Measure, cx: &Context<'_, '_>) -> Vec<usize> {
    item.formula.iter().flat_map(|f| named(&f.value, cx)).collect()
}

/// The measures that an expression names, by their places.
fn named(expr: &Expr, cx: &Context<'_, '_>) -> Vec<usize> {
    let mut found = Vec::new();
    named_in(expr, &mut |name| {
        if let Found::Item(at, _) = cx.names.find(&cx.names.measures, &name.key) {
            found.push(at as usize);
        }
    });
    found
}

/// The KPIs whose attainment an expression asks for, by their places.
fn attained(expr: &Expr, cx: &Context<'_, '_>) -> Vec<usize> {
    let mut found = Vec::new();
    walk(expr, &mut |e| {
        if let ExprKind::Call(call) = &e.kind
            && call.name.key == "attainment"
        {
            found.extend(call.args.iter().flat_map(|a| named(&a.value, cx)));
        }
    });
    found
}

/// Reports targets that need themselves: over the attainment of a KPI whose target they are of.
fn circles(items: &[&ast::Measure], needs: &[Vec<usize>], cx: &mut Context<'_, '_>) {
    let attained_by: Vec<Vec<usize>> = items
        .iter()
        .map(|m| m.formula.iter().flat_map(|f| attained(&f.value, cx)).collect())
        .collect();
    // The target of the measure at `n` is the node `n + items.len()`.
    let target = |at: &usize| at + items.len();
    let mut all: Vec<Vec<usize>> = needs.to_vec();
    for (needs, attained) in all.iter_mut().zip(&attained_by) {
        needs.extend(attained.iter().map(target));
    }
    for item in items {
        let formulas = item.targets.iter().filter_map(|t| match &t.value.value {
            ast::TargetValue::Value(expr) => Some(expr),
            _ => None,
        });
        let formulas: Vec<&Expr> = formulas.collect();
        let mut needs: Vec<usize> = formulas.iter().flat_map(|e| named(e, cx)).collect();
        needs.extend(formulas.iter().flat_map(|e| attained(e, cx)).map(|at| target(&at)));
        all.push(needs);
    }
    for cycle in order::sort(&all).cycles {
        if cycle.iter().any(|at| *at >= items.len()) {
            let mut steps: Vec<&Ident> =
                cycle.iter().map(|at| &items[at % items.len()].name).collect();
            steps.dedup_by_key(|name| name.span);
            cx.out.push(order::report("targets", &steps));
        }
    }
}

fn named_in(expr: &Expr, see: &mut dyn FnMut(&Ident)) {
    match &expr.kind {
        ExprKind::Name(path) => {
            if let [name] = path.segments.as_slice() {
                see(name);
            }
        }
        ExprKind::Unary(_, inner) => named_in(inner, see),
        ExprKind::Chain(first, links) => {
            named_in(first, see);
            for link in links {
                named_in(&link.operand, see);
            }
        }
        ExprKind::Compare(left, _, right) => {
            named_in(left, see);
            named_in(right, see);
        }
        ExprKind::In { value, members, .. } => {
            named_in(value, see);
            for member in members {
                named_in(member, see);
            }
        }
        ExprKind::Between { value, low, high, .. } => {
            for part in [value, low, high] {
                named_in(part, see);
            }
        }
        ExprKind::IsNull { value, .. } | ExprKind::Match { value, .. } => named_in(value, see),
        ExprKind::Call(call) => {
            let taken = values(call);
            let plain = call.args.iter().filter(|a| a.name.is_none());
            plain.clone().take(taken).for_each(|a| named_in(&a.value, see));
            // Behind the currency stands the rate.
            if call.name.key == "convert" {
                plain.skip(2).for_each(|a| named_in(&a.value, see));
            }
        }
        ExprKind::Number(_)
        | ExprKind::Money(..)
        | ExprKind::Quantity(_)
        | ExprKind::Date(_)
        | ExprKind::Period(_)
        | ExprKind::Text(_)
        | ExprKind::Regex(_)
        | ExprKind::Bool(_)
        | ExprKind::Null => {}
    }
}

/// How many of a call's arguments are values of a formula.
fn values(call: &Call) -> usize {
    match call.name.key.as_str() {
        name if aggregate::is_name(name) => {
            let each = call.args.iter().any(|a| a.name.as_ref().is_some_and(|n| n.key == "each"));
            usize::from(each)
        }
        "convert" | "to_date" | "previous" | "rolling" | "round" => 1,
        _ => usize::MAX,
    }
}

/// Checks one measure; what it names is done.
fn one<'a>(
    item: &'a ast::Measure,
    knotted: bool,
    desk: &mut Desk<'_, 'a>,
    cx: &mut Context<'a, '_>,
) -> (Measure, Facts) {
    let formula = item.formula.as_ref().filter(|_| !knotted);
    let value = formula.map(|f| (formula::check(&f.value, desk, cx), f));
    let needs = agreed(&item.name, cx);
    let stated = needs.map(|needs| stated(needs, cx));
    if let (Some(needs), Some((value, _))) = (needs, &value) {
        serves(&item.name, needs, value, cx);
    }
    if item.formula.is_none() && stated.is_none() {
        incomplete(item, cx);
    }
    let found = match (&value, stated) {
        (Some((value, _)), _) => value.unit.clone(),
        (None, Some(unit)) => unit,
        (None, None) => Scalar::Unknown,
    };
    let declared = item.unit.as_ref().and_then(|u| declared(&u.value, &found, cx));
    if let (Some((unit, at)), Some((value, _))) = (&declared, &value) {
        hold(unit, *at, value, cx);
    }
    let unit = match (&declared, &found) {
        (Some((unit, _)), _) => Scalar::Of(unit.clone()),
        (None, Scalar::Bare | Scalar::Zero) => Scalar::Of(Unit::Number),
        (None, found) => found.clone(),
    };
    let flow = value.as_ref().map_or(Flow::Unknown, |(v, _)| v.flow);
    let facts = Facts { unit: unit.clone(), flow, sources: desk.sources.clone() };
    let formula = value.map(|(value, f)| Formula {
        unit: value.unit.unit(),
        node: value.node,
        text: one_line(cx.texts.slice(f.value.span)),
        span: f.value.span,
    });
    let measure = Measure {
        name: item.name.text.clone(),
        key: item.name.key.clone(),
        kind: match item.kind {
            ast::MeasureKind::Metric => MeasureKind::Metric,
            ast::MeasureKind::Kpi => MeasureKind::Kpi,
        },
        title: title(item.title.as_ref(), &item.titles, &item.name),
        span: item.name.span,
        formula,
        unit: unit.unit(),
        unit_word: own_word(item),
        sources: facts.sources.iter().copied().collect::<Vec<SourceId>>(),
        dimensions: Vec::new(),
        additive: facts.flow.additivity(),
        lacks: Vec::new(),
        about: localized(None, &item.about),
        variant_of: variant_of(item, cx),
        purpose: None,
    };
    (measure, facts)
}

/// A KPI without a formula: not where a library may have it, nor where the formula could not be
/// read.
fn incomplete(item: &ast::Measure, cx: &mut Context<'_, '_>) {
    if cx.names.uses || cx.unread.contains(&item.name.span.file) {
        return;
    }
    let name = &item.name.text;
    cx.out.push(
        Diagnostic::new(&codes::INCOMPLETE, format!("`{name}` has no formula"))
            .at(item.name.span, "says nowhere how it is computed")
            .help("say it: `formula: sum(web.visits)`"),
    );
}

/// The definition that a measure is another one of.
fn variant_of(item: &ast::Measure, cx: &mut Context<'_, '_>) -> Option<MeasureId> {
    let written = &item.variant_of.as_ref()?.value;
    if written.key == item.name.key {
        let message = format!("`{}` is no variant of itself", item.name.text);
        let found = Diagnostic::new(&codes::BAD_ARGUMENTS, message).at(written.span, "itself");
        cx.out.push(found.help("name the definition that it is another one of"));
        return None;
    }
    cx.names.measure(written, "metric or KPI", cx.out).map(MeasureId)
}

/// The periods that a KPI is judged by.
pub(super) fn cadences(item: &ast::Measure) -> Vec<Grain> {
    let mut found: Vec<Grain> = Vec::new();
    for word in item.cadence.iter().flat_map(|c| &c.value) {
        if let Some(grain) = Grain::from_cadence(&word.key)
            && !found.contains(&grain)
        {
            found.push(grain);
        }
    }
    if found.is_empty() {
        found.push(Grain::Month);
    }
    found
}

/// What makes it a KPI.
fn purpose<'a>(
    subject: &Subject<'_, 'a>,
    desk: &mut Desk<'_, 'a>,
    cx: &mut Context<'a, '_>,
) -> Purpose {
    let item = subject.item;
    let better = match item.better.as_ref().map(|b| b.value.key.as_str()) {
        Some("higher") => Some(Direction::Higher),
        Some("lower") => Some(Direction::Lower),
        Some("within") => Some(Direction::Within),
        _ => None,
    };
    let goal = item.goal.as_ref().and_then(|g| cx.names.goal(&g.value, cx.out));
    let channels = item.channels.iter().flat_map(|c| &c.value);
    let channels = channels.filter_map(|path| cx.names.channel(path, cx.texts, cx.out));
    let channels = channels
        .map(|(block, rule)| ChannelName {
            block: block.name.key.clone(),
            channel: rule.name.key.clone(),
        })
        .collect();
    let baseline = target::baseline(subject, cx);
    Purpose {
        better,
        targets: target::all(subject, better, desk, cx),
        baseline: baseline.map(|b| (b.value, b.when)),
        benchmark: target::benchmark(subject, cx),
        tolerance: target::tolerance(item, cx).unwrap_or(Number::ZERO),
        cadences: cadences(item),
        review: item.review.as_ref().and_then(|r| Grain::from_cadence(&r.value.key)),
        channels,
        by: item.by.iter().flat_map(|b| &b.value).map(|name| name.key.clone()).collect(),
        goal: goal.map(GoalId),
        owner: item.owner.as_ref().map(|o| o.value.value.clone()),
        improve: localized(None, &item.improve),
    }
}
