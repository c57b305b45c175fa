//! For people: the line, the span underlined, and what to do. The one file that knows
//! `annotate-snippets`.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::super::{DataPlace, Diagnostic, Diagnostics, Label, Severity};
use super::SHOWN;
use crate::source::{FileId, SourceFile, Sources};

/// The longest line that is shown whole, in characters.
const LINE: usize = 200;

/// With or without colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Bytes that are the same everywhere.
    Plain,
    /// For a terminal.
    Coloured,
}

/// All diagnostics, by place, at most fifty of them.
pub fn human(diagnostics: &Diagnostics, sources: &Sources, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(LINE + 40);
    let all = diagnostics.sorted();
    let mut text = String::new();
    for diagnostic in all.iter().take(SHOWN) {
        text.push_str(&renderer.render(&[group(diagnostic, sources)]));
        text.push_str("\n\n");
    }
    if all.len() > SHOWN {
        text.extend(["and ", &(all.len() - SHOWN).to_string(), " more\n\n"]);
    }
    text
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let id = format!("{} {}", diagnostic.code.id, diagnostic.code.name);
    let mut group = Group::with_title(level.primary_title(visible(&diagnostic.message)).id(id));
    if let Some(place) = &diagnostic.data {
        group = data(group, place);
    }
    let mut files: Vec<FileId> = diagnostic.labels.iter().map(|l| l.span.file).collect();
    files.dedup();
    for (i, &id) in files.iter().enumerate() {
        if files[..i].contains(&id) {
            continue;
        }
        let labels: Vec<&Label> = diagnostic.labels.iter().filter(|l| l.span.file == id).collect();
        group = snippet(group, sources.get(id), &labels, diagnostic);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    group
}

/// The lines of one file that the labels touch.
fn snippet<'a>(
    group: Group<'a>,
    file: &'a SourceFile,
    labels: &[&'a Label],
    diagnostic: &Diagnostic,
) -> Group<'a> {
    let lines = file.lines();
    let first = labels.iter().map(|l| lines.line_of(l.span.start)).min().unwrap_or(0);
    let last = labels.iter().map(|l| lines.line_of(l.span.end.max(l.span.start))).max();
    let last = last.unwrap_or(first);
    let too_long = labels.iter().any(|l| {
        let range = lines.range(&file.text, lines.line_of(l.span.start));
        file.text[range].chars().count() > LINE
    });
    if too_long {
        return labels.iter().fold(group, |group, label| cut(group, file, label));
    }
    let start = lines.range(&file.text, first).start;
    let end = lines.range(&file.text, last).end;
    let mut snippet = Snippet::source(drawn(&file.text[start..end]))
        .line_start(first + 1)
        .path(visible(&file.path));
    for label in labels {
        let is_place = std::ptr::eq(*label, &raw const diagnostic.labels[0]);
        let main = is_place && diagnostic.data.is_none();
        let kind = if main { AnnotationKind::Primary } else { AnnotationKind::Context };
        let span = label.span.range();
        let range = span.start.min(end) - start..span.end.min(end) - start;
        snippet = snippet.annotation(kind.span(range).label(named(&label.text)));
    }
    group.element(snippet)
}

/// A window of a line that is too long to be shown.
fn cut<'a>(group: Group<'a>, file: &'a SourceFile, label: &'a Label) -> Group<'a> {
    let lines = file.lines();
    let place = file.place(label.span.start);
    let line = &file.text[lines.range(&file.text, place.line as usize - 1)];
    let (text, mark) = window(line, place.column as usize - 1, label.span.range().len());
    let snippet = Snippet::source(drawn(&text).into_owned())
        .line_start(place.line as usize)
        .annotation(AnnotationKind::Primary.span(mark).label(named(&label.text)));
    let origin = Origin::path(visible(&file.path))
        .line(place.line as usize)
        .char_column(place.column as usize);
    group.element(origin).element(snippet)
}

/// At most `LINE` characters of a line around a place, and where the place is in them, in bytes.
pub(super) fn window(line: &str, at: usize, length: usize) -> (String, Range<usize>) {
    let from = at.saturating_sub(LINE / 3);
    let kept: Vec<char> = line.chars().skip(from).take(LINE).collect();
    let mut text = String::new();
    if from > 0 {
        text.push('…');
    }
    let lead = text.len();
    let bytes = |n: usize| kept.iter().take(n).map(|c| c.len_utf8()).sum::<usize>();
    let start = lead + bytes(at - from);
    let end = lead + bytes((at - from + length.max(1)).min(kept.len()));
    text.extend(&kept);
    if line.chars().count() > from + LINE {
        text.push('…');
    }
    (text, start..end.max(start))
}

fn data<'a>(group: Group<'a>, place: &'a DataPlace) -> Group<'a> {
    let mut origin = Origin::path(visible(&place.path)).line(place.line as usize);
    if place.column > 0 {
        origin = origin.char_column(place.column as usize);
    }
    if place.excerpt.is_empty() {
        return group.element(origin);
    }
    let (at, length) = place.mark.unwrap_or((0, place.excerpt.chars().count()));
    let (text, mark) = window(&place.excerpt, at, length);
    let snippet = Snippet::source(drawn(&text).into_owned())
        .line_start(place.line as usize)
        .annotation(AnnotationKind::Primary.span(mark));
    // Of a line that is shown from its beginning the renderer works the column out itself.
    let is_whole = place.column == at as u64 + 1 && at < LINE / 3;
    if is_whole {
        group.element(snippet.path(visible(&place.path)))
    } else {
        group.element(origin).element(snippet)
    }
}

fn named(label: &str) -> Option<String> {
    (!label.is_empty()).then(|| visible(label))
}

/// Control and bidirectional characters as their code points, so that no message can rearrange
/// the terminal.
pub fn visible(text: &str) -> String {
    if !text.chars().any(is_hidden) {
        return text.to_owned();
    }
    let shown = text.chars().map(|c| match c {
        c if is_hidden(c) => format!("\\u{{{:x}}}", c as u32),
        c => c.to_string(),
    });
    shown.collect()
}

/// A line of a file with a sign in place of each such character, as long as the character in
/// bytes, so that spans still fit. The renderer itself has signs for those of one byte.
pub(super) fn drawn(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let sign = |c: char| match c.len_utf8() {
        2 if is_hidden(c) => '·',
        3 if is_hidden(c) => '\u{fffd}',
        _ => c,
    };
    text.chars().map(sign).collect()
}

fn is_hidden(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}');
    turns || matches!(c, '\u{2066}'..='\u{2069}') || (c.is_control() && c != '\n')
}

#[cfg(test)]
mod tests {
    use super::super::super::codes;
    use super::*;

    #[test]
    fn a_span_is_underlined_and_the_help_follows() {
        let mut sources = Sources::default();
        let id = sources.add("shop.kpi", "kpi a {\n  unti: count\n}\n");
        let at = sources.span_of(id, "unti").unwrap();
        let mut all = Diagnostics::default();
        all.push(
            Diagnostic::new(&codes::UNKNOWN_PROPERTY, "a kpi has no property `unti`")
                .at(at, "unknown property")
                .suggest("did you mean `unit`?", at, "unit"),
        );
        let text = human(&all, &sources, Style::Plain);
        let expected = "\
error[K1001 unknown-property]: a kpi has no property `unti`
 --> shop.kpi:2:3
  |
2 |   unti: count
  |   ^^^^ unknown property
  |
  = help: did you mean `unit`?

";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_long_line_is_cut_and_the_column_stays_right() {
        let mut sources = Sources::default();
        let line = format!("# {}bad{}", "x".repeat(1000), "y".repeat(1000));
        let id = sources.add("shop.kpi", line);
        let at = sources.span_of(id, "bad").unwrap();
        let mut all = Diagnostics::default();
        all.push(Diagnostic::new(&codes::UNKNOWN_PROPERTY, "no").at(at, "here"));
        let text = human(&all, &sources, Style::Plain);
        assert!(text.contains("shop.kpi:1:1003"), "{text}");
        assert!(text.lines().all(|l| l.chars().count() < 260), "{text}");
    }

    #[test]
    fn controls_are_shown_by_number() {
        assert_eq!(visible("a\u{202e}b\u{1b}"), "a\\u{202e}b\\u{1b}");
    }

    #[test]
    fn no_line_of_a_file_carries_a_control_to_the_terminal() {
        let hidden = "\u{0}\u{1b}\u{7f}\u{85}\u{9b}\u{61c}\u{200e}\u{200f}\u{202e}\u{2066}";
        let line = format!("{hidden}unti");
        for text in [line.clone(), format!("{line}{}", "x".repeat(300))] {
            let mut sources = Sources::default();
            let id = sources.add("shop.kpi", text);
            let at = sources.span_of(id, "unti").unwrap();
            let mut all = Diagnostics::default();
            all.push(Diagnostic::new(&codes::UNKNOWN_PROPERTY, "no").at(at, "here"));
            let place = DataPlace {
                path: "a.csv".to_owned(),
                line: 2,
                column: 1,
                excerpt: line.clone(),
                mark: None,
            };
            let of_data = Diagnostic::new(&codes::UNKNOWN_PROPERTY, "bad cell").in_data(place);
            all.push(of_data);
            let text = human(&all, &sources, Style::Plain);
            assert!(!text.contains(is_hidden), "{text:?}");
            assert_eq!(text.matches("unti").count(), 2, "{text}");
        }
    }
}
