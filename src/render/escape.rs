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
    let mut line_start = true;
    for c in text.chars() {
        match (c, kind) {
            ('&', _) => out.push_str("&amp;"),
            ('<', _) => out.push_str("&lt;"),
            ('>', _) => out.push_str("&gt;"),
            ('"', Kind::Markup) => out.push_str("&quot;"),
            ('\'', Kind::Markup) => out.push_str("&#39;"),
            // Committed files hold no raw marks of direction; read, they work as ever.
            (c, _) if is_bidi_control(c) => {
                let _ = write!(out, "&#x{:X};", c as u32);
            }
            ('\n' | '\r' | '\t', Kind::Markdown) => out.push(' '),
            ('\n' | '\t', Kind::Markup) => out.push(c),
            // Neither HTML nor XML can hold them.
            (c, _) if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                out.push('\u{fffd}');
            }
            ('|' | '*' | '_' | '\\' | '`' | '[' | ']' | '~' | '$', Kind::Markdown) => {
                out.push('\\');
                out.push(c);
            }
            // What would open a heading, a list or a rule at the beginning of a line, a link
            // without brackets, or a mention.
            ('#' | '+' | '-' | '=', Kind::Markdown) if line_start => {
                out.push('\\');
                out.push(c);
            }
            (':' | '@', Kind::Markdown) => {
                let _ = write!(out, "&#{};", c as u32);
            }
            ('.' | ')', Kind::Markdown) if all_digits(&out) => {
                out.push('\\');
                out.push(c);
            }
            ('w' | 'W', Kind::Markdown) if ends_with_ww(&out) => {
                let _ = write!(out, "&#{};", c as u32);
            }
            (c, _) => out.push(c),
        }
        line_start = line_start && c.is_whitespace();
    }
    out
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

/// The same text with its marks of direction balanced: what is opened in it is closed in it, so
/// that it cannot turn what stands beside it.
pub(super) fn balanced(text: &str) -> String {
    let mut open = Vec::new();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push('\u{202c}'),
            '\u{2066}'..='\u{2068}' => open.push('\u{2069}'),
            '\u{202c}' | '\u{2069}' if open.last() == Some(&c) => {
                open.pop();
            }
            '\u{202c}' | '\u{2069}' => continue,
            _ => {}
        }
        out.push(c);
    }
    out.extend(open.into_iter().rev());
    out
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
        assert_eq!(md("[x](javascript:y)"), r"\[x\](javascript&#58;y)");
        assert_eq!(md("http://a www.b @c"), "http&#58;//a ww&#119;.b &#64;c");
        assert_eq!(md("12.5%"), r"12\.5%");
    }

    #[test]
    fn code() {
        assert_eq!(code_span("a / b"), "`a / b`");
        assert_eq!(code_span("`Key | events`"), "`` `Key \\| events` ``");
    }

    #[test]
    fn direction_is_closed_where_it_is_opened() {
        assert_eq!(balanced("a\u{202e}b"), "a\u{202e}b\u{202c}");
        assert_eq!(balanced("a\u{2069}\u{202c}b"), "ab");
        assert_eq!(balanced("\u{2068}a\u{2069}"), "\u{2068}a\u{2069}");
    }
}
