//! One integration binary.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may")]

mod cli;
mod codes;
mod corpus;
mod csv;
mod docs;
mod eval;
mod lang;
mod model;
mod report;
mod shop;
mod support;
mod syntax;
mod tidy;
