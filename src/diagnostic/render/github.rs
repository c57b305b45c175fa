//! For the log of a job on GitHub: workflow commands, which become annotations at the lines of a
//! change.

use std::fmt::Write as _;

use super::super::{Diagnostic, Diagnostics, Severity};
use crate::source::Sources;

/// GitHub shows so many errors and so many warnings of one step, and hides the others in silence.
const MOST: usize = 10;

/// One command a diagnostic, errors first, by place. Of those beyond what is shown there is the
/// number.
pub fn github(diagnostics: &Diagnostics, sources: &Sources) -> String {
    let all = diagnostics.sorted();
    let mut text = String::new();
    let mut more = Vec::new();
    for severity in [Severity::Error, Severity::Warning] {
        let of: Vec<&&Diagnostic> = all.iter().filter(|d| d.severity == severity).collect();
        for diagnostic in of.iter().take(MOST) {
            text.push_str(&command(diagnostic, sources));
        }
        let left = of.len().saturating_sub(MOST);
        if left > 0 {
            more.push(format!(
                "{left} more {}{}",
                severity.word(),
                if left == 1 { "" } else { "s" }
            ));
        }
    }
    if !more.is_empty() {
        let _ = writeln!(text, "::notice::{}: run `kpi check` to see all", more.join(" and "));
    }
    text
}

fn command(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut properties = Vec::new();
    if let Some(place) = &diagnostic.data {
        properties.extend([("file", place.path.clone()), ("line", place.line.to_string())]);
        if place.column > 0 {
            properties.push(("col", place.column.to_string()));
        }
    } else if let Some(span) = diagnostic.span() {
        let file = sources.get(span.file);
        let (start, end) = (file.place(span.start), file.place(span.end));
        properties.extend([
            ("file", file.path.clone()),
            ("line", start.line.to_string()),
            ("endLine", end.line.to_string()),
        ]);
        // Columns count for a stretch of one line only.
        if start.line == end.line {
            properties.push(("col", start.column.to_string()));
            properties.push(("endColumn", end.column.to_string()));
        }
    }
    properties.push(("title", format!("{} {}", diagnostic.code.id, diagnostic.code.name)));
    let properties: Vec<String> =
        properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
    let label = diagnostic.labels.first().map_or("", |l| l.text.as_str());
    let mut message = diagnostic.message.clone();
    if !label.is_empty() {
        let _ = write!(message, " ({label})");
    }
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "\n{help}");
    }
    format!("::{} {}::{}\n", diagnostic.severity.word(), properties.join(","), data(&message))
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    #[test]
    fn what_the_commands_are_made_of_is_escaped() {
        let mut sources = Sources::default();
        let id = sources.add("a,b:c%.kpi", "kpi a {\n  unti: count\n}\n");
        let at = sources.span_of(id, "unti").unwrap();
        let mut all = Diagnostics::default();
        all.push(
            Diagnostic::new(&codes::UNKNOWN_PROPERTY, "100% wrong: a, b\r\nand more")
                .at(at, "here")
                .help("two\nlines"),
        );
        let expected = "::error file=a%2Cb%3Ac%25.kpi,line=2,endLine=2,col=3,endColumn=7,\
            title=K1001 unknown-property::100%25 wrong: a, b%0D%0Aand more (here)%0Atwo%0Alines\n";
        assert_eq!(github(&all, &sources), expected);
    }

    #[test]
    fn errors_come_first_and_what_is_hidden_is_counted() {
        let mut sources = Sources::default();
        let id = sources.add("a.kpi", "x".repeat(100));
        let mut all = Diagnostics::default();
        for i in 0..24 {
            let span = crate::source::Span::new(id, i, i + 1);
            let mut found =
                Diagnostic::new(&codes::UNKNOWN_PROPERTY, format!("no {i}")).at(span, "");
            if i % 2 == 0 {
                found.severity = Severity::Warning;
            }
            all.push(found);
        }
        let text = github(&all, &sources);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 21);
        assert!(lines[..10].iter().all(|l| l.starts_with("::error ")), "{text}");
        assert!(lines[10..20].iter().all(|l| l.starts_with("::warning ")), "{text}");
        assert_eq!(
            lines[20],
            "::notice::2 more errors and 2 more warnings: run `kpi check` to see all"
        );
    }
}
