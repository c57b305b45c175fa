//! The days that the rows of a file stand for, where no cell tells.

use crate::diagnostic::{DataPlace, Diagnostic, codes};
use crate::engine::FileFacts;
use crate::plan::{RangeRule, Scan};
use crate::time::{Calendar, Date, Grain, named_range};

use super::faults::shown;
use super::header::Head;

/// So many lines above a header are shown.
const SHOWN: usize = 8;

/// The first and last day that a file stands for.
pub(super) fn range(
    scan: &Scan,
    rule: &RangeRule,
    calendar: Calendar,
    head: &Head,
    path: &str,
) -> Result<(Date, Date), Box<Diagnostic>> {
    match rule {
        RangeRule::In(first, last) => Ok((*first, *last)),
        RangeRule::File(name) => name.days(path).ok_or_else(|| {
            let message = format!("the name of {} does not match", shown(path, 200));
            let found = Diagnostic::new(&codes::NO_RANGE, message);
            let label = format!("read with \"{}\"", name.pattern);
            let help = "rename the file, name fewer files in the source, or correct the pattern";
            Box::new(found.at(scan.span, label).help(help))
        }),
        RangeRule::Preamble(grain) => preamble(scan, *grain, calendar, head, path),
    }
}

fn preamble(
    scan: &Scan,
    grain: Option<Grain>,
    calendar: Calendar,
    head: &Head,
    path: &str,
) -> Result<(Date, Date), Box<Diagnostic>> {
    let wrong = |message: String, help: &str| {
        let lines = head.preamble.lines().filter(|line| !line.trim().is_empty());
        let all: Vec<String> = lines.map(|line| shown(line, 120)).collect();
        let read = match all.as_slice() {
            [] => "nothing stands there".to_owned(),
            all => {
                let lines: Vec<String> =
                    all.iter().take(SHOWN).map(|line| format!("`{line}`")).collect();
                let more = all.len().saturating_sub(SHOWN);
                let rest = if more > 0 { format!(" and {more} more lines") } else { String::new() };
                format!("there are {}{rest}", lines.join(", "))
            }
        };
        let (path, excerpt) = (path.to_owned(), all.first().cloned().unwrap_or_default());
        let place = DataPlace { path, line: 1, column: 0, excerpt, mark: None };
        let found = Diagnostic::new(&codes::NO_RANGE, format!("{message}; {read}"));
        Box::new(found.at(scan.span, "dated by its preamble").in_data(place).help(help))
    };
    let (first, last) = named_range(&head.preamble).map_err(|why| {
        let message = format!("the lines above the header of {path} do not tell its days: {why}");
        let help = "do `skip` and `header` leave these lines above the header? else say \
                    `date: in 2026-06`, or take the days from the name: `date: file \"ads-%Y-%m.csv\"`";
        wrong(message, help)
    })?;
    match grain.map(|grain| calendar.period_of(grain, first)) {
        Some(period) if (period.start, period.end) != (first, last) => {
            let word = period.grain.word();
            let message = format!("{path} stands for {first} to {last}, which is no whole {word}");
            Err(wrong(message, "export whole ones, or leave `grain` out"))
        }
        _ => Ok((first, last)),
    }
}

/// Says which files stand for days that another one stands for too.
pub(super) fn overlaps(scan: &Scan, files: &[FileFacts]) -> Vec<Diagnostic> {
    let mut all: Vec<(Date, Date, &str)> = files
        .iter()
        .filter_map(|file| file.range.map(|(first, last)| (first, last, file.path.as_str())))
        .collect();
    all.sort_unstable();
    // `date: in` says of all files at once what they stand for.
    if matches!(scan.range, Some(RangeRule::In(..))) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut reach: Option<(Date, Date, &str)> = None;
    for file in all {
        let known = reach.filter(|(_, last, _)| file.0 <= *last);
        found.extend(known.and_then(|earlier| {
            let is_same = (earlier.0, earlier.1) == (file.0, file.1);
            // A row that is there twice is an error where a key tells.
            let is_known = is_same && scan.key.is_some();
            let shared = if is_same { same } else { overlap };
            (!is_known).then(|| shared(scan, earlier, file))
        }));
        if reach.is_none_or(|(_, last, _)| file.1 >= last) {
            reach = Some(file);
        }
    }
    found
}

type File<'f> = (Date, Date, &'f str);

fn overlap(scan: &Scan, one: File<'_>, other: File<'_>) -> Diagnostic {
    let message = format!(
        "{} stands for {} to {} and {} for {} to {}: sums would count some days twice",
        one.2, one.0, one.1, other.2, other.0, other.1
    );
    Diagnostic::new(&codes::OVERLAPPING_RANGES, message)
        .at(scan.span, "reads both")
        .help("name one of them only, or give each a source of its own")
}

fn same(scan: &Scan, one: File<'_>, other: File<'_>) -> Diagnostic {
    let message =
        format!("{} and {} stand for the same days, {} to {}", one.2, other.2, one.0, one.1);
    Diagnostic::new(&codes::SAME_RANGE, message).at(scan.span, "adds the rows of both").help(
        "if they hold the same rows, leave one out; else say with `key:` what tells rows apart",
    )
}
