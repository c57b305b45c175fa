//! One integration binary.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may")]

mod agreement;
mod changes;
mod cli;
mod codes;
mod codes_index;
mod corpus;
mod csv;
mod docs;
mod docs_index;
mod editors;
mod eval;
mod example;
mod format;
mod fuzz;
mod joins;
mod lang;
mod library;
mod model;
mod pamchal_fa;
mod proof;
mod report;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "serve")]
mod serve;
mod shop;
mod support;
mod syntax;
mod tables;
mod tidy;
