//! Small models and a plain engine, for the tests of plan and evaluation alone.

use std::collections::BTreeMap;

use super::{Evaluator, Slice};
use crate::engine::{Aggregates, Group, GroupingResult, ScanFacts, ScanResult, Series};
use crate::model::formula::{AggregateOp, Sign};
use crate::model::measure::{Additivity, MeasureKind};
use crate::model::row::{Case, CompareOp, Comparison};
use crate::model::source::{CellKind, Dialect, Input, OnError, Rows};
use crate::model::{
    Aggregate, AggregateId, Column, ColumnId, ColumnOrigin, ColumnType, Formula, Localized,
    Measure, MeasureId, Model, Node, Purpose, RowExpr, Source, SourceId,
};
use crate::model::{Settings, Target, TargetValue};
use crate::plan::{self, Bindings, Grouping, Origin, Plan, Request, Scan, SlotOp, Wanted};
use crate::source::{FileId, Span};
use crate::time::{Calendar, Date, Grain, Period, Zone};
use crate::value::{Decimal, Number, Sum, Unit};

pub(crate) fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

pub(crate) fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

pub(crate) fn period(label: &str) -> Period {
    Calendar::default().parse_label(label).unwrap()
}

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn number(text: &str) -> Number {
    Number::from(decimal(text))
}

pub(crate) fn slice(members: &[(&str, &str)]) -> Slice {
    let member = |m: &str| (m != "(none)").then(|| m.to_owned());
    Slice(members.iter().map(|(d, m)| ((*d).to_owned(), member(m))).collect())
}

/// A model in the making, and the rows of its sources.
pub(crate) struct Sample {
    pub(crate) model: Model,
    rows: BTreeMap<String, String>,
}

impl Sample {
    pub(crate) fn new() -> Self {
        let settings = Settings {
            title: Localized::default(),
            currency: None,
            timezone: Zone::default(),
            calendar: Calendar::default(),
            locale: "en".to_owned(),
        };
        let model = Model {
            settings,
            sources: Vec::new(),
            measures: Vec::new(),
            aggregates: Vec::new(),
            channels: Vec::new(),
            goals: Vec::new(),
            events: Vec::new(),
            notes: Vec::new(),
            reviews: Vec::new(),
            experiments: Vec::new(),
            tests: Vec::new(),
            reports: Vec::new(),
        };
        Self { model, rows: BTreeMap::new() }
    }

    /// A source with a column for each name of the first line: `day` is the date, `x`, `y`, `w`
    /// are numbers, the others texts.
    pub(crate) fn source(&mut self, name: &str, rows: Rows, csv: &str) -> SourceId {
        let names = csv.lines().next().unwrap().split(',');
        let columns: Vec<Column> = names.map(column).collect();
        self.rows.insert(name.to_owned(), csv.to_owned());
        self.model.sources.push(Source {
            name: name.to_owned(),
            key: name.to_owned(),
            span: span(),
            input: Input::Csv { pattern: format!("{name}.csv"), span: span() },
            dialect: Dialect::default(),
            date: columns.iter().position(|c| c.key == "day").map(|i| ColumnId(i as u32)),
            columns,
            lookups: Vec::new(),
            range: None,
            unpivot: None,
            filter: None,
            rows,
            grain: Grain::Day,
            covers: None,
            identity: None,
            on_error: OnError::Stop,
        });
        SourceId(self.model.sources.len() as u32 - 1)
    }

    pub(crate) fn column(&self, source: SourceId, name: &str) -> RowExpr {
        RowExpr::Column(self.model.source(source).column(name).unwrap())
    }

    /// An aggregate of a column (of the rows where there is none).
    pub(crate) fn aggregate(
        &mut self,
        source: SourceId,
        op: AggregateOp,
        of: &str,
        equal: Option<(&str, &str)>,
    ) -> Node {
        let value = (!of.is_empty()).then(|| self.column(source, of));
        let condition = equal.map(|(name, text)| {
            let op = Comparison { op: CompareOp::Equal, case: Case::Sensitive };
            let text = Box::new(RowExpr::Text(text.to_owned()));
            RowExpr::Compare(Box::new(self.column(source, name)), op, text)
        });
        self.model.aggregates.push(Aggregate {
            source,
            op,
            value,
            weight: None,
            condition,
            on: None,
            per: None,
            one_date: None,
            currency: None,
            unit: Unit::Number,
            text: format!("{op:?}({of})").to_lowercase(),
            span: span(),
        });
        Node::Aggregate(AggregateId(self.model.aggregates.len() as u32 - 1))
    }

    pub(crate) fn sum(&mut self, source: SourceId, of: &str) -> Node {
        self.aggregate(source, AggregateOp::Sum, of, None)
    }

    pub(crate) fn measure(&mut self, name: &str, node: Node) -> MeasureId {
        let mut sources = Vec::new();
        let mut additive = Additivity::Additive;
        plan::each_node(&node, &mut |node| match node {
            Node::Aggregate(id) => {
                let aggregate = self.model.aggregate(*id);
                sources.push(aggregate.source);
                if aggregate.op != AggregateOp::Sum {
                    additive = Additivity::NotAdditive;
                }
            }
            Node::Measure(id) => sources.extend(&self.model.measure(*id).sources),
            Node::Product(_) => additive = Additivity::NotAdditive,
            _ => {}
        });
        sources.sort();
        sources.dedup();
        let formula = Formula { node, unit: Unit::Number, text: name.to_owned(), span: span() };
        self.model.measures.push(Measure {
            name: name.to_owned(),
            key: name.to_owned(),
            kind: MeasureKind::Metric,
            title: Localized::new(name),
            span: span(),
            formula: Some(formula),
            unit: Unit::Number,
            unit_word: None,
            sources,
            dimensions: Vec::new(),
            additive,
            lacks: Vec::new(),
            about: Localized::default(),
            variant_of: None,
            purpose: None,
        });
        MeasureId(self.model.measures.len() as u32 - 1)
    }

    /// Makes a measure a KPI; the caller sets what it needs of the purpose.
    pub(crate) fn purpose(&mut self, id: MeasureId) -> &mut Purpose {
        let measure = &mut self.model.measures[id.0 as usize];
        measure.kind = MeasureKind::Kpi;
        measure.purpose.get_or_insert_with(|| {
            Box::new(Purpose {
                better: None,
                targets: Vec::new(),
                baseline: None,
                benchmark: None,
                tolerance: Number::ZERO,
                cadences: vec![Grain::Month],
                review: None,
                channels: Vec::new(),
                by: Vec::new(),
                goal: None,
                owner: None,
                improve: Localized::default(),
            })
        })
    }

    /// Runs the plan for all measures by these sets of dimensions.
    pub(crate) fn run(&self, slices: &[&[&str]], until: Option<Date>) -> Ran<'_> {
        let ids = (0..self.model.measures.len() as u32).map(MeasureId);
        let owned = |set: &&[&str]| set.iter().map(|d| (*d).to_owned()).collect();
        let slices: Vec<Vec<String>> = slices.iter().map(owned).collect();
        let wanted = ids.map(|measure| Wanted { measure, slices: slices.clone() });
        let request = Request { measures: wanted.collect(), until };
        let (plan, bindings) = plan::plan(&self.model, &request);
        let scans = plan.scans.iter().map(|scan| run_scan(scan, &self.rows[&scan.source]));
        let aggregates = Aggregates { scans: scans.collect(), tables: Vec::new() };
        Ran { model: &self.model, plan, bindings, aggregates, until }
    }
}

/// What a plan gave.
pub(crate) struct Ran<'m> {
    model: &'m Model,
    pub(crate) plan: Plan,
    pub(crate) bindings: Bindings,
    pub(crate) aggregates: Aggregates,
    until: Option<Date>,
}

impl Ran<'_> {
    pub(crate) fn evaluator(&self) -> Evaluator<'_> {
        Evaluator::new(self.model, &self.bindings, &self.aggregates, self.until)
    }
}

fn column(name: &str) -> Column {
    let (ty, cell) = match name {
        "day" => (ColumnType::Date, CellKind::Text),
        "x" | "y" | "w" => (ColumnType::Number, CellKind::Number),
        _ => (ColumnType::Text, CellKind::Text),
    };
    Column {
        name: name.to_owned(),
        key: name.to_owned(),
        span: span(),
        ty,
        origin: ColumnOrigin::Read { headers: vec![name.to_owned()], cell },
        not_additive_over: Vec::new(),
    }
}

pub(crate) fn target(value: &str, from: Option<&str>) -> Target {
    Target {
        value: TargetValue::Value(number(value)),
        from: from.map(day),
        per: None,
        scope: None,
        because: None,
        text: value.to_owned(),
        span: span(),
    }
}

/// `a / b`
pub(crate) fn ratio(a: Node, b: Node) -> Node {
    use crate::model::formula::Place;
    Node::Product(vec![(Place::Above, a), (Place::Below, b)])
}

/// `a + b`
pub(crate) fn plus(a: Node, b: Node) -> Node {
    Node::Sum(vec![(Sign::Plus, a), (Sign::Plus, b)])
}

#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Null,
    Text(String),
    Number(Decimal),
    Bool(bool),
}

fn run_scan(scan: &Scan, csv: &str) -> ScanResult {
    let mut lines = csv.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut rows: Vec<(Vec<Cell>, Date)> = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let mut row: Vec<Cell> = Vec::new();
        for column in &scan.columns {
            let cell = match &column.origin {
                Origin::Read { headers, cell } => {
                    let at = header.iter().position(|h| *h == headers[0]).unwrap();
                    match (cell, fields[at]) {
                        (_, "") => Cell::Null,
                        (CellKind::Number, text) => Cell::Number(decimal(text)),
                        (_, text) => Cell::Text(text.to_owned()),
                    }
                }
                Origin::Computed(expr) => evaluate(expr, &row),
                other => panic!("the plain engine does not know {other:?}"),
            };
            row.push(cell);
        }
        let Cell::Text(date) = &row[scan.date.unwrap().0 as usize] else { panic!("no date") };
        let date = day(date);
        if scan.until.is_none_or(|until| date <= until) {
            rows.push((row, date));
        }
    }
    let days: Vec<Date> = rows.iter().map(|(_, date)| *date).collect();
    let days = days.iter().min().copied().zip(days.iter().max().copied());
    let mut distinct: Vec<String> = Vec::new();
    let groupings =
        scan.groupings.iter().map(|g| run_grouping(scan, g, &rows, &mut distinct)).collect();
    let distinct = distinct.iter().map(String::as_str).collect();
    ScanResult { facts: ScanFacts { days, ..ScanFacts::default() }, groupings, distinct }
}

fn evaluate(expr: &RowExpr, row: &[Cell]) -> Cell {
    match expr {
        RowExpr::Column(id) => row[id.0 as usize].clone(),
        RowExpr::Text(text) => Cell::Text(text.clone()),
        RowExpr::Compare(a, _, b) => Cell::Bool(evaluate(a, row) == evaluate(b, row)),
        other => panic!("the plain engine does not know {other:?}"),
    }
}

type Members = Vec<(bool, Option<String>)>;

fn run_grouping(
    scan: &Scan,
    grouping: &Grouping,
    rows: &[(Vec<Cell>, Date)],
    distinct: &mut Vec<String>,
) -> GroupingResult {
    let mut found: BTreeMap<Members, BTreeMap<Date, Vec<&Vec<Cell>>>> = BTreeMap::new();
    for (row, date) in rows {
        let member = |id: &ColumnId| match &row[id.0 as usize] {
            Cell::Text(text) => (false, Some(text.clone())),
            _ => (true, None),
        };
        let members = grouping.dimensions.iter().map(member).collect();
        found.entry(members).or_default().entry(*date).or_default().push(row);
    }
    let groups = found.into_iter().map(|(members, days)| Group {
        members: members.into_iter().map(|(_, m)| m).collect(),
        series: grouping
            .slots
            .iter()
            .map(|slot| {
                let holds = |row: &&&Vec<Cell>| {
                    let condition = slot.condition.map(|c| &scan.conditions[c]);
                    condition.is_none_or(|c| evaluate(c, row) == Cell::Bool(true))
                };
                let chosen: Vec<Vec<&Vec<Cell>>> = days
                    .values()
                    .map(|rows| rows.iter().filter(holds).copied().collect())
                    .collect();
                series(slot.op, &scan.values, &chosen, distinct)
            })
            .collect(),
        days: days.keys().copied().collect(),
    });
    GroupingResult { groups: groups.collect() }
}

fn numbers(expr: &RowExpr, rows: &[&Vec<Cell>]) -> Vec<Decimal> {
    let number = |row: &&Vec<Cell>| match evaluate(expr, row) {
        Cell::Number(x) => Some(x),
        _ => None,
    };
    rows.iter().filter_map(number).collect()
}

fn total(values: impl IntoIterator<Item = Decimal>) -> Sum {
    let mut sum = Sum::default();
    values.into_iter().for_each(|x| sum.add(x));
    sum
}

fn series(
    op: SlotOp,
    values: &[RowExpr],
    days: &[Vec<&Vec<Cell>>],
    distinct: &mut Vec<String>,
) -> Series {
    let sums = |of: &dyn Fn(&[&Vec<Cell>]) -> Sum| {
        Series::Sums(days.iter().map(|rows| of(rows)).collect())
    };
    let pairs = |rows: &[&Vec<Cell>], v: usize, w: usize| -> Vec<(Decimal, Decimal)> {
        let pair = |row: &&Vec<Cell>| match (evaluate(&values[v], row), evaluate(&values[w], row)) {
            (Cell::Number(x), Cell::Number(w)) => Some((x, w)),
            _ => None,
        };
        rows.iter().filter_map(pair).collect()
    };
    let times = |a: Decimal, b: Decimal| a.checked_mul(b).unwrap();
    match op {
        SlotOp::Rows => Series::Counts(days.iter().map(|rows| rows.len() as u64).collect()),
        SlotOp::Count(v) => {
            let given = |rows: &Vec<&Vec<Cell>>| {
                rows.iter().filter(|r| evaluate(&values[v], r) != Cell::Null).count() as u64
            };
            Series::Counts(days.iter().map(given).collect())
        }
        SlotOp::Sum(v) => sums(&|rows| total(numbers(&values[v], rows))),
        SlotOp::SquareSum(v) => {
            sums(&|rows| total(numbers(&values[v], rows).into_iter().map(|x| times(x, x))))
        }
        SlotOp::WeightedSum(v, w) => {
            sums(&|rows| total(pairs(rows, v, w).into_iter().map(|(x, w)| times(x, w))))
        }
        SlotOp::WeightSum(v, w) => {
            sums(&|rows| total(pairs(rows, v, w).into_iter().map(|(_, w)| w)))
        }
        SlotOp::Min(v) => Series::Extremes(
            days.iter().map(|r| numbers(&values[v], r).into_iter().min()).collect(),
        ),
        SlotOp::Max(v) => Series::Extremes(
            days.iter().map(|r| numbers(&values[v], r).into_iter().max()).collect(),
        ),
        SlotOp::Values(v) => {
            let sorted = |rows: &Vec<&Vec<Cell>>| {
                let mut all = numbers(&values[v], rows);
                all.sort();
                all.into_boxed_slice()
            };
            Series::Values(days.iter().map(sorted).collect())
        }
        SlotOp::First(_)
        | SlotOp::Tally(_)
        | SlotOp::SumBy(..)
        | SlotOp::Earliest(..)
        | SlotOp::Latest(..) => panic!("the plain engine does not know {op:?}"),
        SlotOp::Distinct(v) => {
            let mut ids = |rows: &Vec<&Vec<Cell>>| {
                let mut ids = Vec::new();
                for row in rows {
                    let Cell::Text(text) = evaluate(&values[v], row) else { continue };
                    let known = distinct.iter().position(|d| *d == text);
                    ids.push(known.unwrap_or_else(|| {
                        distinct.push(text);
                        distinct.len() - 1
                    }) as u32);
                }
                ids.sort_unstable();
                ids.dedup();
                ids.into_boxed_slice()
            };
            Series::Distinct(days.iter().map(&mut ids).collect())
        }
    }
}
