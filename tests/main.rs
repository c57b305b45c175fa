//! One integration binary.

mod cli;
mod codes;
mod corpus;
mod csv;
mod docs;
mod eval;
mod lang;
mod report;
mod shop;
mod support;
mod syntax;
mod tidy;
