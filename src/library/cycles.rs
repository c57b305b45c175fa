//! How far each file is from the project, and `use`s that lead back to where they came from.

use super::load::{Edge, Shelf};
use crate::diagnostic::{Diagnostic, Step, cycle};
use crate::order;
use crate::source::Origin;

/// For each file how many `use`s lead to it at most: 0 for those of the project, none for a file
/// that only stands beside a used one. What is nearer completes what is farther.
pub(super) fn ranks(shelf: &mut Shelf<'_, '_>) -> Vec<Option<usize>> {
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); shelf.books.len()];
    for edge in &shelf.edges {
        needs[edge.from].extend(&edge.roots);
    }
    let order = order::sort(&needs);
    for steps in &order.cycles {
        let found = report(steps, shelf);
        shelf.out.push(found);
    }
    let own = |book: &super::load::Book| (book.origin == Origin::Project).then_some(0);
    let mut ranks: Vec<Option<usize>> = shelf.books.iter().map(own).collect();
    for at in order.nodes.iter().rev() {
        for root in &needs[*at] {
            if shelf.books[*root].origin == Origin::Library && !order.knotted[*root] {
                ranks[*root] = ranks[*root].max(Some(ranks[*at].unwrap_or(1) + 1));
            }
        }
    }
    ranks
}

fn report(steps: &[usize], shelf: &Shelf<'_, '_>) -> Diagnostic {
    let path = |at: usize| shelf.sources.get(shelf.books[at].tree.id).path.as_str();
    let step = |(i, at): (usize, &usize)| {
        let next = steps.get(i + 1).unwrap_or(&steps[0]);
        let leads = |edge: &&Edge| edge.from == *at && edge.roots.contains(next);
        Some((path(*at), shelf.edges.iter().find(leads)?.at))
    };
    let steps: Vec<Step<'_>> = steps.iter().enumerate().filter_map(step).collect();
    cycle("files", "uses", &steps).help("move what both need into a file of its own, and use that")
}
