//! Writes the data of the Persian example anew: `cargo run --example generate-pamchal-fa`.
//!
//! The same bytes every time and everywhere; `tests/pamchal_fa.rs` holds the committed files to it.

mod generator;

use std::path::Path;
use std::process::ExitCode;

#[allow(clippy::disallowed_methods, reason = "a tool of the repository, not the product")]
fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/pamchal-fa/data");
    for (name, content) in generator::files() {
        let path = folder.join(name);
        if let Err(error) = std::fs::write(&path, content) {
            use std::io::Write;
            let _ = writeln!(std::io::stderr(), "cannot write {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
