//! Changes in words, the same in every format for people.

use std::fmt::Write as _;

use super::Compared;
use crate::changes::{Change, Edit, What};
use crate::driver::{Effect, Moved, Project, Side, Unvalued};
use crate::eval::{Level, exact};
use crate::report::format::Formatter;
use crate::report::words;
use crate::source::Span;
use crate::time::Calendar;
use crate::value::{Number, Unit};

/// So long a value of a property is shown.
const LONGEST: usize = 300;

/// A property as it is called: `target`, `column visits`, `rule seo`.
fn property(edit: &Edit) -> String {
    match edit.property.split_once('.') {
        Some(("columns", name)) => format!("column {name}"),
        Some((block, name)) => format!("{name} of {block}"),
        None => edit.property.clone(),
    }
}

/// What became of a property: "target added: 3% from 2026-07-01".
pub(in crate::cli) fn sentence(edit: &Edit) -> String {
    let name = property(edit);
    match (edit.old.as_deref().map(cut), edit.new.as_deref().map(cut)) {
        (None, Some(new)) => format!("{name} added: {new}"),
        (Some(old), None) => format!("{name} removed: {old}"),
        // The same but for its reason.
        (Some(old), Some(new)) if old == new => format!("{name} as before: {new}"),
        (Some(old), Some(new)) => format!("{name}: {old} → {new}"),
        (None, None) => name,
    }
}

/// Why a target is a new one, or that nobody says so; nothing of other properties.
pub(in crate::cli) fn reason(edit: &Edit) -> Option<String> {
    if edit.property != "target" || edit.new.is_none() {
        return None;
    }
    let Some(because) = &edit.because else { return Some("no reason is given".to_owned()) };
    let still = if edit.same_reason { "still " } else { "" };
    Some(match &because.trigger {
        Some(trigger) => format!("{still}because of {trigger}: {}", because.text),
        None => format!("{still}because {}", because.text),
    })
}

/// A text of at most so many characters.
fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(std::iter::once('…')).collect()
}

/// `kpis.kpi:62`
pub(super) fn place(compared: &Compared, change: &Change) -> String {
    let project = match change.what {
        What::Removed => &compared.found.old,
        _ => &compared.found.new,
    };
    let at = |project: &Project, span: Span| {
        let file = project.sources.get(span.file);
        format!("{}:{}", file.path, file.place(span.start).line)
    };
    project.as_ref().map_or_else(String::new, |project| at(project, change.span))
}

/// The edits that are worth a line: of what is new or gone those that say what it is.
pub(super) fn edits(change: &Change) -> impl Iterator<Item = &Edit> {
    let all = matches!(change.what, What::Changed | What::Renamed);
    let says = [
        "formula", "unit", "target", "owner", "cadence", "values", "csv", "decision", "note",
        "text",
    ];
    change.edits.iter().filter(move |e| all || says.contains(&e.property.as_str()))
}

/// "3 definitions changed, 1 added; 2 KPIs have other values; reports that move: monthly"
pub(super) fn summary(compared: &Compared) -> String {
    let found = &compared.found;
    let count = |what: What| found.changes.iter().filter(|c| c.what == what).count();
    let mut parts: Vec<String> = Vec::new();
    for what in [What::Changed, What::Added, What::Removed, What::Renamed] {
        let n = count(what);
        if n > 0 {
            let noun = match (parts.is_empty(), n) {
                (true, 1) => " definition",
                (true, _) => " definitions",
                _ => "",
            };
            parts.push(format!("{n}{noun} {}", what.word()));
        }
    }
    let mut text =
        if parts.is_empty() { "no definition changed".to_owned() } else { parts.join(", ") };
    let moved = found.effects.iter().filter(|e| e.what == What::Changed).count();
    if found.unvalued.is_none() {
        let _ = match moved {
            0 => write!(text, "; no KPI has other values"),
            1 => write!(text, "; 1 KPI has other values"),
            n => write!(text, "; {n} KPIs have other values"),
        };
    }
    let reports = reports(compared);
    if !reports.is_empty() {
        let noun = if reports.len() == 1 { "report that moves" } else { "reports that move" };
        let _ = write!(text, "; {noun}: {}", reports.join(", "));
    }
    text
}

/// The reports that show a KPI that differs, each once.
pub(super) fn reports(compared: &Compared) -> Vec<String> {
    let mut reports: Vec<String> = Vec::new();
    for report in compared.found.effects.iter().flat_map(|e| &e.reports) {
        if !reports.contains(report) {
            reports.push(report.clone());
        }
    }
    reports
}

/// Why nothing is said of values; none where something is, or where nobody asked.
pub(super) fn unvalued(compared: &Compared) -> Option<String> {
    match compared.found.unvalued.as_ref()? {
        Unvalued::NotAsked => None,
        Unvalued::Now => Some("values are not compared: the new state has errors".to_owned()),
        Unvalued::Before(mistake) => Some(format!(
            "values are not compared: with the data of today the old state gives {}, {}",
            mistake.code.id, mistake.message
        )),
    }
}

/// How a KPI's numbers are written.
pub(super) struct Numbers {
    formatter: Formatter,
}

impl Numbers {
    pub(super) fn new() -> Self {
        let english = words::of("en").unwrap_or_else(|| unreachable!("English is compiled in"));
        Self { formatter: Formatter::new(english, Calendar::default()) }
    }

    /// `2.31% → 2.75%`; a value that stayed once. Digits as many as tell the two apart.
    fn pair(&self, old: Option<&Number>, new: Option<&Number>, units: Units<'_>) -> String {
        let short = |n: Option<&Number>, unit: &Unit| {
            n.map_or_else(|| "none".to_owned(), |n| self.formatter.alone(n, unit))
        };
        let (a, b) = (short(old, units.old), short(new, units.new));
        if old == new && units.old == units.new {
            return b;
        }
        if a != b {
            return format!("{a} → {b}");
        }
        let long = |n: Option<&Number>, unit: &Unit| {
            n.map_or_else(|| "none".to_owned(), |n| exact(n, unit))
        };
        format!("{} → {}", long(old, units.old), long(new, units.new))
    }

    /// By how much a value changed: as a share of what it was, a share itself in points.
    fn change(&self, old: &Number, new: &Number, unit: &Unit) -> Option<String> {
        let by = new.sub(old);
        if *unit == Unit::Percent {
            let points = by.mul(&Number::from(100));
            let sign = if points.is_negative() { "" } else { "+" };
            let points = self.formatter.alone(&points, &Unit::Number);
            return (points != "0").then(|| format!("{sign}{points} points"));
        }
        Some(self.formatter.relative(&by.div(&old.abs())?))
    }

    /// The value of a period, before and now.
    pub(super) fn value(&self, moved: &Moved, units: Units<'_>) -> String {
        match (&moved.old, &moved.new) {
            (Some(old), Some(new)) => {
                let text = self.pair(old.value.as_ref(), new.value.as_ref(), units);
                let same = units.old == units.new;
                match (&old.value, &new.value) {
                    (Some(a), Some(b)) if a != b && same => match self.change(a, b, units.new) {
                        Some(change) => format!("{text} ({change})"),
                        None => text,
                    },
                    _ => text,
                }
            }
            (Some(side), None) | (None, Some(side)) => {
                self.pair(side.value.as_ref(), side.value.as_ref(), Units::one(units.new))
            }
            (None, None) => String::new(),
        }
    }

    /// The target of a period, before and now; none where there is none.
    pub(super) fn target(&self, moved: &Moved, units: Units<'_>) -> Option<String> {
        let level = |side: &Option<Side>| side.as_ref().and_then(|s| s.target.clone());
        let write = |level: &Level, unit: &Unit| match level {
            Level::Value(value) => self.formatter.alone(value, unit),
            Level::Range(low, high) => {
                let write = |n: &Number| self.formatter.alone(n, unit);
                format!("{} to {}", write(low), write(high))
            }
        };
        let (old, new) = (level(&moved.old), level(&moved.new));
        let only = moved.old.is_none() || moved.new.is_none();
        match (old, new) {
            (None, None) => None,
            (Some(Level::Value(a)), Some(Level::Value(b))) => {
                Some(self.pair(Some(&a), Some(&b), units))
            }
            (old, new) if only || (old == new && units.old == units.new) => {
                new.or(old).map(|level| write(&level, units.new))
            }
            (old, new) => {
                let shown = |level: Option<Level>, unit: &Unit| {
                    level.map_or_else(|| "none".to_owned(), |level| write(&level, unit))
                };
                Some(format!("{} → {}", shown(old, units.old), shown(new, units.new)))
            }
        }
    }
}

/// The units of a KPI before and now.
#[derive(Clone, Copy)]
pub(super) struct Units<'u> {
    old: &'u Unit,
    new: &'u Unit,
}

impl<'u> Units<'u> {
    pub(super) fn of(effect: &'u Effect) -> Self {
        Self { old: effect.unit_before.as_ref().unwrap_or(&effect.unit), new: &effect.unit }
    }

    fn one(unit: &'u Unit) -> Self {
        Self { old: unit, new: unit }
    }
}

/// The status of a period, before and now; none where there is none.
pub(super) fn status(moved: &Moved) -> Option<String> {
    let word =
        |side: &Option<Side>| side.as_ref().and_then(|s| s.status).map(crate::model::Status::word);
    match (word(&moved.old), word(&moved.new)) {
        (None, None) => None,
        (Some(a), Some(b)) if a != b => Some(format!("{a} → {b}")),
        (Some(a), None) if moved.new.is_some() => Some(format!("{a} → none yet")),
        (None, Some(b)) if moved.old.is_some() => Some(format!("none yet → {b}")),
        (a, b) => b.or(a).map(str::to_owned),
    }
}

/// A member as it is called.
pub(super) fn member(moved: &Moved) -> String {
    let Some((dimension, member)) = &moved.member else { return String::new() };
    format!("{dimension} {}", member.as_deref().unwrap_or("(none)"))
}

/// "12 of 24 months differ, 2025-07 to 2026-06"; none where it is one period, or a KPI that came or
/// went.
pub(super) fn extent(effect: &Effect) -> Option<String> {
    let (first, last) = (effect.moved.first()?, effect.moved.last()?);
    if effect.what != What::Changed || effect.moved.len() < 2 {
        return None;
    }
    let noun = effect.cadence.word();
    let (n, all) = (effect.moved.len(), effect.periods);
    Some(format!("{n} of {all} {noun}s differ, {} to {}", first.label, last.label))
}
