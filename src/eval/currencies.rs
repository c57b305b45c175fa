//! Of which currency amounts are, where only the rows tell.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{DataPlace, Diagnostic, codes};
use crate::engine::{Aggregates, Rejection, Series};
use crate::model::{AggregateId, Model};
use crate::plan::Bindings;
use crate::value::Currency;

/// The currencies that the amounts of an aggregate are of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Those that there are.
    pub known: BTreeSet<Currency>,
    /// Texts that name none; the empty one where an amount has none.
    pub unknown: BTreeSet<String>,
}

/// What the rows tell, by aggregate; none of it where the spec declares the currency.
pub fn currencies(
    model: &Model,
    bindings: &Bindings,
    aggregates: &Aggregates,
) -> BTreeMap<AggregateId, Found> {
    let ids = (0..model.aggregates.len() as u32).map(AggregateId);
    ids.filter_map(|id| Some((id, found(bindings, aggregates, id)?))).collect()
}

fn found(bindings: &Bindings, aggregates: &Aggregates, id: AggregateId) -> Option<Found> {
    let binding = bindings.aggregate(id)?;
    let slot = binding.currency?.codes;
    let (grouping, slots) = bindings.find(binding.scan, binding.date, &[], &[slot])?;
    let result = &aggregates.scans[binding.scan];
    let mut found = Found::default();
    for group in &result.groupings[grouping].groups {
        let Series::Distinct(days) = &group.series[slots[0]] else { continue };
        for id in days.iter().flatten() {
            let text = result.distinct.get(*id);
            match Currency::from_code(text) {
                Some(currency) => found.known.insert(currency),
                None => found.unknown.insert(text.to_owned()),
            };
        }
    }
    Some(found)
}

/// Amounts of several currencies are added up or compared; `cells` are two of them.
pub fn mixed(
    model: &Model,
    id: AggregateId,
    known: &BTreeSet<Currency>,
    cells: &[Rejection],
) -> Diagnostic {
    let aggregate = model.aggregate(id);
    let codes: Vec<&str> = known.iter().map(|c| c.code()).collect();
    let (last, rest) = codes.split_last().map_or(("", &[][..]), |(last, rest)| (*last, rest));
    let told = |cell: &Rejection| {
        format!("{} on line {} of {}", cell.reason, cell.place.line, cell.place.path)
    };
    let told: Vec<String> = cells.iter().map(told).collect();
    let where_from =
        if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    let text = &aggregate.text;
    let message =
        format!("`{text}` goes over amounts in {} and {last}{where_from}", rest.join(", "));
    let found = Diagnostic::new(&codes::MIXED_CURRENCIES, message)
        .at(aggregate.span, "one currency is due")
        .help(format!(
            "bring each row to one: `convert(..., {last}, rates.rate)`, or take the rows of one \
             currency with `where`"
        ));
    match cells.first() {
        Some(cell) => found.in_data(cell.place.clone()),
        None => found,
    }
}

/// Amounts whose currency is not named, or is none.
pub fn without(model: &Model, id: AggregateId, text: &str, place: Option<DataPlace>) -> Diagnostic {
    let aggregate = model.aggregate(id);
    let source = model.source(aggregate.source);
    let column = aggregate.currency.map(|c| source.columns[c.0 as usize].name.clone());
    let column = column.unwrap_or_default();
    let message = if text.is_empty() {
        format!("a row of `{}` has an amount, and `{column}` names no currency for it", source.name)
    } else {
        format!("`{column}` of `{}` names `{text}`, which is no currency", source.name)
    };
    let found = Diagnostic::new(&codes::AMOUNT_WITHOUT_CURRENCY, message)
        .at(aggregate.span, "goes over such rows")
        .help(format!(
            "name the currency in each row, or leave these out: `where: {column} is not null`"
        ));
    match place {
        Some(place) => found.in_data(place),
        None => found,
    }
}
