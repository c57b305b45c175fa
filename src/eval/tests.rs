//! Evaluation over small data, by the plain engine of [`super::sample`].

use super::sample::{Sample, day, decimal, number, period, plus, ratio, slice, target};
use super::{Exceeded, Judged, Level, Slice, Status, Value};
use crate::model::measure::{Additivity, Path, Points, Reference, Scope};
use crate::model::source::Rows;
use crate::model::{AggregateOp, Compare, Direction, MeasureId, Node, TargetValue};
use crate::time::{Grain, SpanUnit};
use crate::value::Number;

fn known(text: &str) -> Value {
    Value::Known(number(text))
}

fn total() -> Slice {
    Slice::default()
}

const LOG: &str = "day,kind,x\n\
2026-01-05,a,10\n\
2026-03-02,a,20\n\
2026-03-02,b,\n\
2026-03-09,,5";

fn log(rows: Rows, op: AggregateOp, of: &str) -> Sample {
    let mut sample = Sample::new();
    let s = sample.source("log", rows, LOG);
    let node = sample.aggregate(s, op, of, None);
    sample.measure("m", node);
    sample
}

fn months(sample: &Sample, slice: &Slice) -> Vec<Value> {
    let ran = sample.run(&[&["kind"]], None);
    let evaluator = ran.evaluator();
    let periods = evaluator.periods(MeasureId(0), Grain::Month, None, None);
    periods.into_iter().map(|p| evaluator.value(MeasureId(0), p, slice)).collect()
}

#[test]
fn no_rows_of_a_log_are_zero_where_something_is_counted() {
    let sums = log(Rows::Events, AggregateOp::Sum, "x");
    assert_eq!(months(&sums, &total()), [known("10"), known("0"), known("25")]);
    // Null cells alone are no rows that are missing.
    let of_b = slice(&[("kind", "b")]);
    assert_eq!(months(&sums, &of_b), [known("0"), known("0"), Value::NoData]);
    let means = log(Rows::Events, AggregateOp::Avg, "x");
    assert_eq!(months(&means, &total()), [known("10"), Value::NoData, known("12.5")]);
}

#[test]
fn no_rows_of_other_sources_are_no_data() {
    let sums = log(Rows::Unset, AggregateOp::Sum, "x");
    assert_eq!(months(&sums, &total()), [known("10"), Value::NoData, known("25")]);
    let none = slice(&[("kind", "(none)")]);
    assert_eq!(months(&sums, &none), [Value::NoData, Value::NoData, known("5")]);
    let counts = log(Rows::Unset, AggregateOp::Count, "x");
    let of_b = slice(&[("kind", "b")]);
    assert_eq!(months(&counts, &of_b), [Value::NoData, Value::NoData, known("0")]);
}

#[test]
fn members_are_those_of_the_rows_of_the_days_before_any_filter() {
    let mut sample = Sample::new();
    let s = sample.source("log", Rows::Unset, LOG);
    let node = sample.aggregate(s, AggregateOp::Sum, "x", Some(("kind", "a")));
    let id = sample.measure("m", node);
    let ran = sample.run(&[&["kind"]], None);
    let evaluator = ran.evaluator();
    let kinds = ["kind".to_owned()];
    let march = evaluator.members(id, &kinds, day("2026-03-01"), day("2026-03-31"));
    let expected = ["a", "b", "(none)"].map(|m| slice(&[("kind", m)]));
    assert_eq!(march, expected);
    let january = evaluator.members(id, &kinds, day("2026-01-01"), day("2026-01-31"));
    assert_eq!(january, expected[..1]);
    let march = period("2026-03");
    let values: Vec<_> = expected.iter().map(|s| evaluator.value(id, march, s)).collect();
    assert_eq!(values, [known("20"), Value::NoData, Value::NoData]);
}

#[test]
fn weekdays_are_derived_from_the_day() {
    let sums = log(Rows::Unset, AggregateOp::Sum, "x");
    let ran = sums.run(&[&["weekday"], &["kind", "weekday"]], None);
    let evaluator = ran.evaluator();
    // 5 January, 2 and 9 March 2026 are Mondays.
    let monday = slice(&[("weekday", "1")]);
    assert_eq!(evaluator.value(MeasureId(0), period("2026-03"), &monday), known("25"));
    let by = ["weekday".to_owned(), "kind".to_owned()];
    let members = evaluator.members(MeasureId(0), &by, day("2026-03-01"), day("2026-03-31"));
    let expected = ["a", "b", "(none)"].map(|m| slice(&[("kind", m), ("weekday", "1")]));
    assert_eq!(members, expected);
}

#[test]
fn an_operand_without_a_value_leaves_the_formula_without_one() {
    let mut sample = Sample::new();
    let s = sample.source("log", Rows::Unset, LOG);
    let a = sample.aggregate(s, AggregateOp::Sum, "x", Some(("kind", "a")));
    let b = sample.aggregate(s, AggregateOp::Sum, "x", Some(("kind", "b")));
    let zero = || Node::Value(Number::ZERO);
    let both = sample.measure("both", plus(a.clone(), b.clone()));
    let safe = Node::Default(vec![b.clone(), zero()]);
    let safe = sample.measure("safe", plus(a.clone(), safe));
    let none = sample.measure("none", zero());
    let divided = sample.measure("divided", ratio(a, Node::Measure(none)));
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    let march = |id| evaluator.value(id, period("2026-03"), &total());
    assert_eq!(march(both), Value::NoData);
    assert_eq!(march(safe), known("20"));
    assert_eq!(march(divided), Value::Undefined(super::Reason::ZeroDivisor("none".to_owned())));
}

/// 1 + 3 * 0.333333333333333333333333333
const P33: &str = "1.999999999999999999999999999";

#[test]
fn aggregates_have_their_meanings() {
    let csv = "day,who,x,w\n\
    2026-06-01,ann,1,1\n2026-06-02,bob,2,1\n2026-06-03,ann,4,2\n2026-06-04,,10,0\n2026-06-05,cyd,,5";
    let mut sample = Sample::new();
    let s = sample.source("s", Rows::Unset, csv);
    let ops = [
        (AggregateOp::Rows, "", "5"),
        (AggregateOp::Count, "x", "4"),
        (AggregateOp::Sum, "x", "17"),
        (AggregateOp::Avg, "x", "4.25"),
        (AggregateOp::Min, "x", "1"),
        (AggregateOp::Max, "x", "10"),
        (AggregateOp::Percentile(decimal("50")), "x", "3"),
        (AggregateOp::Percentile(decimal("90")), "x", "8.2"),
        (AggregateOp::Percentile(decimal("0")), "x", "1"),
        (AggregateOp::Percentile(decimal("100")), "x", "10"),
        (AggregateOp::Percentile(decimal("33.3333333333333333333333333")), "x", P33),
        (AggregateOp::Stddev, "x", "4.03112887414927483"),
        (AggregateOp::CountDistinct(None), "who", "3"),
        (AggregateOp::First, "x", "1"),
        (AggregateOp::Last, "x", "10"),
    ];
    for (op, of, _) in ops {
        let node = sample.aggregate(s, op, of, None);
        sample.measure("m", node);
    }
    let node = sample.aggregate(s, AggregateOp::Avg, "x", None);
    let weighted = sample.measure("weighted", node);
    let weight = sample.column(s, "w");
    sample.model.aggregates.last_mut().unwrap().weight = Some(weight);
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    let june = |id| evaluator.value(id, period("2026-06"), &total());
    for (i, (op, _, expected)) in ops.iter().enumerate() {
        let found = june(MeasureId(i as u32));
        assert_eq!(found.known().unwrap().to_plain(), *expected, "{op:?}");
    }
    assert_eq!(june(weighted), known("2.75"));
}

#[test]
fn a_row_that_stands_for_a_month_counts_in_no_week() {
    let mut sample = Sample::new();
    let csv = "day,x\n2026-01-01,1\n2026-02-01,2\n2026-03-01,4\n2026-04-01,8";
    let s = sample.source("plan", Rows::Unset, csv);
    sample.model.sources[0].grain = Grain::Month;
    let node = sample.sum(s, "x");
    let id = sample.measure("m", node);
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    assert_eq!(evaluator.as_of(), day("2026-04-30"));
    let value = |label| evaluator.value(id, period(label), &total());
    assert_eq!([value("2026-02"), value("2026-Q1"), value("2026")], ["2", "7", "15"].map(known));
    assert!(matches!(value("2026-W02"), Value::Undefined(_)));
    let progress = evaluator.progress(id, period("2026"));
    assert_eq!((progress.covered, progress.complete, progress.open), (120, false, true));
    // As of the middle of April its row is not over.
    let ran = sample.run(&[], Some(day("2026-04-15")));
    let evaluator = ran.evaluator();
    assert_eq!(evaluator.coverage(s).unwrap().last, day("2026-03-31"));
    assert_eq!(evaluator.value(id, period("2026"), &total()), known("7"));
    assert_eq!(evaluator.value(id, period("2026-04"), &total()), Value::NotCovered);
}

#[test]
fn logs_of_events_reach_the_as_of_date_but_not_past_their_rows_for_a_coarser_grain() {
    let mut sample = Sample::new();
    let web = sample.source("web", Rows::Unset, "day,x\n2026-06-01,1\n2026-07-12,1");
    let orders = sample.source("orders", Rows::Events, "day,x\n2026-06-01,1\n2026-07-03,1");
    let plan = sample.source("plan", Rows::Unset, "day,x\n2026-06-01,1\n2026-07-01,1");
    sample.model.sources[2].grain = Grain::Month;
    for source in [web, orders, plan] {
        let node = sample.sum(source, "x");
        sample.measure("m", node);
    }
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    assert_eq!(evaluator.as_of(), day("2026-07-31"));
    assert_eq!(evaluator.coverage(orders).unwrap().last, day("2026-07-12"));
    assert_eq!(evaluator.coverage(web).unwrap().last, day("2026-07-12"));
    assert_eq!(evaluator.coverage(plan).unwrap().last, day("2026-07-31"));
    let ran = sample.run(&[], Some(day("2026-08-05")));
    let evaluator = ran.evaluator();
    assert_eq!(evaluator.coverage(orders).unwrap().last, day("2026-08-05"));
    assert_eq!(evaluator.coverage(plan).unwrap().last, day("2026-07-31"));
}

#[test]
fn rows_outside_the_declared_coverage_do_not_count() {
    let mut sample = Sample::new();
    let s = sample.source("s", Rows::Unset, "day,x\n2026-05-31,1\n2026-06-10,2\n2026-07-02,4");
    sample.model.sources[0].covers = Some((day("2026-06-01"), day("2026-06-30")));
    let node = sample.sum(s, "x");
    let id = sample.measure("m", node);
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    let value = |label| evaluator.value(id, period(label), &total());
    assert_eq!([value("2026-06"), value("2026-Q2"), value("2026")], ["2", "2", "2"].map(known));
    assert_eq!([value("2026-05"), value("2026-07")], [Value::NotCovered, Value::NotCovered]);
}

#[test]
fn levels_hold_until_the_next_reading() {
    let mut sample = Sample::new();
    let csv = "day,x\n2026-01-10,5\n2026-01-10,2\n2026-04-02,9";
    let s = sample.source("stock", Rows::Snapshot, csv);
    let node = sample.aggregate(s, AggregateOp::Last, "x", None);
    let id = sample.measure("m", node);
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    let value = |label| evaluator.value(id, period(label), &total());
    assert_eq!([value("2026-01"), value("2026-03"), value("2026-04")], ["7", "7", "9"].map(known));
    assert_eq!([value("2025-12"), value("2026-05")], [Value::NotCovered, Value::NotCovered]);
}

#[test]
fn long_chains_of_measures_need_no_stack() {
    let mut sample = Sample::new();
    let s = sample.source("s", Rows::Unset, "day,x\n2026-01-01,1");
    let node = sample.sum(s, "x");
    let mut last = sample.measure("m", node);
    for _ in 0..20_000 {
        let node = plus(Node::Measure(last), Node::Value(Number::ONE));
        last = sample.measure("m", node);
    }
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    assert_eq!(evaluator.value(last, period("2026-01"), &total()), known("20001"));
}

/// Daily ones from 2025-01-01 to 2026-03-10, doubled in 2026.
fn daily() -> Sample {
    let mut sample = Sample::new();
    let mut csv = "day,x".to_owned();
    let mut at = day("2025-01-01");
    while at <= day("2026-03-10") {
        let x = if at < day("2026-01-01") { "1" } else { "2" };
        csv.extend(["\n", &at.to_string(), ",", x]);
        at = at.plus(1);
    }
    let s = sample.source("s", Rows::Unset, &csv);
    let node = sample.sum(s, "x");
    sample.measure("m", node);
    sample
}

#[test]
fn changes_take_the_same_number_of_days() {
    let sample = daily();
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    let change = |label, against: &Compare| {
        let found = evaluator.change(MeasureId(0), period(label), &total(), against).unwrap();
        let plain = |n: Option<Number>| n.map(|n| n.to_plain()).unwrap_or_default();
        (found.days, found.from, plain(found.absolute), plain(found.relative))
    };
    let (previous, last_year) = (Compare::Previous, Compare::LastYear);
    let whole = (None, known("31"), "31".to_owned(), "1".to_owned());
    assert_eq!(change("2026-01", &previous), whole);
    assert_eq!(change("2026-01", &last_year), whole);
    // Ten days of March against ten of February, and ten of March a year before.
    let open = (Some(10), known("20"), "0".to_owned(), "0".to_owned());
    assert_eq!(change("2026-03", &previous), open);
    let open = (Some(10), known("10"), "10".to_owned(), "1".to_owned());
    assert_eq!(change("2026-03", &last_year), open);
    // The year before last is not there.
    let none = (None, Value::NotCovered, String::new(), String::new());
    assert_eq!(change("2025-01", &last_year), none);
}

#[test]
fn an_open_period_is_capped_at_the_length_of_the_other() {
    let sample = daily();
    let ran = sample.run(&[], Some(day("2026-01-30")));
    let evaluator = ran.evaluator();
    // A quarter of three months against one that began a day earlier: the number of days counts.
    let found =
        evaluator.change(MeasureId(0), period("2026-Q1"), &total(), &Compare::Previous).unwrap();
    assert_eq!((found.days, found.from), (Some(30), known("30")));
    let ran = sample.run(&[], Some(day("2025-03-30")));
    let evaluator = ran.evaluator();
    let found =
        evaluator.change(MeasureId(0), period("2025-03"), &total(), &Compare::Previous).unwrap();
    // 30 days of March, all 28 of February.
    assert_eq!((found.days, found.from, found.reference), (None, known("28"), period("2025-02")));
}

#[test]
fn there_is_no_change_from_a_part() {
    let sample = daily();
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    let mut early = daily();
    early.model.sources[0].covers = Some((day("2025-01-10"), day("2026-03-10")));
    let found = evaluator.change(MeasureId(0), period("2025-02"), &total(), &Compare::Previous);
    assert_eq!(found.unwrap().absolute, Some(number("-3")));
    let ran = early.run(&[], None);
    let evaluator = ran.evaluator();
    let found = evaluator.change(MeasureId(0), period("2025-02"), &total(), &Compare::Previous);
    assert_eq!(found.unwrap().absolute, None);
}

#[test]
fn closed_and_open_periods_follow_the_coverage() {
    let sample = daily();
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    let id = MeasureId(0);
    assert_eq!(evaluator.last_closed(id, Grain::Month), Some(period("2026-02")));
    assert_eq!(evaluator.open(id, Grain::Month), Some(period("2026-03")));
    assert_eq!(evaluator.last_closed(id, Grain::Year), Some(period("2025")));
    assert_eq!(evaluator.open(id, Grain::Day), None);
    let ran = sample.run(&[], Some(day("2025-01-20")));
    assert_eq!(ran.evaluator().last_closed(id, Grain::Month), None);
    let progress = evaluator.progress(id, period("2026-03"));
    assert_eq!((progress.covered, progress.days), (10, 31));
    assert!(progress.open && !progress.complete);
}

#[test]
fn the_latest_target_in_effect_holds_and_members_have_their_own() {
    let mut sample = Sample::new();
    let s = sample.source("log", Rows::Unset, LOG);
    let node = sample.sum(s, "x");
    let id = sample.measure("m", node);
    let mut scoped = target("7", None);
    scoped.scope = Some(Scope { dimension: "kind".to_owned(), member: "a".to_owned() });
    sample.purpose(id).targets = vec![
        target("30", Some("2026-03-31")),
        target("10", None),
        target("20", Some("2026-03-01")),
        target("31", Some("2026-03-31")),
        scoped,
    ];
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    let level = |label, slice: &Slice| {
        evaluator.target(id, period(label), slice).map(|t| (t.index, t.level))
    };
    let value = |index, text| Some((index, Level::Value(number(text))));
    assert_eq!(level("2026-02", &total()), value(1, "10"));
    assert_eq!(level("2026-03", &total()), value(3, "31"));
    assert_eq!(level("2026-03", &slice(&[("kind", "a")])), value(4, "7"));
    assert_eq!(level("2026-03", &slice(&[("kind", "b")])), None);
    let point = evaluator.point(id, period("2026-02"), &slice(&[("kind", "b")]));
    assert_eq!(point.verdict.unwrap().status, Some(Status::NoTarget));
    let point = evaluator.point(id, period("2026-02"), &total());
    assert_eq!(point.verdict.unwrap().status, Some(Status::NoData));
}

#[test]
fn targets_of_totals_are_split_by_days_and_others_hold() {
    let mut sample = daily();
    let id = MeasureId(0);
    sample.purpose(id).targets = vec![target("31", None)];
    let level = |sample: &Sample, label| {
        let ran = sample.run(&[], None);
        match ran.evaluator().target(id, period(label), &total()).unwrap().level {
            Level::Value(value) => value,
            Level::Range(..) => panic!("no range"),
        }
    };
    assert_eq!(level(&sample, "2026-Q1"), number("93"));
    assert_eq!(level(&sample, "2026-01-15"), number("1"));
    // Three days of January at 1, four of February at 31/28.
    assert_eq!(level(&sample, "2025-W05").to_plain(), "7.21428571428571429");
    sample.model.measures[0].additive = Additivity::NotAdditive;
    assert_eq!(level(&sample, "2026-Q1"), number("31"));
}

#[test]
fn paths_and_relative_targets_follow_dates_and_data() {
    let mut sample = daily();
    let id = MeasureId(0);
    let with = |value: TargetValue| {
        let mut found = target("0", None);
        found.value = value;
        found
    };
    let mut level = |value: TargetValue, label| {
        sample.purpose(id).targets = vec![with(value)];
        let ran = sample.run(&[], None);
        let found = ran.evaluator().target(id, period(label), &total());
        found.map(|t| match t.level {
            Level::Value(value) => value.to_plain(),
            Level::Range(..) => panic!("no range"),
        })
    };
    let path = TargetValue::Path(Path {
        to: (number("130"), day("2026-03-31")),
        starting: (number("40"), day("2025-12-31")),
    });
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(level(path.clone(), "2026-01"), some("71"));
    assert_eq!(level(path.clone(), "2026-05"), some("130"));
    assert_eq!(level(path, "2025-11"), some("40"));
    let over =
        |over, points, amount: &str| TargetValue::Relative { amount: number(amount), points, over };
    let last_year = over(Reference::LastYear, Points::Share, "0.2");
    assert_eq!(level(last_year.clone(), "2026-02"), some("33.6"));
    assert_eq!(level(last_year, "2025-12"), None);
    let previous = over(Reference::Previous, Points::Added, "2");
    assert_eq!(level(previous, "2026-01"), some("33"));
    assert_eq!(level(TargetValue::Increase, "2026-02"), some("62"));
}

#[test]
fn a_ratio_is_judged_as_it_stands_and_a_total_by_its_pace() {
    let mut sample = daily();
    let id = MeasureId(0);
    let judged = |sample: &mut Sample, text: &str, as_of: &str| {
        sample.purpose(id).targets = vec![target(text, None)];
        sample.purpose(id).tolerance = number("0.1");
        let ran = sample.run(&[], Some(day(as_of)));
        ran.evaluator().point(id, period("2026-03"), &total()).verdict.unwrap()
    };
    // Two a day: 20 in ten of 31 days lead to 62.
    let found = judged(&mut sample, "62", "2026-03-10");
    assert_eq!(found.status, Some(Status::OnTrack));
    let basis = found.basis.unwrap();
    assert_eq!((basis.judged, basis.number, basis.days_left), (Judged::Pace, number("62"), 21));
    assert_eq!(basis.needed_per_day, Some(number("2")));
    let found = judged(&mut sample, "68", "2026-03-10");
    assert_eq!((found.status, found.exceeded), (Some(Status::AtRisk), Exceeded::No));
    assert_eq!(
        found.rule,
        "at this pace the period ends at 62, which misses the target of at least 68 by 8.82%, \
         less than the tolerance of 10%"
    );
    assert_eq!(judged(&mut sample, "69", "2026-03-10").status, Some(Status::OffTrack));
    assert_eq!(judged(&mut sample, "69", "2026-03-06").status, None);
    assert_eq!(judged(&mut sample, "15", "2026-03-10").exceeded, Exceeded::Yes);
    sample.model.measures[0].additive = Additivity::NotAdditive;
    let found = judged(&mut sample, "62", "2026-03-10");
    assert_eq!(found.status, Some(Status::OffTrack));
    assert_eq!(found.basis.unwrap().judged, Judged::Value);
}

#[test]
fn directions_ranges_and_tolerances() {
    use Direction::{Higher, Lower, Within};
    use Exceeded::{No, Yes};
    use Status::{AtRisk, OffTrack, OnTrack};
    let mut sample = daily();
    let id = MeasureId(0);
    // January 2026 has 62.
    let mut judged = |better, value: TargetValue, tolerance: &str| {
        let mut asked = target("0", None);
        asked.value = value;
        let purpose = sample.purpose(id);
        (purpose.better, purpose.targets) = (better, vec![asked]);
        purpose.tolerance = number(tolerance);
        let ran = sample.run(&[], None);
        let verdict = ran.evaluator().point(id, period("2026-01"), &total()).verdict.unwrap();
        (verdict.status.unwrap(), verdict.exceeded)
    };
    let value = |text| TargetValue::Value(number(text));
    let range = |low, high| TargetValue::Range(number(low), number(high));
    assert_eq!(judged(None, value("62"), "0"), (OnTrack, No));
    assert_eq!(judged(None, value("61"), "0"), (OnTrack, Yes));
    assert_eq!(judged(None, value("60"), "0.1"), (OnTrack, No));
    // Missed by exactly the tolerance is missed.
    assert_eq!(judged(Some(Higher), value("77.5"), "0.2"), (OffTrack, No));
    assert_eq!(judged(Some(Higher), value("77.4"), "0.2"), (AtRisk, No));
    assert_eq!(judged(Some(Lower), value("62"), "0"), (OnTrack, No));
    assert_eq!(judged(Some(Lower), value("63"), "0"), (OnTrack, Yes));
    assert_eq!(judged(Some(Lower), value("50"), "0.1"), (OffTrack, No));
    assert_eq!(judged(None, range("62", "70"), "0"), (OnTrack, No));
    assert_eq!(judged(Some(Within), range("50", "60"), "0.1"), (AtRisk, No));
    assert_eq!(judged(Some(Higher), range("50", "60"), "0"), (OnTrack, Yes));
    assert_eq!(judged(Some(Within), value("62"), "0"), (OnTrack, No));
    assert_eq!(judged(None, TargetValue::Increase, "0"), (OnTrack, Yes));
    assert_eq!(judged(Some(Lower), TargetValue::Decrease, "0"), (OffTrack, No));
    // Nothing can be nearly nought.
    assert_eq!(judged(Some(Lower), value("0"), "0.5"), (OffTrack, No));
}

#[test]
fn functions_over_time_look_at_other_days() {
    use crate::model::formula::{EachOp, Over};
    let mut sample = daily();
    let x = || Box::new(Node::Measure(MeasureId(0)));
    let nodes = [
        Node::Over(Over::Previous(None), x()),
        Node::Over(Over::Previous(Some((1, SpanUnit::Years))), x()),
        Node::Over(Over::Growth, x()),
        Node::Over(Over::Rolling(10, SpanUnit::Days), x()),
        Node::Over(Over::Rolling(2, SpanUnit::Months), x()),
        Node::Over(Over::ToDate(Grain::Year), x()),
        Node::Over(Over::Cumulative, x()),
        Node::Each(EachOp::Avg, Grain::Day, x()),
        Node::Each(EachOp::Max, Grain::Week, x()),
    ];
    let ids: Vec<MeasureId> = nodes.into_iter().map(|n| sample.measure("over", n)).collect();
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    let values = |label| -> Vec<String> {
        let plain = |v: Value| v.known().map_or("-".to_owned(), Number::to_plain);
        ids.iter().map(|id| plain(evaluator.value(*id, period(label), &total()))).collect()
    };
    assert_eq!(
        values("2026-02"),
        ["62", "28", "-0.0967741935483870968", "20", "118", "118", "483", "2", "14"]
    );
    // Ten days of March have passed.
    assert_eq!(values("2026-03"), ["20", "10", "0", "20", "76", "138", "503", "2", "14"]);
    assert_eq!(values("2025-01"), ["-", "-", "-", "10", "-", "31", "31", "1", "7"]);
}

#[test]
fn shares_are_of_the_total() {
    let mut sample = Sample::new();
    let s = sample.source("log", Rows::Unset, LOG);
    let node = sample.sum(s, "x");
    let x = sample.measure("x", node);
    let share = sample.measure("share", Node::Share(Box::new(Node::Measure(x))));
    let ran = sample.run(&[&["kind"]], None);
    let evaluator = ran.evaluator();
    let value = evaluator.value(share, period("2026-03"), &slice(&[("kind", "a")]));
    assert_eq!(value, known("0.8"));
    assert_eq!(evaluator.value(share, period("2026-03"), &total()), known("1"));
}

#[test]
fn sources_meet_on_members_that_they_spell_differently() {
    let mut sample = Sample::new();
    let a = sample.source("a", Rows::Unset, "day,kind,x\n2026-01-01,كتاب,3\n2026-01-02,,1");
    let b = sample.source("b", Rows::Unset, "day,kind,x\n2026-01-01,کتاب,4\n2026-01-01,z,5");
    let (in_a, in_b) = (sample.sum(a, "x"), sample.sum(b, "x"));
    let id = sample.measure("both", plus(in_a, in_b));
    let mut scoped = target("7", None);
    scoped.scope = Some(Scope { dimension: "kind".to_owned(), member: "کتاب".to_owned() });
    sample.purpose(id).targets = vec![scoped];
    let ran = sample.run(&[&["kind"]], None);
    let evaluator = ran.evaluator();
    let january = period("2026-01");
    let kinds = ["kind".to_owned()];
    let members = evaluator.members(id, &kinds, january.start, january.end);
    assert_eq!(members, ["z", "كتاب", "(none)"].map(|m| slice(&[("kind", m)])));
    let point = evaluator.point(id, january, &members[1]);
    assert_eq!((point.value, point.target.is_some()), (known("7"), true));
    assert_eq!(evaluator.value(id, january, &members[0]), Value::NoData);
}

#[test]
fn rows_of_months_are_compared_by_months() {
    let mut sample = Sample::new();
    let mut csv = "day,x".to_owned();
    for (at, month) in ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02"].iter().enumerate() {
        csv.extend([format!("\n{month}-01,{}", 1 << at)]);
    }
    let s = sample.source("plan", Rows::Unset, &csv);
    sample.model.sources[0].grain = Grain::Month;
    let node = sample.sum(s, "x");
    let id = sample.measure("m", node);
    let ran = sample.run(&[], None);
    let evaluator = ran.evaluator();
    // 59 days have passed of the first quarter: two months, as October and November are.
    let found = evaluator.change(id, period("2026-Q1"), &total(), &Compare::Previous).unwrap();
    assert_eq!((found.from, found.days), (known("3"), Some(61)));
    assert_eq!(found.absolute, Some(number("21")));
}
