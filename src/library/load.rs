//! The files that are used: found, read and parsed, each once, with the `use`s in them.

use std::collections::{BTreeMap, BTreeSet};

use super::shipped::{self, Shipped};
use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::host::{EntryKind, Failure, Host, HostError, join};
use crate::source::{Origin, Sources, Span};
use crate::syntax::ast::{self, Ident, ItemKind};
use crate::syntax::paths::{self, Leads};
use crate::syntax::{self};

/// A file with its definitions.
#[derive(Debug)]
pub(super) struct Book {
    /// What it says.
    pub(super) tree: ast::File,
    /// To whom it belongs.
    pub(super) origin: Origin,
    /// The files whose names it sees: those of its folder, itself included.
    pub(super) scope: BTreeSet<usize>,
}

/// A `use`, followed.
#[derive(Debug)]
pub(super) struct Edge {
    /// The file that it stands in.
    pub(super) from: usize,
    /// The path that it names.
    pub(super) at: Span,
    /// The names behind `only`.
    pub(super) only: Option<Vec<Ident>>,
    /// The files that it leads to.
    pub(super) roots: Vec<usize>,
}

/// All files of a project and of what it uses.
pub(super) struct Shelf<'h, 's> {
    host: &'h dyn Host,
    /// Their texts.
    pub(super) sources: &'s mut Sources,
    /// What is wrong with them.
    pub(super) out: &'s mut Diagnostics,
    /// The files, those of the project first.
    pub(super) books: Vec<Book>,
    /// Where they lead.
    pub(super) edges: Vec<Edge>,
    /// The `use`s that lead nowhere: what they may bring in is not known.
    pub(super) lost: BTreeSet<Span>,
    known: BTreeMap<String, usize>,
}

/// What a path leads to.
enum Found {
    Shipped(&'static Shipped),
    ShippedFolder(String),
    File(String),
    Folder(String),
}

impl<'h, 's> Shelf<'h, 's> {
    /// A shelf with the files of a project.
    pub(super) fn new(
        host: &'h dyn Host,
        own: Vec<ast::File>,
        sources: &'s mut Sources,
        out: &'s mut Diagnostics,
    ) -> Self {
        let all: BTreeSet<usize> = (0..own.len()).collect();
        let known = own.iter().enumerate().map(|(at, f)| (sources.get(f.id).path.clone(), at));
        let known = known.collect();
        let book = |tree| Book { tree, origin: Origin::Project, scope: all.clone() };
        let books = own.into_iter().map(book).collect();
        let (edges, lost) = (Vec::new(), BTreeSet::new());
        Self { host, sources, out, books, edges, lost, known }
    }

    /// Follows every `use`, and those in what they lead to.
    pub(super) fn follow(&mut self) -> Result<(), HostError> {
        let mut next = 0;
        while next < self.books.len() {
            let items = self.books[next].tree.items.iter();
            let uses = items.filter_map(|item| match &item.kind {
                ItemKind::Use(found) => Some(found.clone()),
                _ => None,
            });
            for written in uses.collect::<Vec<_>>() {
                let at = written.path.span;
                match self.roots(&written)? {
                    Some(roots) => {
                        self.edges.push(Edge { from: next, at, only: written.only, roots });
                    }
                    None => {
                        self.lost.insert(at);
                    }
                }
            }
            next += 1;
        }
        Ok(())
    }

    fn roots(&mut self, written: &ast::Use) -> Result<Option<Vec<usize>>, HostError> {
        let Some(found) = self.find(written) else { return Ok(None) };
        Ok(Some(match found {
            Found::Shipped(file) => vec![self.shipped(file)],
            Found::ShippedFolder(folder) => {
                shipped::below(&folder).map(|file| self.shipped(file)).collect()
            }
            Found::File(path) => vec![self.file(&path)?],
            Found::Folder(path) => self.folder(&path)?,
        }))
    }

    /// Where a path leads, with a message where that is nowhere.
    fn find(&mut self, written: &ast::Use) -> Option<Found> {
        let path = &written.path;
        if let Some(name) = path.value.strip_prefix("std:") {
            let name = name.trim_matches('/');
            let found = match shipped::find(name) {
                Some(file) => Some(Found::Shipped(file)),
                None if shipped::below(name).next().is_some() => {
                    Some(Found::ShippedFolder(name.to_owned()))
                }
                None => None,
            };
            if found.is_none() {
                self.out.push(unknown_shipped(path, name));
            }
            return found;
        }
        let clean = paths::from_spec(path, Leads::ToDefinitions, self.sources, self.out)?;
        let named = is_spec(&path.value);
        let file = if named { clean.clone() } else { format!("{clean}.kpi") };
        let is_file = !path.value.ends_with('/') && self.host.is_file(&file);
        let listed = self.host.list(&clean);
        if let Err(HostError { kind: Failure::Outside, .. }) = listed {
            self.out.push(paths::outside(path, Leads::ToDefinitions));
            return None;
        }
        // What is no folder cannot be listed, whatever the system calls that.
        match (is_file, !named && listed.is_ok()) {
            (true, false) => Some(Found::File(file)),
            (false, true) => Some(Found::Folder(clean)),
            (true, true) => {
                let message = format!("\"{}\" is a file and a folder", path.value);
                let found = Diagnostic::new(&codes::UNKNOWN_LIBRARY, message);
                let (file, folder) = (format!("{}.kpi", path.value), format!("{}/", path.value));
                let help = format!("write \"{file}\" or \"{folder}\"");
                self.out.push(found.at(path.span, "which of them?").help(help));
                None
            }
            (false, false) => {
                let found = self.unknown(path, &file);
                self.out.push(found);
                None
            }
        }
    }

    /// "there is no file or folder", with the nearest of those beside it.
    fn unknown(&self, path: &ast::Text, file: &str) -> Diagnostic {
        let message = format!("there is no file or folder of definitions \"{}\"", path.value);
        let found = Diagnostic::new(&codes::UNKNOWN_LIBRARY, message).at(path.span, "not there");
        let (home, name) = file.rsplit_once('/').unwrap_or(("", file));
        let name = name.trim_end_matches(".kpi");
        let beside = self.host.list(home).unwrap_or_default();
        let names: Vec<String> = beside
            .iter()
            .filter_map(|entry| match entry.kind {
                EntryKind::Folder => Some(entry.name.clone()),
                EntryKind::File => entry.name.strip_suffix(".kpi").map(ToOwned::to_owned),
            })
            .collect();
        let written = path.value.trim_end_matches('/');
        let start = written.rsplit_once('/').map_or("", |(start, _)| start);
        match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => {
                let fixed = join(start, near);
                let title = format!("did you mean \"{fixed}\"?");
                found.suggest(title, path.span, format!("{fixed:?}"))
            }
            None => found.help("name a folder, or a file without its `.kpi`, from this file on"),
        }
    }

    /// A used file; the others of its folder come beside it.
    fn file(&mut self, path: &str) -> Result<usize, HostError> {
        let home = home_of(path);
        let own = self.book(path)?;
        let mut all = BTreeSet::from([own]);
        for entry in self.host.list(home)? {
            if entry.kind == EntryKind::File && is_spec(&entry.name) {
                all.insert(self.book(&join(home, &entry.name))?);
            }
        }
        self.share(&all);
        Ok(own)
    }

    /// A used folder: its files, without those of projects in its subfolders.
    fn folder(&mut self, path: &str) -> Result<Vec<usize>, HostError> {
        let mut all = Vec::new();
        for file in self.host.specs(path)? {
            all.push(self.book(&file)?);
        }
        let other = |at: &usize| {
            let book = &self.books[*at];
            let home = home_of(&self.sources.get(book.tree.id).path);
            (is_project(&book.tree) && home != path).then(|| format!("{home}/"))
        };
        let others: Vec<String> = all.iter().filter_map(other).collect();
        all.retain(|at| {
            let file = &self.sources.get(self.books[*at].tree.id).path;
            !others.iter().any(|other| file.starts_with(other))
        });
        self.share(&all.iter().copied().collect());
        Ok(all)
    }

    /// Lets files see one another's names.
    fn share(&mut self, all: &BTreeSet<usize>) {
        for at in all {
            let book = &mut self.books[*at];
            if book.origin == Origin::Library {
                book.scope.extend(all);
            }
        }
    }

    /// A file of the shipped library, with those beside it.
    pub(super) fn shipped(&mut self, file: &'static Shipped) -> usize {
        let mut all = BTreeSet::new();
        for file in shipped::beside(file.name) {
            let path = format!("std:{}", file.name);
            let at = match self.known.get(&path) {
                Some(at) => *at,
                None => self.take(path, file.text.to_owned(), None),
            };
            if file.name == shipped::LISTS {
                rename_lists(&mut self.books[at].tree.items);
            }
            all.insert(at);
        }
        self.share(&all);
        self.known.get(&format!("std:{}", file.name)).copied().unwrap_or_default()
    }

    /// A file by its path, read where it is not known yet.
    fn book(&mut self, path: &str) -> Result<usize, HostError> {
        if let Some(at) = self.known.get(path) {
            return Ok(*at);
        }
        let (text, cut) = super::text_of(self.host, path)?;
        Ok(self.take(path.to_owned(), text, cut))
    }

    fn take(&mut self, path: String, text: String, cut: Option<super::Cut>) -> usize {
        let id = self.sources.add_of(Origin::Library, path.clone(), text);
        let mut found = Diagnostics::default();
        let tree = syntax::parse(self.sources, id, &mut found);
        match cut {
            Some(cut) => self.out.push(cut.told(id)),
            None => self.out.extend(found),
        }
        let at = self.books.len();
        let scope = BTreeSet::from([at]);
        self.books.push(Book { tree, origin: Origin::Library, scope });
        self.known.insert(path, at);
        at
    }
}

/// Whether a path names a file of definitions.
fn is_spec(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|e| e == "kpi")
}

/// The folder of a path.
pub(super) fn home_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(home, _)| home)
}

/// Whether a file holds a `project` block.
pub(crate) fn is_project(tree: &ast::File) -> bool {
    tree.items.iter().any(|i| matches!(i.kind, ItemKind::Project(_)))
}

fn unknown_shipped(path: &ast::Text, name: &str) -> Diagnostic {
    let message = format!("the standard library has no `{name}`");
    let found = Diagnostic::new(&codes::UNKNOWN_LIBRARY, message).at(path.span, "not there");
    let known = shipped::names();
    match nearest(name, known.iter().copied()) {
        Some(near) => {
            let fixed = format!("\"std:{near}\"");
            found.suggest(format!("did you mean {fixed}?"), path.span, fixed.clone())
        }
        None => found.help(format!("it has {}; see `kpi list --std`", known.join(", "))),
    }
}

/// The lists of the library go by `std.NAME`, so that none of a project is meant.
fn rename_lists(items: &mut [ast::Item]) {
    for item in items {
        if let ItemKind::List(list) = &mut item.kind
            && !list.name.key.starts_with("std.")
        {
            list.name.key = shipped::list_key(&list.name.key);
            list.name.text = shipped::list_key(&list.name.text);
        }
    }
}
