//! From syntax trees to the model.
//!
//! One file a concern. The order matters: names first, then what the project settles, lists and
//! channels, sources with their columns, measures in an order in which each comes after those that
//! it names, and at last what refers to all of them. A mistake gives one message; what depends on
//! it is unknown from there on and silent.

mod additivity;
mod aggregate;
mod amount;
mod argument;
mod arithmetic;
mod calls;
mod channels;
mod comparison;
mod computed;
mod convert;
mod dates;
mod declared;
mod demand;
mod dialect;
mod dimensions;
mod experiment;
mod formula;
mod functions;
mod items;
mod lacking;
mod lists;
mod literal;
mod lookup;
mod measure;
mod names;
mod order;
mod owner;
mod percent;
mod project;
mod ranks;
mod regexes;
mod report;
mod row;
mod shadow;
mod shape;
mod source;
mod table;
mod target;
mod test;
mod text;
mod types;
mod units;

use std::collections::{BTreeMap, BTreeSet};

use super::formula::AggregateId;
use super::source::{Dialect, Input};
use super::{Model, Settings};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Sources};
use crate::syntax::ast;
use crate::value::Currency;
pub(super) use lacking::asked_for;
use names::Names;

/// A file, or rows typed by hand, whose headers the check has to know.
#[derive(Clone, Debug)]
pub struct InputRequest {
    /// The source's name as compared.
    pub source: String,
    /// Where its rows are.
    pub input: Input,
    /// How they are written.
    pub dialect: Dialect,
}

/// The headers of sources, as they stand in their files. A source that is not in here is not
/// known: any name may be one of its columns.
///
/// ```
/// use sanjeh::model::Headers;
/// let mut headers = Headers::default();
/// headers.insert("web", vec!["Date".to_owned(), "Key events".to_owned()]);
/// assert_eq!(headers.get("web").unwrap().len(), 2);
/// assert!(headers.get("shop").is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    names: BTreeMap<String, Vec<String>>,
    currencies: BTreeMap<AggregateId, Currency>,
}

impl Headers {
    /// Tells the headers of a source, by its name as compared.
    pub fn insert(&mut self, source: impl Into<String>, headers: Vec<String>) {
        self.names.insert(source.into(), headers);
    }

    /// The headers of a source, where they are known.
    pub fn get(&self, source: &str) -> Option<&[String]> {
        self.names.get(source).map(Vec::as_slice)
    }

    /// Tells of which currency the rows of aggregates turned out to be, where the spec leaves it
    /// to them. The aggregates are those of a check of the same files.
    pub fn tell_currencies(&mut self, currencies: BTreeMap<AggregateId, Currency>) {
        self.currencies = currencies;
    }
}

/// What must be looked at before [`check`]: one request a source that reads CSV or inline rows.
pub fn inputs(files: &[ast::File], texts: &Sources) -> Vec<InputRequest> {
    let names = names::collect(files, &mut Diagnostics::default());
    source::requests(&names, texts)
}

/// What every part of the check needs.
#[derive(Debug)]
struct Context<'a, 'o> {
    texts: &'a Sources,
    names: Names<'a>,
    settings: Settings,
    rules: Vec<channels::Rules>,
    /// What the rows have told of currencies.
    currencies: BTreeMap<AggregateId, Currency>,
    /// The files that could not be read whole: what is missing there may have been said.
    unread: BTreeSet<FileId>,
    out: &'o mut Diagnostics,
}

impl Context<'_, '_> {
    /// The currency of a code, with a message where there is none.
    fn currency(&mut self, code: &ast::Ident) -> Option<Currency> {
        project::currency(code, self.out)
    }
}

/// The names of all functions: those of rows, aggregates, those of a formula's values. A few are of
/// two kinds.
pub fn functions() -> impl Iterator<Item = &'static str> {
    let formula = aggregate::NAMES.into_iter().chain(calls::NAMES);
    functions::NAMES.into_iter().chain(formula)
}

/// Checks a project: resolves names, types expressions, works units out.
///
/// Where `out` has an error afterwards, the model is given for what can be said of the rest, but
/// nothing may be computed from it.
pub fn check(
    files: &[ast::File],
    texts: &Sources,
    headers: &Headers,
    out: &mut Diagnostics,
) -> Model {
    let unread = out.iter().filter_map(Diagnostic::span).map(|span| span.file).collect();
    let mut names = names::collect(files, out);
    names::define_lost(&mut names, texts, out);
    let settings = project::settle(&names, out);
    let currencies = headers.currencies.clone();
    let mut cx = Context { texts, names, settings, rules: Vec::new(), currencies, unread, out };
    lists::check(&mut cx);
    cx.rules = channels::check(&mut cx);
    let (mut tables, frames) = source::tables(headers, &mut cx);
    let mut measures = measure::all(&mut tables, &mut cx);
    let mut found = items::all(files, &mut measures, &mut tables, &mut cx);
    dimensions::check(&mut measures, &found, &mut tables, &mut cx);
    lacking::leave_out(files, &measures, &mut found, &mut cx);
    percent::check(files, &measures.done, &mut cx);
    lookup::merge(&mut tables, &mut cx);
    let sources: Vec<_> =
        tables.into_iter().zip(frames).map(|(table, frame)| source::finish(table, frame)).collect();
    dimensions::fill(&mut measures.done, &sources);
    Model {
        settings: cx.settings,
        sources,
        measures: measures.done,
        aggregates: measures.aggregates,
        channels: items::blocks(&cx.names),
        goals: found.goals,
        events: found.events,
        notes: found.notes,
        reviews: found.reviews,
        experiments: found.experiments,
        tests: found.tests,
        reports: found.reports,
    }
}
