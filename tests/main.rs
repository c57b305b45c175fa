//! One integration binary.

mod codes_index;
mod docs_index;
mod editors;
mod fuzz;
mod report;
mod shop;
mod support;
mod syntax;
mod tidy;
