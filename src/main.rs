//! The `kpi` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    sanjeh::cli::main()
}
