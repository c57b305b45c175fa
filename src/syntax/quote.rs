//! Texts as a spec writes them.

use std::fmt::Write;

/// A text in quotes, with escapes where it needs some.
///
/// ```
/// assert_eq!(sanjeh::syntax::quoted("5\" pipe"), r#""5\" pipe""#);
/// ```
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out + "\""
}
