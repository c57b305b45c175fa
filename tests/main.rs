//! One integration binary.

mod csv;
mod shop;
mod syntax;
mod tidy;
