//! From the model to the plan: one scan a source.

use std::collections::BTreeMap;

use super::bindings::Bindings;
use super::carriers::{sources_of_formulas, sources_of_plans};
use super::lookups::Tables;
use super::scan;
use super::wants;
use super::{Plan, Request};
use crate::model::{Model, Settings, SourceId};

/// What is to be read and added up for the wanted measures, and where each aggregate is found in
/// it.
///
/// Without `until` every source of any formula of the project is scanned, asked for or not: the
/// as-of date is the latest day that one of them reaches.
pub fn plan(model: &Model, request: &Request) -> (Plan, Bindings) {
    let mut by_source: BTreeMap<SourceId, Vec<scan::Wanted>> = BTreeMap::new();
    if request.until.is_none() {
        by_source.extend(sources_of_formulas(model).into_iter().map(|id| (id, Vec::new())));
    }
    for (id, sets) in wants::collect(model, request) {
        let aggregate = model.aggregate(id);
        let wanted = scan::Wanted { id, aggregate, sets };
        by_source.entry(aggregate.source).or_default().push(wanted);
    }
    let mut sources: Vec<(SourceId, Vec<scan::Wanted>)> = by_source.into_iter().collect();
    sources.sort_by_key(|(id, _)| &model.source(*id).key);

    let needed = sources.iter().map(|(id, wanted)| (*id, scan::needed(model.source(*id), wanted)));
    let tables = Tables::collect(model, needed.collect());
    let mut bindings = Bindings { tables: tables.places.clone(), ..Bindings::default() };
    let mut scans = Vec::new();
    let plans = sources_of_plans(model);
    for (id, wanted) in sources {
        bindings.scans.insert(id, scans.len());
        // A plan is of days to come.
        let until = request.until.filter(|_| !plans.contains(&id));
        scans.push(scan::build(model, id, &wanted, until, &tables, &mut bindings));
    }
    let Settings { calendar, timezone, .. } = &model.settings;
    let (calendar, zone) = (*calendar, timezone.clone());
    (Plan { calendar, zone, tables: tables.build(model), scans }, bindings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::sample::{Sample, day, span};
    use crate::model::source::Rows;
    use crate::model::{AggregateOp, Column, ColumnOrigin, ColumnType, MeasureId, RowExpr};
    use crate::plan::{ColumnId, Origin, SlotOp, Wanted};

    const CSV: &str = "day,kind,device,who,x\n2026-01-01,a,m,ann,1";

    #[test]
    fn each_expression_is_planned_once() {
        let mut sample = Sample::new();
        let s = sample.source("s", Rows::Unset, CSV);
        let sum = sample.aggregate(s, AggregateOp::Sum, "x", Some(("kind", "a")));
        let avg = sample.aggregate(s, AggregateOp::Avg, "x", Some(("kind", "a")));
        sample.measure("sum", sum);
        sample.measure("avg", avg);
        let ran = sample.run(&[], None);
        let scan = &ran.plan.scans[0];
        assert_eq!((scan.values.len(), scan.conditions.len()), (1, 1));
        let ops: Vec<_> = scan.groupings[0].slots.iter().map(|s| (s.op, s.condition)).collect();
        let expected = [
            (SlotOp::Rows, None),
            (SlotOp::Rows, Some(0)),
            (SlotOp::Count(0), Some(0)),
            (SlotOp::Sum(0), Some(0)),
        ];
        assert_eq!(ops, expected);
    }

    #[test]
    fn a_total_is_added_up_from_the_finer_grouping_but_sets_of_values_are_not() {
        let mut sample = Sample::new();
        let s = sample.source("s", Rows::Unset, CSV);
        let sum = sample.sum(s, "x");
        let people = sample.aggregate(s, AggregateOp::CountDistinct(None), "who", None);
        let sum = sample.measure("sum", sum);
        let people = sample.measure("people", people);
        let wanted = |measure, sets: &[&[&str]]| Wanted {
            measure,
            slices: sets.iter().map(|s| s.iter().map(|d| (*d).to_owned()).collect()).collect(),
        };
        let measures = vec![wanted(sum, &[&["kind"], &["kind", "device"]]), wanted(people, &[])];
        let (plan, _) = plan(&sample.model, &Request { measures, until: None });
        let sets: Vec<(usize, bool)> = plan.scans[0]
            .groupings
            .iter()
            .map(|g| {
                let distinct = g.slots.iter().any(|s| matches!(s.op, SlotOp::Distinct(_)));
                (g.dimensions.len(), distinct)
            })
            .collect();
        assert_eq!(sets, [(0, true), (2, false)]);
    }

    #[test]
    fn a_computed_column_stands_below_what_it_uses() {
        let mut sample = Sample::new();
        let s = sample.source("s", Rows::Unset, CSV);
        let negated = |id| ColumnOrigin::Computed(RowExpr::Negate(Box::new(RowExpr::Column(id))));
        // `first` uses `second`, which uses `x`, the fifth column.
        for (name, uses) in [("first", 6), ("second", 4)] {
            sample.model.sources[0].columns.push(Column {
                name: name.to_owned(),
                key: name.to_owned(),
                span: span(),
                ty: ColumnType::Number,
                origin: negated(ColumnId(uses)),
                not_additive_over: Vec::new(),
            });
        }
        let sum = sample.sum(s, "first");
        sample.measure("sum", sum);
        let wanted = Wanted { measure: MeasureId(0), slices: Vec::new() };
        let request = Request { measures: vec![wanted], until: None };
        let scan = plan(&sample.model, &request).0.scans.remove(0);
        let names: Vec<&str> = scan.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["day", "x", "second", "first"]);
        let uses = |at: usize| match &scan.columns[at].origin {
            Origin::Computed(RowExpr::Negate(a)) => (**a).clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(uses(2), RowExpr::Column(ColumnId(1)));
        assert_eq!(uses(3), RowExpr::Column(ColumnId(2)));
        assert_eq!(scan.values, [RowExpr::Column(ColumnId(3))]);
    }

    #[test]
    fn sources_that_carry_the_as_of_date_are_scanned_unless_it_is_given() {
        let mut sample = Sample::new();
        let b = sample.source("b", Rows::Unset, CSV);
        let a = sample.source("a", Rows::Unset, CSV);
        let (in_b, in_a) = (sample.sum(b, "x"), sample.sum(a, "x"));
        sample.measure("in_b", in_b);
        sample.measure("in_a", in_a);
        let wanted = Wanted { measure: MeasureId(0), slices: Vec::new() };
        let scanned = |until| {
            let request = Request { measures: vec![wanted.clone()], until };
            let (plan, _) = plan(&sample.model, &request);
            plan.scans.iter().map(|s| s.source.clone()).collect::<Vec<_>>()
        };
        assert_eq!(scanned(None), ["a", "b"]);
        assert_eq!(scanned(Some(day("2026-01-01"))), ["b"]);
    }
}
