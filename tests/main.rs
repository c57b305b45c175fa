//! One integration binary.

mod editors;
mod shop;
mod syntax;
mod tidy;
