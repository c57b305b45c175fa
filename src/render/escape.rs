//! What a text must not be able to do in an output: open a tag, a table's cell, emphasis, a link,
//! or turn the lines around it.

use std::fmt::Write;

use crate::report::isolate::{CLOSE, OPEN, balanced};

/// FIRST STRONG ISOLATE: what follows has the direction of its first letter, from left to right
/// without one.
const FIRST_STRONG: &str = "&#x2068;";
/// POP DIRECTIONAL ISOLATE.
const POP: &str = "&#x2069;";

/// What an output needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// HTML and SVG.
    Markup,
    /// GitHub-flavoured Markdown, inside a table's cell too.
    Markdown,
}

/// Writes a text so that it is read as it is.
pub(super) fn escape(text: &str, kind: Kind) -> String {
    let text = balanced(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = &*text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match (c, kind) {
            ('&', _) => out.push_str("&amp;"),
            ('<', _) => out.push_str("&lt;"),
            ('>', _) => out.push_str("&gt;"),
            ('"', Kind::Markup) => out.push_str("&quot;"),
            ('\'', Kind::Markup) => out.push_str("&#39;"),
            // A part by itself; in markup the finished page decides how it is written.
            (OPEN, Kind::Markdown) => out.push_str(FIRST_STRONG),
            (CLOSE, Kind::Markdown) => out.push_str(POP),
            // Committed files hold no raw marks of direction; read, they work as ever.
            (c, _) if is_bidi_control(c) => entity(c, &mut out),
            ('\n' | '\r' | '\t', Kind::Markdown) => out.push(' '),
            ('\n' | '\t', Kind::Markup) => out.push(c),
            // Neither HTML nor XML can hold them.
            (c, _) if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.push('\u{fffd}');
            }
            (c, Kind::Markup) => out.push(c),
            (c, Kind::Markdown) => markdown(c, rest, &mut out),
        }
    }
    out
}

/// A character that Markdown may take for more than itself.
fn markdown(c: char, rest: &str, out: &mut String) {
    let before = out.chars().next_back();
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let at_start = out.trim().is_empty();
    let ends = rest.chars().next().is_none_or(char::is_whitespace);
    match c {
        '|' | '*' | '\\' | '`' | '[' | ']' | '~' | '$' => {
            out.push('\\');
            out.push(c);
        }
        // Inside a word it is no emphasis.
        '_' if !(word(before) && word(rest.chars().next())) => out.push_str("\\_"),
        // A heading, a list, a rule.
        '#' | '=' if at_start => {
            out.push('\\');
            out.push(c);
        }
        '+' | '-' if at_start && (ends || rest.starts_with(c)) => {
            out.push('\\');
            out.push(c);
        }
        '.' | ')' if ends && all_digits(out) => {
            out.push('\\');
            out.push(c);
        }
        // An address, a picture by name, a mention.
        ':' if rest.starts_with("//") || names_emoji(rest) => entity(c, out),
        '@' => entity(c, out),
        'w' | 'W' if rest.starts_with('.') && ends_with_ww(out) => entity(c, out),
        c => out.push(c),
    }
}

fn entity(c: char, out: &mut String) {
    let _ = write!(out, "&#x{:X};", c as u32);
}

/// `:rocket:`
fn names_emoji(rest: &str) -> bool {
    let name = rest.split(':').next().unwrap_or_default();
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-');
    name.len() < rest.len() && !name.is_empty() && name.bytes().all(plain)
}

/// `1.` at the beginning would open a list.
fn all_digits(text: &str) -> bool {
    let text = text.trim_start();
    !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit())
}

/// `www.` would become a link.
fn ends_with_ww(text: &str) -> bool {
    text.len() >= 2
        && text.is_char_boundary(text.len() - 2)
        && text[text.len() - 2..].eq_ignore_ascii_case("ww")
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A span of code in Markdown: fenced by one more backtick than it holds in a row, and fit for a
/// table's cell.
pub(super) fn code_span(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !is_bidi_control(*c) && !matches!(*c, OPEN | CLOSE))
        .collect();
    let text = text.replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest > 0 || text.is_empty() {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// Markup with its parts written out: as `<bdi>` in a page's text, as character references where
/// no element may stand, in attributes, titles and drawings.
pub(super) fn settle(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len() + markup.len() / 32);
    let mut rest = markup;
    // Which elements are open that hold text alone, `svg` among them.
    let mut plain: Vec<&str> = Vec::new();
    while let Some(at) = rest.find(['<', OPEN, CLOSE]) {
        let (text, marked) = rest.split_at(at);
        out.push_str(text);
        if !marked.starts_with('<') {
            let is_open = marked.starts_with(OPEN);
            out.push_str(match (plain.is_empty(), is_open) {
                (true, true) => "<bdi>",
                (true, false) => "</bdi>",
                (false, true) => FIRST_STRONG,
                (false, false) => POP,
            });
            rest = &marked[OPEN.len_utf8()..];
            continue;
        }
        // Escaped texts hold no `>`, so that the next one ends the tag.
        let (tag, behind) = marked.split_at(marked.find('>').map_or(marked.len(), |end| end + 1));
        out.push_str(&tag.replace(OPEN, FIRST_STRONG).replace(CLOSE, POP));
        let is_letter = |c: char| c.is_ascii_alphanumeric();
        let name = |tag: &'_ str| tag.find(|c| !is_letter(c)).unwrap_or(tag.len());
        if let Some(closed) = tag.strip_prefix("</") {
            if plain.last() == Some(&&closed[..name(closed)]) {
                plain.pop();
            }
        } else if !tag.ends_with("/>") {
            let opened = &tag[1..];
            let opened = &opened[..name(opened)];
            if matches!(opened, "svg" | "title" | "style" | "option" | "textarea") {
                plain.push(opened);
            }
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// The same text without what embeds, overrides or isolates a direction: it could turn the
/// report's own figures beside it. Marks that turn nothing (U+200E, U+200F, U+061C) and joiners
/// stay.
pub(super) fn without_turns(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !turns(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup() {
        let text = escape("<script>\"a\" & 'b'\u{0}\u{202e}", Kind::Markup);
        assert_eq!(text, "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;\u{fffd}&#x202E;");
    }

    #[test]
    fn markdown() {
        let md = |text| escape(text, Kind::Markdown);
        assert_eq!(md("a|b *c* _d_ `e`\nf"), r"a\|b \*c\* \_d\_ \`e\` f");
        assert_eq!(md("# title"), r"\# title");
        assert_eq!(md("- item - more"), r"\- item - more");
        assert_eq!(md("1. one"), r"1\. one");
        assert_eq!(md("[x](javascript:y)"), r"\[x\](javascript:y)");
        assert_eq!(md("http://a www.b @c"), "http&#x3A;//a ww&#x77;.b &#x40;c");
        assert_eq!(md("12.5% at 10:30, :tada:"), "12.5% at 10:30, &#x3A;tada:");
        assert_eq!(md("+12% snake_case _a_ $5"), r"+12% snake_case \_a\_ \$5");
    }

    #[test]
    fn parts_are_written_as_the_place_allows() {
        let part = format!("{OPEN}CTR{CLOSE}");
        assert_eq!(escape(&part, Kind::Markdown), "&#x2068;CTR&#x2069;");
        assert_eq!(escape(&format!("{OPEN}<"), Kind::Markdown), "&#x2068;&lt;&#x2069;");
        let page = format!(
            "<title>{part}</title><p title=\"{part}\">{part}</p><svg><title>{part}</title></svg>{part}"
        );
        assert_eq!(
            settle(&page),
            "<title>&#x2068;CTR&#x2069;</title><p title=\"&#x2068;CTR&#x2069;\"><bdi>CTR</bdi></p>\
             <svg><title>&#x2068;CTR&#x2069;</title></svg><bdi>CTR</bdi>"
        );
    }

    #[test]
    fn code() {
        assert_eq!(code_span("a / b"), "`a / b`");
        assert_eq!(code_span("`Key | events`"), "`` `Key \\| events` ``");
    }

    #[test]
    fn texts_turn_nothing() {
        let all = "a\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}b";
        assert_eq!(without_turns(all), "ab");
        assert_eq!(without_turns("می\u{200c}روم\u{200f}"), "می\u{200c}روم\u{200f}");
    }
}
