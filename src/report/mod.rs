//! The report: what is to be shown, in the reader's words and digits, free of any output format.
//!
//! [`tree`] is the outcome; [`format::Formatter`] writes numbers and dates; [`words`] holds one
//! file a language.

mod build;
pub mod format;
pub mod isolate;
pub mod order;
pub mod tick;
pub mod tree;
pub mod words;

pub use build::{build, check, default_spec, index, needs};
pub use tree::{Document, StatusCode};
