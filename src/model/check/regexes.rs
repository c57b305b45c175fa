//! Regular expressions: valid ones, with their flags worked in.

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::model::row::Case;
use crate::syntax::ast;

/// The pattern with its flags, or a message.
pub(super) fn pattern(regex: &ast::Regex, case: Case, out: &mut Diagnostics) -> Option<String> {
    let fold = regex.ignore_case || case == Case::Folded;
    let pattern = if fold { format!("(?i){}", regex.pattern) } else { regex.pattern.clone() };
    match crate::model::pattern::built(&pattern) {
        Ok(_) => Some(pattern),
        Err(error) => {
            let message = format!("not a regular expression: {}", reason(&error));
            let help = if message.contains("not supported") {
                "write it without; two conditions joined by `and` or `not` often do"
            } else {
                "a character that has a meaning of its own needs a `\\` before it"
            };
            let found = Diagnostic::new(&codes::BAD_REGEX, message);
            out.push(found.at(regex.span, "this expression").help(help));
            None
        }
    }
}

/// The last line of the library's report is the sentence; the others draw.
fn reason(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it repeats too much".to_owned(),
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        }
    }
}
