//! One item of several: what is nearer to the project wins, property by property, and takes from
//! what is farther what it does not say itself.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::load::Shelf;
use super::needs::{self, Need, Space};
use super::select::{At, Chosen};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Origin;
use crate::syntax::ast::{
    self, Channels, Goal, ItemKind, Localized, Measure, MeasureKind, Source, TextProperty,
};

/// The trees of the project, completed, and those of the library with the chosen items that
/// complete nothing.
pub(super) fn trees(shelf: &mut Shelf<'_, '_>, chosen: &Chosen) -> Vec<ast::File> {
    let mut changed: BTreeMap<At, ItemKind> = BTreeMap::new();
    let mut merged: BTreeSet<At> = BTreeSet::new();
    for group in groups(shelf, chosen) {
        let (top, rest) = (group[0], &group[1..]);
        let mut whole = kind(shelf, top.0).clone();
        let mut rank = (top.1, top.0);
        for (at, far) in rest {
            let base = kind(shelf, *at).clone();
            let stated = is_stated(&base);
            if *far == rank.0 && !stated && !joins(&whole, &base) {
                let found = rivals(shelf, rank.1, *at);
                shelf.out.extend(found);
                merged.insert(*at);
                continue;
            }
            complete(&mut whole, &base);
            // What is only stated stays, too, so that its type can be held against the others'.
            if !stated {
                rank = (*far, *at);
                merged.insert(*at);
            }
        }
        if !rest.is_empty() {
            changed.insert(top.0, whole);
        }
    }
    drop_far_variants(shelf, chosen, &mut changed);
    gathered(shelf, chosen, &merged, &mut changed)
}

/// The items of one name each, the nearest first; what is only stated comes last.
fn groups(shelf: &Shelf<'_, '_>, chosen: &Chosen) -> Vec<Vec<(At, usize)>> {
    let mut all: BTreeMap<Need, Vec<(At, usize)>> = BTreeMap::new();
    for (book, found) in shelf.books.iter().enumerate() {
        for (place, item) in found.tree.items.iter().enumerate() {
            let at = (book, place);
            let rank = match found.origin {
                Origin::Project => Some(0),
                Origin::Library => chosen.get(&at).copied(),
            };
            if let (Some(rank), Some((space, name))) = (rank, needs::defined(&item.kind)) {
                all.entry((space, name.key.clone())).or_default().push((at, rank));
            }
        }
    }
    all.into_values().filter_map(|group| sorted(shelf, group)).collect()
}

/// A group in order, without the second definitions of the project, which are mistakes.
fn sorted(shelf: &Shelf<'_, '_>, mut group: Vec<(At, usize)>) -> Option<Vec<(At, usize)>> {
    group.sort_by_key(|(at, rank)| (*rank > 0 && is_stated(kind(shelf, *at)), *rank, *at));
    let own = |g: &(At, usize)| g.1 == 0;
    // Of the project's own the definition comes before what is only stated.
    let first = group.iter().position(|g| own(g) && !is_stated(kind(shelf, g.0)));
    if let Some(first) = first {
        group.swap(0, first);
    }
    let top = *group.first()?;
    let mut group: Vec<_> = group.into_iter().filter(|g| *g == top || !own(g)).collect();
    if group.len() > 1 {
        group[1..].sort_by_key(|(at, rank)| (is_stated(kind(shelf, *at)), *rank, *at));
    }
    Some(group)
}

fn kind<'s>(shelf: &'s Shelf<'_, '_>, at: At) -> &'s ItemKind {
    &shelf.books[at.0].tree.items[at.1].kind
}

/// Whether an item is an input that is only stated.
fn is_stated(kind: &ItemKind) -> bool {
    matches!(kind, ItemKind::Measure(m) if m.needs.is_some() && m.formula.is_none())
}

/// Whether two items of one rank go together: blocks that only name areas do.
fn joins(one: &ItemKind, other: &ItemKind) -> bool {
    match (one, other) {
        (ItemKind::Channels(a), ItemKind::Channels(b)) => {
            a.parameters.is_empty() && b.parameters.is_empty()
        }
        (one, _) => is_stated(one),
    }
}

/// Two libraries define one name.
fn rivals(shelf: &Shelf<'_, '_>, first: At, second: At) -> Option<Diagnostic> {
    let (_, name) = needs::defined(kind(shelf, second))?;
    let (_, other) = needs::defined(kind(shelf, first))?;
    let message = format!("`{}` comes from two libraries", name.text);
    let found = Diagnostic::new(&codes::DUPLICATE_NAME, message)
        .at(name.span, "the second definition")
        .at(other.span, "the first definition");
    Some(found.help("use one of them only, by `only`, or define it in the project"))
}

/// A `variant_of` whose other definition did not come in is no mistake of the project.
fn drop_far_variants(shelf: &Shelf<'_, '_>, chosen: &Chosen, changed: &mut BTreeMap<At, ItemKind>) {
    let own = shelf.books.iter().enumerate().filter(|(_, b)| b.origin == Origin::Project);
    let own = own.flat_map(|(book, b)| (0..b.tree.items.len()).map(move |place| (book, place)));
    let all: Vec<At> = own.chain(chosen.keys().copied()).collect();
    let known: HashSet<&str> = all
        .iter()
        .filter_map(|at| needs::defined(kind(shelf, *at)))
        .filter(|(space, _)| *space == Space::Measure)
        .map(|(_, name)| name.key.as_str())
        .collect();
    for at in all {
        let written = changed.get(&at).unwrap_or_else(|| kind(shelf, at));
        let ItemKind::Measure(measure) = written else { continue };
        let far = measure.variant_of.as_ref().is_some_and(|v| {
            shelf.sources.is_borrowed(v.value.span) && !known.contains(v.value.key.as_str())
        });
        if far {
            let mut measure = measure.clone();
            measure.variant_of = None;
            changed.insert(at, ItemKind::Measure(measure));
        }
    }
}

fn gathered(
    shelf: &mut Shelf<'_, '_>,
    chosen: &Chosen,
    merged: &BTreeSet<At>,
    changed: &mut BTreeMap<At, ItemKind>,
) -> Vec<ast::File> {
    let mut trees = Vec::new();
    for (book, found) in std::mem::take(&mut shelf.books).into_iter().enumerate() {
        let own = found.origin == Origin::Project;
        let mut tree = found.tree;
        let mut items = Vec::new();
        for (place, mut item) in tree.items.into_iter().enumerate() {
            let at = (book, place);
            let broken = matches!(item.kind, ItemKind::Broken { .. });
            if own || broken || chosen.contains_key(&at) && !merged.contains(&at) {
                if let Some(kind) = changed.remove(&at) {
                    item.kind = kind;
                }
                items.push(item);
            }
        }
        tree.items = items;
        if own || !tree.items.is_empty() {
            trees.push(tree);
        }
    }
    trees
}

/// Completes an item by one that is farther.
fn complete(near: &mut ItemKind, far: &ItemKind) {
    match (near, far) {
        (ItemKind::Measure(near), ItemKind::Measure(far)) => measure(near, far),
        (ItemKind::Source(near), ItemKind::Source(far)) => source(near, far),
        (ItemKind::Channels(near), ItemKind::Channels(far)) => channels(near, far),
        (ItemKind::Goal(near), ItemKind::Goal(far)) => goal(near, far),
        (ItemKind::Connection(near), ItemKind::Connection(far)) => {
            fill(&mut near.dialect, far.dialect.as_ref());
        }
        // A list is one value: the nearer one stands for the whole.
        _ => {}
    }
}

fn fill<T: Clone>(near: &mut Option<T>, far: Option<&T>) {
    if near.is_none() {
        *near = far.cloned();
    }
}

fn fill_all<T: Clone>(near: &mut Vec<T>, far: &[T]) {
    if near.is_empty() {
        near.extend_from_slice(far);
    }
}

/// Texts by language, each language a property of its own.
fn texts(near: &mut Vec<TextProperty>, far: &[TextProperty]) {
    let language = |text: &TextProperty| text.language.as_ref().map(|l| l.key.clone());
    for text in far {
        if near.iter().all(|n| language(n) != language(text)) {
            near.push(text.clone());
        }
    }
}

/// A title with its variants by language.
fn titles(
    near: (&mut Option<Localized>, &mut Vec<TextProperty>),
    far: (&Option<Localized>, &[TextProperty]),
) {
    let (title, more) = near;
    let Some(own) = title else {
        title.clone_from(far.0);
        texts(more, far.1);
        return;
    };
    let inline = far.0.iter().flat_map(|l| &l.variants).map(|(language, text)| TextProperty {
        language: Some(language.clone()),
        text: text.clone(),
        key: language.span,
    });
    let said = |text: &TextProperty| {
        let language = text.language.as_ref().map(|l| l.key.as_str());
        own.variants.iter().any(|(tag, _)| Some(tag.key.as_str()) == language)
    };
    let far: Vec<TextProperty> =
        far.1.iter().cloned().chain(inline).filter(|text| !said(text)).collect();
    texts(more, &far);
}

/// A title whose variants stand in its line.
fn title(near: Option<Localized>, far: Option<Localized>) -> Option<Localized> {
    let (Some(mut near), Some(far)) = (near.clone(), far.clone()) else { return near.or(far) };
    let fresh = |v: &(ast::Ident, ast::Text)| near.variants.iter().all(|(n, _)| n.key != v.0.key);
    let fresh: Vec<_> = far.variants.into_iter().filter(fresh).collect();
    near.variants.extend(fresh);
    Some(near)
}

fn measure(near: &mut Measure, far: &Measure) {
    if far.kind == MeasureKind::Kpi {
        near.kind = MeasureKind::Kpi;
    }
    titles((&mut near.title, &mut near.titles), (&far.title, &far.titles));
    fill(&mut near.formula, far.formula.as_ref());
    if near.formula.is_none() {
        fill(&mut near.needs, far.needs.as_ref());
    }
    fill(&mut near.unit, far.unit.as_ref());
    fill(&mut near.better, far.better.as_ref());
    fill_all(&mut near.targets, &far.targets);
    fill(&mut near.baseline, far.baseline.as_ref());
    fill(&mut near.benchmark, far.benchmark.as_ref());
    fill(&mut near.tolerance, far.tolerance.as_ref());
    fill(&mut near.cadence, far.cadence.as_ref());
    fill(&mut near.review, far.review.as_ref());
    fill(&mut near.channels, far.channels.as_ref());
    fill(&mut near.by, far.by.as_ref());
    fill(&mut near.goal, far.goal.as_ref());
    fill(&mut near.variant_of, far.variant_of.as_ref());
    fill(&mut near.owner, far.owner.as_ref());
    texts(&mut near.about, &far.about);
    texts(&mut near.improve, &far.improve);
}

fn goal(near: &mut Goal, far: &Goal) {
    titles((&mut near.title, &mut near.titles), (&far.title, &far.titles));
    fill(&mut near.due, far.due.as_ref());
    fill(&mut near.owner, far.owner.as_ref());
    texts(&mut near.about, &far.about);
}

fn source(near: &mut Source, far: &Source) {
    fill(&mut near.input, far.input.as_ref());
    fill(&mut near.preset, far.preset.as_ref());
    fill(&mut near.date, far.date.as_ref());
    fill(&mut near.filter, far.filter.as_ref());
    fill(&mut near.rows, far.rows.as_ref());
    fill(&mut near.grain, far.grain.as_ref());
    fill(&mut near.covers, far.covers.as_ref());
    fill_all(&mut near.columns, &far.columns);
    fill(&mut near.columns_span, far.columns_span.as_ref());
    fill(&mut near.key, far.key.as_ref());
    fill(&mut near.on_error, far.on_error.as_ref());
    fill_all(&mut near.lookups, &far.lookups);
    fill(&mut near.unpivot, far.unpivot.as_ref());
    let (near, far) = (&mut near.dialect, &far.dialect);
    fill(&mut near.delimiter, far.delimiter.as_ref());
    fill(&mut near.quote, far.quote.as_ref());
    fill(&mut near.encoding, far.encoding.as_ref());
    fill(&mut near.header, far.header.as_ref());
    fill(&mut near.skip, far.skip.as_ref());
    fill(&mut near.comment, far.comment.as_ref());
    fill(&mut near.footer, far.footer.as_ref());
    fill(&mut near.decimal, far.decimal.as_ref());
    fill(&mut near.thousands, far.thousands.as_ref());
    fill(&mut near.nulls, far.nulls.as_ref());
}

/// Areas are joined. A block without rules gives titles to one that has them; a block with rules
/// of its own stands for the whole, since their order is their meaning.
fn channels(near: &mut Channels, far: &Channels) {
    if !near.parameters.is_empty() {
        return;
    }
    let mut own = std::mem::take(&mut near.rules);
    if far.parameters.is_empty() {
        let fresh = far.rules.iter().filter(|f| own.iter().all(|o| o.name.key != f.name.key));
        let fresh: Vec<_> = fresh.cloned().collect();
        own.extend(fresh);
        near.rules = own;
        return;
    }
    near.parameters.clone_from(&far.parameters);
    let mut rules = far.rules.clone();
    for rule in &mut rules {
        if let Some(at) = own.iter().position(|o| o.name.key == rule.name.key) {
            let said = own.remove(at);
            rule.name = said.name;
            rule.title = title(said.title, rule.title.take());
        }
    }
    // Names without rules come first, since nothing stands behind `otherwise`.
    own.extend(rules);
    near.rules = own;
}
