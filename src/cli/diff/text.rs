//! For people at a terminal.

use std::fmt::Write as _;

use super::Compared;
use super::wording::{
    Numbers, Units, edits, extent, member, place, reason, sentence, status, summary, unvalued,
};
use crate::changes::{Change, What};
use crate::diagnostic::render::visible;
use crate::driver::Effect;

/// So many members are told one by one.
const MEMBERS: usize = 8;

/// The whole text.
pub(super) fn write(compared: &Compared) -> String {
    let mut out = Lines(String::new());
    let fork = if compared.from_fork { ", from where they parted" } else { "" };
    out.line(&format!("{} → {}{fork}", compared.old.shown(), compared.new.shown()));
    out.line(&summary(compared));
    if let Some(why) = unvalued(compared) {
        out.line(&why);
    }
    let numbers = Numbers::new();
    let effects = &compared.found.effects;
    let of = |change: &Change| {
        let is_it = |e: &&Effect| change.kind == "kpi" && e.name == change.name;
        effects.iter().find(is_it)
    };
    for change in &compared.found.changes {
        out.line("");
        head(compared, change, &mut out);
        for edit in edits(change) {
            out.line(&format!("  {}", sentence(edit)));
            if let Some(reason) = reason(edit) {
                out.line(&format!("    {reason}"));
            }
        }
        if let Some(effect) = of(change) {
            numbers_of(effect, &numbers, &mut out);
        }
    }
    let told =
        |e: &&Effect| compared.found.changes.iter().any(|c| c.kind == "kpi" && c.name == e.name);
    for effect in effects.iter().filter(|e| !told(e)) {
        out.line("");
        out.line(&format!(
            "kpi {}{}: other values",
            effect.name,
            title(Some(&effect.title), &effect.name)
        ));
        numbers_of(effect, &numbers, &mut out);
    }
    out.0
}

fn head(compared: &Compared, change: &Change, out: &mut Lines) {
    let was = match (&change.was, change.what) {
        (Some(was), _) => format!(", until now {was}"),
        (None, What::Added) => ", added".to_owned(),
        (None, What::Removed) => ", removed".to_owned(),
        _ => String::new(),
    };
    let name = if change.name.is_empty() { String::new() } else { format!(" {}", change.name) };
    let title = title(change.title.as_deref(), &change.name);
    out.line(&format!("{}{name}{title}{was} ({})", change.kind, place(compared, change)));
}

fn title(title: Option<&str>, name: &str) -> String {
    title.filter(|t| *t != name).map(|t| format!(" \"{t}\"")).unwrap_or_default()
}

fn numbers_of(effect: &Effect, numbers: &Numbers, out: &mut Lines) {
    if let Some(latest) = &effect.latest {
        let mut line =
            format!("  in {}: {}", latest.label, numbers.value(latest, Units::of(effect)));
        if let Some(target) = numbers.target(latest, Units::of(effect)) {
            let _ = write!(line, "; target {target}");
        }
        if let Some(status) = status(latest) {
            let _ = write!(line, "; {status}");
        }
        out.line(&line);
    }
    for moved in effect.members.iter().filter(|_| effect.what == What::Changed).take(MEMBERS) {
        let mut line =
            format!("    {}: {}", member(moved), numbers.value(moved, Units::of(effect)));
        if let Some(target) = numbers.target(moved, Units::of(effect)) {
            let _ = write!(line, "; target {target}");
        }
        if let Some(status) = status(moved) {
            let _ = write!(line, "; {status}");
        }
        out.line(&line);
    }
    let more = effect.members.len().saturating_sub(MEMBERS);
    if more > 0 && effect.what == What::Changed {
        out.line(&format!("    and {more} members more"));
    }
    if let Some(extent) = extent(effect) {
        out.line(&format!("  {extent}"));
    }
    if !effect.follows.is_empty() {
        out.line(&format!("  follows {}", effect.follows.join(", ")));
    }
    if !effect.reports.is_empty() {
        out.line(&format!("  shown in {}", effect.reports.join(", ")));
    }
}

/// What is written, line by line; what stands in files reaches the terminal as no command.
struct Lines(String);

impl Lines {
    fn line(&mut self, text: &str) {
        self.0.push_str(visible(text).trim_end());
        self.0.push('\n');
    }
}
