//! A source's columns while expressions are checked: the declared ones, and those that go by
//! their header and take their type from their use.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use super::lookup::Join;
use super::names::meant;
use super::types::{Type, word};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::model::preset::Preset;
use crate::model::row::{ColumnId, RowExpr};
use crate::model::source::{CellKind, Column, ColumnOrigin, ColumnType, Rank, header_key};
use crate::source::Span;
use crate::syntax::ast::{self, Ident};
use crate::syntax::fold_name;
use crate::time::DateFormat;

/// The columns of a source, open to more.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    /// As written.
    pub(super) item: &'a ast::Source,
    /// How the tool that wrote it names its columns.
    preset: Option<&'static Preset>,
    /// The column of the row's date.
    pub(super) date: Option<ColumnId>,
    /// The sources that it looks up.
    pub(super) joins: Vec<Join<'a>>,
    /// How the headers are written that are turned into rows, and so are no columns.
    pub(super) turned: Option<DateFormat>,
    /// The headers; none where nobody has looked, so that any name may be one.
    headers: Option<&'a [String]>,
    slots: Vec<Slot<'a>>,
    index: HashMap<String, ColumnId>,
    /// How many unknown names have been held against all known ones.
    searched: Cell<usize>,
}

/// After so many unknown columns nobody looks for the nearest ones.
const SEARCHED: usize = 300;

/// A column so far.
#[derive(Clone, Debug)]
pub(super) struct Slot<'a> {
    /// As written.
    pub(super) name: String,
    /// As compared.
    pub(super) key: String,
    /// Where it is declared or first used.
    pub(super) span: Span,
    /// What it holds; none while nothing has told.
    pub(super) ty: Option<ColumnType>,
    /// Whether it names the currency of other columns.
    pub(super) names: Texts,
    /// Where an undeclared column got its type.
    pub(super) typed_at: Option<Span>,
    /// The headers that may carry it.
    pub(super) headers: Vec<String>,
    /// How its dates are written.
    pub(super) format: Option<DateFormat>,
    /// Its line in the `columns` block.
    pub(super) declared: Option<&'a ast::Column>,
    /// What it is computed as.
    pub(super) computed: Option<RowExpr>,
    /// Where it comes from, if it is neither a header nor computed.
    pub(super) made: Option<Made>,
}

/// What makes a column that is neither read under a header of its own nor computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// The join, and the column's place in the table there.
    Joined(usize, ColumnId),
    /// The days that the row stands for.
    Range,
    /// The date above the cell that becomes a row.
    Header,
    /// The cell that becomes a row.
    Turned,
    /// The row's place among those of the id in a column.
    Ranked(Rank, ColumnId),
}

/// What the texts of a column name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Texts {
    /// Whatever they do.
    Any,
    /// Currencies.
    Currencies,
}

/// What a file's headers are, to somebody who looked for another one.
fn told(headers: &[String]) -> String {
    let shown = |h: &String| format!("`{}`", h.chars().take(40).collect::<String>());
    if let [all] = headers {
        let other = [";", "\t", "|", ","].into_iter().find(|d| all.contains(d));
        if let Some(delimiter) = other {
            let delimiter = delimiter.escape_default();
            return format!(
                "the header is one field, {}: say `delimiter: \"{delimiter}\"`",
                shown(all)
            );
        }
    }
    let some: Vec<String> = headers.iter().take(12).map(shown).collect();
    let more = headers.len().saturating_sub(12);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("its headers are {}{rest}", some.join(", "))
}

impl<'a> Table<'a> {
    /// A table without columns.
    pub(super) fn new(item: &'a ast::Source, headers: Option<&'a [String]>) -> Self {
        let (slots, index) = (Vec::new(), HashMap::new());
        let preset = item.preset.as_ref().and_then(|p| Preset::named(&p.value.key));
        let (joins, turned, searched) = (Vec::new(), None, Cell::new(0));
        Self { item, preset, date: None, joins, turned, headers, slots, index, searched }
    }

    /// The headers of the file, where they are known.
    pub(super) fn headers(&self) -> Option<&'a [String]> {
        self.headers
    }

    /// The name as compared.
    pub(super) fn key(&self) -> &'a str {
        &self.item.name.key
    }

    /// A column.
    pub(super) fn slot(&self, id: ColumnId) -> &Slot<'a> {
        &self.slots[id.0 as usize]
    }

    /// A column, to change.
    pub(super) fn slot_mut(&mut self, id: ColumnId) -> &mut Slot<'a> {
        &mut self.slots[id.0 as usize]
    }

    /// All columns with their ids.
    pub(super) fn slots(&self) -> impl Iterator<Item = (ColumnId, &Slot<'a>)> {
        self.slots.iter().enumerate().map(|(i, s)| (ColumnId(i as u32), s))
    }

    /// The column of a name as compared, if it is there already.
    pub(super) fn known(&self, key: &str) -> Option<ColumnId> {
        self.index.get(key).copied()
    }

    /// Takes a declared column in; an earlier one of the name is given back.
    pub(super) fn declare(
        &mut self,
        column: &'a ast::Column,
        ty: Option<ColumnType>,
        format: Option<DateFormat>,
    ) -> Result<ColumnId, Span> {
        if let Some(first) = self.known(&column.name.key) {
            return Err(self.slot(first).span);
        }
        let headers = if column.computed.is_some() {
            Vec::new()
        } else if column.from.is_empty() {
            let header = self.header_of(&column.name);
            vec![header.map_or_else(|| column.name.text.clone(), str::to_owned)]
        } else {
            column.from.iter().map(|name| name.text.clone()).collect()
        };
        Ok(self.push(Slot {
            name: column.name.text.clone(),
            key: column.name.key.clone(),
            span: column.name.span,
            ty,
            names: Texts::Any,
            typed_at: None,
            headers,
            format,
            declared: Some(column),
            computed: None,
            made: None,
        }))
    }

    /// Takes in a column that something else than a header makes.
    pub(super) fn push_made(
        &mut self,
        name: &Ident,
        ty: Option<ColumnType>,
        made: Made,
    ) -> ColumnId {
        self.push(Slot {
            name: name.text.clone(),
            key: name.key.clone(),
            span: name.span,
            ty,
            names: Texts::Any,
            typed_at: None,
            headers: Vec::new(),
            format: None,
            declared: None,
            computed: None,
            made: Some(made),
        })
    }

    fn push(&mut self, slot: Slot<'a>) -> ColumnId {
        let id = ColumnId(self.slots.len() as u32);
        self.index.insert(slot.key.clone(), id);
        self.slots.push(slot);
        id
    }

    /// Takes in a column that no bare name stands for: one of a looked-up row, or a date that no
    /// cell holds.
    pub(super) fn push_unnamed(&mut self, slot: Slot<'a>) -> ColumnId {
        self.slots.push(slot);
        ColumnId(self.slots.len() as u32 - 1)
    }

    /// The header that a name stands for: the exact one, else the one of that key.
    fn header_of(&self, name: &Ident) -> Option<&'a str> {
        let headers = self.headers?;
        let columns = || headers.iter().filter(|h| self.is_column(h));
        let exact = columns().find(|h| fold_name(h) == name.key);
        let by_key = || columns().find(|h| header_key(h) == name.key);
        let loose = || {
            let key = header_key(&name.text);
            columns().find(|h| header_key(h) == key)
        };
        let other_name = || {
            let aliases = self.preset.into_iter().flat_map(|p| p.aliases(&name.text));
            let keys: Vec<String> = aliases.map(header_key).collect();
            headers.iter().find(|h| keys.contains(&header_key(h)))
        };
        let found = if name.quoted { exact } else { exact.or_else(by_key).or_else(loose) };
        found.or_else(other_name).map(String::as_str)
    }

    /// The column of a name: a declared one, one that reads the header in backticks, or a header
    /// that nobody declared. With a message where there is none.
    pub(super) fn resolve(&mut self, name: &Ident, out: &mut Diagnostics) -> Option<ColumnId> {
        if let Some(id) = self.known(&name.key) {
            return Some(id);
        }
        if name.quoted {
            let reads = |s: &Slot<'_>| s.headers.iter().any(|h| fold_name(h) == name.key);
            if let Some((id, _)) = self.slots().find(|(_, s)| reads(s)) {
                return Some(id);
            }
        }
        let header = match self.headers {
            None => name.text.clone(),
            Some(_) => {
                if let Some(header) = self.header_of(name) {
                    header.to_owned()
                } else {
                    out.push(self.missing(name));
                    return None;
                }
            }
        };
        Some(self.open(name, header))
    }

    /// Whether a name could be a column, without making it one.
    pub(super) fn has(&self, name: &Ident) -> bool {
        self.known(&name.key).is_some()
            || self.headers.is_none()
            || self.header_of(name).is_some()
            || name.quoted
                && self.slots.iter().any(|s| s.headers.iter().any(|h| fold_name(h) == name.key))
    }

    /// Takes an undeclared column in.
    fn open(&mut self, name: &Ident, header: String) -> ColumnId {
        let key = if name.quoted { header_key(&name.text) } else { name.key.clone() };
        let taken = key.is_empty() || self.known(&key).is_some();
        let key = if taken { name.key.clone() } else { key };
        let id = self.push(Slot {
            name: if name.quoted { key.clone() } else { name.text.clone() },
            key,
            span: name.span,
            ty: None,
            names: Texts::Any,
            typed_at: None,
            headers: vec![header],
            format: None,
            declared: None,
            computed: None,
            made: None,
        });
        self.index.insert(name.key.clone(), id);
        id
    }

    /// The column of `nth(id)` or `first_seen(id)`, which has no name.
    pub(super) fn rank(&mut self, rank: Rank, of: ColumnId, span: Span) -> ColumnId {
        if let Some((id, _)) = self.slots().find(|(_, s)| s.made == Some(Made::Ranked(rank, of))) {
            return id;
        }
        let name = format!("{}({})", rank.word(), self.slot(of).name);
        self.slots.push(Slot {
            key: name.clone(),
            name,
            span,
            ty: Some(match rank {
                Rank::Nth => ColumnType::Count,
                Rank::FirstSeen => ColumnType::Date,
            }),
            names: Texts::Any,
            typed_at: None,
            headers: Vec::new(),
            format: None,
            declared: None,
            computed: None,
            made: Some(Made::Ranked(rank, of)),
        });
        ColumnId(self.slots.len() as u32 - 1)
    }

    /// The function of a row's rank that some columns lean on, if there is one.
    pub(super) fn leans_on(&self, columns: impl IntoIterator<Item = ColumnId>) -> Option<Rank> {
        let mut seen: HashSet<ColumnId> = HashSet::new();
        let mut rest: Vec<ColumnId> = columns.into_iter().collect();
        while let Some(id) = rest.pop() {
            let slot = self.slot(id);
            if let Some(Made::Ranked(rank, _)) = slot.made {
                return Some(rank);
            }
            if let Some(expr) = slot.computed.as_ref().filter(|_| seen.insert(id)) {
                rest.extend(expr.columns());
            }
        }
        None
    }

    /// A column of its own for a header that another column reads as something else.
    pub(super) fn read_again(&mut self, name: &Ident) -> ColumnId {
        self.open(name, name.text.clone())
    }

    /// "source `web` has no column `visit`"
    pub(super) fn missing(&self, name: &Ident) -> Diagnostic {
        let source = &self.item.name.text;
        let message = format!("source `{source}` has no column `{}`", name.text);
        let found = Diagnostic::new(&codes::UNKNOWN_COLUMN, message)
            .at(name.span, "no column of that name");
        self.searched.set(self.searched.get() + 1);
        if self.searched.get() > SEARCHED {
            return found;
        }
        let keys: Vec<String> = self.free_headers().map(|h| header_key(h)).collect();
        let named = self.slots.iter().filter(|s| !matches!(s.made, Some(Made::Ranked(..))));
        let declared = named.map(|s| s.name.as_str());
        let found = meant(found, name, declared.chain(keys.iter().map(String::as_str)));
        match (&found.help, self.headers) {
            (None, Some(headers)) => found.help(told(headers)),
            _ => found,
        }
    }

    /// Whether a header stands above a column, and not above cells that become rows.
    fn is_column(&self, header: &str) -> bool {
        self.turned.as_ref().is_none_or(|format| format.parse(header).is_none())
    }

    /// Headers that no column reads.
    fn free_headers(&self) -> impl Iterator<Item = &'a String> + '_ {
        let read: HashSet<&str> =
            self.slots.iter().flat_map(|s| &s.headers).map(String::as_str).collect();
        let columns = self.headers.unwrap_or_default().iter().filter(|h| self.is_column(h));
        columns.filter(move |h| !read.contains(h.as_str()))
    }

    /// The type of a column in an expression.
    pub(super) fn type_of(&self, id: ColumnId) -> Type {
        let slot = self.slot(id);
        match &slot.ty {
            None => Type::Open(vec![id]),
            // Nobody has said what the numbers of an undeclared column count.
            Some(ColumnType::Number) if slot.declared.is_none() => Type::number(),
            Some(ty) => Type::of(ty),
        }
    }

    /// Gives an undeclared column its type.
    pub(super) fn settle(&mut self, id: ColumnId, ty: &ColumnType, at: Span) {
        let slot = self.slot_mut(id);
        if slot.ty.is_none() {
            slot.ty = Some(ty.clone());
            slot.typed_at = Some(at);
        }
    }

    /// Where and as what an undeclared column was settled.
    pub(super) fn settled(&self, expr: &RowExpr) -> Option<(&Slot<'a>, &'static str, Span)> {
        let RowExpr::Column(id) = expr else { return None };
        let slot = self.slots.get(id.0 as usize)?;
        Some((slot, word(slot.ty.as_ref()?), slot.typed_at?))
    }

    /// Takes in every header that nothing declares or uses, as a text to break down by.
    pub(super) fn take_rest(&mut self) {
        let rest: Vec<String> = self.free_headers().cloned().collect();
        let span = self.item.name.span;
        for header in rest {
            let key = header_key(&header);
            if key.is_empty() || self.known(&key).is_some() {
                continue;
            }
            let name = Ident { text: key.clone(), key, span, quoted: false };
            self.open(&name, header);
        }
    }

    /// The columns for the model. What nothing has given a type is a text.
    pub(super) fn finish(self) -> Vec<Column> {
        let preset = self.preset;
        self.slots.into_iter().map(|slot| finish(slot, preset)).collect()
    }
}

/// The headers of a column with the names that the tool gives it at other times, in other languages,
/// and with its currency.
fn known_names(headers: &[String], ty: &ColumnType, preset: &'static Preset) -> Vec<String> {
    let mut all = headers.to_owned();
    for header in headers {
        let aliases: Vec<String> = preset.aliases(header).map(str::to_owned).collect();
        all.extend(aliases);
    }
    if let ColumnType::Money(currency) = ty {
        all.extend(headers.iter().map(|header| format!("{header} ({currency})")));
    }
    all
}

fn finish(mut slot: Slot<'_>, preset: Option<&'static Preset>) -> Column {
    let ty = slot.ty.unwrap_or(ColumnType::Text);
    if let Some(preset) = preset {
        slot.headers = known_names(&slot.headers, &ty, preset);
        slot.format = slot.format.or_else(|| preset.date_format());
    }
    let not_additive_over = slot
        .declared
        .map(|d| d.not_additive_over.iter().map(|n| n.key.clone()).collect())
        .unwrap_or_default();
    let origin = match (slot.computed, slot.made) {
        (Some(expr), _) => ColumnOrigin::Computed(expr),
        (None, Some(Made::Joined(lookup, column))) => ColumnOrigin::Joined { lookup, column },
        (None, Some(Made::Range)) => ColumnOrigin::Range,
        (None, Some(Made::Header)) => ColumnOrigin::Header,
        (None, Some(Made::Turned)) => ColumnOrigin::Turned(cell(&ty, slot.names, slot.format)),
        (None, Some(Made::Ranked(rank, of))) => ColumnOrigin::Ranked(rank, of),
        (None, None) => {
            ColumnOrigin::Read { headers: slot.headers, cell: cell(&ty, slot.names, slot.format) }
        }
    };
    Column { name: slot.name, key: slot.key, span: slot.span, ty, origin, not_additive_over }
}

/// How the cells of a type are read.
fn cell(ty: &ColumnType, names: Texts, format: Option<DateFormat>) -> CellKind {
    match ty {
        ColumnType::Count | ColumnType::Number | ColumnType::MoneyIn(_) => CellKind::Number,
        ColumnType::Money(currency) => CellKind::Money(*currency),
        ColumnType::Percent => CellKind::Percent,
        ColumnType::Duration => CellKind::Duration,
        ColumnType::Text | ColumnType::Id if names == Texts::Currencies => CellKind::Currency(None),
        ColumnType::Text | ColumnType::Id => CellKind::Text,
        ColumnType::Bool => CellKind::Bool,
        ColumnType::Date => CellKind::Date(format.unwrap_or_else(DateFormat::iso)),
        ColumnType::Timestamp => CellKind::Timestamp(format.unwrap_or_else(DateFormat::iso)),
    }
}
