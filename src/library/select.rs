//! Which items of the used files come in: those that are asked for, and what they need.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::load::{Edge, Shelf};
use super::needs::{self, Need, Space};
use super::shipped;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Origin;
use crate::syntax::ast::{Ident, ItemKind};

/// An item: its file and its place there.
pub(super) type At = (usize, usize);

/// The items that come in, by place, each with its distance from the project.
pub(super) type Chosen = BTreeMap<At, usize>;

/// Where each name is defined, over all files.
#[derive(Default)]
struct Index {
    defined: HashMap<Need, Vec<At>>,
    /// The notes and reviews of a measure.
    remarks: HashMap<String, Vec<At>>,
    /// How many files are in it.
    books: usize,
}

struct Selection<'x, 'h, 's> {
    shelf: &'x mut Shelf<'h, 's>,
    index: Index,
    ranks: Vec<Option<usize>>,
    chosen: Chosen,
    queue: Vec<At>,
}

/// Selects the items that come in.
pub(super) fn select(shelf: &mut Shelf<'_, '_>, ranks: Vec<Option<usize>>) -> Chosen {
    let (index, chosen, queue) = (Index::default(), Chosen::new(), Vec::new());
    let mut selection = Selection { shelf, index, ranks, chosen, queue };
    selection.index();
    selection.asked_for();
    selection.needed_by_project();
    while let Some(at) = selection.queue.pop() {
        selection.enter(at);
    }
    selection.qualify();
    selection.chosen
}

impl Selection<'_, '_, '_> {
    /// Takes the names of files into the index that are not in it yet.
    fn index(&mut self) {
        for (book, found) in self.shelf.books.iter().enumerate().skip(self.index.books) {
            for (place, item) in found.tree.items.iter().enumerate() {
                let at = (book, place);
                if let Some((space, name)) = needs::defined(&item.kind) {
                    self.index.defined.entry((space, name.key.clone())).or_default().push(at);
                }
                match &item.kind {
                    ItemKind::Channels(block) => {
                        for rule in &block.rules {
                            let key = (Space::Channel, rule.name.key.clone());
                            self.index.defined.entry(key).or_default().push(at);
                        }
                    }
                    ItemKind::Review(review) => {
                        self.index.remarks.entry(review.kpi.key.clone()).or_default().push(at);
                    }
                    ItemKind::Note(note) => {
                        self.index.remarks.entry(note.kpi.key.clone()).or_default().push(at);
                    }
                    _ => {}
                }
            }
        }
        self.index.books = self.shelf.books.len();
    }

    /// What the `use`s of the project ask for.
    fn asked_for(&mut self) {
        let own: Vec<usize> = (0..self.shelf.edges.len())
            .filter(|e| self.shelf.books[self.shelf.edges[*e].from].origin == Origin::Project)
            .collect();
        for edge in own {
            let Edge { only, roots, .. } = &self.shelf.edges[edge];
            let (only, roots) = (only.clone(), roots.clone());
            if let Some(only) = &only {
                self.unknown_names(edge, only, &roots);
            }
            let wanted = |name: &Ident| only.iter().flatten().any(|o| o.key == name.key);
            for book in roots {
                for (place, item) in self.shelf.books[book].tree.items.iter().enumerate() {
                    let asked = match (&only, needs::defined(&item.kind)) {
                        (_, None | Some((Space::Report, _))) => false,
                        (None, Some(_)) => true,
                        (Some(_), Some((_, name))) => wanted(name),
                    };
                    if asked {
                        self.queue.push((book, place));
                    }
                }
            }
        }
    }

    /// Reports the names behind `only` that nobody defines there.
    fn unknown_names(&mut self, edge: usize, only: &[Ident], roots: &[usize]) {
        let items = roots.iter().flat_map(|book| &self.shelf.books[*book].tree.items);
        let known: Vec<&Ident> = items
            .filter_map(|item| match &item.kind {
                // What is broken has its message.
                ItemKind::Broken { name, .. } => name.as_ref(),
                kind => needs::defined(kind)
                    .filter(|(space, _)| *space != Space::Report)
                    .map(|(_, name)| name),
            })
            .collect();
        let path = &self.shelf.edges[edge].at;
        let path = self.shelf.sources.slice(*path);
        let mut found = Vec::new();
        for name in only.iter().filter(|o| known.iter().all(|k| k.key != o.key)) {
            let message = format!("{path} does not define `{}`", name.text);
            let told = Diagnostic::new(&codes::UNKNOWN_NAME, message).at(name.span, "not there");
            found.push(match nearest(&name.text, known.iter().map(|k| k.text.as_str())) {
                Some(near) => {
                    told.suggest(format!("did you mean `{near}`?"), name.span, near.to_owned())
                }
                None => told.help("remove it, or name what is defined there"),
            });
        }
        if !found.is_empty() {
            self.shelf.lost.insert(self.shelf.edges[edge].at);
            self.shelf.out.extend(found);
        }
    }

    /// The shipped lists and channel rules that the project calls without a `use`.
    fn needed_by_project(&mut self) {
        let own = self.shelf.books.iter().filter(|b| b.origin == Origin::Project);
        let items = own.flat_map(|b| &b.tree.items).map(|i| &i.kind);
        let wanted: BTreeSet<Need> =
            items.flat_map(needs::of).filter(|(space, key)| unbidden(*space, key)).collect();
        for need in wanted {
            if need.0 == Space::Block && self.is_ruled(&need) {
                continue;
            }
            let found = self.ship(&need);
            self.queue.extend(found);
        }
    }

    /// Whether the project has rules of its own under a name.
    fn is_ruled(&self, need: &Need) -> bool {
        let found = self.index.defined.get(need).into_iter().flatten();
        found.into_iter().any(|(book, place)| {
            let book = &self.shelf.books[*book];
            let ruled = |kind: &ItemKind| match kind {
                ItemKind::Channels(block) => !block.parameters.is_empty(),
                _ => false,
            };
            book.origin == Origin::Project && ruled(&book.tree.items[*place].kind)
        })
    }

    /// Takes an item in, with what it needs.
    fn enter(&mut self, at: At) {
        let (book, place) = at;
        if self.shelf.books[book].origin == Origin::Project || self.chosen.contains_key(&at) {
            return;
        }
        let rank = *self.ranks[book].get_or_insert(1);
        self.chosen.insert(at, rank);
        let item = &self.shelf.books[book].tree.items[place].kind;
        let mut wanted: BTreeSet<Need> = needs::of(item).into_iter().collect();
        let measure = match item {
            ItemKind::Measure(measure) => Some(measure.name.key.clone()),
            _ => None,
        };
        // Its own name, too: what completes it, or is completed by it, belongs to it.
        wanted.extend(needs::defined(item).map(|(space, name)| (space, name.key.clone())));
        for need in wanted {
            for found in self.seen(book, &need) {
                let near = &mut self.ranks[found.0];
                near.get_or_insert(rank);
                self.queue.push(found);
            }
        }
        if let Some(key) = measure {
            let scope = &self.shelf.books[book].scope;
            let remarks = self.index.remarks.get(&key).into_iter().flatten();
            let here: Vec<At> = remarks.filter(|(b, _)| scope.contains(b)).copied().collect();
            for (book, _) in &here {
                self.ranks[*book].get_or_insert(rank);
            }
            self.queue.extend(here);
        }
    }

    /// Gives the channels of KPIs their blocks: a name means what it means where it was written,
    /// whatever blocks the project has.
    fn qualify(&mut self) {
        for (book, place) in self.chosen.keys().copied().collect::<Vec<_>>() {
            let ItemKind::Measure(measure) = &self.shelf.books[book].tree.items[place].kind else {
                continue;
            };
            let Some(mut channels) = measure.channels.clone() else { continue };
            for path in &mut channels.value {
                if let [name] = path.segments.as_slice()
                    && let Some(block) = self.block_of(book, &name.key.clone())
                {
                    path.segments.insert(0, block);
                }
            }
            if let ItemKind::Measure(measure) = &mut self.shelf.books[book].tree.items[place].kind {
                measure.channels = Some(channels);
            }
        }
    }

    /// The one block that a channel belongs to, as a file of a library sees it.
    fn block_of(&mut self, book: usize, channel: &str) -> Option<Ident> {
        let found = self.seen(book, &(Space::Channel, channel.to_owned()));
        let mut names = found.iter().filter_map(|(book, place)| {
            let item = &self.shelf.books[*book].tree.items[*place].kind;
            needs::defined(item).map(|(_, name)| name.clone())
        });
        let first = names.next()?;
        names.all(|n| n.key == first.key).then_some(first)
    }

    /// The items that a name may mean to a file: those of its folder, and what its folder uses.
    fn seen(&mut self, book: usize, need: &Need) -> Vec<At> {
        let scope = &self.shelf.books[book].scope;
        let known = self.index.defined.get(need).map_or(&[][..], Vec::as_slice);
        let mut found: Vec<At> = known.iter().filter(|(b, _)| scope.contains(b)).copied().collect();
        for edge in self.shelf.edges.iter().filter(|e| scope.contains(&e.from)) {
            let allowed =
                edge.only.as_ref().is_none_or(|only| only.iter().any(|o| o.key == need.1));
            if allowed || need.0 == Space::Channel {
                found.extend(known.iter().filter(|(b, _)| edge.roots.contains(b)));
            }
        }
        if found.is_empty() && unbidden(need.0, &need.1) {
            found = self.ship(need);
        }
        found
    }

    /// What the library ships under a name that needs no `use`.
    fn ship(&mut self, need: &Need) -> Vec<At> {
        let Some(file) = source_of(need.0, &need.1).and_then(shipped::find) else {
            return Vec::new();
        };
        let book = self.shelf.shipped(file);
        self.ranks.resize(self.shelf.books.len(), None);
        self.index();
        // Far from everyone, so that all may complete it.
        self.ranks[book].get_or_insert(usize::MAX);
        let items = self.shelf.books[book].tree.items.iter().enumerate();
        let lists = need.0 == Space::List;
        let wanted = items.filter(|(_, item)| match needs::defined(&item.kind) {
            Some((space, name)) => space == need.0 && (lists || name.key == need.1),
            None => false,
        });
        wanted.map(|(place, _)| (book, place)).collect()
    }
}

/// The shipped file behind a name that needs no `use`.
fn source_of(space: Space, key: &str) -> Option<&'static str> {
    match space {
        Space::List => key.starts_with("std.").then_some(shipped::LISTS),
        Space::Block => {
            shipped::CHANNELS.iter().find(|(name, _)| *name == key).map(|(_, file)| *file)
        }
        _ => None,
    }
}

fn unbidden(space: Space, key: &str) -> bool {
    source_of(space, key).is_some()
}
