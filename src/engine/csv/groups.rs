//! Groups: rows by day and by the members of some dimensions, and what is added up for each.

use std::borrow::Cow;

use crate::engine::{Group, GroupingResult, Series};
use crate::plan::{Grouping, Slot, SlotOp};
use crate::time::Date;
use crate::value::Decimal;

use super::batch::Batch;
use super::cell_index::CellIndex;
use super::dictionary::{Dictionary, NONE};
use super::extremes::{Extremes, Side};
use super::firsts::Firsts;
use super::keyed::{KeyedTotals, Rule};
use super::picks::Picks;
use super::room::Room;
use super::slots::{Lists, SKIPPED, State};
use super::text::canonical;
use super::totals::Totals;
use super::vector::{NO_DATE, NO_TIME, Vector};

/// What one thread has of one grouping.
#[derive(Debug)]
pub(super) struct Groups {
    date: usize,
    dimensions: Vec<usize>,
    /// The days that firsts are looked for in.
    within: (i32, i32),
    ops: Vec<Slot>,
    members: Vec<Members>,
    /// Every combination of members, under the group's number; a key is a member id each.
    keys: Dictionary,
    /// The group of every combination of raw values that has been seen.
    known: Known,
    cells: CellIndex,
    states: Vec<State>,
    /// Of each count of values, the count of the same rows that it is made of at the end: until
    /// then it holds the nulls, of which there are few.
    of_rows: Vec<Option<usize>>,
}

/// The members of a dimension.
#[derive(Debug, Default)]
struct Members {
    /// Their canonical texts.
    texts: Dictionary,
    /// Of each, the spelling that sorts first.
    shown: Vec<String>,
}

impl Members {
    fn id(&mut self, text: &str) -> u32 {
        let (id, new) = self.texts.id(canonical(text).as_bytes());
        if new {
            self.shown.push(text.to_owned());
        } else {
            let shown = &mut self.shown[id as usize];
            if text < shown.as_str() {
                text.clone_into(shown);
            }
        }
        id
    }
}

/// Raw values to groups.
#[derive(Debug, Default)]
struct Known {
    /// Of one dimension of texts: the group of each id, null first.
    direct: Vec<u32>,
    /// Of all others: a key's id is its place in `groups`.
    keys: Dictionary,
    groups: Vec<u32>,
}

/// What the rows of a block bring.
pub(super) struct Rows<'b> {
    pub(super) batch: &'b Batch,
    pub(super) conditions: &'b [Vec<u8>],
    pub(super) values: &'b [&'b Vector],
    /// Whether any value is null.
    pub(super) has_nulls: &'b [bool],
    /// Of values that are counted distinctly: an id a row.
    pub(super) ids: &'b [Option<Vec<u32>>],
    /// Rows after this day do not count.
    pub(super) until: Option<Date>,
    /// The number of the block, and of each row in it: together the order of rows by path and line.
    pub(super) block: usize,
    pub(super) order: &'b [u32],
}

impl Groups {
    pub(super) fn new(grouping: &Grouping) -> Self {
        let column = |c: &crate::plan::ColumnId| c.0 as usize;
        let state = |slot: &Slot| match slot.op {
            SlotOp::Rows | SlotOp::Count(_) => State::Counts(Vec::new()),
            SlotOp::Sum(_)
            | SlotOp::WeightedSum(..)
            | SlotOp::WeightSum(..)
            | SlotOp::SquareSum(_) => State::Sums(Totals::default()),
            SlotOp::Min(_) => State::Extremes(Extremes::new(Side::Least)),
            SlotOp::Max(_) => State::Extremes(Extremes::new(Side::Greatest)),
            SlotOp::Values(_) => State::Values(Vec::new(), 0),
            SlotOp::Distinct(_) => State::Distinct(Lists::default()),
            SlotOp::First(_) => State::Firsts(Firsts::default()),
            SlotOp::Tally(_) | SlotOp::SumBy(..) => State::Keyed(KeyedTotals::new(Rule::Every)),
            SlotOp::Earliest(..) => State::Keyed(KeyedTotals::new(Rule::Earliest)),
            SlotOp::Latest(..) => State::Keyed(KeyedTotals::new(Rule::Latest)),
        };
        let days = |(first, last): (Date, Date)| (first.days(), last.days());
        Self {
            date: column(&grouping.date),
            dimensions: grouping.dimensions.iter().map(column).collect(),
            within: grouping.within.map_or((i32::MIN, i32::MAX), days),
            ops: grouping.slots.clone(),
            members: grouping.dimensions.iter().map(|_| Members::default()).collect(),
            keys: Dictionary::default(),
            known: Known::default(),
            cells: CellIndex::default(),
            states: grouping.slots.iter().map(state).collect(),
            of_rows: grouping.slots.iter().map(|slot| rows_of(slot, &grouping.slots)).collect(),
        }
    }

    /// Makes whole counts of those that hold nulls only; nothing is added after that.
    pub(super) fn complete(&mut self) {
        for at in 0..self.states.len() {
            let Some(rows) = self.of_rows[at].take() else { continue };
            let [state, rows] = self
                .states
                .get_disjoint_mut([at, rows])
                .unwrap_or_else(|_| panic!("a count of values is no count of rows"));
            if let (State::Counts(counts), State::Counts(rows)) = (state, rows) {
                counts.resize(rows.len(), 0);
                counts.iter_mut().zip(rows).for_each(|(nulls, rows)| *nulls = *rows - *nulls);
            }
        }
    }

    /// Forgets what it knows of raw values: the dictionaries behind them are emptied.
    pub(super) fn forget(&mut self) {
        self.known.direct.clear();
        self.known.keys.clear();
        self.known.groups.clear();
    }

    pub(super) fn is_full(&self) -> bool {
        self.known.keys.is_full()
    }

    /// About how many bytes are taken that hang on the number of rows.
    pub(super) fn room(&self) -> Room {
        let mut room = Room::default();
        for state in &self.states {
            room += state.room();
        }
        room
    }

    /// Adds the rows of a block. Rows whose products have too many digits go to `overflow`.
    pub(super) fn add(&mut self, rows: &Rows<'_>, overflow: &mut Vec<u32>) {
        let cells = self.cells_of(rows);
        let count = self.cells.len();
        let timed = self.ops.iter().any(|slot| {
            matches!(slot.op, SlotOp::First(_) | SlotOp::Earliest(..) | SlotOp::Latest(..))
        });
        let moments = if timed { moments(rows.batch.column(self.date)) } else { Vec::new() };
        let within = self.within;
        let mut picks = Picks::new(rows, &cells);
        for ((slot, state), of_rows) in self.ops.iter().zip(&mut self.states).zip(&self.of_rows) {
            state.resize(count);
            match state {
                State::Firsts(firsts) => {
                    let Some(ids) = slot.op.ids().and_then(|v| rows.ids[v].as_deref()) else {
                        continue;
                    };
                    let cells = with_condition(slot, &cells, rows);
                    firsts.add(&cells, ids, &moments, within, (rows.block, rows.order));
                }
                State::Keyed(keyed) => {
                    let cells = with_condition(slot, &cells, rows);
                    add_keyed(slot.op, keyed, &cells, rows, &moments);
                }
                State::Counts(nulls) if of_rows.is_some() => {
                    let SlotOp::Count(value) = slot.op else { continue };
                    if rows.has_nulls[value] {
                        let values = rows.values[value];
                        let (cells, rows) = picks.numbered(slot.condition);
                        for (at, &cell) in cells.iter().enumerate() {
                            let row = rows.map_or(at, |rows| rows[at] as usize);
                            if cell != SKIPPED && values.is_null(row) {
                                nulls[cell as usize] += 1;
                            }
                        }
                    }
                }
                state => add_slot(slot, state, &mut picks, overflow),
            }
        }
    }

    /// The cell of every row; none for rows without a date, and for rows that are too late.
    fn cells_of(&mut self, rows: &Rows<'_>) -> Vec<u32> {
        let groups = self.groups_of(rows.batch);
        let until = rows.until.map_or(i32::MAX, Date::days);
        let mut cells = Vec::with_capacity(groups.len());
        let days = rows.batch.column(self.date);
        for (row, group) in groups.into_iter().enumerate() {
            let day = match days {
                Vector::Date(d) => d[row],
                Vector::Timestamp(t) if t[row] == NO_TIME => NO_DATE,
                Vector::Timestamp(t) => t[row].div_euclid(86_400) as i32,
                _ => panic!("a grouping's date is no date"),
            };
            if day == NO_DATE || day > until {
                cells.push(SKIPPED);
                continue;
            }
            cells.push(self.cells.cell(group, day));
        }
        cells
    }

    fn groups_of(&mut self, batch: &Batch) -> Vec<u32> {
        match self.dimensions.as_slice() {
            [] => {
                self.keys.id(&[]);
                vec![0; batch.rows]
            }
            &[column] if matches!(batch.column(column), Vector::Text(_)) => {
                self.groups_by_text(batch, column)
            }
            _ => self.groups_by_keys(batch),
        }
    }

    fn groups_by_text(&mut self, batch: &Batch, column: usize) -> Vec<u32> {
        let Vector::Text(ids) = batch.column(column) else { return Vec::new() };
        let known = batch.dictionaries[batch.sources[column]].len() + 1;
        if self.known.direct.len() < known {
            self.known.direct.resize(known, NONE);
        }
        let mut groups = Vec::with_capacity(ids.len());
        for (row, &id) in ids.iter().enumerate() {
            let at = if id == NONE { 0 } else { id as usize + 1 };
            let mut group = self.known.direct[at];
            if group == NONE {
                group = self.group_of(batch, row);
                self.known.direct[at] = group;
            }
            groups.push(group);
        }
        groups
    }

    fn groups_by_keys(&mut self, batch: &Batch) -> Vec<u32> {
        let mut groups = Vec::with_capacity(batch.rows);
        let mut key = Vec::new();
        for row in 0..batch.rows {
            key.clear();
            for column in &self.dimensions {
                push_key(batch.column(*column), row, &mut key);
            }
            let (id, new) = self.known.keys.id(&key);
            if new {
                let group = self.group_of(batch, row);
                self.known.groups.push(group);
            }
            groups.push(self.known.groups[id as usize]);
        }
        groups
    }

    /// The group of a row whose raw values are new.
    #[cold]
    fn group_of(&mut self, batch: &Batch, row: usize) -> u32 {
        let mut key = Vec::with_capacity(self.dimensions.len() * 4);
        for (column, members) in self.dimensions.iter().zip(&mut self.members) {
            let id = member_text(batch, *column, row).map_or(NONE, |text| members.id(&text));
            key.extend_from_slice(&id.to_le_bytes());
        }
        self.keys.id(&key).0
    }

    /// Takes in what another thread has. Distinct ids must be the same in both.
    pub(super) fn merge(&mut self, other: &Self) {
        let own = (0..self.dimensions.len()).collect::<Vec<_>>();
        let ops = (0..self.ops.len()).collect::<Vec<_>>();
        self.take(other, &own, &ops);
    }

    /// A coarser grouping of the same rows by the same date, made of this one, which is complete:
    /// nothing is lost, for every state is merged exactly.
    pub(super) fn coarser(&self, grouping: &Grouping) -> Self {
        let mut coarse = Self::new(grouping);
        let place = |column: &usize| self.dimensions.iter().position(|d| d == column);
        let dimensions: Vec<usize> = coarse.dimensions.iter().filter_map(place).collect();
        let op = |slot: &Slot| self.ops.iter().position(|s| s == slot);
        let ops: Vec<usize> = coarse.ops.iter().filter_map(op).collect();
        coarse.take(self, &dimensions, &ops);
        coarse.of_rows.fill(None);
        coarse
    }

    /// Takes in another's states: `dimensions` and `ops` are the places of the own ones there.
    fn take(&mut self, other: &Self, dimensions: &[usize], ops: &[usize]) {
        let members: Vec<Vec<u32>> = self
            .members
            .iter_mut()
            .zip(dimensions)
            .map(|(own, at)| other.members[*at].shown.iter().map(|text| own.id(text)).collect())
            .collect();
        let mut groups = Vec::with_capacity(other.keys.len());
        for group in 0..other.keys.len() as u32 {
            let ids: Vec<u32> = member_ids(other.keys.bytes(group)).collect();
            let mut key = Vec::with_capacity(dimensions.len() * 4);
            for (at, renamed) in dimensions.iter().zip(&members) {
                let id = if ids[*at] == NONE { NONE } else { renamed[ids[*at] as usize] };
                key.extend_from_slice(&id.to_le_bytes());
            }
            groups.push(self.keys.id(&key).0);
        }
        let cells: Vec<u32> = other
            .cells
            .places()
            .iter()
            .map(|(group, day)| self.cells.cell(groups[*group as usize], *day))
            .collect();
        let count = self.cells.len();
        for (own, at) in self.states.iter_mut().zip(ops) {
            own.resize(count);
            own.merge(&other.states[*at], &cells);
        }
    }

    /// Gives distinct ids the names that they have in `ids`, by value, where they get others.
    pub(super) fn rename_distinct(&mut self, ids: &[Option<Vec<u32>>]) {
        for (state, slot) in self.states.iter_mut().zip(&self.ops) {
            if let Some(ids) = slot.op.ids().and_then(|value| ids[value].as_ref()) {
                state.rename(ids);
            }
        }
    }

    /// The result: members sorted by their texts, null last, days ascending.
    pub(super) fn finish(mut self) -> GroupingResult {
        self.states.iter_mut().for_each(State::settle);
        let mut days = vec![Vec::new(); self.keys.len()];
        for (cell, (group, day)) in self.cells.places().iter().enumerate() {
            days[*group as usize].push((*day, cell as u32));
        }
        let mut groups: Vec<Group> = Vec::new();
        for (group, mut days) in days.into_iter().enumerate() {
            if days.is_empty() {
                continue;
            }
            days.sort_unstable();
            let cells: Vec<u32> = days.iter().map(|(_, cell)| *cell).collect();
            let ids = member_ids(self.keys.bytes(group as u32));
            let shown = ids
                .zip(&self.members)
                .map(|(id, members)| (id != NONE).then(|| members.shown[id as usize].clone()));
            let series: Vec<Series> = self.states.iter_mut().map(|s| s.series(&cells)).collect();
            groups.push(Group {
                members: shown.collect(),
                days: days.iter().map(|(day, _)| Date::from_days(*day)).collect(),
                series,
            });
        }
        groups.sort_by(|a, b| order(&a.members).cmp(&order(&b.members)));
        GroupingResult { groups }
    }
}

/// Of a count of values, the count of the same rows.
fn rows_of(slot: &Slot, all: &[Slot]) -> Option<usize> {
    let rows = |other: &Slot| other.op == SlotOp::Rows && other.condition == slot.condition;
    matches!(slot.op, SlotOp::Count(_)).then(|| all.iter().position(rows)).flatten()
}

/// Null sorts last.
pub(super) fn order(members: &[Option<String>]) -> Vec<(bool, Option<&String>)> {
    members.iter().map(|m| (m.is_none(), m.as_ref())).collect()
}

fn member_ids(key: &[u8]) -> impl Iterator<Item = u32> {
    key.chunks_exact(4).map(|c| c.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b)))
}

/// The bytes by which a raw value is known: equal values of one column have equal bytes.
pub(super) fn push_key(vector: &Vector, row: usize, key: &mut Vec<u8>) {
    match vector {
        Vector::Text(ids) => key.extend_from_slice(&ids[row].to_le_bytes()),
        Vector::Bool(b) => key.push(b[row]),
        Vector::Date(d) => key.extend_from_slice(&d[row].to_le_bytes()),
        Vector::Timestamp(t) => key.extend_from_slice(&t[row].to_le_bytes()),
        Vector::Number(_) | Vector::Decimal(_) => match vector.number(row).map(Decimal::normalised)
        {
            None => key.extend_from_slice(&[u8::MAX; 17]),
            Some(n) => {
                key.extend_from_slice(&n.mantissa().to_le_bytes());
                key.push(n.scale());
            }
        },
    }
}

/// The text of a member; none for null.
fn member_text(batch: &Batch, column: usize, row: usize) -> Option<String> {
    let vector = batch.column(column);
    match vector {
        Vector::Text(ids) => {
            let dictionary = &batch.dictionaries[batch.sources[column]];
            (ids[row] != NONE).then(|| dictionary.text(ids[row]).to_owned())
        }
        other => super::distinct::rendered(other, row),
    }
}

/// The seconds from 1970-01-01 of each row's date; of rows without one whatever.
fn moments(dates: &Vector) -> Vec<i64> {
    match dates {
        Vector::Timestamp(seconds) => seconds.clone(),
        Vector::Date(days) => days.iter().map(|day| i64::from(*day) * 86_400).collect(),
        _ => panic!("a grouping's date is no date"),
    }
}

fn add_keyed(op: SlotOp, keyed: &mut KeyedTotals, cells: &[u32], rows: &Rows<'_>, moments: &[i64]) {
    let ids = |value: usize| rows.ids[value].as_deref().unwrap_or_default();
    match op {
        SlotOp::Tally(id) => keyed.tally(cells, ids(id)),
        SlotOp::SumBy(value, id) => {
            let known = ids(id).iter().zip(cells);
            let cells: Vec<u32> =
                known.map(|(id, cell)| if *id == NONE { SKIPPED } else { *cell }).collect();
            keyed.add(&cells, ids(id), &[], rows.values[value]);
        }
        // Rows without a key belong together, like those of a dimension's null.
        SlotOp::Earliest(value, key) | SlotOp::Latest(value, key) => {
            keyed.add(cells, ids(key), moments, rows.values[value]);
        }
        _ => {}
    }
}

fn add_slot(slot: &Slot, state: &mut State, picks: &mut Picks<'_>, overflow: &mut Vec<u32>) {
    let condition = slot.condition;
    match (slot.op, state) {
        (SlotOp::Rows, State::Counts(counts)) => {
            for &cell in picks.numbered(condition).0 {
                // A row without a cell has a number beyond all of them.
                if let Some(count) = counts.get_mut(cell as usize) {
                    *count += 1;
                }
            }
        }
        (SlotOp::Count(value), State::Counts(counts)) => {
            let (cells, value) = picks.pair(condition, value);
            for (row, &cell) in cells.iter().enumerate() {
                if cell != SKIPPED && !value.is_null(row) {
                    counts[cell as usize] += 1;
                }
            }
        }
        (SlotOp::Sum(value), State::Sums(totals)) => {
            let (cells, value) = picks.pair(condition, value);
            totals.add(cells, value);
        }
        (SlotOp::WeightedSum(value, weight), State::Sums(totals)) => {
            let known = overflow.len();
            let (cells, value, weight) = picks.triple(condition, value, weight);
            totals.add_products(cells, value, weight, overflow);
            picks.number(condition, &mut overflow[known..]);
        }
        (SlotOp::SquareSum(value), State::Sums(totals)) => {
            let known = overflow.len();
            let (cells, value) = picks.pair(condition, value);
            totals.add_products(cells, value, value, overflow);
            picks.number(condition, &mut overflow[known..]);
        }
        (SlotOp::WeightSum(value, weight), State::Sums(totals)) => {
            if !picks.rows.has_nulls[value] {
                let (cells, weight) = picks.pair(condition, weight);
                totals.add(cells, weight);
                return;
            }
            let (cells, value, weight) = picks.triple(condition, value, weight);
            let both = cells.iter().enumerate();
            let cells: Vec<u32> =
                both.map(|(r, c)| if value.is_null(r) { SKIPPED } else { *c }).collect();
            totals.add(&cells, weight);
        }
        (SlotOp::Min(value) | SlotOp::Max(value), State::Extremes(extremes)) => {
            let (cells, value) = picks.pair(condition, value);
            extremes.add(cells, value);
        }
        (SlotOp::Values(value), State::Values(values, count)) => {
            let (cells, value) = picks.pair(condition, value);
            each_number(cells, value, |cell, number| {
                values[cell].push(number);
                *count += 1;
            });
        }
        (SlotOp::Distinct(value), State::Distinct(lists)) => {
            let ids = picks.rows.ids[value].as_deref().unwrap_or_default();
            let (cells, rows) = picks.numbered(condition);
            for (at, &cell) in cells.iter().enumerate() {
                let id = ids[rows.map_or(at, |rows| rows[at] as usize)];
                if cell != SKIPPED && id != NONE {
                    lists.add(cell, id);
                }
            }
        }
        _ => {}
    }
}

/// The cells of the rows for which a slot's condition holds; those of the others are skipped.
fn with_condition<'c>(slot: &Slot, cells: &'c [u32], rows: &Rows<'_>) -> Cow<'c, [u32]> {
    let Some(condition) = slot.condition else { return Cow::Borrowed(cells) };
    let kept = cells.iter().zip(&rows.conditions[condition]);
    kept.map(|(c, t)| if *t == 1 { *c } else { SKIPPED }).collect()
}

fn each_number(cells: &[u32], values: &Vector, mut f: impl FnMut(usize, Decimal)) {
    for (row, &cell) in cells.iter().enumerate() {
        if cell != SKIPPED
            && let Some(number) = values.number(row)
        {
            f(cell as usize, number);
        }
    }
}
