//! Definitions as they are compared: a name and properties, without layout.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Sources, Span};
use crate::syntax::ast::{self, DateLit, Ident, ItemKind, Member, PeriodPart, When};
use crate::syntax::outline::{Kind, Outline, RawBlock, Run, outline};
use crate::syntax::{self, fold_name};

/// What a definition is known by: metrics and KPIs have one space of names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// `measure`, `source`, `report`, ...
    pub space: &'static str,
    /// The name as compared; of items without one what they are about.
    pub name: String,
    /// Which one of those that have the same name.
    pub turn: usize,
}

/// An item of a file.
#[derive(Clone, Debug)]
pub struct Definition {
    /// What it is known by.
    pub key: Key,
    /// The keyword: `kpi`.
    pub kind: &'static str,
    /// The name as written, or what the item is about.
    pub name: String,
    /// The title in its head.
    pub title: Option<String>,
    /// Where it stands.
    pub span: Span,
    /// Its properties in the order written.
    pub entries: Vec<Entry>,
}

impl Definition {
    /// The first property of a name.
    pub fn entry(&self, property: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.property == property)
    }
}

/// A property, or a line of a block.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `formula`, `title fa`, `columns.visits`.
    pub property: String,
    /// On one line, as written otherwise.
    pub text: String,
    /// What is compared.
    pub tokens: Vec<String>,
    /// Which of several of one name it is: a target's members and day, a rule's name.
    pub slot: String,
    /// A target's `because`.
    pub because: Option<Reason>,
}

/// Why a target is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// `market`, `method`, ...
    pub trigger: Option<String>,
    /// In a sentence.
    pub text: String,
}

/// All definitions of some files in order, those that cannot be read as well.
pub fn definitions(sources: &Sources, files: impl IntoIterator<Item = FileId>) -> Vec<Definition> {
    let mut found = Vec::new();
    for file in files {
        collect(sources, file, &mut found);
    }
    let mut turns: BTreeMap<(&'static str, String), usize> = BTreeMap::new();
    for definition in &mut found {
        let key = &mut definition.key;
        let next = turns.entry((key.space, key.name.clone())).or_default();
        key.turn = *next;
        *next += 1;
    }
    found
}

fn collect(sources: &Sources, file: FileId, found: &mut Vec<Definition>) {
    let mut unheard = Diagnostics::default();
    let tree = syntax::parse(sources, file, &mut unheard);
    let raw = outline(sources, file);
    for (item, outer) in tree.items.iter().zip(&raw.items) {
        let mut reader = Reader { outline: &raw, sources, item, entries: Vec::new() };
        let (space, name) = named(sources, item);
        let title = reader.head(outer.head);
        if let Some(block) = &outer.block {
            reader.block(block, "");
        }
        found.push(Definition {
            key: Key { space, name: fold_name(&name), turn: 0 },
            kind: outer.word,
            name,
            title,
            span: item.span,
            entries: reader.entries,
        });
    }
}

/// The space of names that an item lives in, and its name there.
fn named(sources: &Sources, item: &ast::Item) -> (&'static str, String) {
    let of = |ident: &Ident| ident.text.clone();
    match &item.kind {
        ItemKind::Project(_) => ("project", String::new()),
        ItemKind::Use(found) => ("use", found.path.value.clone()),
        ItemKind::Connection(found) => ("connection", of(&found.name)),
        ItemKind::Source(found) => ("source", of(&found.name)),
        ItemKind::Channels(found) => ("channels", of(&found.name)),
        ItemKind::List(found) => ("list", of(&found.name)),
        ItemKind::Measure(found) => ("measure", of(&found.name)),
        ItemKind::Goal(found) => ("goal", of(&found.name)),
        ItemKind::Review(found) => ("review", format!("{} on {}", found.kpi.text, day(found.on))),
        ItemKind::Note(found) => ("note", format!("{} in {}", found.kpi.text, when(found.when))),
        ItemKind::Event(found) => ("event", found.title.plain.value.clone()),
        ItemKind::Experiment(found) => ("experiment", found.title.plain.value.clone()),
        ItemKind::Report(found) => ("report", of(&found.name)),
        ItemKind::Test(found) => ("test", found.title.plain.value.clone()),
        ItemKind::Broken { keyword, name } => {
            let space = match keyword.as_str() {
                "source" => "source",
                "channels" => "channels",
                "list" => "list",
                "metric" | "kpi" => "measure",
                "goal" => "goal",
                "report" => "report",
                _ => "item",
            };
            let line =
                || format!("line {}", sources.get(item.span.file).place(item.span.start).line);
            (space, name.as_ref().map_or_else(line, of))
        }
    }
}

fn day(day: DateLit) -> String {
    format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
}

fn when(found: When) -> String {
    match found {
        When::Day(found) => day(found),
        When::Period(period) => match period.part {
            PeriodPart::Year => format!("{:04}", period.year),
            PeriodPart::Quarter(n) => format!("{:04}-Q{n}", period.year),
            PeriodPart::Month(n) => format!("{:04}-{n:02}", period.year),
            PeriodPart::Week(n) => format!("{:04}-W{n:02}", period.year),
        },
    }
}

struct Reader<'r> {
    outline: &'r Outline<'r>,
    sources: &'r Sources,
    item: &'r ast::Item,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    /// Reads what stands between the keyword and the block; gives the title.
    fn head(&mut self, run: Run) -> Option<String> {
        let tokens = &self.outline.tokens;
        let find = |is: &dyn Fn(Kind, &str) -> bool| {
            (run.first..run.end).find(|i| is(tokens[*i].kind, tokens[*i].text(self.outline.text)))
        };
        let equals = find(&|kind, text| kind == Kind::Operator && text == "=");
        let colon = find(&|kind, _| kind == Kind::Colon);
        let is_named = !matches!(
            self.item.kind,
            ItemKind::Project(_)
                | ItemKind::Event(_)
                | ItemKind::Experiment(_)
                | ItemKind::Test(_)
                | ItemKind::Note(_)
                | ItemKind::Review(_)
                | ItemKind::Use(_)
        );
        let first = run.first + usize::from(is_named);
        let split = equals.or(colon).unwrap_or(run.end).max(first.min(run.end));
        let about = Run { first: first.min(run.end), end: split, broken: run.broken };
        let behind = Run { first: (split + 1).min(run.end), end: run.end, broken: run.broken };
        match &self.item.kind {
            // What they are known by is in the head.
            ItemKind::Experiment(_) | ItemKind::Test(_) | ItemKind::Review(_) => None,
            ItemKind::Use(_) => {
                self.push("only", Run { first: (run.first + 2).min(run.end), ..run });
                None
            }
            ItemKind::Event(_) | ItemKind::Note(_) => {
                let is_text = |i: &usize| tokens[*i].kind == Kind::Text;
                let text = (about.first..about.end).find(is_text).unwrap_or(about.end);
                if matches!(self.item.kind, ItemKind::Event(_)) {
                    self.push("days", Run { end: text, ..about });
                }
                self.push("text", Run { first: text, ..about });
                None
            }
            _ => {
                let name =
                    if matches!(self.item.kind, ItemKind::Channels(_)) { "of" } else { "title" };
                self.push(name, about);
                let value = if colon == Some(split) { "type" } else { "formula" };
                let value =
                    if matches!(self.item.kind, ItemKind::List(_)) { "values" } else { value };
                self.push(value, behind);
                let text = (about.first..about.end)
                    .find(|i| tokens[*i].kind == Kind::Text)
                    .map(|i| tokens[i].text(self.outline.text));
                text.map(unquoted)
            }
        }
    }

    /// Reads the statements of a block; the properties of inner ones have its name before theirs.
    fn block(&mut self, block: &RawBlock, prefix: &str) {
        for statement in &block.statements {
            let run = statement.run;
            let key = self.outline.key_length(run.first);
            if let Some(inner) = &statement.block {
                let head = self.line(run).replace('"', "");
                self.block(inner, &format!("{prefix}{head}."));
            } else if let Some(length) = key {
                let name = Run { end: (run.first + length).min(run.end), ..run };
                let name = self.line(name).trim_end_matches(':').trim_end().to_owned();
                self.push(&format!("{prefix}{name}"), Run { first: name_end(run, length), ..run });
            } else if matches!(self.item.kind, ItemKind::Channels(_)) {
                let name = self.line(Run { end: (run.first + 1).min(run.end), ..run });
                self.push(
                    &format!("{prefix}rule {name}"),
                    Run { first: (run.first + 1).min(run.end), ..run },
                );
            } else {
                self.push(&format!("{prefix}line"), run);
            }
        }
    }

    fn push(&mut self, property: &str, run: Run) {
        if run.is_empty() {
            return;
        }
        let (mut text, mut slot, mut because) = (self.line(run), String::new(), None);
        let mut tokens = self.tokens(run);
        if property == "target"
            && let ItemKind::Measure(measure) = &self.item.kind
            && let Some(target) = self.target(measure, run)
        {
            let members = target.scope.as_ref().map(|scope| match &scope.member {
                Member::Name(path) => {
                    format!("{} {}", scope.dimension.key, self.sources.slice(path.span))
                }
                Member::Text(text) => format!("{} {}", scope.dimension.key, text.value),
            });
            let since = target.from.map(when).or(target.by.map(|by| format!("by {}", day(by))));
            slot = format!("{}|{}", members.unwrap_or_default(), since.unwrap_or_default());
            because = target.because.as_ref().map(|because| Reason {
                trigger: because.trigger.as_ref().map(|word| word.text.clone()),
                text: because.text.value.split_whitespace().collect::<Vec<_>>().join(" "),
            });
            // The reason is told beside the target.
            if let Some(found) = &target.because
                && let Some((start, end)) = self.because(run, found)
            {
                let (before, after) = (Run { end: start, ..run }, Run { first: end, ..run });
                text = [self.line(before), self.line(after)].join(" ");
                text.truncate(text.trim_end().len());
                tokens = [self.tokens(before), self.tokens(after)].concat();
            }
        }
        let property = property.to_owned();
        self.entries.push(Entry { property, text, tokens, slot, because });
    }

    /// The target that begins where a run does.
    fn target<'m>(&self, measure: &'m ast::Measure, run: Run) -> Option<&'m ast::Target> {
        let (first, last) =
            (self.outline.tokens[run.first].start, self.outline.tokens[run.end - 1].end);
        let found = measure.targets.iter().find(|t| t.span.start <= first && last <= t.span.end)?;
        Some(&found.value)
    }

    /// The tokens of a reason: from `because` to its text.
    fn because(&self, run: Run, found: &ast::Because) -> Option<(usize, usize)> {
        let end = (run.first..run.end)
            .find(|i| self.outline.tokens[*i].start == found.text.span.start)?;
        let start = (run.first..end)
            .rev()
            .find(|i| self.outline.tokens[*i].text(self.outline.text) == "because")?;
        Some((start, end + 1))
    }

    /// A run on one line: comments left out, white space as it is, but for how much of it.
    fn line(&self, run: Run) -> String {
        let mut line = String::new();
        let mut end = None;
        for token in self.of(run) {
            if end.is_some_and(|end| end < token.start) {
                line.push(' ');
            }
            let text = token.text(self.outline.text);
            line.push_str(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            end = Some(token.end);
        }
        line
    }

    fn tokens(&self, run: Run) -> Vec<String> {
        self.of(run)
            .map(|token| match (token.kind, token.text(self.outline.text)) {
                (Kind::Number, text) => plain(text),
                (Kind::Word | Kind::Quoted, text) => fold_name(text),
                (_, text) => text.replace("\r\n", "\n"),
            })
            .collect()
    }

    fn of(&self, run: Run) -> impl Iterator<Item = crate::syntax::outline::Token> {
        let tokens = &self.outline.tokens[run.first.min(run.end)..run.end];
        tokens.iter().filter(|token| token.kind != Kind::Newline).copied()
    }
}

fn name_end(run: Run, length: usize) -> usize {
    (run.first + length).min(run.end)
}

/// A text without its quotes, on one line.
fn unquoted(text: &str) -> String {
    let inner = text.trim_matches('"');
    inner.replace("\\\"", "\"").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number in the digits of ASCII, without what groups them.
fn plain(text: &str) -> String {
    let digit = |c: char| match c {
        '۰'..='۹' => char::from_digit(c as u32 - '۰' as u32, 10),
        '٠'..='٩' => char::from_digit(c as u32 - '٠' as u32, 10),
        '٫' => Some('.'),
        '٪' => Some('%'),
        '_' | '٬' => None,
        c => Some(c),
    };
    text.chars().filter_map(digit).collect()
}
