//! `kpi test --format junit`: the XML that test runners of build servers read. A test is a suite,
//! a line of it a case.

use super::{details, place};
use crate::driver::{Project, Tested};
use crate::eval::Outcome;

/// The whole document.
pub(super) fn write(project: &Project, tested: &[Tested<'_>]) -> String {
    let mut suites = String::new();
    let (mut all, mut failures) = (0, 0);
    for test in tested {
        let title = attribute(&test.test.title.plain);
        let count = test.lines.len();
        let fails = test.lines.iter().filter(|(_, c)| c.outcome == Outcome::Fails).count();
        (all, failures) = (all + count, failures + fails);
        suites.push_str(&format!(
            "  <testsuite name=\"{title}\" tests=\"{count}\" failures=\"{fails}\" errors=\"0\">\n"
        ));
        for (line, checked) in &test.lines {
            let name = attribute(&line.text);
            let file = project.sources.get(line.span.file);
            let number = file.place(line.span.start).line;
            let path = attribute(&file.path);
            suites.push_str(&format!(
                "    <testcase name=\"{name}\" classname=\"{title}\" file=\"{path}\" line=\"{number}\""
            ));
            if checked.outcome == Outcome::Holds {
                suites.push_str("/>\n");
                continue;
            }
            let details = details(project, line, checked);
            let message = details.iter().take(2).map(|d| squeezed(d)).collect::<Vec<_>>();
            let message = attribute(&message.join(", "));
            suites.push_str(&format!(">\n      <failure message=\"{message}\" type=\"claim\">"));
            suites.push_str(&content(&place(project, line.span)));
            for detail in &details {
                suites.push_str(&format!("\n{}", content(detail)));
            }
            suites.push_str("</failure>\n    </testcase>\n");
        }
        suites.push_str("  </testsuite>\n");
    }
    let project = attribute(&project.model.settings.title.plain);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"{project}\" tests=\"{all}\" failures=\"{failures}\" errors=\"0\">\n\
         {suites}</testsuites>\n"
    )
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
            c if by_number(c) => out.push_str(&format!("&#{};", u32::from(c))),
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
