//! The command line: arguments in, text and exit codes out. The stages themselves are strung
//! together in [`driver`](crate::driver).

mod alarm;
mod args;
mod build;
mod check;
mod diff;
mod eval;
mod explain;
mod fmt;
mod graph;
mod init;
mod lacking;
mod list;
mod log;
mod manual;
mod output;
mod review;
#[cfg(feature = "serve")]
mod serve;
mod test;
mod watch;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::host::HostError;
use crate::host::disk::DiskHost;
use args::{CacheArgs, Command, Kpi};
use output::Terminal;

/// All went well.
const FINE: u8 = 0;
/// The spec or the data has errors, or the world failed.
const FAILED: u8 = 1;
/// The program was called wrongly.
const USAGE: u8 = 2;
/// The reports are built, and `--fail-on` fired.
const FIRED: u8 = 3;
/// A bug of ours.
const BUG: u8 = 70;

/// The analysis runs on a stack of its own size, so that limits do not depend on the platform.
const STACK: usize = 16 << 20;

/// The host of what lies at a path, and the path as that host names it; with what earlier runs
/// worked out, unless that is not wanted.
fn open(path: &str, cache: CacheArgs) -> Result<(DiskHost, String), HostError> {
    let (host, path) = DiskHost::around(Path::new(path))?;
    Ok((if cache.no_cache { host } else { host.keeping() }, path))
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let kpi = match Kpi::try_parse() {
        Ok(kpi) => kpi,
        Err(error) => {
            // clap writes help and version to stdout, everything else to stderr.
            let wrong = error.use_stderr();
            let _ = error.print();
            return ExitCode::from(if wrong { USAGE } else { FINE });
        }
    };
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || run(kpi));
    let code = worker.ok().and_then(|w| w.join().ok());
    ExitCode::from(code.unwrap_or_else(|| {
        Terminal::new().plead();
        BUG
    }))
}

fn run(kpi: Kpi) -> u8 {
    let mut terminal = Terminal::new();
    match kpi.command {
        Command::Check(args) => check::run(&args, &mut terminal),
        Command::Init(args) => init::run(&args, &mut terminal),
        Command::Fmt(args) => fmt::run(&args, &mut terminal),
        Command::Eval(args) => eval::run(&args, &mut terminal),
        Command::Build(args) => build::run(&args, &mut terminal),
        Command::Watch(args) => watch::run(&args.build, args.poll, &mut terminal),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(&args, &mut terminal),
        Command::List(args) => list::run(&args, &mut terminal),
        Command::Review(args) => review::run(&args, &mut terminal),
        Command::Diff(args) => diff::run(&args, &mut terminal),
        Command::Log(args) => log::run(&args, &mut terminal),
        Command::Graph(args) => graph::run(&args, &mut terminal),
        Command::Test(args) => test::run(&args, &mut terminal),
        Command::Explain(args) => explain::run(&args, &mut terminal),
        Command::Completions(args) => manual::completions(&args, &mut terminal),
        Command::Man => manual::man(&mut terminal),
        Command::Later(words) => {
            let name = words.first().map_or("", String::as_str);
            later(name, &mut terminal)
        }
    }
}

/// The commands of the language's contract that this version does not have.
const LATER: [&str; 1] = ["lsp"];

fn later(name: &str, terminal: &mut Terminal) -> u8 {
    if LATER.contains(&name) {
        terminal.say(&format!("error: `kpi {name}` is not in this version yet\n"));
        return USAGE;
    }
    if name == "serve" {
        terminal.say(
            "error: this build of `kpi` has no server; `kpi watch` builds at each change, and \
             `cargo install sanjeh --features serve` installs one with a server\n",
        );
        return USAGE;
    }
    let known = [
        "init",
        "check",
        "fmt",
        "eval",
        "build",
        "watch",
        "serve",
        "list",
        "test",
        "review",
        "diff",
        "log",
        "graph",
        "explain",
        "completions",
        "man",
    ];
    let known = known.into_iter().chain(LATER);
    let hint = crate::diagnostic::nearest(name, known).map_or_else(
        || "`kpi --help` lists the commands".to_owned(),
        |n| format!("did you mean `kpi {n}`?"),
    );
    terminal.say(&format!("error: there is no command `{name}`; {hint}\n"));
    USAGE
}
