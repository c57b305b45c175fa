//! The `project` block: what it settles, and the defaults.

use super::names::{Names, meant};
use super::text;
use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::model::{Localized, Settings};
use crate::syntax::ast::{self, FiscalYear, Ident};
use crate::syntax::words::LOCALES;
use crate::time::{Calendar, CalendarKind, NamedBy, Weekday, Zone};
use crate::value::Currency;

/// What the project settles.
pub(super) fn settle(names: &Names<'_>, out: &mut Diagnostics) -> Settings {
    let Some(project) = names.project else {
        return Settings {
            title: Localized::default(),
            currency: None,
            timezone: Zone::default(),
            calendar: Calendar::default(),
            locale: "en".to_owned(),
        };
    };
    Settings {
        title: text::localized(project.title.as_ref(), &[]),
        currency: project.currency.as_ref().and_then(|c| currency(&c.value, out)),
        timezone: zone(project, out),
        calendar: calendar(project, out),
        locale: project
            .locale
            .as_ref()
            .and_then(|l| locale(&l.value, out))
            .unwrap_or_else(|| "en".to_owned()),
    }
}

/// The tag of a language that reports are written in, with a message where there is none. Of
/// `tr-TR` the words of `tr` are taken.
pub(super) fn locale(tag: &Ident, out: &mut Diagnostics) -> Option<String> {
    let language = tag.key.split(['-', '_']).next().unwrap_or_default();
    let key = tag.key.to_lowercase();
    if LOCALES.iter().any(|l| l.eq_ignore_ascii_case(language)) {
        if let Some((_, asked)) = key.split_once("-u-").filter(|(_, asked)| *asked != "nu-latn") {
            let message = format!("`{asked}` asks for something that reports cannot do");
            let found = Diagnostic::new(&codes::UNKNOWN_LOCALE, message)
                .at(tag.span, "no such choice")
                .help(format!("`{language}-u-nu-latn` writes numbers in Latin digits"));
            out.push(found);
            return None;
        }
        return Some(key);
    }
    let found = Diagnostic::new(&codes::UNKNOWN_LOCALE, format!("unknown locale `{}`", tag.text))
        .at(tag.span, "no words of that language")
        .help(format!("reports are written in {}", LOCALES.map(|l| format!("`{l}`")).join(", ")));
    out.push(meant(found, tag, LOCALES));
    None
}

/// The currency of a code, with a message where there is none.
pub(super) fn currency(code: &Ident, out: &mut Diagnostics) -> Option<Currency> {
    let found = Currency::from_code(&code.key);
    if found.is_none() {
        let message = format!("unknown currency `{}`", code.text);
        let diagnostic = Diagnostic::new(&codes::UNKNOWN_CURRENCY, message)
            .at(code.span, "no currency of that code");
        let capitals = code.text.to_uppercase();
        out.push(if Currency::from_code(&capitals).is_some() {
            diagnostic.suggest(format!("did you mean `{capitals}`?"), code.span, capitals)
        } else {
            let diagnostic = diagnostic.help("write its ISO 4217 code, such as `EUR`");
            meant(diagnostic, code, COMMON)
        });
    }
    found
}

/// Currencies that a misspelt code is likely to mean.
const COMMON: [&str; 24] = [
    "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "INR", "IRR", "IRT",
    "JPY", "KRW", "MXN", "NOK", "PLN", "SAR", "SEK", "TRY", "UAH", "USD", "ZAR",
];

fn zone(project: &ast::Project, out: &mut Diagnostics) -> Zone {
    let Some(text) = project.timezone.as_ref().map(|z| &z.value) else { return Zone::default() };
    if let Some(zone) = Zone::named(text.value.trim()) {
        return zone;
    }
    let message = format!("unknown time zone \"{}\"", text.value);
    let found = Diagnostic::new(&codes::UNKNOWN_TIMEZONE, message).at(text.span, "no such zone");
    out.push(match near_zones(&text.value).as_slice() {
        [] => found.help("write its IANA name, such as \"Europe/London\" or \"UTC\""),
        [one] => found.suggest(format!("did you mean \"{one}\"?"), text.span, format!("\"{one}\"")),
        several => found.help(format!("did you mean {}?", quoted(several))),
    });
    Zone::default()
}

/// The names that a wrong one is likely to mean: misspelt, or the city alone.
fn near_zones(text: &str) -> Vec<String> {
    let plain = |t: &str| t.to_lowercase().replace([' ', '-'], "_");
    let wanted = plain(text);
    let city = wanted.rsplit('/').next().unwrap_or_default();
    let names = Zone::names();
    let ends = |n: &&String| plain(n).rsplit('/').next() == Some(city);
    let same: Vec<String> = names.iter().filter(ends).take(3).cloned().collect();
    if !same.is_empty() {
        return same;
    }
    let near = nearest(&wanted, names.iter().map(String::as_str)).map(str::to_owned);
    let by_city = || {
        let cities = names.iter().filter_map(|n| n.rsplit('/').next());
        let city = nearest(city, cities)?;
        names.iter().find(|n| n.rsplit('/').next() == Some(city)).cloned()
    };
    near.or_else(by_city).into_iter().collect()
}

fn quoted(names: &[String]) -> String {
    let all: Vec<String> = names.iter().map(|n| format!("\"{n}\"")).collect();
    all.join(" or ")
}

fn calendar(project: &ast::Project, out: &mut Diagnostics) -> Calendar {
    let mut calendar = Calendar::default();
    // Words that are none have been reported where they were read.
    if let Some(kind) = &project.calendar {
        calendar.kind = CalendarKind::from_name(&kind.value.key).unwrap_or_default();
    }
    if let Some(day) = &project.week {
        calendar.week_start = Weekday::from_name(&day.value.key).unwrap_or(Weekday::Monday);
    }
    if let Some(year) = &project.fiscal_year {
        fiscal(&year.value, &mut calendar, out);
    }
    calendar
}

fn fiscal(year: &FiscalYear, calendar: &mut Calendar, out: &mut Diagnostics) {
    let month = &year.starts;
    if let Some(number) = calendar.kind.month_from_name(&month.key) {
        calendar.fiscal_start = number;
    } else {
        let name = calendar.kind.name();
        let known = calendar.kind.month_names();
        let both = [CalendarKind::Gregorian, CalendarKind::Persian];
        // A month of no calendar has been reported where it was read.
        if both.iter().any(|kind| kind.month_from_name(&month.key).is_some()) {
            let message = format!("`{}` is no month of the {name} calendar", month.text);
            let found = Diagnostic::new(&codes::IMPOSSIBLE_DATE, message)
                .at(month.span, "of another calendar")
                .help(format!("its months are {}", known.join(", ")));
            out.push(found);
        }
    }
    if year.named_by.as_ref().is_some_and(|word| word.key == "end") {
        calendar.named_by = NamedBy::End;
    }
}
