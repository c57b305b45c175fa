//! Lookups: what a source takes from the rows of another one.
//!
//! A looked-up column is a column of its own in the table that looks it up, without a bare name. It
//! takes its type from the other table, which is copied when it is complete, since each of the two
//! may still give a type to what nobody has declared; [`merge`] brings that together.

use super::names::meant;
use super::order::{self, Order};
use super::row::mistake;
use super::table::{Made, Slot, Table};
use super::types::{Typed, word};
use super::{Context, names::Found};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::row::{CellType, ColumnId};
use crate::model::source::{ColumnType, Lookup, Matching, SourceId};
use crate::source::Span;
use crate::syntax::ast::{self, Ident};

/// A source that another one looks up.
#[derive(Clone, Debug)]
pub(super) struct Join<'a> {
    /// As written.
    item: &'a ast::Lookup,
    span: Span,
    /// The other source, by its place.
    at: usize,
    /// Its columns as far as they are known, without what it looks up itself.
    table: Box<Table<'a>>,
    /// The key here.
    pub(super) own: Option<ColumnId>,
    /// The key there: in the copy, and after [`merge`] in the table itself.
    theirs: Option<ColumnId>,
    /// The columns that are taken: here, and their names there.
    taken: Vec<(ColumnId, Ident)>,
}

impl Join<'_> {
    /// The looked-up source's name.
    pub(super) fn name(&self) -> &Ident {
        &self.item.source
    }

    fn matching(&self) -> Matching {
        if self.item.or_earlier.is_some() { Matching::OrEarlier } else { Matching::Equal }
    }
}

/// An order of sources in which each comes after those that it looks up; reports cycles.
pub(super) fn order(items: &[&ast::Source], cx: &mut Context<'_, '_>) -> Order {
    let at = |lookup: &ast::Lookup| match cx.names.find(&cx.names.sources, &lookup.source.key) {
        Found::Item(at, _) => Some(at as usize),
        Found::Silent | Found::Nowhere => None,
    };
    let needs = |item: &&ast::Source| item.lookups.iter().filter_map(|l| at(&l.value)).collect();
    let needs: Vec<Vec<usize>> = items.iter().map(needs).collect();
    let order = order::sort(&needs);
    for cycle in &order.cycles {
        let steps: Vec<&Ident> = cycle.iter().map(|at| &items[*at].name).collect();
        let mut found = order::report("lookups", &steps);
        found.help = Some("let one of these sources do without the other".to_owned());
        cx.out.push(found);
    }
    order
}

/// Takes the lookups of a source in. `built` gives the tables that are complete.
pub(super) fn open<'t, 'a: 't>(
    table: &mut Table<'a>,
    built: impl Fn(usize) -> Option<&'t Table<'a>>,
    cx: &mut Context<'a, '_>,
) {
    let source = table.item;
    for lookup in &source.lookups {
        let item = &lookup.value;
        let other = cx.names.source(&item.source, cx.out).map(|at| at as usize);
        let own = table.resolve(&item.left, cx.out);
        let first = table.joins.iter().find(|j| j.name().key == item.source.key);
        if let Some(first) = first {
            let message = format!("`{}` is looked up twice", item.source.text);
            cx.out.push(
                Diagnostic::new(&codes::DUPLICATE_NAME, message)
                    .at(item.source.span, "the second time")
                    .at(first.name().span, "the first time")
                    .help("give the second one a source of its own, over the same file"),
            );
            continue;
        }
        let Some((at, other)) = other.and_then(|at| Some((at, built(at)?))) else { continue };
        let mut other = Box::new(other.clone());
        other.joins.clear();
        let theirs = other.resolve(item.right.as_ref().unwrap_or(&item.left), cx.out);
        let (span, taken) = (lookup.span, Vec::new());
        table.joins.push(Join { item, span, at, table: other, own, theirs, taken });
    }
}

/// Gives the keys of lookups their types, and compares those of the two sides.
pub(super) fn settle_keys(table: &mut Table<'_>, cx: &mut Context<'_, '_>) {
    for at in 0..table.joins.len() {
        let join = &table.joins[at];
        let (item, matching) = (join.item, join.matching());
        let (Some(own), Some(theirs)) = (join.own, join.theirs) else { continue };
        let ours = table.slot(own).ty.clone();
        let other = join.table.slot(theirs).ty.clone();
        let due = ours.clone().or(other.clone()).unwrap_or(match matching {
            Matching::Equal => ColumnType::Text,
            Matching::OrEarlier => ColumnType::Date,
        });
        table.settle(own, &due, item.left.span);
        let there = item.right.as_ref().unwrap_or(&item.left);
        let day = if due == ColumnType::Timestamp { ColumnType::Date } else { due.clone() };
        table.joins[at].table.settle(theirs, &day, there.span);
        let (ours, other) = (ours.unwrap_or(due), other.unwrap_or(day));
        let slots = (table.slot(own), table.joins[at].table.slot(theirs));
        cx.out.extend(unlike(item, (&ours, &other), slots, matching));
    }
}

/// What is wrong with the types of two keys.
fn unlike(
    item: &ast::Lookup,
    (ours, theirs): (&ColumnType, &ColumnType),
    (own, other): (&Slot<'_>, &Slot<'_>),
    matching: Matching,
) -> Option<Diagnostic> {
    let (left, right) = (word(ours), word(theirs));
    if let (Matching::OrEarlier, Some(at)) = (matching, item.or_earlier)
        && !matches!(theirs.cell(), CellType::Date | CellType::Timestamp)
    {
        let message = format!("only a date is earlier than another one, and this is {right}");
        let found = Diagnostic::new(&codes::TYPE_MISMATCH, message);
        let found = found.at(at, "asks for an earlier one").at(other.span, right);
        return Some(found.help("leave `or earlier` out, or declare the columns as `date`"));
    }
    // Whether a moment lies before a day or on it hangs on the hour: only the day can be asked for.
    let same = ours.cell() == theirs.cell()
        || (ours.cell(), theirs.cell()) == (CellType::Timestamp, CellType::Date);
    if same {
        return None;
    }
    let message =
        format!("`{}` is {left} and `{}.{}` is {right}", own.name, item.source.text, other.name);
    let found = Diagnostic::new(&codes::TYPE_MISMATCH, message)
        .at(item.left.span, left)
        .at(other.span, right);
    Some(found.help("declare both as the same type"))
}

/// `customers.country`: a column of a source that is looked up.
pub(super) fn looked_up(
    table: &mut Table<'_>,
    source: &Ident,
    name: &Ident,
    span: Span,
    cx: &mut Context<'_, '_>,
) -> Typed {
    let lookups = &table.item.lookups;
    if !lookups.iter().any(|l| l.value.source.key == source.key) {
        return mistake(not_joined(table, source, span, cx), span, cx);
    }
    let join = table.joins.iter().position(|j| j.name().key == source.key);
    // A lookup that cannot be followed has its message.
    let Some(at) = join else { return Typed::unknown(span) };
    let Some(id) = table.joins[at].table.resolve(name, cx.out) else { return Typed::unknown(span) };
    if let Some(ColumnType::MoneyIn(_)) = table.joins[at].table.slot(id).ty {
        let message = format!("`{}` is money of many currencies", cx.texts.slice(span));
        let found = Diagnostic::new(&codes::UNIT_MISMATCH, message)
            .at(span, "each row there names its currency")
            .help(format!("bring it to one currency in `{}`, and look that up", source.text));
        return mistake(found, span, cx);
    }
    let known =
        table.slots().find(|(_, slot)| slot.made == Some(Made::Joined(at, id))).map(|(id, _)| id);
    let here = known.unwrap_or_else(|| {
        let there = table.joins[at].table.slot(id);
        let shown = format!("{}.{}", source.text, there.name);
        let slot = Slot {
            key: format!("{}.{}", source.key, there.key),
            name: shown,
            span,
            headers: Vec::new(),
            computed: None,
            made: Some(Made::Joined(at, id)),
            ..there.clone()
        };
        let here = table.push_unnamed(slot);
        table.joins[at].taken.push((here, name.clone()));
        here
    });
    Typed::new(crate::model::RowExpr::Column(here), table.type_of(here), span)
}

/// A column of a source that the row has nothing to do with.
fn not_joined(
    table: &Table<'_>,
    source: &Ident,
    span: Span,
    cx: &mut Context<'_, '_>,
) -> Diagnostic {
    let this = &table.item.name.text;
    let message = format!("a row of `{this}` has no columns of `{}`", source.text);
    let found = Diagnostic::new(&codes::UNKNOWN_COLUMN, message)
        .at(span, format!("a column of `{}`", source.text));
    if cx.names.sources.entry(&source.key).is_some() {
        let help = format!("join the two in `{this}`: `lookup: {} on ...`", source.text);
        return found.help(help);
    }
    let lookups = table.item.lookups.iter().map(|l| l.value.source.text.as_str());
    let known = lookups.chain(cx.names.known(&cx.names.sources, |s| s.name.text.as_str()));
    let mut found = meant(found, source, known);
    found.code = &codes::UNKNOWN_SOURCE;
    found.message = format!("unknown source `{}`", source.text);
    found
}

/// Brings together what the two sides of each lookup know of the types of its columns, and where
/// these stand in the other table.
pub(super) fn merge(tables: &mut [Table<'_>], cx: &mut Context<'_, '_>) {
    let needs = tables.iter().map(|t| t.joins.iter().map(|j| j.at).collect()).collect::<Vec<_>>();
    // Whoever looks up goes first: what it says of a column may be handed on.
    for at in order::sort(&needs).nodes.into_iter().rev() {
        for join in 0..tables[at].joins.len() {
            let Join { at: other, item, own, .. } = tables[at].joins[join];
            let there = item.right.as_ref().unwrap_or(&item.left);
            if let Some(own) = own {
                let theirs = one(tables, (at, own), (other, there), cx);
                tables[at].joins[join].theirs = theirs;
            }
            for (here, name) in tables[at].joins[join].taken.clone() {
                if let Some(id) = one(tables, (at, here), (other, &name), cx) {
                    tables[at].slot_mut(here).made = Some(Made::Joined(join, id));
                }
            }
        }
    }
}

/// One column of a lookup, here and there; its place there.
fn one(
    tables: &mut [Table<'_>],
    (at, here): (usize, ColumnId),
    (other, name): (usize, &Ident),
    cx: &mut Context<'_, '_>,
) -> Option<ColumnId> {
    let (ours, used) = (tables[at].slot(here).ty.clone(), tables[at].slot(here).typed_at);
    let joined = matches!(tables[at].slot(here).made, Some(Made::Joined(..)));
    let id = tables[other].resolve(name, cx.out)?;
    let theirs = tables[other].slot(id).ty.clone();
    match (ours, theirs) {
        (Some(ours), None) => {
            let day = ours == ColumnType::Timestamp && !joined;
            let ours = if day { ColumnType::Date } else { ours };
            tables[other].settle(id, &ours, used.unwrap_or(name.span));
        }
        (None, Some(theirs)) => tables[at].slot_mut(here).ty = Some(theirs),
        // Keys have been compared.
        (Some(ours), Some(theirs)) if joined && ours.cell() != theirs.cell() => {
            let (one, two) = (word(&ours), word(&theirs));
            let message = format!("`{}` is used as {one} and as {two}", name.text);
            let found = Diagnostic::new(&codes::TYPE_MISMATCH, message)
                .at(used.unwrap_or(name.span), format!("used as {one}"))
                .at(tables[other].slot(id).span, format!("{two} here"));
            let help = format!("declare its type in `{}`", tables[other].item.name.text);
            cx.out.push(found.help(help));
        }
        _ => {}
    }
    Some(id)
}

/// The lookups for the model.
pub(super) fn finish(table: &Table<'_>) -> Vec<Lookup> {
    let lookup = |join: &Join<'_>| Lookup {
        source: SourceId(join.at as u32),
        // Where one of them is not known, there is a message and nothing is computed.
        own: join.own.unwrap_or(ColumnId(0)),
        theirs: join.theirs.unwrap_or(ColumnId(0)),
        matching: join.matching(),
        span: join.span,
    };
    table.joins.iter().map(lookup).collect()
}
