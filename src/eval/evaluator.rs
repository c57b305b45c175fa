//! The evaluator: what is known of the data, and what was worked out already.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::aggregate::Located;
use super::cells::Table;
use super::coverage::{self, AsOf};
use super::formula::{self, Formula};
use super::frame::Frame;
use super::level::{Levels, Moments};
use super::ranges::{self, Ranges};
use super::{Coverage, Progress, Reason, Slice, Value, words};
use crate::engine::{Aggregates, ScanFacts};
use crate::model::{AggregateId, MeasureId, Model, Node, SourceId};
use crate::plan::{Bindings, each_node};
use crate::time::{Date, Grain, Period};

/// Answers what the aggregates say of the model's measures. Every answer is worked out once.
#[derive(Debug)]
pub struct Evaluator<'a> {
    pub(super) model: &'a Model,
    pub(super) bindings: &'a Bindings,
    pub(super) aggregates: &'a Aggregates,
    pub(super) as_of: Date,
    pub(super) coverage: BTreeMap<SourceId, Coverage>,
    /// The same, whatever the as-of date is.
    pub(super) reach: BTreeMap<SourceId, Coverage>,
    /// The ranges of the sources whose rows have no dates of their own.
    pub(super) ranges: Ranges,
    /// The measures that each measure's formula needs over the same days.
    uses: Vec<Vec<MeasureId>>,
    pub(super) memory: RefCell<Memory<'a>>,
}

/// A slice, by its place in the evaluator's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SliceId(u32);

/// A question for one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) measure: MeasureId,
    pub(super) frame: Frame,
    pub(super) slice: SliceId,
}

/// Ids that were seen; none without rows.
pub(super) type Seen = Option<Rc<[u32]>>;

/// The members of some dimensions, no value last in their order.
pub(super) type Members = Vec<(bool, Option<String>)>;

/// What was worked out. The maps are only ever looked up.
#[derive(Debug, Default)]
pub(super) struct Memory<'a> {
    values: FxHashMap<Key, Value>,
    slices: Vec<Slice>,
    slice_ids: FxHashMap<Slice, SliceId>,
    pub(super) located: FxHashMap<(AggregateId, SliceId), Rc<Located>>,
    /// Where what aggregates ask of all rows is.
    pub(super) overall: FxHashMap<AggregateId, Rc<Located>>,
    /// The day on which each id was seen first, by id.
    pub(super) first_days: FxHashMap<AggregateId, Rc<[Date]>>,
    /// The ids that were seen between two days; none without rows.
    pub(super) seen: FxHashMap<(AggregateId, Date, Date), Seen>,
    /// The moments of each key that has a row, ascending.
    pub(super) moments: FxHashMap<AggregateId, Rc<Moments>>,
    pub(super) levels: FxHashMap<(AggregateId, SliceId), Rc<Levels>>,
    pub(super) tables: Vec<Rc<Table<'a>>>,
    pub(super) table_ids: FxHashMap<(usize, usize, Vec<String>), usize>,
    pub(super) members: FxHashMap<(usize, Date, Date), Rc<[Members]>>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator over what an engine gave for a plan.
    ///
    /// `as_of` is the day that the user gives, and the plan's `until`; without it, it is the
    /// latest day that the rows (in whole grains) or `covers` of a source of any formula reach.
    /// Where there is no row at all it is 1970-01-01 and nothing is covered: ask
    /// [`latest_date`](super::latest_date) first.
    pub fn new(
        model: &'a Model,
        bindings: &'a Bindings,
        aggregates: &'a Aggregates,
        as_of: Option<Date>,
    ) -> Self {
        let as_of = as_of.map_or_else(
            || {
                let reached = coverage::latest_date(model, bindings, aggregates);
                AsOf::Reached(reached.unwrap_or(Date::from_days(0)))
            },
            AsOf::Given,
        );
        let reach = coverage::reaches(model, bindings, aggregates, as_of);
        let ranges = ranges::all(model, bindings, aggregates);
        let coverage = coverage::coverages(model, &reach, &ranges, as_of.date());
        let uses = model.measures.iter().map(|measure| {
            let mut used = Vec::new();
            if let Some(formula) = &measure.formula {
                formula::each_measure(&formula.node, &mut |id| used.push(id));
            }
            used
        });
        let uses = uses.collect();
        let memory = RefCell::default();
        let as_of = as_of.date();
        Self { model, bindings, aggregates, as_of, coverage, reach, ranges, uses, memory }
    }

    /// The model that is evaluated.
    pub fn model(&self) -> &'a Model {
        self.model
    }

    /// The as-of date: later rows do not count.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// How far a source's data reach; none where it covers no day.
    pub fn coverage(&self, source: SourceId) -> Option<&Coverage> {
        self.coverage.get(&source)
    }

    /// What was read of a source; none where nothing that was asked for needs it.
    /// Of one that is looked up as well, what the formulas read.
    pub fn facts(&self, source: SourceId) -> Option<&'a ScanFacts> {
        let of_table = || Some(&self.aggregates.tables[self.bindings.table(source)?]);
        coverage::facts(self.bindings, self.aggregates, source).or_else(of_table)
    }

    /// The days that each source of a measure covers; none where there is no such day. Of a
    /// measure without sources every day up to the as-of date from the first that any source
    /// covers.
    pub(super) fn common(&self, measure: MeasureId) -> Option<(Date, Date)> {
        self.common_of(&self.model.measure(measure).sources)
    }

    pub(super) fn common_of(&self, sources: &[SourceId]) -> Option<(Date, Date)> {
        if sources.is_empty() {
            let first = self.coverage.values().map(|c| c.first).min()?;
            return Some((first, self.as_of));
        }
        coverage::common(&self.coverage, sources)
    }

    /// The first day that a source of a part of a formula covers.
    pub(super) fn first_covered(&self, node: &Node) -> Option<Date> {
        let sources = self.sources_of(node);
        sources.iter().filter_map(|id| self.coverage.get(id)).map(|c| c.first).min()
    }

    /// The sources of a part of a formula, through other measures too.
    pub(super) fn sources_of(&self, node: &Node) -> Vec<SourceId> {
        let mut sources = Vec::new();
        each_node(node, &mut |node| match node {
            Node::Measure(id) | Node::Attainment(id) => {
                sources.extend(&self.model.measure(*id).sources);
            }
            Node::Aggregate(id) => sources.push(self.model.aggregate(*id).source),
            _ => {}
        });
        sources.sort();
        sources.dedup();
        sources
    }

    /// How much of a period there is for a measure.
    pub fn progress(&self, measure: MeasureId, period: Period) -> Progress {
        let covered = self.common(measure);
        let progress = coverage::progress(period, covered, self.as_of);
        match self.days_held(&self.model.measure(measure).sources, period, covered) {
            Some(held) => Progress { covered: held, complete: held == progress.days, ..progress },
            None => progress,
        }
    }

    /// The periods of a measure that share a day with `from..=to`: by default from the first day
    /// that a source of it covers to the as-of date. None where nothing is covered and no bound is
    /// given.
    pub fn periods(
        &self,
        measure: MeasureId,
        grain: Grain,
        from: Option<Date>,
        to: Option<Date>,
    ) -> Vec<Period> {
        let sources = &self.model.measure(measure).sources;
        let first = sources.iter().filter_map(|id| self.coverage.get(id)).map(|c| c.first).min();
        let first = if sources.is_empty() { self.common_of(&[]).map(|(f, _)| f) } else { first };
        let to = to.unwrap_or(self.as_of);
        from.or(first)
            .map_or_else(Vec::new, |from| self.model.settings.calendar.periods(grain, from, to))
    }

    /// The latest period that is over in every source of a measure, though its beginning may lie
    /// before the data; none where there is none.
    pub fn last_closed(&self, measure: MeasureId, grain: Grain) -> Option<Period> {
        let calendar = &self.model.settings.calendar;
        let (first, last) = self.common(measure).filter(|(first, last)| first <= last)?;
        let current = calendar.period_of(grain, last);
        let over = if current.end > last { calendar.shift(current, -1) } else { current };
        (over.end >= first).then_some(over)
    }

    /// The period that the sources of a measure have begun to cover but not finished; none where
    /// they end with a period.
    pub fn open(&self, measure: MeasureId, grain: Grain) -> Option<Period> {
        let (first, last) = self.common(measure).filter(|(first, last)| first <= last)?;
        let current = self.model.settings.calendar.period_of(grain, last);
        (current.end > last && current.end >= first).then_some(current)
    }

    /// The value of a measure in a period, up to the as-of date.
    ///
    /// # Panics
    /// Where the plan was not made for this measure and these dimensions: a bug of ours.
    pub fn value(&self, measure: MeasureId, period: Period, slice: &Slice) -> Value {
        let slice = self.slice_id(slice);
        self.value_over(Key { measure, frame: Frame::of(period, self.as_of), slice })
    }

    /// A value over any frame. What it needs is worked out first, from the bottom up: chains of
    /// measures may be longer than the stack.
    pub(super) fn value_over(&self, key: Key) -> Value {
        let mut begun: FxHashSet<Key> = FxHashSet::default();
        let mut stack = vec![key];
        let mut answer = Value::NoData;
        while let Some(&top) = stack.last() {
            if let Some(known) = self.remembered(top) {
                answer = known;
                stack.pop();
                continue;
            }
            let above = stack.len();
            let used = &self.uses[top.measure.0 as usize];
            if !used.is_empty() && begun.insert(top) {
                let used = used.iter().map(|measure| Key { measure: *measure, ..top });
                stack.extend(used.filter(|k| self.remembered(*k).is_none()));
            }
            if stack.len() == above {
                match self.work_out(top) {
                    Ok(value) => {
                        self.memory.borrow_mut().values.insert(top, value.clone());
                        answer = value;
                        stack.pop();
                        continue;
                    }
                    Err(missing) => {
                        begun.insert(top);
                        stack.extend(missing);
                    }
                }
            }
            // A key that was begun stays in the stack below all that it needs.
            let circle = stack[above..].iter().find(|key| begun.contains(*key));
            assert!(circle.is_none(), "measures that need each other came through the check");
        }
        answer
    }

    /// A value, or the ones that must be known before.
    fn work_out(&self, key: Key) -> Result<Value, Vec<Key>> {
        let measure = self.model.measure(key.measure);
        let Some(formula) = &measure.formula else {
            return Ok(Value::Undefined(Reason::NoDefinition(measure.name.clone())));
        };
        let mut at_work = Formula { evaluator: self, missing: Vec::new() };
        let value = at_work.node(&formula.node, key.frame, key.slice);
        let mut missing = at_work.missing;
        missing.retain(|key| self.remembered(*key).is_none());
        if missing.is_empty() { Ok(value) } else { Err(missing) }
    }

    /// The value, if it was worked out before.
    pub(super) fn remembered(&self, key: Key) -> Option<Value> {
        self.memory.borrow().values.get(&key).cloned()
    }

    /// The slice's number.
    pub(super) fn slice_id(&self, slice: &Slice) -> SliceId {
        let mut memory = self.memory.borrow_mut();
        if let Some(id) = memory.slice_ids.get(slice) {
            return *id;
        }
        let id = SliceId(memory.slices.len() as u32);
        memory.slices.push(slice.clone());
        memory.slice_ids.insert(slice.clone(), id);
        id
    }

    /// The slice of a number.
    pub(super) fn slice(&self, id: SliceId) -> Slice {
        self.memory.borrow().slices[id.0 as usize].clone()
    }

    /// A slice without some of its dimensions; without any where none is named.
    pub(super) fn without(&self, slice: SliceId, dimensions: &[String]) -> SliceId {
        let mut wider = self.slice(slice);
        wider.0.retain(|(name, _)| !dimensions.is_empty() && !dimensions.contains(name));
        self.slice_id(&wider)
    }

    /// A node in words.
    pub(super) fn describe(&self, node: &Node) -> String {
        words::describe(self.model, node)
    }
}
