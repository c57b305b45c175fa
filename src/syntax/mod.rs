//! Text to syntax tree. Never fails: what cannot be read becomes a diagnostic, and the rest of
//! the file is read all the same.

pub mod ast;
