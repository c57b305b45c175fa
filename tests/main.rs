//! One integration binary.
mod shop;
