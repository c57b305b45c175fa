//! Targets: units, ranges, paths, scopes, days.

use sanjeh::model::measure::{Measure, TargetValue};

use super::support::one;

const HEAD: &str = "source web {\n  inline: \"date,visits,orders,device,cost,wait\\n\"\n  date: date\n  \
                    columns {\n    cost: money GBP\n    wait: duration\n  }\n}\n";

/// What is said of a KPI of a unit with some properties, by line of the properties.
fn told(unit: &str, formula: &str, properties: &str) -> Vec<String> {
    let text =
        format!("{HEAD}kpi k \"K\" {{\n  formula: {formula}\n  unit: {unit}\n{properties}\n}}\n");
    let before = HEAD.lines().count() + 3;
    let told = one(&text).told();
    told.iter()
        .map(|line| {
            let (number, rest) = line.split_once(' ').unwrap();
            format!("{} {rest}", number.parse::<usize>().unwrap() - before)
        })
        .collect()
}

fn rate(properties: &str) -> Vec<String> {
    told("percent", "sum(web.orders) / sum(web.visits)", properties)
}

#[test]
fn values_are_of_the_unit() {
    assert_eq!(
        rate("target: 3%\nbaseline: 2% on 2025-12-31\nbenchmark: 0\ntolerance: 5%"),
        [""; 0]
    );
    assert_eq!(
        rate("target: 2.5 from 2026-01-01"),
        ["1 K3008 a percent KPI against a bare number [write `2.5%`] {2.5 -> 2.5%}"]
    );
    assert_eq!(
        rate("baseline: 2 in 2025\nbenchmark: 3 \"them\"\ntolerance: 10"),
        [
            "1 K3008 a percent KPI against a bare number [write `2%`] {2 -> 2%}",
            "2 K3008 a percent KPI against a bare number [write `3%`] {3 -> 3%}",
            "3 K3008 a tolerance is a share of the target, in percent [write `10%`] {10 -> 10%}",
        ]
    );
    let money = |p: &str| told("money", "sum(web.cost)", p);
    assert_eq!(money("target: -5 GBP"), [""; 0]);
    assert_eq!(
        money("target: 40\ntarget: 40 EUR\ntarget: 4%"),
        [
            "1 K3008 money against a bare number [write `40 GBP`] {40 -> 40 GBP}",
            "2 K3008 a KPI in GBP against a target in EUR [write it in GBP]",
            "3 K3008 a KPI in money against a target in percent [write it in GBP]",
        ]
    );
    assert_eq!(
        told("duration", "avg(web.wait)", "target: 90\ntarget: 2 months\ntarget: 90 min"),
        [
            "1 K3008 a duration against a bare number [say of what: `90 min`, `90 s`]",
            "2 K3002 months, quarters and years have no fixed length [write it in weeks, days or hours]",
        ]
    );
    assert_eq!(
        told("\"visits\"", "sum(web.visits)", "target: 3%"),
        ["1 K3008 a KPI in `visits` against a target in percent [write a plain number]"]
    );
}

#[test]
fn ranges_have_an_inside() {
    assert_eq!(
        rate("target: 4% .. 2%\nbetter: within"),
        ["1 K3009 the range ends before it begins [write `2% .. 4%`] {4% .. 2% -> 2% .. 4%}"]
    );
    assert_eq!(
        rate("target: 4%\nbetter: within"),
        ["1 K3009 `better: within` needs a range [give both ends: `2% .. 4%`]"]
    );
}

#[test]
fn one_target_holds_at_a_time() {
    assert_eq!(
        rate("target: 4%\ntarget: 5%"),
        [
            "2 K3009 two targets hold from the same day [give one of them a later `from`, or remove it]"
        ]
    );
    let sound = "target: 4%\ntarget: 5% from 2026-01-01\ntarget: 5% for device \"a\"\n\
                 target: 5% for device \"b\"";
    assert_eq!(rate(sound), [""; 0]);
}

#[test]
fn days_and_members_are_there() {
    assert_eq!(
        rate("target: 4% from 2026-06-31\ntarget: 4% from 2026-13"),
        [
            "1 K3010 there is no such day: June 2026 has 30 days [write `2026-06-30`] {2026-06-31 -> 2026-06-30}",
            "2 K3011 a year has the months 01 to 12 [write a period such as `2026-06`, `2026-Q2` or `2026-W27`]",
        ]
    );
    assert_eq!(rate("target: 4% for channel email"), ["1 K2001 unknown channel `email`"]);
    assert_eq!(
        rate("target: 4% for device mobile"),
        ["1 K3009 a member of a dimension is a text [write `\"mobile\"`] {mobile -> \"mobile\"}"]
    );
    assert_eq!(
        rate("target: 4% for country \"GB\""),
        ["1 K3007 source `web` has no column `country` [remove it or add the column to `web`]"]
    );
    assert_eq!(rate("target: 4% for device \"mobile\""), [""; 0]);
}

#[test]
fn sums_to_work_out_and_paths_from_nowhere_are_none() {
    let plain = |p: &str| told("number", "sum(web.visits)", p);
    assert_eq!(
        plain("target: 4.5/5"),
        [
            "1 K3009 `4.5/5` is no value and reads no data [write the result, as in `4.5` for 4.5 of 5]"
        ]
    );
    assert_eq!(
        plain("target: 5 by 2026-12-31"),
        [
            "1 K3009 a path needs a place to set out from [say `starting 2.5% on 2026-01-01`, or give a `baseline` with its day]"
        ]
    );
    assert_eq!(
        plain("target: +20% over baseline"),
        ["1 K3009 the KPI has no baseline [give it one: `baseline: 2% on 2025-12-31`]"]
    );
    assert_eq!(
        plain("target: 5 by 2026-01-01 starting 3 on 2026-06-01"),
        ["1 K3009 the path ends before it begins [let the deadline be later than the start]"]
    );
}

#[test]
fn what_is_sound_reaches_the_model() {
    let text = format!(
        "{HEAD}kpi k \"K\" {{\n  formula: sum(web.orders) / sum(web.visits)\n  unit: percent\n  better: \
         higher\n  target: 2.5% from 2026-Q2\n  target: 3% for device \"mobile\" from 2026-07-01 because \
         method \"A/B\"\n  target: 1% .. 2%\n  tolerance: 10%\n  cadence: weekly, monthly\n  by: \
         device\n}}\n"
    );
    let checked = one(&text);
    assert_eq!(checked.told(), [""; 0]);
    let kpi: &Measure = &checked.model.measures[0];
    let purpose = kpi.purpose.as_ref().unwrap();
    let shown: Vec<String> = purpose
        .targets
        .iter()
        .map(|t| {
            let value = match &t.value {
                TargetValue::Value(n) => n.to_plain(),
                TargetValue::Range(a, b) => format!("{}..{}", a.to_plain(), b.to_plain()),
                other => panic!("{other:?}"),
            };
            let from = t.from.map_or("-".to_owned(), |d| d.to_string());
            let scope = t.scope.as_ref().map_or("-", |s| &s.member);
            let why = t.because.as_ref().map_or("-", |b| &b.text);
            format!("{value} {from} {scope} {why}")
        })
        .collect();
    assert_eq!(shown, ["0.025 2026-04-01 - -", "0.03 2026-07-01 mobile A/B", "0.01..0.02 - - -"]);
    assert_eq!(purpose.tolerance.to_plain(), "0.1");
    assert_eq!(purpose.by, ["device"]);
    assert_eq!(purpose.cadences.len(), 2);
}
