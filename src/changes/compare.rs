//! Two states side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::definition::{Definition, Entry, Key, Reason};
use crate::source::Span;

/// A definition that is not what it was.
#[derive(Clone, Debug)]
pub struct Change {
    /// What it is known by now; of a removed one, what it was known by.
    pub key: Key,
    /// The keyword: `kpi`.
    pub kind: &'static str,
    /// Its name as written.
    pub name: String,
    /// The name that it had, where that was another.
    pub was: Option<String>,
    /// Its title, where it has one.
    pub title: Option<String>,
    /// What happened to it.
    pub what: What,
    /// Where it stands; of a removed one, where it stood.
    pub span: Span,
    /// Its properties that differ.
    pub edits: Vec<Edit>,
}

/// What happened to a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It was not there.
    Added,
    /// It is there no more.
    Removed,
    /// It has other properties.
    Changed,
    /// It has another name, and perhaps other properties.
    Renamed,
}

impl What {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Renamed => "renamed",
        }
    }
}

/// A property that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// `formula`, `target`, `columns.visits`.
    pub property: String,
    /// What it was; none where it was not there.
    pub old: Option<String>,
    /// What it is; none where it is not there.
    pub new: Option<String>,
    /// The reason that a new target gives.
    pub because: Option<Reason>,
    /// Whether it gave the same one before.
    pub same_reason: bool,
}

/// What changed from some definitions to others: those that are there, in their order, each removed
/// one behind what it stood behind.
pub fn compare(old: &[Definition], new: &[Definition]) -> Vec<Change> {
    let before: BTreeMap<&Key, &Definition> = old.iter().map(|d| (&d.key, d)).collect();
    let after: BTreeMap<&Key, &Definition> = new.iter().map(|d| (&d.key, d)).collect();
    let gone: Vec<&Definition> = old.iter().filter(|d| !after.contains_key(&d.key)).collect();
    let come: Vec<&Definition> = new.iter().filter(|d| !before.contains_key(&d.key)).collect();
    let renamed = renames(&gone, &come);
    // What names the renamed ones has not changed with them.
    let names = names(&renamed);
    let mut changes: Vec<Change> = Vec::new();
    let taken: BTreeSet<&Key> = renamed.values().map(|old| &old.key).collect();
    let mut left: Vec<&Definition> = gone;
    left.retain(|d| !taken.contains(&d.key));
    for found in new {
        let (what, was) = match (before.get(&found.key), renamed.get(&found.key)) {
            (Some(was), _) => (What::Changed, Some(*was)),
            (None, Some(was)) => (What::Renamed, Some(*was)),
            (None, None) => (What::Added, None),
        };
        let edits = edits(was, Some(found), &names);
        if what != What::Changed || !edits.is_empty() {
            let name = was.filter(|_| what == What::Renamed).map(|was| was.name.clone());
            changes.push(change(found, what, name, edits));
        }
    }
    for found in left {
        let edits = edits(Some(found), None, &names);
        let place = old.iter().position(|d| d.key == found.key).unwrap_or(0);
        let ahead: BTreeSet<&Key> = old[..place].iter().map(|d| &d.key).collect();
        let at = changes.iter().rposition(|change| ahead.contains(&change.key));
        changes.insert(at.map_or(0, |at| at + 1), change(found, What::Removed, None, edits));
    }
    changes
}

fn change(found: &Definition, what: What, was: Option<String>, edits: Vec<Edit>) -> Change {
    Change {
        key: found.key.clone(),
        kind: found.kind,
        name: found.name.clone(),
        was,
        title: found.title.clone(),
        what,
        span: found.span,
        edits,
    }
}

/// Names that definitions had, as compared, and those that they have now.
type Names = BTreeMap<String, String>;

/// So often is looked for what only has the same formula once other names are put into it.
const ROUNDS: usize = 8;

/// Those that came, each with the one of those that went that it was: the same but for its name,
/// or nearly so.
fn renames<'d>(
    gone: &[&'d Definition],
    come: &[&'d Definition],
) -> BTreeMap<&'d Key, &'d Definition> {
    let mut found: BTreeMap<&Key, &Definition> = BTreeMap::new();
    let mut taken: BTreeSet<&Key> = BTreeSet::new();
    for _ in 0..ROUNDS {
        let names = names(&found);
        // As they would be written today.
        let open: Vec<(&Definition, Vec<Vec<String>>)> = gone
            .iter()
            .filter(|old| !taken.contains(&old.key))
            .map(|old| (*old, old.entries.iter().map(|e| with_names(&e.tokens, &names)).collect()))
            .collect();
        let mut pairs: Vec<(usize, &Definition, &Definition)> = Vec::new();
        for new in come.iter().filter(|new| !found.contains_key(&new.key) && !is_about(new)) {
            let alike = open.iter().filter(|(old, _)| old.kind == new.kind);
            let alike = alike.filter_map(|(old, tokens)| Some((likeness(old, tokens, new)?, *old)));
            pairs.extend(alike.map(|(likeness, old)| (likeness, old, *new)));
        }
        if pairs.is_empty() {
            break;
        }
        // The most alike first; of equals the first of the file.
        pairs.sort_by_key(|(likeness, _, _)| std::cmp::Reverse(*likeness));
        for (_, old, new) in pairs {
            if !found.contains_key(&new.key) && taken.insert(&old.key) {
                found.insert(&new.key, old);
            }
        }
    }
    found
}

fn names(renamed: &BTreeMap<&Key, &Definition>) -> Names {
    renamed.iter().map(|(new, old)| (old.key.name.clone(), new.name.clone())).collect()
}

/// What was written, with the new names of what it names.
fn with_names(tokens: &[String], names: &Names) -> Vec<String> {
    tokens.iter().map(|token| names.get(token).unwrap_or(token).clone()).collect()
}

/// Whether what an item is known by is what it says: another one is another item.
fn is_about(found: &Definition) -> bool {
    matches!(found.key.space, "project" | "use" | "review" | "note" | "event" | "item")
}

/// How much two definitions have in common, in percent; none where that is less than half, or not
/// what makes them what they are. `tokens` are those of the old one's entries.
fn likeness(old: &Definition, tokens: &[Vec<String>], new: &Definition) -> Option<usize> {
    const HEART: [&str; 4] = ["formula", "values", "csv", "type"];
    let (mut common, mut has_heart, mut keeps_heart) = (0, false, false);
    for (entry, tokens) in old.entries.iter().zip(tokens) {
        let same = new.entries.iter().any(|e| e.property == entry.property && e.tokens == *tokens);
        let is_heart = HEART.contains(&entry.property.as_str());
        common += usize::from(same);
        has_heart |= is_heart;
        keeps_heart |= is_heart && same;
    }
    let all = old.entries.len() + new.entries.len() - common;
    let percent = (common * 100).checked_div(all)?;
    (percent >= 50 && (keeps_heart || !has_heart)).then_some(percent)
}

/// The properties that differ. `names` are the new names of what was renamed.
fn edits(old: Option<&Definition>, new: Option<&Definition>, names: &Names) -> Vec<Edit> {
    let mut edits = Vec::new();
    if let (Some(old), Some(new)) = (old, new)
        && old.kind != new.kind
    {
        edits.push(Edit {
            property: "kind".to_owned(),
            old: Some(old.kind.to_owned()),
            new: Some(new.kind.to_owned()),
            because: None,
            same_reason: false,
        });
    }
    let mut before: Vec<&Entry> = old.iter().flat_map(|d| &d.entries).collect();
    let mut after: Vec<&Entry> = new.iter().flat_map(|d| &d.entries).collect();
    let order = order(&before, &after);
    // What stands on both sides has not changed.
    before.retain(|entry| {
        let tokens = with_names(&entry.tokens, names);
        let same = |e: &&Entry| {
            e.property == entry.property
                && (e.tokens == entry.tokens || e.tokens == tokens)
                && e.because == entry.because
        };
        match after.iter().position(same) {
            Some(at) => {
                after.remove(at);
                false
            }
            None => true,
        }
    });
    let edit = |old: Option<&Entry>, new: Option<&Entry>| Edit {
        property: new.or(old).map_or_else(String::new, |e| e.property.clone()),
        old: old.map(|e| e.text.clone()),
        new: new.map(|e| e.text.clone()),
        because: new.and_then(|e| e.because.clone()),
        same_reason: old.zip(new).is_some_and(|(old, new)| old.because == new.because),
    };
    // Each against the one of its own slot, then against what is left of its members.
    let mut paired: Vec<(Option<&Entry>, Option<&Entry>)> = Vec::new();
    let members = |entry: &Entry| entry.slot.split('|').next().unwrap_or_default().to_owned();
    let exact = |a: &Entry, b: &Entry| a.property == b.property && a.slot == b.slot;
    let loose = |a: &Entry, b: &Entry| a.property == b.property && members(a) == members(b);
    for alike in [&exact as &dyn Fn(&Entry, &Entry) -> bool, &loose] {
        let mut at = 0;
        while at < after.len() {
            let entry = after[at];
            if let Some(place) = before.iter().position(|old| alike(old, entry)) {
                paired.push((Some(before.remove(place)), Some(entry)));
                after.remove(at);
            } else {
                at += 1;
            }
        }
    }
    paired.extend(after.into_iter().map(|new| (None, Some(new))));
    paired.extend(before.into_iter().map(|old| (Some(old), None)));
    // In the order of what is there; what went comes last.
    let place = |all: &[Entry], entry: &Entry| all.iter().position(|e| std::ptr::eq(e, entry));
    paired.sort_by_key(|(before, after)| match (after, new, before, old) {
        (Some(entry), Some(new), _, _) => (0, place(&new.entries, entry)),
        (None, _, Some(entry), Some(old)) => (1, place(&old.entries, entry)),
        _ => (2, None),
    });
    edits.extend(paired.into_iter().map(|(old, new)| edit(old, new)));
    edits.extend(order);
    edits
}

/// The rules of channels, where the same ones stand in another order: the first that fits decides.
fn order(before: &[&Entry], after: &[&Entry]) -> Option<Edit> {
    let rules = |all: &[&Entry]| -> Vec<String> {
        all.iter().filter_map(|e| Some(e.property.strip_prefix("rule ")?.to_owned())).collect()
    };
    let (old, new) = (rules(before), rules(after));
    let kept = |all: &[String], other: &[String]| -> Vec<String> {
        all.iter().filter(|name| other.contains(name)).cloned().collect()
    };
    (kept(&old, &new) != kept(&new, &old)).then(|| Edit {
        property: "order".to_owned(),
        old: Some(old.join(", ")),
        new: Some(new.join(", ")),
        because: None,
        same_reason: false,
    })
}
