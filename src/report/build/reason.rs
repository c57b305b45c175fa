//! Why there is no value, in the report's language.

use crate::eval::{Labelled, Lack, Reason};
use crate::report::format::Formatter;
use crate::time::Grain;

/// Why a value cannot be computed.
pub(super) fn why(formatter: &Formatter, reason: &Reason) -> String {
    let say = |name: &str, values: &[(&str, &str)]| formatter.words.say(name, values);
    let grain = |grain: &Grain| formatter.words.label(word(*grain));
    match reason {
        Reason::ZeroDivisor(formula) => say("why_zero_divisor", &[("formula", &code(formula))]),
        Reason::ZeroTotal(formula) => say("why_zero_total", &[("formula", &code(formula))]),
        Reason::ZeroBefore(formula) => say("why_zero_before", &[("formula", &code(formula))]),
        Reason::ZeroWeights => say("why_zero_weights", &[]),
        Reason::OneValue => say("why_one_value", &[]),
        Reason::NoPartOver { part, whole } => {
            say("why_no_part_over", &[("part", grain(part)), ("whole", grain(whole))])
        }
        Reason::TooLongAgo(period) => say("why_too_long_ago", &[("grain", grain(period))]),
        Reason::RangeSplit { source, first, last } => {
            let days = formatter.days(*first, *last);
            say("why_range_split", &[("source", &code(source)), ("days", &days)])
        }
        Reason::TooShort { source, grain: period } => {
            say("why_too_short", &[("source", &code(source)), ("grain", grain(period))])
        }
        Reason::GrainSplit { source, grain: period } => {
            say("why_grain_split", &[("source", &code(source)), ("grain", grain(period))])
        }
        Reason::NotAdditive(name) => say("why_not_additive", &[("name", &code(name))]),
        Reason::Undated(source) => say("why_undated", &[("source", &code(source))]),
        Reason::NoDimension { source, dimension } => {
            let values = [("source", &*code(source)), ("dimension", &*code(dimension))];
            say("why_no_dimension", &values)
        }
        Reason::NoDefinition(name) => say("why_no_definition", &[("name", &code(name))]),
        Reason::LooksElsewhere(function) => {
            say("why_looks_elsewhere", &[("function", &code(function))])
        }
        Reason::NoTarget(name) => say("why_no_target", &[("name", &code(name))]),
        Reason::TargetLacks { name, lack } => {
            let why = self::lack(formatter, lack);
            say("why_target_lacks", &[("name", &code(name)), ("why", &why)])
        }
        Reason::TargetNotPositive(name) => say("why_target_not_positive", &[("name", &code(name))]),
        Reason::ValueNotPositive(name) => say("why_value_not_positive", &[("name", &code(name))]),
        Reason::TargetOfPeriod { name, grain: period } => {
            say("why_target_of_period", &[("name", &code(name)), ("grain", grain(period))])
        }
    }
}

/// Why a target has no value.
pub(super) fn lack(formatter: &Formatter, lack: &Lack) -> String {
    let say = |name: &str, values: &[(&str, &str)]| formatter.words.say(name, values);
    let period = |p: &Labelled| formatter.period(p.period).text;
    match lack {
        Lack::Uncovered(p) => say("lack_uncovered", &[("period", &period(p))]),
        Lack::NoValue(p) => say("lack_no_value", &[("period", &period(p))]),
        Lack::NoDayBefore => say("lack_no_day_before", &[]),
        Lack::NoBaseline => say("lack_no_baseline", &[]),
        Lack::NoRows(formula) => say("lack_no_rows", &[("formula", &code(formula))]),
        Lack::NotCovered(formula) => say("lack_not_covered", &[("formula", &code(formula))]),
        Lack::Undefined { formula, reason } => {
            let why = why(formatter, reason);
            say("lack_undefined", &[("formula", &code(formula)), ("why", &why)])
        }
    }
}

/// What the spec says, as code.
fn code(text: &str) -> String {
    format!("`{text}`")
}

fn word(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "grain_day",
        Grain::Week => "grain_week",
        Grain::Month => "grain_month",
        Grain::Quarter => "grain_quarter",
        Grain::Year => "grain_year",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::words;
    use crate::time::{Calendar, Date};

    fn formatter(tag: &str) -> Formatter {
        Formatter::new(words::of(tag).unwrap(), Calendar::default())
    }

    fn all() -> Vec<Reason> {
        let day = |text| Date::parse_iso(text).unwrap();
        let calendar = Calendar::default();
        let period = calendar.parse_label("2026-06").unwrap();
        let june = || Labelled { period, label: "June 2026".to_owned() };
        let name = || "x".to_owned();
        let (source, formula, grain) = (name(), name(), Grain::Month);
        let lacks = vec![
            Lack::Uncovered(june()),
            Lack::NoValue(june()),
            Lack::NoDayBefore,
            Lack::NoBaseline,
            Lack::NoRows(name()),
            Lack::NotCovered(name()),
            Lack::Undefined { formula, reason: Reason::ZeroWeights },
        ];
        let (first, last) = (day("2026-06-01"), day("2026-06-01"));
        let mut all = vec![
            Reason::ZeroDivisor(name()),
            Reason::ZeroTotal(name()),
            Reason::ZeroBefore(name()),
            Reason::ZeroWeights,
            Reason::OneValue,
            Reason::NoPartOver { part: Grain::Day, whole: Grain::Year },
            Reason::TooLongAgo(Grain::Quarter),
            Reason::RangeSplit { source, first, last },
            Reason::TooShort { source: name(), grain },
            Reason::GrainSplit { source: name(), grain },
            Reason::NotAdditive(name()),
            Reason::Undated(name()),
            Reason::NoDimension { source: name(), dimension: "y".to_owned() },
            Reason::NoDefinition(name()),
            Reason::LooksElsewhere("growth"),
            Reason::NoTarget(name()),
            Reason::TargetNotPositive(name()),
            Reason::ValueNotPositive(name()),
            Reason::TargetOfPeriod { name: name(), grain: Grain::Week },
        ];
        let lacking = |lack| Reason::TargetLacks { name: name(), lack: Box::new(lack) };
        all.extend(lacks.into_iter().map(lacking));
        all
    }

    #[test]
    fn english_is_what_the_command_line_says() {
        let english = formatter("en");
        for reason in all() {
            // The days of a range are written as a report writes days.
            let said = why(&english, &reason).replace("1 June 2026", "2026-06-01 to 2026-06-01");
            assert_eq!(said, reason.to_string());
        }
    }

    #[test]
    fn every_language_tells_them_with_the_names_of_the_spec() {
        for tag in words::tags() {
            for reason in all() {
                let said = why(&formatter(tag), &reason);
                assert!(!said.contains(['{', '}']), "{tag}: {said}");
                let named = reason.to_string().contains("`x`");
                assert_eq!(said.contains("`x`"), named, "{tag}: {said}");
            }
        }
    }
}
