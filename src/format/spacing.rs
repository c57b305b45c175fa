//! Where a blank stands between two tokens of a statement.

use super::pieces::Piece;
use crate::syntax::outline::Kind;
use crate::syntax::words;

/// So many tokens the tag of a language has at most; a longer chain is a subtraction.
const LONGEST: usize = 16;

/// Whether a blank stands before a piece that begins no line.
pub(super) fn is_spaced(pieces: &[Piece<'_>], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|i| pieces.get(i)) else { return false };
    let piece = &pieces[at];
    match (before.kind, piece.kind) {
        (Kind::Open | Kind::Dot, _)
        | (_, Kind::Close | Kind::Comma | Kind::Colon | Kind::Dot | Kind::Semicolon) => false,
        (Kind::Word, Kind::Open) => words::asks_for_a_value(before.text),
        _ if is_hyphen(pieces, at) || is_hyphen(pieces, at - 1) => false,
        // Two signs in a row are kept apart: `- -a`.
        (Kind::Operator, Kind::Operator) => true,
        (Kind::Operator, _) => !is_sign(pieces, at - 1),
        _ => true,
    }
}

/// Whether the piece is an operator before its one operand.
fn is_sign(pieces: &[Piece<'_>], at: usize) -> bool {
    if !matches!(pieces[at].text, "-" | "+" | "−" | "!") {
        return false;
    }
    let Some(before) = at.checked_sub(1).map(|i| &pieces[i]) else { return true };
    match before.kind {
        Kind::Operator | Kind::Open | Kind::Comma | Kind::Colon => true,
        Kind::Word => words::asks_for_a_value(before.text),
        _ => false,
    }
}

/// Whether the piece is the hyphen of a language: `title pt-BR:`, `"SEO" pt-BR "SEO"`,
/// `locale: pt-BR`.
fn is_hyphen(pieces: &[Piece<'_>], at: usize) -> bool {
    let joins = |at: usize| {
        let hyphen = pieces.get(at).is_some_and(|p| p.text == "-" && p.touches);
        let next = |p: &Piece<'_>| p.touches && matches!(p.kind, Kind::Word | Kind::Number);
        hyphen && pieces.get(at + 1).is_some_and(next)
    };
    if at == 0 || !joins(at) {
        return false;
    }
    let mut first = at - 1;
    let mut end = at + 2;
    while first >= 2 && end - first < LONGEST && joins(first - 1) {
        first -= 2;
    }
    while end - first < LONGEST && joins(end) {
        end += 2;
    }
    let behind = pieces.get(end).map(|p| p.kind);
    let before = first.checked_sub(1).map(|i| (pieces[i].kind, pieces[i].text));
    pieces[first].kind == Kind::Word
        && match before {
            Some((Kind::Text, _)) => behind == Some(Kind::Text),
            Some((Kind::Word, word)) => behind == Some(Kind::Colon) && words::takes_language(word),
            Some((Kind::Colon, _)) => first == 2 && pieces[0].text == "locale" && behind.is_none(),
            _ => false,
        }
}
