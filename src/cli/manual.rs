//! `kpi completions` and `kpi man`: what shells and readers of manuals are given.

use std::io::Write as _;

use clap::CommandFactory;

use super::FAILED;
use super::args::{CompletionsArgs, Kpi};
use super::output::Terminal;

/// A script that completes the program's commands and flags in a shell.
pub(super) fn completions(args: &CompletionsArgs, terminal: &mut Terminal) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Kpi::command(), "kpi", &mut script);
    terminal.print(&String::from_utf8_lossy(&script))
}

/// The manual: one page, with a section for each command.
pub(super) fn man(terminal: &mut Terminal) -> u8 {
    let mut page = Vec::new();
    let command = Kpi::command();
    let written = clap_mangen::Man::new(command.clone()).render(&mut page).and_then(|()| {
        for sub in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            let name = format!("kpi {}", sub.get_name());
            let part = clap_mangen::Man::new(sub.clone().bin_name(&name).display_name(&name));
            writeln!(page, ".SH {}", name.to_uppercase())?;
            part.render_synopsis_section(&mut page)?;
            part.render_description_section(&mut page)?;
            part.render_options_section(&mut page)?;
        }
        Ok(())
    });
    match written {
        Ok(()) => terminal.print(&String::from_utf8_lossy(&page)),
        Err(error) => {
            terminal.say(&format!("error: the manual: {error}\n"));
            FAILED
        }
    }
}
