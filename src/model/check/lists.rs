//! Lists of texts: what a name behind `in` stands for.

use std::collections::HashSet;

use super::Context;
use super::names::{Found, unknown};
use crate::diagnostic::{Diagnostic, codes};
use crate::syntax::ast::{self, ExprKind};

/// The texts of a list, of the lists in it too, each once and in order.
pub(super) fn members(path: &ast::Path, cx: &mut Context<'_, '_>) -> Vec<String> {
    let mut texts = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut entered: HashSet<&str> = HashSet::new();
    let Some((_, first)) = list(path, cx) else { return texts };
    entered.insert(&first.name.key);
    // A stack of its own, since lists may hold lists as deep as one likes.
    let mut stack: Vec<std::slice::Iter<'_, ast::Expr>> = vec![first.members.iter()];
    while let Some(rest) = stack.last_mut() {
        let Some(member) = rest.next() else {
            stack.pop();
            continue;
        };
        match &member.kind {
            ExprKind::Text(text) if seen.insert(text.clone()) => texts.push(text.clone()),
            ExprKind::Name(path) => {
                if let Some((_, inner)) = list(path, cx)
                    && entered.insert(&inner.name.key)
                {
                    stack.push(inner.members.iter());
                }
            }
            _ => {}
        }
    }
    texts
}

/// The list of a name, with a message where there is none. Those of the library are defined by
/// their whole name, `std.search_engines`.
fn list<'a>(path: &ast::Path, cx: &mut Context<'a, '_>) -> Option<(u32, &'a ast::List)> {
    let (key, shipped) = match path.segments.as_slice() {
        [name] => (name.key.clone(), false),
        [head, name] if head.key == "std" => (format!("std.{}", name.key), true),
        _ => {
            let found = Diagnostic::new(&codes::UNKNOWN_NAME, "a list has a name without a point")
                .at(path.span, "not a list");
            cx.out.push(found.help("name a `list` of this project"));
            return None;
        }
    };
    match cx.names.find(&cx.names.lists, &key) {
        Found::Item(at, list) => Some((at, list)),
        Found::Silent => None,
        Found::Nowhere => {
            let known = cx.names.known(&cx.names.lists, |l| l.name.text.as_str());
            let known: Vec<&str> = known.filter(|k| k.starts_with("std.") == shipped).collect();
            let text = cx.texts.slice(path.span).to_owned();
            let name = ast::Ident { text, key, span: path.span, quoted: false };
            let mut found = unknown(&codes::UNKNOWN_NAME, "list", &name, known.iter().copied());
            if found.help.is_none() && shipped {
                found.help = Some(format!("the library has {}", known.join(", ")));
            }
            cx.out.push(found);
            None
        }
    }
}

/// Checks each list where it is defined: unknown names in it, and cycles.
pub(super) fn check(cx: &mut Context<'_, '_>) {
    let all: Vec<&ast::List> = cx.names.lists.items().collect();
    let mut edges: Vec<Vec<usize>> = Vec::with_capacity(all.len());
    for item in &all {
        let mut inner = Vec::new();
        for member in &item.members {
            if let ExprKind::Name(path) = &member.kind
                && let Some((at, _)) = list(path, cx)
            {
                inner.push(at as usize);
            }
        }
        edges.push(inner);
    }
    for cycle in super::order::sort(&edges).cycles {
        let steps: Vec<_> = cycle.iter().map(|at| &all[*at].name).collect();
        cx.out.push(super::order::report("lists", &steps));
    }
}
