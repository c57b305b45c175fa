//! Standard output for results, standard error for talk.
#![expect(clippy::disallowed_methods, reason = "the terminal is the wiring's to ask")]

use std::io::{ErrorKind, IsTerminal, Read, Write};

use crate::diagnostic::render::{Style, human, tally};
use crate::diagnostic::{Diagnostics, render};
use crate::host::HostError;
use crate::source::Sources;

/// The two streams. A closed pipe ends the printing, not the program.
#[derive(Debug)]
pub(super) struct Terminal {
    style: Style,
    /// What was said since somebody began to listen.
    heard: Option<String>,
}

impl Terminal {
    /// Colours only for a terminal, and not with `NO_COLOR`.
    pub(super) fn new() -> Self {
        let plain = std::env::var("NO_COLOR").is_ok_and(|v| !v.is_empty());
        let coloured = std::io::stderr().is_terminal() && !plain;
        Self { style: if coloured { Style::Coloured } else { Style::Plain }, heard: None }
    }

    /// A result.
    pub(super) fn print(&mut self, text: &str) -> u8 {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => super::FINE,
            Err(e) if e.kind() == ErrorKind::BrokenPipe => super::FINE,
            Err(e) => {
                self.say(&format!("error: standard output: {e}\n"));
                super::FAILED
            }
        }
    }

    /// Talk.
    pub(super) fn say(&mut self, text: &str) {
        if let Some(heard) = &mut self.heard {
            heard.push_str(text);
        }
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// What has been said since the last time, from the first time on.
    #[cfg(feature = "serve")]
    pub(super) fn heard(&mut self) -> String {
        self.heard.replace(String::new()).unwrap_or_default()
    }

    /// All of standard input.
    pub(super) fn read(&mut self) -> Result<Vec<u8>, u8> {
        let mut bytes = Vec::new();
        match std::io::stdin().lock().read_to_end(&mut bytes) {
            Ok(_) => Ok(bytes),
            Err(e) => {
                self.say(&format!("error: standard input: {e}\n"));
                Err(super::FAILED)
            }
        }
    }

    /// What is said where the program itself is wrong.
    pub(super) fn plead(&mut self) {
        self.say(
            "this is a bug of kpi, not of your files: please report it with the lines above\n",
        );
    }

    /// Diagnostics for people, with their count.
    pub(super) fn diagnose(&mut self, diagnostics: &Diagnostics, sources: &Sources) {
        if diagnostics.is_empty() {
            return;
        }
        self.say(&human(diagnostics, sources, self.style));
        self.say(&format!("{}\n", tally(diagnostics)));
    }

    /// A failure of the world.
    pub(super) fn fail(&mut self, error: &HostError) -> u8 {
        self.say(&format!("error: {error}\n"));
        super::FAILED
    }

    /// Diagnostics for machines.
    pub(super) fn print_json(&mut self, diagnostics: &Diagnostics, sources: &Sources) -> u8 {
        self.print(&render::json(diagnostics, sources))
    }
}

/// Aligned columns, two spaces apart, the last one ragged.
pub(super) fn columns(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    use unicode_width::UnicodeWidthStr;
    let head: Vec<String> = head.iter().map(|h| (*h).to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |i: usize| rows.iter().filter_map(|r| r.get(i)).map(|c| c.width()).max();
    let widths: Vec<usize> = (0..count).map(|i| width(i).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn columns_align_by_display_width() {
        let text =
            columns(&["a", "b"], [vec!["中".to_owned(), "x".to_owned()], vec!["y".to_owned()]]);
        assert_eq!(text, "a   b\n中  x\ny\n");
    }
}
