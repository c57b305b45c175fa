//! An item by its keyword; the short ones whole.

use super::atom::{self, ident_of};
use super::context::Context;
use super::property::{a, body, text_property};
use super::{allow, channels, measure, report, source, test};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::{
    Connection, DateLit, Event, Experiment, Expr, ExprKind, FiscalYear, Goal, Ident, Item,
    ItemKind, List, Localized, MeasureKind, Note, Project, Review, Text, TextProperty, Use,
};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::split::{RawBlock, RawItem, Run};
use crate::syntax::token::Kind;
use crate::syntax::words;

/// Reads an item. One whose head or whose meaning cannot be read is `Broken`; its block is read
/// all the same, for its mistakes.
pub(in crate::syntax) fn item(
    cx: &mut Context<'_, '_, '_>,
    raw: &RawItem,
    comments: &[Span],
) -> Item {
    cx.damaged.clear();
    let keyword = cx.token_span(raw.keyword);
    let allows = allow::allows(cx, comments, keyword);
    let kind = kind(cx, raw).unwrap_or_else(|| broken(cx, raw));
    Item { kind, span: keyword.to(cx.token_span(raw.last)), keyword, allows }
}

fn broken(cx: &Context<'_, '_, '_>, raw: &RawItem) -> ItemKind {
    let named = raw.head.first < raw.head.end
        && matches!(cx.tokens[raw.head.first].kind, Kind::Word | Kind::Quoted);
    let name = named.then(|| ident_of(cx.word(raw.head.first), cx.token_span(raw.head.first)));
    ItemKind::Broken { keyword: raw.word.to_owned(), name }
}

fn kind(cx: &mut Context<'_, '_, '_>, raw: &RawItem) -> Option<ItemKind> {
    let block = raw.block.as_ref();
    match raw.word {
        "project" => project(cx, raw.head, block),
        "use" => uses(cx, raw),
        "connection" => connection(cx, raw.head, block),
        "source" => source::source(cx, raw.head, block),
        "channels" => channels::channels(cx, raw.head, block),
        "list" => list(cx, raw),
        "metric" => measure::measure(cx, raw.head, block, MeasureKind::Metric),
        "kpi" => measure::measure(cx, raw.head, block, MeasureKind::Kpi),
        "goal" => goal(cx, raw.head, block),
        "review" => review(cx, raw.head, block),
        "note" => note(cx, raw),
        "event" => event(cx, raw.head, block),
        "experiment" => experiment(cx, raw.head, block),
        "report" => report::report(cx, raw.head, block),
        "test" => test::test(cx, raw.head, block),
        _ => None,
    }
}

/// Reads a head by its rule.
pub(super) fn head<'s>(
    cx: &mut Context<'s, '_, '_>,
    run: Run,
    rule: Rule,
    keyword: &str,
) -> Option<Node<'s>> {
    cx.read(rule, run, &format!("the head of {}", a(keyword)))
}

/// Reports the missing block of an item that is nothing without one.
pub(super) fn needs_block(
    cx: &mut Context<'_, '_, '_>,
    run: Run,
    block: Option<&RawBlock>,
    keyword: &str,
) {
    if block.is_some() || run.broken || cx.report.has_error_in(cx.range(run)) {
        return;
    }
    let diagnostic =
        Diagnostic::new(&codes::MISPLACED_BLOCK, format!("{} needs a block", a(keyword)))
            .at(cx.run_span(run), "no `{` behind it")
            .help("add `{`, its properties a line each, and `}`");
    cx.push(diagnostic);
}

/// Reports a block behind an item that has none.
fn no_block(cx: &mut Context<'_, '_, '_>, block: Option<&RawBlock>, keyword: &str) {
    let Some(block) = block else { return };
    let span = cx.token_span(block.open);
    cx.push(
        Diagnostic::new(&codes::MISPLACED_BLOCK, format!("{} has no block", a(keyword)))
            .at(span, "opens one")
            .help("remove the braces and what is between them"),
    );
}

fn project(cx: &mut Context<'_, '_, '_>, run: Run, block: Option<&RawBlock>) -> Option<ItemKind> {
    let head = head(cx, run, Rule::project_head, "project");
    let title = head.as_ref().and_then(|n| atom::localized_in(cx, n));
    needs_block(cx, run, block, "project");
    let mut project = Project {
        title,
        currency: None,
        timezone: None,
        calendar: None,
        week: None,
        fiscal_year: None,
        locale: None,
    };
    for entry in body(cx, block, &words::PROJECT).entries {
        match entry.key {
            "currency" => project.currency = cx.value(&entry, Rule::name_value, name),
            "timezone" => project.timezone = cx.value(&entry, Rule::text_value, text),
            "calendar" => {
                project.calendar = cx.value(&entry, Rule::name_value, |cx, n| {
                    word(cx, n, &words::CALENDARS, "a calendar")
                });
            }
            "week" => {
                project.week = cx.value(&entry, Rule::week_value, |cx, n| {
                    word(cx, n, &words::WEEKDAYS, "a day of the week")
                });
            }
            "fiscal_year" => {
                project.fiscal_year = cx.value(&entry, Rule::fiscal_value, fiscal_year);
            }
            "locale" => project.locale = cx.value(&entry, Rule::language_value, language),
            _ => {}
        }
    }
    head.map(|_| ItemKind::Project(Box::new(project)))
}

fn fiscal_year(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<FiscalYear> {
    let mut names = atom::own_names(node).into_iter();
    let starts = atom::word_of(cx, names.next()?, &words::MONTHS, "a month")?;
    let named_by = match names.next() {
        Some(word) => Some(atom::word_of(cx, word, &words::NAMED_BY, "an end of the year")?),
        None => None,
    };
    Some(FiscalYear { starts, named_by })
}

/// The one name of a value.
pub(super) fn name(_: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Ident> {
    atom::first_name(node)
}

/// The one name of a value, out of a closed set.
pub(super) fn word(
    cx: &mut Context<'_, '_, '_>,
    node: &Node<'_>,
    set: &[&str],
    kind: &str,
) -> Option<Ident> {
    let name = atom::first_name(node)?;
    atom::word_of(cx, name, set, kind)
}

/// The one text of a value.
pub(super) fn text(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Text> {
    let node = node.child(Rule::text)?;
    Some(atom::text(cx, &node))
}

/// The names of a value.
pub(super) fn names(_: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Vec<Ident>> {
    node.child(Rule::names).map(|names| atom::own_names(&names))
}

/// The one language of a value.
pub(super) fn language(_: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<Ident> {
    node.child(Rule::language).map(|n| atom::ident(&n))
}

fn uses(cx: &mut Context<'_, '_, '_>, raw: &RawItem) -> Option<ItemKind> {
    let Some(head) = head(cx, raw.head, Rule::use_head, "use") else {
        return unquoted_use(cx, raw.head);
    };
    no_block(cx, raw.block.as_ref(), "use");
    let path = text(cx, &head)?;
    let only = head.child(Rule::names).map(|n| atom::own_names(&n));
    Some(ItemKind::Use(Use { path, only }))
}

/// A path without quotes has been reported; what it brings in is known all the same.
fn unquoted_use(cx: &Context<'_, '_, '_>, run: Run) -> Option<ItemKind> {
    let words = &cx.tokens[run.first..run.end];
    let bare = words.iter().all(|t| t.kind != Kind::Text) && !words.is_empty();
    let span = cx.run_span(run);
    let value = cx.text[span.range()].split_whitespace().next().unwrap_or_default().to_owned();
    let path = Text { value, span };
    bare.then_some(ItemKind::Use(Use { path, only: None }))
}

fn connection(
    cx: &mut Context<'_, '_, '_>,
    run: Run,
    block: Option<&RawBlock>,
) -> Option<ItemKind> {
    let head = head(cx, run, Rule::named_head, "connection");
    needs_block(cx, run, block, "connection");
    let mut dialect = None;
    for entry in body(cx, block, &words::CONNECTION).entries {
        dialect = cx.value(&entry, Rule::name_value, |cx, n| {
            word(cx, n, &words::SQL_DIALECTS, "a dialect")
        });
    }
    let name = atom::first_name(&head?)?;
    Some(ItemKind::Connection(Connection { name, dialect }))
}

fn list(cx: &mut Context<'_, '_, '_>, raw: &RawItem) -> Option<ItemKind> {
    let head = head(cx, raw.head, Rule::list_head, "list")?;
    no_block(cx, raw.block.as_ref(), "list");
    let name = atom::first_name(&head)?;
    let mut members = Vec::new();
    for member in head.children().filter(|n| n.rule() == Rule::list_member) {
        let inner = member.first()?;
        let span = inner.span();
        let kind = match inner.rule() {
            Rule::text => ExprKind::Text(atom::text(cx, &inner).value),
            _ => ExprKind::Name(atom::path(&inner)),
        };
        members.push(Expr { kind, span });
    }
    Some(ItemKind::List(List { name, members }))
}

fn goal(cx: &mut Context<'_, '_, '_>, run: Run, block: Option<&RawBlock>) -> Option<ItemKind> {
    let head = head(cx, run, Rule::titled_head, "goal");
    needs_block(cx, run, block, "goal");
    let mut goal = Goal {
        name: ident_of("", cx.run_span(run)),
        title: head.as_ref().and_then(|n| atom::localized_in(cx, n)),
        due: None,
        owner: None,
        about: Vec::new(),
        titles: Vec::new(),
    };
    for entry in body(cx, block, &words::GOAL).entries {
        match entry.key {
            "due" => {
                goal.due = cx.value(&entry, Rule::date_value, |cx, n| {
                    n.child(Rule::date).and_then(|d| atom::date(cx, &d))
                });
            }
            "owner" => goal.owner = cx.value(&entry, Rule::text_value, text),
            "about" => text_property(cx, &entry, &mut goal.about),
            "title" => text_property(cx, &entry, &mut goal.titles),
            _ => {}
        }
    }
    take_plain_title(cx, &mut goal.title, &mut goal.titles);
    goal.name = atom::first_name(&head?)?;
    Some(ItemKind::Goal(goal))
}

/// A `title:` without a language is the title itself, unless the head has one.
pub(super) fn take_plain_title(
    cx: &mut Context<'_, '_, '_>,
    title: &mut Option<Localized>,
    titles: &mut Vec<TextProperty>,
) {
    let Some(at) = titles.iter().position(|t| t.language.is_none()) else { return };
    let plain = titles.remove(at);
    match title {
        None => {
            *title = Some(Localized { plain: plain.text, variants: Vec::new() });
        }
        Some(first) => {
            let first = first.plain.span;
            cx.push(atom::twice("title", plain.key).at(first, "the first time"));
        }
    }
}

fn review(cx: &mut Context<'_, '_, '_>, run: Run, block: Option<&RawBlock>) -> Option<ItemKind> {
    let head = head(cx, run, Rule::review_head, "review");
    needs_block(cx, run, block, "review");
    let (mut decision, mut note) = (None, None);
    for entry in body(cx, block, &words::REVIEW).entries {
        match entry.key {
            "decision" => {
                decision = cx.value(&entry, Rule::name_value, |cx, n| {
                    word(cx, n, &words::DECISIONS, "a decision")
                });
            }
            "note" => note = cx.value(&entry, Rule::text_value, text),
            _ => {}
        }
    }
    let head = head?;
    let kpi = atom::first_name(&head)?;
    let on = atom::date(cx, &head.child(Rule::date)?)?;
    Some(ItemKind::Review(Review { kpi, on, decision, note }))
}

fn note(cx: &mut Context<'_, '_, '_>, raw: &RawItem) -> Option<ItemKind> {
    let head = head(cx, raw.head, Rule::note_head, "note")?;
    no_block(cx, raw.block.as_ref(), "note");
    let kpi = atom::first_name(&head)?;
    let when = atom::when(cx, &head.child(Rule::when)?)?;
    let said = atom::localized_in(cx, &head)?;
    let by = text(cx, &head);
    Some(ItemKind::Note(Note { kpi, when, text: said, by }))
}

fn event(cx: &mut Context<'_, '_, '_>, run: Run, block: Option<&RawBlock>) -> Option<ItemKind> {
    let head = head(cx, run, Rule::event_head, "event");
    let mut affects = None;
    for entry in body(cx, block, &words::EVENT).entries {
        affects = cx.value(&entry, Rule::names_value, names);
    }
    let head = head?;
    let mut dates = head.children().filter(|n| n.rule() == Rule::date);
    let from = atom::date(cx, &dates.next()?)?;
    let to = match dates.next() {
        Some(last) => Some(atom::date(cx, &last)?),
        None => None,
    };
    let title = atom::localized_in(cx, &head)?;
    Some(ItemKind::Event(Event { from, to, title, affects }))
}

/// `DATE to DATE`
pub(super) fn dates(cx: &mut Context<'_, '_, '_>, node: &Node<'_>) -> Option<(DateLit, DateLit)> {
    let mut dates = node.children().filter(|n| n.rule() == Rule::date);
    let first = atom::date(cx, &dates.next()?)?;
    Some((first, atom::date(cx, &dates.next()?)?))
}

fn experiment(
    cx: &mut Context<'_, '_, '_>,
    run: Run,
    block: Option<&RawBlock>,
) -> Option<ItemKind> {
    let head = head(cx, run, Rule::text_head, "experiment");
    needs_block(cx, run, block, "experiment");
    let (mut kpi, mut variant, mut values, mut from) = (None, None, None, None);
    for entry in body(cx, block, &words::EXPERIMENT).entries {
        match entry.key {
            "kpi" => kpi = cx.value(&entry, Rule::name_value, name),
            "variant" => {
                variant = cx.value(&entry, Rule::path_value, |_, n| {
                    n.child(Rule::path).map(|p| atom::path(&p))
                });
            }
            "values" => {
                values = cx.value(&entry, Rule::texts_value, |cx, n| Some(atom::texts(cx, n)));
            }
            "from" => from = cx.value(&entry, Rule::dates_value, dates),
            _ => {}
        }
    }
    let title = atom::localized_in(cx, &head?)?;
    let whole = cx.damaged.is_empty();
    let experiment = Experiment { title, kpi, variant, values, from };
    whole.then(|| ItemKind::Experiment(Box::new(experiment)))
}
