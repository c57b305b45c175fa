//! Tests: claims about numbers, held against the unit, the sources and the dimensions of their
//! measure before a row is read.

use super::amount::{Constant, constant, fits};
use super::comparison::compare_op;
use super::items::asked;
use super::source::grain;
use super::table::Table;
use super::text::{localized, one_line};
use super::units::Scalar;
use super::{Context, dimensions, target};
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::model::claim::{Claim, Status, Test, TestLine};
use crate::model::measure::{Measure, MeasureId, MeasureKind, Scope};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, When};
use crate::time::Period;
use crate::value::Number;

/// A test with those of its lines that make sense.
pub(super) fn check(
    written: &ast::Test,
    measures: &[Measure],
    tables: &mut [Table<'_>],
    cx: &mut Context<'_, '_>,
) -> Test {
    let lines = written.lines.iter().filter_map(|l| line(l, measures, tables, cx)).collect();
    Test { title: localized(Some(&written.title), &[]), lines }
}

fn line(
    written: &ast::TestLine,
    measures: &[Measure],
    tables: &mut [Table<'_>],
    cx: &mut Context<'_, '_>,
) -> Option<TestLine> {
    let id = cx.names.measure(&written.measure, "metric or KPI", cx.out);
    let measure = id.and_then(|id| measures.get(id as usize));
    let period = asked(written.when, measure, cx);
    let (id, measure, period) = (id?, measure?, period?);
    let fine = long_enough(written.when, period, measure, tables, cx);
    let scopes = scopes(written, measure, tables, cx);
    let by = by(written, measure, scopes.as_deref(), tables, cx);
    let claim = claim(written, measure, cx);
    let (scopes, by, claim) = (scopes?, by?, claim?);
    fine.then(|| TestLine {
        measure: MeasureId(id),
        period,
        scopes,
        by,
        claim,
        text: one_line(cx.texts.slice(written.span)),
        span: written.span,
    })
}

/// Whether a period can hold a whole row of every source: a month's rows say nothing of a day.
fn long_enough(
    when: When,
    period: Period,
    measure: &Measure,
    tables: &[Table<'_>],
    cx: &mut Context<'_, '_>,
) -> bool {
    let sources = measure.sources.iter().map(|id| tables[id.0 as usize].item);
    let Some(source) = sources.into_iter().find(|item| grain(item) > period.grain) else {
        return true;
    };
    let calendar = cx.settings.calendar;
    let grain = grain(source);
    let around = calendar.label(calendar.period_of(grain, period.start));
    let at = match when {
        When::Day(date) => date.span,
        When::Period(literal) => literal.span,
    };
    let (name, word) = (&source.name.text, grain.word());
    let message = format!("a {} is too short for `{}`", period.grain.word(), measure.name);
    cx.out.push(
        Diagnostic::new(&codes::TEST_PERIOD, message)
            .at(at, format!("a row of `{name}` stands for a whole {word}"))
            .at(source.name.span, "this source")
            .suggest(format!("test the {word}: `{around}`"), at, around),
    );
    false
}

/// The members of `for`, sorted by dimension.
fn scopes(
    written: &ast::TestLine,
    measure: &Measure,
    tables: &mut [Table<'_>],
    cx: &mut Context<'_, '_>,
) -> Option<Vec<Scope>> {
    let mut found: Vec<Scope> = Vec::new();
    let mut whole = true;
    for one in &written.scopes {
        let scope = target::scope(one, &codes::BAD_CLAIM, cx);
        let key = dimensions::dimension(&one.dimension, &measure.sources, tables, cx);
        let (Some(scope), Some(dimension)) = (scope, key) else {
            whole = false;
            continue;
        };
        if found.iter().any(|s| s.dimension == dimension) {
            twice(&one.dimension, cx);
            whole = false;
        }
        found.push(Scope { dimension, ..scope });
    }
    found.sort_by(|a, b| a.dimension.cmp(&b.dimension));
    whole.then_some(found)
}

fn by(
    written: &ast::TestLine,
    measure: &Measure,
    scopes: Option<&[Scope]>,
    tables: &mut [Table<'_>],
    cx: &mut Context<'_, '_>,
) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let mut whole = true;
    for name in &written.by {
        let Some(key) = dimensions::dimension(name, &measure.sources, tables, cx) else {
            whole = false;
            continue;
        };
        if found.contains(&key) || scopes.unwrap_or_default().iter().any(|s| s.dimension == key) {
            twice(name, cx);
            whole = false;
        }
        found.push(key);
    }
    whole.then_some(found)
}

fn twice(name: &ast::Ident, cx: &mut Context<'_, '_>) {
    let message = format!("`{}` stands twice in this line", name.text);
    cx.out.push(
        Diagnostic::new(&codes::BAD_CLAIM, message)
            .at(name.span, "the second time")
            .help("name each dimension once, behind `for` or behind `by`"),
    );
}

fn claim(written: &ast::TestLine, measure: &Measure, cx: &mut Context<'_, '_>) -> Option<Claim> {
    match &written.claim {
        ast::Claim::IsNull(true) => Some(Claim::Null),
        ast::Claim::IsNull(false) => Some(Claim::NotNull),
        ast::Claim::Status(text) => status(text, written, measure, cx),
        ast::Claim::Compare(op, value, within) => {
            let number = amount(value, measure, cx);
            let within = match within {
                Some(within) => tolerance(within, measure, cx),
                None => Some(Number::ZERO),
            };
            Some(Claim::Compare { op: compare_op(*op), number: number?, within: within? })
        }
    }
}

/// A value as written, in the unit of the measure.
fn amount(expr: &Expr, measure: &Measure, cx: &mut Context<'_, '_>) -> Option<Number> {
    let Some(found) = constant(expr, cx) else {
        refuse(
            "a test compares with a value as written",
            expr.span,
            "computed",
            "write the result",
            cx,
        );
        return None;
    };
    let found: Constant = found.ok()?;
    // Of a measure whose formula is wrong nothing is known.
    let unit = match measure.formula {
        Some(_) => Scalar::Of(measure.unit.clone()),
        None => Scalar::Unknown,
    };
    fits(&found, "tested value", &unit, cx).then_some(found.value)
}

fn tolerance(expr: &Expr, measure: &Measure, cx: &mut Context<'_, '_>) -> Option<Number> {
    let found = amount(expr, measure, cx)?;
    if found.is_negative() {
        let help = "write it without the sign";
        refuse(
            "how far a value may be off is not below nought",
            expr.span,
            "below nought",
            help,
            cx,
        );
        return None;
    }
    Some(found)
}

fn refuse(message: &str, at: Span, label: &str, help: &str, cx: &mut Context<'_, '_>) {
    cx.out.push(Diagnostic::new(&codes::BAD_CLAIM, message).at(at, label).help(help));
}

fn status(
    text: &ast::Text,
    written: &ast::TestLine,
    measure: &Measure,
    cx: &mut Context<'_, '_>,
) -> Option<Claim> {
    let Some(status) = Status::from_word(&text.value) else {
        let words = Status::ALL.map(Status::word);
        let message = format!("there is no status \"{}\"", text.value);
        let found = Diagnostic::new(&codes::BAD_CLAIM, message).at(text.span, "not a status");
        cx.out.push(match nearest(&text.value, words) {
            Some(near) => {
                let near = format!("\"{near}\"");
                found.suggest(format!("did you mean {near}?"), text.span, near)
            }
            None => found.help(format!("a status is one of: {}", words.join(", "))),
        });
        return None;
    };
    if measure.kind == MeasureKind::Metric {
        let message = format!("`{}` is a metric, and has no status", written.measure.text);
        cx.out.push(
            Diagnostic::new(&codes::BAD_CLAIM, message)
                .at(written.measure.span, "only a KPI is held to a target")
                .help("compare its value: `== 120`, `is null`"),
        );
        return None;
    }
    Some(Claim::Status(status))
}
