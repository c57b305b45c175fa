//! One integration binary.

mod model;
mod report;
mod shop;
mod syntax;
mod tidy;
