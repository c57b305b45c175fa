//! Texts with their variants by language.

use crate::model::Localized;
use crate::syntax::ast;

/// A text written in line, with what its properties by language add.
pub(super) fn localized(inline: Option<&ast::Localized>, more: &[ast::TextProperty]) -> Localized {
    let mut text = inline.map_or_else(Localized::default, |l| Localized {
        plain: l.plain.value.clone(),
        variants: l.variants.iter().map(|(tag, t)| (tag.key.clone(), t.value.clone())).collect(),
    });
    for property in more {
        match &property.language {
            None => text.plain.clone_from(&property.text.value),
            Some(tag) => {
                text.variants.retain(|(language, _)| *language != tag.key);
                text.variants.push((tag.key.clone(), property.text.value.clone()));
            }
        }
    }
    text.variants.sort();
    text
}

/// A title; the name stands in where none is written.
pub(super) fn title(
    inline: Option<&ast::Localized>,
    more: &[ast::TextProperty],
    name: &ast::Ident,
) -> Localized {
    let mut text = localized(inline, more);
    if text.plain.is_empty() {
        text.plain.clone_from(&name.text);
    }
    text
}

/// A formula as one line: runs of white space become one space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
