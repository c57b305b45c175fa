//! Names: what is defined where, once each, and what a misspelt one may have meant.
//!
//! Sources, blocks of channels, goals, reports, lists, and metrics with KPIs are namespaces of
//! their own. An item whose head cannot be read defines its name all the same, so that uses of it
//! give no second message.

use std::cell::Cell;
use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, codes, nearest};
use crate::source::{Sources, Span};
use crate::syntax::ast::{self, Ident, ItemKind};
use crate::syntax::{fold_name, is_name};

/// What a name stands for, in the order of definition.
#[derive(Debug)]
pub(super) struct Namespace<T> {
    entries: Vec<Entry<T>>,
    index: HashMap<String, usize>,
    sound: u32,
    /// Whether an item's name cannot be read, so that it may be any.
    nameless: bool,
}

/// A defined name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<T> {
    /// Where it is defined.
    pub(super) span: Span,
    /// The item and its place among the sound ones; none where the item is broken.
    pub(super) item: Option<(u32, T)>,
}

/// What a look-up gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found<T> {
    /// The item, by its place.
    Item(u32, T),
    /// It is defined, but broken; or what a `use` brings in is not known: say nothing.
    Silent,
    /// Nobody defines it.
    Nowhere,
}

impl<T> Default for Namespace<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), index: HashMap::new(), sound: 0, nameless: false }
    }
}

impl<T: Copy> Namespace<T> {
    /// Defines a name unless it is taken; then gives the place of the first definition.
    fn define(&mut self, key: &str, span: Span, item: Option<T>) -> Result<(), Span> {
        if let Some(at) = self.index.get(key) {
            return Err(self.entries[*at].span);
        }
        self.index.insert(key.to_owned(), self.entries.len());
        let item = item.map(|item| {
            self.sound += 1;
            (self.sound - 1, item)
        });
        self.entries.push(Entry { span, item });
        Ok(())
    }

    /// What is defined under a name.
    pub(super) fn entry(&self, key: &str) -> Option<&Entry<T>> {
        self.index.get(key).map(|at| &self.entries[*at])
    }

    /// The sound items in order.
    pub(super) fn items(&self) -> impl Iterator<Item = T> + '_ {
        self.entries.iter().filter_map(|e| e.item.map(|(_, item)| item))
    }
}

/// A channel with its block.
pub(super) type Placed<'a> = (&'a ast::Channels, &'a ast::ChannelRule);

/// All names of a project.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    /// The `project` block.
    pub(super) project: Option<&'a ast::Project>,
    /// `source`
    pub(super) sources: Namespace<&'a ast::Source>,
    /// `connection`
    pub(super) connections: Namespace<&'a ast::Connection>,
    /// `channels`: the blocks.
    pub(super) blocks: Namespace<&'a ast::Channels>,
    /// The channels of all blocks, the first block first: of each name all that have it.
    pub(super) channels: HashMap<&'a str, Vec<Placed<'a>>>,
    /// `goal`
    pub(super) goals: Namespace<&'a ast::Goal>,
    /// `report`
    pub(super) reports: Namespace<&'a ast::Report>,
    /// `list`
    pub(super) lists: Namespace<&'a ast::List>,
    /// `metric` and `kpi`
    pub(super) measures: Namespace<&'a ast::Measure>,
    /// The inputs that are stated without a formula, by name, each as often as it is.
    pub(super) stated: HashMap<&'a str, Vec<&'a ast::ColumnType>>,
    /// Whether a `use` leads nowhere, so that a name that is not here may be there.
    pub(super) uses: bool,
    /// How many names have been looked for among all others.
    searched: Cell<usize>,
}

/// So many unknown names are held against every known one. Who has more of them has another
/// mistake, and comparing all with all takes its time.
const SEARCHED: usize = 300;

impl<'a> Names<'a> {
    /// Looks a name up; one that nobody defines may come from a `use`.
    pub(super) fn find<T: Copy>(&self, space: &Namespace<T>, key: &str) -> Found<T> {
        match space.entry(key) {
            Some(Entry { item: Some((at, item)), .. }) => Found::Item(*at, *item),
            Some(_) => Found::Silent,
            None if self.uses || space.nameless => Found::Silent,
            None => Found::Nowhere,
        }
    }

    /// The measures that an unknown name may mean, by name.
    pub(super) fn known_measures(&self) -> impl Iterator<Item = &'a str> {
        self.known(&self.measures, |m| m.name.text.as_str())
    }

    /// The names that an unknown one may mean; none any more after too many searches.
    pub(super) fn known<T: Copy>(
        &self,
        space: &Namespace<T>,
        name: impl Fn(T) -> &'a str,
    ) -> impl Iterator<Item = &'a str> {
        self.searched.set(self.searched.get() + 1);
        let most = if self.searched.get() > SEARCHED { 0 } else { usize::MAX };
        space.items().map(name).take(most)
    }

    /// The measure of a name, with a message where there is none. `what` is how the place calls
    /// what it is looking for: "metric or KPI".
    pub(super) fn measure(&self, name: &Ident, what: &str, out: &mut Diagnostics) -> Option<u32> {
        match self.find(&self.measures, &name.key) {
            Found::Item(at, _) => Some(at),
            Found::Silent => None,
            Found::Nowhere => {
                let known = self.known_measures();
                out.push(unknown(&codes::UNKNOWN_NAME, what, name, known));
                None
            }
        }
    }

    /// The source of a name, with a message where there is none.
    pub(super) fn source(&self, name: &Ident, out: &mut Diagnostics) -> Option<u32> {
        match self.find(&self.sources, &name.key) {
            Found::Item(at, _) => Some(at),
            Found::Silent => None,
            Found::Nowhere => {
                let known = self.known(&self.sources, |s| s.name.text.as_str());
                out.push(unknown(&codes::UNKNOWN_SOURCE, "source", name, known));
                None
            }
        }
    }

    /// The connection of a name, with a message where there is none.
    pub(super) fn connection(
        &self,
        name: &Ident,
        out: &mut Diagnostics,
    ) -> Option<&'a ast::Connection> {
        match self.find(&self.connections, &name.key) {
            Found::Item(_, item) => Some(item),
            Found::Silent => None,
            Found::Nowhere => {
                let known = self.known(&self.connections, |c| c.name.text.as_str());
                let found = unknown(&codes::UNKNOWN_NAME, "connection", name, known);
                let none = self.connections.items().next().is_none();
                let first =
                    format!("define it: `connection {} {{ dialect: postgres }}`", name.text);
                out.push(if none { found.help(first) } else { found });
                None
            }
        }
    }

    /// The goal of a name, with a message where there is none.
    pub(super) fn goal(&self, name: &Ident, out: &mut Diagnostics) -> Option<u32> {
        match self.find(&self.goals, &name.key) {
            Found::Item(at, _) => Some(at),
            Found::Silent => None,
            Found::Nowhere => {
                let known = self.known(&self.goals, |g| g.name.text.as_str());
                out.push(unknown(&codes::UNKNOWN_NAME, "goal", name, known));
                None
            }
        }
    }

    /// The channels that an unknown name may mean.
    fn known_channels(&self) -> impl Iterator<Item = &'a str> {
        let blocks = self.known(&self.blocks, |b| b.name.text.as_str()).count();
        let rules = self.blocks.items().take(blocks).flat_map(|b| &b.rules);
        rules.map(|r| r.name.text.as_str())
    }

    /// The channel of `email` or `block.email`, with a message where there is none or where several
    /// blocks have it. Of a block of the project and one of a library the project's is meant.
    pub(super) fn channel(
        &self,
        path: &ast::Path,
        texts: &Sources,
        out: &mut Diagnostics,
    ) -> Option<Placed<'a>> {
        let (name, block) = match path.segments.as_slice() {
            [name] => (name, None),
            [block, name] => (name, Some(block)),
            _ => return None,
        };
        let block = match block {
            None => None,
            Some(block) => match self.find(&self.blocks, &block.key) {
                Found::Item(_, block) => Some(block),
                Found::Silent => return None,
                Found::Nowhere => {
                    let known = self.blocks.items().map(|b| b.name.text.as_str());
                    out.push(unknown(&codes::UNKNOWN_NAME, "block of channels", block, known));
                    return None;
                }
            },
        };
        let found = match block {
            Some(block) => {
                let rule = block.rules.iter().find(|r| r.name.key == name.key);
                rule.map(|rule| (block, rule))
            }
            None => self.bare_channel(name, texts, out),
        };
        if found.is_none() && !self.uses && !self.blocks.nameless {
            let all = self.known_channels();
            let known = block.map_or_else(
                || all.collect::<Vec<_>>(),
                |block| block.rules.iter().map(|r| r.name.text.as_str()).collect(),
            );
            out.push(unknown(&codes::UNKNOWN_NAME, "channel", name, known));
        }
        found
    }

    /// The channel of a name without its block.
    fn bare_channel(
        &self,
        name: &Ident,
        texts: &Sources,
        out: &mut Diagnostics,
    ) -> Option<Placed<'a>> {
        let all = self.channels.get(name.key.as_str())?;
        let own: Vec<Placed<'a>> =
            all.iter().filter(|(b, _)| !texts.is_borrowed(b.name.span)).copied().collect();
        let meant = if own.is_empty() { all } else { &own };
        if let [first, second, ..] = meant.as_slice()
            && !std::ptr::eq(first.0, second.0)
        {
            let text = &name.text;
            let full: Vec<String> =
                meant.iter().map(|(b, _)| format!("`{}.{text}`", b.name.text)).collect();
            let message = format!("`{text}` is a channel of several blocks");
            let found = Diagnostic::new(&codes::AMBIGUOUS_CHANNEL, message)
                .at(name.span, "of which block?")
                .at(first.1.name.span, format!("of `{}`", first.0.name.text))
                .at(second.1.name.span, format!("of `{}`", second.0.name.text));
            out.push(found.help(format!("write {}", full.join(" or "))));
        }
        meant.first().copied()
    }
}

/// "unknown metric `x`", with the nearest of the known names.
pub(super) fn unknown<'k>(
    code: &'static Code,
    what: &str,
    name: &Ident,
    known: impl IntoIterator<Item = &'k str>,
) -> Diagnostic {
    let message = format!("unknown {what} `{}`", name.text);
    let diagnostic =
        Diagnostic::new(code, message).at(name.span, format!("no {what} of that name"));
    meant(diagnostic, name, known)
}

/// Adds "did you mean", where a known name is near.
pub(super) fn meant<'k>(
    diagnostic: Diagnostic,
    name: &Ident,
    known: impl IntoIterator<Item = &'k str>,
) -> Diagnostic {
    // Names of very different length cannot be near, and measuring them is what costs.
    let length = name.text.len();
    let limit = length / 3 + 4;
    let near = known.into_iter().filter(|k| k.len().abs_diff(length) <= limit);
    match nearest(&name.text, near) {
        Some(near) => {
            diagnostic.suggest(format!("did you mean `{near}`?"), name.span, near.to_owned())
        }
        None => diagnostic,
    }
}

/// Finds every definition; a name that is defined twice is reported with both places.
pub(super) fn collect<'a>(files: &'a [ast::File], out: &mut Diagnostics) -> Names<'a> {
    let mut names = Names::default();
    let items = || files.iter().flat_map(|f| &f.items);
    names.uses = items().any(|i| {
        matches!(&i.kind, ItemKind::Use(_))
            || matches!(&i.kind, ItemKind::Broken { keyword, .. } if keyword == "use")
    });
    let needs = open_needs(files);
    let mut project: Option<Span> = None;
    for item in items() {
        let twice = match &item.kind {
            ItemKind::Project(block) => {
                match project {
                    None => (project, names.project) = (Some(item.keyword), Some(block.as_ref())),
                    Some(first) => out.push(second_project(item.keyword, first)),
                }
                Ok(())
            }
            ItemKind::Source(source) => {
                define(&mut names.sources, &source.name, Some(source.as_ref()))
            }
            ItemKind::Connection(connection) => {
                define(&mut names.connections, &connection.name, Some(connection))
            }
            ItemKind::Channels(block) => {
                for rule in &block.rules {
                    names.channels.entry(&rule.name.key).or_default().push((block, rule));
                }
                define(&mut names.blocks, &block.name, Some(block))
            }
            ItemKind::Goal(goal) => define(&mut names.goals, &goal.name, Some(goal)),
            ItemKind::Report(report) => {
                define(&mut names.reports, &report.name, Some(report.as_ref()))
            }
            ItemKind::List(list) => define(&mut names.lists, &list.name, Some(list)),
            ItemKind::Measure(measure) => {
                // An input is completed by its definition, and stated as often as one likes.
                let stands = needs.get(measure.name.key.as_str());
                let stands = stands.is_none_or(|first| std::ptr::eq(*first, measure.as_ref()));
                if let Some(needs) = &measure.needs {
                    names.stated.entry(&measure.name.key).or_default().push(needs);
                }
                if is_open(measure) && !stands {
                    Ok(())
                } else {
                    define(&mut names.measures, &measure.name, Some(measure.as_ref()))
                }
            }
            ItemKind::Broken { keyword, name: Some(name) } => {
                define_broken(&mut names, keyword, name.span, Some(&name.key));
                Ok(())
            }
            ItemKind::Broken { keyword, name: None } => {
                define_broken(&mut names, keyword, item.keyword, None);
                Ok(())
            }
            ItemKind::Use(_)
            | ItemKind::Review(_)
            | ItemKind::Note(_)
            | ItemKind::Event(_)
            | ItemKind::Experiment(_)
            | ItemKind::Test(_) => Ok(()),
        };
        if let Err((name, first)) = twice {
            out.push(duplicate(name, first));
        }
    }
    names
}

/// For each input without a formula the item that stands for it: its definition where there is
/// one, else the first statement.
fn open_needs(files: &[ast::File]) -> HashMap<&str, &ast::Measure> {
    let mut found: HashMap<&str, &ast::Measure> = HashMap::new();
    for item in files.iter().flat_map(|f| &f.items) {
        if let ItemKind::Measure(measure) = &item.kind {
            let entry = found.entry(&measure.name.key).or_insert(measure);
            if is_open(entry) && !is_open(measure) {
                *entry = measure;
            }
        }
    }
    found
}

/// Whether a measure is an input that is only stated.
fn is_open(measure: &ast::Measure) -> bool {
    measure.needs.is_some() && measure.formula.is_none()
}

fn second_project(at: Span, first: Span) -> Diagnostic {
    Diagnostic::new(&codes::DUPLICATE_NAME, "a project has one `project` block")
        .at(at, "a second one")
        .at(first, "the first one")
        .help("keep one of them, or give the other a folder of its own")
}

type Twice<'a> = Result<(), (&'a Ident, Span)>;

fn define<'a, T: Copy>(space: &mut Namespace<T>, name: &'a Ident, item: Option<T>) -> Twice<'a> {
    space.define(&name.key, name.span, item).map_err(|first| (name, first))
}

/// Defines the name of an item that cannot be read, in every namespace that the keyword may mean.
/// Whether it is there twice cannot be known.
fn define_broken(names: &mut Names<'_>, keyword: &str, span: Span, name: Option<&str>) {
    fn take<T: Copy>(space: &mut Namespace<T>, span: Span, name: Option<&str>) {
        match name {
            Some(key) => {
                let _ = space.define(key, span, None);
            }
            None => space.nameless = true,
        }
    }
    match keyword {
        "source" => take(&mut names.sources, span, name),
        "channels" => take(&mut names.blocks, span, name),
        "connection" => take(&mut names.connections, span, name),
        "goal" => take(&mut names.goals, span, name),
        "report" => take(&mut names.reports, span, name),
        "list" => take(&mut names.lists, span, name),
        "metric" | "kpi" => take(&mut names.measures, span, name),
        "use" | "project" | "review" | "note" | "event" | "experiment" | "test" => {}
        // A misspelt keyword: it may have been any of them.
        _ if name.is_some() => {
            take(&mut names.sources, span, name);
            take(&mut names.connections, span, name);
            take(&mut names.blocks, span, name);
            take(&mut names.goals, span, name);
            take(&mut names.reports, span, name);
            take(&mut names.lists, span, name);
            take(&mut names.measures, span, name);
        }
        _ => {}
    }
}

/// Defines what stands behind words that are no keyword: `kip revenue "Revenue" {`.
pub(super) fn define_lost(names: &mut Names<'_>, texts: &Sources, out: &Diagnostics) {
    for found in out.iter().filter(|d| d.code == &codes::NO_ITEM) {
        let Some(span) = found.span() else { continue };
        let text = &texts.get(span.file).text[span.range().start..];
        let line = text.lines().next().unwrap_or_default();
        let mut words = line.split(|c: char| c.is_whitespace() || "\"{=:(".contains(c));
        let keyword = words.next().unwrap_or_default();
        if let Some(name) = words.find(|w| !w.is_empty()).filter(|w| is_name(w)) {
            let keyword = if name == keyword { "" } else { keyword };
            define_broken(names, keyword, span, Some(&fold_name(name)));
        }
    }
}

fn duplicate(name: &Ident, first: Span) -> Diagnostic {
    Diagnostic::new(&codes::DUPLICATE_NAME, format!("`{}` is defined twice", name.text))
        .at(name.span, "the second definition")
        .at(first, "the first definition")
        .help("choose another name")
}
