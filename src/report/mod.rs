//! The report: what is to be shown, in the reader's words and digits, free of any output format.
//!
//! [`tree`] is the outcome; [`format::Formatter`] writes numbers and dates; [`words`] holds one
//! file a language.

pub mod format;
pub mod tree;
pub mod words;
