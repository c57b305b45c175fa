//! The rule that set a status, in plain English.

use super::verdict::Goal;
use super::{Basis, Border, Ground, Judged, Status};
use crate::value::{Decimal, Number, Unit};

/// "2.4% misses the target of at least 3% by 20%, more than the tolerance of 10%".
pub(super) fn words(unit: &Unit, basis: &Basis, status: Status, goal: &Goal) -> String {
    let number = display(&basis.number, unit);
    let subject = match basis.judged {
        Judged::Value => number,
        Judged::Pace => format!("at this pace the period ends at {number}, which"),
    };
    let goal = asked(goal, unit);
    if status == Status::OnTrack {
        return format!("{subject} meets the target of {goal}");
    }
    let by = match (&basis.missed_by_share, &basis.missed_by) {
        (Some(share), _) => display(share, &Unit::Percent),
        (None, Some(gap)) => display(gap, unit),
        (None, None) => String::new(),
    };
    let tolerance = display(&basis.tolerance, &Unit::Percent);
    let verdict = if status == Status::AtRisk {
        format!("less than the tolerance of {tolerance}")
    } else if basis.tolerance.is_zero() {
        "and there is no tolerance".to_owned()
    } else {
        format!("not less than the tolerance of {tolerance}")
    };
    format!("{subject} misses the target of {goal} by {by}, {verdict}")
}

/// Why nothing was held to a target.
pub(super) fn plain(ground: &Ground) -> String {
    let text = match ground {
        Ground::NoTarget => "no target is in force",
        Ground::TargetLacks(why) => return format!("the target in force has no value: {why}"),
        Ground::TooEarly => "less than a fifth of the period has passed: too early for a verdict",
        Ground::NoValue => "there is a target, but no value to hold to it",
        Ground::AtTheEnd => {
            "a total attains its target at the end of the period: too early for a verdict"
        }
        Ground::Held(_) => "",
    };
    text.to_owned()
}

fn asked(goal: &Goal, unit: &Unit) -> String {
    let (least, most) = match goal.asked.border {
        Border::Inside => ("at least", "at most"),
        Border::Outside => ("more than", "less than"),
    };
    match (&goal.asked.low, &goal.asked.high) {
        (Some(low), Some(high)) if low == high => format!("just {}", display(low, unit)),
        (Some(low), Some(high)) => format!("{} to {}", display(low, unit), display(high, unit)),
        (Some(low), None) => format!("{least} {}", display(low, unit)),
        (None, Some(high)) => format!("{most} {}", display(high, unit)),
        (None, None) => String::new(),
    }
}

/// A number for people to read: two places at most, thousands apart.
fn display(number: &Number, unit: &Unit) -> String {
    let hundred = Number::from(Decimal::new(100, 0));
    match unit {
        Unit::Percent => format!("{}%", grouped(&number.mul(&hundred))),
        Unit::Money(currency) => format!("{} {}", grouped(number), currency.code()),
        Unit::Duration => format!("{} s", grouped(number)),
        Unit::Own(word) => format!("{} {word}", grouped(number)),
        Unit::Number | Unit::Count | Unit::MoneyOfSource | Unit::Compound { .. } => grouped(number),
    }
}

fn grouped(number: &Number) -> String {
    let text = number.fixed(2);
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let places = places.trim_end_matches('0');
    let mut shown = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    if !places.is_empty() {
        shown.push('.');
        shown.push_str(places);
    }
    shown
}
