//! Targets, baselines, benchmarks and tolerances: values in the unit of their KPI, days that
//! there are, and members that there may be.

use std::collections::HashMap;

use super::amount::{Constant, amount, constant, fits};
use super::formula::{self, Desk};
use super::text::one_line;
use super::units::Scalar;
use super::{Context, dates, literal};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::model::measure::{
    Because, Direction, Path, Points, Reference, Scope, Target, TargetValue, Trigger,
};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, Member, When};
use crate::time::{Date, Grain};
use crate::value::{Decimal, Number, Unit};

/// The KPI that a target is for.
#[derive(Debug)]
pub(super) struct Subject<'s, 'a> {
    /// As written.
    pub(super) item: &'a ast::Measure,
    /// In what it is measured.
    pub(super) unit: &'s Scalar,
}

/// A baseline with the day that it is of.
pub(super) struct Baseline {
    pub(super) value: Number,
    /// As written; empty where it is not said.
    pub(super) when: String,
    pub(super) day: Option<Date>,
}

/// `baseline: 2.1% on 2025-12-31`
pub(super) fn baseline(subject: &Subject<'_, '_>, cx: &mut Context<'_, '_>) -> Option<Baseline> {
    let written = &subject.item.baseline.as_ref()?.value;
    let value = amount(&written.value, "baseline", subject.unit, cx);
    let calendar = cx.settings.calendar;
    let period = written.when.map(|when| dates::when(when, calendar, cx.out));
    let when = written.when.map_or("", |when| {
        cx.texts.slice(match when {
            When::Day(date) => date.span,
            When::Period(period) => period.span,
        })
    });
    let day = period.flatten().map(|p| p.end);
    Some(Baseline { value: value?, when: when.to_owned(), day })
}

/// `benchmark: 2.9% "median of our trade"`
pub(super) fn benchmark(
    subject: &Subject<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<(Number, String)> {
    let written = &subject.item.benchmark.as_ref()?.value;
    let value = amount(&written.value, "benchmark", subject.unit, cx)?;
    Some((value, written.text.as_ref().map_or_else(String::new, |t| t.value.clone())))
}

/// `tolerance: 10%`: a share, not below nought.
pub(super) fn tolerance(item: &ast::Measure, cx: &mut Context<'_, '_>) -> Option<Number> {
    let written = &item.tolerance.as_ref()?.value;
    let value = amount(written, "tolerance", &Scalar::Of(Unit::Percent), cx)?;
    if value.is_negative() {
        cx.out.push(
            Diagnostic::new(&codes::BAD_TARGET, "a tolerance is a share of the target")
                .at(written.span, "below nought")
                .help("write it without the sign"),
        );
        return None;
    }
    Some(value)
}

/// All targets of a KPI, in the order written.
pub(super) fn all<'a>(
    subject: &Subject<'_, 'a>,
    better: Option<Direction>,
    desk: &mut Desk<'_, 'a>,
    cx: &mut Context<'a, '_>,
) -> Vec<Target> {
    let targets = subject.item.targets.iter();
    let found: Vec<Target> = targets.filter_map(|t| one(t, subject, better, desk, cx)).collect();
    rivals(&found, cx);
    found
}

/// Two targets for the same members from the same day on: which of them holds, nobody can know.
fn rivals(targets: &[Target], cx: &mut Context<'_, '_>) {
    let mut seen: HashMap<(Option<Date>, Option<&Scope>), Span> = HashMap::new();
    for target in targets {
        if let Some(first) = seen.insert((target.from, target.scope.as_ref()), target.span) {
            let found = Diagnostic::new(&codes::BAD_TARGET, "two targets hold from the same day")
                .at(target.span, "the second one")
                .at(first, "the first one")
                .help("give one of them a later `from`, or remove it");
            cx.out.push(found);
        }
    }
}

fn one<'a>(
    property: &'a ast::Property<ast::Target>,
    subject: &Subject<'_, 'a>,
    better: Option<Direction>,
    desk: &mut Desk<'_, 'a>,
    cx: &mut Context<'a, '_>,
) -> Option<Target> {
    let written = &property.value;
    let value = value(written, subject, desk, cx);
    let calendar = cx.settings.calendar;
    let from = written.from.map(|when| dates::when(when, calendar, cx.out));
    let scope = written.scope.as_ref().map(|s| self::scope(s, &codes::BAD_TARGET, cx));
    let value = value?;
    direction(&value, better, property, subject, cx)?;
    let from = match (from, &value) {
        (Some(period), _) => Some(period?.start),
        // A path holds from where it sets out.
        (None, TargetValue::Path(path) | TargetValue::Corridor(path, _)) => Some(path.starting.1),
        (None, _) => None,
    };
    no_path(written, cx)?;
    Some(Target {
        value,
        from,
        per: written.per.as_ref().and_then(|p| Grain::from_word(&p.key)),
        scope: match scope {
            Some(scope) => Some(scope?),
            None => None,
        },
        because: written.because.as_ref().map(|because| Because {
            trigger: because.trigger.as_ref().and_then(|t| trigger(&t.key)),
            text: because.text.value.clone(),
        }),
        text: one_line(cx.texts.slice(property.span)),
        span: property.span,
    })
}

/// Clauses of a path where there is none.
fn no_path(written: &ast::Target, cx: &mut Context<'_, '_>) -> Option<()> {
    let found = match (&written.value, written.by, &written.starting) {
        (ast::TargetValue::Value(_) | ast::TargetValue::Range(..), None, Some((value, _))) => {
            Diagnostic::new(&codes::BAD_TARGET, "a start without a deadline is no path")
                .at(value.span, "sets out, but leads where?")
                .help("say until when: `by 2026-12-31`; a target that changes has `from`")
        }
        (ast::TargetValue::Value(_) | ast::TargetValue::Range(..), ..) | (_, None, None) => {
            return Some(());
        }
        (_, by, starting) => {
            let at = by.map(|d| d.span).or(starting.as_ref().map(|(value, _)| value.span))?;
            Diagnostic::new(&codes::BAD_TARGET, "only a value or a range goes a path")
                .at(at, "no deadline for this target")
                .help("write the value to be reached: `3% by 2026-12-31 starting 2% on 2026-01-01`")
        }
    };
    cx.out.push(found);
    None
}

fn trigger(word: &str) -> Option<Trigger> {
    Some(match word {
        "campaign" => Trigger::Campaign,
        "strategy" => Trigger::Strategy,
        "market" => Trigger::Market,
        "competition" => Trigger::Competition,
        "method" => Trigger::Method,
        "insufficient" => Trigger::Insufficient,
        _ => return None,
    })
}

/// `better: within` needs a range, and a range that has an inside.
fn direction(
    value: &TargetValue,
    better: Option<Direction>,
    property: &ast::Property<ast::Target>,
    subject: &Subject<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<()> {
    let at = match &property.value.value {
        ast::TargetValue::Value(expr) => expr.span,
        ast::TargetValue::Range(low, high) => low.span.to(high.span),
        ast::TargetValue::Relative { span, .. }
        | ast::TargetValue::Increase(span)
        | ast::TargetValue::Decrease(span) => *span,
    };
    match (value, better) {
        (
            TargetValue::Range(low, high)
            | TargetValue::Corridor(Path { to: (low, _), .. }, Path { to: (high, _), .. }),
            _,
        ) if low > high => {
            let text = cx.texts;
            let fix = match &property.value.value {
                ast::TargetValue::Range(low, high) => {
                    format!("{} .. {}", text.slice(high.span), text.slice(low.span))
                }
                _ => return None,
            };
            cx.out.push(
                Diagnostic::new(&codes::BAD_TARGET, "the range ends before it begins")
                    .at(at, "the larger one first")
                    .suggest(format!("write `{fix}`"), at, fix),
            );
            None
        }
        (TargetValue::Range(..) | TargetValue::Corridor(..), _)
        | (_, None | Some(Direction::Higher | Direction::Lower)) => Some(()),
        (_, Some(Direction::Within)) => {
            let mut found = Diagnostic::new(&codes::BAD_TARGET, "`better: within` needs a range")
                .at(at, "not a range");
            if let Some(better) = &subject.item.better {
                found = found.at(better.value.span, "within what?");
            }
            cx.out.push(found.help("give both ends: `2% .. 4%`"));
            None
        }
    }
}

fn value<'a>(
    written: &'a ast::Target,
    subject: &Subject<'_, 'a>,
    desk: &mut Desk<'_, 'a>,
    cx: &mut Context<'a, '_>,
) -> Option<TargetValue> {
    match &written.value {
        ast::TargetValue::Value(expr) => match written.by {
            Some(by) => path(expr, by, written, subject, cx),
            None => single(expr, subject, desk, cx),
        },
        ast::TargetValue::Range(low, high) => {
            if let Some(by) = written.by {
                return corridor((low, high), by, written, subject, cx);
            }
            let low = amount(low, "target", subject.unit, cx);
            let high = amount(high, "target", subject.unit, cx);
            Some(TargetValue::Range(low?, high?))
        }
        ast::TargetValue::Relative { amount, points, over, span } => {
            relative(*amount, *points, over, *span, subject, cx)
        }
        ast::TargetValue::Increase(_) => Some(TargetValue::Increase),
        ast::TargetValue::Decrease(_) => Some(TargetValue::Decrease),
    }
}

/// `3%`, or a formula over data.
fn single<'a>(
    expr: &'a Expr,
    subject: &Subject<'_, 'a>,
    desk: &mut Desk<'_, 'a>,
    cx: &mut Context<'a, '_>,
) -> Option<TargetValue> {
    if let Some(found) = constant(expr, cx) {
        let found = found.ok()?;
        return fits(&found, "target", subject.unit, cx).then_some(TargetValue::Value(found.value));
    }
    // What the target reads does not make the KPI's own sources.
    let own = std::mem::take(&mut desk.sources);
    let found = formula::check(expr, desk, cx);
    let read = std::mem::replace(&mut desk.sources, own);
    let silent = found.unit == Scalar::Unknown;
    if read.is_empty() && desk.named.is_empty() && !silent {
        let text = cx.texts.slice(expr.span);
        cx.out.push(
            Diagnostic::new(&codes::BAD_TARGET, format!("`{text}` is no value and reads no data"))
                .at(expr.span, "a sum to work out")
                .help("write the result, as in `4.5` for 4.5 of 5"),
        );
        return None;
    }
    if let Scalar::Of(_) = &found.unit {
        let constant = Constant { value: Number::ZERO, unit: found.unit.clone(), span: found.span };
        let plain = |u: &Scalar| {
            matches!(u, Scalar::Of(Unit::Number | Unit::Count | Unit::Own(_) | Unit::Percent))
        };
        let both_plain = plain(subject.unit) && plain(&found.unit);
        if !both_plain && !fits(&constant, "target", subject.unit, cx) {
            return None;
        }
    }
    let text = one_line(cx.texts.slice(expr.span));
    Some(TargetValue::Formula { node: found.node, text })
}

/// `700 by 2026-09-30 starting 600 on 2026-07-01`
fn path(
    expr: &Expr,
    by: ast::DateLit,
    written: &ast::Target,
    subject: &Subject<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<TargetValue> {
    let to = amount(expr, "target", subject.unit, cx);
    let (end, start) = ends(by, written, subject, cx)?;
    Some(TargetValue::Path(Path { to: (to?, end), starting: start }))
}

/// `2% .. 4% by 2026-12-31 starting 3% on 2026-01-01`: both borders set out from one value.
fn corridor(
    (low, high): (&Expr, &Expr),
    by: ast::DateLit,
    written: &ast::Target,
    subject: &Subject<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<TargetValue> {
    let low = amount(low, "target", subject.unit, cx);
    let high = amount(high, "target", subject.unit, cx);
    let (end, start) = ends(by, written, subject, cx)?;
    let to = |value: Number| Path { to: (value, end), starting: start.clone() };
    Some(TargetValue::Corridor(to(low?), to(high?)))
}

/// The deadline of a path, and the value and the day that it sets out from.
fn ends(
    by: ast::DateLit,
    written: &ast::Target,
    subject: &Subject<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<(Date, (Number, Date))> {
    let end = dates::day(by, cx.out);
    let (start, from) = if let Some((value, day)) = &written.starting {
        (amount(value, "start", subject.unit, cx), dates::day(*day, cx.out))
    } else {
        // The baseline's own mistakes are reported with the baseline.
        let mut unheard = crate::diagnostic::Diagnostics::default();
        let baseline = quiet(cx, &mut unheard, |cx| baseline(subject, cx));
        let Some(Baseline { value, day: Some(day), .. }) = baseline else {
            let written = subject.item.baseline.as_ref();
            if written.is_none_or(|b| b.value.when.is_none()) {
                let help = "say `starting 2.5% on 2026-01-01`, or give a `baseline` with its day";
                cx.out.push(
                    Diagnostic::new(&codes::BAD_TARGET, "a path needs a place to set out from")
                        .at(by.span, "leads here, but from where?")
                        .help(help),
                );
            }
            return None;
        };
        (Some(value), Some(day))
    };
    let (end, start, from) = (end?, start?, from?);
    if end <= from {
        cx.out.push(
            Diagnostic::new(&codes::BAD_TARGET, "the path ends before it begins")
                .at(by.span, "not after its start")
                .help("let the deadline be later than the start"),
        );
        return None;
    }
    Some((end, (start, from)))
}

/// Runs a part of the check without its messages.
pub(super) fn quiet<'a, T>(
    cx: &mut Context<'a, '_>,
    unheard: &mut crate::diagnostic::Diagnostics,
    run: impl FnOnce(&mut Context<'a, '_>) -> T,
) -> T {
    std::mem::swap(cx.out, unheard);
    let result = run(cx);
    std::mem::swap(cx.out, unheard);
    result
}

/// `+20% over previous`, `+2 points over baseline`
fn relative(
    amount: ast::Number,
    points: bool,
    over: &ast::Reference,
    span: Span,
    subject: &Subject<'_, '_>,
    cx: &mut Context<'_, '_>,
) -> Option<TargetValue> {
    let calendar = cx.settings.calendar;
    let over = match over {
        ast::Reference::Previous(_) => Reference::Previous,
        ast::Reference::LastYear(_) => Reference::LastYear,
        ast::Reference::Baseline(at) => {
            if subject.item.baseline.is_none() {
                cx.out.push(
                    Diagnostic::new(&codes::BAD_TARGET, "the KPI has no baseline")
                        .at(*at, "refers to it")
                        .help("give it one: `baseline: 2% on 2025-12-31`"),
                );
                return None;
            }
            Reference::Baseline
        }
        ast::Reference::Period(literal) => {
            Reference::Period(dates::period(*literal, calendar, cx.out)?)
        }
    };
    let value = literal::decimal(amount);
    if points {
        // Points of a percent KPI are hundredths.
        let hundredth = Decimal::new(1, 2);
        let scaled = match subject.unit {
            Scalar::Of(Unit::Percent) if !amount.percent => value.checked_mul(hundredth)?,
            _ => value,
        };
        return Some(TargetValue::Relative {
            amount: scaled.to_number(),
            points: Points::Added,
            over,
        });
    }
    if !amount.percent && amount.mantissa != 0 {
        cx.out.push(
            Diagnostic::new(&codes::BAD_TARGET, "a relative target is a share or points")
                .at(span, "neither")
                .help("write `+20% over ...`, or `+2 points over ...`"),
        );
        return None;
    }
    Some(TargetValue::Relative { amount: value.to_number(), points: Points::Share, over })
}

/// `for channel email`, `for device "mobile"`; a mistake is told under the code of its place.
pub(super) fn scope(
    written: &ast::Scope,
    code: &'static Code,
    cx: &mut Context<'_, '_>,
) -> Option<Scope> {
    let dimension = written.dimension.key.clone();
    let member = match &written.member {
        Member::Text(text) => text.value.clone(),
        Member::Name(path) if dimension == "channel" => {
            // Whatever its block: the rows of the KPI's own column are meant.
            let bare = match path.segments.as_slice() {
                [name] => cx.names.channels.get(name.key.as_str()).and_then(|all| all.first()),
                _ => None,
            };
            let found = bare.copied().or_else(|| cx.names.channel(path, cx.texts, cx.out));
            found?.1.name.text.clone()
        }
        // Another name for the dimension of channels, or a text without its quotes.
        Member::Name(path) => {
            let known =
                path.segments.last().and_then(|name| cx.names.channels.get(name.key.as_str()));
            if let Some((_, rule)) = known.and_then(|all| all.first()) {
                rule.name.text.clone()
            } else {
                let quoted = format!("{:?}", cx.texts.slice(path.span));
                cx.out.push(
                    Diagnostic::new(code, "a member of a dimension is a text")
                        .at(path.span, "not a text")
                        .suggest(format!("write `{quoted}`"), path.span, quoted),
                );
                return None;
            }
        }
    };
    Some(Scope { dimension, member })
}
