//! For a page: the line, the span marked, and links that open the place in an editor.

use super::super::{DataPlace, Diagnostic, Diagnostics, Label};
use super::SHOWN;
use super::human::{drawn, visible, window};
use crate::source::Sources;

/// Where a place opens: the path as messages show it, line and column from 1.
pub type Link<'l> = &'l dyn Fn(&str, u64, u64) -> Option<String>;

/// All diagnostics, by place, at most fifty of them, an `article` each. Nothing in a file becomes
/// markup.
pub fn html(diagnostics: &Diagnostics, sources: &Sources, link: Link<'_>) -> String {
    let all = diagnostics.sorted();
    let mut out = String::new();
    for diagnostic in all.iter().take(SHOWN) {
        article(diagnostic, sources, link, &mut out);
    }
    if all.len() > SHOWN {
        out.extend(["<p>and ", &(all.len() - SHOWN).to_string(), " more</p>\n"]);
    }
    out
}

fn article(found: &Diagnostic, sources: &Sources, link: Link<'_>, out: &mut String) {
    let severity = found.severity.word();
    out.extend(["<article class=\"", severity, "\">\n<h2><span>", severity, "</span> <code>"]);
    out.extend([found.code.id, "</code> ", &text(&found.message), "</h2>\n"]);
    if let Some(place) = &found.data {
        data(place, link, out);
    }
    for label in &found.labels {
        spot(label, sources, link, out);
    }
    if let Some(help) = &found.help {
        out.extend(["<p class=\"help\">", &text(help), "</p>\n"]);
    }
    out.push_str("</article>\n");
}

fn spot(label: &Label, sources: &Sources, link: Link<'_>, out: &mut String) {
    let file = sources.get(label.span.file);
    let place = file.place(label.span.start);
    let line = &file.text[file.lines().range(&file.text, place.line as usize - 1)];
    let length = label.span.range().len();
    let spanned = sources.slice(label.span).lines().next().unwrap_or_default().chars().count();
    let at = place.column as usize - 1;
    let (shown, mark) = window(line, at, spanned.max(usize::from(length == 0)));
    where_it_is(&file.path, (place.line as u64, place.column as u64), link, out);
    excerpt(&shown, mark, place.line as u64, out);
    if !label.text.is_empty() {
        out.extend(["<p class=\"label\">", &text(&label.text), "</p>\n"]);
    }
}

fn data(place: &DataPlace, link: Link<'_>, out: &mut String) {
    where_it_is(&place.path, (place.line, place.column), link, out);
    if !place.excerpt.is_empty() {
        let (at, length) = place.mark.unwrap_or((0, place.excerpt.chars().count()));
        let (shown, mark) = window(&place.excerpt, at, length);
        excerpt(&shown, mark, place.line, out);
    }
}

fn where_it_is(path: &str, (line, column): (u64, u64), link: Link<'_>, out: &mut String) {
    let shown =
        if column > 0 { format!("{path}:{line}:{column}") } else { format!("{path}:{line}") };
    match link(path, line, column.max(1)) {
        Some(address) => {
            out.extend(["<p class=\"place\"><a href=\"", &text(&address), "\"><bdi dir=\"ltr\">"]);
            out.extend([&text(&shown), "</bdi></a></p>\n"]);
        }
        None => out.extend(["<p class=\"place\"><bdi dir=\"ltr\">", &text(&shown), "</bdi></p>\n"]),
    }
}

fn excerpt(line: &str, mark: std::ops::Range<usize>, number: u64, out: &mut String) {
    let plain = |part: &str| escaped(&drawn(part));
    let (before, rest) = line.split_at(mark.start.min(line.len()));
    let (marked, behind) = rest.split_at((mark.end.max(mark.start) - mark.start).min(rest.len()));
    out.extend(["<pre><span>", &number.to_string(), "</span>", &plain(before), "<mark>"]);
    // A place without width is one to put something.
    out.extend([&*if marked.is_empty() { "‸".to_owned() } else { plain(marked) }, "</mark>"]);
    out.extend([&plain(behind), "</pre>\n"]);
}

fn text(text: &str) -> String {
    escaped(&visible(text))
}

/// A text that is no markup.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::super::codes;
    use super::*;

    #[test]
    fn the_span_is_marked_and_nothing_becomes_markup() {
        let mut sources = Sources::default();
        let id = sources.add("a <b>.kpi", "kpi a {\n  <b>: \"\u{202e}&\"\n}\n");
        let at = sources.span_of(id, "<b>").unwrap();
        let mut all = Diagnostics::default();
        all.push(
            Diagnostic::new(&codes::UNKNOWN_PROPERTY, "no <b>").at(at, "here").help("\"quote\""),
        );
        let link = |path: &str, line, column| Some(format!("x://{path}:{line}:{column}\""));
        let expected = "<article class=\"error\">\n\
            <h2><span>error</span> <code>K1001</code> no &lt;b&gt;</h2>\n\
            <p class=\"place\"><a href=\"x://a &lt;b&gt;.kpi:2:3&quot;\"><bdi dir=\"ltr\">a &lt;b&gt;.kpi:2:3</bdi></a></p>\n\
            <pre><span>2</span>  <mark>&lt;b&gt;</mark>: &quot;\u{fffd}&amp;&quot;</pre>\n\
            <p class=\"label\">here</p>\n\
            <p class=\"help\">&quot;quote&quot;</p>\n\
            </article>\n";
        assert_eq!(html(&all, &sources, &link), expected);
    }
}
