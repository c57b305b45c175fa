//! `kpi test --format junit`: the XML that test runners of build servers read. A test is a suite,
//! a line of it a case.

use std::fmt::Write;

use super::{details, place};
use crate::driver::{Project, Tested};
use crate::eval::Outcome;

/// The whole document.
pub(super) fn write(project: &Project, tested: &[Tested<'_>]) -> String {
    let mut suites = String::new();
    let (mut all, mut failures) = (0, 0);
    for test in tested {
        all += test.lines.len();
        failures += suite(project, test, &mut suites);
    }
    let project = attribute(&project.model.settings.title.plain);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"{project}\" tests=\"{all}\" failures=\"{failures}\" errors=\"0\">\n\
         {suites}</testsuites>\n"
    )
}

/// A test with its lines; gives how many of them fail.
fn suite(project: &Project, test: &Tested<'_>, out: &mut String) -> usize {
    let title = attribute(&test.test.title.plain);
    let count = test.lines.len();
    let fails = test.lines.iter().filter(|(_, c)| c.outcome == Outcome::Fails).count();
    // Into memory: writing cannot fail.
    let _ = writeln!(
        out,
        "  <testsuite name=\"{title}\" tests=\"{count}\" failures=\"{fails}\" errors=\"0\">"
    );
    for (line, checked) in &test.lines {
        let name = attribute(&line.text);
        let file = project.sources.get(line.span.file);
        let number = file.place(line.span.start).line;
        let path = attribute(&file.path);
        let _ = write!(
            out,
            "    <testcase name=\"{name}\" classname=\"{title}\" file=\"{path}\" line=\"{number}\""
        );
        if checked.outcome == Outcome::Holds {
            out.push_str("/>\n");
            continue;
        }
        let details = details(project, line, checked);
        let message: Vec<String> = details.iter().take(2).map(|d| squeezed(d)).collect();
        let message = attribute(&message.join(", "));
        let _ = write!(out, ">\n      <failure message=\"{message}\" type=\"claim\">");
        out.push_str(&content(&place(project, line.span)));
        for detail in &details {
            out.extend(["\n", &content(detail)]);
        }
        out.push_str("</failure>\n    </testcase>\n");
    }
    out.push_str("  </testsuite>\n");
    fails
}

/// `found       3` as `found 3`.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn attribute(text: &str) -> String {
    escaped(text, |c| matches!(c, '"' | '\n' | '\t'))
}

fn content(text: &str) -> String {
    escaped(text, |_| false)
}

/// Text that XML 1.0 reads as it is; what it cannot hold becomes the replacement character.
fn escaped(text: &str, by_number: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if by_number(c) => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{attribute, content};

    #[test]
    fn nothing_in_a_text_can_end_it() {
        assert_eq!(
            attribute("a \"<b>\" & 'c'\n\u{1}"),
            "a &#34;&lt;b&gt;&#34; &amp; 'c'&#10;\u{fffd}"
        );
        assert_eq!(content("]]> \u{200c}\r"), "]]&gt; \u{200c}\u{fffd}");
    }
}
