//! For the page of a pull request: small enough to be a comment.

use std::fmt::Write as _;

use super::Compared;
use super::wording::{
    Numbers, Units, edits, extent, member, place, reason, sentence, status, summary, unvalued,
};
use crate::changes::{Change, What};
use crate::driver::{Effect, Moved};
use crate::render::escape_markdown;

/// The most bytes; GitHub refuses a comment of more than 65,536 characters.
const MOST: usize = 60_000;
/// So many members are told one by one.
const MEMBERS: usize = 8;

/// The whole text; sections that do not fit are counted.
pub(super) fn write(compared: &Compared) -> String {
    let found = &compared.found;
    let fork = if compared.from_fork { ", from where they parted" } else { "" };
    let mut out = format!(
        "### KPIs: {} → {}{fork}\n\n{}\n",
        text(&compared.old.shown()),
        text(&compared.new.shown()),
        text(&summary(compared))
    );
    if let Some(why) = unvalued(compared) {
        let _ = write!(out, "\n{}\n", text(&why));
    }
    let numbers = Numbers::new();
    let effect_of = |change: &Change| {
        let is_it = |e: &&Effect| change.kind == "kpi" && e.name == change.name;
        found.effects.iter().find(is_it)
    };
    let mut sections: Vec<String> =
        found.changes.iter().map(|c| section(compared, c, effect_of(c), &numbers)).collect();
    let told = |e: &&Effect| found.changes.iter().any(|c| c.kind == "kpi" && c.name == e.name);
    let others: Vec<&Effect> = found.effects.iter().filter(|e| !told(e)).collect();
    sections.extend(others.into_iter().map(|effect| {
        format!(
            "\n#### {} (`{}`)\n\nOther values.\n{}",
            text(&effect.title),
            effect.name,
            table(effect, &numbers)
        )
    }));
    let mut left = 0;
    for section in &sections {
        if left > 0 || out.len() + section.len() > MOST {
            left += 1;
        } else {
            out += section;
        }
    }
    if left > 0 {
        let _ = write!(out, "\n… and {left} more: `kpi diff` lists them all.\n");
    }
    out
}

fn section(
    compared: &Compared,
    change: &Change,
    effect: Option<&Effect>,
    numbers: &Numbers,
) -> String {
    let name = match &change.title {
        Some(title) => format!("{} (`{}`)", text(title), change.name),
        None if change.name.is_empty() => String::new(),
        None => format!("`{}`", change.name),
    };
    let what = match (&change.was, change.what) {
        (Some(was), _) => format!(", until now `{was}`"),
        (None, What::Changed) => String::new(),
        (None, what) => format!(", {}", what.word()),
    };
    let place = text(&place(compared, change));
    let mut out = format!("\n#### {} {name}{what}\n\n{place}\n", change.kind);
    if edits(change).next().is_some() {
        out.push('\n');
    }
    for edit in edits(change) {
        let _ = writeln!(out, "- {}", text(&sentence(edit)));
        if let Some(reason) = reason(edit) {
            let _ = writeln!(out, "  {}", text(&reason));
        }
    }
    if let Some(effect) = effect {
        out += &table(effect, numbers);
    }
    out
}

fn table(effect: &Effect, numbers: &Numbers) -> String {
    let mut out = String::new();
    let members = effect.members.iter().filter(|_| effect.what == What::Changed);
    let rows: Vec<&Moved> = effect.latest.iter().chain(members.take(MEMBERS)).collect();
    if !rows.is_empty() {
        out += "\n| period | | value | target | status |\n|---|---|---|---|---|\n";
    }
    for row in rows {
        let cells = [
            row.label.clone(),
            member(row),
            numbers.value(row, Units::of(effect)),
            numbers.target(row, Units::of(effect)).unwrap_or_default(),
            status(row).unwrap_or_default(),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| text(cell)).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    let more = effect.members.len().saturating_sub(MEMBERS);
    let mut notes: Vec<String> = Vec::new();
    if more > 0 && effect.what == What::Changed {
        notes.push(format!("{more} members more differ"));
    }
    notes.extend(extent(effect));
    if !effect.follows.is_empty() {
        notes.push(format!("follows {}", effect.follows.join(", ")));
    }
    if !effect.reports.is_empty() {
        notes.push(format!("shown in {}", effect.reports.join(", ")));
    }
    if !notes.is_empty() {
        let _ = write!(out, "\n{}\n", text(&notes.join("; ")));
    }
    out
}

fn text(text: &str) -> String {
    escape_markdown(text)
}
