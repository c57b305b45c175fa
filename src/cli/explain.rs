//! `kpi explain CODE`

use super::USAGE;
use super::args::ExplainArgs;
use super::output::Terminal;
use crate::diagnostic::{codes, nearest};

/// Prints the page of a code.
pub(super) fn run(args: &ExplainArgs, terminal: &mut Terminal) -> u8 {
    if let Some(code) = codes::find(&args.code) {
        return terminal.print(code.page);
    }
    let known = codes::all().flat_map(|c| [c.id, c.name]);
    let hint = nearest(&args.code, known).map_or_else(
        || "how a KPI's number came about is not explained by this version yet".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    terminal.say(&format!("error: there is no code `{}`; {hint}\n", args.code));
    USAGE
}
