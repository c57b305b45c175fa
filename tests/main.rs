//! One integration binary.

mod cli;
mod codes;
mod corpus;
mod docs;
mod lang;
mod report;
mod shop;
mod support;
mod syntax;
mod tidy;
