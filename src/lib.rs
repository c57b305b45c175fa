//! Sanjeh (سنجه, "measure"): KPIs as plain text, reports from plain CSV.
//!
//! The stages, one module each, in the order in which the data flows:
//! `host` → `source` → `syntax` → `library` → `model` → `plan` → `engine` → `eval` → `report` → `render`;
//! `driver` strings them together. `ARCHITECTURE.md` has the map and the rules.

pub mod changes;
pub mod cli;
pub mod diagnostic;
pub mod driver;
pub mod engine;
pub mod eval;
pub mod format;
pub mod host;
pub mod init;
pub mod library;
pub mod lint;
pub mod model;
mod order;
pub mod plan;
pub mod render;
pub mod report;
#[cfg(feature = "serve")]
pub mod serve;
pub mod source;
pub mod syntax;
pub mod time;
pub mod value;
pub mod watch;
