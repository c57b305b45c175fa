//! Paragraphs: where an unclosed one is cut, and what a closed one says.

use super::name::word_length;
use super::scan::item_begins;
use super::words;

/// Where an unclosed paragraph that begins at `start` ends: before the first line that can be no
/// prose (a `}` alone, a property, an item), else with the text.
pub(super) fn cut(text: &str, start: usize) -> usize {
    let mut at = start;
    let mut end = start;
    for line in text[start..].split_inclusive('\n') {
        if at > start && (is_structure(line) || item_begins(text, at)) {
            break;
        }
        if !line.trim().is_empty() {
            end = at + line.trim_end().len();
        }
        at += line.len();
    }
    end.max(start + 3)
}

fn is_structure(line: &str) -> bool {
    let line = line.trim();
    let word = &line[..word_length(line)];
    line == "}"
        || words::is_property(word)
            && line[word.len()..].trim_start_matches(is_language).trim_start().starts_with(':')
}

fn is_language(c: char) -> bool {
    c == ' ' || c == '-' || c.is_ascii_alphanumeric()
}

/// Whether a line at the first column looks like the head of an item.
pub(super) fn holds_item(text: &str) -> bool {
    memchr::memchr_iter(b'\n', text.as_bytes()).any(|at| {
        let line = text[at + 1..].lines().next().unwrap_or_default().trim_end();
        item_begins(text, at + 1) && (line.ends_with('{') || line.contains(" = "))
    })
}

/// The content of a paragraph, without its quotes: a first and a last line without anything are
/// left out, the common indentation is removed, lines end with a line feed.
pub(super) fn content(raw: &str) -> String {
    let mut lines: Vec<&str> = raw.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l)).collect();
    let inline_start = lines.first().is_some_and(|l| !l.trim().is_empty());
    let counted = if inline_start { &lines[1..] } else { &lines[..] };
    let indent = common_indent(counted);
    if lines.len() > 1 && lines.last().is_some_and(|l| l.trim().is_empty()) {
        lines.pop();
    }
    let mut content = String::with_capacity(raw.len());
    for (index, line) in lines.iter().enumerate() {
        if index == 0 && !inline_start && lines.len() > 1 {
            continue;
        }
        if !(content.is_empty() && (index == 0 || index == 1 && !inline_start)) {
            content.push('\n');
        }
        let cut = if index == 0 && inline_start { 0 } else { indent };
        content.push_str(line.get(cut..).unwrap_or_default());
    }
    content
}

fn common_indent(lines: &[&str]) -> usize {
    let mut common: Option<&str> = None;
    for line in lines.iter().filter(|l| !l.trim().is_empty()) {
        let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let shared = common.map_or(indent.len(), |c| {
            c.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b).count()
        });
        common = Some(&indent[..shared]);
    }
    common.map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_indentation_goes_and_blank_lines_stay() {
        assert_eq!(content("\n    a\n\n      b\n  "), "a\n\n  b");
        assert_eq!(content("one line"), "one line");
        assert_eq!(content("first\n    second\n    third"), "first\nsecond\nthird");
        assert_eq!(content(""), "");
        assert_eq!(content("\r\n\ta,b\r\n\t1,2\r\n"), "a,b\n1,2");
        assert_eq!(content("\n\n  a\n"), "\na");
    }

    #[test]
    fn an_unclosed_paragraph_ends_before_what_is_no_prose() {
        let text = "about: \"\"\"Share of\n  visits: all\n  unit: percent\n}\n";
        assert_eq!(&text[7..cut(text, 7)], "\"\"\"Share of\n  visits: all");
    }
}
