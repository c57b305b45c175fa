//! Characters that nobody sees: marks that turn the direction of a line, and joiners astray.

use super::report::MOST;
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::source::Span;

/// Whether the character turns the direction of what follows (Unicode's `Bidi_Control`).
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether the character leaves no ink and no space (Unicode's `Default_Ignorable_Code_Point`).
/// The same set is in the grammar.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{061C}' | '\u{FEFF}' | '\u{00AD}' | '\u{034F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{180B}'..='\u{180F}' | '\u{115F}'..='\u{1160}' | '\u{3164}' | '\u{FFA0}'
        | '\u{17B4}'..='\u{17B5}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Reports bidirectional controls and invisible characters outside of texts; in comments, where
/// joiners belong to the writing, the controls alone.
pub(super) fn check_outside(text: &str, base: Span, found: &mut Vec<Diagnostic>) {
    if text.is_ascii() {
        return;
    }
    let comment = text.starts_with('#');
    for (at, c) in text.char_indices() {
        if found.len() >= MOST {
            break;
        }
        let span = place(base, at, c);
        if is_bidi_control(c) {
            found.push(control(c, span));
        } else if is_unseen(c) && !comment {
            let message = format!("an invisible character (U+{:04X})", c as u32);
            found.push(
                Diagnostic::new(&codes::INVISIBLE_CHARACTER, message)
                    .at(span, "stands here")
                    .suggest("remove it", span, ""),
            );
        }
    }
}

/// Warns of bidirectional controls inside texts.
pub(super) fn check_inside(text: &str, base: Span, found: &mut Vec<Diagnostic>) {
    if text.is_ascii() {
        return;
    }
    for (at, c) in text.char_indices().filter(|&(_, c)| is_bidi_control(c)) {
        if found.len() >= MOST {
            break;
        }
        let span = place(base, at, c);
        let mut diagnostic = control(c, span);
        diagnostic.severity = Severity::Warning;
        found.push(diagnostic);
    }
}

fn place(base: Span, at: usize, c: char) -> Span {
    let start = base.start as usize + at;
    Span::new(base.file, start, start + c.len_utf8())
}

fn control(c: char, span: Span) -> Diagnostic {
    let message = format!("a mark that turns the writing direction (U+{:04X})", c as u32);
    Diagnostic::new(&codes::BIDI_CONTROL, message)
        .at(span, "what is seen may not be what is read")
        .suggest("remove it", span, "")
}
