//! What a text must not be able to do in an output: open a tag, a table's cell, emphasis, a link,
//! or turn the lines around it.

use std::fmt::Write;

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
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match (c, kind) {
            ('&', _) => out.push_str("&amp;"),
            ('<', _) => out.push_str("&lt;"),
            ('>', _) => out.push_str("&gt;"),
            ('"', Kind::Markup) => out.push_str("&quot;"),
            ('\'', Kind::Markup) => out.push_str("&#39;"),
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
        .filter(|c| !is_bidi_control(*c))
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
