//! An allowance that allows nothing.

use std::collections::BTreeSet;

use super::{Subject, item_around};
use crate::diagnostic::{Code, Diagnostic, codes, nearest};

/// `silenced` is everything that an allowance kept from being told.
pub(super) fn find(subject: &Subject<'_>, silenced: &[&Diagnostic]) -> Vec<Diagnostic> {
    let place = |d: &&Diagnostic| {
        let item = item_around(subject.files, d.span()?)?;
        Some((item.span.file, item.span.start, d.code.name))
    };
    let needed: BTreeSet<_> = silenced.iter().filter_map(place).collect();
    let mut found = Vec::new();
    for file in subject.files.iter().filter(|f| subject.own.contains(&f.id)) {
        for item in file.items.iter().filter(|i| !i.allows.is_empty()) {
            for allow in &item.allows {
                if needed.contains(&(item.span.file, item.span.start, &*allow.lint.text)) {
                    continue;
                }
                let known = opinions().any(|code| code.name == allow.lint.text);
                found.push(match known {
                    false => unknown(allow),
                    true if allow.reason.trim().is_empty() => without_reason(allow),
                    true => idle(allow),
                });
            }
        }
    }
    found
}

fn opinions() -> impl Iterator<Item = &'static Code> {
    codes::all().filter(|code| code.id.starts_with("K9"))
}

fn idle(allow: &crate::syntax::ast::Allow) -> Diagnostic {
    let message = format!("`{}` is allowed here and does not occur", allow.lint.text);
    let found = Diagnostic::new(&codes::UNUSED_ALLOW, message).at(allow.lint.span, "not needed");
    found.help("take the comment out")
}

fn without_reason(allow: &crate::syntax::ast::Allow) -> Diagnostic {
    let name = &allow.lint.text;
    let message = format!("`{name}` is not allowed without a reason");
    let found = Diagnostic::new(&codes::UNUSED_ALLOW, message).at(allow.lint.span, "why?");
    found.help(format!("write it behind the bracket: `# kpi: allow({name}) the reason`"))
}

fn unknown(allow: &crate::syntax::ast::Allow) -> Diagnostic {
    let name = &allow.lint.text;
    let message = format!("there is no lint `{name}`");
    let found = Diagnostic::new(&codes::UNUSED_ALLOW, message).at(allow.lint.span, "unknown");
    match nearest(name, opinions().map(|code| code.name)) {
        Some(near) => found.suggest(format!("did you mean `{near}`?"), allow.lint.span, near),
        None => found.help("`docs/language.md` lists the names"),
    }
}
