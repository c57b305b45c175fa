//! One integration binary.

mod shop;
mod syntax;
mod tidy;
