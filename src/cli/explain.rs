//! `kpi explain CODE`

use super::args::ExplainArgs;
use super::output::Terminal;
use super::{FAILED, USAGE};
use crate::diagnostic::{codes, nearest};

/// Prints the page of a code.
pub(super) fn run(args: &ExplainArgs, terminal: &mut Terminal) -> u8 {
    if let Some(code) = codes::find(&args.code) {
        return terminal.print(code.page);
    }
    let known = codes::all().flat_map(|c| [c.id, c.name]);
    match nearest(&args.code, known) {
        Some(near) => {
            terminal.say(&format!(
                "error: there is no code `{}`; did you mean `{near}`?\n",
                args.code
            ));
            USAGE
        }
        None => {
            terminal.say(&format!(
                "error: there is no code `{}`; how a KPI's number came about is not explained by \
                 this version yet\n",
                args.code
            ));
            FAILED
        }
    }
}
