//! The spec for a table: its source, and a first KPI over it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};

use super::columns::{self, Columns, Kind};
use super::dates::DateGuess;
use super::table::{self, Table};
use super::{Language, Refusal};
use crate::syntax::{fold_name, is_name, quoted};
use crate::time::{CalendarKind, Date};

/// Breakdowns by more members than this are no first look.
const MOST_MEMBERS: usize = 12;

/// So many rows at the end may be totals.
const MOST_TOTALS: usize = 3;

/// The text of a spec for a table that lies at `path`, seen from the spec. `name` is what the
/// table is called.
///
/// # Errors
/// Where the table has no column of dates, or cannot be read as one.
pub fn from_table(
    name: &str,
    path: &str,
    bytes: &[u8],
    language: Language,
) -> Result<String, Refusal> {
    let legacy = match language {
        Language::English => WINDOWS_1252,
        Language::Persian => WINDOWS_1256,
    };
    let mut table = table::read(bytes, legacy, columns::is_value)?;
    let mut columns = columns::read(&table);
    // A line of totals is no row: without it there may be a column of dates.
    let mut totals = 0;
    while date_column(&table, &columns).is_none() && totals < MOST_TOTALS && table.rows.len() > 1 {
        table.drop_last();
        columns = columns::read(&table);
        totals += 1;
    }
    let Some(date) = date_column(&table, &columns) else {
        let help = "every row needs the day or the moment that it belongs to";
        return Err(Refusal::new("the file has no column of dates", help));
    };
    let writer = Writer { table: &table, columns: &columns, date, language, names: names(&table) };
    Ok(writer.spec(name, path))
}

/// The column of the rows' dates: one that is called so, or else the first.
fn date_column(table: &Table, columns: &Columns) -> Option<usize> {
    let whole = |i: &usize| table.column(*i).all(|c| !c.trim().is_empty());
    let dates: Vec<usize> = (0..columns.kinds.len())
        .filter(|i| matches!(columns.kinds[*i], Kind::Date(_)))
        .filter(whole)
        .filter(|&i| header(table, i).is_none_or(is_nameable))
        .collect();
    let called = |i: &&usize| {
        let name = header(table, **i).unwrap_or_default().to_lowercase();
        ["date", "day", "datum", "tarih", "تاریخ", "روز"].contains(&name.as_str())
    };
    dates.iter().find(called).or(dates.first()).copied()
}

fn header(table: &Table, index: usize) -> Option<&str> {
    table.header.as_ref().and_then(|h| h.get(index)).map(String::as_str)
}

/// Whether backticks can hold a header.
fn is_nameable(header: &str) -> bool {
    !header.is_empty() && !header.contains(|c: char| c == '`' || c.is_control())
}

/// The names of the columns; none for those that cannot be named, or stand twice.
fn names(table: &Table) -> Vec<Option<String>> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for index in 0..table.width() {
        let Some(header) = header(table, index) else {
            names.push(Some(format!("column_{}", index + 1)));
            continue;
        };
        let twice = table.header.iter().flatten().filter(|h| *h == header).count() > 1;
        let name = (is_nameable(header) && !twice).then(|| {
            let base = plain_name(header).unwrap_or_else(|| format!("column_{}", index + 1));
            let numbered = (2..).map(|n| format!("{base}_{n}"));
            let mut all = std::iter::once(base.clone()).chain(numbered);
            all.find(|n| !taken.contains(&fold_name(n))).unwrap_or(base)
        });
        taken.extend(name.as_deref().map(fold_name));
        names.push(name);
    }
    names
}

/// A header as a name: small letters, `_` for what is no letter.
fn plain_name(header: &str) -> Option<String> {
    let lower = header.to_lowercase();
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '\u{200C}';
    let words: Vec<&str> = lower.split(|c| !is_part(c)).filter(|w| !w.is_empty()).collect();
    let name = words.join("_");
    is_name(&name).then_some(name)
}

struct Writer<'t> {
    table: &'t Table,
    columns: &'t Columns,
    date: usize,
    language: Language,
    names: Vec<Option<String>>,
}

impl Writer<'_> {
    /// One of two texts, by language.
    fn say<'w>(&self, english: &'w str, persian: &'w str) -> &'w str {
        match self.language {
            Language::English => english,
            Language::Persian => persian,
        }
    }

    fn spec(&self, name: &str, path: &str) -> String {
        let source = plain_name(name).unwrap_or_else(|| "data".to_owned());
        let head = self.say(
            "# Written by `kpi init` after a look at the file: what was guessed stands below. Read it, and\n# change what is wrong; nothing is guessed again.\n",
            "# نوشتهٔ `kpi init` پس از نگاهی به فایل: آنچه حدس زده شده پایین‌تر آمده است. بخوانید و هر چه\n# نادرست است عوض کنید؛ دیگر چیزی حدس زده نمی‌شود.\n",
        );
        let project = self.project(name);
        let (table, kpi) = (self.source(&source, path), self.kpi(&source));
        format!("{head}\n{project}\n{table}\n{kpi}")
    }

    fn project(&self, name: &str) -> String {
        let settings = match self.language {
            Language::English => "  locale: en\n",
            Language::Persian => {
                "  timezone: \"Asia/Tehran\"\n  calendar: persian\n  week: starts saturday\n  locale: fa\n"
            }
        };
        format!("project {} {{\n{settings}}}\n", quoted(name))
    }

    fn source(&self, source: &str, path: &str) -> String {
        let mut text = format!("source {source} {{\n  csv: {}\n", quoted(path));
        self.dialect(&mut text);
        let date = self.date_property();
        text.push_str(&date);
        let rows = self.say(
            "  # A complete log: days without a row are zero. Without this line they have no data.\n",
            "  # فایل کامل است: روزِ بی‌ردیف صفر است. بی این خط آن روز داده‌ای ندارد.\n",
        );
        let _ = writeln!(text, "{rows}  rows: events");
        if let Some((first, last)) = self.months() {
            let grain = self.say(
                "  # Every date is the first of a month: a row stands for the whole month.\n",
                "  # همهٔ تاریخ‌ها نخستین روز ماه‌اند: هر ردیف همهٔ آن ماه است.\n",
            );
            let _ = writeln!(text, "{grain}  grain: month\n  covers: {first} to {last}");
        }
        let columns: String =
            (0..self.table.width()).filter_map(|i| self.column(i)).collect::<Vec<_>>().concat();
        if !columns.is_empty() {
            let _ = writeln!(text, "  columns {{\n{columns}  }}");
        }
        text + "}\n"
    }

    fn dialect(&self, text: &mut String) {
        let table = self.table;
        text.push_str(&self.encoding());
        let mut add = |key: &str, value: String| {
            let _ = writeln!(text, "  {key}: {value}");
        };
        if table.delimiter != ',' {
            add("delimiter", quoted(&table.delimiter.to_string()));
        }
        if table.skip > 0 {
            add("skip", table.skip.to_string());
        }
        if table.header.is_none() {
            add("header", "none".to_owned());
        }
        if table.footer > 0 {
            add("footer", table.footer.to_string());
        }
        let numbers = self.columns.numbers;
        let doubt = self.columns.doubt.as_deref().map(|cell| match self.language {
            Language::English => {
                format!("  # {cell} could be read in two ways; this one was chosen.\n")
            }
            Language::Persian => format!("  # {cell} دو جور خوانده می‌شود؛ این یکی برگزیده شد.\n"),
        });
        if numbers.decimal != '.' {
            add("decimal", quoted(&numbers.decimal.to_string()));
        }
        if let Some(thousands) = numbers.thousands {
            add("thousands", quoted(&thousands.to_string()));
        }
        if !self.columns.nulls.is_empty() {
            let nulls: Vec<String> = self.columns.nulls.iter().map(|n| quoted(n)).collect();
            add("nulls", nulls.join(", "));
        }
        if let Some(doubt) = doubt {
            // The comment stands above what it is about.
            let at = text.find("  decimal:").or(text.find("  thousands:")).unwrap_or(text.len());
            text.insert_str(at, &doubt);
        }
    }

    /// The line that names the encoding. A byte order mark proves UTF-16; any other than UTF-8 is a
    /// guess, which the line above shows at work.
    fn encoding(&self) -> String {
        let Some(encoding) = self.table.encoding else { return String::new() };
        if encoding == UTF_16LE || encoding == UTF_16BE {
            return "  encoding: \"utf-16\"\n".to_owned();
        }
        let name = encoding.name().to_lowercase();
        let headers = self.table.header.iter().flatten();
        let mut cells = headers.chain(self.table.rows.iter().flatten());
        let shown = quoted(cells.find(|c| !c.is_ascii()).map_or("", String::as_str));
        match self.language {
            Language::English => format!(
                "  # The file is not UTF-8. In this encoding it says {shown}.\n  encoding: \"{name}\"\n"
            ),
            Language::Persian => format!(
                "  # فایل UTF-8 نیست. با این کدگذاری در آن {shown} خوانده می‌شود.\n  encoding: \"{name}\"\n"
            ),
        }
    }

    fn date_property(&self) -> String {
        let Kind::Date(guess) = &self.columns.kinds[self.date] else { return String::new() };
        let column = match header(self.table, self.date) {
            Some(header) if is_name(header) => header.to_owned(),
            Some(header) => format!("`{header}`"),
            None => format!("column_{}", self.date + 1),
        };
        let comment = guess.doubt.as_ref().map(|other| self.doubt_of_date(other));
        let format = date_format(guess);
        format!("{}  date: {column}{format}\n", comment.unwrap_or_default())
    }

    fn doubt_of_date(&self, other: &str) -> String {
        match self.language {
            Language::English => {
                format!(
                    "  # Day and month could be exchanged: all dates fit {} too.\n",
                    quoted(other)
                )
            }
            Language::Persian => {
                format!(
                    "  # شاید روز و ماه جابه‌جا باشند: همهٔ تاریخ‌ها با {} هم می‌خوانند.\n",
                    quoted(other)
                )
            }
        }
    }

    /// A line of `columns`; none for the rows' date, and for what cannot be named.
    fn column(&self, index: usize) -> Option<String> {
        let name = self.names[index].as_ref()?;
        if index == self.date {
            return None;
        }
        let kind = match &self.columns.kinds[index] {
            Kind::Date(_) => "date".to_owned(),
            Kind::Count => "count".to_owned(),
            Kind::Number => "number".to_owned(),
            Kind::Percent => "percent".to_owned(),
            Kind::Money(currency) => format!("money {}", currency.code()),
            Kind::Bool => "bool".to_owned(),
            Kind::Id => "id".to_owned(),
            Kind::Text => "text".to_owned(),
        };
        let from = match header(self.table, index) {
            Some(header) if header != name => format!(" from `{header}`"),
            _ => String::new(),
        };
        let format = match &self.columns.kinds[index] {
            Kind::Date(guess) => date_format(guess),
            _ => String::new(),
        };
        Some(format!("    {name}: {kind}{from}{format}\n"))
    }

    fn days(&self) -> Vec<(CalendarKind, Date)> {
        let Kind::Date(guess) = &self.columns.kinds[self.date] else { return Vec::new() };
        let days = self.table.column(self.date).filter_map(|c| guess.day(c));
        days.map(|day| (guess.calendar, day)).collect()
    }

    /// Where the rows stand for months, every date being the first of one: the first day of the
    /// first and the last day of the last.
    fn months(&self) -> Option<(String, String)> {
        let days = self.days();
        let (calendar, first) = *days.iter().min_by_key(|(_, day)| *day)?;
        let (_, last) = *days.iter().max_by_key(|(_, day)| *day)?;
        if first == last || days.iter().any(|(_, day)| calendar.ymd(*day).2 != 1) {
            return None;
        }
        let (from, to) = (calendar.ymd(first), calendar.ymd(last));
        let length = calendar.month_length(to.0, to.1);
        let literal = |(year, month, day)| format!("{year:04}-{month:02}-{day:02}");
        Some((literal(from), literal((to.0, to.1, length))))
    }

    fn cadence(&self) -> &'static str {
        let days: Vec<Date> = self.days().into_iter().map(|(_, day)| day).collect();
        let span = match (days.iter().min(), days.iter().max()) {
            (Some(first), Some(last)) => last.days() - first.days(),
            _ => 0,
        };
        match span {
            span if span >= 56 || self.months().is_some() => "monthly",
            14.. => "weekly",
            _ => "daily",
        }
    }

    /// The first column that can be added up: no rate, no mean, no rank.
    fn measured(&self) -> Option<usize> {
        let rate = |header: &str| {
            let lower = header.to_lowercase();
            let words = [
                "rate",
                "ratio",
                "avg",
                "average",
                "mean",
                "position",
                "rank",
                "ctr",
                "score",
                "price",
                "per ",
                "year",
                "month",
                "نرخ",
                "میانگین",
                "رتبه",
                "امتیاز",
                "سال",
                "ماه",
            ];
            words.iter().any(|w| lower.contains(w))
        };
        (0..self.table.width()).find(|&i| {
            let adds = matches!(self.columns.kinds[i], Kind::Count | Kind::Number | Kind::Money(_));
            adds && self.names[i].is_some() && !header(self.table, i).is_some_and(rate)
        })
    }

    /// A column of texts with few members.
    fn dimension(&self) -> Option<&str> {
        let index = (0..self.table.width()).find(|&i| {
            let mut members = BTreeSet::new();
            let few = self.table.column(i).all(|c| {
                members.insert(c.trim());
                members.len() <= MOST_MEMBERS
            });
            matches!(self.columns.kinds[i], Kind::Text)
                && self.names[i].is_some()
                && few
                && members.len() > 1
        })?;
        self.names[index].as_deref()
    }

    fn kpi(&self, source: &str) -> String {
        let rows = self.say("rows", "ردیف‌ها");
        let (name, title, formula, unit) = match self.measured() {
            Some(index) => {
                let column = self.names[index].as_deref().unwrap_or_default();
                let title = header(self.table, index).unwrap_or(column).to_owned();
                let unit = match self.columns.kinds[index] {
                    Kind::Money(_) => "money".to_owned(),
                    _ => quoted(&title.to_lowercase()),
                };
                (column.to_owned(), title, format!("sum({source}.{column})"), unit)
            }
            None => (rows.to_owned(), rows.to_owned(), format!("count({source})"), quoted(rows)),
        };
        let by = self.dimension().map(|d| format!("  by: {d}\n")).unwrap_or_default();
        let cadence = self.cadence();
        let allow = self.say("the first periods are for watching", "دوره‌های نخست برای دیدن است");
        let goal = self.say("know_more", "شناخت");
        let text = self.say("Know where we stand", "بدانیم کجا ایستاده‌ایم");
        let owner = self.say("us", "ما");
        let advice = self.say(
            "# A first KPI. Say which way is better, and add a target as soon as there is one:\n#   target: 1_000 from 2026-01-01\n",
            "# نخستین شاخص. بگویید کدام سو بهتر است و همین که هدفی هست بیفزایید:\n#   target: 1_000 from 1405-01-01\n",
        );
        format!(
            "goal {goal} {text} {{\n  owner: {owner}\n}}\n\n{advice}# kpi: allow(no-target) {allow}\n\
             kpi {name} {title} {{\n  formula: {formula}\n  unit: {unit}\n  better: higher\n  \
             cadence: {cadence}\n  review: quarterly\n{by}  goal: {goal}\n  owner: {owner}\n}}\n",
            text = quoted(text),
            owner = quoted(owner),
            title = quoted(&title),
        )
    }
}

/// ` as "%d/%m/%Y"`; nothing for the ISO forms.
fn date_format(guess: &DateGuess) -> String {
    let Some(pattern) = &guess.pattern else { return String::new() };
    match guess.calendar {
        CalendarKind::Gregorian => format!(" as {}", quoted(pattern)),
        CalendarKind::Persian => format!(" as jalali {}", quoted(pattern)),
    }
}
