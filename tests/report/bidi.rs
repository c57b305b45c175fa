//! What a Persian reader sees: the order of the characters on the line, from left to right.

use sanjeh::report::format::{Compact, Formatter, Scale};
use sanjeh::report::isolate::{CLOSE, OPEN, isolated};
use sanjeh::report::words;
use sanjeh::time::{Calendar, CalendarKind, Date};
use sanjeh::value::{Decimal, Number, Unit};
use unicode_bidi::{BidiInfo, Level};

/// The line as it stands on the page, what is not seen left out.
fn seen(text: &str) -> String {
    let text = text.replace(OPEN, "\u{2068}").replace(CLOSE, "\u{2069}");
    let info = BidiInfo::new(&text, Some(Level::rtl()));
    let paragraph = &info.paragraphs[0];
    let line = info.reorder_line(paragraph, paragraph.range.clone());
    let is_seen = |c: &char| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}');
    line.chars().filter(is_seen).collect()
}

fn persian() -> Formatter {
    let calendar = Calendar { kind: CalendarKind::Persian, ..Calendar::default() };
    Formatter::new(words::of("fa").unwrap(), calendar)
}

fn number(text: &str) -> Number {
    Number::from(text.parse::<Decimal>().unwrap())
}

/// `{a}` from right to left, as a reader of Persian meets them.
fn sentence(value: &str) -> String {
    format!("نرخ {} بود", isolated(value))
}

#[test]
fn numbers_keep_their_signs_and_dates_their_order() {
    let backwards = |text: &str| text.chars().rev().collect::<String>();
    let (before, behind) = (backwards(" بود"), backwards("نرخ "));
    for value in
        ["۳٫۱٪", "CTR", "2026-10-14", "۱۴۰۵-۰۷-۲۲", "$1,234", "utm_source=x&y=(z)", "12%", "Inc."]
    {
        assert_eq!(seen(&sentence(value)), format!("{before}{value}{behind}"), "{value}");
    }
    let f = persian();
    let percent = Scale { unit: Unit::Percent, places: 1, compact: Compact::Full };
    let fall = f.number(&number("-0.012"), &percent);
    assert_eq!(seen(&sentence(&fall)), format!("{before}\u{2212}۱٫۲٪{behind}"));
    let rise = f.relative(&number("0.12"));
    assert_eq!(seen(&sentence(&rise)), format!("{before}+۱۲٫۰٪{behind}"));
}

#[test]
fn a_day_and_an_amount_read_from_the_right() {
    let f = persian();
    let day = f.day(Date::parse_iso("2026-05-22").unwrap());
    assert_eq!(seen(&day), "۱۴۰۵ دادرخ ۱");
    let tomans = Unit::Money(sanjeh::value::Currency::from_code("IRT").unwrap());
    let scale = Scale { unit: tomans, places: 2, compact: Compact::Millions };
    let amount = f.number(&number("3650000"), &scale);
    assert_eq!(seen(&amount), "ناموت\u{a0}نویلیم ۳٫۶۵");
    let fall = f.change(&number("-3650000"), &scale);
    assert_eq!(seen(&fall), "ناموت\u{a0}نویلیم \u{2212}۳٫۶۵");
}

/// Without the marks it goes wrong: the test can fail.
#[test]
fn what_is_not_set_apart_goes_astray() {
    assert!(seen("نرخ 2026-10-14 بود").contains("14-10-2026"));
    assert!(!seen("نرخ CTR ۳٫۱٪ بود").contains("۳٫۱٪ CTR"));
}
