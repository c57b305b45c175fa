//! One integration binary.

mod cli;
mod codes;
mod corpus;
mod docs;
mod lang;
mod model;
mod report;
mod csv;
mod shop;
mod support;
mod syntax;
mod tidy;
