//! The rows of `kpi eval`: every period of every measure asked for, as the contract orders them.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Evaluator, Level, Slice};
use crate::model::{MeasureId, MeasureKind, Model};
use crate::plan::{Request, Wanted, lacking};
use crate::time::{Date, Grain, Period};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The measures; all KPIs where none is named.
    pub measures: Vec<MeasureId>,
    /// The dimensions to break down by, as compared.
    pub by: Vec<String>,
    /// The periods; each measure's own where it is not said.
    pub every: Option<Grain>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// Rows after this day do not count.
    pub as_of: Option<Date>,
}

impl Question {
    /// The measures that are answered for, in order of their names: the named ones, or all KPIs
    /// that have the dimensions.
    pub fn measures(&self, model: &Model) -> Vec<MeasureId> {
        let mut ids: Vec<MeasureId> = if self.measures.is_empty() {
            let fits = |id: &MeasureId| {
                self.by.iter().all(|d| has_dimension(model, *id, d))
                    && model.measure(*id).lacks.is_empty()
            };
            model.kpis().map(|(id, _)| id).filter(fits).collect()
        } else {
            self.measures.clone()
        };
        ids.sort_by(|a, b| model.measure(*a).name.cmp(&model.measure(*b).name));
        ids.dedup();
        ids
    }

    /// What must be computed to answer.
    pub fn request(&self, model: &Model) -> Request {
        let slices = if self.by.is_empty() {
            vec![Vec::new()]
        } else {
            let mut by = self.by.clone();
            by.sort();
            vec![Vec::new(), by]
        };
        let wanted = |measure| Wanted { measure, slices: slices.clone() };
        let measures = self.measures(model).into_iter().map(wanted).collect();
        Request { measures, until: self.as_of }
    }
}

/// Whether a measure can be broken down by a dimension.
pub fn has_dimension(model: &Model, measure: MeasureId, dimension: &str) -> bool {
    let known = model.measure(measure).dimensions.iter().any(|d| d == dimension);
    let derived = matches!(dimension, "weekday" | "hour");
    known || derived && lacking(model, measure, &[dimension.to_owned()]).is_none()
}

/// A measure in a period, for some members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The measure's name.
    pub kpi: String,
    /// The period, as the calendar labels it.
    pub period: String,
    /// Its first day, Gregorian.
    pub start: String,
    /// Its last day, Gregorian.
    pub end: String,
    /// Whether each source covers it whole.
    pub complete: bool,
    /// Dimension and member, in the order asked for.
    pub by: Vec<(String, Option<String>)>,
    /// Exact, in base units.
    pub value: Option<String>,
    /// The unit's word.
    pub unit: String,
    /// Exact, in base units; a range is `0.02..0.04`.
    pub target: Option<String>,
    /// The status' word; none of metrics and of periods too young to judge.
    pub status: Option<String>,
}

struct By<'a>(&'a [(String, Option<String>)]);

impl Serialize for By<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (dimension, member) in self.0 {
            map.serialize_entry(dimension, member)?;
        }
        map.end()
    }
}

impl Serialize for Row {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(10))?;
        map.serialize_entry("kpi", &self.kpi)?;
        map.serialize_entry("period", &self.period)?;
        map.serialize_entry("start", &self.start)?;
        map.serialize_entry("end", &self.end)?;
        map.serialize_entry("complete", &self.complete)?;
        map.serialize_entry("by", &By(&self.by))?;
        map.serialize_entry("value", &self.value)?;
        map.serialize_entry("unit", &self.unit)?;
        map.serialize_entry("target", &self.target)?;
        map.serialize_entry("status", &self.status)?;
        map.end()
    }
}

/// A period as rows write it: the same for all members.
struct Words {
    label: String,
    start: String,
    end: String,
}

impl Words {
    fn of(model: &Model, period: Period) -> Self {
        Self {
            label: model.settings.calendar.label(period),
            start: period.start.to_string(),
            end: period.end.to_string(),
        }
    }
}

/// All rows, sorted by name, period, then members (no member last).
pub fn rows(evaluator: &Evaluator<'_>, question: &Question) -> Vec<Row> {
    let model = evaluator.model();
    let mut rows = Vec::new();
    for id in question.measures(model) {
        let own = model.measure(id).purpose.as_ref().and_then(|p| p.cadences.first().copied());
        let grain = question.every.or(own).unwrap_or(Grain::Month);
        for period in evaluator.periods(id, grain, question.from, question.to) {
            let words = Words::of(model, period);
            if question.by.is_empty() {
                rows.push(row(evaluator, id, (period, &words), &Slice::default(), &[]));
                continue;
            }
            let mut slices = evaluator.members(id, &question.by, period.start, period.end);
            slices.sort_by_cached_key(|s| ordered(s, &question.by));
            for slice in slices {
                rows.push(row(evaluator, id, (period, &words), &slice, &question.by));
            }
        }
    }
    rows
}

/// Members in the order of the dimensions asked for, none last.
fn ordered(slice: &Slice, by: &[String]) -> Vec<(bool, Option<String>)> {
    let member = |d: &String| slice.0.iter().find(|(n, _)| n == d).and_then(|(_, m)| m.clone());
    by.iter().map(member).map(|m| (m.is_none(), m)).collect()
}

fn row(
    evaluator: &Evaluator<'_>,
    id: MeasureId,
    (period, words): (Period, &Words),
    slice: &Slice,
    by: &[String],
) -> Row {
    let model = evaluator.model();
    let measure = model.measure(id);
    let point = evaluator.point(id, period, slice);
    let members = ordered(slice, by).into_iter().map(|(_, m)| m);
    let is_kpi = measure.kind == MeasureKind::Kpi;
    let level = point.target.as_ref().map(|t| match &t.level {
        Level::Value(value) => value.to_plain(),
        Level::Range(low, high) => format!("{}..{}", low.to_plain(), high.to_plain()),
    });
    let status = point.verdict.as_ref().and_then(|v| v.status).map(|s| s.word().to_owned());
    Row {
        kpi: measure.name.clone(),
        period: words.label.clone(),
        start: words.start.clone(),
        end: words.end.clone(),
        complete: point.progress.complete,
        by: by.iter().cloned().zip(members).collect(),
        value: point.value.known().map(crate::value::Number::to_plain),
        unit: measure.unit.json(),
        target: level.filter(|_| is_kpi),
        status: status.filter(|_| is_kpi),
    }
}
