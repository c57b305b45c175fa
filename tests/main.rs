//! One integration binary.

mod codes_index;
mod docs_index;
mod editors;
mod shop;
mod syntax;
mod tidy;
