//! One integration binary.

mod report;
mod shop;
mod syntax;
mod tidy;
