//! Numbers, plurals and lists of our languages against ICU4X, which knows them from CLDR.

use fixed_decimal::Decimal as Fixed;
use icu_decimal::DecimalFormatter;
use icu_decimal::options::DecimalFormatterOptions;
use icu_list::ListFormatter;
use icu_list::options::ListFormatterOptions;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules, PluralRulesOptions};
use sanjeh::host::OutputFile;
use sanjeh::report::format::{Compact, Formatter, Scale};
use sanjeh::report::words;
use sanjeh::time::Calendar;
use sanjeh::value::{Decimal, Number, Unit};

use super::{report_of, text_of};

fn formatter(tag: &str) -> Formatter {
    Formatter::new(words::of(tag).unwrap(), Calendar::default())
}

fn locale(tag: &str) -> Locale {
    tag.parse().unwrap()
}

#[test]
fn numbers_are_written_as_the_language_does() {
    for tag in words::tags() {
        let icu = DecimalFormatter::try_new(locale(tag).into(), DecimalFormatterOptions::default());
        let icu = icu.unwrap();
        for text in ["0", "7", "1234", "1234567.5", "-0.25", "-98765.4321", "1000000000"] {
            let places = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
            let scale = Scale { unit: Unit::Number, places, compact: Compact::Full };
            let number = Number::from(text.parse::<Decimal>().unwrap());
            let ours = formatter(tag).number(&number, &scale);
            let theirs = icu.format(&text.parse::<Fixed>().unwrap()).to_string();
            // ICU writes the minus of some languages as a hyphen; ours is the sign.
            assert_eq!(ours, theirs.replace('-', "\u{2212}"), "{tag} {text}");
        }
    }
}

#[test]
fn one_is_one_where_the_language_says_so() {
    for tag in words::tags() {
        let rules =
            PluralRules::try_new(locale(tag).into(), PluralRulesOptions::default()).unwrap();
        let words = words::of(tag).unwrap();
        // The language's word for points has one form for one and another for more.
        for n in 0..=120_u64 {
            let one = rules.category_for(n) == PluralCategory::One;
            let said = words.say_of("days", n, &[("n", "N")]);
            let as_one = words.say_of("days", 1, &[("n", "N")]);
            let as_other = words.say_of("days", 5, &[("n", "N")]);
            assert_eq!(said, if one { as_one } else { as_other }, "{tag} {n}");
        }
    }
}

#[test]
fn lists_are_joined_as_the_language_does() {
    // British English leaves the comma before `and` out, as we do.
    for (tag, icu) in [("en", "en-GB"), ("de", "de"), ("fa", "fa"), ("tr", "tr")] {
        let list = ListFormatter::try_new_and(locale(icu).into(), ListFormatterOptions::default());
        let list = list.unwrap();
        for count in 1..=4 {
            let items: Vec<String> =
                ["a", "b", "c", "d"].into_iter().take(count).map(str::to_owned).collect();
            assert_eq!(
                formatter(tag).list(&items),
                list.format(items.iter()).to_string().replace('\u{200f}', ""),
                "{tag}"
            );
        }
    }
}

/// The order of the Persian and of the Turkish alphabet, not that of the characters' numbers.
#[test]
fn members_are_in_the_order_of_the_alphabet() {
    use sanjeh::report::order::Order;
    let sorted = |tag: &str, text: &str| {
        let mut words: Vec<&str> = text.split(' ').rev().collect();
        let order = Order::of(tag);
        words.sort_by(|a, b| order.compare(a, b));
        words.join(" ")
    };
    let persian = "آب ببر پدر تور جام چای دانه ژاله سیب کتاب گلیم لاله موز نان وان هتل یاس";
    assert_eq!(sorted("fa", persian), persian);
    let turkish = "cam çam ıslak iplik orman örtü sabun şeker uzun ürün";
    assert_eq!(sorted("tr", turkish), turkish);
}

/// Latin digits in a Persian report: everywhere, and nothing else changes.
#[test]
fn the_digits_of_a_report_can_be_switched() {
    let spec = |locale: &str| {
        format!(
            "project \"P\" {{\n  locale: {locale}\n  calendar: persian\n}}\n\
             source web {{\n  inline: \"\"\"\n    date,visits\n    2026-04-30,1200\n    2026-05-30,1150\n    2026-06-21,1333\n  \"\"\"\n  date: date\n  rows: events\n  covers: 2026-03-21 to 2026-06-21\n  columns {{\n    visits: count\n  }}\n}}\n\
             kpi visits \"بازدید\" {{\n  formula: sum(web.visits)\n  target: 1250\n  cadence: monthly\n}}\n"
        )
    };
    let (own, latin) = (report_of(&spec("fa")), report_of(&spec("fa-u-nu-latn")));
    assert_eq!(own.files.len(), latin.files.len());
    let persian = |c: char| matches!(c, '۰'..='۹' | '٫' | '٬' | '٪');
    for (own, latin) in own.files.iter().zip(&latin.files) {
        let text = |file: &OutputFile| String::from_utf8(file.bytes.clone()).unwrap();
        assert_eq!(text(latin).chars().find(|c| persian(*c)), None, "{}", latin.path);
        assert!(text(own).contains(persian) || own.path.ends_with("spark.svg"), "{}", own.path);
    }
    let page = text_of(&latin.files, ".html");
    assert!(page.contains("<html lang=\"fa-u-nu-latn\" dir=\"rtl\">"));
    assert!(page.contains("2,483") && page.contains("خرداد 1405"), "{page}");
}

/// Where a report says so, time runs from right to left: on the line and on the spark alike.
#[test]
fn the_axis_of_time_can_be_turned() {
    let spec = |way: &str| {
        format!(
            "source web {{\n  inline: \"\"\"\n    date,visits\n    2026-04-01,100\n    2026-05-01,200\n    2026-06-01,300\n  \"\"\"\n  date: date\n  rows: events\n  covers: 2026-04-01 to 2026-06-30\n  columns {{\n    visits: count\n  }}\n}}\n\
             kpi visits \"Visits\" {{\n  formula: sum(web.visits)\n  target: 250\n  cadence: monthly\n}}\n\
             report monthly \"M\" {{\n  time_axis: {way}\n  section \"S\" {{\n    kpis: visits\n  }}\n}}\n"
        )
    };
    let xs = |way: &str, ending: &str| -> Vec<f64> {
        let built = report_of(&spec(way));
        let svg = text_of(&built.files, ending);
        let path = svg.split("class=\"actual\" d=\"M").nth(1).unwrap().split('"').next().unwrap();
        path.split('L').map(|p| p.split(' ').next().unwrap().parse().unwrap()).collect()
    };
    for (ending, width) in [("visits-trend.svg", 680.0), ("visits-spark.svg", 120.0)] {
        let (left, right) = (xs("ltr", ending), xs("rtl", ending));
        assert!(left.is_sorted() && left.len() == 3, "{left:?}");
        let turned: Vec<f64> = left.iter().map(|x| width - x).collect();
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 0.11;
        assert!(right.iter().zip(&turned).all(near), "{right:?} is not {turned:?}");
    }
}

/// What a spec may ask for is what there are words for.
#[test]
fn every_language_that_a_spec_may_name_has_its_words() {
    let mut there: Vec<&str> = words::tags().collect();
    let mut named = sanjeh::syntax::words::LOCALES.to_vec();
    there.sort_unstable();
    named.sort_unstable();
    assert_eq!(there, named);
}
