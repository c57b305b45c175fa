//! Text to syntax tree. Never fails: what cannot be read becomes a diagnostic, and the rest of
//! the file is read all the same.
//!
//! ```
//! use sanjeh::{diagnostic::Diagnostics, source::Sources, syntax};
//!
//! let mut sources = Sources::default();
//! let id = sources.add("shop.kpi", "kpi visits {\n  unti: count\n}\nlist a = \"x\"\n");
//! let mut out = Diagnostics::default();
//! let file = syntax::parse(&sources, id, &mut out);
//! assert_eq!(file.items.len(), 2);
//! assert_eq!(out.iter().next().unwrap().message, "unknown property `unti`");
//! ```
//!
//! The way: the scanner cuts tokens and finds texts and comments, the splitter
//! cuts items, blocks and statements, pest reads each of these pieces alone, and lowering makes
//! the tree. A piece that cannot be read gives one message and hides no other.

pub mod ast;
mod describe;
mod explain;
mod grammar;
mod lower;
mod marks;
mod name;
mod numeral;
pub mod outline;
mod paragraph;
pub(crate) mod paths;
mod phrase;
mod quote;
mod report;
mod scan;
mod split;
mod token;
mod walk;
pub mod words;

pub use name::{fold_name, is_name};
pub use quote::quoted;
pub(crate) use walk::walk;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::source::{FileId, Sources, Span};
use lower::context::Context;

/// So many bytes a file may have.
pub const MOST_BYTES: usize = 10_000_000;

/// So many messages a file gives; what else is wrong with it is not looked for.
pub const MOST_MESSAGES: usize = report::MOST;

/// Reads a file into its tree; what is wrong with it goes to `out`.
pub fn parse(sources: &Sources, id: FileId, out: &mut Diagnostics) -> ast::File {
    let text = sources.get(id).text.as_str();
    let mut report = report::Report::new(id, out);
    if text.len() > MOST_BYTES {
        report.push(
            Diagnostic::new(&codes::LIMIT, "the file is larger than 10 MB")
                .at(Span::new(id, 0, 0), "not read")
                .help("a `.kpi` file holds definitions; rows belong into data files"),
        );
        return ast::File { id, items: Vec::new(), comments: Vec::new() };
    }
    let scanned = scan::scan(text, &mut report);
    let (raw, deepest) = split::split(text, &scanned.tokens, &mut report);
    let lower = move || {
        let tokens = scanned.tokens.as_slice();
        let mut cx = Context { text, tokens, report: &mut report, damaged: Vec::new() };
        let items: Vec<ast::Item> =
            raw.iter().map(|item| lower::item(&mut cx, item, &scanned.comments)).collect();
        lower::allow::check(&mut cx, &scanned.comments, &items);
        ast::File { id, items, comments: scanned.comments }
    };
    if deepest < DEEP { lower() } else { on_large_stack(lower) }
}

/// From this nesting on the stack of the caller is not relied upon.
const DEEP: usize = 12;

/// What the deepest nesting that is allowed needs, many times over.
const LARGE_STACK: usize = 32 << 20;

/// Runs on a thread of its own, so that what can be read depends on no caller's stack. Should no
/// thread be had, the caller's must do.
fn on_large_stack(work: impl FnOnce() -> ast::File + Send) -> ast::File {
    let work = std::sync::Mutex::new(Some(work));
    let run = || work.lock().ok().and_then(|mut w| w.take()).map(|w| w());
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(LARGE_STACK);
        match builder.spawn_scoped(scope, run) {
            Ok(handle) => match handle.join() {
                Ok(file) => file,
                Err(panic) => std::panic::resume_unwind(panic),
            },
            Err(_) => run(),
        }
    })
    .unwrap_or_else(|| unreachable!("the work is taken once"))
}
